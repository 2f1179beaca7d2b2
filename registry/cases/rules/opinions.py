"""Opinions of experts: who may give none and on what ground, scores as numbers, what they come to once opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NamedTuple

from registry.cases.rules.kinds import Criterion, Kind
from registry.cases.texts import NO_INTEREST
from registry.matching.decide import compare
from registry.matching.judgement import Band
from registry.matching.normalise import fold, key_of
from registry.matching.parse import Parts, parse
from registry.matching.records import Record

_BETWEEN = re.compile(r"[、，,；;\n|]+")
_CENT = Decimal("0.01")
_TENTH = Decimal("0.1")


class GroundKind(StrEnum):
    EMPLOYER = "employer"
    FORMER = "former"
    INTEREST = "interest"


class PartyRole(StrEnum):
    """What a name is to the case: whoever applies, to whom it belongs, the legal person of that."""

    APPLICANT = "applicant"
    OWNER = "owner"
    PARENT = "parent"


class Concerned(NamedTuple):
    """A name that the case concerns."""

    role: PartyRole
    name: str


class RecusalGround(NamedTuple):
    """Why an expert takes no part; `said` as declared, `party` whom it meets (of an interest: nobody)."""

    kind: GroundKind
    said: str
    party: Concerned | None = None


def grounds(employer: str, former: str, interests: str, parties: Iterable[Concerned]) -> list[RecusalGround]:
    """Every ground, each declared name once. `former`: several names, apart by marks or lines."""
    known = list(parties)
    found = [
        RecusalGround(kind, name, party)
        for kind, names in ((GroundKind.EMPLOYER, [employer]), (GroundKind.FORMER, _BETWEEN.split(former)))
        for name in names
        if (party := _met(name.strip(), known)) is not None
    ]
    if not is_nothing(interests):
        found.append(RecusalGround(GroundKind.INTEREST, interests.strip()))
    return found


def _met(name: str, parties: Iterable[Concerned]) -> Concerned | None:
    return next((party for party in parties if is_one(name, party.name)), None)


def is_nothing(interests: str) -> bool:
    """Whether what was declared says that there is none."""
    return fold(interests) in {fold(word) for word in NO_INTEREST}


def is_one(name: str, other: str) -> bool:
    """Whether two names are one legal person's: as written in whatever script, width, brackets and legal form; a
    branch is its legal person. Where only one of them names a place, what is left of both decides.
    """
    if not key_of(name) or not key_of(other):
        return False
    said = compare(Record(name), Record(other))
    return said.band is Band.SAME or said.link is not None or _is_same_body(parse(name), parse(other))


def _is_same_body(one: Parts, other: Parts) -> bool:
    if not one.own_text or one.own_text != other.own_text:
        return False
    places = [sorted(division.token for division in parts.divisions) for parts in (one, other)]
    return places[0] == places[1] or not all(places)


# -- scores ---------------------------------------------------------------------------------------
def points(criterion: Criterion, text: str) -> Decimal | None:
    """From 0 to `most`, with one place at most; None for anything else."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number <= criterion.most or number != number.quantize(_TENTH):
        return None
    return number


def enough(kind: Kind, opinions: Iterable[Any]) -> bool:
    """Whether as many as the kind asks for gave an opinion: recusals do not count."""
    return given(opinions) >= asked(kind)


def asked(kind: Kind) -> int:
    """How many experts the kind asks for."""
    return kind.whole("experts", 1)


def given(opinions: Iterable[Any]) -> int:
    return sum(not one.recusal for one in opinions)


class ExpertScore(NamedTuple):
    expert: str
    points: Decimal
    reason: str


@dataclass(frozen=True)
class CriterionResult:
    """`average` with two places; `spread`: between the highest and the lowest."""

    criterion: Criterion
    scores: tuple[ExpertScore, ...]
    average: Decimal
    spread: Decimal


@dataclass(frozen=True)
class OpinionResult:
    """What opened opinions come to; `total` is the sum of what each expert gave, averaged over experts."""

    criteria: tuple[CriterionResult, ...]
    totals: tuple[tuple[str, Decimal], ...]
    total: Decimal
    spread: Decimal
    most: int
    favours: int
    experts: int


def result(kind: Kind, opinions: Iterable[Any]) -> OpinionResult | None:
    """None while they are sealed, or where nobody scored: a sealed score is not looked at here either."""
    rows = list(opinions)
    voices = [one for one in rows if not one.recusal]
    if not voices or any(one.opened_at is None for one in rows):
        return None
    criteria = tuple(_of_criterion(one, voices) for one in kind.criteria)
    totals = tuple((voice.expert, sum(_points(voice.scores), Decimal(0))) for voice in voices)
    sums = [number for _expert, number in totals]
    return OpinionResult(
        criteria, totals, _average(sums), max(sums) - min(sums), sum(one.most for one in kind.criteria),
        sum(bool(one.favours) for one in voices), len(voices),
    )  # fmt: skip


def _of_criterion(criterion: Criterion, voices: Iterable[Any]) -> CriterionResult:
    scores = tuple(
        ExpertScore(voice.expert, Decimal(held[0]), held[1])
        for voice in voices
        if (held := voice.scores.get(criterion.code)) is not None
    )
    numbers = [score.points for score in scores]
    spread = max(numbers) - min(numbers) if numbers else Decimal(0)
    return CriterionResult(criterion, scores, _average(numbers), spread)


def _points(scores: Mapping[str, list[str]]) -> Iterator[Decimal]:
    return (Decimal(number) for number, _reason in scores.values())


def _average(numbers: list[Decimal]) -> Decimal:
    if not numbers:
        return Decimal(0)
    return (sum(numbers, Decimal(0)) / len(numbers)).quantize(_CENT, ROUND_HALF_UP)
