"""Keeps the lines of the quarters that wait to be closed: all of them once, then those of the firms touched since.

Each turn reads from one steady view and writes in one transaction. What is noted while it reads stays noted, for only
the notes that were read are taken away. Of two who draw at once the second goes on, and the first stops at its turn.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.steady import steady_view
from registry.firms.models.firms import Firm
from registry.quarters.models import QuarterDrawing, QuarterLine, QuarterLineChange, QuarterTouch
from registry.quarters.queries import lines, office_parts, sums, telling
from registry.quarters.queries.lines import SPAN
from registry.quarters.rules.lines import FirmLine


def draw(quarters: Sequence[Quarter]) -> None:
    """Bring what is kept of these quarters up to date, and keep nothing of others. Commits in turns."""
    labels = [quarter.label for quarter in quarters]
    _forget(labels)
    for quarter in quarters:
        if not _whole(quarter):
            return
    while _touched(quarters):
        pass
    for quarter in quarters:
        _add_up(quarter)


def _forget(but: list[str]) -> None:
    for table in (QuarterDrawing, QuarterLine, QuarterLineChange):
        db.session.execute(delete(table).where(table.quarter.not_in(but)))
    db.session.commit()


def _whole(quarter: Quarter) -> bool:
    """All lines, where they are not there or of another basis; False where somebody else began meanwhile."""
    with steady_view():
        if lines.is_kept(quarter):
            return True
        basis, last = lines.basis(), db.session.scalar(select(func.max(Firm.id))) or 0
    version = _begin(quarter, basis)
    for first in range(1, last + 1, SPAN):
        with steady_view():
            found = list(lines.worked_out(quarter, which=Firm.id.between(first, first + SPAN - 1)))
        if not _hold(quarter.label, version):
            return False
        version += 1
        _write(quarter, found, partial(_between, first))
        db.session.commit()
    whole = update(QuarterDrawing).where(QuarterDrawing.quarter == quarter.label, QuarterDrawing.version == version)
    db.session.execute(whole.values(complete=True))
    db.session.commit()
    return True


def _begin(quarter: Quarter, basis: str) -> int:
    drawing = db.session.get(QuarterDrawing, quarter.label, with_for_update=True, populate_existing=True)
    if drawing is None:
        drawing = QuarterDrawing(quarter=quarter.label, version=0)
        db.session.add(drawing)
    drawing.basis, drawing.complete, drawing.version, drawing.sums = basis, False, drawing.version + 1, ""
    version = drawing.version
    db.session.commit()
    return version


def _touched(quarters: Sequence[Quarter]) -> bool:
    """Take up the notes of some firms; whether there are more to take up."""
    with steady_view():
        first = select(QuarterTouch.firm_id).distinct().order_by(QuarterTouch.firm_id).limit(SPAN)
        touched = list(db.session.scalars(first))
        if not touched or not all(map(lines.is_kept, quarters)):
            return False
        noted = list(db.session.scalars(select(QuarterTouch.id).where(QuarterTouch.firm_id.in_(touched))))
        drawn = db.session.execute(select(QuarterDrawing.quarter, QuarterDrawing.version))
        versions = {row.quarter: row.version for row in drawn}
        firms = sorted(lines.with_merged(touched))
        found = {
            quarter: [
                line for some in lines.spans(firms) for line in lines.worked_out(quarter, which=Firm.id.in_(some))
            ]
            for quarter in quarters
        }
    for quarter, kept in found.items():
        if not _hold(quarter.label, versions[quarter.label]):
            return False
        for some in lines.spans(firms):
            wanted = set(some)
            _write(quarter, [line for line in kept if line.firm_id in wanted], partial(_among, some))
    _drop(noted)
    db.session.commit()
    return len(touched) == SPAN


def _add_up(quarter: Quarter) -> None:
    """Keep beside the lines what all of them add up to, unless somebody has written one meanwhile."""
    with steady_view():
        kept = lines.kept(quarter)
        if kept is None or kept.sums is not None:
            return
        bare = replace(kept, touched=frozenset(), anew=())  # of what is kept, whoever was touched since
        added = {"lines": sums.plain(sums.added_up(bare)), "parts": office_parts.plain(office_parts.added_up(bare))}
    if _hold(quarter.label, kept.version):
        held = update(QuarterDrawing).where(QuarterDrawing.quarter == quarter.label)
        db.session.execute(held.values(sums=json.dumps(added, ensure_ascii=False)))
        db.session.commit()


def _hold(label: str, version: int) -> bool:
    """Whether nobody else has drawn since; from here on nobody does until the commit."""
    own = update(QuarterDrawing).where(QuarterDrawing.quarter == label, QuarterDrawing.version == version)
    if db.session.execute(own.values(version=version + 1, sums="")).rowcount:  # type: ignore[attr-defined]
        return True
    db.session.rollback()
    return False


def _write(quarter: Quarter, found: Sequence[FirmLine], where: Callable[[Any], ColumnElement[bool]]) -> None:
    changes = [change for line in found for change in telling.changes_of(line)]
    for table, rows in ((QuarterLine, found), (QuarterLineChange, changes)):
        db.session.execute(delete(table).where(table.quarter == quarter.label, where(table)))
        if values := [{"quarter": quarter.label, **row._asdict()} for row in rows]:
            db.session.execute(insert(table), values)


def _between(first: int, table: Any) -> ColumnElement[bool]:
    within: ColumnElement[bool] = table.firm_id.between(first, first + SPAN - 1)
    return within


def _among(some: list[int], table: Any) -> ColumnElement[bool]:
    within: ColumnElement[bool] = table.firm_id.in_(some)
    return within


def _drop(noted: Iterable[int]) -> None:
    for some in lines.spans(noted):
        db.session.execute(delete(QuarterTouch).where(QuarterTouch.id.in_(some)))
