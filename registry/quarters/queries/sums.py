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
    """By the database: all that is kept and the reader's, or of some firms."""
    sums: Sums = {}
    held = QuarterLine.held, _among(QuarterLine, some)
    for name, columns in OF_HELD.items():
        alike = [getattr(QuarterLine, column) for column in columns]
        amounts = func.count(), func.count(QuarterLine.revenue), func.sum(QuarterLine.revenue)
        for row in db.session.execute(found.select(QuarterLine, *alike, *amounts).where(*held).group_by(*alike)):
            sums[name, *row[:-3]] = row[-3], row[-2], row[-1] or _NOUGHT
    listed = found.select(QuarterLine, func.count()).where(QuarterLine.listed, _among(QuarterLine, some))
    sums[LISTED,] = db.session.scalar(listed) or 0, 0, _NOUGHT
    of_changes = [(name, columns, func.count()) for name, columns in _OF_CHANGES.items()]
    of_changes.append((CHANGED, ("kind",), func.count(distinct(QuarterLineChange.firm_id))))
    for name, columns, counted in of_changes:
        alike = [getattr(QuarterLineChange, column) for column in columns]
        rows = found.select(QuarterLineChange, *alike, counted).where(_among(QuarterLineChange, some)).group_by(*alike)
        for row in db.session.execute(rows):
            sums[name, *row[:-1]] = row[-1], 0, _NOUGHT
    return sums


def _among(table: Any, some: list[int] | None) -> ColumnElement[bool]:
    return true() if some is None else table.firm_id.in_(some)


def _counted(found: Iterable[FirmLine]) -> Sums:
    """The same of lines that are in memory."""
    sums: Sums = {}
    for line in found:
        keys: list[Key] = [(LISTED,)] * line.listed
        changes = list(telling.changes_of(line))
        keys += [(name, *_values(one, columns)) for one in changes for name, columns in _OF_CHANGES.items()]
        keys += {(CHANGED, str(change.kind)) for change in changes}
        for key in keys:
            _add(sums, {key: (1, 0, _NOUGHT)})
        if line.held:
            amount = 1, int(line.revenue is not None), line.revenue or _NOUGHT
            _add(sums, {(name, *_values(line, columns)): amount for name, columns in OF_HELD.items()})
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
