"""The pages of a quarter that is not closed and of the plan, beside a page of the ledger: worked out anew, kept, touched."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import select, text

from bench import closing, directory
from bench.city import city, signed_in
from bench.measure import cost
from registry.base.extensions import db
from registry.figures.models import Figure
from registry.plans.models import Plan
from registry.quarters import jobs
from registry.quarters.models import QuarterDrawing
from registry.serving.settling import settle

QUARTER = f"/quarters/{closing.QUARTER.label}"
LEDGER = ("ledger, first page", "/firms", "office")
ANEW = (
    ("quarter", QUARTER, "office"),
    ("its firms", f"{QUARTER}/firms", "office"),
    ("certificates", f"{QUARTER}/certificates", "office"),
    ("progress", "/progress", "office"),
)
"""Pages that take what is kept: name, address, whose."""
KEPT = (
    *ANEW,
    ("its changes, page 9", f"{QUARTER}?kind=entered&page=9", "office"),
    ("firms of one county", f"{QUARTER}/firms?place=海丰县&tier=C", "office"),
    ("firms found by name", f"{QUARTER}/firms?q=云谷", "office"),
    ("firms, page 100", f"{QUARTER}/firms?page=100", "office"),
    ("quarters", "/quarters", "office"),
    ("plan, overview", "/overview", "leader"),
    ("plan", "/plans/{plan}", "office"),
    ("target T1", "/plans/{plan}/targets/T1", "office"),
    ("target T3", "/plans/{plan}/targets/T3", "office"),
    ("supervision", "/supervision", "office"),
    ("wall", "/plans/{plan}/wall", "office"),
    ("tasks", "/plans/{plan}/tasks", "office"),
)
TOUCHED = 20
"""Firms whose figures are written before the last look."""
TIMES = 5

SliceQuery = tuple[str, str, str]


def figures(folder: Path, rows: int) -> Iterator[str]:
    built = cost(directory.build, folder, rows)
    yield f"an open quarter of {rows:,} firms and the plan (SQLite; built in {built.wall:.0f} s; CPU of one page)"
    ledger = min(cost(_page, folder, *LEDGER[1:]).result for _ in range(2))
    yield f"  {LEDGER[0]:<34} {ledger:8.3f} s"
    yield from _pages(folder, ANEW if rows <= SMALL else (), "anew", ledger)
    drawn = cost(_draw, folder)
    yield f"  {'keep all lines (job)':<34} {drawn.cpu:8.2f} CPU s, peak {drawn.peak:.0f} MB"
    yield from _pages(folder, KEPT, "kept", ledger)
    cost(_touch, folder)
    yield from _pages(folder, ANEW, f"{TOUCHED} touched", ledger)
    taken = cost(_draw, folder)
    yield f"  {f'take up {TOUCHED} touched (job)':<34} {taken.cpu:8.2f} CPU s, peak {taken.peak:.0f} MB"


SMALL = 20_000
"""Up to so many firms the pages are also worked out anew; beyond, each costs what the job does."""


def _pages(folder: Path, pages: Sequence[SliceQuery], how: str, ledger: float) -> Iterator[str]:
    for label, address, username in pages:
        page = cost(_page, folder, address, username)
        what, ratio = f"{label}, {how}", page.result / ledger
        yield f"  {what:<34} {page.result:8.3f} s, peak {page.peak:4.0f} MB | ledger ratio {ratio:6.1f}"


def _page(folder: Path, address: str, username: str) -> float:
    """CPU seconds of one answer, once the program is warm; the median of a few quick ones."""
    with city(folder) as app:
        settle()  # as the web server does
        client = signed_in(app, username)
        address = address.format(plan=db.session.scalar(select(Plan.id).order_by(Plan.id)))
        spans: list[float] = []
        while len(spans) < 1 + TIMES and sum(spans) < TIMES:
            before = time.process_time()
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            spans.append(time.process_time() - before)
        warm = spans[1:] or spans  # templates and pictures are made once
        return sorted(warm)[len(warm) // 2]


def _draw(folder: Path) -> None:
    with city(folder):
        jobs.draw_quarters()
        drawing = db.session.get(QuarterDrawing, closing.QUARTER.label)
        assert drawing is not None
        assert drawing.complete
        db.session.execute(text("analyze"))
        db.session.commit()


def _touch(folder: Path) -> None:
    with city(folder):
        for figure in db.session.query(Figure).order_by(Figure.id).limit(TOUCHED):
            figure.amount += 1
        db.session.commit()
