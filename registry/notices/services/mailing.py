"""A person's own choice: whether to be written to, and where; and a letter to see that it arrives."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select

from registry.base.errors import FieldError, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.notices import texts
from registry.notices.models import Letter, Notice
from registry.notices.services import letters, notices
from registry.people.models import User
from registry.trail.services import trail

ADDRESS = re.compile(
    r"[A-Za-z0-9_%+-]+(\.[A-Za-z0-9_%+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
LONGEST = 200


def choose(actor: Actor, user: User, *, email: str, wanted: bool, at: datetime) -> None:
    """Set one's own address and wish; raises FieldError('email')."""
    email = email.strip()
    if wanted and not email:
        raise FieldError("email", texts.ADDRESS_NEEDED)
    if email and (len(email) > LONGEST or not ADDRESS.fullmatch(email)):
        raise FieldError("email", texts.ADDRESS_FORM)
    if (user.email, user.mail_wanted) == (email, wanted):
        return
    before = _recorded(user)
    user.email, user.mail_wanted = email, wanted
    db.session.flush()
    trail.record(actor, "choose_mail", user, at=at, before=before, after=_recorded(user))


def test(user: User, *, at: datetime) -> None:
    """Queue a letter to oneself; one at a time."""
    if not letters.is_on():
        raise RegistryError(texts.MAIL_IS_OFF)
    if not (user.mail_wanted and user.email):
        raise RegistryError(texts.TEST_NEEDS_ADDRESS)
    if db.session.scalar(select(Letter.id).join(Notice, Notice.id == Letter.notice_id).where(
        Letter.user_id == user.id, Letter.next_at.is_not(None), Notice.kind == "letter_test")
    ):  # fmt: skip
        raise RegistryError(texts.TEST_WAITS)
    notices.tell(user.office_id, "letter_test", {}, user=user, at=at)


def last_letter(user: User) -> Letter | None:
    """The latest letter to the person, sent or not."""
    return db.session.scalars(
        select(Letter).where(Letter.user_id == user.id).order_by(Letter.id.desc()).limit(1)
    ).one_or_none()


def _recorded(user: User) -> dict[str, object]:
    """The trail is never erased, so it holds no more of the address than its first letter and its house."""
    name, at, house = user.email.partition("@")
    return {"mail_wanted": user.mail_wanted, "email": f"{name[:1]}***{at}{house}" if user.email else ""}
