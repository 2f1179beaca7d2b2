"""What is changed past the program is found and named: table, row, field; and what only an anchor outside can find."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from bench.trust import planting
from registry.audit import jobs
from registry.audit.services import offline
from registry.base.clocks import SHANGHAI
from registry.base.extensions import db
from registry.duplicates.services import rekeying
from registry.firms.models.firms import Firm
from registry.plans.models import PlanMeasure
from registry.trail.models import RowSeal, TrailEntry, TrailHead
from registry.trail.services import anchoring, recounting, seals, trail
from registry.trail.services.recounting import Recount
from registry.trail.services.trail import Act
from tests.world import NOW, World

SEED, EDITS = 46, 40
YUNGU = "海丰县云谷软件有限公司"
TABLES = (
    "firm", "figure", "document", "proposal", "pathway_event", "user_account", "office", "parameter", "threshold",
    "material", "division", "holiday", "routing", "submission",
)  # fmt: skip


@pytest.fixture
def town(world: World) -> World:
    firm = world.firm(YUNGU)
    for month in ("2021-07", "2021-08"):
        world.figure(firm, "900", period=month)
        db.session.commit()
    world.admitted("海丰县青帆软件有限公司")
    db.session.commit()
    world.submitted("海丰县潮汐网络有限公司")
    db.session.commit()
    return world


@pytest.fixture
def unguarded(town: World) -> World:
    """Somebody with full power over the database has taken the triggers away."""
    planting.drop_guards()
    return town


def counted() -> Recount:
    db.session.rollback()
    try:
        return recounting.recount(db.session())
    finally:
        db.session.rollback()


def past_the_program(statement: str, **values: Any) -> None:
    with planting.at_the_terminal() as connection:
        connection.execute(text(statement), values)


# -- whole ----------------------------------------------------------------------------------------
def test_what_goes_through_the_program_fits_its_seals(town: World) -> None:
    found = counted()
    assert (found.is_whole, found.rows > 1_000, found.seals >= found.rows) == (True, True, True)


def test_every_table_is_sealed_or_says_why_not() -> None:
    without = {mapper.local_table.name: mapper.class_.unsealed for mapper in db.Model.registry.mappers}
    assert set(without) == {table.name for table in db.Model.metadata.tables.values()}
    assert len(seals.sealed_tables()) > 100
    assert all(len(why) > 5 for why in without.values() if why)
    assert {"firm", "figure", "document", "filing", "proposal", "threshold", "pair_verdict", "intake_window",
            "user_account", "approval", "snapshot"} <= set(seals.sealed_tables())  # fmt: skip


def test_a_statement_for_many_rows_is_sealed_as_well(town: World) -> None:
    db.session.execute(update(Firm).values(activity="软件开发"), execution_options={"synchronize_session": False})
    db.session.commit()
    assert counted().is_whole


def test_what_was_rolled_back_leaves_no_seal(town: World) -> None:
    before = counted().head
    firm = db.session.query(Firm).first()
    firm.activity = "别的"
    db.session.flush()
    assert counted().head == before


def test_a_text_that_was_replaced_cannot_be_found_out_by_trying(town: World) -> None:
    """Of the seal before, the salt is gone: eleven digits are not tried out against it."""
    firm = db.session.query(Firm).filter_by(name=YUNGU).one()
    key = str(firm.id)
    firm.contact_phone = "13800135678"
    db.session.commit()
    firm.contact_phone = ""
    db.session.commit()
    kept = db.session.query(RowSeal).filter_by(of_table="firm", row_key=key).order_by(RowSeal.seq).all()
    assert [seal.salt is None for seal in kept] == [True] * (len(kept) - 1) + [False]


# -- planted --------------------------------------------------------------------------------------
def test_any_field_of_any_row_that_is_edited_is_named(unguarded: World) -> None:
    dice, made = random.Random(SEED), 0
    while made < EDITS:
        if planted := planting.edit(dice, seals.sealed_tables()[dice.choice(TABLES)]):
            fault, back = planted
            assert [tuple(one) for one in counted().faults] == [fault]
            back()
            made += 1
    assert counted().is_whole


@pytest.mark.parametrize("table", ["figure", "document", "pathway_event", "holiday", "parameter"])
def test_a_row_that_is_deleted_is_named(unguarded: World, table: str) -> None:
    fault = planting.delete(random.Random(SEED), seals.sealed_tables()[table])
    assert [tuple(one) for one in counted().faults] == [fault]


def test_a_row_that_is_added_is_named(unguarded: World) -> None:
    zone, _town = seals.all_keys(db.session(), seals.sealed_tables()["zone_town"])[0]
    key = f"{zone}|planted"
    past_the_program(
        "insert into zone_town (zone, town, valid_from, valid_to, source) "
        "select zone, 'planted', valid_from, valid_to, source from zone_town order by town limit 1"
    )
    assert [tuple(one) for one in counted().faults] == [("zone_town", key, "", "added")]


def test_a_seal_that_is_changed_taken_away_or_cut_off_is_found(unguarded: World) -> None:
    last = counted().seals
    past_the_program("update row_seal set state = (select state from row_seal where seq = 3) where seq = 2")
    found = counted()
    assert (found.broken, found.fault) == (2, "seal")
    past_the_program(f"delete from row_seal where seq = {last}")
    past_the_program("update row_seal set salt = null where seq = 9")
    found = counted()
    assert (found.broken, "unsealed" in {one.fault for one in found.faults}) == (2, True)


def test_seals_hashed_anew_do_not_fit_the_trail(unguarded: World) -> None:
    """Whoever edits a row, seals it anew and hashes the chain of seals from there on has the trail against them."""
    number = forged()
    found = counted()
    assert (found.fault, found.faults) == ("trail", [])
    assert found.broken is not None
    assert found.broken > number


def forged() -> int:
    """A figure is raised, its seal made anew, and every seal after it hashed anew; the first of them."""
    table = seals.sealed_tables()["figure"]
    key = seals.all_keys(db.session(), table)[0]
    db.session.rollback()
    past_the_program("update figure set amount = amount * 2 where id = :id", id=key[0])
    session = db.session()
    ((_key, values),) = seals.rows_of(session, table, [key])
    columns = {shape.id: shape.columns for shape in session.query(recounting.SealShape)}
    live = seals.live_seals(session, "figure", [seals.key_of(key)])[seals.key_of(key)]
    state = seals.state_of(columns[live.shape_id].split(","), values, live.salt)
    session.execute(text("update row_seal set state = :state where seq = :seq"), {"state": state, "seq": live.seq})
    session.commit()
    rehash_seals(live.seq)
    return int(live.seq)


def rehash_seals(start: int) -> None:
    session = db.session()
    columns = {shape.id: shape.columns for shape in session.query(recounting.SealShape)}
    rows = session.execute(recounting.select(*recounting._SEAL).order_by(RowSeal.seq)).all()
    last = rows[start - 2].hash if start > 1 else trail.GENESIS
    for row in rows[start - 1 :]:
        last = seals.link(last, row._asdict(), columns[row.shape_id])
        session.execute(text("update row_seal set hash = :hash where seq = :seq"), {"hash": last, "seq": row.seq})
    session.execute(update(TrailHead).values(seals_hash=last))
    session.commit()


# -- anchors --------------------------------------------------------------------------------------
def test_an_anchor_is_noted_each_hour_while_anything_happens(town: World) -> None:
    jobs.anchor()
    jobs.anchor()
    (noted,) = anchoring.read(anchoring.place())
    assert (f"{noted.trail[0]}:{noted.trail[1]}", noted.why) == (trail.head(), "hour")
    assert anchoring.place().stat().st_mode & 0o077 == 0


def test_what_is_given_out_is_anchored_at_once(town: World) -> None:
    firm = db.session.query(Firm).first()
    firm.activity = "数据处理"
    trail.record(town.actor("haifeng"), "export", "firm", at=NOW, after={"rows": 1})
    db.session.commit()
    (noted,) = anchoring.read(anchoring.place())
    assert (noted.why, f"{noted.seals[0]}:{noted.seals[1]}") == ("export", counted().head)
    trail.record(town.actor("haifeng"), "export", "firm", at=NOW, after={"rows": 1})
    db.session.rollback()
    firm.activity = "软件开发"
    db.session.commit()
    assert len(list(anchoring.read(anchoring.place()))) == 1


def test_everything_forged_is_found_by_the_anchor_alone(unguarded: World) -> None:
    """Row, seal, both chains and their ends: inside the database nothing contradicts anything any more."""
    jobs.anchor()
    start = forged()
    session = db.session()
    ends = {0: trail.GENESIS} | {row.seq: row.hash for row in session.query(RowSeal.seq, RowSeal.hash)}
    by_trail = session.query(RowSeal.trail_seq, RowSeal.seq).order_by(RowSeal.seq).all()
    previous = trail.GENESIS
    for entry in session.query(TrailEntry).order_by(TrailEntry.seq):
        if entry.seals_hash is not None:
            entry.seals_hash = ends[max((seq for at, seq in by_trail if at < entry.seq), default=0)]
        entry.previous_hash = previous
        entry.hash = previous = trail.digest(trail.hashed(entry), previous)
    session.execute(update(TrailHead).values(hash=previous))
    session.commit()
    assert start > 0
    assert (trail.verify().broken, counted().is_whole) == (None, True)
    differs = anchoring.first_that_differs(anchoring.place())
    assert differs is not None
    assert differs[0] == 1


def test_a_file_that_holds_no_anchors_is_refused(town: World) -> None:
    jobs.anchor()
    with anchoring.place().open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(anchoring.BadAnchors, match="line 2 is no anchor"):
        list(anchoring.read(anchoring.place()))


# -- without the program --------------------------------------------------------------------------
def checked(folder: Path, *files: str) -> tuple[int, str]:
    """The program of one file, by a Python that knows nothing of ours."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(offline.PROGRAM), *(str(folder / one) for one in files)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def exported(town: World, tmp_path: Path) -> Path:
    jobs.anchor()
    trail.record_all(town.actor("haifeng"), [Act("edit", "firm", 1, after={"name": "海丰县“云谷”"})], at=NOW)
    db.session.commit()
    with (tmp_path / "trail.jsonl").open("wb") as file:
        offline.write(file)
    (tmp_path / "anchors.txt").write_bytes(anchoring.place().read_bytes())
    return tmp_path


