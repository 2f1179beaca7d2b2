"""How long a save waits while an import of many rows is applied and taken back: on SQLite, and where given on PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, make_url, select, text

from bench.city import application, city
from bench.importing import write_csv
from bench.measure import cost
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.firms.models.firms import Firm
from registry.imports import jobs as work
from registry.imports.models import ImportBatch
from registry.imports.services import batches
from registry.people.queries import people
from registry.trail.services import trail

BETWEEN = 0.05
"""Seconds the saver rests after each save."""


def figures(folder: Path, rows: int) -> Iterator[str]:
    server = os.environ.get("BENCH_DATABASE_URL", "")
    for label, url in (("SQLite", ""), ("PostgreSQL", server)):
        if label == "SQLite" or url:
            yield f"saves of another process while {rows:,} rows are imported ({label})"
            yield from _figures(folder / label, rows, url)


def _figures(folder: Path, rows: int, url: str) -> Iterator[str]:
    folder.mkdir()
    os.environ["BENCH_CITY_URL"] = url
    if url:
        _empty(url)
    path = folder / "list.csv"
    write_csv(path, rows)
    cost(_build, folder)
    batch_id = cost(_check, folder, path).result
    for label, verb in (("apply", _apply), ("find pairs", _pairs), ("undo", _undo)):
        saver = subprocess.Popen([sys.executable, "-m", "bench.turns", str(folder)], stdout=subprocess.PIPE, text=True)
        time.sleep(3)
        taken = cost(verb, folder, batch_id)
        (folder / "stop").touch()
        spans = sorted(json.loads(saver.communicate()[0]))
        (folder / "stop").unlink()
        yield (
            f"  {label:<10} {taken.wall:7.1f} s, {taken.cpu:7.1f} CPU s | {len(spans)} saves: median"
            f" {spans[len(spans) // 2] * 1000:.0f} ms, 99 % {spans[len(spans) * 99 // 100] * 1000:.0f} ms,"
            f" longest {spans[-1] * 1000:.0f} ms"
        )


def _empty(url: str) -> None:
    whole = make_url(url)
    engine = create_engine(whole.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'drop database if exists "{whole.database}" with (force)'))
        connection.execute(text(f"create database \"{whole.database}\" template template0 encoding 'UTF8'"))
    engine.dispose()


def _build(folder: Path) -> None:
    """One firm that is saved again and again, of an office that imports nothing."""
    with city(folder):
        office = people.office("441502")
        keys = {"name_key": "saved", "parts_key": "saved", "core_key": "saved"}
        firm = Firm(name="汕尾市城区凤山电子厂", office_id=office.id, stage="lead", stage_on=clock.today(), **keys)
        firm.created_at = clock.now()
        db.session.add(firm)
        db.session.commit()


def _check(folder: Path, path: Path) -> int:
    with city(folder):
        office = people.office("441500")
        with path.open("rb") as file:
            kept = batches.keep(iter(lambda: file.read(1 << 20), b""))
        actor = batches.acting_for(office)
        batch = batches.receive(actor, office, kept, filename=path.name, year=2021, at=clock.now())
        batch_id = batch.id
        db.session.commit()
        work.check(batch_id)
        return batch_id


def _apply(folder: Path, batch_id: int) -> None:
    _ordered(folder, batch_id, "apply", work.apply)


def _undo(folder: Path, batch_id: int) -> None:
    _ordered(folder, batch_id, "undo", work.undo)


def _ordered(folder: Path, batch_id: int, what: str, job: object) -> None:
    app = application(folder)
    app.extensions["jobs"] = lambda *_: None  # what follows an apply is measured by itself
    with app.app_context():
        batch = db.session.get_one(ImportBatch, batch_id)
        batches.order(batches.acting_for(batch.office), batch, what, at=clock.now())
        db.session.commit()
        job(batch_id)  # type: ignore[operator]
        state = db.session.get_one(ImportBatch, batch_id).state
        if state not in ("applied", "undone"):
            raise RuntimeError(state)


def _pairs(folder: Path, batch_id: int) -> None:
    with city(folder):
        work.find_pairs(batch_id)


def save(folder: Path) -> list[float]:
    """Change a firm as a clerk's save does, with its row on the trail, until told to stop; seconds of each."""
    spans: list[float] = []
    with city(folder):
        while not (folder / "stop").exists():
            start = time.perf_counter()
            firm = db.session.scalars(select(Firm).where(Firm.name_key == "saved")).one()
            firm.activity = f"电子元件 {len(spans)}"
            trail.record(SYSTEM_ACTOR, "edit", firm, at=clock.now(), after={"activity": firm.activity})
            db.session.commit()
            spans.append(time.perf_counter() - start)
            db.session.remove()
            time.sleep(BETWEEN)
    return spans


if __name__ == "__main__":
    print(json.dumps(save(Path(sys.argv[1]))))
