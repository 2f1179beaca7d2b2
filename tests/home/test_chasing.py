"""催办 for everything overdue at once: a look first, what was nudged today left out, then one press."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from registry.base.extensions import db
from registry.home.queries import late
from registry.home.services import chasing
from registry.notices.models import Nudge
from registry.nudges.services import nudging
from registry.proposals.models import Proposal
from tests.home.planted import PLANTED
from tests.home.test_pages import NAMES, page_of, rows_of
from tests.payments import vouchers
from tests.world import NOW, TODAY, Build, World, post, signed_in


def overdue(world: World) -> list[Proposal]:
    """Three cases before the bureau, two of them overdue; a task of 海丰 and a case of 陆丰 are overdue too."""
    cases = [world.submitted(name) for name in NAMES]
    for case, days in zip(cases, (1, 20, 30), strict=True):
        case.waiting_since = NOW - timedelta(days=days)
    PLANTED["task_overdue"](world)
    case = vouchers.case("TQ2021-0001", office="441581", state="draft")
    case.turn, case.due_on = ",clerk,", TODAY - timedelta(days=10)
    own = vouchers.case("TQ2021-0002")
    own.turn, own.due_on = ",city,", TODAY - timedelta(days=10)
    db.session.flush()
    return cases


def test_what_is_overdue_stands_office_by_office_and_the_city_office_s_own_is_not_among_it(world: World) -> None:
    overdue(world)
    found = late.overdue(world.actor("cityoffice"), TODAY)
    assert [(one.office.short_name, one.matter.value, one.subject) for one in found] == [
        ("市工信局", "review", NAMES[2]),
        ("海丰县", "task", "建立联络机制"),
        ("市工信局", "review", NAMES[1]),
        ("陆丰市", "case", "TQ2021-0001号申报单位有限公司"),
    ]
    assert [(one.office.short_name, one.total) for one in late.by_office(found)] == [
        ("市工信局", 2), ("海丰县", 1), ("陆丰市", 1),
    ]  # fmt: skip
    assert late.overdue(world.actor("leader"), TODAY) == []


def test_what_was_nudged_today_is_left_out_and_nothing_else(world: World) -> None:
    cases = overdue(world)
    city = world.actor("cityoffice")
    nudging.nudge_case(city, cases[1], at=NOW, on=TODAY)
    nudging.nudge_case(world.actor("haifeng"), cases[2], at=NOW, on=TODAY)
    found = late.overdue(city, TODAY)
    assert {one.subject: one.nudged_on for one in found if one.matter == "review"} == {NAMES[1]: TODAY, NAMES[2]: None}
    shown = {one.key for one in found} - {f"review:{cases[2].id}"}
    done = chasing.nudge_all(city, shown, at=NOW, on=TODAY)
    assert sorted(one.matter.value for one in done) == ["case", "task"]
    assert chasing.nudge_all(city, shown, at=NOW, on=TODAY) == []


def test_a_look_then_one_press_and_the_offices_hear_of_it(app: Flask, build: Build) -> None:
    build(lambda world: len(overdue(world)))
    client = signed_in(app, "cityoffice")
    home = page_of(client.get("/inbox"))
    assert [row[0] for row in rows_of(home, "各单位逾期")] == ["市工信局", "海丰县", "陆丰市"]
    assert home.xpath("//a[contains(., '一并催办（4 件）')]/@href") == ["/overdue"]
    page = page_of(client.get("/overdue"))
    items = page.xpath("//input[@name='item']/@value")
    assert len(items) == 4
    answer = post(client, "/overdue/nudges", {"item": items[:3]}, page="/overdue")
    assert answer.headers["Location"] == "/inbox"
    assert "已向 2 个单位催办 3 件" in client.get("/inbox").get_data(as_text=True)
    again = page_of(client.get("/overdue"))
    assert (again.xpath("//input[@name='item']/@value"), len(rows_of(again, "不再催办"))) == (items[3:], 3)
    with app.app_context():
        assert db.session.scalar(select(func.count(Nudge.id))) == 3
    assert "催办：请核查" in signed_in(app, "industry").get("/notices").get_data(as_text=True)


def test_only_the_city_office_nudges_for_all(app: Flask, world: World) -> None:
    codes = {
        who: signed_in(app, who).get("/overdue").status_code for who in ("haifeng", "industry", "leader", "cityoffice")
    }
    assert codes == {"haifeng": 403, "industry": 403, "leader": 403, "cityoffice": 200}
    assert post(signed_in(app, "leader"), "/overdue/nudges").status_code == 403
