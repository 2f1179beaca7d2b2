"""Pages of plans: what a leader sees first, numbers that open their rows, marks, splits, and who reads what."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.plans.models import FirmMark, Plan, TargetSplit
from registry.plans.services import recording
from tests.filed import enrolled, qualified, window
from tests.world import NOW, TODAY, Build, World, signed_in, token_in


def city(world: World) -> int:
    """One firm confirmed and marked, one over the line, a window that is open."""
    window(world)
    firm = enrolled(world).firm
    qualified(world, "海丰县青梅软件有限公司")
    recording.mark(world.actor("industry"), firm, "cultivated", since=TODAY, source="粤科函1号", at=NOW, on=TODAY)
    return db.session.scalars(select(Plan)).one().id


def read(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.fromstring(answer.get_data(as_text=True))


def cells(page: Any, within: str = "") -> list[list[str]]:
    """The cells of every row of tables, or of those within the section of this id."""
    rows = page.xpath(f"//section[@id='{within}']//tbody/tr" if within else "//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in rows]


def numbers(page: Any) -> list[str]:
    return [found.text_content() for found in page.xpath("//p[@class='aim-number']//strong")]


def send(client: FlaskClient, path: str, **values: str) -> Any:
    page = client.get(path).get_data(as_text=True)
    return client.post(path, data={"csrf_token": token_in(page), **values})


def test_a_leader_begins_with_the_targets_and_each_number_opens_its_rows(app: Flask, build: Build) -> None:
    build(city)
    leader = signed_in(app, "leader")
    assert leader.get("/").location == "/overview"
    page = read(leader, "/overview")
    assert numbers(page) == ["1", "--", "1", "0"]
    (link,) = page.xpath("(//p[@class='aim-number']/a)[1]/@href")
    path, _, part = link.partition("#")
    rows = cells(read(leader, path), part)
    assert [(row[0][:11], row[-1]) for row in rows] == [("海丰县云谷软件有限公司", "T3")]


def test_the_overview_says_where_firms_have_still_to_file_and_which_window_closes(app: Flask, build: Build) -> None:
    build(city)
    page = read(signed_in(app, "leader"), "/overview")
    places = {row[0]: row[1] for row in cells(page)}
    assert (places["海丰县"], places["高新区"], len(places)) == ("1", "0", 7)
    text = page.text_content()
    assert [
        said
        for said in ("还有 22 天", "达标应入而未申报 1 家", "确认入库（四上）1 家", "培育参考，不作统计上报依据")
        if said not in text
    ] == []


def test_a_county_sees_the_same_pages_with_its_own_firms(app: Flask, build: Build) -> None:
    plan = build(city)
    for name, count in (("haifeng", "1"), ("lufeng", "0")):
        client = signed_in(app, name)
        overview = read(client, "/overview")
        assert numbers(overview)[0] == count
        assert [row[0] for row in cells(overview)] == (["海丰县"] if count == "1" else [])
        page = read(client, f"/plans/{plan}").text_content()
        assert [word for word in ("落后", "按进度") if word in page] == []  # of some rows nothing is said of all
        assert ("只含本单位可见的企业" in page, "起草修订" in page) == (True, False)
    assert signed_in(app, "lufeng").get("/").location == "/inbox"


def test_the_bureau_in_charge_marks_a_firm_on_its_page_and_takes_it_back(app: Flask, build: Build) -> None:
    firm = build(lambda world: world.admitted().id)
    bureau = signed_in(app, "industry")
    assert f"/firms/{firm}/marks/new" in bureau.get(f"/firms/{firm}").get_data(as_text=True)
    wrong = send(bureau, f"/firms/{firm}/marks/new", way="cultivated", since="2021-10-16", source="文件")
    assert (wrong.status_code, "认定日期不能晚于今天" in wrong.get_data(as_text=True)) == (422, True)
    sent = {"way": "cultivated", "since": "2021-10-12", "source": "粤科函〔2021〕1号"}
    assert send(bureau, f"/firms/{firm}/marks/new", **sent).status_code == 302
    with app.app_context():
        mark = db.session.scalars(select(FirmMark)).unique().one()
        assert (mark.since, mark.source, mark.by_name) == (date(2021, 10, 12), "粤科函〔2021〕1号", "吴工")
        number = mark.id
    assert signed_in(app, "market").get(f"/marks/{number}/void").status_code == 404
    assert send(bureau, f"/marks/{number}/void", reason="").status_code == 422
    assert send(bureau, f"/marks/{number}/void", reason="文件已撤回").status_code == 302
    assert "文件已撤回" in bureau.get("/marks").get_data(as_text=True)


def test_the_city_office_enters_how_a_document_splits_a_target(app: Flask, build: Build) -> None:
    plan = build(city)
    office = signed_in(app, "cityoffice")
    path = f"/plans/{plan}/targets/T1/split"
    document = {"document_no": "汕科〔2021〕3号", "document_name": "任务分解表", "valid_from": "2021-03-01"}
    nothing = send(office, path, **document)
    assert (nothing.status_code, "请至少填写一个" in nothing.get_data(as_text=True)) == (422, True)
    assert send(office, path, **document, **{"share_441521": "1", "share_441502-Z2": "2"}).status_code == 302
    page = read(office, f"/plans/{plan}/targets/T1")
    rows = cells(page, "places")
    assert [row for row in rows if row[1] != "--"] == [["海丰县", "1", "1", "0", "0"], ["高新区", "2", "0", "0", "2"]]
    assert "文件各数合计 3，与目标数 2 不同" in page.text_content()
    with app.app_context():
        assert db.session.scalars(select(TargetSplit.document_no)).all() == ["汕科〔2021〕3号"]


def test_a_plan_or_a_target_that_is_not_there_is_a_404(app: Flask, build: Build) -> None:
    plan = build(city)
    leader = signed_in(app, "leader")
    assert [leader.get(path).status_code for path in ("/plans/999", f"/plans/{plan}/targets/T9")] == [404, 404]


def test_the_light_shows_its_arithmetic(app: Flask, build: Build) -> None:
    plan = build(city)
    page = read(signed_in(app, "leader"), f"/plans/{plan}/targets/T3")
    assert "应完成 5 × 288 ÷ 365，取整为 3，已计 1" in page.xpath("//section[@id='pace']")[0].text_content()
