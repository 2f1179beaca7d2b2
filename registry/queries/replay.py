"""Past verdicts once more: every firm of the directory of a day, as it could be told at the end of that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from registry.domain.courses import LISTED, Course, Step
from registry.domain.facts import Condition
from registry.domain.permissions import Actor
from registry.domain.position import Position
from registry.domain.vocabulary import Stage
from registry.extensions import SHANGHAI, db
from registry.models import Document, Figure, Firm, PathwayEvent, TrailEntry
from registry.queries import directory, history, merges, positions
from registry.queries.positions import end_of

CHUNK = 500


@dataclass(frozen=True)
class Told:
    """One firm on a past day: its fields, its stage and its position, as they were known then."""

    firm_id: int
    name: str
    credit_code: str
    county: str
    industry: str
    stage: Stage | None
    position: Position


def listed(actor: Actor | None, on: date) -> Iterator[Told]:
    """Every firm that was in the directory at the end of `on`, by id; of all, or of those `actor` may see."""
    entered = select(PathwayEvent.firm_id).where(PathwayEvent.target.in_(sorted(LISTED)), *_known(on))
    ids = select(Firm.id).where(Firm.voided_at.is_(None), directory.reach(actor), Firm.id.in_(entered))
    for chunk in _chunks(ids):
        yield from (told for told in _told(chunk, on) if told.stage in LISTED)


def one(actor: Actor | None, firm: str, on: date) -> Told | None:
    """The firm of an id or a credit code, listed then or not; None where there is none in reach or was none then."""
    row = select(Firm.id).where(*_named(actor, firm))
    return next(iter(told for told in _told(list(db.session.scalars(row)), on) if told.stage is not None), None)


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


def plain(told: Told) -> dict[str, Any]:
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
def _known(on: date) -> tuple[Any, ...]:
    """Steps of the pathway up to `on` that had been recorded by its end."""
    return PathwayEvent.on <= on, PathwayEvent.at < end_of(on)


def _chunks(ids: Select[int]) -> Iterator[list[int]]:
    last = 0
    while chunk := list(db.session.scalars(ids.where(Firm.id > last).order_by(Firm.id).limit(CHUNK))):
        yield chunk
        last = chunk[-1]


def _told(ids: list[int], on: date) -> Iterator[Told]:
    """The firms of `ids` on a day, read together."""
    if not ids:
        return
    stages = _stages(ids, on)
    acts = _grouped(db.session.scalars(_acts(ids, on)), "subject_id")
    figures, documents = _held(Figure, ids, on), _held(Document, ids, on)
    columns = Firm.__table__.columns
    for row in db.session.execute(select(*columns).where(Firm.id.in_(ids)).order_by(Firm.id)).mappings():
        firm_id, later = row["id"], acts[row["id"]]
        values = history.taken_back(dict(row), later)
        position = positions.as_known(dict(row), later, figures[firm_id], documents[firm_id], on=on)
        yield Told(
            firm_id,
            values["name"],
            values["credit_code"] or "",
            values["statistical_county"] or "",
            values["industry"] or "",
            stages.get(firm_id),
            position,
        )


def _stages(ids: list[int], on: date) -> Mapping[int, Stage | None]:
    rows = select(PathwayEvent).where(PathwayEvent.firm_id.in_(ids), *_known(on))
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for event in db.session.scalars(rows):
        steps[event.firm_id].append(Step(event.on, event.id, event.action, Stage(event.target)))
    return {firm_id: Course(taken).stage(on) for firm_id, taken in steps.items()}


def _acts(ids: list[int], on: date) -> Select[TrailEntry]:
    return (
        select(TrailEntry)
        .where(TrailEntry.subject_kind == "firm", TrailEntry.subject_id.in_(ids), TrailEntry.at >= end_of(on))
        .order_by(TrailEntry.seq.desc())
    )


def _held(model: Any, ids: list[int], on: date) -> defaultdict[int, list[Any]]:
    """The rows each firm had at the end of `on`: a merge since then has not touched that day."""
    owners = merges.belonged(model.__tablename__, on=on)
    elsewhere = [row_id for row_id, owner in owners.items() if owner in set(ids)]
    rows = select(model).where(or_(model.firm_id.in_(ids), model.id.in_(elsewhere))).order_by(model.id)
    held: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.session.scalars(rows).unique():
        held[owners.get(row.id, row.firm_id)].append(row)
    return held


def _grouped(rows: Iterable[Any], key: str) -> defaultdict[int, list[Any]]:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups
