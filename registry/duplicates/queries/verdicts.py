"""Which words on pairs still hold, and how good the bands and the thresholds prove by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import Ruling
from registry.duplicates.models import Pairing, PairVerdict
from registry.duplicates.queries.pairs import visible_to
from registry.duplicates.rules import TOLD, Share
from registry.firms.models.firms import Firm

Pair = tuple[int, int]


def standing(pairs: Iterable[Pair]) -> dict[Pair, PairVerdict]:
    """The last verdict of each pair (lower id first) where it still holds: no record has changed since."""
    wanted = sorted({(min(pair), max(pair)) for pair in pairs})
    if not wanted:
        return {}
    named = or_(*(and_(Pairing.first_id == first, Pairing.second_id == second) for first, second in wanted))
    return _standing(named)


def apart_from(firm: Firm) -> dict[int, PairVerdict]:
    """Other firm's id -> the *different* that keeps it from being asked about `firm` again: judged, or told."""
    mine = or_(Pairing.first_id == firm.id, Pairing.second_id == firm.id)
    found = _standing(mine, Ruling.DIFFERENT) | _told(mine)
    return {second if first == firm.id else first: verdict for (first, second), verdict in found.items()}


def _standing(condition: object, ruling: Ruling | None = None) -> dict[Pair, PairVerdict]:
    """A state that is a ruling says that the last verdict holds (services.pairings keeps it so)."""
    statement = (
        select(Pairing.first_id, Pairing.second_id, PairVerdict)
        .join(PairVerdict, _is_last_judged())
        .where(condition, Pairing.state == ruling if ruling else Pairing.state == PairVerdict.ruling)  # type: ignore[arg-type]
        .order_by(Pairing.id)
    )
    return {(first, second): verdict for first, second, verdict in db.session.execute(statement)}


def _is_last_judged() -> ColumnElement[bool]:
    """The last word on the pair that is a verdict; what was told at a form afterwards does not hide it."""
    word = aliased(PairVerdict)
    last = select(func.max(word.round)).where(word.pairing_id == Pairing.id, word.source != TOLD)
    return and_(PairVerdict.pairing_id == Pairing.id, PairVerdict.round == last.scalar_subquery())


def _told(condition: ColumnElement[bool]) -> dict[Pair, PairVerdict]:
    """What was said last by somebody who may not judge, of records that have not changed since."""
    unchanged = (
        PairVerdict.first_digest == Pairing.first_digest,
        PairVerdict.second_digest == Pairing.second_digest,
    )
    statement = (
        select(Pairing.first_id, Pairing.second_id, PairVerdict)
        .join(PairVerdict, and_(PairVerdict.pairing_id == Pairing.id, PairVerdict.round == Pairing.rounds))
        .where(condition, PairVerdict.source == TOLD, *unchanged)
        .order_by(Pairing.id)
    )
    return {(first, second): verdict for first, second, verdict in db.session.execute(statement)}


# -- how good the bands are -------------------------------------------------------------------------
@dataclass(frozen=True)
class Quality:
    """The verdicts on pairs of one band, as the engine saw them then; `precise` leaves *unsure* out."""

    band: str
    blind: bool
    same: int
    different: int
    unsure: int

    @property
    def precise(self) -> Share:
        """How often the band was right: *same* and *review* by one firm, *different* by two."""
        right = self.different if self.band == "different" else self.same
        return Share(right, self.same + self.different)


def quality(actor: Actor) -> list[Quality]:
    """By band and by whether the judge saw the engine's opinion; of each pair and way the last word counts."""
    later = aliased(PairVerdict)
    superseded = (
        select(later.id)
        .where(
            later.pairing_id == PairVerdict.pairing_id,
            later.round > PairVerdict.round,
            later.blind == PairVerdict.blind,
            later.source != TOLD,
        )
        .exists()
    )
    seen = visible_to(actor).with_only_columns(Pairing.id)
    statement = (
        select(PairVerdict.band, PairVerdict.blind, PairVerdict.ruling, func.count())
        .where(PairVerdict.pairing_id.in_(seen), PairVerdict.source != TOLD, ~superseded)
        .group_by(PairVerdict.band, PairVerdict.blind, PairVerdict.ruling)
    )
    found: dict[tuple[str, bool], dict[str, int]] = defaultdict(dict)
    for band, blind, ruling, number in db.session.execute(statement):
        found[band, blind][ruling] = number
    return [
        Quality(band, blind, *(found.get((band, blind), {}).get(ruling, 0) for ruling in Ruling))
        for band in ("same", "review", "different")
        for blind in (False, True)
    ]


@dataclass(frozen=True)
class Expected:
    """One band under other thresholds: pairs in it, and what people said of those that are judged."""

    band: str
    pairs: int
    now: int
    judged_same: int
    judged_different: int

    @property
    def right(self) -> Share:
        right = self.judged_different if self.band == "different" else self.judged_same
        return Share(right, self.judged_same + self.judged_different)


def what_if(actor: Actor, *, same: Decimal, review: Decimal) -> list[Expected]:
    """The stored pairs under other thresholds of the score (0..100): *same* from `same` on, *review* from `review` on.

    Two different valid codes stay two firms whatever the score. The last verdict of a pair counts, standing or not.
    """
    band = case(
        (Pairing.warning.is_(True), "different"),
        (Pairing.score >= same, "same"),
        (Pairing.score >= review, "review"),
        else_="different",
    ).label("expected")
    seen = visible_to(actor).with_only_columns(Pairing.id)
    statement = (
        select(band, Pairing.band, PairVerdict.ruling, func.count())
        .outerjoin(
            PairVerdict,
            _is_last_judged(),
        )
        .where(Pairing.id.in_(seen))
        .group_by("expected", Pairing.band, PairVerdict.ruling)
    )
    rows = db.session.execute(statement).all()

    def add(name: str, ruling: str | None = None) -> int:
        return sum(row[3] for row in rows if row[0] == name and (ruling is None or row[2] == ruling))

    return [
        Expected(
            name,
            add(name),
            sum(row[3] for row in rows if row[1] == name),
            add(name, Ruling.SAME),
            add(name, Ruling.DIFFERENT),
        )
        for name in ("same", "review", "different")
    ]
