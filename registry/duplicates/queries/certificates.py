"""How many duplicates are still unfound, by what people said of the sample that was drawn last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from registry.base.extensions import db, once
from registry.base.permissions import Actor
from registry.base.vocabulary import Ruling
from registry.duplicates.models import Pairing, PairVerdict, RecallPair, RecallSample
from registry.duplicates.queries.pairs import PairPlace, visible_to
from registry.duplicates.rules import TOLD
from registry.matching.recall import FoundBy, JudgedPairs, Unfound, unfound


@dataclass(frozen=True)
class Kind:
    """One kind of pairs: how many, how many of them certain, and what became of those that were drawn."""

    found: FoundBy
    pairs: int
    certain: int
    open: int
    drawn: int
    same: int
    different: int
    unsure: int
    seen: int
    """Judged by somebody who saw the engine's opinion."""

    @property
    def judged(self) -> int:
        """*Unsure* tells nothing."""
        return self.same + self.different

    @property
    def tally(self) -> JudgedPairs:
        return JudgedPairs(self.certain, self.open, self.judged, self.same)


@dataclass(frozen=True)
class Certificate:
    """A sample and what it says as far as it is judged."""

    sample: RecallSample
    kinds: tuple[Kind, ...]

    @cached_property
    def unfound(self) -> Unfound | None:
        """None while nothing can be said."""
        return unfound({kind.found: kind.tally for kind in self.kinds})

    @property
    def drawn(self) -> int:
        return sum(kind.drawn for kind in self.kinds)

    @property
    def answered(self) -> int:
        return sum(kind.judged + kind.unsure for kind in self.kinds)

    @property
    def suspected(self) -> int:
        """Pairs the engine found: everything but what evidence alone put together."""
        return sum(kind.pairs for kind in self.kinds if kind.found is not FoundBy.EVIDENCE)

    def facts(self) -> dict[str, Any] | None:
        """As a closed quarter keeps it; None while nothing can be said."""
        if (said := self.unfound) is None:
            return None
        return {
            "drawn_on": self.sample.drawn_at.date().isoformat(), "firms": self.sample.firms,
            "suspected": self.suspected, "drawn": self.drawn, "judged": sum(kind.judged for kind in self.kinds),
            "likely": said.likely, "low": said.low, "high": said.high, "seed": self.sample.seed,
        }  # fmt: skip


def current() -> Certificate | None:
    """By the sample drawn last; None where none was."""
    sample = db.session.scalars(_last()).one_or_none()
    return None if sample is None else Certificate(sample, tuple(_kinds(sample)))


def _last() -> Select[RecallSample]:
    return select(RecallSample).order_by(RecallSample.id.desc()).limit(1)


def _kinds(sample: RecallSample) -> list[Kind]:
    said: Counter[tuple[str, str, bool]] = Counter()
    drawn: Counter[str] = Counter()
    for row in db.session.execute(_answers(sample.id)):
        drawn[row.kind] += 1
        if row.ruling is not None:
            said[row.kind, row.ruling, row.blind] += 1
    return [_kind(found, sample.sizes.get(found, {}), drawn[found], said) for found in FoundBy]


def _kind(found: FoundBy, sizes: Mapping[str, int], drawn: int, said: Counter[tuple[str, str, bool]]) -> Kind:
    def count(ruling: str) -> int:
        return said[found, ruling, True] + said[found, ruling, False]

    seen = sum(said[found, ruling, False] for ruling in Ruling)
    pairs, certain, still_open = (sizes.get(key, 0) for key in ("pairs", "certain", "open"))
    same, different, unsure = (count(ruling) for ruling in (Ruling.SAME, Ruling.DIFFERENT, Ruling.UNSURE))
    return Kind(found, pairs, certain, still_open, drawn, same, different, unsure, seen)


def _answers(sample_id: int) -> Select[int, int, str, str, bool]:
    """Each pair of the sample with the last verdict on it since it was drawn."""
    since = (
        select(PairVerdict.pairing_id, func.max(PairVerdict.round).label("round"))
        .join(RecallPair, RecallPair.pairing_id == PairVerdict.pairing_id)
        .where(RecallPair.sample_id == sample_id, PairVerdict.round > RecallPair.rounds, PairVerdict.source != TOLD)
        .group_by(PairVerdict.pairing_id)
        .subquery()
    )
    last = and_(PairVerdict.pairing_id == since.c.pairing_id, PairVerdict.round == since.c.round)
    return (
        select(RecallPair.number, RecallPair.pairing_id, RecallPair.kind, PairVerdict.ruling, PairVerdict.blind)
        .outerjoin(since, since.c.pairing_id == RecallPair.pairing_id)
        .outerjoin(PairVerdict, last)
        .where(RecallPair.sample_id == sample_id)
        .order_by(RecallPair.number)
    )


# -- judging it blind -------------------------------------------------------------------------------
def waiting() -> frozenset[int]:
    """Pairings of the sample that nobody has judged since: of these the engine's opinion is shown to nobody."""
    return once("recall_waiting", _waiting)


def _waiting() -> frozenset[int]:
    number = db.session.scalar(_last().with_only_columns(RecallSample.id))
    if number is None:
        return frozenset()
    return frozenset(row.pairing_id for row in db.session.execute(_answers(number)) if row.ruling is None)


def pairs_of(actor: Actor, sample: RecallSample) -> list[tuple[int, Pairing, bool]]:
    """(number, pair, whether it is judged) of those whose firms `actor` may both see, in order."""
    seen = visible_to(actor).with_only_columns(Pairing.id)
    rows = (
        select(RecallPair)
        .where(RecallPair.sample_id == sample.id, RecallPair.pairing_id.in_(seen))
        .options(joinedload(RecallPair.pairing).options(joinedload(Pairing.first), joinedload(Pairing.second)))
        .order_by(RecallPair.number)
    )
    return [(row.number, row.pairing, row.pairing_id not in waiting()) for row in db.session.scalars(rows).unique()]


def _order() -> list[int]:
    """The pairings of the last sample in their order."""
    last = _last().with_only_columns(RecallSample.id).scalar_subquery()
    rows = select(RecallPair.pairing_id).where(RecallPair.sample_id == last).order_by(RecallPair.number)
    return list(db.session.scalars(rows))


def place(pairing: Pairing) -> PairPlace | None:
    """Where the pair stands in the sample; None where it is not of the last one."""
    order = _order()
    if pairing.id not in order:
        return None
    at = order.index(pairing.id)
    before, after = order[at - 1 : at] if at else [], order[at + 1 : at + 2]
    return PairPlace(at + 1, len(order), next(iter(before), None), next(iter(after), None))


def following(pairing_id: int) -> int | None:
    """The next pair of the sample that nobody judged yet, from this one on and around."""
    order, left = _order(), _waiting()
    at = order.index(pairing_id) if pairing_id in order else -1
    ahead = [*order[at + 1 :], *order[: max(at, 0)]]
    return next((one for one in ahead if one in left), None)
