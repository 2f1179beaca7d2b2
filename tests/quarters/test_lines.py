"""What is kept of an open quarter is at every moment what the records say: whatever was done, whoever drew, and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.tables import Base
from registry.base.vocabulary import UndoGround
from registry.claims.services import claiming
from registry.figures.models import Figure
from registry.figures.services import recording
from registry.merges.queries import plans
from registry.merges.rules import Pick
from registry.merges.services import merging, unmerging
from registry.merges.services.merging import MergeChoice
from registry.people.queries import people
from registry.quarters import jobs
from registry.quarters.models import QuarterDrawing, QuarterLine, QuarterTouch
from registry.quarters.queries import concerned, lines, quarters
from registry.quarters.rules.lines import COMMON, FROZEN, WATCHED
from registry.quarters.services import drawing
from registry.quarters.sheets.summaries import by_county, by_industry, by_stage, by_tier, movement
from registry.reference.models import Parameter
from tests.lives import Life, listed, moment
from tests.quarters.test_freezing import close
from tests.world import World

Q2, Q3 = Quarter.parse("2021Q2"), Quarter.parse("2021Q3")
OCTOBER = date(2021, 10, 15)
PLACE: dict[str, Any] = {"registered_address": "陆丰市东海镇1号", "operating_address": "陆丰市东海镇1号"}


@contextmanager
def tables_read() -> Iterator[set[str]]:
    """The tables that statements within the block name after from, join or a comma."""
    found: set[str] = set()

    def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = re.findall(r"(?:from|join|,)\s+([a-z_]+)", statement.lower())
        found.update(set(words) & Base.metadata.tables.keys())

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", look)


class City:
    """Random acts of random people on the firms of two counties."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random, self.day, self.number = world, Random(seed), date(2021, 7, 1), 0
        self.lives: list[Life] = []
        for _ in range(3):
            self.comes()

    @property
    def some(self) -> Life:
        return self.random.choice(self.lives)

    def acts(self) -> str:
        """One act on the next day, whatever it may be; its name."""
        self.day += timedelta(days=self.random.randrange(9))
        name: str = self.random.choice(
            [
                "comes",
                "reports",
                "reports",
                "edits",
                "renames",
                "leaves",
                "claims",
                "merges",
                "doubts",
                "rules",
                "voids",
            ]
        )
        getattr(self, name)()
        db.session.commit()
        return name

    def comes(self) -> None:
        self.number += 1
        by, place = self.random.choice([("haifeng", {}), ("lufeng", PLACE)])
        name = f"海丰县云谷{self.number}号软件有限公司"
        self.lives.append(listed(self.world, name, self.number, on=self.day, by=by, **place))

    def reports(self) -> None:
        life, month = self.some, self.random.choice(("2021-06", "2021-09"))
        standing = self._of(life, month)
        if life.firm.merged_into_id is None:
            reason = "利润表更正" if standing is not None else ""
            life.figure(str(500 + self.random.randrange(900)), month, on=max(self.day, OCTOBER), reason=reason)

    def edits(self) -> None:
        if self.some.firm.stage not in ("removed", "merged"):
            self._staying().edit(on=self.day, employees=self.random.randrange(20, 90))

    def renames(self) -> None:
        self.number += 1
        self._staying().rename(f"海丰县新谷{self.number}号软件有限公司", on=self.day, effective=self.day)

    def leaves(self) -> None:
        if len(self._all_staying()) > 2:
            self._staying().remove(on=self.day)

    def claims(self) -> None:
        life = self._staying()
        mine = life.firm.office.code
        office = people.office("441502" if mine != "441502" else "441521")
        clerk = {"441502": "chengqu", "441521": "haifeng"}[office.code]
        claim = claiming.claim(self.world.actor(clerk), life.firm, office, ground="经营地在本区", at=moment(self.day))
        granted = self.random.random() < 0.5
        claiming.decide(
            self.world.actor("cityoffice"), claim, granted=granted, decision="查明属实", at=moment(self.day),
            division=office.division if granted else None,
        )  # fmt: skip
        life.by = {"441502": "chengqu", "441521": "haifeng", "441581": "lufeng"}[life.firm.office.code]

    def merges(self) -> None:
        staying = self._all_staying()
        if len(staying) < 3:
            return
        winner, folded = self.random.sample(staying, 2)
        plan = plans.plan(winner.firm, folded.firm)
        picks = {clash.key: Pick.WINNER for clash in plan.clashes}
        choice = MergeChoice("重复登记", picks, code_ground="mistyped", code_checked=True)
        city = self.world.actor("cityoffice")
        merge = merging.merge(city, winner.firm, folded.firm, choice, at=moment(self.day), on=self.day)
        if self.random.random() < 0.4:
            unmerging.unmerge(city, merge, reason="误并", ground=UndoGround.APART, at=moment(self.day), on=self.day)

    def doubts(self) -> None:
        figure = db.session.scalars(select(Figure).where(Figure.voided_at.is_(None)).order_by(Figure.id.desc())).first()
        if figure is not None:
            recording.dispute(self.world.actor("industry"), figure, at=moment(self.day), reason="存疑")

    def voids(self) -> None:
        self.some.firm.voided_at = moment(self.day) if self.random.random() < 0.5 else None

    def rules(self) -> None:
        self.number += 1
        value = f"0.{self.random.randrange(60, 90)}"
        db.session.add(
            Parameter(key="tier.b", valid_from=date(2021, 1, 1) + timedelta(self.number), value=value, source="市")
        )

    def _of(self, life: Life, month: str) -> Figure | None:
        year, number = map(int, month.split("-"))
        own = select(Figure).where(Figure.firm_id == life.firm.id, Figure.year == year, Figure.month == number)
        return db.session.scalars(own.where(Figure.voided_at.is_(None))).first()

    def _all_staying(self) -> list[Life]:
        return [one for one in self.lives if one.firm.stage in ("admitted", "qualified") and not one.firm.voided_at]

    def _staying(self) -> Life:
        return self.random.choice(self._all_staying())


