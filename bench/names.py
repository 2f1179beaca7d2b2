"""The index of names over a million firms: the hint while a name is typed, and a search, each beside the scan of all names."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from rapidfuzz import fuzz, process
from sqlalchemy import func, select, text

from bench.city import city, signed_in
from bench.measure import cost
from bench.scale import SEED, fill, names
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.firms.models.firms import Firm
from registry.firms.queries import search
from registry.names import models
from registry.names.queries import neighbours
from registry.people.queries import people
from registry.people.services import accounts

LOOKS = 300
WORDS = ("云谷", "海云知南", "软件", "有限公司", "云", "A&B", "1521")


def figures(folder: Path, firms: int) -> Iterator[str]:
    built = cost(_build, folder, firms)
    yield f"names of {firms:,} firms (SQLite; rows and indexes in {built.wall:.0f} s)"
    made = cost(_index, folder)
    yield f"  index made again: {made.wall:.0f} s, {made.result:.0f} MB"
    scan = cost(_scan, folder).result
    for label, work in {"before ANALYZE": _hints, "after ANALYZE": _hints_analyzed}.items():
        p50, p99, first = cost(work, folder, firms).result
        yield f"  hint by page, {label:<14} first {first:6.1f} ms, p50 {p50:6.1f}, p99 {p99:6.1f} | RapidFuzz scan {scan:6.1f} ms | ratio {p50 / scan:5.3f}"
    found, nearest = cost(_recall, folder, firms).result
    yield f"  one character wrong: {found:.3f} among the first {neighbours.KEPT}, {nearest:.3f} the nearest"
    for word, indexed, scanned, count in cost(_searches, folder).result:
        yield f"  search {word:<6} {indexed:7.1f} ms, {count:>9,} found | LIKE scan {scanned:7.1f} ms | ratio {indexed / scanned:5.3f}"


def _build(folder: Path, firms: int) -> None:
    with city(folder):
        accounts.create(
            SYSTEM_ACTOR, username="clerk", name="clerk", office=people.office("441521"), roles=["clerk"],
            password="Bench-2021-plan", at=clock.now(), must_change=False,
        )  # fmt: skip
        fill(firms)


def _index(folder: Path) -> float:
    """Its size in MB, by what the file grows."""
    with city(folder), db.engine.begin() as connection:
        models.drop(connection, "firm")
        free = connection.scalar(text("pragma freelist_count")) or 0
        before = (connection.scalar(text("pragma page_count")) or 0) - free
        models.create(connection, "firm", models.SEARCHED)
        after = (connection.scalar(text("pragma page_count")) or 0) - (
            connection.scalar(text("pragma freelist_count")) or 0
        )
        return (after - before) * (connection.scalar(text("pragma page_size")) or 0) / 1e6


def _hints_analyzed(folder: Path, firms: int) -> tuple[float, float, float]:
    with city(folder):
        db.session.execute(text("analyze"))
        db.session.commit()
    return _hints(folder, firms)


def _hints(folder: Path, firms: int) -> tuple[float, float, float]:
    with city(folder) as app:
        client = signed_in(app, "clerk")

        def ask(name: str) -> None:
            answer = client.get("/proposals/hints", query_string={"name": name})
            assert answer.status_code == 200, (name, answer.status_code)

        spans = [_span(lambda name=name: ask(name)) for name, _ in _typed(firms)]
    return sorted(spans)[len(spans) // 2], sorted(spans)[int(len(spans) * 0.99)], spans[0]


def _recall(folder: Path, firms: int) -> tuple[float, float]:
    with city(folder):
        first = db.session.scalar(select(func.min(Firm.id))) or 1
        places = []
        for name, number in _typed(firms):
            near = [one.id for one in neighbours.nearest("firm", name)]
            places.append(near.index(first + number) if first + number in near else None)
        return sum(place is not None for place in places) / len(places), places.count(0) / len(places)


def _searches(folder: Path) -> list[tuple[str, float, float, int]]:
    with city(folder):
        found = []
        for word in WORDS:
            count = select(func.count()).select_from(Firm)
            indexed, scanned = count.where(search.containing(word)), count.where(Firm.name.contains(word))
            spans = [min(_span(lambda s=s: db.session.execute(s).all()) for _ in range(3)) for s in (indexed, scanned)]
            found.append((word, *spans, db.session.scalar(indexed) or 0))
        return found


def _scan(folder: Path) -> float:
    """What a hint would cost without an index: all names against one, in C."""
    with city(folder):
        listed = list(db.session.scalars(select(Firm.name)))
        return _span(lambda: process.extract(listed[7], listed, scorer=fuzz.ratio, limit=25))


def _typed(firms: int) -> Iterator[tuple[str, int]]:
    """Names with one character wrong, and the number of the firm that is meant."""
    random = Random(SEED)
    step = max(1, firms // LOOKS)
    for number, (name, _) in enumerate(names(firms)):
        if number % step == 0:
            at = random.randrange(len(name))
            yield name[:at] + random.choice("云海正青粤滨衡") + name[at + 1 :], number


def _span(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
