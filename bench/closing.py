"""Closing a quarter of a hundred thousand firms, beside openpyxl writing the same rows with no style and no verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import insert, select

from bench.city import TODAY, city
from bench.exporting import PLAIN
from bench.measure import cost
from bench.scale import CHUNK, fill
from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SYSTEM_ACTOR
from registry.figures.models import Figure
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.people.services import accounts
from registry.quarters.queries import snapshots
from registry.quarters.services import exporting, freezing, sealed
from registry.reference.queries import reference

QUARTER = Quarter(2021, 3)
ADMITTED = date(2021, 8, 12)
NOTE = "按期冻结。"


def figures(folder: Path, rows: int) -> Iterator[str]:
    cost(build, folder, rows)
    yield f"closing a quarter of {rows:,} firms (SQLite)"
    floor = cost(_bare, folder)
    yield f"  openpyxl write-only, unstyled  {floor.wall:7.1f} s, {floor.cpu:7.1f} CPU s, peak {floor.peak:4.0f} MB"
    for label, work in (("close", _close), ("verify the digests", _verify), ("workbook out of it", _export)):
        taken = cost(work, folder)
        yield (
            f"  {label:<30} {taken.wall:7.1f} s, {taken.cpu:7.1f} CPU s, peak {taken.peak:4.0f} MB"
            f" | ratio {taken.wall / floor.wall:5.2f} | {taken.result:,} rows"
        )


def build(folder: Path, rows: int) -> None:
    """Firms that all came in the quarter, each with last year's revenue and one of September."""
    with city(folder):
        fill(rows)
        accounts.create(
            SYSTEM_ACTOR, username="closer", name="closer", office=people.office("science"), roles=["city_office"],
            password="Bench-2021-plan", at=clock.now(), must_change=False,
        )  # fmt: skip
        db.session.commit()
        last = 0
        columns = Firm.id, Firm.office_id, Firm.statutory_line
        while chunk := db.session.execute(select(*columns).where(Firm.id > last).order_by(Firm.id).limit(CHUNK)).all():
            db.session.execute(insert(PathwayEvent), [_event(row) for row in chunk])
            db.session.execute(insert(Figure), [figure for row in chunk for figure in _figures(row)])
            last = chunk[-1].id
            db.session.commit()


def _event(row: Any) -> dict[str, Any]:
    at = datetime(2021, 8, 12, 9, tzinfo=UTC)
    return {
        "firm_id": row.id, "action": "admit", "source": "under_review", "target": "admitted", "on": ADMITTED, "at": at,
        "actor_name": "bench", "office_id": row.office_id,
    }  # fmt: skip


def _figures(row: Any) -> Iterator[dict[str, Any]]:
    for year, month, share in ((2020, 0, "0.61"), (2021, 9, "0.52")):
        yield {
            "firm_id": row.id, "kind": "revenue", "year": year, "month": month, "revision": 1,
            "amount": row.statutory_line * Decimal(share), "source": "income_statement", "office_id": row.office_id,
            "by_name": "bench", "at": datetime(2021, 10, 9, 9, tzinfo=UTC),
        }  # fmt: skip


def _bare(folder: Path) -> None:
    with city(folder):
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in db.session.execute(select(*PLAIN).order_by(Firm.id).execution_options(yield_per=2000)):
            sheet.append(list(row))
        book.save(folder / "bare.xlsx")


def _close(folder: Path) -> int:
    with city(folder):
        closer = actor_of(people.user("closer"))
        without = {office.code: NOTE for office in reference.offices().values()}
        snapshot = freezing.close(closer, QUARTER, note=NOTE, at=clock.now(), on=TODAY, without=without)
        rows = snapshot.rows
        db.session.commit()
        return rows


def _verify(folder: Path) -> int:
    with city(folder):
        (snapshot,) = snapshots.closed()
        result = sealed.verify(snapshot)
        assert not result.fault
        return result.rows


def _export(folder: Path) -> int:
    with city(folder):
        taken = exporting.workbook(QUARTER)
        (folder / "quarter.xlsx").write_bytes(taken.content)
        return taken.firms
