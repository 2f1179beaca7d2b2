"""Suspected pairs in an actor's reach, which is where both firms are: the queue by value, what is beside, groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import PairingState, Stage
from registry.duplicates.models import Pairing, PairingScan
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.search import containing
from registry.matching.judgement import Band

WAITING = (PairingState.OPEN, PairingState.RETURNED)
OUT_OF_USE = (Stage.REMOVED, Stage.DELISTED, Stage.REJECTED, Stage.WITHDRAWN)
NEWEST_GROUPS = 20_000
"""Pairs that are looked at for groups; a queue longer than this is worked off by value first."""


BEFORE, SHOWN = 5, 30
"""So many pairs of the queue stand beside the one that is looked at."""
CONTRARY = "contrary"
"""Pairs of which people said the contrary of what the engine says now; their word stands."""


@dataclass(frozen=True)
class Sought:
    """What the queue is narrowed to.

    `state` is a `PairingState`, `waiting` for what is to be judged now, or `CONTRARY`.
    """

    state: str = "waiting"
    band: str = ""
    county: str = ""
    text: str = ""
    likeness: str = ""


def visible_to(actor: Actor) -> Select[Pairing]:
    """Every pair of which `actor` may see both firms, settled or not, unordered; a voided firm has no pairs."""
    return select(Pairing).where(_seen(actor, Pairing.first_id), _seen(actor, Pairing.second_id))


def one(actor: Actor, pairing_id: int) -> Select[Pairing]:
    return visible_to(actor).where(Pairing.id == pairing_id).options(*_WITH_FIRMS)


def queue(actor: Actor, sought: Sought) -> Select[Pairing]:
    """Pairs still suspected, most at stake first. A merged firm has none, nor have two firms both out of use."""
    return _narrowed(_current(actor), sought).options(*_WITH_FIRMS).order_by(Pairing.value.desc(), Pairing.id)


def every(actor: Actor, sought: Sought) -> list[Pairing]:
    """The queue with every verdict, for a file."""
    return list(db.session.scalars(queue(actor, sought).options(selectinload(Pairing.verdicts))))


def waiting(actor: Actor) -> Select[Pairing]:
    """What is to be judged now: pairs nobody has judged, and those whose records changed since."""
    return _current(actor).where(Pairing.state.in_(WAITING))


def counts(actor: Actor, sought: Sought) -> dict[str, int]:
    """Pairs by state under the other conditions of `sought`."""
    statement = _narrowed(_current(actor), Sought("", sought.band, sought.county, sought.text, sought.likeness))
    rows = db.session.execute(statement.with_only_columns(Pairing.state, func.count()).group_by(Pairing.state))
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class PairPlace:
    """Where a pair stands in the queue it is looked at in: number from 1, of how many, and who is beside it."""

    number: int
    total: int
    before: int | None
    after: int | None


def place(actor: Actor, sought: Sought, pairing: Pairing) -> PairPlace:
    """By the order of the queue, whether or not the pair itself is still in it."""
    statement = _narrowed(_current(actor), sought)
    ahead = or_(Pairing.value > pairing.value, and_(Pairing.value == pairing.value, Pairing.id < pairing.id))
    behind = or_(Pairing.value < pairing.value, and_(Pairing.value == pairing.value, Pairing.id > pairing.id))
    numbers = statement.with_only_columns(func.count(), func.count().filter(ahead))
    total, earlier = db.session.execute(numbers).one()
    before = statement.where(ahead).order_by(Pairing.value, Pairing.id.desc()).with_only_columns(Pairing.id)
    after = statement.where(behind).order_by(Pairing.value.desc(), Pairing.id).with_only_columns(Pairing.id)
    return PairPlace(earlier + 1, total, db.session.scalar(before.limit(1)), db.session.scalar(after.limit(1)))


def beside(actor: Actor, sought: Sought, pairing: Pairing) -> list[Pairing]:
    """A few pairs of the queue before this one, itself where it is still among them, and those that follow."""
    statement = _narrowed(_current(actor), sought).options(*_WITH_FIRMS)
    ahead = or_(Pairing.value > pairing.value, and_(Pairing.value == pairing.value, Pairing.id < pairing.id))
    before = statement.where(ahead).order_by(Pairing.value, Pairing.id.desc()).limit(BEFORE)
    onward = statement.where(~ahead).order_by(Pairing.value.desc(), Pairing.id).limit(SHOWN - BEFORE)
    return [*reversed(db.session.scalars(before).all()), *db.session.scalars(onward)]


def first(actor: Actor, sought: Sought) -> int | None:
    """The pair with most at stake."""
    return db.session.scalar(queue(actor, sought).with_only_columns(Pairing.id).limit(1))


def of_firm(actor: Actor, firm: Firm) -> list[Pairing]:
    """The firm's pairs, suspected or judged, with their verdicts; those of a firm outside reach are not there."""
    mine = or_(Pairing.first_id == firm.id, Pairing.second_id == firm.id)
    statement = visible_to(actor).where(mine, or_(Pairing.suspected.is_(True), Pairing.rounds > 0))
    ordered = statement.options(*_WITH_FIRMS, selectinload(Pairing.verdicts)).order_by(Pairing.id)
    return list(db.session.scalars(ordered))


