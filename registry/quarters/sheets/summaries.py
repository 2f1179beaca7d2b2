"""The content of a quarterly book, and every figure it prints, derived from its rows so that no two sheets disagree."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from registry.base.vocabulary import LISTED_STAGES, STAGE_LABELS, Stage, Tier
from registry.quarters.rules.lines import SliceQuery
from registry.quarters.sheets.certified import CertifiedLine
from registry.sheets.columns import Column, export_columns
from registry.sheets.wording import (
    INDUSTRY_UNKNOWN,
    MOVEMENT_CLOSING,
    MOVEMENT_CORRECTED,
    MOVEMENT_ENTERED,
    MOVEMENT_OPENING,
)

Told = TypeVar("Told")
Row = Mapping[str, Any]
"""A firm by column key, as stored: yuan as Decimal, dates, `stage` as its code; division, office, industry in words."""

DEFAULT_STAGES = (
    Stage.ADMITTED,
    Stage.QUALIFIED,
    Stage.FILED,
    Stage.IN_CHAIN,
    Stage.ENROLLED,
    Stage.REMOVED,
    Stage.DELISTED,
)
"""The stages a quarterly book holds (docs/domain.md 4): from `admitted` on, and the exits of the quarter."""

TIERS = tuple(str(tier) for tier in Tier)
_FEN = Decimal("0.01")


class ChangeKind(StrEnum):
    """What happened to a firm between two quarters, in the order of the sheet."""

    ENTERED = "entered"
    LEFT = "left"
    MOVED = "moved"
    ALTERED = "altered"
    CORRECTED = "corrected"
    """Put right in a quarter that was closed already."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one firm; `before` and `after` are words to print (a stage's label, an old name)."""

    kind: ChangeKind
    name: str
    credit_code: str | None = None
    division: str | None = None
    on: date | None = None
    what: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    firm_id: int | None = None
    """Which firm it is, for a page that links to it; not printed."""
    into_id: int | None = None
    """The firm it was merged into; `into` is its name as far as the reader may know it."""
    into: str = ""
    listed: int = 0
    """What a correction adds to the firms in the directory at the start: 1, -1 or nothing; not printed."""


class FoundLater(Sequence[Told], ABC):
    """Rows or changes that are read as they are looked at, and found where they lie."""

    @abstractmethod
    def that(self, asked: SliceQuery) -> Sequence[Told]:
        """Those that fit."""


class Move(NamedTuple):
    """What the movement counts of a change: the `way` of an exit, how many a correction adds to those `listed`."""

    kind: ChangeKind
    way: str
    listed: int


@dataclass(frozen=True, slots=True)
class BookSums:
    """Where a book's rows are sums: its firms again to look at, by trade and by office, and its changes summed up.

    `changed`: by kind the firms that have such a change; `spots`: divisions in which something changed.
    """

    firms: FoundLater[Row]
    trades: Sequence[Row]
    offices: Sequence[str]
    moves: Mapping[Move, int]
    changed: Mapping[ChangeKind, int]
    spots: Sequence[str]


@dataclass(frozen=True, slots=True)
class CountyGroup:
    """The firms of one county or zone, each firm in one group only."""

    label: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class RuleNote:
    """A rule set that a verdict of the book used."""

    name: str
    version: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class QuarterBook:
    """Everything a quarterly book prints; nothing in it depends on who exports it or when.

    `quarter` reads `2021Q3`. `divisions` gives, for the first two digits of an industry code, the printed section and
    division (`("I 信息传输、软件和信息技术服务业", "65 软件和信息技术服务业")`).
    """

    quarter: str
    as_of: date
    city: str
    groups: Sequence[CountyGroup]
    divisions: Mapping[str, tuple[str, str]]
    changes: Sequence[Change] = ()
    rules: Sequence[RuleNote] = ()
    scope: str = ""
    compared_with: str = ""
    draft: bool = False
    """Not closed yet: what it says may still change, and it says so."""
    frozen: Sequence[tuple[str, str]] = ()
    """How it was closed, as labels and texts."""
    certified: Sequence[CertifiedLine] | None = None
    """How each office's part stands; None of a quarter that was closed before there were certificates."""
    stages: Sequence[Stage] = DEFAULT_STAGES
    columns: Sequence[Column] = field(default_factory=export_columns)
    sums: BookSums | None = None

    def rows(self) -> list[Row]:
        """All firms, group after group."""
        return [row for group in self.groups for row in group.rows]


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """Firms by stage under one label; `revenue` is the year to date in yuan of the `reported` firms that have one.

    `firms` counts the exits of the quarter too, `listed` those in the directory on its last day.

    Lines of depth 0 add up to the total; a line of depth 1 is part of the line above it.
    """

    label: str
    counts: Mapping[str, int]
    firms: int
    listed: int
    reported: int
    revenue: Decimal
    depth: int = 0


