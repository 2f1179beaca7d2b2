"""Letters wait in a table beside the notices they are about, and are tried again a few times, ever later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from registry.base.extensions import db, setting
from registry.notices import texts
from registry.notices.models import Letter, Notice
from registry.notices.queries.received import CITY_WIDE, reaches
from registry.people.models import User

WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""After each try that failed; after the last of them the letter is given up."""
MOST_TRIES = len(WAITS) + 1


@dataclass(frozen=True)
class Outgoing:
    """What is handed to the mail server."""

    letter_id: int
    to: str
    subject: str
    text: str


def is_on() -> bool:
    """Whether there is a mail server at all."""
    return bool(setting("SMTP_HOST"))


def queue_for(notice: Notice, *, at: datetime) -> None:
    """A letter to each of those the notice is for who wants one; nothing where no mail server is configured."""
    if not is_on():
        return
    near = User.office_id == notice.office_id
    if notice.role in CITY_WIDE:
        near = or_(near, User.active)
    wanting = select(User).where(User.active, User.mail_wanted, User.email != "", near).order_by(User.id)
    for user in db.session.scalars(wanting).unique():
        if reaches(notice, user):
            db.session.add(Letter(notice_id=notice.id, user_id=user.id, at=at, next_at=at))
    db.session.flush()


def due(*, at: datetime) -> list[int]:
    """The letters to be tried now, the oldest first."""
    return list(db.session.scalars(select(Letter.id).where(Letter.next_at <= at).order_by(Letter.id)))


def take(letter_id: int, *, at: datetime) -> Outgoing | None:
    """Count a try and put the next one off, to be committed before the server is spoken to.

    Of two workers one gets the letter. None too where its reader no longer wants it or has moved on.
    """
    letter = db.session.get_one(Letter, letter_id, populate_existing=True)
    tries = letter.tries
    later = at + WAITS[tries] if tries < len(WAITS) else None
    ours = update(Letter).where(Letter.id == letter_id, Letter.tries == tries, Letter.next_at <= at)
    if not db.session.execute(ours.values(tries=tries + 1, next_at=later)).rowcount:  # type: ignore[attr-defined]
        return None
    db.session.refresh(letter)
    user, notice = db.session.get_one(User, letter.user_id), db.session.get_one(Notice, letter.notice_id)
    if not (user.active and user.mail_wanted and user.email and reaches(notice, user)):
        letter.next_at, letter.error = None, "no longer wanted"
        return None
    return _written(letter_id, user, notice)


def sent(letter_id: int, *, at: datetime) -> None:
    letter = db.session.get_one(Letter, letter_id)
    letter.sent_at, letter.next_at, letter.error = at, None, ""


def failed(letter_id: int, error: str, *, for_good: bool) -> None:
    """Keep what the server said; `for_good`: it is not tried again."""
    letter = db.session.get_one(Letter, letter_id)
    letter.error = error
    if for_good:
        letter.next_at = None


def _written(letter_id: int, user: User, notice: Notice) -> Outgoing:
    """The text names no firm and no figure: mail leaves the house."""
    is_test = notice.kind == "letter_test"
    values = {"name": user.name, "address": setting("PUBLIC_URL") or texts.NO_ADDRESS}
    body = texts.TEST_BODY if is_test else texts.BODY
    return Outgoing(letter_id, user.email, texts.TEST_SUBJECT if is_test else texts.SUBJECT, body % values)
