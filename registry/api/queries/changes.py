"""The change feed: acts of the trail about firms in reach, in the order in which they were committed.

A row of the trail gets its number while the end of the chain is locked, and the lock is held to the commit: so whoever
sees a number sees every lower one, on PostgreSQL too, and a reader who goes on from the last number misses nothing. An
import of many firms commits acts about firms that nobody sees yet; the feed of whoever will see them waits before them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from registry.api.rules.changes import FEED_SUBJECTS, LOOKS, RULES_APPLIED, ChangeSort, sort_of
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.steady import steady_view
from registry.firms.models import arriving
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.firms.queries import firms
from registry.plans.models import FirmMark
from registry.qualifications.models import Qualification
from registry.trail.models import TrailEntry

_BEYOND = 2**31 - 1


@dataclass(frozen=True)
class FeedLine:
    """One act: its number on the trail, what it is, and of a merge into which firm, where the reader may know it."""

    seq: int
    sort: ChangeSort
    firm_id: int | None
    at: datetime
    verb: str
    into: int | None


def since(actor: Actor, seq: int, *, limit: int) -> list[FeedLine]:
    """What came after that number, the earliest first; from a steady view, before which the transaction is let go."""
    with steady_view():
        acts = _acts(actor).where(TrailEntry.seq > seq, TrailEntry.seq < _held_back(actor))
        rows = list(db.session.execute(acts.order_by(TrailEntry.seq).limit(limit)))
        into = _into(actor, rows)
    return [
        FeedLine(
            row.seq,
            sort_of(row.verb, row.before, row.after, voided=row.voided_at is not None),
            row.firm_id,
            row.at,
            row.verb,
            into.get((row.firm_id, row.at)),
        )
        for row in rows
    ]


def last(actor: Actor) -> int:
    """The number of the newest act of the feed; nought where there is none."""
    with steady_view():
        newest = _acts(actor).where(TrailEntry.seq < _held_back(actor)).order_by(TrailEntry.seq.desc()).limit(1)
        row = db.session.execute(newest).first()
    return row.seq if row else 0


def _acts(actor: Actor) -> Select[Any]:
    """Acts on firms within reach, void ones too: whoever holds a copy has to hear that."""
    kind, number = TrailEntry.subject_kind, TrailEntry.subject_id
    firm_id = case(
        (kind == "qualification", select(Qualification.firm_id).where(Qualification.id == number).scalar_subquery()),
        (kind == "firm_mark", select(FirmMark.firm_id).where(FirmMark.id == number).scalar_subquery()),
        (kind == "firm", number),
    )
    columns = (
        TrailEntry.seq, TrailEntry.at, TrailEntry.verb, TrailEntry.before, TrailEntry.after, Firm.voided_at,
        Firm.id.label("firm_id"),
    )  # fmt: skip
    concerned = and_(kind.in_(FEED_SUBJECTS), TrailEntry.verb.not_in(LOOKS), Firm.id.is_not(None))
    return (
        select(*columns)
        .select_from(TrailEntry)
        .outerjoin(Firm, and_(Firm.id == firm_id, firms.within(actor)))
        .where(or_(concerned, TrailEntry.verb == RULES_APPLIED))
    )


def _held_back(actor: Actor) -> int:
    """The first act on a firm in reach that is still on its way; beyond all numbers where there is none."""
    hidden = (
        select(func.min(TrailEntry.seq))
        .join(Firm, and_(TrailEntry.subject_kind == "firm", TrailEntry.subject_id == Firm.id))
        .where(arriving.is_arriving(Firm.batch_id), firms.within(actor))
    )
    with arriving.shown():
        return db.session.scalar(hidden) or _BEYOND


def _into(actor: Actor, rows: Iterable[Any]) -> dict[tuple[int, datetime], int]:
    """(folded firm, moment) -> the firm it was merged into, of those within reach."""
    folded = {row.firm_id for row in rows if row.verb == "merge"}
    if not folded:
        return {}
    found = (
        select(Merge.folded_id, Merge.at, Merge.winner_id)
        .join(Firm, Firm.id == Merge.winner_id)
        .where(Merge.folded_id.in_(folded), firms.within(actor))
    )
    return {(row.folded_id, row.at): row.winner_id for row in db.session.execute(found)}
