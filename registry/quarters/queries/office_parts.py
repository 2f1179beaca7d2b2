"""What each office has of a quarter that is not closed: as it was kept, but for the offices of firms touched since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.quarters.models import QuarterLine
from registry.quarters.queries import lines
from registry.quarters.queries.lines import KeptLines
from registry.quarters.rules.certificates import OfficePart, PartsTaken

_OFFICES = (QuarterLine.office_id, QuarterLine.lead_bureau_id)
_HAS_ROW = QuarterLine.digest != ""


def of(quarter: Quarter) -> dict[int, OfficePart]:
    """By the office's number, as of this moment."""
    while (found := lines.kept(quarter)) is not None:
        parts = _mended(found, _read(found.sums["parts"])) if found.sums else added_up(found)
        if lines.is_of_now(found):
            return parts
    taken = PartsTaken()
    for line in lines.worked_out(quarter):
        if line.row:
            taken.add({"office_id": line.office_id, "lead_bureau_id": line.lead_bureau_id}, line.digest)
    return taken.parts()


def _mended(found: KeptLines, kept: dict[int, OfficePart]) -> dict[int, OfficePart]:
    offices = {office for line in found.anew for office in (line.office_id, line.lead_bureau_id)}
    for some in lines.spans(found.touched):
        before = found.select(QuarterLine, *_OFFICES).where(QuarterLine.firm_id.in_(some))
        offices |= {office for row in db.session.execute(before) for office in row}
    parts = {number: part for number, part in kept.items() if number not in offices}
    return dict(sorted((parts | added_up(found, offices - {None})).items())) if offices else parts


def added_up(found: KeptLines, offices: Iterable[int | None] | None = None) -> dict[int, OfficePart]:
    """All of them, or those of some offices."""
    taken = PartsTaken()
    rows = found.untouched(QuarterLine, *_OFFICES, QuarterLine.digest).where(_HAS_ROW)
    if offices is not None:
        offices = list(offices)
        rows = rows.where(or_(*(column.in_(offices) for column in _OFFICES)))
    for office_id, lead_bureau_id, digest in db.session.execute(rows):
        taken.add({"office_id": office_id, "lead_bureau_id": lead_bureau_id}, digest)
    for line in found.anew:
        if line.row:
            taken.add({"office_id": line.office_id, "lead_bureau_id": line.lead_bureau_id}, line.digest)
    parts = taken.parts()
    return parts if offices is None else {number: part for number, part in parts.items() if number in offices}


# -- as they are kept -----------------------------------------------------------------------------
def plain(parts: dict[int, OfficePart]) -> list[list[Any]]:
    return [[part.office_id, part.rows, part.digest] for part in parts.values()]


def _read(kept: list[list[Any]]) -> dict[int, OfficePart]:
    return {number: OfficePart(number, rows, digest) for number, rows, digest in kept}