def told(quarter: Quarter, username: str | None, world: World) -> Any:
    actor = world.actor(username) if username else None
    book = quarters.book(quarter, actor)
    assert quarters.moved(quarter, actor) == movement(book)
    summed = quarters.summed(quarter, actor)
    for figures in (by_county, by_industry, by_stage, by_tier, movement):
        assert figures(summed) == figures(book), figures
    assert (summed.changes, summed.rules) == (book.changes, book.rules)
    return book, sorted(lines.of(quarter, actor)), quarters.parts(quarter)


def recounted(quarter: Quarter, username: str | None, world: World) -> Any:
    """The same with nothing kept."""
    with patch.object(lines, "is_kept", lambda _quarter: False):
        return told(quarter, username, world)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_and_what_was_touched_is_a_recount(world: World, seed: int) -> None:
    city = City(world, seed)
    db.session.commit()
    used = 0
    for _ in range(18):
        done = city.acts()
        if city.random.random() < 0.4:
            drawing.draw([Q2, Q3])
        for quarter in (Q2, Q3):
            for username in (None, "haifeng", "industry"):
                used += lines.is_kept(quarter)
                assert told(quarter, username, world) == recounted(quarter, username, world), (done, quarter, username)
        db.session.commit()
    assert used > 30


def test_every_table_that_a_line_follows_from_is_watched(world: World, app: Flask) -> None:
    """Also those that only a closed quarter before it and a merge bring in."""
    first, second = listed(world, "海丰县云谷软件有限公司", 1), listed(world, "海丰县梅陇软件有限公司", 2)
    close(world, Q2, date(2021, 7, 20))
    first.figure("650", "2021-06", on=OCTOBER)
    plan = plans.plan(first.firm, second.firm)
    choice = MergeChoice("重复", {c.key: Pick.WINNER for c in plan.clashes}, code_ground="mistyped", code_checked=True)
    merging.merge(world.actor("cityoffice"), first.firm, second.firm, choice, at=moment(OCTOBER), on=OCTOBER)
    db.session.commit()
    with app.app_context(), tables_read() as read:  # nothing of the reference data is remembered here
        assert list(lines.worked_out(Q3))
    assert {"figure", "merge_move", "threshold", "snapshot_row"} <= read
    assert read - WATCHED.keys() - set(COMMON) - set(FROZEN) == set()


def test_every_watched_table_has_its_triggers(world: World) -> None:
    """A migration that makes a table anew drops them with it, and has to put them back."""
    sqlite = db.engine.dialect.name == "sqlite"
    asked = (
        "select tbl_name, name from sqlite_master where type = 'trigger'"
        if sqlite
        else "select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal"
    )
    watched = {table for table, name in db.session.execute(text(asked)) if "_touches" in name}
    assert {*WATCHED, *COMMON} - watched == set()


