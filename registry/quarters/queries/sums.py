"""What the lines of a quarter add up to: counted by the database, kept beside them, mended by firms touched since.

A sum is a number of firms or changes, those of them that reported, and their revenue, under a key: what it sums, and
what the summed are alike in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, distinct, func, true

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.quarters.models import QuarterLine, QuarterLineChange
from registry.quarters.queries import lines, telling
from registry.quarters.queries.lines import KeptLines
from registry.quarters.rules.lines import FirmLine

Key = tuple[Any, ...]
Sum = tuple[int, int, Decimal]
Sums = dict[Key, Sum]

PLACE, TRADE, PROPOSER, BUREAU, RULES, LISTED = "place", "trade", "proposer", "bureau", "rules", "listed"
MOVE, CHANGED, SPOT = "move", "changed", "spot"
OF_HELD = {
    PLACE: ("county", "division", "division_code", "stage", "tier"), TRADE: ("industry", "stage"),
    PROPOSER: ("proposer",), BUREAU: ("lead_bureau",), RULES: ("rules",),
}  # fmt: skip
_OF_CHANGES = {MOVE: ("kind", "way", "listed"), SPOT: ("division",)}
_LINE = sorted({column for columns in OF_HELD.values() for column in columns})
_CHANGE = sorted({column for columns in _OF_CHANGES.values() for column in columns})
_NOUGHT = Decimal(0)


def of(quarter: Quarter, actor: Actor | None = None) -> Sums:
    """Of all firms, or of those `actor` may see, as of this moment."""
    kept = of_kept(quarter, actor)
    return kept[1] if kept else _counted(lines.worked_out(quarter, actor))


def of_kept(quarter: Quarter, actor: Actor | None = None) -> tuple[KeptLines, Sums] | None:
    """With the lines that it is of; None where they are not kept."""
    while (found := lines.kept(quarter, actor)) is not None:
        sums = _mended(found)
        if lines.is_of_now(found):
            return found, sums
    return None


def _mended(found: KeptLines) -> Sums:
    sums = _read(found.sums["lines"]) if found.sums else added_up(found)
    for some in lines.spans(found.touched):
        _add(sums, added_up(found, some), -1)
    _add(sums, _counted(found.anew))
    return {key: amount for key, amount in sums.items() if amount[0]}


def under(sums: Sums, name: str) -> Iterator[tuple[Key, Sum]]:
    """The sums of one name, with what the summed are alike in."""
    return ((key[1:], amount) for key, amount in sums.items() if key[0] == name)


def number(sums: Sums, *key: Any) -> int:
    return sums.get(key, (0, 0, _NOUGHT))[0]


def added_up(found: KeptLines, some: list[int] | None = None) -> Sums:
    """By the database, in one pass of each table: all that is kept and the reader's, or of some firms."""
    sums: Sums = {}
    alike = [QuarterLine.held, QuarterLine.listed, *(getattr(QuarterLine, column) for column in _LINE)]
    revenue = QuarterLine.revenue
    amounts = func.count().label("firms"), func.count(revenue).label("reported"), func.sum(revenue)
    lines_ = found.select(QuarterLine, *alike, *amounts).where(_among(QuarterLine, some)).group_by(*alike)
    for row in db.session.execute(lines_):
        _add(sums, _of_line(row, (row.firms, row.reported, row[-1] or _NOUGHT)))
    changes = _among(QuarterLineChange, some)
    alike = [getattr(QuarterLineChange, column) for column in _CHANGE]
    moves = found.select(QuarterLineChange, *alike, func.count()).where(changes).group_by(*alike)
    for row in db.session.execute(moves):
        for key in _of_change(row):
            _add(sums, {key: (row[-1], 0, _NOUGHT)})
    kind, firms = QuarterLineChange.kind, func.count(distinct(QuarterLineChange.firm_id))
    for row in db.session.execute(found.select(QuarterLineChange, kind, firms).where(changes).group_by(kind)):
        sums[CHANGED, row[0]] = row[1], 0, _NOUGHT
    return sums


def _of_line(line: Any, amount: Sum) -> Sums:
    """What a line adds, or lines that are alike."""
    sums = {(name, *_values(line, columns)): amount for name, columns in OF_HELD.items()} if line.held else {}
    return sums | ({(LISTED,): (amount[0], 0, _NOUGHT)} if line.listed else {})


def _of_change(change: Any) -> list[Key]:
    return [(name, *_values(change, columns)) for name, columns in _OF_CHANGES.items()]


def _among(table: Any, some: list[int] | None) -> ColumnElement[bool]:
    return true() if some is None else table.firm_id.in_(some)


def _counted(found: Iterable[FirmLine]) -> Sums:
    """The same of lines that are in memory."""
    sums: Sums = {}
    for line in found:
        _add(sums, _of_line(line, (1, int(line.revenue is not None), line.revenue or _NOUGHT)))
        changes = list(telling.changes_of(line))
        keys = [key for change in changes for key in _of_change(change)]
        for key in (*keys, *{(CHANGED, str(change.kind)) for change in changes}):
            _add(sums, {key: (1, 0, _NOUGHT)})
    return sums


def _values(one: Any, columns: Iterable[str]) -> list[Any]:
    return [getattr(one, column) for column in columns]


def _add(sums: Sums, more: Mapping[Key, Sum], sign: int = 1) -> None:
    for key, amount in more.items():
        firms, reported, revenue = sums.get(key, (0, 0, _NOUGHT))
        sums[key] = firms + sign * amount[0], reported + sign * amount[1], revenue + sign * amount[2]


# -- as they are kept -----------------------------------------------------------------------------
def plain(sums: Sums) -> list[list[Any]]:
    return [[*key, *amount[:2], str(amount[2])] for key, amount in sums.items()]


def _read(kept: list[list[Any]]) -> Sums:
    return {tuple(key): (firms, reported, Decimal(revenue)) for *key, firms, reported, revenue in kept}
