"""A long import is applied in short turns: nobody sees it before it is whole, and a broken one goes on or goes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.audit import queries
from registry.base.clocks import AsOf
from registry.base.errors import BatchConflict, BatchMoved, CodeArriving
from registry.base.extensions import db
from registry.base.turns import Pace
from registry.base.vocabulary import Action, BatchState, Stage
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.duplicates.queries import duplicates
from registry.entries.services import entries
from registry.firms.models import arriving
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.imports import queries as imports
from registry.imports.models import ImportBatch
from registry.imports.services import applying, batches, undoing
from registry.ledger.queries import asof
from registry.pathway.models import PathwayEvent
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.uploads import apply, give_reason, listed, rows, undone, uploaded
from tests.world import NOW, TODAY, World, credit_code, signed_in

ADDRESS = "海丰县海城镇人民路8号"
MANY = [(f"海丰县梅陇第{n}科技有限公司", credit_code(100 + n), ADDRESS) for n in range(30)]
SIZE = 10


def ordered(folder: Path, content: bytes, what: str = "apply") -> ImportBatch:
    batch = uploaded(folder, content)
    give(batch, what)
    return batch


def give(batch: ImportBatch, what: str, by: str = "haifeng") -> None:
    if what == "apply":
        give_reason(batch)
    batches.order(World().actor(by), batch, what, at=NOW)
    db.session.commit()


def some_turns(batch: ImportBatch, number: int) -> None:
    """So many turns of ten rows; then the process is no more."""
    work = applying.turns(batch, World().actor("haifeng"), Pace(SIZE), now=lambda: NOW, on=TODAY)
    for _ in range(number):
        next(work)
        db.session.commit()
    db.session.expire_all()


def withdrawn(batch: ImportBatch) -> None:
    work = undoing.withdrawing(batch, World().actor("haifeng"), Pace(SIZE), now=lambda: NOW, on=TODAY)
    for _ in work:
        db.session.commit()
    db.session.expire_all()


def all_there() -> int:
    with arriving.shown():
        return db.session.query(Firm).filter(Firm.voided_at.is_(None)).count()


def test_nobody_sees_a_firm_before_all_are_there(world: World, tmp_path: Path) -> None:
    batch = ordered(tmp_path, listed(MANY))
    some_turns(batch, 2)
    assert (all_there(), batch.done, batch.total, batch.arriving) == (20, 20, 30, True)
    name, code, _ = MANY[0]
    assert db.session.query(Firm).count() == 0
    assert firms.with_code(code) is None
    assert not duplicates.check(world.actor("haifeng"), name, code)
    assert not duplicates.check(world.actor("lufeng"), name, code)
    acts = db.session.scalars(queries.visible_to(world.actor("auditor"))).all()
    assert {entry.verb for entry in acts if entry.subject_kind == "firm"} == set()
    db.session.rollback()
    apply(batch)
    db.session.expire_all()
    assert (db.session.query(Firm).count(), batch.state, batch.arriving) == (30, BatchState.APPLIED, False)
    assert [row.outcome for row in rows(batch)] == ["applied"] * 30
    assert db.session.query(PathwayEvent).count() == 30
    acts = db.session.scalars(queries.visible_to(world.actor("auditor"))).all()
    assert [entry.verb for entry in acts if entry.subject_kind == "firm"] == ["import"] * 30
    assert trail.verify().broken is None


def test_no_page_shows_a_firm_on_its_way(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        some_turns(ordered(tmp_path, listed(MANY)), 2)
        with arriving.shown():
            number = db.session.scalars(select(Firm.id).order_by(Firm.id)).first()
        db.session.remove()
    for username, pages in {
        "haifeng": ("/", "/firms?stage=all", "/firms?q=第1"),
        "auditor": ("/trail", "/firms?stage=all"),
    }.items():
        client = signed_in(app, username)
        for path in pages:
            answer = client.get(path, follow_redirects=True)
            assert (answer.status_code, "梅陇第" in answer.get_data(as_text=True)) == (200, False), path
        assert client.get(f"/firms/{number}").status_code == 404


def test_of_a_code_on_its_way_another_county_learns_only_that_it_comes(world: World, tmp_path: Path) -> None:
    some_turns(ordered(tmp_path, listed(MANY)), 1)
    with pytest.raises(CodeArriving) as refused:
        world.firm("陆丰市联创软件有限公司", by="lufeng", credit_code=MANY[0][1])
    assert str(refused.value) == f"统一社会信用代码 {MANY[0][1]} 正随一批导入写入名录，请过几分钟再登记。"
    world.firm("陆丰市联创软件有限公司", by="lufeng", credit_code=MANY[20][1])


def test_a_broken_one_goes_on_where_it_was_and_writes_each_row_once(world: World, tmp_path: Path) -> None:
    batch = ordered(tmp_path, listed(MANY))
    some_turns(batch, 2)
    some_turns(batch, 1)
    apply(batch)
    with arriving.shown():
        codes = [code for (code,) in db.session.query(Firm.credit_code)]
    assert sorted(codes) == sorted(code for _, code, _ in MANY)
    assert trail.verify().broken is None


def test_a_broken_one_is_taken_back_whole_and_its_codes_are_free(world: World, tmp_path: Path) -> None:
    batch = ordered(tmp_path, listed(MANY))
    some_turns(batch, 2)
    give(batch, "take_back")
    withdrawn(batch)
    assert (all_there(), batch.state, batch.arriving) == (0, BatchState.WAITING, False)
    world.firm("海丰县联创软件有限公司", credit_code=MANY[0][1])
    last = db.session.query(TrailEntry).filter_by(subject_kind="import_batch", verb="undo_import").one()
    assert last.reason.startswith("导入没有完成，已写入的企业整批撤下")
    assert db.session.query(TrailEntry).filter_by(subject_kind="firm", verb="undo_import").count() == 20
    assert trail.verify().broken is None


def test_a_conflict_met_half_way_leaves_what_was_written_out_of_sight(world: World, tmp_path: Path) -> None:
    batch = ordered(tmp_path, listed(MANY))
    some_turns(batch, 1)
    world.firm("海丰县联创软件有限公司", credit_code=MANY[25][1])
    db.session.commit()
    with pytest.raises(BatchConflict) as refused:
        apply(batch)
    db.session.rollback()
    assert refused.value.values == {"rows": "27"}
    assert (batch.arriving, db.session.query(Firm).count()) == (True, 1)


def test_of_two_lists_with_one_firm_the_second_meets_what_the_first_is_writing(world: World, tmp_path: Path) -> None:
    first, second = uploaded(tmp_path, listed(MANY)), uploaded(tmp_path, listed(MANY[:2]))
    give(first, "apply")
    give(second, "apply")
    some_turns(first, 1)
    with pytest.raises(BatchConflict) as refused:
        apply(second)
    db.session.rollback()
    assert refused.value.values == {"rows": "2、3"}
    apply(first)
    assert db.session.query(Firm).count() == 30


def test_what_is_there_to_stay_is_not_taken_back_but_undone(world: World, tmp_path: Path) -> None:
    batch = ordered(tmp_path, listed(MANY))
    apply(batch)
    with pytest.raises(BatchMoved):
        give(batch, "take_back")
    db.session.rollback()
    undone(batch)
    assert (all_there(), batch.state) == (0, BatchState.UNDONE)


def held(world: World, number: int) -> list[tuple[str, str, str]]:
    firms_held = [
        world.firm(f"海丰县正衡第{n}检测技术有限公司", credit_code=credit_code(300 + n)) for n in range(number)
    ]
    db.session.commit()
    return [(firm.name, str(firm.credit_code), ADDRESS) for firm in firms_held]


def test_many_changes_follow_the_switch_and_one_changed_meanwhile_is_left_and_named(
    world: World, tmp_path: Path
) -> None:
    changes = held(world, 25)
    batch = ordered(tmp_path, listed([*MANY[:5], *changes]))
    some_turns(batch, 2)
    assert (batch.state, batch.arriving, batch.done) == (BatchState.APPLYING, False, 15)
    assert db.session.query(Firm).count() == 30
    other = firms.with_code(changes[20][1])
    assert other is not None
    entries.edit(world.actor("haifeng"), other, {"employees": 9}, at=NOW, on=TODAY)
    db.session.commit()
    number = other.id
    apply(batch)
    assert (batch.state, batch.done) == (BatchState.APPLIED, 30)
    assert imports.left(batch) == [{"row": 27, "name": changes[20][0], "firm": number}]
    assert db.session.query(Firm).filter(Firm.registered_address == ADDRESS).count() == 29
    entry = db.session.query(TrailEntry).filter_by(verb="apply_import").one()
    assert entry.after == {"new": 5, "changed": 25, "unchanged": 0, "duplicate": 0, "faulty": 0, "left": 1}
    undone(batch)
    assert db.session.query(Firm).filter(Firm.registered_address == ADDRESS, Firm.voided_at.is_(None)).count() == 0
    assert sorted({row.outcome for row in rows(batch)}) == ["left", "undone"]


def test_undoing_gives_back_the_day_since_when_the_stage_stood(world: World, tmp_path: Path) -> None:
    """The figure that the list brought was the first of the year; without it the firm stands where it stood."""
    firm = world.admitted(wan="1500", credit_code=credit_code(1))
    (paper,) = documents.documents_of(firm)
    attachments.void(world.actor("haifeng"), firm, paper, at=NOW, on=TODAY, reason="盖章不全")
    world.document(firm)  # of the period, and of no amount in particular: it proves what the list brings
    firm.stage_on = TODAY.replace(month=8)
    for event in db.session.query(PathwayEvent).filter_by(firm_id=firm.id):
        event.on = TODAY.replace(month=8)
    db.session.commit()
    number, since = firm.id, firm.stage_on
    headings = ("企业名称", "统一社会信用代码", "本年累计营业收入(万元)", "截至月份")
    batch = ordered(tmp_path, listed([(firm.name, firm.credit_code, "2100", "9")], headings))
    apply(batch)
    firm = db.session.get_one(Firm, number)
    assert (firm.stage, firm.stage_on) == (Stage.QUALIFIED, TODAY)
    db.session.rollback()
    undone(batch)
    firm = db.session.get_one(Firm, number)
    assert (firm.stage, firm.stage_on) == (Stage.ADMITTED, since)
    last = db.session.query(PathwayEvent).filter_by(firm_id=number).order_by(PathwayEvent.id.desc()).first()
    assert last is not None
    assert (last.action, last.source, last.target, last.on) == (Action.UNDO_IMPORT, "qualified", "admitted", TODAY)
    assert asof.course_of(number, AsOf(TODAY)).since(TODAY) == since
