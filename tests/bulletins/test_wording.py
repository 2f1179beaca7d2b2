"""Wording and the text made of it: numbers keep their source, nothing is said about what is not there."""

from __future__ import annotations

import pytest

from registry.bulletins.queries.numbers import of as of_quarter
from registry.bulletins.rules.checking import faults, hand_numbers
from registry.bulletins.rules.composing import composed, line_faults, numeral, printed_headings
from registry.bulletins.rules.numbers import QuarterNumbers, kept, names, read_back
from registry.bulletins.rules.wording import BoundNumber, Level, by_hand, has_stray_braces, keys, length, marked, shown
from tests.bulletins.test_numbers import played
from tests.world import World


def numbers(**values: int) -> QuarterNumbers:
    """Numbers of the city, and two places of which one has no firms."""
    found = {key: BoundNumber(key, f"{value:,}", value) for key, value in values.items()}
    for code, name, listed in (("441521", "海丰县", 3), ("441523", "陆河县", 0)):
        found[f"地区:{code}.名称"] = BoundNumber(f"地区:{code}.名称", name)
        found[f"地区:{code}.在库"] = BoundNumber(f"地区:{code}.在库", str(listed), listed, office_id=listed)
    return QuarterNumbers(found, {"place": ["441521", "441523"]})


def line(text: str, level: str = "body", each: str = "", when: str = "") -> dict[str, str]:
    return {"level": level, "each": each, "when": when, "text": text}


def texts(*lines: dict[str, str], **values: int) -> list[str]:
    return [shown(text) for _level, text in composed(lines, numbers(**values))]


def test_each_number_names_its_source_and_is_printed_as_the_quarter_has_it() -> None:
    ((_level, text),) = composed([line("在库{在库}家，新入库{新入库}家。")], numbers(在库=1234, 新入库=5))
    assert text == "在库{1,234|在库}家，新入库{5|新入库}家。"
    assert (shown(text), keys(text)) == ("在库1,234家，新入库5家。", ["在库", "新入库"])


def test_what_stands_in_brackets_falls_away_where_its_numbers_are_nought() -> None:
    wording = line("在库{在库}家[，退出{退出}家][，更名{更名}家]。")
    assert texts(wording, 在库=9, 退出=0, 更名=2) == ["在库9家，更名2家。"]


def test_words_beside_a_number_do_not_keep_it_standing() -> None:
    wording = line("{地区.名称}[：{地区.名称}在库{地区.在库}家]", each="地区")
    assert texts(wording) == ["海丰县：海丰县在库3家", "陆河县"]


def test_a_line_with_a_condition_is_left_out_where_that_is_nought_and_its_heading_with_it() -> None:
    lines = [
        line("总体", "first"), line("在库{在库}家。"), line("更正", "first"), line("更正{更正}处。", when="更正"),
        line("地区", "first"), line("{地区.名称}", each="地区", when="地区.在库"),
    ]  # fmt: skip
    assert texts(*lines, 在库=1, 更正=0) == ["总体", "在库1家。", "地区", "海丰县"]


def test_headings_are_numbered_as_they_come() -> None:
    levels = (Level.FIRST, Level.SECOND, Level.SECOND, Level.BODY, Level.FIRST, Level.SECOND)
    told = list(printed_headings([(level, "") for level in levels]))
    assert told == ["一、", "（一）", "（二）", "", "二、", "（一）"]
    assert [numeral(number) for number in (10, 11, 20, 35)] == ["十", "十一", "二十", "三十五"]


def test_a_heading_over_headings_alone_stays_only_where_text_follows() -> None:
    lines = [line("甲", "first"), line("乙", "second"), line("丙", "first"), line("丁", "second"), line("文字")]
    assert texts(*lines) == ["丙", "丁", "文字"]


