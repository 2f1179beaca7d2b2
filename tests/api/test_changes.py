"""The change feed: what it calls each act, whom it tells, and that whoever goes on from its cursor misses nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import UndoGround
from registry.entries.services import entries
from registry.firms.models import arriving
from registry.firms.models.firms import Firm
from registry.merges.services import merging, unmerging
from registry.qualifications.services import recording as qualifying
from registry.trail.services import trail
from registry.trail.services.trail import Act
from tests.api.tokens import Program, issued
from tests.imports.test_turns import MANY, ordered, some_turns
from tests.qualifications.entered import certificate
from tests.uploads import applied, apply, undone, uploaded
from tests.uploads import listed as import_file
from tests.world import NOW, TODAY, World

Told = list[tuple[str, int | None]]


class Follower:
    """Another system that holds a cursor and asks what came since."""

    def __init__(self, program: Program, *, now: bool = True) -> None:
        self._program = program
        self.cursor = program.get("/changes?from=now").get_json()["cursor"] if now else ""

    def rows(self, limit: int = 50) -> list[dict[str, Any]]:
        """Everything since the last time."""
        found: list[dict[str, Any]] = []
        while True:
            query = {"limit": limit, **({"cursor": self.cursor} if self.cursor else {})}
            answer = self._program.get("/changes", query_string=query)
            assert answer.status_code == 200, answer.get_data(as_text=True)
            page = answer.get_json()
            found += page["data"]
            self.cursor = page["cursor"]
            if not page["more"]:
                return found

    def sorts(self, limit: int = 50) -> list[tuple[str, int | None]]:
        return [(row["sort"]["code"], row["firm"]) for row in self.rows(limit)]


@pytest.fixture
def follower(app: Flask, world: World) -> Follower:
    return Follower(Program(app, issued(world)))


def test_each_act_is_called_what_it_is(world: World, follower: Follower) -> None:
    owner = world.actor("haifeng")
    firm = world.admitted()
    entries.edit(owner, firm, {"activity": "数据处理"}, at=NOW, on=TODAY, reason="更正")
    world.figure(firm, "1600", reason="报表更正")
    rows = follower.rows()
    assert {row["firm"] for row in rows} == {firm.id}
    told = [(row["sort"]["code"], row["act"]["code"]) for row in rows]
    assert told[0] == ("created", "create")
    assert ("changed", "record_figure") in told
    assert [one for one in told if one[0] == "corrected"] == [("corrected", "edit"), ("corrected", "record_figure")]
    assert ("changed", "admit") in told
    assert follower.rows() == []


def test_a_look_changes_nothing(world: World, follower: Follower) -> None:
    firm = world.admitted()
    follower.rows()
    entries.reveal(world.actor("haifeng"), firm, at=NOW, purpose="电话核实")
    assert follower.rows() == []


def test_a_merge_says_into_which_and_its_undoing_that_it_is_no_more(
    app: Flask, world: World, follower: Follower
) -> None:
    kept, again = world.admitted(), world.firm("海丰县雲谷軟件有限公司", credit_code=None)
    follower.rows()
    merge = merging.merge(world.actor("cityoffice"), kept, again, merging.MergeChoice("重复登记"), at=NOW, on=TODAY)
    rows = follower.rows()
    assert [(row["firm"], row["into"]) for row in rows if row["sort"]["code"] == "merged"] == [(again.id, kept.id)]
    assert kept.id in {row["firm"] for row in rows}
    told = Program(app, issued(world)).get(f"/firms/{again.id}").get_json()
    assert (told["stage"]["code"], told["merged_into"]) == ("merged", kept.id)
    later = NOW + timedelta(hours=1)
    unmerging.unmerge(
        world.actor("cityoffice"), merge, ground=UndoGround.APART, reason="不是同一家", at=later, on=TODAY
    )
    assert ("unmerged", again.id) in follower.sorts()


def test_a_firm_that_went_to_anothers_is_merged_and_not_said_into_which(world: World, follower: Follower) -> None:
    kept = world.admitted("陆丰市云谷软件有限公司", by="lufeng")
    again = world.firm("陆丰市雲谷軟件有限公司", credit_code=None)
    follower.rows()
    merging.merge(world.actor("cityoffice"), kept, again, merging.MergeChoice("重复登记"), at=NOW, on=TODAY)
    (row,) = [row for row in follower.rows() if row["sort"]["code"] == "merged"]
    assert (row["firm"], row["into"]) == (again.id, None)


def test_certificates_tell_of_their_firm(world: World, follower: Follower) -> None:
    firm = world.admitted()
    follower.rows()
    row = certificate(world, firm)
    qualifying.void(world.actor("haifeng"), row, at=NOW, reason="录错")
    assert [one for one in follower.rows() if "qualification" in one["act"]["code"]][-1]["sort"]["code"] == "corrected"


def test_rules_that_take_effect_concern_every_firm(world: World, follower: Follower) -> None:
    trail.record(SYSTEM_ACTOR, "apply_rules", "rule_draft", at=NOW, after={"firms": 3})
    assert follower.sorts() == [("rules", None)]


def test_an_import_is_told_once_all_its_firms_are_there_and_what_came_after_waits(
    app: Flask, world: World, tmp_path: Path, follower: Follower
) -> None:
    """The import's acts have lower numbers than those of whoever wrote meanwhile: a cursor must not pass them by."""
    other = Follower(Program(app, issued(world, "441581")))
    batch = ordered(tmp_path, import_file(MANY))
    some_turns(batch, 2)
    meanwhile, elsewhere = world.firm(), world.firm("陆丰市南塘软件有限公司", by="lufeng")
    assert follower.rows() == []
    assert other.sorts() == [("created", elsewhere.id)], "another county's feed knows nothing of it"
    apply(batch)
    told = follower.sorts(limit=7)
    with arriving.shown():
        ids = {number for (number,) in db.session.query(Firm.id).filter(Firm.batch_id.is_not(None))}
    assert {firm for sort, firm in told if sort == "created"} == {*ids, meanwhile.id}
    assert len(told) == len(set(told))
    assert other.rows() == []


