from __future__ import annotations

from datetime import date

import pytest

from registry.base.periods import Period
from registry.base.vocabulary import Accounting, Door, Requirement, TaxpayerKind
from registry.filings.rules.intake import (
    Case,
    MaterialRule,
    PaperStatus,
    Window,
    checklist,
    door_fits,
    fits,
    is_new,
    next_for,
    next_window,
    open_windows,
    statement_of,
)
from registry.pathway.rules.facts import FirmFacts

TODAY = date(2021, 10, 15)
FIRST = Window(2021, Door.ANNUAL_FIRST, date(2021, 10, 8), date(2021, 11, 6), "示例通知")
SECOND = Window(2021, Door.ANNUAL_SECOND, date(2021, 12, 1), date(2021, 12, 16), "示例通知")
MONTHLY = Window(2021, Door.MONTHLY, date(2021, 10, 1), date(2021, 10, 20), "示例通知")


@pytest.mark.parametrize(
    "opened_on, new",
    [
        (date(2020, 10, 1), True),
        (date(2020, 9, 30), False),
        (date(2021, 10, 15), True),
        (date(2021, 10, 16), False),
        (None, None),
    ],
)
def test_new_means_opened_since_the_last_quarter_of_the_year_before(opened_on: date | None, new: bool | None) -> None:
    assert is_new(opened_on, TODAY) is new


def test_an_old_firm_cannot_use_the_monthly_door() -> None:
    old, new = FirmFacts(opened_on=date(2015, 4, 2)), FirmFacts(founded_on=date(2021, 3, 8))
    assert [door_fits(Door.MONTHLY, firm, TODAY) for firm in (old, new, FirmFacts())] == [False, True, None]
    assert [door_fits(Door.ANNUAL_FIRST, firm, TODAY) for firm in (old, new)] == [True, True]


def test_windows_are_open_to_their_last_day() -> None:
    windows = (SECOND, FIRST, MONTHLY)
    assert open_windows(windows, TODAY) == (MONTHLY, FIRST)
    assert open_windows(windows, date(2021, 11, 6)) == (FIRST,)
    assert open_windows(windows, date(2021, 11, 7)) == ()
    assert next_window(windows, Door.ANNUAL_SECOND, TODAY) == SECOND
    assert next_window(windows, Door.ANNUAL_SECOND, date(2021, 12, 17)) is None


@pytest.mark.parametrize(
    "opened_on, fitting",
    [(date(2020, 10, 1), True), (date(2020, 9, 30), False), (date(2021, 12, 20), True), (None, None)],
)
def test_the_monthly_door_goes_by_the_windows_own_year_though_it_closes_in_the_next(
    opened_on: date | None, fitting: bool | None
) -> None:
    late = Window(2021, Door.MONTHLY, date(2021, 12, 20), date(2022, 1, 5), "示例通知")
    assert fits(late, opened_on, date(2022, 1, 4)) is fitting
    assert fits(SECOND, opened_on, TODAY) is True


def test_the_next_window_of_a_firm_is_the_one_that_closes_first_of_those_it_may_use() -> None:
    windows = (SECOND, FIRST, MONTHLY)
    assert next_for(windows, date(2021, 3, 8), TODAY) == MONTHLY
    assert next_for(windows, date(2015, 4, 2), TODAY) == FIRST
    assert next_for(windows, date(2015, 4, 2), date(2021, 11, 7)) == SECOND
    assert next_for(windows, date(2015, 4, 2), date(2021, 12, 17)) is None
    assert (FIRST.days_left(TODAY), FIRST.days_left(date(2021, 11, 7))) == (22, -1)


@pytest.mark.parametrize(
    "month, kind, shown",
    [(9, "small_scale", 9), (11, "small_scale", 9), (2, "small_scale", 2), (11, "general", 11), (11, None, 11)],
)
def test_a_small_scale_taxpayer_is_asked_for_its_last_quarter(month: int, kind: str | None, shown: int) -> None:
    given = TaxpayerKind(kind) if kind else None
    assert statement_of(Period(2021, month), given) == Period(2021, shown)


def needed_by(firm: FirmFacts, case: Case) -> list[str]:
    materials = [MaterialRule(f"M{number:02d}", "材料", requirement) for number, requirement in enumerate(Requirement)]
    items = checklist(materials, firm, Period(2021, 9), case, {})
    return [list(Requirement)[int(item.material.code[1:])].value for item in items if item.needed]


def test_which_papers_are_needed_follows_the_firm_and_the_case() -> None:
    plain = FirmFacts(taxpayer_kind=TaxpayerKind.SMALL_SCALE, accounting=Accounting.ENTERPRISE)
    general = FirmFacts(taxpayer_kind=TaxpayerKind.GENERAL, accounting=Accounting.NON_PROFIT)
    assert needed_by(plain, Case()) == ["always"]
    assert needed_by(general, Case()) == ["always", "if_general_taxpayer", "if_unclear"]
    every = Case(grown=True, mismatch=True, renamed=True, changed=True)
    assert needed_by(plain, every) == ["always", "if_mismatch", "if_annual", "if_renamed", "if_changed"]


def test_a_paper_lacks_until_it_is_sealed_waived_or_no_longer_asked_for() -> None:
    material = MaterialRule("M01", "申报表", Requirement.ALWAYS, sealed=True)
    extra = MaterialRule("M09", "核查书", Requirement.ON_REQUEST)
    lacking = {
        status: [i.lacking for i in checklist([material, extra], FirmFacts(), Period(2021, 9), Case(), {"M01": status, "M09": status})]
        for status in PaperStatus
    }  # fmt: skip
    assert lacking == {
        PaperStatus.HELD: [False, False],
        PaperStatus.UNSEALED: [True, False],
        PaperStatus.REQUESTED: [True, True],
        PaperStatus.MISSING: [True, False],
        PaperStatus.WAIVED: [False, False],
    }


def test_a_paper_is_asked_for_within_its_dates_only() -> None:
    later = MaterialRule("M10", "承诺书", Requirement.ALWAYS, since=date(2022, 1, 1))
    former = MaterialRule("M13", "证明", Requirement.ALWAYS, until=date(2020, 12, 31))
    asked = {
        period.label: [i.material.code for i in checklist([later, former], FirmFacts(), period, Case(), {})]
        for period in (Period(2020, 9), Period(2021, 9), Period(2022, 1))
    }
    assert asked == {"2020-09": ["M13"], "2021-09": [], "2022-01": ["M10"]}
