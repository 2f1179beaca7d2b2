"""Past verdicts once more: every firm of the directory of a day, as it could be told at the end of that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from registry.base.clocks import AsOf, Known
from registry.base.extensions import SHANGHAI, db
from registry.base.permissions import Actor
from registry.base.vocabulary import Stage
from registry.figures.queries import on_record
from registry.firms.models.firms import Firm
from registry.firms.queries import history
from registry.pathway.models import PathwayEvent
from registry.pathway.queries import directory, positions
from registry.pathway.rules.facts import Condition
from registry.pathway.rules.history import LISTED
from registry.pathway.rules.position import Position
from registry.trail.models import TrailEntry

CHUNK = 500


@dataclass(frozen=True)
class PastVerdict:
    """One firm on a past day: its fields, its stage and its position, as they were known then."""

    firm_id: int
    name: str
    credit_code: str
    county: str
    industry: str
    stage: Stage | None
    position: Position


def listed(actor: Actor | None, as_of: AsOf) -> Iterator[PastVerdict]:
    """Every firm that was in the directory at the end of a day, by id; of all, or of those `actor` may see."""
    known = directory.steps_known(as_of)
    entered = select(PathwayEvent.firm_id).where(PathwayEvent.target.in_(sorted(LISTED)), *known)
    ids = select(Firm.id).where(Firm.voided_at.is_(None), directory.reach(actor), Firm.id.in_(entered))
    for chunk in _chunks(ids):
        yield from (told for told in _told(chunk, as_of) if told.stage in LISTED)


def one(actor: Actor | None, firm: str, as_of: AsOf) -> PastVerdict | None:
    """The firm of an id or a credit code, listed then or not; None where there is none in reach.

    As known then, None too where nothing was known of it; as known now, one that entered later is judged by what is
    on record of that day, and has no stage.
    """
    row = select(Firm.id).where(*_named(actor, firm))
    found = next(_told(list(db.session.scalars(row)), as_of), None)
    return None if found and found.stage is None and as_of.known is Known.THEN else found


def registered_on(actor: Actor | None, firm: str) -> date | None:
    """The first day on which anything was known of the firm; None where there is none in reach."""
    created = db.session.scalar(select(Firm.created_at).where(*_named(actor, firm)))
    return created.astimezone(SHANGHAI).date() if created else None


def first_day(actor: Actor | None) -> date | None:
    """The first day on which anything was known of any firm."""
    created = db.session.scalar(
        select(func.min(Firm.created_at)).where(Firm.voided_at.is_(None), directory.reach(actor))
    )
    return created.astimezone(SHANGHAI).date() if created else None


def _named(actor: Actor | None, firm: str) -> tuple[Any, ...]:
    named = Firm.id == int(firm) if firm.isascii() and firm.isdigit() and len(firm) < 10 else Firm.credit_code == firm
    return named, Firm.voided_at.is_(None), directory.reach(actor)


def count(actor: Actor | None, on: date) -> int:
    """How many firms were in the directory at any time up to `on`: what a progress bar counts to."""
    return len(db.session.scalars(directory.ever_listed(actor, on)).all())


def plain(told: PastVerdict) -> dict[str, Any]:
    """One firm's verdicts as JSON wants them: amounts in yuan as text, rules by number and version."""
    position = told.position
    return {
        "id": told.firm_id,
        "credit_code": told.credit_code or None,
        "name": told.name,
        "county": told.county or None,
        "industry": told.industry or None,
        "stage": told.stage,
        "rate": _text(position.rate),
        "tier": position.tier,
        "missing": list(position.missing),
        "conditions": [_condition(condition) for condition in position.conditions],
    }


def _condition(condition: Condition) -> dict[str, Any]:
    period = condition.values.get("period")
    return {
        "code": condition.code,
        "verdict": condition.verdict,
        "note": condition.note or None,
        "period": period or None,
        "amount": _text(condition.value),
        "line": _text(condition.line),
        "rule": condition.rule_id or None,
        "version": condition.version,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


# -- reading --------------------------------------------------------------------------------------
def _chunks(ids: Select[int]) -> Iterator[list[int]]:
    last = 0
    while chunk := list(db.session.scalars(ids.where(Firm.id > last).order_by(Firm.id).limit(CHUNK))):
        yield chunk
        last = chunk[-1]


def _told(ids: list[int], as_of: AsOf) -> Iterator[PastVerdict]:
    """The firms of `ids` on a day, read together."""
    if not ids:
        return
    courses, records = directory.courses_of(ids, as_of), on_record.of_firms(ids, as_of)
    acts = _acts(ids, as_of)
    columns = Firm.__table__.columns
    for row in db.session.execute(select(*columns).where(Firm.id.in_(ids)).order_by(Firm.id)).mappings():
        firm_id, later = row["id"], acts[row["id"]]
        values = history.taken_back(dict(row), later)
        yield PastVerdict(
            firm_id,
            values["name"],
            values["credit_code"] or "",
            values["statistical_county"] or "",
            values["industry"] or "",
            courses[firm_id].stage(as_of.day) if firm_id in courses else None,
            positions.as_known(dict(row), later, records[firm_id], on=as_of.day),
        )


def _acts(ids: list[int], as_of: AsOf) -> defaultdict[int, list[TrailEntry]]:
    """What was done to each firm after the day, the newest first."""
    rows = select(TrailEntry).where(TrailEntry.subject_kind == "firm", TrailEntry.subject_id.in_(ids))
    acts: defaultdict[int, list[TrailEntry]] = defaultdict(list)
    for act in db.session.scalars(rows.where(TrailEntry.at >= as_of.end).order_by(TrailEntry.seq.desc())):
        acts[act.subject_id or 0].append(act)
    return acts
