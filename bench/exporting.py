"""An export of a hundred thousand firms, beside openpyxl writing the same cells with no style at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import select

from bench.city import city
from bench.measure import cost
from bench.scale import fill
from registry.base.extensions import clock, db
from registry.firms.models.firms import Firm
from registry.ledger.queries.ledger import LedgerQuery, Order
from registry.ledger.services import exporting
from registry.ledger.services.exporting import ExportRequest
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.sheets.columns import ledger_columns
from registry.sheets.kinds import FileKind

KEYS = tuple(column.key for column in ledger_columns())
PLAIN = (
    Firm.name, Firm.credit_code, Firm.division, Firm.industry, Firm.revenue_last_year, Firm.revenue_to_date,
    Firm.to_month, Firm.statutory_line, Firm.rate, Firm.tier, Firm.lead_bureau_id, Firm.missing, Firm.stage,
    Firm.office_id,
)  # fmt: skip


def figures(folder: Path, rows: int) -> Iterator[str]:
    cost(_build, folder, rows)
    yield f"export of {rows:,} firms (SQLite)"
    floor = cost(_bare, folder)
    yield f"  openpyxl write-only, unstyled  {floor.wall:7.1f} s, {floor.cpu:7.1f} CPU s, peak {floor.peak:4.0f} MB"
    for kind in FileKind:
        taken = cost(_export, folder, kind)
        yield (
            f"  ledger as {kind:<20} {taken.wall:7.1f} s, {taken.cpu:7.1f} CPU s, peak {taken.peak:4.0f} MB"
            f" | ratio {taken.wall / floor.wall:5.2f} | {taken.result:,} rows"
        )


def _build(folder: Path, rows: int) -> None:
    with city(folder):
        fill(rows)


def _bare(folder: Path) -> None:
    with city(folder):
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in db.session.execute(select(*PLAIN).order_by(Firm.id).execution_options(yield_per=2000)):
            sheet.append(list(row))
        book.save(folder / "bare.xlsx")


def _export(folder: Path, kind: str) -> int:
    with city(folder):
        leader = actor_of(people.user("leader"))
        asked = ExportRequest(LedgerQuery(), Order(), KEYS, "", FileKind(kind))
        taken = exporting.take(leader, asked, at=clock.now())
        with taken.file:
            (folder / f"ledger.{kind}").write_bytes(taken.file.read())
        return taken.rows
