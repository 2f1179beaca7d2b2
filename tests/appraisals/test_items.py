"""What may be scored and what may not, and the arithmetic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from registry.appraisals.rules.items import SCORED_TASKS, Item, refusal, refuse_unsound
from registry.appraisals.rules.scoring import ItemScore, OfficeScore, ScoredRow, items_of
from registry.base.errors import RegistryError
from registry.plans.rules.progress import Counted

DAY = date(2021, 9, 30)


def row(item: Item, *, in_time: bool) -> ScoredRow:
    return ScoredRow(item, 1, 1, "事项", DAY, DAY, in_time)


def rows(item: Item, in_time: int, late: int) -> list[ScoredRow]:
    return [*(row(item, in_time=True) for _ in range(in_time)), *(row(item, in_time=False) for _ in range(late))]


@pytest.mark.parametrize(
    "name,why",
    [
        ("revenue", "statistical"),
        ("enrolled", "statistical"),
        ("confirmations", "statistical"),
        ("filing_amounts", "statistical"),
        ("four_above", "statistical"),
        ("exits", "blameless"),
        ("removals", "blameless"),
        ("sign_ins", "unknown"),
        *((item, "") for item in Item),
    ],
)
def test_four_above_entries_figures_and_exits_are_never_scored(name: str, why: str) -> None:
    assert refusal(name) == why


def test_a_refusal_says_that_statistics_are_independent() -> None:
    with pytest.raises(RegistryError, match="统计部门依法独立确认"):
        refuse_unsound({"tasks": 50, "confirmations": 50})


def test_tasks_that_count_filings_or_confirmations_do_not_bring_them_in_by_the_back() -> None:
    assert set(Counted) - set(SCORED_TASKS) == {Counted.FILINGS, Counted.CONFIRMATIONS}


@pytest.mark.parametrize("weights", [{}, {"tasks": 99}, {"tasks": 60, "quarters": 41}, {"tasks": 100, "nudges": 0}])
def test_weights_are_positive_and_come_to_a_hundred(weights: dict[str, int]) -> None:
    with pytest.raises(RegistryError):
        refuse_unsound(weights)


def test_a_line_is_weight_times_done_in_time_by_due_and_what_was_never_due_does_not_count() -> None:
    weights = [("tasks", 50), ("quarters", 30), ("nudges", 20)]
    line = OfficeScore(1, "441521", "海丰县", items_of(weights, [*rows(Item.TASKS, 2, 1), *rows(Item.QUARTERS, 1, 1)]))
    assert [(one.item, one.in_time, len(one.rows), one.points) for one in line.items] == [
        (Item.TASKS, 2, 3, Decimal("33.33")),
        (Item.QUARTERS, 1, 2, Decimal("15.00")),
        (Item.NUDGES, 0, 0, None),
    ]
    assert (line.points, line.counted, line.total) == (Decimal("48.33"), 80, Decimal("60.41"))
    assert OfficeScore(1, "441521", "海丰县", items_of(weights, [])).total is None


@given(weight=some.integers(1, 100), in_time=some.integers(0, 40), late=some.integers(0, 40))
def test_points_lie_between_nothing_and_the_weight(weight: int, in_time: int, late: int) -> None:
    points = ItemScore(Item.TASKS, weight, tuple(rows(Item.TASKS, in_time, late))).points
    if not in_time + late:
        assert points is None
    else:
        assert points is not None
        assert 0 <= points <= weight
        assert (points == weight) >= (late == 0)