def unfinished_scan() -> PairingScan | None:
    """The walk through the directory that was begun last and is not done."""
    begun = select(PairingScan).where(PairingScan.finished_at.is_(None)).order_by(PairingScan.id.desc())
    return db.session.scalars(begun.limit(1)).one_or_none()


# -- judged together --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Group:
    """Firms that hang together by suspected pairs, most at stake first."""

    firm_ids: tuple[int, ...]
    pairing_ids: tuple[int, ...]


def groups(actor: Actor, *, least: int = 3) -> list[Group]:
    """Connected pairs that are not judged *different*, of at least `least` firms."""
    statement = _current(actor).where(Pairing.state != PairingState.DIFFERENT)
    columns = statement.with_only_columns(Pairing.id, Pairing.first_id, Pairing.second_id)
    rows = db.session.execute(columns.order_by(Pairing.value.desc(), Pairing.id).limit(NEWEST_GROUPS)).all()
    return [group for group in _connected(rows) if len(group.firm_ids) >= least]


def _connected(rows: Sequence[Any]) -> list[Group]:
    root: dict[int, int] = {}

    def find(firm_id: int) -> int:
        root.setdefault(firm_id, firm_id)
        while root[firm_id] != firm_id:
            root[firm_id] = root[root[firm_id]]
            firm_id = root[firm_id]
        return firm_id

    for _id, first_id, second_id in rows:
        low, high = sorted((find(first_id), find(second_id)))
        root[high] = low
    firm_ids: dict[int, set[int]] = defaultdict(set)
    pairing_ids: dict[int, list[int]] = defaultdict(list)
    for pairing_id, first_id, second_id in rows:
        group = find(first_id)
        firm_ids[group] |= {first_id, second_id}
        pairing_ids[group].append(pairing_id)
    return [Group(tuple(sorted(firm_ids[group])), tuple(found)) for group, found in pairing_ids.items()]


def by_id(actor: Actor, ids: Iterable[int]) -> list[Pairing]:
    """Those of `ids` that are in reach, by value."""
    statement = visible_to(actor).where(Pairing.id.in_(list(ids))).options(*_WITH_FIRMS)
    return list(db.session.scalars(statement.order_by(Pairing.value.desc(), Pairing.id)))


@dataclass(frozen=True)
class EqualCase:
    """Equal cases: `count` waiting pairs that agree in the very same things; `example` is one of them."""

    likeness: str
    count: int
    example: Pairing


def cases(actor: Actor) -> list[EqualCase]:
    """Kinds of waiting pairs, the commonest first."""
    grouped = waiting(actor).with_only_columns(Pairing.likeness, func.count(), func.min(Pairing.id))
    rows = db.session.execute(grouped.group_by(Pairing.likeness)).all()
    examples = {pairing.id: pairing for pairing in by_id(actor, [row[2] for row in rows])}
    found = [EqualCase(likeness, count, examples[example]) for likeness, count, example in rows]
    return sorted(found, key=lambda case: (-case.count, case.example.id))


# -- conditions -------------------------------------------------------------------------------------
_WITH_FIRMS = (joinedload(Pairing.first), joinedload(Pairing.second))


def _seen(actor: Actor, firm_id: Any) -> ColumnElement[bool]:
    """Asked of each pair's own firms: a list of all firms in reach would be built anew for every page."""
    return (
        select(Firm.id)
        .where(Firm.id == firm_id, Firm.voided_at.is_(None), firms.within(actor))
        .correlate(Pairing)
        .exists()
    )


def _current(actor: Actor) -> Select[Pairing]:
    """Suspects, and what people called one firm though the engine does not see it."""
    told = or_(Pairing.suspected.is_(True), Pairing.state == PairingState.SAME)
    return visible_to(actor).where(told, ~_either(Firm.stage == Stage.MERGED), _either(_IN_USE))


_IN_USE = Firm.stage.not_in(OUT_OF_USE)


def _either(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """That one of the two firms at least meets `condition`."""
    both = Firm.id.in_((Pairing.first_id, Pairing.second_id))
    return select(Firm.id).where(both, condition).correlate(Pairing).exists()


def _in_state(state: str) -> ColumnElement[bool]:
    if state == CONTRARY:
        return or_(
            and_(Pairing.state == PairingState.SAME, Pairing.band == Band.DIFFERENT),
            and_(Pairing.state == PairingState.DIFFERENT, Pairing.band == Band.SAME),
        )
    states = WAITING if state == "waiting" else (state,)
    return Pairing.state.in_(states) if state else true()


def _narrowed(statement: Select[Pairing], sought: Sought) -> Select[Pairing]:
    return statement.where(
        _in_state(sought.state),
        Pairing.band == sought.band if sought.band else true(),
        Pairing.likeness == sought.likeness if sought.likeness else true(),
        _either(Firm.statistical_county == sought.county) if sought.county else true(),
        _either(containing(sought.text)) if sought.text else true(),
    )
