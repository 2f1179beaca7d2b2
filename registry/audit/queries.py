"""The trail as far as a reader may see it: administrators see that a firm was acted on, not what about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select

from registry.base.extensions import SHANGHAI, db
from registry.base.permissions import Actor, can
from registry.firms.models import arriving
from registry.people.models import User
from registry.trail.models import TrailEntry
from registry.trail.texts import ADMINISTRATIVE


@dataclass(frozen=True)
class TrailQuery:
    """What a reader looks for; empty parts do not restrict. Days are Shanghai's, both included."""

    actor: str = ""
    verb: str = ""
    subject_kind: str = ""
    subject_id: int | None = None
    label: str = ""
    office: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class TrailLine:
    """One act as its reader may see it; `withheld` where the content of the directory was left out."""

    seq: int
    at: datetime
    actor: str
    office: str
    verb: str
    subject_kind: str
    subject_id: int | None
    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str
    source: str
    hash: str
    withheld: bool


def visible_to(actor: Actor) -> Select[TrailEntry]:
    """Every act for those who read the trail, the newest first; nothing for anybody else.

    What an import did to firms that nobody sees yet appears with the firms.
    """
    reads = can(actor, "trail.read")
    told = arriving.told(TrailEntry.subject_kind, TrailEntry.subject_id)
    return select(TrailEntry).where(told if reads else false()).order_by(TrailEntry.seq.desc())


def one(actor: Actor, seq: int) -> Select[TrailEntry]:
    return visible_to(actor).where(TrailEntry.seq == seq)


def search(actor: Actor, wanted: TrailQuery) -> Select[TrailEntry]:
    """`visible_to` narrowed to what is wanted; never by a text that the reader does not see."""
    statement = visible_to(actor)
    for condition in _conditions(actor, wanted):
        statement = statement.where(condition)
    return statement


def lines(actor: Actor, wanted: TrailQuery) -> Iterator[TrailLine]:
    """All acts that are wanted, one by one, with bounded memory."""
    for entry in db.session.scalars(search(actor, wanted).execution_options(yield_per=500)):
        yield line(actor, entry)
        db.session.expunge(entry)


def line(actor: Actor, entry: TrailEntry) -> TrailLine:
    """One act as `actor` may see it."""
    withheld = entry.subject_kind not in ADMINISTRATIVE and not can(actor, "trail.read_business")
    return TrailLine(
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor_name,
        office=entry.office_code,
        verb=entry.verb,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        label="" if withheld else entry.subject_label,
        before={} if withheld else entry.before or {},
        after={} if withheld else entry.after or {},
        reason="" if withheld else entry.reason,
        source="" if withheld else entry.source,
        hash=entry.hash,
        withheld=withheld,
    )


def _conditions(actor: Actor, wanted: TrailQuery) -> Iterator[ColumnElement[bool]]:
    if wanted.actor:
        named = select(User.id).where(User.username == wanted.actor.lower())
        yield or_(TrailEntry.actor_name.contains(wanted.actor, autoescape=True), TrailEntry.actor_id.in_(named))
    if wanted.label:
        yield TrailEntry.subject_label.contains(wanted.label, autoescape=True)
        if not can(actor, "trail.read_business"):
            yield TrailEntry.subject_kind.in_(sorted(ADMINISTRATIVE))
    for column, value in (
        (TrailEntry.verb, wanted.verb),
        (TrailEntry.subject_kind, wanted.subject_kind),
        (TrailEntry.subject_id, wanted.subject_id),
        (TrailEntry.office_code, wanted.office),
    ):
        if value not in ("", None):
            yield column == value
    if wanted.since:
        yield TrailEntry.at >= _start(wanted.since)
    if wanted.until:
        yield TrailEntry.at < _start(wanted.until + timedelta(days=1))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
