"""Whatever was asked of an office is done once the matter has moved on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update

from registry.base.extensions import db
from registry.notices.models import Nudge
from registry.notices.queries import nudged
from registry.notices.rules import INTERVAL, Matter, NudgedAlready
from registry.reference.queries import parameters, reference


def answer(subject_id: int, *matters: Matter, at: datetime) -> None:
    """The matter has moved on: what was asked is done."""
    still = Nudge.answered_at.is_(None), Nudge.subject_id == subject_id, Nudge.subject_kind.in_(matters)
    db.session.execute(update(Nudge).where(*still).values(answered_at=at))


def refuse_twice(matter: Matter, subject_id: int, office_id: int | None, on: date) -> None:
    """Raise NudgedAlready where the office has nudged since the last working day."""
    last = nudged.last_by(matter, subject_id, office_id)
    if last is not None and not nudged.may_ask_again(last, on):
        raise NudgedAlready(day=last.at.date().isoformat())


def is_due_again(matter: Matter, subject_id: int, on: date) -> bool:
    """Whether the system itself nudges (again): every `nudge.days` working days."""
    last = nudged.last_by(matter, subject_id, None)
    return last is None or reference.calendar().working_days(last.at.date(), on) >= parameters.integer(INTERVAL, on)
