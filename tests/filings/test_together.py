"""Many firms at once: what the preview says is done, what changed in between is left out and said, no press counts twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import db
from registry.base.vocabulary import Action
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.filings.models import Filing, LevelResult
from registry.filings.queries import lineup
from registry.firms.models.firms import Firm
from registry.notices.models import Notice
from registry.pathway.services import pathway
from registry.trail.models import TrailEntry
from tests.filed import ALL_LEVELS, complete, filed, passed, qualified, window
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, post, sign_in, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县白鹭软件有限公司", "海丰县红树林软件有限公司")
LEVEL = {"result": "passed", "day": "2021-10-15", "reference": "粤统函〔2021〕88号"}


def page_of(answer: Any) -> Any:
    return html.fromstring(answer.get_data(as_text=True))


def words(answer: Any) -> str:
    return " ".join(page_of(answer).find(".//main").text_content().split())


def carried(answer: Any, **given: Any) -> dict[str, Any]:
    """What the form of a preview sends when it is confirmed as it stands."""
    form = page_of(answer).xpath("//form[@id='ticks']")[0]
    sent: dict[str, Any] = {}
    for field in page_of(answer).xpath("//input[@form='ticks' and @checked]"):
        sent.setdefault("tick", []).append(field.get("value"))
    for field in form.xpath(".//input[@type='hidden']"):
        sent.setdefault(field.get("name"), []).append(field.get("value"))
    return {**sent, **given}


def named(answer: Any, heading: str) -> list[str]:
    cells = page_of(answer).xpath(f"//section[h2='{heading}']//td[@class='firm-name']")
    return [re.sub("[0-9A-Z]{18}$", "", " ".join(cell.text_content().split())).strip() for cell in cells]


def confirmed(client: FlaskClient, path: str, answer: Any, **given: Any) -> Any:
    return client.post(path, data=carried(answer, **given))


def town(world: World) -> list[int]:
    """One that is ready, one whose papers lack, one of the stage before."""
    window(world)
    ready, short = qualified(world, NAMES[0]), qualified(world, NAMES[1])
    complete(world, ready)
    return [ready.id, short.id, world.admitted(NAMES[2]).id]


# -- who can file ------------------------------------------------------------------------------------
def test_the_list_begins_with_those_that_can_file_and_says_what_the_others_lack(
    client: FlaskClient, build: Build
) -> None:
    def make(world: World) -> None:
        window(world)
        far, short, ready = (qualified(world, name) for name in NAMES)
        for firm in (short, ready):
            complete(world, firm)
        (paper,) = [one for one in documents.documents_of(short) if one.material == "M01"]
        attachments.void(world.actor("haifeng"), short, paper, at=NOW, on=TODAY, reason="不清晰")
        assert far.stage == "qualified"

    build(make)
    sign_in(client, "statistics")
    page = client.get("/filings")
    names = [
        cell.text_content()[: len(cell.text_content()) - 18] for cell in page_of(page).xpath("//td[@class='firm-name']")
    ]
    assert names == [NAMES[2], NAMES[1], NAMES[0]]
    assert "可以申报 1" in words(page)
    assert "只差一项 1" in words(page)
    assert "申报材料还缺：调查单位年度（月度）纳入申报表" in words(page)
    only = client.get("/filings?state=short")
    assert [NAMES[1] in words(only), NAMES[2] in words(only)] == [True, False]


def test_what_the_list_says_of_a_firm_is_what_the_guards_of_its_filing_say(app: Flask, world: World) -> None:
    town(world)
    window(world, door="monthly", batch="10月", opens_on=TODAY.replace(day=1), closes_on=TODAY.replace(day=16))
    qualified(world, "海丰县公平物联网有限公司", operating_address="", accounting=None)
    rows = list(db.session.scalars(db.select(Firm).where(Firm.stage == "qualified")).unique())
    found = lineup.of(rows, on=TODAY)
    assert len(found) == 3
    for one in found:
        asked = pathway.unmet(world.actor("statistics"), one.firm, Action.FILE, on=TODAY, grounds=one.ready.grounds)
        assert one.unmet == asked


# -- filing -----------------------------------------------------------------------------------------
def test_the_preview_says_what_will_be_done_and_who_is_left_out_and_stores_nothing(app: Flask, build: Build) -> None:
    ids = build(town)
    client = signed_in(app, "statistics")
    answer = post(client, "/filings/ticked/file", {"tick": ids}, page="/filings")
    assert (answer.status_code, named(answer, "将要办理的"), named(answer, "没有列入的")) == (
        200,
        [NAMES[0]],
        [NAMES[1], NAMES[2]],
    )
    said = words(answer)
    for told in (
        "勾选 3 项",
        "将办理 1 项",
        "不能办理 2 项",
        "累计 2,500.00 万元，四上标准 2,000.00 万元",
        "当前阶段是“在库培育”",
    ):
        assert told in said
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Filing.id))) == 0


def test_what_the_preview_says_is_done_and_the_numbers_add_up(app: Flask, build: Build) -> None:
    ids = build(town)
    client = signed_in(app, "statistics")
    preview = post(client, "/filings/ticked/file", {"tick": ids}, page="/filings")
    answer = confirmed(client, "/filings/ticked/file", preview, note="第一批")
    assert answer.status_code == 200
    for told in ("勾选 3 项", "已登记申报 1 项", "没有办理 2 项"):
        assert told in words(answer)
    assert named(answer, "已登记申报") == [NAMES[0]]
    with app.app_context():
        rows = list(db.session.scalars(db.select(Filing)).unique())
        assert [(row.firm_id, row.note) for row in rows] == [(ids[0], "第一批")]
        acts = db.session.scalars(db.select(TrailEntry.subject_label).where(TrailEntry.verb == "make_filing"))
        assert list(acts) == [NAMES[0]]


def test_pressed_twice_it_is_done_once(app: Flask, build: Build) -> None:
    ids = build(town)
    client = signed_in(app, "statistics")
    preview = post(client, "/filings/ticked/file", {"tick": ids[:1]}, page="/filings")
    first = confirmed(client, "/filings/ticked/file", preview)
    again = confirmed(client, "/filings/ticked/file", preview)
    assert (first.status_code, again.status_code, again.location) == (302, 302, "/filings")
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Filing.id))) == 1


def test_who_changed_since_the_preview_is_left_out_and_the_others_are_done(app: Flask, build: Build) -> None:
    def make(world: World) -> list[int]:
        window(world)
        found = [qualified(world, name) for name in NAMES[:2]]
        for firm in found:
            complete(world, firm)
        return [firm.id for firm in found]

    ids = build(make)
    client = signed_in(app, "statistics")
    preview = post(client, "/filings/ticked/file", {"tick": ids}, page="/filings")
    build(lambda world: world.figure(db.session.get_one(Firm, ids[0]), "2600", reason="企业更正"))
    answer = confirmed(client, "/filings/ticked/file", preview)
    assert (named(answer, "已登记申报"), named(answer, "没有列入的")) == ([NAMES[1]], [NAMES[0]])
    with app.app_context():
        assert [row.firm_id for row in db.session.scalars(db.select(Filing)).unique()] == [ids[1]]


def test_one_that_is_unticked_on_the_preview_is_not_done_and_is_counted(app: Flask, build: Build) -> None:
    ids = build(town)
    client = signed_in(app, "statistics")
    preview = post(client, "/filings/ticked/file", {"tick": ids}, page="/filings")
    answer = confirmed(client, "/filings/ticked/file", preview, tick=[])
    assert answer.status_code == 422
    assert "取消勾选 1 项" in words(answer)
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Filing.id))) == 0


@pytest.mark.few(2)
@pytest.mark.parametrize("username", ["haifeng", "industry", "cityoffice", "leader", "auditor", "sysadmin"])
def test_nobody_else_files_or_records_for_many(app: Flask, build: Build, username: str) -> None:
    ids = build(town)
    client = signed_in(app, username)
    tried = ("file", "level", "confirmation")
    answers = {one: post(client, f"/filings/ticked/{one}", {"tick": ids}).status_code for one in tried}
    assert answers == dict.fromkeys(tried, 403)


# -- levels ------------------------------------------------------------------------------------------
def under_way(world: World) -> list[int]:
    """Two that wait for the county, one for the city."""
    rows = [filed(world, qualified(world, name)) for name in NAMES]
    passed(world, rows[2], "county")
    return [row.id for row in rows]


def results(app: Flask) -> list[tuple[int, str, bool, str, str | None]]:
    with app.app_context():
        rows = db.session.scalars(db.select(LevelResult).order_by(LevelResult.id))
        return [(row.filing_id, row.level, row.passed, row.reference, row.reason_code) for row in rows]


def test_a_level_s_word_is_recorded_for_all_that_wait_for_it(app: Flask, build: Build) -> None:
    ids = build(under_way)
    client = signed_in(app, "statistics")
    assert "待县级统计机构 2" in words(client.get("/filings?view=open"))
    preview = post(client, "/filings/ticked/level", {"tick": ids}, page="/filings")
    assert (named(preview, "将要办理的"), named(preview, "没有列入的")) == (list(NAMES[:2]), [NAMES[2]])
    assert "等待的是市统计局，本次登记的是县级统计机构的结果。" in words(preview)
    answer = confirmed(client, "/filings/ticked/level", preview, **LEVEL)
    assert named(answer, "已登记通过") == list(NAMES[:2])
    assert results(app)[1:] == [
        (ids[0], "county", True, LEVEL["reference"], None),
        (ids[1], "county", True, LEVEL["reference"], None),
    ]


def test_a_filing_that_went_on_since_the_preview_is_not_passed_at_the_next_level(app: Flask, build: Build) -> None:
    ids = build(under_way)
    client = signed_in(app, "statistics")
    preview = post(client, "/filings/ticked/level", {"tick": ids[:2]}, page="/filings")
    build(lambda world: passed(world, db.session.get_one(Filing, ids[0]), "county").id)
    answer = confirmed(client, "/filings/ticked/level", preview, **LEVEL)
    assert (named(answer, "已登记通过"), named(answer, "没有列入的")) == ([NAMES[1]], [NAMES[0]])
    assert [(row[0], row[1]) for row in results(app)] == [(ids[2], "county"), (ids[0], "county"), (ids[1], "county")]


@pytest.mark.parametrize(
    "given, said",
    [
        ({"result": "returned"}, "退回的，请选择退回原因"),
        ({"day": "2021-10-16"}, "结果日期不能晚于今天。"),
        ({"day": "2021-10-14"}, f"结果日期早于申报日期或上一级的结果日期：{NAMES[0]}、{NAMES[1]}。"),
        ({"result": ""}, "请选择审核结果。"),
    ],
)
def test_what_cannot_be_recorded_is_said_at_its_field_and_nothing_is_stored(
    app: Flask, build: Build, given: dict[str, str], said: str
) -> None:
    ids = build(under_way)
    client = signed_in(app, "statistics")
    preview = post(client, "/filings/ticked/level", {"tick": ids}, page="/filings")
    answer = confirmed(client, "/filings/ticked/level", preview, **(LEVEL | given))
    assert (answer.status_code, said in words(answer), named(answer, "将要办理的")) == (422, True, list(NAMES[:2]))
    assert len(results(app)) == 1


def test_many_are_sent_back_with_a_reason_and_many_are_confirmed(app: Flask, build: Build) -> None:
    def make(world: World) -> list[int]:
        rows = [filed(world, qualified(world, name)) for name in NAMES]
        for row in rows[:2]:
            passed(world, row, *ALL_LEVELS)
        return [row.id for row in rows]

    ids = build(make)
    client = signed_in(app, "statistics")
    preview = post(client, "/filings/ticked/confirmation", {"tick": ids}, page="/filings")
    assert named(preview, "将要办理的") == list(NAMES[:2])
    answer = confirmed(
        client, "/filings/ticked/confirmation", preview, year="2021", month="11", reference="国统批〔2021〕9号"
    )
    assert named(answer, "已确认入库（四上）") == list(NAMES[:2])
    back = post(client, "/filings/ticked/level", {"tick": ids[2:]}, page="/filings")
    told = confirmed(client, "/filings/ticked/level", back, **(LEVEL | {"result": "returned", "reason_code": "R07"}))
    assert (told.status_code, told.location) == (302, "/filings?view=open")
    with app.app_context():
        stages = [db.session.get_one(Filing, number).firm.stage for number in ids]
        assert stages == ["enrolled", "enrolled", "qualified"]
        told_of = db.session.scalars(db.select(Notice.values).where(Notice.kind == "filing_returned")).all()
        assert [values["firm"] for values in told_of] == [NAMES[2]]


# -- a whole window ----------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.once
@pytest.mark.timeout(900)
def test_a_window_of_fifty_one_firms_is_filed_and_a_level_recorded_in_five_pages(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        window(world)
        for number in range(51):
            complete(world, qualified(world, f"海丰县第{number:02d}号软件有限公司"))

    build(make)
    client = signed_in(app, "statistics")
    due = client.get("/filings")
    ticks = page_of(due).xpath("//input[@name='tick']/@value")
    preview = client.post("/filings/ticked/file", data={**carried(due), "tick": ticks})
    done = confirmed(client, "/filings/ticked/file", preview)
    assert (len(ticks), done.status_code) == (51, 302)
    under = client.get("/filings?view=open&level=county")
    waiting = page_of(under).xpath("//input[@name='tick']/@value")
    told = client.post("/filings/ticked/level", data={**carried(under), "tick": waiting})
    assert confirmed(client, "/filings/ticked/level", told, **LEVEL).status_code == 302
    assert [row[1:3] for row in results(app)] == [("county", True)] * 51
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Firm.id)).where(Firm.stage == "in_chain")) == 51


def test_a_longer_list_of_ticked_costs_no_more_statements_to_look_at(
    app: Flask, client: FlaskClient, world: World
) -> None:
    sign_in(client, "statistics")
    window(world)
    ids = [qualified(world, name).id for name in NAMES]
    db.session.commit()
    counts = []
    for some in (ids[:1], ids):
        post(client, "/filings/ticked/file", {"tick": some}, page="/filings")
        with queries_counted(app) as asked:
            post(client, "/filings/ticked/file", {"tick": some}, page="/password")
        counts.append(len(asked))
    assert counts[0] == counts[1]
