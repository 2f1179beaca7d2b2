"""Two processes at one piece of work: the older one ends, writes nothing and clears nothing, and nothing is claimed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from registry.base import turns
from registry.base.errors import FileRefused
from registry.base.extensions import db
from registry.base.turns import Pace
from registry.base.vocabulary import BatchState
from registry.duplicates.models import PairingScan
from registry.duplicates.services import scans
from registry.firms.models.firms import Firm
from registry.imports import jobs
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services import applying, batches, staging, undoing
from registry.imports.services.staging import SortedTable
from registry.people.queries import people
from registry.trail.models import TrailEntry
from registry.workbooks import jobs as books
from registry.workbooks.models import WorkbookReturn
from registry.workbooks.rules import ReturnState
from registry.workbooks.services import returns
from registry.workbooks.services.applying import Application, Overtaken
from tests.imports.test_jobs import MANY, batch_of, folder, waiting
from tests.uploads import listed
from tests.workbooks.filled import changed, issued, put, sent
from tests.world import NOW, TODAY, World

STAGE = staging.stage


def staged(number: int) -> int:
    rows = db.session.scalar(select(func.count(ImportRow.id)).where(ImportRow.batch_id == number)) or 0
    db.session.rollback()
    return rows


def begun(world: World, number: int) -> Iterator[Any]:
    """A run of the check, chunk by chunk, each committed."""
    batch = batch_of(number)
    run = batches.start_checking(batch, at=NOW) or ""
    path, office = batches.upload(batch.stored_name), people.user("haifeng").office
    db.session.commit()
    with SortedTable(path, actor=world.actor("haifeng"), office=office, year=2021, on=TODAY) as table:
        for chunk in STAGE(number, table, run):
            db.session.commit()
            yield chunk


def halted(monkeypatch: pytest.MonkeyPatch, meanwhile: Any, *, error: Exception | None = None) -> None:
    """A run of the job is halted after its first chunk until `meanwhile` is over; then goes on, or fails."""

    def stage(*given: Any) -> Iterator[Any]:
        for number, chunk in enumerate(STAGE(*given)):
            yield chunk
            if number == 1:
                meanwhile()
                if error is not None:
                    raise error

    monkeypatch.setattr(staging, "stage", stage)


def test_of_two_checks_the_older_clears_nothing_of_the_newer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = waiting(world, listed(MANY))
    newer = begun(world, number)
    halted(monkeypatch, lambda: (next(newer), next(newer)))
    jobs.check(number)
    assert (batch_of(number).state, staged(number)) == (BatchState.CHECKING, 1000)
    assert [len(chunk) for chunk in newer] == [1000, 500, 0]
    assert (batch_of(number).state, batch_of(number).new, staged(number)) == (BatchState.CHECKED, 2500, 2500)


def test_a_check_that_was_finished_by_another_is_left_as_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reproduced before with 150,000 rows: the page said 新增 22,000, and there was not one row."""
    number = waiting(world, listed(MANY))
    halted(monkeypatch, lambda: list(begun(world, number)))
    jobs.check(number)
    assert (batch_of(number).state, batch_of(number).new, staged(number)) == (BatchState.CHECKED, 2500, 2500)


