"""What is certain from two names alone, numerals written otherwise, and what a list may make of it."""

from __future__ import annotations

import pytest

from registry.matching import numerals, places
from registry.matching.duplicates import dedupe
from registry.matching.judgement import Band
from registry.matching.lists import Base, ListEntry, match
from registry.matching.normalise import former_names, name_key, surface
from registry.matching.sound import sound_alike


@pytest.mark.parametrize(
    "text, plainest",
    [
        ("广东省汕尾市", "汕尾"),
        ("广东省", "广东"),
        ("汕尾市海丰县", "海丰"),
        ("汕尾市城区", "汕尾城区"),
        ("和田县", "和田县"),
        ("上海市浦东", "上海浦东"),
        ("天津市和平", "天津和平"),
        ("内蒙古自治区", "内蒙古"),
    ],
)
def test_a_place_in_its_shortest_writing(text: str, plainest: str) -> None:
    assert places.plainest(text) == plainest
    assert places.plainest(plainest) == plainest


def test_the_market_of_a_city_keeps_its_name() -> None:
    assert places.without_suffixes("东莞市场支行") == "东莞市场支行"
    assert places.without_suffixes("汕尾市城东支行") == "汕尾城东支行"


@pytest.mark.parametrize(
    "number, ways",
    [
        ("7", {"七"}),
        ("10", {"十", "一〇"}),
        ("21", {"二十一", "二一"}),
        ("110", {"一百一十", "一一〇"}),
        ("2021", {"二千〇二十一", "二〇二一"}),
        ("007", {"〇〇七"}),
        ("12345", {"一二三四五"}),
    ],
)
def test_ways_to_write_a_number(number: str, ways: set[str]) -> None:
    assert set(numerals.ways(number)) == ways


def test_a_number_is_not_a_part_of_a_longer_one() -> None:
    assert numerals.spelt_as("2分店", "十二分店") == "2分店"
    assert numerals.plain("叁陆伍") == "三六五"
    assert numerals.plain("陆丰市伍洲") == "陆丰市伍洲"


def test_dry_is_folded_and_heaven_is_not() -> None:
    assert name_key("餅乾") == name_key("饼干")
    assert name_key("乾坤") != name_key("干坤")


def test_only_readings_in_use_are_one_sound() -> None:
    assert not sound_alike("优", "奥")
    assert not sound_alike("市", "福")
    assert sound_alike("行", "航")
    assert sound_alike("行", "兴")


def test_what_is_said_behind_a_name_is_not_the_name() -> None:
    name = "汕尾市善美科技有限公司"
    for note in ("（原名：汕尾市宏图科技有限公司）", "（法人独资）", "（经营异常）", " 0660-3366001", "(2)"):
        assert surface(name + note) == name
    assert former_names("善美科技有限公司（曾用名：宏图（深圳）科技有限公司）") == ("宏图(深圳)科技有限公司",)
    assert former_names("深圳市原名餐饮有限公司") == ()


TWINS = ("汕尾市善美实业有限公司", "汕尾市善美实业投资有限公司", "汕尾市善镁实业有限公司", "汕尾市善美通实业有限公司")


@pytest.mark.parametrize("twin", TWINS[1:])
def test_a_list_never_makes_twins_certain(twin: str) -> None:
    ((found,),) = match([ListEntry(TWINS[0])], Base([ListEntry(twin)]))
    assert found.band is not Band.SAME
    assert found.score < 90
    told = dedupe([ListEntry(TWINS[0]), ListEntry(twin)])
    assert {pair.band for pair in told} <= {Band.REVIEW, Band.DIFFERENT}


def test_what_is_written_otherwise_is_found_with_the_sentence_that_agrees() -> None:
    ((found,),) = match([ListEntry("汕尾善美实业有限责任公司")], Base(map(ListEntry, TWINS)))
    assert (found.place, found.band) == (0, Band.SAME)
    assert found.score >= 90
    assert found.reasons.startswith("名称只有写法不同")


def test_two_that_are_equally_certain_are_to_be_looked_at() -> None:
    base = Base([ListEntry("汕尾市善美实业有限公司"), ListEntry("汕尾市善美实业有限责任公司")])
    (answer,) = match([ListEntry("汕尾善美实业有限公司")], base, top=2)
    assert {one.band for one in answer} == {Band.REVIEW}
    assert all("同样相近" in one.reasons for one in answer)


@pytest.mark.parametrize("band, words", [(Band.REVIEW, "请核对"), (Band.DIFFERENT, "多半不是")])
def test_band_and_sentence_of_a_list_agree(band: Band, words: str) -> None:
    queries = [*TWINS, "善美实业", "汕尾善美投资", "汕尾市宏图贸易有限公司", "善镁实业有限公司"]
    answers = match([ListEntry(query) for query in queries], Base(map(ListEntry, TWINS)), top=4)
    told = [one for answer in answers for one in answer if one.band is band]
    assert all(words in one.reasons for one in told)
    scores = [[one.score for one in answer] for answer in answers]
    assert all(row == sorted(row, reverse=True) for row in scores)
