"""The statistician's pages of filings, walked as a person would; everybody else is kept out of every step."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.filings.models import Filing, LevelResult
from registry.filings.queries import filings
from registry.filings.services import filing as filing_services
from registry.firms.models.firms import Firm
from registry.notices.models import Notice
from registry.pathway.services import standing
from tests.filed import ALL_LEVELS, complete, enrolled, filed, passed, qualified, window
from tests.queries_counted import queries_counted
from tests.uploads import applied, listed, uploaded
from tests.world import NOW, TODAY, Build, World, credit_code, post, sign_in, signed_in

NAME = "海丰县云谷软件有限公司"
LEVEL = {"result": "passed", "day": "2021-10-15", "reference": "单号1"}


def ready_firm(world: World) -> tuple[int, int]:
    row = window(world)
    firm = qualified(world)
    complete(world, firm)
    return firm.id, row.id


def sent_back(world: World, row: Filing) -> LevelResult:
    """By the county, on the tests' day, with a reason."""
    return filing_services.record_level(
        world.actor("statistics"), row, "county", passed=False, day=TODAY, at=NOW, on=TODAY, reason_code="R07"
    )


def stage_of(app: Flask, firm_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Firm, firm_id).stage


def test_a_filing_from_the_list_to_the_confirmation(app: Flask, client: FlaskClient, build: Build) -> None:
    firm_id, window_id = build(ready_firm)
    sign_in(client, "statistics")
    assert "材料已齐" in client.get("/filings").get_data(as_text=True)
    assert "条件都已满足，可以申报" in client.get(f"/firms/{firm_id}/filing").get_data(as_text=True)
    answer = post(client, f"/firms/{firm_id}/filing", {"window": str(window_id)})
    assert answer.status_code == 302
    path = answer.location
    for level in ALL_LEVELS:
        assert post(client, f"{path}/levels", LEVEL | {"level": level}).status_code == 302
    assert "各级已通过，待确认入库" in client.get("/filings?view=open").get_data(as_text=True)
    bare = post(client, f"{path}/confirmation", {"year": "2021", "month": "11", "reference": ""})
    assert (bare.status_code, "请填写依据文号。" in bare.get_data(as_text=True)) == (422, True)
    done = post(client, f"{path}/confirmation", {"year": "2021", "month": "11", "reference": "国统批〔2021〕9号"})
    assert (done.status_code, stage_of(app, firm_id)) == (302, "enrolled")
    closed = client.get("/filings?view=closed").get_data(as_text=True)
    assert "2021-11 起" in closed
    assert "国统批〔2021〕9号" in closed
    assert "纳统申报" in client.get(f"/firms/{firm_id}/cases").get_data(as_text=True)


def test_everything_in_the_way_is_listed_with_a_link_to_where_it_is_mended(client: FlaskClient, build: Build) -> None:
    def make(world: World) -> tuple[int, int]:
        row = window(world)
        firm = world.admitted(wan="2500")
        standing.refresh(firm, on=TODAY, at=NOW)
        return firm.id, row.id

    firm_id, window_id = build(make)
    sign_in(client, "statistics")
    answer = post(client, f"/firms/{firm_id}/filing", {"window": str(window_id)})
    page: Any = html.fromstring(answer.get_data(as_text=True))
    links = [(link.text_content()[:6], link.get("href")) for link in page.xpath("//div[@class='error-summary']//a")]
    papers = f"/firms/{firm_id}/papers?month=2021-09"
    assert (answer.status_code, links) == (422, [("利润表与增值", papers), ("申报材料未齐", papers)])


def test_a_level_sends_back_with_a_reason_and_the_firm_may_file_again(
    app: Flask, client: FlaskClient, build: Build
) -> None:
    def make(world: World) -> tuple[int, int]:
        row = filed(world)
        return row.id, row.firm_id

    filing_id, firm_id = build(make)
    sign_in(client, "statistics")
    back = {"level": "county", "result": "returned", "day": "2021-10-15"}
    bare = post(client, f"/filings/{filing_id}/levels", back)
    assert (bare.status_code, "退回的，请选择退回原因" in bare.get_data(as_text=True)) == (422, True)
    assert post(client, f"/filings/{filing_id}/levels", back | {"reason_code": "R07"}).status_code == 302
    page = client.get(f"/filings/{filing_id}").get_data(as_text=True)
    assert ("R07" in page, "重新申报" in page, stage_of(app, firm_id)) == (True, True, "qualified")
    again = post(client, f"/filings/{filing_id}/levels", LEVEL | {"level": "county"})
    assert (again.status_code, "该申报已办结。" in again.get_data(as_text=True)) == (422, True)


