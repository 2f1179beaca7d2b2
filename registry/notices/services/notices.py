"""Offices are told what concerns them, in the transaction of what happened; a person marks what they have read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, literal, select

from registry.base.extensions import clock, db
from registry.base.permissions import Actor
from registry.base.tables import Moment
from registry.notices.models import Notice, NoticeRead, Nudge
from registry.notices.queries import nudged, received
from registry.notices.services import letters
from registry.notices.texts import SENTENCES
from registry.people.models import User
from registry.trail.services.trail import plain_all

if TYPE_CHECKING:
    from registry.firms.models.firms import Firm


def tell(
    office_id: int, kind: str, values: Mapping[str, Any], *, at: datetime, firm: Firm | None = None,
    subject_kind: str = "", subject_id: int | None = None, role: str | None = None, user: User | None = None,
    nudge: Nudge | None = None,
) -> Notice:  # fmt: skip
    """Tell an office, those of its people who hold `role`, or one `user`; letters are queued for who wants them.

    `kind` is a key of `notices.texts.SENTENCES`, `values` what fills it (nothing that the office may not know);
    `subject_kind` and `subject_id` say which page it leads to (notices/pages/notices.py).
    """
    if kind not in SENTENCES:
        raise KeyError(kind)
    notice = Notice(
        office_id=office_id,
        user_id=user.id if user else None,
        role=role,
        kind=kind,
        values=plain_all(values),
        subject_kind=subject_kind,
        subject_id=subject_id,
        firm_id=firm.id if firm else None,
        nudge_id=nudge.id if nudge else None,
        at=at,
    )
    db.session.add(notice)
    db.session.flush()
    letters.queue_for(notice, at=at)
    return notice


def mark_read(actor: Actor, notice: Notice, *, at: datetime) -> None:
    """For the person alone; reading twice is reading once."""
    _mark(actor, received.unread(actor).where(Notice.id == notice.id), at)


def mark_all_read(actor: Actor, *, at: datetime) -> None:
    _mark(actor, received.unread(actor), at)


def _mark(actor: Actor, unread: Any, at: datetime) -> None:
    # of two windows of one person that mark at once the second finds nothing left
    db.session.execute(select(User.id).where(User.id == actor.user_id).with_for_update())
    rows = unread.order_by(None).with_only_columns(Notice.id, literal(actor.user_id), literal(at, Moment()))
    db.session.execute(insert(NoticeRead).from_select(["notice_id", "user_id", "at"], rows))
    db.session.flush()


# -- what happens to a nomination -----------------------------------------------------------------


# -- what happens to a claim ----------------------------------------------------------------------


def city_office_id() -> int:
    """Whom claims are told to; their notices go by the role."""
    return nudged.city_office(clock.today()).id
