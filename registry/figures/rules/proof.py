"""Which figure of a kind and period counts, and whether a paper of that very kind and period proves it.

A paper proves what it is of: its own kind and its own period, and the amount transcribed from it. A figure without
such a paper is unproven: it is kept and shown as such beside a proven one, and never replaces it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

from registry.base.periods import Period
from registry.base.vocabulary import FigureKind

STATEMENTS: Mapping[FigureKind, str] = MappingProxyType(
    {FigureKind.REVENUE: "M04", FigureKind.VAT_SALES: "M05", FigureKind.EMPLOYEES: "M15"}
)
"""The paper of one period that shows a figure of the kind."""
OF_PERIODS = frozenset(STATEMENTS.values())


class Line(Protocol):
    """One revision of a figure that is not void; `month` 0 is the full year."""

    @property
    def kind(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def month(self) -> int: ...
    @property
    def revision(self) -> int: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def document_id(self) -> int | None: ...
    @property
    def at(self) -> Any: ...


class Paper(Protocol):
    """One paper of the same firm that is not void."""

    @property
    def id(self) -> int: ...
    @property
    def material(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def month(self) -> int | None: ...
    @property
    def first_month(self) -> int | None: ...
    @property
    def at(self) -> Any: ...


L = TypeVar("L")  # a `Line`; mypy does not see that a mapped class is one


@dataclass(frozen=True, slots=True)
class Counted(Generic[L]):
    """Of one kind and period: the line that counts, and whether it is proven.

    `older` are those it replaced, `beside` those given since that no paper proves; the latest first.
    """

    line: L
    proven: bool
    older: tuple[L, ...] = ()
    beside: tuple[L, ...] = ()


def covers(paper: Paper, kind: str, period: Period) -> bool:
    """Whether the paper is of this kind and period; a full year is the same as one cumulative to December."""
    return paper.material == STATEMENTS[FigureKind(kind)] and is_of(paper, period)


def is_of(paper: Paper, period: Period) -> bool:
    """Whether the paper speaks of the period, whatever it is a paper of; one that names no period speaks of none.

    One that states the cumulative amount of each month says from which month on.
    """
    if paper.year != period.year:
        return False
    if paper.first_month and paper.first_month <= period.month <= (paper.month or 0):
        return True
    own = Period(period.year, paper.month or 0)
    return own == period or (own.is_full_year and period.is_full_year)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A paper states `amount` from the line at `place` on: it was transcribed there, or lay beside it."""

    place: int
    amount: Decimal


def proven(lines: Sequence[Line], papers: Iterable[Paper]) -> list[bool]:
    """For each line of one firm, kind and span (in the order in which they were given), whether a paper proves it.

    A line that names its paper speaks for it: the paper states that amount, and no other. Where no line names one, a
    paper at hand speaks for what stood when it was attached, else for what was given first after it. A line that names
    none is held against the last statement before it, for an earlier one may have been put right since.
    """
    if not lines:
        return []
    period = Period(lines[0].year, lines[0].month)
    fitting = {paper.id: paper for paper in papers if covers(paper, lines[0].kind, period)}
    named = {line.document_id: line.amount for line in lines if line.document_id in fitting}
    if named:
        stated = [_Statement(n, named[line.document_id]) for n, line in enumerate(lines) if line.document_id in named]
    else:
        at_hand = sorted(fitting.values(), key=lambda paper: (paper.at, paper.id))
        stated = [_spoken_for(lines, paper) for paper in at_hand]
    return [
        line.amount == (named[line.document_id] if line.document_id in named else _last_word(stated, place))
        for place, line in enumerate(lines)
    ]


def _spoken_for(lines: Sequence[Line], paper: Paper) -> _Statement:
    place = max((place for place, line in enumerate(lines) if line.at <= paper.at), default=0)
    return _Statement(place, lines[place].amount)


def _last_word(stated: Sequence[_Statement], place: int) -> Decimal | None:
    """What the papers stated last when the line at `place` was given, else what they stated first after it."""
    before = [one for one in stated if one.place <= place]
    found = before[-1:] or stated[:1]
    return found[0].amount if found else None


def counting(lines: Iterable[L], papers: Iterable[Paper]) -> list[Counted[L]]:
    """Of each kind and period of one firm: the highest proven revision, else the highest.

    A full year and one cumulative to December are two periods of one span: a paper of either speaks of both.
    """
    spans: defaultdict[tuple[str, int, int], list[Any]] = defaultdict(list)
    groups: defaultdict[tuple[str, int, int], list[tuple[Any, bool]]] = defaultdict(list)
    every: Iterable[Any] = lines
    for line in every:
        spans[line.kind, line.year, line.month or 12].append(line)
    known = tuple(papers)
    for span in spans.values():
        ordered = sorted(span, key=lambda line: (line.at, line.month, line.revision))
        for line, holds in zip(ordered, proven(ordered, known), strict=True):
            groups[line.kind, line.year, line.month].append((line, holds))
    return [_count(sorted(groups[key], key=lambda held: held[0].revision)) for key in sorted(groups)]


def as_given(lines: Iterable[L]) -> list[Counted[L]]:
    """The last word on each kind and period, taken as if a paper proved it: to see what a stage would rest on."""
    return [replace(one, proven=True) for one in counting(lines, ())]


def _count(held: Sequence[tuple[Any, bool]]) -> Counted[Any]:
    lines = [line for line, _holds in held]
    last = len(lines) - 1
    place = max((number for number, (_line, holds) in enumerate(held) if holds), default=last)
    return Counted(lines[place], held[place][1], tuple(reversed(lines[:place])), tuple(reversed(lines[place + 1 :])))