def test_an_export_is_checked_without_the_program(exported: Path) -> None:
    lines = (exported / "trail.jsonl").read_bytes().splitlines(keepends=True)
    status, said = checked(exported, "trail.jsonl", "anchors.txt")
    assert (status, said.startswith(f"ok: {len(lines)} entries, head {trail.head()}, 1 anchors fit")) == (0, True), said
    assert "without anchors" in checked(exported, "trail.jsonl")[1]
    assert len(offline.PROGRAM.read_text().splitlines()) <= 200


def test_what_is_wrong_with_an_export_is_named(exported: Path) -> None:
    whole = (exported / "trail.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    for name, wrong, why in (
        ("edited", whole.replace("云谷".encode(), "云山".encode()), "its content was changed"),
        ("middle", b"".join(lines[:4] + lines[5:]), "entry 5: it is missing (the next one is 6)"),
        ("swapped", b"".join([*lines[:3], lines[4], lines[3], *lines[5:]]), "entry 4: it is missing"),
    ):
        (exported / name).write_bytes(wrong)
        status, said = checked(exported, name, "anchors.txt")
        assert (status, why in said) == (1, True), (name, said)
    (exported / "cut").write_bytes(b"".join(lines[:-2]))
    assert checked(exported, "cut")[0] == 0
    status, said = checked(exported, "cut", "anchors.txt")
    assert (status, "the export ends before it" in said) == (1, True)
    assert checked(exported, "nowhere")[0] == 2


