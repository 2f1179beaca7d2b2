"""A form's key is used once: its row comes and goes with what the form does, so a second press has no effect.

The row is the first thing in every transaction of the request, so that of two presses at once the database lets the
second wait until the first is committed, or takes its place where the first is rolled back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, event, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from registry.base.aside import aside
from registry.base.extensions import db
from registry.base.sqlite import is_reading, reading
from registry.site.models import FormKey

KEPT = timedelta(hours=48)
"""How long a key is known as used."""
COMES = timedelta(seconds=30)
"""How long after its key was used an answer may still come."""
SWEPT = 200
"""Keys and answers that one press clears away at most."""
_USE = "form_key"


class KeyUsed(Exception):
    """This key had its effect already. No rule's refusal: no view may take it for one, and go on."""


@dataclass
class Use:
    """The key of this request; `kept` once its row is committed together with the effect."""

    digest: str
    at: datetime
    stored: bool = False
    kept: bool = False


def use(digest: str, *, at: datetime) -> Use:
    """Tie all that this session will commit to the key; raises KeyUsed, now or when a later transaction begins."""
    db.session.rollback()
    session = db.session()
    session.info[_USE] = used = Use(digest, at)
    session.connection()
    return used


def let_go() -> None:
    """What the session commits from now on has no key."""
    db.session().info.pop(_USE, None)


@event.listens_for(db.session, "after_begin")
def _store(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    used: Use | None = session.info.get(_USE)
    if used is None or used.kept or transaction.nested or is_reading():
        return  # what only reads has no effect, and the row would take the lock for as long
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(FormKey).values(digest=used.digest, at=used.at).on_conflict_do_nothing()
    if connection.execute(statement.returning(FormKey.digest)).first() is None:
        raise KeyUsed
    used.stored = True


@event.listens_for(db.session, "after_commit")
def _keep(session: Session) -> None:
    used: Use | None = session.info.get(_USE)
    if used is not None and not session.in_nested_transaction():
        used.kept = used.stored


@event.listens_for(db.session, "after_soft_rollback")
def _drop(session: Session, transaction: SessionTransaction) -> None:
    used: Use | None = session.info.get(_USE)
    if used is not None and not used.kept and not transaction.nested:
        used.stored = False


# -- answers ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Answer:
    """What is known of a used key: nothing yet, the sealed answer, or (no longer) none."""

    known: bool
    sealed: bytes | None


def found(digest: str, *, at: datetime) -> Answer:
    """An answer that is not there a while after the key was used will not come: whoever was to keep it could not."""
    db.session.rollback()
    let_go()
    with reading():
        held = select(FormKey.answer, FormKey.answer_until, FormKey.at).where(FormKey.digest == digest)
        row = db.session.execute(held).first()
        db.session.rollback()
    if row is None:
        return Answer(known=True, sealed=None)
    until: datetime | None = row.answer_until
    return Answer(known=until is not None or at - row.at > COMES, sealed=row.answer if until and at < until else None)


def answer(used: Use, sealed: bytes | None, *, at: datetime, lasts: timedelta) -> None:
    """Keep the answer, in a transaction of its own, and clear away what is past."""
    db.session.rollback()
    with aside() as session:
        own = update(FormKey).where(FormKey.digest == used.digest)
        session.execute(own.values(answer=sealed, answer_until=at + lasts))
        past = FormKey.answer.is_not(None), FormKey.answer_until <= at
        session.execute(update(FormKey).where(FormKey.digest.in_(_few(*past))).values(answer=None))
        session.execute(delete(FormKey).where(FormKey.digest.in_(_few(FormKey.at <= at - KEPT))))


def _few(*conditions: Any) -> Any:
    some = select(FormKey.digest).where(*conditions).order_by(FormKey.at).limit(SWEPT)
    return some.with_for_update(skip_locked=True)


def free(digest: str, *, at: datetime) -> None:
    """Where the answer to this key is past, it may be used again: its page still stands."""
    with aside() as session:
        session.execute(delete(FormKey).where(FormKey.digest == digest, FormKey.answer_until <= at))