@pytest.mark.few(2)
@pytest.mark.parametrize("username", ["haifeng", "lufeng", "industry", "cityoffice", "leader", "auditor", "sysadmin"])
def test_no_screen_lets_anybody_else_move_a_filing(app: Flask, build: Build, username: str) -> None:
    def make(world: World) -> tuple[int, int, int, int]:
        row = filed(world)
        other = qualified(world, "海丰县白鹭软件有限公司")
        return row.id, row.firm_id, other.id, row.window_id

    filing_id, firm_id, other_id, window_id = build(make)
    client = signed_in(app, username)
    tried = {
        f"/firms/{other_id}/filing": {"window": str(window_id)},
        f"/filings/{filing_id}/levels": LEVEL | {"level": "county"},
        f"/filings/{filing_id}/confirmation": {"year": "2021", "month": "11", "reference": "文号"},
        f"/firms/{firm_id}/delisting": {"exit_reason": "X01", "reason": "未达标"},
        f"/firms/{firm_id}/recheck": {"outcome": "leaves"},
    }
    assert {path: post(client, path, data).status_code for path, data in tried.items()} == dict.fromkeys(tried, 404)
    assert (stage_of(app, firm_id), stage_of(app, other_id)) == ("filed", "qualified")


def test_the_office_of_the_firm_reads_its_filing_and_another_county_does_not(app: Flask, build: Build) -> None:
    filing_id = build(lambda world: filed(world).id)
    answers = {}
    for name in ("haifeng", "lufeng", "industry", "cityoffice", "leader"):
        client = signed_in(app, name)
        answers[name] = (client.get(f"/filings/{filing_id}").status_code, client.get("/filings").status_code)
    assert answers == {
        "haifeng": (200, 403), "lufeng": (404, 403), "industry": (200, 403), "cityoffice": (200, 200), "leader": (200, 200),
    }  # fmt: skip


@pytest.mark.parametrize("by", ["haifeng", "cityoffice"])
def test_an_import_that_names_a_stage_moves_nobody(world: World, tmp_path: Path, by: str) -> None:
    held = qualified(world)
    headings = ("企业名称", "统一社会信用代码", "阶段", "主营业务", "所属县区")
    rows = [
        (held.name, held.credit_code, "已入库（四上）", "云计算服务", "海丰县"),
        ("海丰县白鹭软件有限公司", credit_code(77), "已入库（四上）", "软件开发", "海丰县"),
    ]
    batch = uploaded(tmp_path, listed(rows, headings), by=by)
    if batch.new or batch.changed:
        applied(batch, by=by)
    stages = dict(db.session.execute(select(Firm.credit_code, Firm.stage)).all())
    assert (stages[held.credit_code], stages.get(credit_code(77), "lead")) == ("qualified", "lead")


def test_the_lists_are_searched_and_say_when_nothing_is_there(client: FlaskClient, build: Build) -> None:
    sign_in(client, "statistics")
    empty = [client.get(f"/filings?view={view}").get_data(as_text=True) for view in ("due", "open", "closed")]
    assert [
        text in page
        for text, page in zip(("没有待申报的企业", "没有在途的申报", "还没有办结的申报"), empty, strict=True)
    ] == [True] * 3
    build(lambda world: passed(world, filed(world), "county").id)
    found = client.get("/filings?view=open&q=云谷").get_data(as_text=True)
    missed = client.get("/filings?view=open&q=白鹭").get_data(as_text=True)
    assert ("待市统计局审核" in found, "没有符合条件的企业" in missed) == (True, True)