def summary(label: str, rows: Iterable[Row], *, depth: int = 0) -> SummaryLine:
    """Count `rows` by stage and add their revenue."""
    counts: Counter[str] = Counter()
    reported, revenue = 0, Decimal(0)
    for row in rows:
        counts[str(row.get("stage") or "")] += firms_of(row)
        if isinstance(amount := row.get("revenue_to_date"), Decimal):
            reported += row.get("reported", 1)
            revenue += amount
    listed = sum(counts[stage] for stage in LISTED_STAGES)
    return SummaryLine(label, dict(counts), counts.total(), listed, reported, revenue, depth)


def firms_of(row: Row) -> int:
    """How many firms a row stands for: itself, or all that are alike in what the summaries count (`firms`)."""
    return int(row.get("firms", 1))


def by_county(book: QuarterBook) -> list[SummaryLine]:
    """One line for each group, empty ones too: a county without firms is a fact; under it one for each of its zones."""
    lines: list[SummaryLine] = []
    for group in book.groups:
        lines.append(summary(group.label, group.rows))
        zones = _grouped(group.rows, lambda row: str(row.get("division") or ""))
        lines += [summary(zone, rows, depth=1) for zone, rows in zones.items() if zone not in ("", group.label)]
    return lines


def by_industry(book: QuarterBook) -> list[SummaryLine]:
    """A line for each section present and under it one for each division, in the order of the codes."""
    rows = book.sums.trades if book.sums else book.rows()
    sections = _grouped(rows, lambda row: industry_of(book.divisions, row)[0])
    lines: list[SummaryLine] = []
    for section in sorted(sections, key=_unknown_last):
        lines.append(summary(section, sections[section]))
        if section != INDUSTRY_UNKNOWN:
            divisions = _grouped(sections[section], lambda row: industry_of(book.divisions, row)[1])
            lines += [summary(division, divisions[division], depth=1) for division in sorted(divisions)]
    return lines


def by_stage(book: QuarterBook) -> list[SummaryLine]:
    """One line for each stage of the book; the label is the stage's code."""
    stages = _grouped(book.rows(), lambda row: str(row.get("stage") or ""))
    ordered = [*book.stages, *sorted(set(stages) - set(book.stages))]
    return [summary(stage, stages.get(stage, [])) for stage in ordered]


@dataclass(frozen=True, slots=True)
class Movement:
    """One step from the directory's size at the last quarter's end to this one's; `firms` is signed but for totals."""

    label: str
    firms: int
    total: bool = False


def movement(book: QuarterBook) -> list[Movement]:
    """From the listed firms of the quarter before to those of this one; the steps add up to the last total."""
    moves = book.sums.moves if book.sums else Counter(map(move_of, book.changes))
    return movement_of(sum(firms_of(row) for row in book.rows() if is_listed(row)), moves)


def move_of(change: Change) -> Move:
    left, corrected = (change.kind is kind for kind in (ChangeKind.LEFT, ChangeKind.CORRECTED))
    return Move(change.kind, change.after.partition("（")[0] if left else "", change.listed if corrected else 0)


def movement_of(closing: int, moves: Mapping[Move, int]) -> list[Movement]:
    """The same from the listed firms at the end and how many changes the quarter has of each move."""
    steps = [
        (MOVEMENT_CORRECTED, sum(move.listed * count for move, count in moves.items())),
        (MOVEMENT_ENTERED, sum(count for move, count in moves.items() if move.kind is ChangeKind.ENTERED)),
        *((label, -count) for label, count in _exits(moves)),
    ]
    opening = closing - sum(count for _, count in steps)
    shown = [Movement(label, count) for label, count in steps if count or label != MOVEMENT_CORRECTED]
    return [Movement(MOVEMENT_OPENING, opening, total=True), *shown, Movement(MOVEMENT_CLOSING, closing, total=True)]


def _exits(moves: Mapping[Move, int]) -> list[tuple[str, int]]:
    """Exits by the way they went; every way of leaving is named, also where nobody took it."""
    ways = [STAGE_LABELS[stage] for stage in (Stage.REMOVED, Stage.DELISTED, Stage.MERGED)]
    found = Counter({move.way: count for move, count in moves.items() if move.kind is ChangeKind.LEFT})
    return [(way, found[way]) for way in ways] + [(way, found[way]) for way in sorted(found) if way not in ways]


