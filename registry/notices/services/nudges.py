"""Whatever was asked of an office is done once the matter has moved on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from registry.base.extensions import db
from registry.notices.models import Nudge
from registry.notices.rules import Matter


def answer(subject_id: int, *matters: Matter, at: datetime) -> None:
    """The matter has moved on: what was asked is done."""
    still = Nudge.answered_at.is_(None), Nudge.subject_id == subject_id, Nudge.subject_kind.in_(matters)
    db.session.execute(update(Nudge).where(*still).values(answered_at=at))
