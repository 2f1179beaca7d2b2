"""The index in memory finds the name that is meant among many, however it was written."""

from __future__ import annotations

from random import Random

import pytest

from registry.matching.index import Index, Texts
from registry.matching.normalise import name_key
from registry.matching.syllables import heard, syllables
from tests.matching import ENDLESS

NAMES = (
    "昭通弘泽实业有限公司",
    "汕尾市海云知南渔业有限公司",
    "汕尾市城区新达电子厂",
    "陆丰市第二建筑工程公司",
    "海口云联汇投资管理有限公司",
    "深圳市红光酒业有限公司",
    "海丰县公平镇宝庭服装厂",
    "海丰县公平镇宝龙服装厂",
)


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("昭通Hongze实业有限公司", 0),
        ("Haikou Yunlianhui Touziguanli Co., Ltd.", 4),
        ("汕尾市海雲知南漁業有限公司", 1),
        ("汕尾城区鑫达电子", 2),
        ("红光酒业（深圳）", 5),
        ("海丰县公平镇宝龙服裝廠（已注销）", 7),
    ],
)
def test_the_firm_that_is_meant_comes_first(typed: str, meant: int) -> None:
    index = Index(name_key(name) for name in NAMES)
    assert index.near([name_key(typed)]).place.tolist()[0] == meant


def test_many_look_ups_at_once_answer_what_each_answers_alone() -> None:
    names = _many(2_000)
    index, asked = Index(names), names[:150]
    together = index.near(asked)
    for row, key in enumerate(asked):
        alone = index.near([key])
        mine = together.row == row
        assert together.place[mine].tolist() == alone.place.tolist()
        assert together.likeness[mine].tolist() == alone.likeness.tolist()


def test_what_shares_nothing_and_what_is_empty_comes_near_to_nothing() -> None:
    index = Index(name_key(name) for name in NAMES)
    assert index.near(["", "龘", "龘靐齉"]).row.tolist() == []
    assert Index([]).near(["汕尾"]).row.tolist() == []
    assert Index(["", ""]).near(["汕尾"]).row.tolist() == []


def test_a_budget_leaves_out_the_commonest_pairs_first() -> None:
    names = [f"汕尾市{character}有限公司" for character in map(chr, range(0x4E00, 0x4E00 + 500))]
    assert Index(names, budget=10).near(["汕尾市一有限公司"]).place.tolist() == [0]


def test_odd_characters_are_looked_up_like_others() -> None:
    names = ["\U00030000\U00030001公司", "é中ñ", "汕尾\ud800市"]
    assert [Index(names).near([name]).place.tolist()[0] for name in names] == [0, 1, 2]


def test_texts_keep_what_they_are_given() -> None:
    texts = ["汕尾", "", "a\U00030000", "宝庭"]
    kept = Texts(iter(texts))
    assert list(kept) == texts
    assert (len(kept), kept[2], kept[1:3]) == (4, "a\U00030000", ["", "a\U00030000"])


def test_pinyin_is_heard_as_the_characters_are() -> None:
    assert heard("昭通HONGZE实业") == heard("昭通弘泽实业")
    assert syllables("HAIKOUYUNLIANHUICOLTD") == ("HAI", "KOU", "YUN", "LIAN", "HUI")


def test_a_word_that_is_no_pinyin_stays() -> None:
    assert syllables("TCL") == ()
    assert heard("TCL") == "TCL"


@pytest.mark.timeout(ENDLESS)
def test_a_run_of_letters_without_end_is_cut_in_no_time() -> None:
    heard("ANG" * 60)
    heard("A" * 1_000_000)


def _many(count: int) -> list[str]:
    random = Random(7)
    return [
        "汕尾市"
        + "".join(random.choices("海云知南宝庭龙新达鑫红光华盛昌", k=4))
        + random.choice(("贸易", "电子", "服装"))
        + "有限公司"
        for _ in range(count)
    ]