def changed_firms(book: QuarterBook) -> dict[ChangeKind, int]:
    """How many firms have a change of each kind."""
    if book.sums:
        return {kind: book.sums.changed.get(kind, 0) for kind in ChangeKind}
    return {kind: len({change.firm_id for change in book.changes if change.kind is kind}) for kind in ChangeKind}


@dataclass(frozen=True, slots=True)
class TierLine:
    """Listed firms of one county by tier; `counts` are in the order of `TIERS`, the last of them without a tier."""

    label: str
    counts: tuple[int, ...]

    @property
    def firms(self) -> int:
        return sum(self.counts)


def by_tier(book: QuarterBook) -> list[TierLine]:
    """County by county, of the firms in the directory on the last day; exits of the quarter are left out."""
    return [
        tier_line(group.label, _counted((row.get("tier") or "", firms_of(row)) for row in group.rows if is_listed(row)))
        for group in book.groups
    ]


def _counted(found: Iterable[tuple[str, int]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for label, number in found:
        counts[label] += number
    return counts


def tier_line(label: str, found: Mapping[str, int]) -> TierLine:
    """`found`: tier -> firms, "" for those without one."""
    return TierLine(label, tuple(found.get(tier, 0) for tier in (*TIERS, "")))


def is_listed(row: Row) -> bool:
    return row.get("stage") in LISTED_STAGES


def _grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def industry_of(divisions: Mapping[str, tuple[str, str]], row: Row) -> tuple[str, str]:
    """The printed section and division of the firm's industry."""
    return divisions.get(str(row.get("industry") or "")[:2], (INDUSTRY_UNKNOWN, INDUSTRY_UNKNOWN))


OFFICE_COLUMNS = ("proposer", "lead_bureau")
"""A row is the part of the office that nominated, and of the bureau in charge."""


def offices_of(book: QuarterBook) -> Sequence[str]:
    """The names of the offices that have rows in the book."""
    if book.sums:
        return book.sums.offices
    return sorted({str(row[key]) for row in book.rows() for key in OFFICE_COLUMNS if row.get(key)})


def changed_spots(book: QuarterBook) -> Sequence[str]:
    """The divisions in which something changed."""
    return book.sums.spots if book.sums else sorted({one.division for one in book.changes if one.division})


def change_traits(change: Change) -> list[tuple[str, str | None]]:
    return [("kind", change.kind), ("division", change.division)]


def traits_of(divisions: Mapping[str, tuple[str, str]], county: str, row: Row) -> list[tuple[str, str | None]]:
    """What a firm can be asked for by, name and value: what the tables count it under, its offices, how it stands."""
    return [
        ("place", county), ("place", row.get("division")),
        *(("industry", label) for label in industry_of(divisions, row)),
        ("stage", row.get("stage")), ("tier", row.get("tier") or "-"),
        *(("office", row.get(key)) for key in OFFICE_COLUMNS),
        ("only", "listed" if is_listed(row) else None),
        ("only", "reported" if row.get("revenue_to_date") is not None else None),
    ]  # fmt: skip


def _unknown_last(section: str) -> tuple[bool, str]:
    return section == INDUSTRY_UNKNOWN, section


def canonical_digest(rows: Iterable[Row]) -> str:
    """SHA-256 in hexadecimal over the canonical rows; the order of the rows does not matter.

    A row is one JSON object: keys sorted, no spaces, UTF-8; money and other decimals as strings with two places (rates
    with all of theirs), dates in ISO form, missing values null. Lines are sorted by bytes and joined by a line feed.
    """
    return hashlib.sha256(b"\n".join(sorted(canonical_row(row) for row in rows))).hexdigest()


def canonical_row(row: Row) -> bytes:
    """One row as the digest sees it."""
    plain = {key: _plain(value) for key, value in row.items()}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool | int):
        return value
    return str(value)


def _digits(value: Decimal) -> str:
    """At least two places, no exponent, no trailing zeros beyond them: 1E+1 and 10.000 are the same number."""
    fen = value.quantize(_FEN)
    return format(fen if fen == value else value.normalize(), "f")


def printed_digest(book: QuarterBook) -> str:
    """The digest of what the book's directory sheet prints: its columns, of all its rows."""
    keys = [column.key for column in book.columns]
    return canonical_digest({key: row.get(key) for key in keys} for row in book.rows())
