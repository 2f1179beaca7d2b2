"""Nudges of a matter: those on record, and those still open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from registry.base.extensions import db, once
from registry.notices.models import Nudge
from registry.notices.rules import TERMS, Matter
from registry.people.models import Office
from registry.reference.queries import parameters, reference

Subject = tuple[str, int]


def term(matter: str, on: date) -> int:
    """The working days that `matter` may take on that day."""
    return once(f"term_{matter}_{on}", lambda: parameters.integer(TERMS[matter], on))


def city_office(on: date) -> Office:
    """The office whose people may hold the city's role (docs/domain.md 2); what they are asked goes by the role."""
    return reference.offices()[reference.successor("science", on)]


def of(matters: Iterable[Subject]) -> list[Nudge]:
    """Every nudge of these matters, the newest first."""
    return list(db.session.scalars(_about(matters).order_by(Nudge.at.desc(), Nudge.id.desc())))


def last_by(matter: Matter, subject_id: int, office_id: int | None) -> Nudge | None:
    """The latest nudge of an office, or of the system where `office_id` is None."""
    office = Nudge.from_office_id.is_(None) if office_id is None else Nudge.from_office_id == office_id
    statement = _about([(matter, subject_id)]).where(office).order_by(Nudge.id.desc()).limit(1)
    return db.session.scalars(statement).one_or_none()


def latest_of_office(matters: Iterable[Subject], office_id: int | None) -> dict[Subject, Nudge]:
    """The newest nudge of each matter by an office; of none for whoever has no office."""
    found: dict[Subject, Nudge] = {}
    asked = list(matters) if office_id is not None else []
    for nudge in of(asked) if asked else ():
        if nudge.from_office_id == office_id:
            found.setdefault((nudge.subject_kind, nudge.subject_id), nudge)
    return found


def may_ask_again(last: Nudge | None, on: date) -> bool:
    """An office nudges once a working day."""
    return last is None or reference.calendar().working_days(last.at.date(), on) >= 1


def open_counts(matters: Iterable[Subject]) -> dict[Subject, int]:
    """How often each matter was nudged since it last moved; only those that were."""
    columns = (Nudge.subject_kind, Nudge.subject_id)
    rows = select(*columns, func.count()).where(Nudge.answered_at.is_(None), _among(matters)).group_by(*columns)
    return {(kind, number): count for kind, number, count in db.session.execute(rows)}


def _about(matters: Iterable[Subject]) -> Select[Nudge]:
    return select(Nudge).where(_among(matters))


def _among(matters: Iterable[Subject]) -> ColumnElement[bool]:
    wanted: dict[str, set[int]] = {}
    for kind, number in matters:
        wanted.setdefault(kind, set()).add(number)
    some = [and_(Nudge.subject_kind == kind, Nudge.subject_id.in_(ids)) for kind, ids in wanted.items()]
    return or_(false(), *some)
