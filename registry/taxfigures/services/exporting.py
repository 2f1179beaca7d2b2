"""The figures in reach that stand leave as a workbook, and who took them is on the trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from registry.base.errors import NotAllowed, SheetTooLong
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.base.steady import written_steadily
from registry.reference.queries import reference
from registry.taxfigures import sheets, texts
from registry.taxfigures.queries import figures
from registry.taxfigures.queries.figures import TaxQuery
from registry.trail.services import trail
from registry.trail.services.trail import Act

MOST = 20_000


@dataclass(frozen=True)
class TaxExport:
    """The finished file, at its beginning, to be closed by whoever sends it."""

    file: IO[bytes]
    rows: int
    digest: str
    filter_text: str


def take(actor: Actor, wanted: TaxQuery, *, filter_text: str, at: datetime, on: date) -> TaxExport:
    """Write every row of the query; `record` then puts it on the trail. Raises NotAllowed, SheetTooLong."""
    if not can(actor, "taxfigure.export"):
        raise NotAllowed

    def write(file: IO[bytes]) -> int:
        rows = list(db.session.scalars(figures.matching(actor, wanted).limit(MOST + 1)).unique())
        if len(rows) > MOST:
            raise SheetTooLong(limit=MOST)
        return sheets.write_book(file, _rows(rows, on), filter_text=filter_text, as_of=f"{at:%Y-%m-%d %H:%M}")

    return TaxExport(*written_steadily(write), filter_text)


def record(actor: Actor, taken: TaxExport, *, at: datetime) -> None:
    after = {"filter": taken.filter_text, "rows": taken.rows, "sha256": taken.digest}
    trail.record_all(actor, [Act("export", "tax_figure", subject_label="xlsx", after=after)], at=at)


def _rows(found: list[Any], on: date) -> Iterator[dict[str, Any]]:
    divisions = reference.division_names()
    for one in figures.beside(found, on):
        row = one.row
        yield {
            "name": row.firm.name,
            "credit_code": row.firm.credit_code,
            "division": divisions.get(row.firm.division or ""),
            "kind": texts.KIND_LABELS[row.kind],
            "period": one.period.label,
            "amount": row.amount,
            "own": one.own,
            "remark": _remark(one),
            "consent": row.consent,
            "source": row.load.filename,
            "loaded": f"{row.at:%Y-%m-%d} {row.load.office.short_name} {row.load.by_name}",
        }


def _remark(one: figures.BesideOwn) -> str:
    if one.own is None:
        return texts.NO_OWN
    if not one.remarkable:
        return ""
    return texts.DIFFERS_ZERO if one.share is None else texts.DIFFERS % {"share": f"{one.share * 100:+.2f}%"}
