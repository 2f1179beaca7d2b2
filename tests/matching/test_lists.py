"""Two lists against each other and one against itself: who is found, what codes say, and that size does no harm."""

from __future__ import annotations

import tracemalloc
from random import Random

import pytest

from registry.matching.duplicates import Pair, dedupe
from registry.matching.judgement import Band
from registry.matching.lists import Base, ListEntry, entry, match
from tests.matching import ENDLESS

ONE, OTHER = "91441500MA4UKX8C2Q", "914415007341234567"

BASE = (
    "汕尾市海云知南渔业有限公司",
    "昭通弘泽实业有限公司",
    "海丰县公平镇宝庭服装厂",
    "海丰县公平镇宝龙服装厂",
    "广东南岭药业有限公司汕尾分公司",
    "陆丰市第二建筑工程公司",
)


def found(*names: str, top: int = 1) -> list[list[int]]:
    base = Base(map(entry, BASE))
    return [[one.place for one in answer] for answer in match([entry(name) for name in names], base, top=top)]


def pairs(*names: str, codes: tuple[str, ...] = ()) -> list[Pair]:
    entries = [ListEntry(name, code) for name, code in zip(names, codes or ("",) * len(names), strict=True)]
    return dedupe(entries, processes=1)


def test_each_query_finds_its_firm_in_order() -> None:
    assert found("陸豐市第二建築工程公司", "昭通Hongze实业有限公司", "汕尾海云知南渔业有限公司") == [[5], [1], [0]]


def test_what_is_not_there_is_not_found() -> None:
    assert found("北京朝阳天桥书店", "", "　", "已注销") == [[], [], [], []]


def test_an_equal_name_scores_100_and_is_the_same() -> None:
    (answer,) = match([entry("昭通弘泽实业有限公司（新增）")], Base(map(entry, BASE)))
    assert [(one.place, one.score, one.band) for one in answer] == [(1, 100.0, Band.SAME)]


def test_no_more_answers_than_asked_for() -> None:
    (one,), (first, *more) = found("海丰县公平镇宝庭服装厂"), *found("海丰县公平镇宝庭服装厂", top=3)
    assert one == [2]
    assert first == 2
    assert len(more) <= 2


def test_an_equal_code_is_found_under_any_name() -> None:
    code = _valid_codes(1)[0]
    base = Base([ListEntry("汕尾市海云知南渔业有限公司"), ListEntry("陆丰市第二建筑工程公司", code)])
    (answer,) = match([ListEntry("汕尾市海云知南渔业有限公司", code)], base)
    assert [(one.place, one.band) for one in answer] == [(1, Band.SAME)]


def test_another_code_outweighs_the_name() -> None:
    one, other = _valid_codes(2)
    base = Base([ListEntry("昭通弘泽实业有限公司", other)])
    (answer,) = match([ListEntry("昭通弘泽实业有限公司", one)], base)
    assert [(one.place, one.score, one.band) for one in answer] == [(0, 0.0, Band.DIFFERENT)]
    assert [
        (pair.score, pair.band) for pair in pairs("昭通弘泽实业有限公司", "昭通弘泽实业有限公司", codes=(one, other))
    ] == [(0.0, Band.DIFFERENT)]


def test_of_rows_of_one_name_the_one_with_the_code_is_meant() -> None:
    one, other = _valid_codes(2)
    base = Base([ListEntry("昭通弘泽实业有限公司", other), ListEntry("昭通弘泽实业有限公司", one)])
    (answer,) = match([ListEntry("昭通弘泽实业有限公司", one)], base)
    assert [one.place for one in answer] == [1]


def test_a_code_that_fails_its_check_is_none() -> None:
    assert entry("宝庭", "91441500MA4UKX8C2Q0") == ListEntry("宝庭", "")


def test_doubles_are_told_with_their_cluster() -> None:
    told = pairs(
        "汕尾市海云知南渔业有限公司",
        "海丰县公平镇宝庭服装厂",
        "汕尾市海雲知南漁業有限公司",
        "汕尾市海云知南渔业有限公司(新增)",
    )
    assert [(pair.a, pair.b, pair.score, pair.cluster) for pair in told] == [
        (0, 2, 100.0, 1),
        (0, 3, 100.0, 1),
        (2, 3, 100.0, 1),
    ]
    assert all(str(pair.reasons) for pair in told)


def test_equal_codes_are_a_pair_under_two_names() -> None:
    code = _valid_codes(1)[0]
    told = pairs("汕尾市海云知南渔业有限公司", "陆丰市第二建筑工程公司", codes=(code, code))
    assert [(pair.a, pair.b, pair.band) for pair in told] == [(0, 1, Band.SAME)]


def test_nothing_is_a_double_of_an_empty_name() -> None:
    assert pairs("", "", " ", "（）") == []
    assert dedupe([]) == []


@pytest.mark.parametrize("processes", [2, 3])
def test_any_number_of_processes_says_the_same(processes: int) -> None:
    entries = [ListEntry(name) for name in _many(3_000)]
    assert dedupe(entries, processes=processes) == dedupe(entries, processes=1)
    base, queries = Base(entries), entries[:600]
    assert list(match(queries, base, processes=processes)) == list(match(queries, base, processes=1))


@pytest.mark.timeout(ENDLESS)
def test_a_name_repeated_ten_thousand_times_costs_no_more_than_it_has_rows() -> None:
    told = pairs(*["汕尾市海云知南渔业有限公司"] * 10_000, *[""] * 10_000)
    assert len(told) == 9_999
    assert {pair.cluster for pair in told} == {1}


@pytest.mark.parametrize(
    "name",
    [
        "汕尾市\u200b海云\u200c知南\ufeff渔业有限公司",
        "\u202e汕尾市海云知南渔业有限公司\u202c",
        "汕尾市海云知南漁业有限公司",
    ],
)
def test_disguised_names_are_found(name: str) -> None:
    assert found(name) == [[0]]


@pytest.mark.timeout(ENDLESS)
@pytest.mark.parametrize(
    "name", ["汕" * 1_000_000, "A" * 1_000_000, "\u200b" * 1_000_000, "有限公司" * 250_000, "一" * 200, "ST" * 100]
)
def test_a_monstrous_name_is_refused_or_matched_in_no_time(name: str) -> None:
    base = Base(map(entry, BASE))
    found("汕尾")  # whatever is loaded once
    assert list(match([entry(name)], base)) == [[]]


def test_memory_grows_with_the_list_and_no_faster() -> None:
    names = _many(20_000)
    list(match([entry(names[0])], Base(map(entry, names[:10]))))
    tracemalloc.start()
    try:
        base = Base(map(entry, names))
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(base) == len(names)
    assert held < 1_000 * len(names)
    assert peak < 3_000 * len(names)


def _many(count: int) -> list[str]:
    random = Random(7)
    return [
        "汕尾市"
        + "".join(random.choices("海云知南宝庭龙新达鑫红光华盛昌荣发兴隆", k=5))
        + random.choice(("贸易", "电子", "服装", "渔业", "建材"))
        + "有限公司"
        for _ in range(count)
    ]


def _valid_codes(count: int) -> list[str]:
    from registry.base.credit_code import check

    stems = (f"91441500MA4U{serial:05d}" for serial in range(10, 10 + count))
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return [next(stem + sign for sign in signs if check(stem + sign).valid) for stem in stems]
