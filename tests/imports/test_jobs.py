"""What a stopped worker leaves behind is taken up again; what fails says so and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import clock, db
from registry.base.vocabulary import BatchState
from registry.firms.models.firms import Firm
from registry.imports import jobs
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services import batches, chunks, staging
from registry.imports.services.staging import SortedTable
from registry.people.queries import people
from registry.queue.jobs import recover
from tests.uploads import HEADINGS, listed, uploaded
from tests.world import NOW, TODAY, World, credit_code

ADDRESS = "海丰县海城镇人民路8号"
MANY = [(f"海丰县梅陇第{n}科技有限公司", credit_code(100 + n), ADDRESS) for n in range(2500)]


def waiting(world: World, content: bytes) -> int:
    kept = batches.keep([content])
    batch = batches.receive(
        world.actor("haifeng"), people.user("haifeng").office, kept, filename="名单.csv", year=2021, at=NOW
    )
    number = batch.id
    db.session.commit()
    return number


def batch_of(number: int) -> ImportBatch:
    db.session.expire_all()
    return db.session.get_one(ImportBatch, number)


def folder(app: Flask) -> list[str]:
    return sorted(path.name for path in Path(app.config["UPLOADS"]).iterdir())


def test_a_check_that_broke_off_begins_again_and_counts_each_row_once(world: World) -> None:
    number = waiting(world, listed(MANY))
    _half_checked(world, number)
    assert (batch_of(number).state, jobs.unfinished()) == (BatchState.CHECKING, [("check_batch", (number,))])
    assert db.session.query(ImportRow).count() == 1000
    db.session.commit()
    recover()
    assert (batch_of(number).state, batch_of(number).new, batch_of(number).done) == (BatchState.CHECKED, 2500, 2500)
    assert (db.session.query(ImportRow).count(), jobs.unfinished()) == (2500, [])


def _half_checked(world: World, number: int) -> None:
    batch = batch_of(number)
    run = batches.start_checking(batch, at=NOW) or ""
    path, office = batches.upload(batch.stored_name), batch.office
    db.session.commit()
    with SortedTable(path, actor=world.actor("haifeng"), office=office, year=2021, on=TODAY) as table:
        for chunk in staging.stage(number, table, run):
            db.session.commit()
            if chunk:
                break


def test_an_order_that_was_lost_is_carried_out_when_the_worker_comes_back(world: World, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, listed(MANY[:2]))
    number = batch.id
    batches.order(world.actor("haifeng"), batch, "apply", at=NOW)
    db.session.commit()
    assert jobs.unfinished() == [("apply_batch", (number,))]
    db.session.commit()
    recover()
    assert (batch_of(number).state, db.session.query(Firm).count()) == (BatchState.APPLIED, 2)


def test_a_command_at_work_is_left_alone_and_one_that_died_is_cleared_up(world: World) -> None:
    office, actor = people.user("haifeng").office, world.actor("haifeng")
    now = clock.now()
    numbers = []
    for touched in (now - timedelta(seconds=30), now - timedelta(minutes=11)):
        batch = batches.receive(
            actor, office, batches.StoredUpload("", "0" * 64), filename="名单.csv", year=2021, at=touched
        )
        batches.start_checking(batch, at=touched)
        numbers.append(batch.id)
    db.session.commit()
    recover()
    assert [batch_of(number).state for number in numbers] == [BatchState.CHECKING, BatchState.REFUSED]


def test_a_batch_given_up_while_it_is_checked_stops_and_leaves_no_rows(world: World, app: Flask) -> None:
    number = waiting(world, listed(MANY))
    _half_checked(world, number)
    batches.order(world.actor("haifeng"), batch_of(number), "discard", at=NOW)
    db.session.commit()
    jobs.check(number)
    assert (batch_of(number).state, db.session.query(ImportRow).count()) == (BatchState.DISCARDED, 0)


def test_a_chunk_in_flight_when_it_is_given_up_is_dropped(world: World) -> None:
    number = waiting(world, listed(MANY))
    batch = batch_of(number)
    run = batches.start_checking(batch, at=NOW) or ""
    path, office = batches.upload(batch.stored_name), batch.office
    db.session.commit()
    with SortedTable(path, actor=world.actor("haifeng"), office=office, year=2021, on=TODAY) as table:
        pieces: Iterator[object] = staging.stage(number, table, run)
        next(pieces)
        db.session.commit()
        batches.order(world.actor("haifeng"), batch_of(number), "discard", at=NOW)
        db.session.commit()
        with pytest.raises(staging.GivenUp):
            next(pieces)
    db.session.rollback()


def test_a_file_that_vanished_is_refused_with_the_reason(world: World) -> None:
    number = waiting(world, listed(MANY[:1]))
    batches.remove_file(batch_of(number).stored_name)
    db.session.commit()
    jobs.check(number)
    assert (batch_of(number).state, batch_of(number).message) == (
        BatchState.REFUSED, "上传的文件已不在服务器上，请重新上传。",
    )  # fmt: skip


def test_a_stray_quote_further_down_costs_its_own_row(world: World) -> None:
    number = waiting(world, listed(MANY) + '海丰县末行有限公司,"没有收尾'.encode())
    jobs.check(number)
    batch = batch_of(number)
    assert (batch.state, db.session.query(ImportRow).count()) == (BatchState.CHECKED, len(MANY) + 1)
    last = db.session.scalars(select(ImportRow).order_by(ImportRow.number.desc()).limit(1)).one()
    assert last.kind == "faulty"


def test_an_unexpected_error_while_applying_changes_nothing_and_says_so(world: World, tmp_path: Path) -> None:
    """A row staged by another release: its values cannot be written."""
    number = waiting(world, listed(MANY[:1500]))
    jobs.check(number)
    batch = batch_of(number)
    last = db.session.query(ImportRow).order_by(ImportRow.number.desc()).first()
    assert last is not None
    last.values = {"fields": {"name": "海丰县"}, "figures": [["?"]], "former": [], "derived": {}}
    batches.order(world.actor("haifeng"), batch, "apply", at=NOW)
    db.session.commit()
    jobs.apply(number)
    batch = batch_of(number)
    living = db.session.query(Firm).filter(Firm.voided_at.is_(None)).count()
    assert (batch.state, batch.new, batch.arriving, living) == (BatchState.CHECKED, 1500, False, 0)
    assert batch.message.startswith("处理时出现意外错误，没有导入任何内容")


def test_memory_of_the_rows_above_lives_outside_the_process(world: World, tmp_path: Path) -> None:
    """A duplicate two chunks further down is still found."""
    batch = uploaded(tmp_path, listed([*MANY, MANY[0]], HEADINGS))
    assert (batch.new, batch.duplicate) == (2500, 1)
    assert chunks.CHUNK < 2500
