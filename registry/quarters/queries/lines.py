"""What a quarter that is not closed says of each firm: kept lines of whom nothing has touched since, the others anew.

A line is what `worked_out` makes of one firm. Which firms were touched, the database says itself: triggers on every
table that `worked_out` reads (`rules.lines.WATCHED`) note the firm in the same transaction. Lines are of a basis: the
release, and the reference data and closed quarters that are the same for every firm.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.config import ROOT
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.pathway.queries import directory
from registry.pathway.queries.directory import EVERY
from registry.quarters.models import QuarterBasis, QuarterDrawing, QuarterLine, QuarterLineChange, QuarterTouch
from registry.quarters.queries import concerned, corrections, rows, snapshots, telling
from registry.quarters.rules.frozen import canonical, digest
from registry.quarters.rules.lines import FirmLine

SPAN = 500
MANY = 5_000
"""Touched firms whose numbers a statement still takes."""
_COLUMNS = tuple(getattr(QuarterLine, name) for name in FirmLine._fields)


@dataclass(frozen=True)
class KeptLines:
    """What is kept of a quarter, for one look: `anew` are the lines of the firms that were `touched` since.

    `sums`: what all kept lines of the city add up to, as it was kept at that `version`; None where it was not.
    """

    quarter: Quarter
    actor: Actor | None
    version: int
    sums: Mapping[str, Any] | None
    touched: frozenset[int]
    anew: tuple[FirmLine, ...]

    def select(self, table: type[QuarterLine] | type[QuarterLineChange], *columns: Any) -> Select[Any]:
        """Of this table what is the reader's, of touched firms too."""
        found = select(*columns).select_from(table).where(table.quarter == self.quarter.label)
        if self.actor is None:
            return found
        return found.join(Firm, Firm.id == table.firm_id).where(directory.reach(self.actor))

    def untouched(self, table: type[QuarterLine] | type[QuarterLineChange], *columns: Any) -> Select[Any]:
        found = self.select(table, *columns)
        return found.where(table.firm_id.not_in(sorted(self.touched))) if self.touched else found


def kept(quarter: Quarter, actor: Actor | None = None) -> KeptLines | None:
    """None where the lines are not kept, or so many firms were touched that whoever asks reads them all."""
    if not is_kept(quarter):
        return None
    drawing = db.session.get_one(QuarterDrawing, quarter.label)
    version, sums = drawing.version, json.loads(drawing.sums) if actor is None and drawing.sums else None
    touched = touched_firms()  # before the lines: what is noted after it was read is in them, or is noted still
    if len(touched) > MANY:
        return None
    return KeptLines(quarter, actor, version, sums, frozenset(touched), tuple(_anew(quarter, actor, touched)))


def is_of_now(found: KeptLines) -> bool:
    """Whether nobody has drawn since it was read, so that several questions had one answer."""
    drawn = select(QuarterDrawing.version).where(QuarterDrawing.quarter == found.quarter.label)
    return bool(db.session.scalar(drawn) == found.version)


def of(quarter: Quarter, actor: Actor | None = None) -> list[FirmLine]:
    """The lines of all firms, or of those `actor` may see, as of this moment."""
    found = kept(quarter, actor)
    if found is None:
        return list(worked_out(quarter, actor))
    return [*(FirmLine(*line) for line in db.session.execute(found.untouched(QuarterLine, *_COLUMNS))), *found.anew]


def _anew(quarter: Quarter, actor: Actor | None, firms: Iterable[int]) -> Iterator[FirmLine]:
    for some in spans(firms):
        yield from worked_out(quarter, actor, which=Firm.id.in_(some))


def worked_out(
    quarter: Quarter, actor: Actor | None = None, *, which: ColumnElement[bool] = EVERY
) -> Iterator[FirmLine]:
    """The same from the records alone, of those of whom the quarter says anything."""
    found = concerned.among(quarter, actor, which=which, closed=snapshots.of(quarter.previous) is not None)
    changes: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for change in (*found.changes, *(late.change for late in corrections.since_closing(quarter, actor, which=which))):
        changes[change.firm_id or 0].append(asdict(change))
    texts = {row["firm_id"]: (row, text) for row, text in rows.texts(found)}
    told_by = telling.Telling(quarter)
    for firm_id in sorted(texts.keys() | changes.keys()):
        row, text = texts.get(firm_id, ({}, ""))
        used = concerned.rules_of(found.positions[firm_id]) if firm_id in found.held else ()
        named = sorted((rule.rule_id, rule.version) for rule in used)
        yield FirmLine(
            firm_id, row.get("office_id"), row.get("lead_bureau_id"), bool(row.get("listed")), firm_id in found.held,
            row.get("county"), row.get("division"), (row.get("industry") or "")[:2], row.get("stage"), row.get("tier"),
            row.get("division_code"), row.get("revenue_to_date"), row.get("proposer"), row.get("lead_bureau"),
            digest(text) if text else "", *told_by.of_row(row), json.dumps(named), text,
            canonical(changes.get(firm_id, [])),
        )  # fmt: skip


# -- what is kept ---------------------------------------------------------------------------------
def is_kept(quarter: Quarter) -> bool:
    """Whether the lines of the quarter are kept, all of them, on today's basis."""
    drawing = db.session.get(QuarterDrawing, quarter.label, populate_existing=True)
    return drawing is not None and drawing.complete and drawing.basis == basis()


def basis() -> str:
    """What is the same for every line: this release, and the number of the reference data and closed quarters."""
    return f"{db.session.scalar(select(QuarterBasis.number))}:{_release()}"


@lru_cache(maxsize=1)
def _release() -> str:
    """The digest of the program itself: another release may work out something else."""
    return digest("".join(map(digest, (file.read_text("utf-8") for file in _files()))))


def _files() -> Iterable[Path]:
    return sorted((ROOT / "registry").rglob("*.py"))


def touched_firms() -> set[int]:
    """Firms of whom anything was written since their line was, with those they were ever merged with."""
    return with_merged(db.session.scalars(select(QuarterTouch.firm_id).distinct()))


def with_merged(firms: Iterable[int]) -> set[int]:
    """What a firm brought into a merge is still told of it on the days before."""
    found: set[int] = set()
    new = set(firms)
    while new:
        found |= new
        pairs = [
            pair
            for some in spans(new)
            for pair in db.session.execute(
                select(Merge.winner_id, Merge.folded_id).where(
                    or_(Merge.winner_id.in_(some), Merge.folded_id.in_(some))
                )
            )
        ]
        new = {firm for pair in pairs for firm in pair} - found
    return found


def spans(firms: Iterable[int]) -> Iterator[list[int]]:
    """Numbers in their order, as many at a time as a statement takes."""
    ordered = sorted(firms)
    for start in range(0, len(ordered), SPAN):
        yield ordered[start : start + SPAN]