def _writes(world: World, life: Life) -> list[tuple[str, Callable[[], Any]]]:
    return [
        ("a figure", lambda: life.figure("700", "2021-06", on=OCTOBER)),
        ("a field", lambda: life.edit(on=OCTOBER, employees=77)),
        ("a name", lambda: life.rename("海丰县云谷数字有限公司", on=OCTOBER, effective=date(2021, 6, 1))),
        ("an exit", lambda: life.remove(on=OCTOBER)),
    ]


def test_a_write_touches_its_firm_alone(world: World) -> None:
    life, other = listed(world, "海丰县云谷软件有限公司", 1), listed(world, "海丰县梅陇软件有限公司", 2)
    db.session.commit()
    for what, write in _writes(world, life):
        drawing.draw([Q2])
        assert (lines.touched_firms(), lines.is_kept(Q2)) == (set(), True), what
        db.session.rollback()
        write()
        db.session.commit()
        assert (lines.touched_firms(), lines.is_kept(Q2)) == ({life.firm.id}, True), what
    assert other.firm.id not in lines.touched_firms()


def test_only_what_was_touched_is_worked_out_again(world: World) -> None:
    life = listed(world, "海丰县云谷软件有限公司", 1)
    listed(world, "海丰县梅陇软件有限公司", 2)
    drawing.draw([Q2])
    with patch.object(concerned, "among", wraps=concerned.among) as asked:
        quarters.book(Q2)
        assert asked.call_count == 0
        life.edit(on=OCTOBER, employees=77)
        db.session.commit()
        (only,) = [row for row in quarters.book(Q2).rows() if row["firm_id"] == life.firm.id]
        assert (asked.call_count, only["employees"]) == (1, 30)  # as of the end of June


def test_reference_data_a_closed_quarter_and_another_release_are_another_basis(world: World) -> None:
    listed(world, "海丰县云谷软件有限公司", 1)
    db.session.commit()
    drawing.draw([Q2, Q3])
    assert (lines.is_kept(Q2), lines.is_kept(Q3)) == (True, True)
    with patch.object(lines, "_release", lambda: "another"):
        assert lines.is_kept(Q3) is False
    close(world, Q2, date(2021, 7, 20))
    assert lines.is_kept(Q3) is False
    drawing.draw([Q3])
    assert (lines.is_kept(Q3), db.session.get(QuarterDrawing, "2021Q2")) == (True, None)
    assert db.session.scalar(select(func.count()).where(QuarterLine.quarter == "2021Q2")) == 0
    db.session.add(Parameter(key="tier.b", valid_from=date(2021, 1, 2), value="0.75", source="市"))
    db.session.commit()
    assert lines.is_kept(Q3) is False


def test_who_draws_second_goes_on_and_the_first_stops(world: World) -> None:
    """While the first reads, a firm is changed and somebody else draws: the newer line stays."""
    life = listed(world, "海丰县云谷软件有限公司", 1)
    drawing.draw([Q2])
    life.figure("650", "2021-06", on=OCTOBER)
    db.session.commit()
    held = drawing._hold

    def meanwhile(label: str, version: int) -> bool:
        with patch.object(drawing, "_hold", held):
            db.session.rollback()
            life.figure("690", "2021-06", on=OCTOBER, reason="利润表更正")
            db.session.commit()
            drawing.draw([Q2])
        return held(label, version)

    with patch.object(drawing, "_hold", meanwhile):
        drawing.draw([Q2])
    db.session.rollback()
    assert quarters.book(Q2).rows()[0]["revenue_to_date"] == 6_900_000
    assert told(Q2, None, world) == recounted(Q2, None, world)


def test_the_job_keeps_the_quarters_that_wait_and_takes_the_notes_away(world: World) -> None:
    listed(world, "海丰县云谷软件有限公司", 1)
    db.session.commit()
    assert db.session.scalar(select(func.count(QuarterTouch.id)))
    jobs.draw_quarters()
    jobs.draw_quarters()
    assert [row.quarter for row in db.session.scalars(select(QuarterDrawing).order_by(QuarterDrawing.quarter))] == [
        "2021Q2", "2021Q3",
    ]  # fmt: skip
    assert db.session.scalar(select(func.count(QuarterTouch.id))) == 0
