"""The key of a name: what counts and what does not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.matching.keys import LONGEST_PARTS, keys
from registry.matching.normalise import LONGEST_NAME, NameTooLong, fold, name_key, surface
from tests.matching import ENDLESS

INVISIBLE = (
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\ufe0f",
    "\u202e",
    "\x00",
    "\u3164",
    "\U000e0041",
)
REAL_CHARACTERS = "汕尾市城区海丰县陆河陆丰红光晟盛科技有限公司（）()·-〇0零號發裡衞劵靑ＡＢａb１２、.①★龍éㅎㅏ가"
NAMES = st.one_of(st.text(max_size=30), st.text(alphabet=REAL_CHARACTERS, max_size=30))


@pytest.mark.parametrize(
    "typed, key",
    [
        ("市衞健局", "市卫健局"),
        ("市衛健局", "市卫健局"),
        ("科技創新劵", "科技创新券"),
        ("科技創新券", "科技创新券"),
        ("集羣", "集群"),
        ("峯", "峰"),
        ("啟", "启"),
        ("綫", "线"),
        ("線", "线"),
        ("溫", "温"),
        ("鉅", "巨"),
        ("鍾", "钟"),
        ("鐘", "钟"),
        ("臺", "台"),
        ("佈", "布"),
        ("汙", "污"),
        ("菸", "烟"),
        ("昇達", "升达"),
        ("陞達", "升达"),
        ("兌", "兑"),
        ("兑", "兑"),
        ("內", "内"),
        ("戶", "户"),
        ("產", "产"),
        ("硏究", "研究"),
        ("靑山", "青山"),
        ("發髮", "发发"),
        ("嶽", "岳"),
        ("週", "周"),
        ("ＡＢＣ（深圳）", "ABC深圳"),
        ("⾦", "金"),
        ("⻰", "龙"),
        ("㈱", "株"),
        ("Ⅲ", "III"),
        ("二○二一", "二〇二一"),
        ("二0二一", "二〇二一"),
        ("汕尾巿", "汕尾市"),
        ("abc", "ABC"),
        ("红·光・红．光", "红光红光"),
        ("海　丰 县", "海丰县"),
    ],
)
def test_writings_of_domain_section_8_fold_to_one_key(typed: str, key: str) -> None:
    assert name_key(typed) == key


@pytest.mark.parametrize("typed", ["軟體", "資訊科技"])
def test_characters_are_converted_but_registered_words_never(typed: str) -> None:
    assert name_key(typed) == {"軟體": "软体", "資訊科技": "资讯科技"}[typed]


@pytest.mark.parametrize(
    "one, other",
    [
        ("晟达", "盛达"),
        ("堃", "坤"),
        ("喆", "哲"),
        ("淼", "水"),
        ("昊", "浩"),
        ("零", "〇"),
        ("凃", "涂"),
        ("甯", "宁"),
    ],
)
def test_different_characters_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    "typed",
    [
        "117、汕尾市善美科技有限公司",
        "117.汕尾市善美科技有限公司",
        "(3)汕尾市善美科技有限公司",
        "（三）汕尾市善美科技有限公司",
        "①汕尾市善美科技有限公司",
        "★汕尾市善美科技有限公司",
        "汕尾市善美科技有限公司*",
        "汕尾市善美科技有限公司（已注销）",
        "汕尾市善美科技有限公司(新增)",
        "汕尾市善美科技有限公司（2021年新增）",
        "汕尾市善美科技有限公司【吊销，未注销】",
        "汕尾市善美科技有限公司-已注销",
        "“汕尾市善美科技有限公司”",
        "汕尾市善美科技有限公司。",
        " 汕尾市善美 科技有限公司　",
        "汕尾市善美科技有\u200b限公司",
        "汕尾市（善美）科技有限公司",
        "汕尾市善美科技有限公司\n",
    ],
)
def test_numbers_remarks_and_marks_of_working_lists_do_not_count(typed: str) -> None:
    assert name_key(typed) == "汕尾市善美科技有限公司"


@pytest.mark.parametrize(
    "typed, key",
    [
        ("58到家（汕尾）科技有限公司", "58到家汕尾科技有限公司"),
        ("3.14烘焙店", "314烘焙店"),
        ("一品香茶行", "一品香茶行"),
        ("汕尾市诚达会计师事务所（普通合伙）", "汕尾市诚达会计师事务所普通合伙"),
        ("善美（集团）有限公司", "善美集团有限公司"),
        ("新增科技有限公司", "新增科技有限公司"),
        ("（新增）", "新增"),
    ],
)
def test_what_belongs_to_the_name_stays(typed: str, key: str) -> None:
    assert name_key(typed) == key


@pytest.mark.parametrize("typed", ["", "   ", "★★", "（）", "\u200b"])
def test_nothing_readable_has_an_empty_key(typed: str) -> None:
    assert name_key(typed) == ""


def test_surface_keeps_script_and_brackets() -> None:
    assert surface("12、海豐縣\u200b紅光（集團）有限公司（已注銷）") == "海豐縣紅光(集團)有限公司"


@example("０1111111")
@given(NAMES)
def test_key_of_a_key_is_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(NAMES, st.sampled_from(INVISIBLE), st.integers(0, 30))
def test_an_invisible_character_anywhere_changes_nothing(name: str, mark: str, at: int) -> None:
    assert name_key(name[:at] + mark + name[at:]) == name_key(name)


@given(NAMES)
def test_key_holds_no_spaces_marks_or_controls(name: str) -> None:
    left = {unicodedata.category(character)[0] for character in name_key(name) if character not in "&+"}
    assert left <= {"L", "N", "M"}


@given(NAMES)
def test_folding_is_a_fixed_point(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_longest_name_is_read_and_one_more_character_is_refused() -> None:
    assert len(name_key("丰" * LONGEST_NAME)) == LONGEST_NAME
    with pytest.raises(NameTooLong) as refused:
        name_key("丰" * (LONGEST_NAME + 1))
    assert str(refused.value) == "名称有 201 个字，超过 200 个字，不能比对。请核对后重新填写。"


@pytest.mark.parametrize("unit", ["㍿", "ﷺ", "㌀", "ß", "ﬃ"])
def test_a_name_that_outgrows_the_limit_once_unfolded_is_refused(unit: str) -> None:
    with pytest.raises(NameTooLong):
        name_key(unit * LONGEST_NAME)


@given(st.text(st.characters(codec="utf-8"), max_size=LONGEST_NAME))
def test_no_key_is_wider_than_where_it_is_stored(name: str) -> None:
    try:
        of_name = keys(name)
    except NameTooLong:
        return
    assert max(map(len, (of_name.name_key, of_name.core_key, of_name.sound_key))) <= LONGEST_NAME
    assert len(of_name.parts_key) <= LONGEST_PARTS


def test_places_in_brackets_without_end_make_no_key_of_parts_too_wide_to_store() -> None:
    assert len(keys("红光" + "(汕尾)" * 49).parts_key) <= LONGEST_PARTS


@pytest.mark.timeout(ENDLESS)
@pytest.mark.parametrize("unit", ["丰", "(", "1、", "\u200b", " -", "（新增）", "\U000e0041"])
def test_a_million_characters_are_refused_at_once(unit: str) -> None:
    name = unit * (1_000_000 // len(unit))
    with pytest.raises(NameTooLong):
        name_key(name)


@pytest.mark.timeout(ENDLESS)
@pytest.mark.parametrize("unit", ["(", "1、", "\u0301", " -", "（新增", "、", "一", "(1)", "\u1100\u1161", "新增-"])
def test_the_worst_name_of_full_length_is_read_in_no_time(unit: str) -> None:
    name = (unit * LONGEST_NAME)[:LONGEST_NAME]
    name_key("热身")
    name_key(name)