@pytest.mark.parametrize("error", [FileRefused("x"), ValueError("x")])
def test_what_an_older_check_stumbles_over_refuses_nothing(
    world: World, app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    number = waiting(world, listed(MANY))
    newer = begun(world, number)
    halted(monkeypatch, lambda: (next(newer), next(newer)), error=error)
    jobs.check(number)
    assert (batch_of(number).state, len(folder(app))) == (BatchState.CHECKING, 1)
    list(newer)
    assert (batch_of(number).state, staged(number)) == (BatchState.CHECKED, 2500)


@pytest.mark.parametrize("lost", [2500, 700])
def test_what_is_not_there_is_not_said_to_be_imported(
    world: World, caplog: pytest.LogCaptureFixture, lost: int
) -> None:
    number = waiting(world, listed(MANY))
    jobs.check(number)
    gone = select(ImportRow.id).where(ImportRow.batch_id == number).order_by(ImportRow.number.desc()).limit(lost)
    db.session.execute(delete(ImportRow).where(ImportRow.id.in_(gone)))
    batches.order(world.actor("haifeng"), batch_of(number), "apply", at=NOW)
    db.session.commit()
    with caplog.at_level(logging.ERROR):
        jobs.apply(number)
    assert f"checking counted 2500 rows, there are {2500 - lost}" in caplog.text
    batch = batch_of(number)
    assert (batch.state, batch.arriving, batch.new, staged(number)) == (BatchState.CHECKED, False, 2500, 2500)
    assert batch_of(number).message.startswith("校验时数出 %(counted)s 行，实际只有 %(found)s 行")
    assert db.session.query(Firm).filter(Firm.voided_at.is_(None)).count() == 0
    verbs = list(db.session.scalars(select(TrailEntry.verb).where(TrailEntry.subject_kind == "import_batch")))
    assert ("apply_import" in verbs, "undo_import" in verbs) == (False, True)
    batches.order(world.actor("haifeng"), batch_of(number), "apply", at=NOW)
    db.session.commit()
    jobs.apply(number)
    assert (batch_of(number).state, db.session.query(Firm).filter(Firm.voided_at.is_(None)).count()) == (
        BatchState.APPLIED, 2500,
    )  # fmt: skip


def test_an_applying_whose_order_is_long_past_writes_nothing(world: World) -> None:
    """It was halted, the batch taken back, checked anew and confirmed again: it would switch on what is half there."""
    number = waiting(world, listed(MANY[:30]))
    jobs.check(number)
    actor = world.actor("haifeng")

    def order(what: str) -> None:
        batches.order(actor, batch_of(number), what, at=NOW)
        db.session.commit()

    order("apply")
    old = applying.turns(batch_of(number), actor, Pace(20), now=lambda: NOW, on=TODAY)
    next(old)
    db.session.commit()
    order("take_back")
    for _ in undoing.withdrawing(batch_of(number), actor, Pace(), now=lambda: NOW, on=TODAY):
        db.session.commit()
    jobs.check(number)
    order("apply")
    assert list(old) == []
    db.session.rollback()
    assert (batch_of(number).state, batch_of(number).applied_at) == (BatchState.APPLYING, None)
    jobs.apply(number)
    living = db.session.query(Firm).filter(Firm.voided_at.is_(None)).count()
    assert (batch_of(number).state, living) == (BatchState.APPLIED, 30)


def test_the_error_of_an_order_that_is_past_stops_no_other(world: World) -> None:
    number = waiting(world, listed(MANY[:2]))
    jobs.check(number)
    batches.order(world.actor("haifeng"), batch_of(number), "apply", at=NOW)
    db.session.commit()
    jobs._stop(number, FileRefused("x"), "another")
    assert batch_of(number).state == BatchState.APPLYING


# -- workbooks ----------------------------------------------------------------------------------------
@pytest.fixture
def row(world: World) -> WorkbookReturn:
    firm = world.firm("海丰县云谷软件有限公司", activity="软件开发")
    return sent(changed(issued(), put(firm, "主营业务", "应用软件开发")))


def test_an_older_comparison_neither_writes_nor_refuses(row: WorkbookReturn, monkeypatch: pytest.MonkeyPatch) -> None:
    number, stored_name = row.id, row.stored_name
    returns.order(World().actor("haifeng"), row, "compare", at=NOW)
    db.session.commit()
    read = books._read

    def overtaken(*given: Any) -> Any:
        monkeypatch.setattr(books, "_read", read)
        books.compare(number)
        raise FileRefused("x")

    monkeypatch.setattr(books, "_read", overtaken)
    books.compare(number)
    assert returns_now(number) == ReturnState.COMPARED
    returns.order(World().actor("haifeng"), db.session.get_one(WorkbookReturn, number), "compare", at=NOW)
    db.session.commit()
    older = returns.start_reading(number)
    newer = returns.start_reading(number)
    db.session.commit()
    books.refuse(number, FileRefused("x"), older)
    assert (returns_now(number), batches.size_of(stored_name) > 0) == (ReturnState.READING, True)
    books.refuse(number, FileRefused("x"), newer)
    assert returns_now(number) == ReturnState.REFUSED


def returns_now(number: int) -> str:
    db.session.expire_all()
    state = db.session.get_one(WorkbookReturn, number).state
    db.session.rollback()
    return state


def test_a_writing_that_another_carried_out_says_nothing_a_second_time(row: WorkbookReturn) -> None:
    number, actor = row.id, World().actor("haifeng")
    returns.order(actor, row, "apply", at=NOW)
    db.session.commit()
    halted_one = Application(db.session.get_one(WorkbookReturn, number), actor, at=NOW, on=TODAY)
    db.session.commit()
    books.apply(number)
    with pytest.raises(Overtaken):
        list(halted_one.turns(turns.Pace()))
    db.session.rollback()
    said = select(func.count(TrailEntry.seq)).where(TrailEntry.verb == "apply_workbook")
    assert (returns_now(number), db.session.scalar(said)) == (ReturnState.APPLIED, 1)


# -- pairs --------------------------------------------------------------------------------------------
def test_of_two_scans_each_firm_is_counted_once(world: World, tmp_path: Path) -> None:
    for number in range(6):
        world.firm(f"海丰县梅陇第{number}科技有限公司")
    db.session.commit()
    first, second = (scans.scan(Pace(2), at=NOW) for _ in range(2))
    for step in (first, first, second, second):
        next(step)
        db.session.commit()
    for step in (second, first):
        for _ in step:
            db.session.commit()
    found = db.session.scalars(select(PairingScan)).one()
    assert (found.firms, found.finished_at is not None) == (6, True)
    told = select(func.count(TrailEntry.seq)).where(TrailEntry.verb == "scan_pairs")
    assert db.session.scalar(told) == 1


def test_the_batch_keeps_no_run_of_a_worker_that_waits(world: World) -> None:
    """What waits is taken by whoever comes, with a token of its own."""
    number = waiting(world, listed(MANY[:1]))
    tokens = {batches.start_checking(db.session.get_one(ImportBatch, number), at=NOW) for _ in range(2)}
    assert (len(tokens), None in tokens) == (2, False)