# -- migrations -----------------------------------------------------------------------------------
def test_what_a_migration_changes_is_sealed_anew_and_said_on_the_trail(unguarded: World) -> None:
    past_the_program("update firm set sound_key = 'x' where id in (1, 2)")
    past_the_program("delete from holiday where day = (select min(day) from holiday)")
    assert len(counted().faults) == 3
    recounting.settle(db.session(), "0046>0047", at=datetime.now(SHANGHAI))
    db.session.commit()
    entry = db.session.query(TrailEntry).order_by(TrailEntry.seq.desc()).first()
    assert (entry.verb, entry.after) == (
        "seal", {"revision": "0046>0047", "rows": 3, "differed": {"firm.sound_key": 2, "holiday.gone": 1}},
    )  # fmt: skip
    assert counted().is_whole
    assert recounting.settle(db.session(), "0047>0048", at=datetime.now(SHANGHAI)) == 0


def test_the_app_has_its_own_place_for_anchors(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        assert anchoring.place() == tmp_path / "anchors.txt"
        app.config["ANCHORS"] = str(tmp_path / "share" / "anchors.txt")
        assert anchoring.place() == tmp_path / "share" / "anchors.txt"


# -- what a stranger found ------------------------------------------------------------------------
def test_a_part_that_was_taken_back_leaves_the_rest_sealed_and_its_anchor_noted(town: World) -> None:
    firm = db.session.query(Firm).filter_by(name=YUNGU).one()
    firm.activity = "数据处理"
    trail.record(town.actor("haifeng"), "export", "firm", at=NOW, after={"rows": 1})
    part = db.session.begin_nested()
    db.session.query(Firm).filter_by(name="海丰县青帆软件有限公司").one().activity = "别的"
    db.session.flush()
    part.rollback()
    with db.session.begin_nested():
        firm.issue = "人手不足"
    db.session.commit()
    assert counted().is_whole
    assert [noted.why for noted in anchoring.read(anchoring.place())] == ["export"]


def test_a_row_that_lost_what_it_belonged_to_is_sealed_as_gone(unguarded: World) -> None:
    measure = db.session.query(PlanMeasure).filter(PlanMeasure.offices.any()).first()
    assert measure is not None, "the plan of 2021 is part of the seeds"
    measure.offices.remove(measure.offices[0])
    db.session.commit()
    assert counted().is_whole


def test_names_that_are_keyed_anew_are_sealed(town: World) -> None:
    db.session.execute(update(Firm).values(sound_key="x"), execution_options={"synchronize_session": False})
    db.session.commit()
    before = counted().seals
    table = seals.sealed_tables()["firm"]
    rows = db.session.execute(select(*rekeying._columns(table), table.c.id, table.c.name)).mappings().all()
    assert rekeying._write(table, list(rows)) == len(rows)
    db.session.commit()
    found = counted()
    assert (found.is_whole, found.seals) == (True, before + len(rows))


def test_a_truth_that_is_neither_is_named_where_the_database_would_take_it(unguarded: World) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL knows two truths only")
    past_the_program("update user_account set active = 2 where id = 1")
    assert [tuple(one) for one in counted().faults] == [("user_account", "1", "active", "changed")]


def test_a_value_that_cannot_be_read_is_named_and_ends_nothing(unguarded: World) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no such value")
    key = seals.all_keys(db.session(), seals.sealed_tables()["figure"])[0][0]
    past_the_program("update figure set amount = '12x' where id = :id", id=key)
    assert [tuple(one) for one in counted().faults] == [("figure", str(key), "", "changed")]


def test_rows_of_a_table_that_is_no_more_are_let_go_when_a_migration_is_settled(unguarded: World) -> None:
    past_the_program("update row_seal set of_table = 'old_table' where of_table = 'holiday'")
    rehash_seals(1)
    recounting.settle(db.session(), "0046>0047", at=datetime.now(SHANGHAI))
    db.session.commit()
    assert counted().faults == []


def test_a_line_that_broke_off_stays_one_of_its_own(town: World) -> None:
    jobs.anchor()
    with anchoring.place().open("ab") as file:
        file.write(b"2021-10-15T09:00:00+08:00 12:ab\xff")
    jobs.anchor()
    lines = anchoring.place().read_bytes().splitlines()
    assert (len(lines), lines[0].split()[1:3]) == (3, lines[2].split()[1:3])
    with pytest.raises(anchoring.BadAnchors, match="line 2"):
        anchoring.first_that_differs(anchoring.place())


def test_a_share_that_is_not_there_is_no_place_for_anchors(town: World, app: Flask, tmp_path: Path) -> None:
    app.config["ANCHORS"] = str(tmp_path / "not-mounted" / "anchors.txt")
    with pytest.raises(FileNotFoundError):
        jobs.anchor()
    trail.record(town.actor("haifeng"), "export", "firm", at=NOW, after={"rows": 1})
    db.session.commit()
    assert trail.verify().broken is None
