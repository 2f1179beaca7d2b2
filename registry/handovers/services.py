"""A deputy is named and ends; what a person has open goes to a successor, once and counted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from registry.base.belongings import Belonging
from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.vocabulary import ROLE_LABELS
from registry.handovers import queries, rules
from registry.handovers.models import Handover
from registry.notices.services import notices
from registry.people.models import Deputy, User
from registry.trail.services import trail


# -- a deputy -------------------------------------------------------------------------------------
def name_deputy(
    actor: Actor, absent: User, deputy: User | None, first: date | None, last: date | None, *, reason: str = "",
    at: datetime, on: date,
) -> Deputy:  # fmt: skip
    """Say who stands in, from a day to a day. Raises NotAllowed, FieldError."""
    if actor.user_id is None or not can(actor, "deputy.name", absent):
        raise NotAllowed
    _hold(absent)
    if deputy is None or deputy not in queries.colleagues(absent):
        raise FieldError("deputy", rules.NOT_A_COLLEAGUE)
    if deputy not in queries.deputies_for(absent):
        raise FieldError("deputy", rules.DEPUTY_WITHOUT_ROLE)
    first, last = rules.days(first, last, on)
    if (other := queries.overlapping(absent, first, last)) is not None:
        days = {"first": other.first_on.isoformat(), "last": other.last_on.isoformat()}
        raise FieldError("first_on", rules.OVERLAPS, deputy=other.deputy.name, **days)
    row = Deputy(
        absent=absent, deputy=deputy, first_on=first, last_on=last, reason=reason.strip()[: rules.REASON_MOST],
        by_id=actor.user_id, by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    after = {"deputy": deputy.name, "first_on": first, "last_on": last}
    trail.record(actor, "name_deputy", absent, at=at, after=after, reason=row.reason)
    told = {"first": first.isoformat(), "last": last.isoformat()}
    notices.tell(deputy.office_id, "deputy_named", {"absent": absent.name, **told}, at=at, user=deputy)
    notices.tell(absent.office_id, "deputy_absent", {"deputy": deputy.name, **told}, at=at, user=absent)
    return row


def end_deputy(actor: Actor, row: Deputy, *, at: datetime) -> None:
    """Before its last day; what was done by then stays done. Raises NotAllowed."""
    db.session.refresh(row, with_for_update={"of": Deputy})
    if not can(actor, "deputy.end", row):
        raise NotAllowed
    row.ended_at, row.ended_by_name = at, actor.name
    db.session.flush()
    before = {"deputy": row.deputy.name, "first_on": row.first_on, "last_on": row.last_on}
    trail.record(actor, "end_deputy", row.absent, at=at, before=before)
    told = {"absent": row.absent.name, "deputy": row.deputy.name}
    for user in (row.deputy, row.absent):
        notices.tell(user.office_id, "deputy_ended", told, at=at, user=user)


# -- a successor ----------------------------------------------------------------------------------
def hand_over(
    actor: Actor, giver: User, taker: User | None, *, seen: dict[str, int], reason: str, at: datetime
) -> Handover:  # fmt: skip
    """Move all that `giver` has open to `taker`, as it was counted before (`seen`: name -> how many).

    Raises NotAllowed, ReasonNeeded, FieldError('taker'), RegistryError where nothing is open or the counts moved on.
    """
    if actor.user_id is None or not can(actor, "work.hand_over") or actor.user_id == giver.id:
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    _hold(giver)
    lines = queries.open_lines(giver)
    if not lines:
        raise RegistryError(rules.NOTHING_OPEN)
    if taker is None or taker not in queries.colleagues(giver):
        raise FieldError("taker", rules.NOT_A_COLLEAGUE)
    for line in lines:
        if line.roles and not line.roles & set(taker.roles):
            named = tuple(ROLE_LABELS[role] for role in sorted(line.roles))
            raise FieldError("taker", rules.ROLE_MISSING, label=(line.label,), roles=named)
    counts = {line.name: line.count for line in lines}
    if counts != seen:
        raise RegistryError(rules.COUNTS_CHANGED)
    for one in queries.belongings():
        if one.name in counts:
            _move(actor, one, giver, taker, at)
    row = Handover(
        giver=giver, taker=taker, counts=counts, reason=reason.strip()[: rules.REASON_MOST], by_id=actor.user_id,
        by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _tell(actor, row, at)
    return row


def _move(actor: Actor, one: Belonging, giver: User, taker: User, at: datetime) -> None:
    """Row by row, so that whoever had one open sees that it has changed; each has its line on the trail."""
    rows = db.session.scalars(queries.rows_of(one, giver)).unique().all()
    taken = queries.names_of(one, taker) if one.called is not None else set()
    for row in rows:
        setattr(row, one.owner.key, one.whose(taker))
        if one.called is not None:
            setattr(row, one.called.key, rules.told_apart(getattr(row, one.called.key), taken, giver.name, _most(one)))
            taken.add(getattr(row, one.called.key))
        if one.named is not None:
            setattr(row, one.named.key, taker.name)
        if one.before is not None:
            had = getattr(row, one.before.key) or ","
            setattr(row, one.before.key, f"{had}{giver.id},")
        db.session.flush()
        trail.record(
            actor, "hand_over_work", row, at=at, before={"person": giver.name}, after={"person": taker.name}
        )  # fmt: skip


def _most(one: Belonging) -> int:
    """How long a name of this kind may be."""
    length: int = one.called.type.length
    return length


def _tell(actor: Actor, row: Handover, at: datetime) -> None:
    giver, taker = row.giver, row.taker
    after = {"taker": taker.name, "total": row.total, **row.counts}
    trail.record(actor, "hand_over_work", giver, at=at, after=after, reason=row.reason)
    told = {"giver": giver.name, "taker": taker.name, "count": row.total}
    notices.tell(taker.office_id, "work_received", told, at=at, user=taker)
    notices.tell(giver.office_id, "work_given", told, at=at, user=giver)


def _hold(user: User) -> None:
    """Two at once wait for each other: of the second the counts, or the days, are no longer so."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
