"""What a quarter that is not closed says of each firm: kept lines of whom nothing has touched since, the others anew.

A line is what `worked_out` makes of one firm. Which firms were touched, the database says itself: triggers on every
table that `worked_out` reads (`rules.lines.WATCHED`) note the firm in the same transaction. Lines are of a basis: the
release, and the reference data and closed quarters that are the same for every firm.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.config import ROOT
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.pathway.queries import directory
from registry.pathway.queries.directory import EVERY
from registry.quarters.models import QuarterBasis, QuarterDrawing, QuarterLine, QuarterTouch
from registry.quarters.queries import concerned, corrections, rows, snapshots
from registry.quarters.rules.frozen import canonical, digest
from registry.quarters.rules.lines import FirmLine

SPAN = 500
_COLUMNS = (
    QuarterLine.firm_id, QuarterLine.office_id, QuarterLine.lead_bureau_id, QuarterLine.listed, QuarterLine.held,
    QuarterLine.county, QuarterLine.division, QuarterLine.industry, QuarterLine.stage, QuarterLine.tier,
    QuarterLine.division_code, QuarterLine.revenue, QuarterLine.digest, QuarterLine.row, QuarterLine.changes,
    QuarterLine.rules,
)  # fmt: skip
_CELL = (
    QuarterLine.county, QuarterLine.division, QuarterLine.division_code, QuarterLine.industry, QuarterLine.stage,
    QuarterLine.tier,
)  # fmt: skip
"""What the summaries count by."""
_UNCHANGED = "[]"


def of(quarter: Quarter, actor: Actor | None = None) -> list[FirmLine]:
    """The lines of all firms, or of those `actor` may see, as of this moment."""
    if not is_kept(quarter):
        return list(worked_out(quarter, actor))
    touched = touched_firms()  # before the lines: what is noted after it was read is in them, or is noted still
    kept = db.session.execute(_kept(quarter, actor, *_COLUMNS))
    return [*(FirmLine(*line) for line in kept if line.firm_id not in touched), *_anew(quarter, actor, touched)]


def moved(quarter: Quarter, actor: Actor | None = None) -> tuple[int, list[str]]:
    """Of the same lines only how many firms are listed on the last day, and the changes of those that have any."""
    if not is_kept(quarter):
        return _moved(worked_out(quarter, actor))
    touched = touched_firms()
    listed = _kept(quarter, actor, func.count()).where(QuarterLine.listed)
    within = (db.session.scalar(listed.where(QuarterLine.firm_id.in_(some))) or 0 for some in spans(touched))
    kept = (db.session.scalar(listed) or 0) - sum(within)
    changed = _kept(quarter, actor, QuarterLine.firm_id, QuarterLine.changes).where(QuarterLine.changes != _UNCHANGED)
    texts = [line.changes for line in db.session.execute(changed) if line.firm_id not in touched]
    anew, more = _moved(_anew(quarter, actor, touched))
    return kept + anew, texts + more


def cells(quarter: Quarter, actor: Actor | None = None) -> tuple[list[dict[str, Any]], set[str]]:
    """Of kept lines those that the quarter holds, counted by what they are alike in; and the rules they name."""
    touched = touched_firms()
    held = QuarterLine.held
    if len(touched) > SPAN:
        return _cells(of(quarter, actor))
    rest = held, QuarterLine.firm_id.not_in(touched)
    counted = func.count().label("firms"), func.count(QuarterLine.revenue).label("reported")
    sums = _kept(quarter, actor, *_CELL, *counted, func.sum(QuarterLine.revenue).label("revenue_to_date"))
    found = [dict(cell) for cell in db.session.execute(sums.where(*rest).group_by(*_CELL)).mappings()]
    named = db.session.scalars(_kept(quarter, actor, QuarterLine.rules).where(*rest).distinct())
    anew, more = _cells(_anew(quarter, actor, touched))
    return found + anew, {*named, *more}


def _cells(found: Iterable[FirmLine]) -> tuple[list[dict[str, Any]], set[str]]:
    held = [line for line in found if line.held]
    rows = [
        {
            "county": line.county, "division": line.division, "division_code": line.division_code,
            "industry": line.industry, "stage": line.stage, "tier": line.tier, "revenue_to_date": line.revenue,
        }
        for line in held
    ]  # fmt: skip
    return rows, {line.rules for line in held}


def _kept(quarter: Quarter, actor: Actor | None, *columns: Any) -> Select[Any]:
    mine = select(*columns).select_from(QuarterLine).join(Firm, Firm.id == QuarterLine.firm_id)
    return mine.where(QuarterLine.quarter == quarter.label, directory.reach(actor))


def _anew(quarter: Quarter, actor: Actor | None, firms: Iterable[int]) -> Iterator[FirmLine]:
    for some in spans(firms):
        yield from worked_out(quarter, actor, which=Firm.id.in_(some))


def _moved(found: Iterable[FirmLine]) -> tuple[int, list[str]]:
    told = list(found)
    return sum(line.listed for line in told), [line.changes for line in told if line.changes != _UNCHANGED]


def worked_out(
    quarter: Quarter, actor: Actor | None = None, *, which: ColumnElement[bool] = EVERY
) -> Iterator[FirmLine]:
    """The same from the records alone, of those of whom the quarter says anything."""
    found = concerned.among(quarter, actor, which=which, closed=snapshots.of(quarter.previous) is not None)
    changes: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for change in (*found.changes, *(late.change for late in corrections.since_closing(quarter, actor, which=which))):
        changes[change.firm_id or 0].append(asdict(change))
    texts = {row["firm_id"]: (row, text) for row, text in rows.texts(found)}
    for firm_id in sorted(texts.keys() | changes.keys()):
        row, text = texts.get(firm_id, ({}, ""))
        used = concerned.rules_of(found.positions[firm_id]) if firm_id in found.held else ()
        named = sorted((rule.rule_id, rule.version) for rule in used)
        yield FirmLine(
            firm_id, row.get("office_id"), row.get("lead_bureau_id"), bool(row.get("listed")), firm_id in found.held,
            row.get("county"), row.get("division"), (row.get("industry") or "")[:2], row.get("stage"), row.get("tier"),
            row.get("division_code"), row.get("revenue_to_date"), digest(text) if text else "", text,
            canonical(changes.get(firm_id, [])), json.dumps(named),
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