@pytest.mark.parametrize("view", ["due", "open"])
def test_a_longer_list_costs_no_more_statements(app: Flask, client: FlaskClient, world: World, view: str) -> None:
    sign_in(client, "statistics")

    def make(name: str) -> None:
        firm = qualified(world, name)
        if view == "open":
            filed(world, firm)

    window(world)
    make("海丰县云谷软件有限公司")
    db.session.commit()
    client.get(f"/filings?view={view}")
    with queries_counted(app) as one:
        client.get(f"/filings?view={view}")
    for name in ("海丰县白鹭软件有限公司", "海丰县红树林软件有限公司"):
        make(name)
    db.session.commit()
    client.get(f"/filings?view={view}")
    with queries_counted(app) as three:
        client.get(f"/filings?view={view}")
    assert len(three) == len(one)


def test_the_verdict_shown_is_the_one_of_the_day_of_filing(client: FlaskClient, build: Build, app: Flask) -> None:
    filing_id = build(lambda world: filed(world).id)
    sign_in(client, "statistics")
    page = client.get(f"/filings/{filing_id}").get_data(as_text=True)
    rule = "规模以上服务业（信息传输、软件和信息技术服务业）（第1版）"
    assert [said for said in ("2,500.00 万元", "2,000.00 万元", rule) if said not in page] == []
    with app.app_context():
        assert db.session.scalars(select(Filing.verdict)).one()["amount"] == "25000000.00"


@pytest.mark.parametrize(
    "view, expected",
    [
        ("due", [NAME, "海丰县", "2021 年 年度第一批", "2021-11-06", "2021-09", "已登记", "材料已齐"]),
        ("open", ["海丰县公平物联网有限公司", "海丰县", "2021-10-15", "2021-09", "待县级统计机构审核"]),
    ],
)
def test_the_lists_are_taken_away_as_they_are_filtered(
    client: FlaskClient, build: Build, view: str, expected: list[str]
) -> None:
    def make(world: World) -> None:
        window(world)
        complete(world, qualified(world, NAME))
        filed(world, qualified(world, "海丰县公平物联网有限公司"))

    build(make)
    sign_in(client, "statistics")
    with post(client, f"/filings/export?view={view}", page=f"/filings?view={view}") as answer:
        (line,) = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))[1:-1]
    assert [cell for cell in line if cell in expected] == expected
    with post(client, f"/filings/export?view={view}&q=没有这样的", page="/filings") as answer:
        assert len(answer.get_data(as_text=True).splitlines()) == 2


# -- what came back -------------------------------------------------------------------------------
REASON = "材料缺页、未盖章、期别不一致或截图不完整"
BACK = f"上次申报被退回：{REASON}（2021-10-15）"


def said_at(app: Flask, username: str, path: str) -> bool:
    """Whether the page says beside the firm that its last filing came back."""
    page = " ".join(html.fromstring(signed_in(app, username).get(path).get_data(as_text=True)).text_content().split())
    return f"{NAME}{BACK}" in re.sub("(?<=公司)([0-9A-Z]{18})? ?(?=上次)", "", page)


def test_a_filing_that_came_back_is_told_to_the_firm_s_office_and_leads_to_it(app: Flask, build: Build) -> None:
    filing_id = build(lambda world: filed(world).id)
    back = {"level": "county", "result": "returned", "day": "2021-10-15", "reason_code": "R07", "note": "缺第三页"}
    assert post(signed_in(app, "statistics"), f"/filings/{filing_id}/levels", back).status_code == 302
    office = signed_in(app, "haifeng")
    said = f"县级统计机构于 2021-10-15 退回“{NAME}”的纳统申报：{REASON}；说明：缺第三页"
    assert said in office.get("/notices").get_data(as_text=True)
    assert said not in signed_in(app, "lufeng").get("/notices").get_data(as_text=True)
    with app.app_context():
        (number,) = db.session.scalars(select(Notice.id).where(Notice.kind.startswith("filing_returned")))
    opened = post(office, f"/notices/{number}/read", {"open": "1"}, page="/notices")
    assert opened.location == f"/filings/{filing_id}"
    assert REASON in office.get(opened.location).get_data(as_text=True)


