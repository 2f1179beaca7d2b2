"""Versions of rules follow each other by their starts; a draft's line is checked by itself and against the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from registry.base.periods import Period
from registry.reference.rules.thresholds import Basis, RuleBook, RuleKind, ThresholdRule
from registry.reference.rules.versions import (
    RuleSetKind,
    VersionLine,
    VersionState,
    as_told,
    changed,
    kind_of,
    state,
    succeeded,
    supposed,
)
from registry.rulesets.rules.faults import overlap, same_form, start_faults

FIRST = ThresholdRule(
    "SVC-1000-M", 1, RuleKind.STATUTORY, "规模以上服务业", ("M",), Basis.REVENUE, Decimal(10_000_000), None, 2019, None,
    date(2020, 1, 1), None, "国统字〔2019〕101号", True,
)  # fmt: skip
SECOND = replace(FIRST, version=2, amount_yuan=Decimal(8_000_000), annual_from=2022, periodic_from=date(2022, 1, 1))
TODAY = date(2021, 10, 15)


def test_a_version_ends_the_day_and_the_year_before_the_next_begins() -> None:
    first, second = succeeded([FIRST, SECOND])
    assert (first.periodic_to, first.annual_to) == (date(2021, 12, 31), 2021)
    assert second == SECOND


def test_an_earlier_end_of_its_own_stands() -> None:
    over = replace(FIRST, periodic_to=date(2021, 6, 30), annual_to=2020)
    assert succeeded([over, SECOND])[0] == over


def test_a_version_without_prefixes_of_the_former_leaves_those_without_a_rule() -> None:
    narrower = replace(SECOND, industry_prefixes=("73",))
    book = RuleBook(succeeded([FIRST, narrower]))
    assert book.statutory("7520", Period(2021, 12), section="M") is not None
    assert book.statutory("7520", Period(2022, 1), section="M") is None


def test_as_told_before_its_successor_was_known_a_version_is_open() -> None:
    first = succeeded([FIRST, SECOND])[0]
    assert as_told(first, date(2021, 9, 30)) == FIRST
    assert as_told(first, date(2022, 3, 31)) == first


@pytest.mark.parametrize(
    "first, last, expected",
    [
        (None, None, VersionState.IN_FORCE),
        (date(2021, 10, 15), None, VersionState.IN_FORCE),
        (date(2021, 10, 16), None, VersionState.COMING),
        (date(2020, 1, 1), date(2021, 10, 15), VersionState.IN_FORCE),
        (date(2020, 1, 1), date(2021, 10, 14), VersionState.ENDED),
        (date(2022, 1, 1), date(2021, 12, 31), VersionState.ENDED),
    ],
)
def test_a_version_is_coming_in_force_or_ended(first: date | None, last: date | None, expected: VersionState) -> None:
    assert state(first, last, TODAY) is expected


def test_a_line_survives_being_written_down() -> None:
    for line in (VersionLine.of(FIRST), replace(VersionLine.of(FIRST), ended=True, or_employees=50, amount_yuan=None)):
        assert VersionLine.parse(line.as_text()) == line


def test_only_what_differs_from_its_base_is_changed() -> None:
    bases = {("SVC-1000-M", 1): FIRST}
    same, other = VersionLine.of(FIRST), replace(VersionLine.of(FIRST), amount_yuan=Decimal(9_000_000))
    new = replace(same, rule_id="NEW", base=0)
    assert list(changed([same, other, new], bases)) == [other, new]


def test_two_lines_of_one_industry_are_found_and_an_ended_one_counts_no_more() -> None:
    one, two = VersionLine.of(FIRST), replace(VersionLine.of(FIRST), rule_id="SVC-2", base=0)
    fault = overlap([one, two])
    assert fault is not None
    assert fault.values == {"code": "M", "one": "SVC-1000-M", "other": "SVC-2"}
    assert overlap([replace(one, ended=True), two]) is None


def test_what_if_judges_the_past_by_the_draft_too() -> None:
    line = replace(VersionLine.of(FIRST), amount_yuan=Decimal(7_000_000))
    book = RuleBook(supposed([FIRST, SECOND], [line], RuleKind.STATUTORY))
    for period in (Period(2020, 0), Period(2021, 9), Period(2022, 1)):
        rule = book.statutory("7520", period, section="M")
        assert rule is not None
        assert rule.amount_yuan == Decimal(7_000_000)
    assert RuleBook(supposed([FIRST], [replace(line, ended=True)], RuleKind.STATUTORY)).all() == ()


@pytest.mark.parametrize(
    "kind, start, annual, newest, fields",
    [
        (RuleSetKind.STATUTORY, date(2022, 1, 1), 2022, date(2020, 1, 1), []),
        (RuleSetKind.STATUTORY, date(2021, 11, 1), 2021, None, []),
        (RuleSetKind.STATUTORY, date(2021, 10, 20), 2021, None, ["valid_from"]),
        (RuleSetKind.STATUTORY, date(2021, 10, 1), 2021, None, ["valid_from"]),
        (RuleSetKind.STATUTORY, date(2022, 1, 1), 2020, None, ["annual_from"]),
        (RuleSetKind.STATUTORY, date(2022, 1, 1), 2024, None, ["annual_from"]),
        (RuleSetKind.STATUTORY, date(2022, 1, 1), 2022, date(2022, 1, 1), ["valid_from"]),
        (RuleSetKind.ADMISSION, TODAY, None, None, []),
        (RuleSetKind.ADMISSION, date(2021, 10, 14), None, None, ["valid_from"]),
        (RuleSetKind.TIERS, date(2021, 10, 20), None, date(2021, 12, 1), ["valid_from"]),
    ],
)
def test_a_version_never_reaches_back(
    kind: RuleSetKind, start: date, annual: int | None, newest: date | None, fields: list[str]
) -> None:
    assert [fault.field for fault in start_faults(kind, start, annual, on=TODAY, newest=newest)] == fields


def test_every_setting_belongs_to_one_set_and_what_nobody_reads_to_none() -> None:
    keys = ("tier.a", "removal.years", "exit.bar_months", "delisting.month", "target.T1", "review.days", "demo.today",
            "tier.e")  # fmt: skip
    assert [kind_of(key) for key in keys] == [
        RuleSetKind.TIERS, RuleSetKind.REMOVAL, RuleSetKind.REMOVAL, RuleSetKind.DELISTING, RuleSetKind.TARGETS,
        RuleSetKind.OTHER, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "before, after, fits",
    [("3", "5", True), ("3", "2.5", False), ("3", "-1", False), ("0.02", "0.05", True), ("0.02", "viel", False), ("X07", "X07 X08", True)],
)  # fmt: skip
def test_a_number_stays_a_number(before: str, after: str, fits: bool) -> None:
    assert same_form(before, after) is fits
