"""A quarter that is over waits in the inbox of each office that has rows in it, until the office has spoken."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask, current_app

from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.home.queries import inbox
from registry.people.queries import people
from registry.quarters import jobs
from registry.quarters.models import QuarterDrawing
from registry.quarters.queries import certificates, due, quarters
from registry.quarters.services import certifying, freezing
from tests.home.test_pages import page_of, rows_of
from tests.lives import Life, listed
from tests.quarters.certified import without_all
from tests.queries_counted import queries_counted
from tests.world import NOW, PEOPLE, TODAY, Build, World, signed_in

Q2, Q3 = Quarter.parse("2021Q2"), Quarter.parse("2021Q3")
AUGUST, MAY = date(2021, 8, 10), date(2021, 5, 10)
YUNGU, JIESHI = "海丰县云谷软件有限公司", "陆丰市碣石软件有限公司"
TERM = date(2021, 10, 20)


def kept(world: World, on: date = AUGUST) -> list[Life]:
    """A firm of 海丰 and one of 陆丰, both in the books of 市工信局, and the lines of the quarters that wait."""
    place = {"registered_address": "陆丰市东海镇1号", "operating_address": "陆丰市东海镇1号"}
    found = [listed(world, YUNGU, 1, on=on), listed(world, JIESHI, 2, on=on, by="lufeng", **place)]
    db.session.commit()
    jobs.draw_quarters()
    return found


def waits(world: World, who: str) -> list[tuple[str, date]]:
    found = [(one.quarter.label, one.until) for one in due.of_office(world.actor(who), TODAY)]
    listed_ = [(task.subject, task.due_on) for task in inbox.tasks(world.actor(who)) if task.kind == "certify"]
    assert listed_ == found
    return found


def speak(world: World, who: str, quarter: Quarter = Q3, *, refused: str = "") -> None:
    actor = world.actor(who)
    seen = certifying.seen_digest(certificates.own(actor, certificates.standing(quarter, quarters.parts(quarter))))
    db.session.commit()
    if refused:
        certifying.refuse(actor, quarter, seen=seen, reason=refused, at=NOW, on=TODAY)
    else:
        certifying.certify(actor, quarter, seen=seen, note="", at=NOW, on=TODAY)
    db.session.commit()


def test_it_waits_for_clerks_and_officers_of_offices_with_rows_and_for_nobody_else(world: World) -> None:
    kept(world)
    people_ = [name for name in PEOPLE if not name.endswith("admin")]
    assert [name for name in people_ if waits(world, name)] == [
        "haifeng",
        "haifeng2",
        "lufeng",
        "industry",
        "industry2",
    ]
    assert waits(world, "industry") == [("2021Q3", TERM)]
    counted = {
        name: inbox.counts(world.actor(name))["inbox"] for name in ("haifeng", "industry", "science", "cityoffice")
    }
    assert counted == {"haifeng": 1, "industry": 1, "science": 0, "cityoffice": 0}


@pytest.mark.parametrize("refused", ["", "两家企业的数待核"])
def test_once_one_person_has_spoken_it_waits_for_nobody_of_the_office(world: World, refused: str) -> None:
    kept(world)
    speak(world, "haifeng2", refused=refused)
    assert {name: len(waits(world, name)) for name in ("haifeng", "haifeng2", "lufeng", "industry")} == {
        "haifeng": 0,
        "haifeng2": 0,
        "lufeng": 1,
        "industry": 1,
    }


def test_what_was_said_of_one_quarter_is_not_said_of_another(world: World) -> None:
    kept(world, MAY)
    speak(world, "haifeng", Q2)
    assert (waits(world, "haifeng"), [label for label, _until in waits(world, "lufeng")]) == (
        [("2021Q3", TERM)],
        ["2021Q2", "2021Q3"],
    )


def test_it_waits_again_when_the_rows_have_changed_since(world: World) -> None:
    life = kept(world)[0]
    speak(world, "haifeng")
    life.edit(on=TODAY, activity="软件开发和系统集成")
    life.figure("900", "2021-09", on=TODAY)
    db.session.commit()
    jobs.draw_quarters()
    assert (waits(world, "haifeng"), len(waits(world, "lufeng"))) == ([("2021Q3", TERM)], 1)


def test_an_extension_moves_the_day_of_that_office_alone(world: World) -> None:
    kept(world)
    city, haifeng, until = world.actor("cityoffice"), people.office("441521"), date(2021, 10, 29)
    certifying.extend(city, Q3, haifeng, until=until, reason="系统升级", at=NOW, on=TODAY)
    assert (waits(world, "haifeng"), waits(world, "lufeng")) == ([("2021Q3", until)], [("2021Q3", TERM)])


def test_a_quarter_that_is_closed_or_not_kept_or_not_over_waits_for_nobody(world: World) -> None:
    kept(world)
    assert due.of_office(world.actor("haifeng"), Q3.last) == []
    drawing = db.session.get_one(QuarterDrawing, Q3.label)
    drawing.complete = False
    db.session.commit()
    assert waits(world, "haifeng") == []
    drawing.complete = True
    reasons = without_all(Q3)
    db.session.commit()
    freezing.close(world.actor("cityoffice"), Q3, note="按期冻结。", at=NOW, on=date(2021, 10, 25), without=reasons)
    db.session.commit()
    assert waits(world, "haifeng") == []


def test_an_office_that_followed_another_finds_one_quarter_for_both(world: World) -> None:
    kept(world)
    people.office("441581").successor = "441521"
    db.session.commit()
    assert waits(world, "haifeng") == [("2021Q3", TERM)]
    speak(world, "lufeng")
    assert waits(world, "haifeng") == [("2021Q3", TERM)]
    speak(world, "haifeng")
    assert waits(world, "haifeng") == []


def test_the_inbox_says_until_when_and_what_is_overdue(app: Flask, build: Build) -> None:
    build(lambda world: len(kept(world, MAY)))
    page = page_of(signed_in(app, "haifeng").get("/inbox"))
    rows = rows_of(page, "待办")
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        ("确认季度数据：2021Q2", "2021Q2", "--", "逾期 63 个工作日 最迟 2021-07-14"),
        ("确认季度数据：2021Q3", "2021Q3", "--", "正常 最迟 2021-10-20"),
    ]
    assert page.xpath("//table[caption='待办']//a/@href") == ["/quarters/2021Q2/certify", "/quarters/2021Q3/certify"]
    assert "确认季度数据" not in signed_in(app, "cityoffice").get("/inbox").get_data(as_text=True)


@pytest.mark.parametrize("firms", [1, 3])
def test_asking_takes_one_statement_however_many_rows(world: World, firms: int) -> None:
    for number in range(firms):
        listed(world, f"海丰县云谷{'一二三'[number]}软件有限公司", number + 1, on=AUGUST)
    db.session.commit()
    jobs.draw_quarters()
    who = world.actor("haifeng")
    clock.today()
    with queries_counted(current_app._get_current_object()) as seen:  # type: ignore[attr-defined]
        assert list(db.session.scalars(due.unspoken(who, TODAY))) == ["2021Q3"]
    assert len(seen) == 1