def test_desks_and_list_say_of_a_firm_that_its_filing_came_back_until_it_is_filed_again(
    app: Flask, build: Build
) -> None:
    def make(world: World) -> int:
        row = filed(world)
        sent_back(world, row)
        return row.firm_id

    firm_id = build(make)
    pages = [("haifeng", "/inbox"), ("statistics", "/inbox"), ("statistics", "/filings?state=ready")]
    assert [said_at(app, *page) for page in pages] == [True] * 3

    def lacking(world: World) -> None:
        db.session.get_one(Firm, firm_id).operating_address = ""

    build(lacking)
    office = signed_in(app, "haifeng").get("/inbox").get_data(as_text=True)
    assert f"{BACK}；请填写实际经营地址" in office

    def again(world: World) -> None:
        firm = db.session.get_one(Firm, firm_id)
        firm.operating_address = firm.registered_address
        filed(world, firm)

    build(again)
    assert [said_at(app, *page) for page in pages] == [False] * 3


def test_the_list_of_what_is_over_and_its_file_say_the_reason_in_words(client: FlaskClient, build: Build) -> None:
    build(lambda world: sent_back(world, filed(world)).id)
    sign_in(client, "statistics")
    page = client.get("/filings?view=closed").get_data(as_text=True)
    with post(client, "/filings/export?view=closed", page="/filings?view=closed") as answer:
        file = answer.get_data(as_text=True)
    assert [(REASON in text, "R07" in text) for text in (page, file)] == [(True, False)] * 2


def test_a_filing_that_went_through_after_one_that_came_back_leaves_no_mark(world: World) -> None:
    row = filed(world)
    assert filings.sent_back([row.firm_id]) == {}
    result = sent_back(world, row)
    assert filings.sent_back([row.firm_id, 999]) == {row.firm_id: result}
    enrolled(world, row.firm)
    assert filings.sent_back([row.firm_id]) == {}


# -- zones ----------------------------------------------------------------------------------------
ZONE_NAME = "汕尾市云谷软件有限公司"


@pytest.mark.parametrize("view", ["due", "open", "closed"])
def test_a_firm_of_a_zone_stands_under_the_zone_s_name_and_is_found_by_zone_and_county(
    client: FlaskClient, build: Build, view: str
) -> None:
    def make(world: World) -> None:
        window(world)
        for name, by, more in (
            (ZONE_NAME, "gaoxin", {"division": "441502-Z2", "operating_address": "汕尾市城区红草镇一路1号"}),
            (NAME, "haifeng", {}),
        ):
            firm = qualified(world, name, by=by, **more)
            complete(world, firm, by=by)
            if view != "due":
                row = filed(world, firm)
            if view == "closed":
                sent_back(world, row)

    build(make)
    sign_in(client, "statistics")

    def found(county: str) -> list[tuple[str, str]]:
        page: Any = html.fromstring(client.get(f"/filings?view={view}&county={county}").get_data(as_text=True))
        lines = page.xpath("//tr[td[@class='firm-name']]")
        cells = [
            line.xpath("./td[@class='firm-name'][1]/a | ./td[@class='firm-name'][1]/following::td[1]") for line in lines
        ]
        return [(link.text_content(), place.text_content()) for link, place in cells]

    zone, county = (ZONE_NAME, "高新区"), (NAME, "海丰县")
    assert sorted(found("")) == sorted([zone, county])
    assert [found(code) for code in ("441502-Z2", "441502", "441502-Z1", "441521")] == [[zone], [zone], [], [county]]
    offered: Any = html.fromstring(client.get(f"/filings?view={view}").get_data(as_text=True))
    assert {"高新区", "红海湾", "华侨管理区", "城区"} <= set(offered.xpath("//select[@name='county']/option/text()"))
    with post(client, f"/filings/export?view={view}&county=441502-Z2", page=f"/filings?view={view}") as answer:
        (line,) = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))[1:-1]
    assert (line[0], line[2]) == zone
    desk: Any = html.fromstring(client.get("/inbox").get_data(as_text=True))
    places = desk.xpath("//table[caption='可以申报']//tbody/tr/td[3]/text()")
    assert sorted(places) == ([] if view == "open" else ["海丰县", "高新区"])
