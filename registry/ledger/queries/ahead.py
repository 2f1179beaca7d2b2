"""What is known of the step ahead of firms on a page: figures due, forecast, papers for the window, terms of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.vocabulary import OPEN_STAGES, Stage, TaxpayerKind
from registry.filings.queries import lineup
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.forecasts.queries import forecasts
from registry.forecasts.queries.forecasts import Outlook
from registry.forecasts.rules.forecast import Reach
from registry.notices.rules import TERMS, Matter
from registry.pathway.rules import deadlines
from registry.pathway.rules.deadlines import FIGURES_BY, month_due
from registry.pathway.rules.shortfall import Ahead, Coming
from registry.proposals.models import Proposal
from registry.reference.queries import parameters, reference

_DUE, _WEAK, _WARN = "figures.due_day", "forecast.weak_until", "window.warn_days"
_MATTERS: Mapping[str, Matter] = {
    Stage.PROPOSED: Matter.REVIEW,
    Stage.UNDER_REVIEW: Matter.REVIEW,
    Stage.RETURNED: Matter.MEND,
}
_COMING: Mapping[Reach, Coming] = {
    Reach.MAKES: Coming.IN_TIME,
    Reach.TOO_LATE: Coming.TOO_LATE,
    Reach.NOT_THIS_YEAR: Coming.NOT_THIS_YEAR,
}


@dataclass(frozen=True)
class Seen:
    """By firm id: what is ahead of it, and its year end over its line as far as the reader may see a forecast."""

    ahead: Mapping[int, Ahead] = field(default_factory=dict)
    year_end: Mapping[int, Decimal] = field(default_factory=dict)


def of(actor: Actor, rows: Sequence[Any], *, on: date, foretell: bool = True) -> Seen:
    """For rows with `lines.columns`, a page of them; `foretell`: on the screen alone, never on paper or in a file.

    The number of statements depends on the stages among the rows and not on how many rows there are.
    """
    by_stage = {stage: [row for row in rows if row.stage == stage] for stage in {row.stage for row in rows}}
    here, waiting = by_stage.get(Stage.ADMITTED, []), by_stage.get(Stage.QUALIFIED, [])
    open_cases = [row.id for row in rows if row.stage in OPEN_STAGES]
    if not (here or waiting or open_cases):
        return Seen()
    settings = parameters.whole((_DUE, _WEAK, _WARN, *TERMS.values()), on)
    last = month_due(on, settings.get(_DUE, FIGURES_BY))
    found = {row.id: Ahead(due=_due(row, last)) for row in here}
    year_end: dict[int, Decimal] = {}
    if foretell and can(actor, "forecast.list"):
        outlooks = forecasts.among(here, settings[_WEAK], on=on)
        found |= {key: _with_coming(found[key], outlook) for key, outlook in outlooks.items()}
        year_end = {key: share for key, outlook in outlooks.items() if (share := _year_end(outlook)) is not None}
    found |= _for_window(actor, waiting, last, settings.get(_WARN, 0), on)
    found |= _cases(open_cases, settings, on)
    return Seen(found, year_end)


def _due(row: Any, last: int) -> int:
    """A small-scale taxpayer has a statement a quarter."""
    if row.taxpayer_kind != TaxpayerKind.SMALL_SCALE:
        return last
    return last // 3 * 3


def _with_coming(ahead: Ahead, outlook: Outlook) -> Ahead:
    month = outlook.crossed.likely if outlook.crossed else None
    return replace(ahead, coming=_COMING.get(outlook.made.reach), month=month)


def _year_end(outlook: Outlook) -> Decimal | None:
    point = outlook.forecast.point
    return point / outlook.line if point is not None and outlook.line else None


def _for_window(actor: Actor, rows: Sequence[Any], last: int, warn_days: int, on: date) -> dict[int, Ahead]:
    if not rows:
        return {}
    ids = [row.id for row in rows]
    held = list(db.session.scalars(firms.visible_to(actor).where(Firm.id.in_(ids)).order_by(Firm.id)).unique())
    due = {row.id: _due(row, last) for row in rows}
    return {one.firm.id: one.ahead(on, due=due[one.firm.id], warn_days=warn_days) for one in lineup.of(held, on=on)}


def _cases(ids: Sequence[int], settings: Mapping[str, int], on: date) -> dict[int, Ahead]:
    """By how many working days the open nominations of firms are over their term."""
    if not ids:
        return {}
    rows = select(Proposal.firm_id, Proposal.waiting_since, Firm.stage).join(Firm, Firm.id == Proposal.firm_id)
    open_rows = db.session.execute(rows.where(Proposal.outcome.is_(None), Proposal.firm_id.in_(ids)))
    return {
        row.firm_id: Ahead(overdue=_overdue(row, settings[TERMS[_MATTERS[row.stage]]], on))
        for row in open_rows
        if row.waiting_since is not None
    }


def _overdue(row: Any, term: int, on: date) -> int:
    return deadlines.wait(row.waiting_since.date(), on, term, reference.calendar()).overdue
