"""A paper proves the figure of its own kind and period, and the amount transcribed from it; nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import pytest

from registry.base.periods import Period
from registry.figures.rules.proof import as_given, counting, covers


class Line(NamedTuple):
    revision: int
    amount: Decimal
    document_id: int | None = None
    at: int = 1
    kind: str = "revenue"
    year: int = 2021
    month: int = 8


class Paper(NamedTuple):
    id: int
    month: int | None = 8
    at: int = 1
    material: str = "M04"
    year: int | None = 2021
    first_month: int | None = None


A, B = Decimal("21000000.00"), Decimal("32000000.00")


def counted(lines: list[Line], papers: list[Paper]) -> tuple[Decimal, bool, list[Decimal]]:
    (one,) = counting(lines, papers)
    return one.line.amount, one.proven, [line.amount for line in one.beside]


@pytest.mark.parametrize(
    "paper, kind, period, expected",
    [
        (Paper(1), "revenue", Period(2021, 8), True),
        (Paper(1, month=1), "revenue", Period(2021, 8), False),
        (Paper(1, year=2020), "revenue", Period(2021, 8), False),
        (Paper(1, material="M05"), "revenue", Period(2021, 8), False),
        (Paper(1, material="M05"), "vat_sales", Period(2021, 8), True),
        (Paper(1, material="M07"), "revenue", Period(2021, 8), False),
        (Paper(1, year=None, month=None), "revenue", Period(2021, 8), False),
        (Paper(1, month=12), "revenue", Period(2021, 0), True),
        (Paper(1, month=None), "revenue", Period(2021, 12), True),
        (Paper(1, month=None), "revenue", Period(2021, 8), False),
        (Paper(1, material="M12"), "revenue", Period(2021, 8), False),
        (Paper(1, material="M15"), "employees", Period(2021, 8), True),
        (Paper(1, month=9, first_month=7), "revenue", Period(2021, 8), True),
        (Paper(1, month=9, first_month=7), "revenue", Period(2021, 6), False),
        (Paper(1, month=9, first_month=7), "revenue", Period(2021, 10), False),
    ],
)
def test_a_paper_covers_its_own_kind_and_period(paper: Paper, kind: str, period: Period, expected: bool) -> None:
    assert covers(paper, kind, period) is expected


def test_a_figure_that_names_its_paper_is_proven() -> None:
    assert counted([Line(1, A, 7)], [Paper(7)]) == (A, True, [])


def test_a_figure_that_names_the_paper_of_another_month_is_not() -> None:
    assert counted([Line(1, A, 7)], [Paper(7, month=1)]) == (A, False, [])


def test_a_statement_held_proves_the_figure_that_names_none() -> None:
    assert counted([Line(1, A)], [Paper(7)]) == (A, True, [])


def test_a_void_paper_proves_nothing() -> None:
    assert counted([Line(1, A, 7)], []) == (A, False, [])


def test_another_amount_without_a_paper_stands_beside_the_proven_one() -> None:
    assert counted([Line(1, A, 7), Line(2, B)], [Paper(7)]) == (A, True, [B])


def test_the_same_amount_again_is_what_the_paper_states() -> None:
    assert counted([Line(1, A, 7), Line(2, B), Line(3, A)], [Paper(7)]) == (A, True, [])


def test_a_correction_that_names_the_paper_replaces_the_amount_read_from_it_before() -> None:
    assert counted([Line(1, A, 7), Line(2, B, 7)], [Paper(7)]) == (B, True, [])


def test_a_statement_speaks_for_what_stood_when_it_was_attached() -> None:
    assert counted([Line(1, A, at=1), Line(2, B, at=5)], [Paper(7, at=3)]) == (A, True, [B])
    assert counted([Line(1, A, at=1), Line(2, B, at=2)], [Paper(7, at=3)]) == (B, True, [])


def test_a_statement_held_before_speaks_for_what_was_given_first() -> None:
    assert counted([Line(1, A, at=4), Line(2, B, at=5)], [Paper(7, at=3)]) == (A, True, [B])


def test_without_any_paper_the_last_word_counts_unproven() -> None:
    assert counted([Line(1, A), Line(2, B)], []) == (B, False, [])


def test_what_a_stage_would_rest_on_is_the_last_word() -> None:
    (one,) = as_given([Line(1, A, 7), Line(2, B)])
    assert (one.line.amount, one.proven) == (B, True)


# -- what was put right since ------------------------------------------------------------------------
def test_an_amount_that_was_corrected_from_another_paper_is_not_proven_again_by_the_old_one() -> None:
    """An old list is brought in again after a correction."""
    lines = [Line(1, B, 7, at=1), Line(2, A, 8, at=2), Line(3, B, at=3)]
    assert counted(lines, [Paper(7, at=1), Paper(8, at=2)]) == (A, True, [B])


def test_nor_where_the_papers_only_lie_beside_the_figures() -> None:
    lines = [Line(1, B, at=1), Line(2, A, at=3), Line(3, B, at=5)]
    assert counted(lines, [Paper(7, at=2), Paper(8, at=4)]) == (A, True, [B])


def test_what_a_paper_proved_stays_proven_in_the_history() -> None:
    lines = [Line(1, B, 7, at=1), Line(2, B, at=2), Line(3, A, 8, at=3)]
    one = counting(lines, [Paper(7), Paper(8)])[0]
    assert (one.line.revision, one.proven, [line.revision for line in one.older]) == (3, True, [2, 1])


# -- a full year has two names -----------------------------------------------------------------------
def test_the_december_statement_speaks_of_the_full_year_and_denies_another_amount() -> None:
    lines = [Line(1, A, 7, at=1, month=12), Line(1, B, at=2, month=0)]
    found = {one.line.month: one.proven for one in counting(lines, [Paper(7, month=12)])}
    assert found == {12: True, 0: False}


def test_the_same_amount_of_the_full_year_is_proven_by_it() -> None:
    lines = [Line(1, A, 7, at=1, month=12), Line(1, A, at=2, month=0)]
    assert all(one.proven for one in counting(lines, [Paper(7, month=12)]))


def test_two_names_of_one_year_stay_two_figures() -> None:
    lines = [Line(1, A, at=1, month=0), Line(1, B, at=2, month=12), Line(2, A, at=3, month=12)]
    assert [(one.line.month, one.line.revision) for one in counting(lines, [])] == [(0, 1), (12, 2)]
