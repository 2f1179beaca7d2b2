"""What a person has open, counted; who may take it; who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal, or_, select, true, union_all

from registry.base.belongings import Belonging
from registry.base.extensions import db, provided
from registry.base.permissions import ADMINISTRATORS, Actor, can
from registry.handovers.models import Handover
from registry.people.models import Deputy, User


@dataclass(frozen=True)
class OpenLine:
    """So many open things of one kind; `for_deputy`: they wait for a deputy too."""

    name: str
    label: str
    count: int
    roles: frozenset[str]
    for_deputy: bool


def belongings() -> list[Belonging]:
    """Every kind that a feature declares, from the ground up."""
    return [one for declared in provided("belongings") for one in declared]


def rows_of(one: Belonging, user: User) -> Select[Any]:
    """The open things of this kind that are the person's, the oldest first."""
    model = one.owner.class_
    return select(model).where(one.owner == one.whose(user), one.open(user)).order_by(model.id)


def names_of(one: Belonging, user: User) -> set[str]:
    """What those of this kind are called that are the person's already, open or not."""
    return set(db.session.scalars(select(one.called).where(one.owner == one.whose(user))))


def open_lines(user: User) -> list[OpenLine]:
    """How much of each kind the person has open, in one statement; kinds without any are left out."""
    kinds = belongings()
    parts = [
        select(literal(place).label("place"), func.count().label("number"))
        .select_from(one.owner.class_)
        .where(one.owner == one.whose(user), one.open(user))
        for place, one in enumerate(kinds)
    ]
    counted = {place: number for place, number in db.session.execute(union_all(*parts)).all() if number}
    return [
        OpenLine(one.name, one.label, counted[place], one.roles, one.for_deputy)
        for place, one in enumerate(kinds)
        if place in counted
    ]


def labels() -> dict[str, str]:
    """What each kind is called, for counts that are kept by name."""
    return {one.name: one.label for one in belongings()}


# -- people ---------------------------------------------------------------------------------------
def colleagues(user: User) -> list[User]:
    """Active accounts of the same office but this one, by name; accounts without a role are none."""
    rows = select(User).where(User.office_id == user.office_id, User.id != user.id, User.active)
    found = db.session.scalars(rows.order_by(User.name, User.id)).unique()
    return [one for one in found if one.roles]


def successors(user: User, lines: Iterable[OpenLine]) -> list[User]:
    """Those of them who hold a role that each open kind needs."""
    needed = [line.roles for line in lines if line.roles]
    return [one for one in colleagues(user) if all(roles & set(one.roles) for roles in needed)]


def deputies_for(user: User) -> list[User]:
    """Whom the person may name: colleagues with work in the directory."""
    return [one for one in colleagues(user) if not set(one.roles) & ADMINISTRATORS]


# -- who stands in for whom -----------------------------------------------------------------------
def deputies(actor: Actor) -> Select[Deputy]:
    """Those of and by the person; an administrator of accounts sees all: names and days, no work. The newest first."""
    mine = or_(Deputy.absent_id == (actor.user_id or -1), Deputy.deputy_id == (actor.user_id or -1))
    within = true() if can(actor, "user.list") else mine
    return select(Deputy).where(within).order_by(Deputy.first_on.desc(), Deputy.id.desc())


def deputy(actor: Actor, number: int) -> Select[Deputy]:
    return deputies(actor).where(Deputy.id == number)


def of(actor: Actor, user: User) -> list[Deputy]:
    """Who stands in for this person, or did."""
    return list(db.session.scalars(deputies(actor).where(Deputy.absent_id == user.id)).unique())


def by(actor: Actor, user: User) -> list[Deputy]:
    """For whom this person stands in, or did."""
    return list(db.session.scalars(deputies(actor).where(Deputy.deputy_id == user.id)).unique())


def overlapping(user: User, first: date, last: date) -> Deputy | None:
    rows = select(Deputy).where(
        Deputy.absent_id == user.id, Deputy.ended_at.is_(None), Deputy.first_on <= last, Deputy.last_on >= first
    )
    return db.session.scalars(rows.order_by(Deputy.id).limit(1)).unique().first()


def state_of(row: Deputy, on: date) -> str:
    """`ended` early, `over`, `coming` or `now`."""
    if row.ended_at is not None:
        return "ended"
    if row.last_on < on:
        return "over"
    return "coming" if row.first_on > on else "now"


def handovers_of(user: User) -> Sequence[Handover]:
    """What the person gave or took, the newest first."""
    rows = select(Handover).where(or_(Handover.giver_id == user.id, Handover.taker_id == user.id))
    return db.session.scalars(rows.order_by(Handover.id.desc())).unique().all()