@pytest.mark.parametrize(
    "wrong, said",
    [
        (line("在库{在库房}家"), [(2, "unknown", "在库房")]),
        (line("在库{地区.在库}家"), [(2, "unknown", "地区.在库")]),
        (line("截至2021年"), [(2, "digits", "2021")]),
        (line("共三家"), [(2, "digits", "三")]),
        (line("在库{在库家"), [(2, "braces", "在库{在库家")]),
        (line("[在库{在库}家"), [(2, "braces", "[在库{在库}家")]),
        (line("共[在库{在库}家，"), [(2, "braces", "共[在库{在库}家，")]),
        (line("在库{在库}家]，更名"), [(2, "braces", "在库{在库}家]，更名")]),
        (line("在库", each="乡镇"), [(2, "each", "乡镇")]),
        (line("在库", when="很多"), [(2, "when", "很多")]),
        (line("在库", level="footer"), [(2, "level", "footer")]),
        (line("再一个", level="title"), [(0, "title", "")]),
        (line("签发{印发单位}"), [(2, "unknown", "印发单位")]),
    ],
)
def test_a_wording_that_could_not_be_used_is_refused_with_its_line(
    wrong: dict[str, str], said: list[tuple[int, str, str]]
) -> None:
    assert list(line_faults([line("标题", "title"), wrong])) == said


def test_a_wording_without_a_title_is_refused() -> None:
    assert [why for _line, why, _text in line_faults([line("文字")])] == ["title"]


def test_a_title_stands_once_whatever_the_numbers() -> None:
    for asked in ({"when": "更正"}, {"each": "地区"}):
        assert [why for _line, why, _text in line_faults([line("标题", "title", **asked)])] == ["title"]


def test_every_name_that_is_offered_is_a_number_of_some_quarter(world: World) -> None:
    snapshot, _ = played(world)
    found = of_quarter(snapshot)
    for each, offered in names():
        for name in offered if each in ("", "target", "measure", "place") else ():
            items = found.items[each] if each else [""]
            assert any(found.of_item(each, item)(name).key in found.numbers for item in items), name


def test_words_beside_a_number_that_a_target_has_not_fall_away() -> None:
    found = numbers()
    wording = line("{地区.名称}[，达标{地区.达标应入}家]", each="地区")
    assert [shown(text) for _level, text in composed([wording], found)] == ["海丰县", "陆河县"]


@pytest.mark.parametrize(
    "text, said",
    [
        ("增长五成", "五"),
        ("百分之五十", "百分之五十"),
        ("二十多家", "二十多"),
        ("几十家", "几十"),
        ("十二万元", "十二万"),
    ],
)
def test_shares_amounts_and_rough_numbers_are_numbers_too(text: str, said: str) -> None:
    assert by_hand(text) == [said]


def test_numbers_typed_by_hand_are_found_in_figures_and_in_characters() -> None:
    text = "在库{12|在库}家，另有1,300.5万元、十二家、两项；一方面、第三方、二、下一步"
    assert by_hand(text) == ["1,300.5", "十二", "两"]
    assert [(one.line, one.shown) for one in hand_numbers(["没有", text])] == [(2, "1,300.5"), (2, "十二"), (2, "两")]


def test_a_number_that_is_not_what_its_source_says_is_found() -> None:
    told = list(faults(["在库{9|在库}家", "在库{8|在库}家，{1|没有}家"], numbers(在库=9)))
    assert [(one.why, one.line, one.shown, one.expected) for one in told] == [
        ("differs", 2, "8", "9"),
        ("unknown", 2, "1", ""),
    ]


def test_what_looks_like_a_number_and_is_none_is_seen() -> None:
    texts_ = ("{1|在库}", "{1在库}", "1|在库}", "{{1|在库}", "{99|}")
    assert [has_stray_braces(text) for text in texts_] == [False, True, True, True, True]


def test_a_name_with_braces_in_it_does_not_break_the_text() -> None:
    text = marked("云{谷}|软件", "任务:1.名称")
    assert (shown(text), keys(text), has_stray_braces(text)) == ("云（谷）／软件", ["任务:1.名称"], False)


def test_a_strange_name_is_what_its_source_says() -> None:
    name = BoundNumber("任务:1.名称", "走访{甲|乙}  企业\n二次")
    text = marked(name.shown, name.key)
    assert shown(text) == "走访（甲／乙） 企业 二次"
    assert list(faults([text], QuarterNumbers({name.key: name}, {}))) == []


def test_the_length_is_what_is_printed() -> None:
    assert length(iter(["在库{12|在库}家。", " 共 计 "])) == 8


def test_numbers_come_back_as_they_were_kept() -> None:
    found = numbers(在库=3)
    assert read_back(kept(found)) == found