def test_what_an_undone_import_brought_is_void(world: World, tmp_path: Path, follower: Follower) -> None:
    batch = applied(uploaded(tmp_path, import_file(MANY[:2])))
    created = {firm for sort, firm in follower.sorts() if sort == "created"}
    undone(batch)
    assert {firm for sort, firm in follower.sorts() if sort == "voided"} == created
    assert len(created) == 2


def test_nobody_is_told_of_another_countys_firms(app: Flask, world: World, follower: Follower) -> None:
    before = follower.cursor
    world.admitted("陆丰市南塘软件有限公司", by="lufeng")
    assert follower.rows() == []
    assert follower.cursor == before, "not even by a cursor that moves"


def test_writers_at_once_leave_no_gap(app: Flask, world: World) -> None:
    """Eight threads write and commit in any order while one reads and goes on from its cursor."""
    firm = world.admitted().id
    follower = Follower(Program(app, issued(world)))
    done = Event()

    def write(number: int) -> list[str]:
        names = [f"{number}-{one}" for one in range(6)]
        for name in names:
            with app.app_context(), Session(db.engine) as session, session.begin():
                trail.append(session, SYSTEM_ACTOR, [Act("watch", "firm", firm, name)], at=NOW)
        return names

    def read() -> int:
        found = 0
        while not done.is_set():
            found += len(follower.rows(limit=3))
        return found + len(follower.rows(limit=3))

    db.session.rollback()
    with ThreadPoolExecutor(9) as pool:
        reading = pool.submit(read)
        writing = [pool.submit(write, number) for number in range(8)]
        written = sum(len(one.result()) for one in writing)
        done.set()
        assert (reading.result(), written) == (48, 48)


@pytest.mark.postgresql
def test_on_postgresql_a_number_is_given_out_only_after_the_one_before_is_committed(app: Flask, world: World) -> None:
    """The second writer waits for the first: so no reader sees its number and later finds a lower one."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("one writer at a time anyway")
    firm = world.admitted().id
    follower = Follower(Program(app, issued(world)))
    db.session.rollback()

    def second() -> None:
        with app.app_context(), Session(db.engine) as session, session.begin():
            trail.append(session, SYSTEM_ACTOR, [Act("watch", "firm", firm, "second")], at=NOW)

    with ThreadPoolExecutor(1) as pool:
        with Session(db.engine) as session, session.begin():
            trail.append(session, SYSTEM_ACTOR, [Act("watch", "firm", firm, "first")], at=NOW)
            waiting = pool.submit(second)
            assert follower.rows() == []
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        waiting.result(timeout=20)
    assert len(follower.rows()) == 2
