"""Industry codes of GB/T 4754: what a code is, and which 2017 code a code of either year stands for."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from registry.base.sentences import LIST_MARK, RESOLUTION_SENTENCES

CURRENT = 2017
FORMER = 2011
_GIVEN = re.compile(r"[A-T]?([0-9]{2,4})(?![0-9]).*|([A-T])(?![A-Z0-9]).*", re.DOTALL)


class IndustryLevel(StrEnum):
    SECTION = "section"
    DIVISION = "division"
    GROUP = "group"
    CLASS = "class"


class Note(StrEnum):
    """Why a resolution is as it is; the sentence of each stands in `sentences.RESOLUTION_SENTENCES`."""

    PLAIN = "plain"
    DRAFT_ONLY = "draft_only"
    UNLISTED = "unlisted"
    MAPPED = "mapped"
    ASK_SPLIT = "ask_split"
    ASK_YEAR = "ask_year"
    OTHER_YEAR = "other_year"
    UNMAPPED = "unmapped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class IndustryRow:
    """One row of the classification of `year`; `in_scope` marks the sectors the plan names."""

    year: int
    code: str
    name: str
    level: str
    parent: str
    section: str
    in_scope: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a given code stands for in the 2017 classification.

    `code_2017` is None where somebody has to choose (`candidates`, at least one) or nothing is known (`candidates`
    empty). `year_used` is the classification the given code was read in, None where that is the question.
    """

    given: str
    code_2017: str | None
    year_used: int | None
    note: Note
    candidates: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        return self.code_2017 is None and bool(self.candidates)

    @property
    def is_class(self) -> bool:
        """Whether a four-digit code came out; fewer digits are for drafts only."""
        return self.code_2017 is not None and len(self.code_2017) == 4

    @property
    def template(self) -> str:
        return RESOLUTION_SENTENCES[self.note.value]

    @property
    def values(self) -> dict[str, object]:
        return {
            "given": self.given,
            "code": self.code_2017 or "",
            "year": self.year_used or "",
            "candidates": LIST_MARK.join(self.candidates),
        }


class Classification:
    """Both years' codes and the map between them, built from the rows of the reference tables."""

    def __init__(self, industries: Iterable[IndustryRow], mapping: Iterable[tuple[str, str]]) -> None:
        """`mapping` holds (2011 class, 2017 class) pairs; a 2011 code with several pairs is ambiguous."""
        self._rows = {(row.year, row.code): row for row in industries}
        self._detailed = {
            (year, row.section) for (year, _), row in self._rows.items() if row.level == IndustryLevel.CLASS
        }
        targets: defaultdict[str, set[str]] = defaultdict(set)
        for code_2011, code_2017 in mapping:
            for length in (2, 3, 4):
                targets[code_2011[:length]].add(code_2017[:length])
        self._targets = {code: tuple(sorted(codes)) for code, codes in targets.items()}

    def get(self, code: str, year: int = CURRENT) -> IndustryRow | None:
        return self._rows.get((year, code))

    def all(self, year: int = CURRENT) -> tuple[IndustryRow, ...]:
        """Every row of `year`, by section and code."""
        rows = (row for row in self._rows.values() if row.year == year)
        return tuple(sorted(rows, key=lambda row: (row.section, "" if row.code == row.section else row.code)))

    def section_of(self, code: str, year: int = CURRENT) -> str | None:
        """The section letter of a code of any length, also of a class that is not listed; None where unknown."""
        row = self.get(code, year) or self.get(code[:2], year)
        return row.section if row else None

    def name_of(self, code: str, year: int = CURRENT) -> str:
        """The name of a code, of its nearest listed ancestor where it is not listed itself; empty where unknown."""
        lineage = (self.get(code[:length], year) for length in range(len(code), 0, -1))
        return next((row.name for row in lineage if row), "")

    def in_scope(self, code_2017: str) -> bool:
        row = self.get(code_2017)
        return row is not None and row.in_scope

    def resolve(self, given: str, year: int | None = None) -> Resolution:
        """Find the 2017 code `given` stands for; `year` is the classification it was taken from, if that is known.

        A year before 2017 is read as 2011, a later one (an amendment) as 2017.
        The same digits with another meaning in the two years are never guessed: without the year they ask.
        """
        code = normalise(given)
        if year is None:
            return self._resolve_undated(code)
        return self._resolve_current(code) if year >= CURRENT else self._resolve_former(code)

    def _resolve_undated(self, code: str) -> Resolution:
        in_2017, in_2011 = self._listed(code, CURRENT), self._listed(code, FORMER)
        if in_2017 and in_2011 and not self._same_meaning(code):
            candidates = tuple(dict.fromkeys((code, *self._successors(code))))
            return Resolution(code, None, None, Note.ASK_YEAR, candidates)
        return self._resolve_former(code) if in_2011 and not in_2017 else self._resolve_current(code)

    def _resolve_current(self, code: str) -> Resolution:
        if self._listed(code, CURRENT):
            note = Note.PLAIN if len(code) == 4 else Note.DRAFT_ONLY
            return Resolution(code, code, CURRENT, note if self.get(code) else Note.UNLISTED)
        if self.get(code, FORMER):
            return Resolution(code, None, CURRENT, Note.OTHER_YEAR, self._successors(code))
        return Resolution(code, None, CURRENT, Note.UNKNOWN)

    def _resolve_former(self, code: str) -> Resolution:
        if not self._listed(code, FORMER):
            known = self.get(code) is not None
            return Resolution(code, None, FORMER, Note.OTHER_YEAR if known else Note.UNKNOWN, (code,) if known else ())
        successors = self._successors(code)
        if len(successors) != 1:
            return Resolution(code, None, FORMER, Note.ASK_SPLIT if successors else Note.UNMAPPED, successors)
        note = Note.MAPPED if len(code) == 4 else Note.DRAFT_ONLY
        return Resolution(code, successors[0], FORMER, note)

    def _listed(self, code: str, year: int) -> bool:
        """Whether `code` exists in `year`; where a section is kept to two digits, any longer code of its divisions."""
        if (year, code) in self._rows:
            return True
        division = self._rows.get((year, code[:2]))
        return division is not None and (year, division.section) not in self._detailed

    def _successors(self, code: str) -> tuple[str, ...]:
        """The 2017 codes a 2011 code became: by the map, else itself where the name did not change."""
        if code in self._targets:
            return self._targets[code]
        former, current = self.get(code, FORMER), self.get(code)
        return (code,) if former and current and former.name == current.name else ()

    def _same_meaning(self, code: str) -> bool:
        """Digits that meant the same in 2011: they became themselves, or kept their name and lost a part at most."""
        successors = self._successors(code)
        former, current = self.get(code, FORMER), self.get(code)
        same_name = former is not None and current is not None and former.name == current.name
        unlisted = former is None and current is None
        return unlisted or successors == (code,) or (same_name and code in successors)


def normalise(given: str) -> str:
    """`6513`, `I6513`, `6513 name` or full-width digits as the bare code; other text comes back as it is."""
    text = unicodedata.normalize("NFKC", given).strip().upper()
    match = _GIVEN.fullmatch(text)
    return (match[1] or match[2]) if match else text
