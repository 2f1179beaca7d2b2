"""Windows are announced from a notice, put right with a reason, voided, copied as drafts; nothing is forgotten."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from registry.base.errors import FieldError, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.filings.queries import announced
from registry.filings.services import announcing
from registry.filings.services.announcing import FIELDS
from registry.trail.models import TrailEntry
from tests.filed import filed, window
from tests.world import NOW, TODAY, World


def values(row: Any, **changes: Any) -> dict[str, Any]:
    return {key: getattr(row, key) for key in FIELDS} | changes


def test_nothing_is_open_until_a_window_is_announced(world: World) -> None:
    assert (announced.years(), announced.open_on(TODAY)) == ([], ())
    row = window(world)
    (found,) = announced.open_on(TODAY)
    assert (found.id, found.statement, found.batch, found.verified) == (row.id, Period(2021, 9), "第一批", True)
    assert announced.open_on(date(2021, 11, 7)) == ()


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"source": " "}, "source"),
        ({"batch": ""}, "batch"),
        ({"closes_on": date(2021, 10, 7)}, "closes_on"),
        ({"closes_on": date(2022, 2, 1)}, "closes_on"),
        ({"statement_month": 12}, "statement_month"),
        ({"statement_year": 2022, "statement_month": 1}, "statement_month"),
    ],
)
def test_a_window_that_cannot_be_is_refused_at_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as refused:
        window(world, **changes)
    assert refused.value.field == field


def test_a_change_needs_a_reason_and_keeps_what_was(world: World) -> None:
    row, who = window(world), world.actor("statistics")
    later = values(row, closes_on=date(2021, 11, 15))
    with pytest.raises(ReasonNeeded):
        announcing.change(who, row, later, at=NOW, reason=" ")
    announcing.change(who, row, later, at=NOW, reason="通知延期")
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "change_window")).one()
    assert (act.before, act.after, act.reason) == (
        {"closes_on": "2021-11-06"}, {"closes_on": "2021-11-15"}, "通知延期",
    )  # fmt: skip
    assert [entry.verb for entry in announced.history_of(row)] == ["change_window", "announce_window"]
    with pytest.raises(RegistryError):
        announcing.change(who, row, later, at=NOW, reason="再改")


def test_what_a_filing_was_made_on_is_not_changed_under_it(world: World) -> None:
    filing, who = filed(world), world.actor("statistics")
    with pytest.raises(RegistryError) as refused:
        announcing.change(who, filing.window, values(filing.window, statement_month=8), at=NOW, reason="改期别")
    assert str(refused.value).startswith("已有 1 件申报使用该窗口")
    announcing.change(who, filing.window, values(filing.window, closes_on=date(2021, 11, 15)), at=NOW, reason="延期")


def test_a_void_window_opens_nothing_and_stays_on_the_list(world: World) -> None:
    row, who = window(world), world.actor("statistics")
    announcing.void(who, row, at=NOW, reason="两批合并")
    assert (announced.open_on(TODAY), announced.all_of(2021)) == ((), ())
    assert [r.void_reason for r in db.session.scalars(announced.rows(2021))] == ["两批合并"]
    with pytest.raises(RegistryError):
        announcing.void(who, row, at=NOW, reason="再作废")


def test_last_years_windows_are_copied_as_unverified_drafts_once(world: World) -> None:
    window(world)
    who = world.actor("statistics")
    (draft,) = announcing.copy_year(who, 2022, at=NOW)
    assert (draft.opens_on, draft.closes_on, draft.statement_year, draft.verified) == (
        date(2022, 10, 8), date(2022, 11, 6), 2022, False,
    )  # fmt: skip
    assert draft.source == "照抄 2021 年，日期待按当年通知核定（原依据：示例通知〔2021〕1号）"
    for year in (2022, 2030):
        with pytest.raises(RegistryError):
            announcing.copy_year(who, year, at=NOW)


def test_the_next_window_of_a_firm_goes_by_when_it_opened(world: World) -> None:
    annual, monthly = window(world), window(world, door="monthly", batch="10月", closes_on=date(2021, 10, 20))
    old = world.firm()
    new = world.firm("海丰县白鹭软件有限公司", opened_on=date(2021, 3, 8))
    found = {firm.name: announced.next_for(firm, TODAY) for firm in (old, new)}
    assert {name: w and w.id for name, w in found.items()} == {old.name: annual.id, new.name: monthly.id}
