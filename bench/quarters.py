"""The pages of a quarter that is not closed, worked out anew and out of what is kept, beside a page of the ledger."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench import closing
from bench.city import city, signed_in
from bench.measure import cost
from registry.base.extensions import db
from registry.figures.models import Figure
from registry.quarters import jobs
from registry.quarters.models import QuarterDrawing

PAGES = (
    ("quarter", f"/quarters/{closing.QUARTER.label}"),
    ("its firms", f"/quarters/{closing.QUARTER.label}/firms"),
    ("progress", "/progress"),
)
TOUCHED = 20
"""Firms whose figures are written before the last look."""


def figures(folder: Path, rows: int) -> Iterator[str]:
    cost(closing.build, folder, rows)
    yield f"a quarter of {rows:,} firms that is not closed (SQLite; CPU of one page)"
    ledger = cost(_page, folder, "/firms").result
    yield f"  {'ledger, first page':<24} {ledger:8.2f} s"
    yield from _pages(folder, "anew", ledger)
    drawn = cost(_draw, folder)
    yield f"  {'keep all lines (job)':<24} {drawn.cpu:8.2f} CPU s, peak {drawn.peak:.0f} MB"
    yield from _pages(folder, "kept", ledger)
    cost(_touch, folder)
    yield from _pages(folder, f"{TOUCHED} touched", ledger)


def _pages(folder: Path, how: str, ledger: float) -> Iterator[str]:
    for label, address in PAGES:
        page = cost(_page, folder, address)
        what = f"{label}, {how}"
        yield f"  {what:<24} {page.result:8.2f} s, peak {page.peak:4.0f} MB | ledger ratio {page.result / ledger:6.1f}"


def _page(folder: Path, address: str) -> float:
    """CPU seconds of one answer, once the program is warm."""
    with city(folder) as app:
        client = signed_in(app)
        client.get(address)  # templates and pictures are made once
        before = time.process_time()
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return time.process_time() - before


def _draw(folder: Path) -> None:
    with city(folder):
        jobs.draw_quarters()
        drawing = db.session.get(QuarterDrawing, closing.QUARTER.label)
        assert drawing is not None
        assert drawing.complete


def _touch(folder: Path) -> None:
    with city(folder):
        for figure in db.session.query(Figure).order_by(Figure.id).limit(TOUCHED):
            figure.amount += 1
        db.session.commit()
