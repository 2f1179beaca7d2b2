"""Small invented lists to import, and the whole way of one through the services."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.turns import Pace
from registry.base.vocabulary import BatchState
from registry.imports import queries
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services import applying, batches, staging, undoing
from registry.imports.services.staging import SortedTable
from registry.people.queries import people
from tests.world import NOW, TODAY

REASON = "企业来函更正"
HEADINGS = ("企业名称", "统一社会信用代码", "注册地址")
Rows = Sequence[Sequence[Any]]


def listed(rows: Rows, headings: Sequence[str] = HEADINGS, *, encoding: str = "utf-8-sig") -> bytes:
    """A CSV with its heading row."""
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def uploaded(
    folder: Path, content: bytes, *, by: str = "haifeng", name: str = "名单.csv", year: int = 2021
) -> ImportBatch:
    """The content received and checked, as a job would; the batch waits for a decision."""
    user = people.user(by)
    actor = _actor(by)
    path = folder / f"upload-{len(list(folder.glob('upload-*')))}"
    path.write_bytes(content)
    kept = batches.StoredUpload(path.name, "0" * 64)
    batch = batches.receive(actor, user.office, kept, filename=name, year=year, at=NOW)
    run = batches.start_checking(batch, at=NOW) or ""
    db.session.commit()
    number = batch.id
    with SortedTable(path, actor=actor, office=user.office, year=year, on=TODAY, name=name) as table:
        for _ in staging.stage(number, table, run):
            db.session.commit()
    return db.session.get_one(ImportBatch, number)


def applied(batch: ImportBatch, *, by: str = "haifeng") -> ImportBatch:
    """The batch confirmed and made real."""
    give_reason(batch)
    batches.order(_actor(by), batch, "apply", at=NOW)
    db.session.commit()
    return apply(batch, by=by)


def give_reason(batch: ImportBatch) -> None:
    """Whoever corrects firms on the list says why."""
    if queries.corrected(batch):
        batches.give_reason(batch, REASON)


def apply(batch: ImportBatch, *, by: str = "haifeng", on: date = TODAY) -> ImportBatch:
    """What was ordered, done, each turn committed."""
    for _ in applying.turns(batch, _actor(by), Pace(), now=lambda: NOW, on=on):
        db.session.commit()
    return batch


def undone(batch: ImportBatch, *, by: str = "haifeng") -> ImportBatch:
    batches.order(_actor(by), batch, "undo", at=NOW)
    db.session.commit()
    for _ in undoing.turns(batch, _actor(by), Pace(), now=lambda: NOW, on=TODAY):
        db.session.commit()
    return batch


def counts(batch: ImportBatch) -> tuple[int, int, int, int, int]:
    """new, changed, unchanged, duplicate, faulty"""
    assert batch.state in (BatchState.CHECKED, BatchState.APPLIED, BatchState.UNDONE)
    return batch.new, batch.changed, batch.unchanged, batch.duplicate, batch.faulty


def rows(batch: ImportBatch) -> list[ImportRow]:
    return list(db.session.query(ImportRow).filter(ImportRow.batch_id == batch.id).order_by(ImportRow.number))


def codes(findings: Sequence[dict[str, Any]]) -> list[tuple[str | None, str | None, str]]:
    """(column, field, code) of each fault or notice."""
    return [(found["column"], found["field"], found["code"]) for found in findings]


def _actor(username: str) -> Actor:
    from registry.people.queries.signed_in import actor_of

    return actor_of(people.user(username))
