"""Each role's desk: its first question, and what mends it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.documents.models import Document
from registry.figures.queries import figures
from registry.home.queries import exceptions
from registry.proposals.models import Proposal
from registry.proposals.services import reviews
from tests.filed import complete, filed, qualified, window
from tests.home.planted import PLANTED
from tests.home.test_pages import NAMES, page_of, rows_of
from tests.queries_counted import queries_counted
from tests.world import NOW, PEOPLE, TODAY, Build, World, post, signed_in


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def panel(page: Any, heading: str) -> Any:
    found = page.xpath(f"//section[.//h2[contains(., '{heading}')]]")
    return found[0] if found else None


def test_everybody_comes_to_their_own_desk_and_a_leader_to_the_plan(app: Flask, world: World) -> None:
    found = {who: signed_in(app, who).get("/").headers["Location"] for who in PEOPLE}
    assert {who: at for who, at in found.items() if at != "/inbox"} == {"leader": "/overview"}


# -- a county -------------------------------------------------------------------------------------
def test_a_county_sees_firm_by_firm_what_to_do_before_the_window_closes(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        window(world)
        qualified(world, NAMES[0])
        complete(world, qualified(world, NAMES[1]))
        early = world.admitted(NAMES[2], wan="1500")
        early.to_month = 8
        world.figure(world.firm("海丰县银瓶智能有限公司"), "1500")
        qualified(world, "陆丰市碣石软件有限公司", by="lufeng", registered_address="陆丰市东海镇1号")

    build(make)
    page = page_of(signed_in(app, "haifeng").get("/inbox"))
    assert words(panel(page, "申报窗口").xpath(".//p")[0]) == "22 天后截止"
    (short,) = rows_of(page, "达标应入，材料未齐")
    assert (short[0], short[1].startswith("缺 4 份材料"), short[2]) == (NAMES[0], True, "材料清单")
    assert rows_of(page, "本期数据未登记") == [[NAMES[2], "2021-09 的营业收入未登记", "登记 9 月营业收入"]]
    assert rows_of(page, "可提交的线索") == [["海丰县银瓶智能有限公司", "资料已齐，可以提交", "核对并提交"]]
    assert NAMES[1] in words(panel(page, "材料已齐"))
    assert "陆丰市碣石软件有限公司" not in words(page)


def test_a_firm_with_all_papers_and_a_field_missing_is_not_called_complete(app: Flask, build: Build) -> None:
    def make(world: World) -> int:
        window(world)
        firm = qualified(world, NAMES[0])
        complete(world, firm)
        firm.operating_address = ""
        complete(world, qualified(world, NAMES[1]))
        return firm.id

    firm_id = build(make)
    page = page_of(signed_in(app, "haifeng").get("/inbox"))
    (short,) = rows_of(page, "达标应入，材料未齐")
    assert short[:2] == [NAMES[0], "请填写实际经营地址（在地统计）"]
    assert f"/firms/{firm_id}/edit" in {link.get("href").partition("#")[0] for link in page.xpath("//main//a[@href]")}
    assert NAMES[0] not in words(panel(page, "材料已齐"))


def test_no_figure_is_asked_for_of_a_month_that_is_not_over(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        window(world, opens_on=date(2021, 12, 8), closes_on=date(2021, 12, 31), statement_month=11)
        world.admitted(NAMES[0], wan="1500").to_month = 8
        world.admitted(NAMES[1], wan="1500")

    build(make)
    page = page_of(signed_in(app, "haifeng").get("/inbox"))
    assert rows_of(page, "本期数据未登记") == [[NAMES[0], "2021-09 的营业收入未登记", "登记 9 月营业收入"]]


def test_what_came_back_leads_to_exactly_that(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        for number in range(9):
            case = world.under_review(f"海丰县{'一二三四五六七八九'[number]}号软件有限公司")
            reviews.send_back(
                world.actor("industry"), case, reason_code="R01", cells={"activity": "请写明"}, note="", at=NOW,
                on=TODAY,
            )  # fmt: skip
        world.submitted(NAMES[0])

    build(make)
    client = signed_in(app, "haifeng")
    found = {link.get("href") for link in page_of(client.get("/inbox")).xpath("//main//a[contains(@href, 'returned')]")}
    assert found == {"/proposals?state=returned"}
    page = page_of(client.get(found.pop()))
    assert len(page.xpath("//main//tbody/tr")) == 9


def test_a_missing_paper_is_brought_from_home_and_one_comes_back_there(app: Flask, build: Build) -> None:
    def make(world: World) -> int:
        window(world)
        return qualified(world, NAMES[0]).id

    firm_id = build(make)
    client = signed_in(app, "haifeng")
    page = page_of(client.get("/inbox"))
    forms = page.xpath("//details[contains(@class, 'bring')]//form")
    assert [form.get("action") for form in forms] == [
        f"/firms/{firm_id}/papers/{code}/2021-09" if code in ("M01", "M12") else f"/firms/{firm_id}/papers/{code}/any"
        for code in ("M01", "M02", "M03", "M12")
    ]
    data = {field.get("name"): field.get("value") for field in forms[0].xpath(".//input[@type='hidden']")}
    answer = client.post(
        forms[0].get("action"), data=data | {"file": (io.BytesIO(b"%PDF-1.4 form"), "申报表.pdf")},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox")
    with app.app_context():
        held = db.session.scalars(select(Document.material).where(Document.firm_id == firm_id)).all()
        assert "M01" in held
    after = page_of(client.get("/inbox"))
    assert len(after.xpath("//details[contains(@class, 'bring')]//form")) == 3


# -- a bureau -------------------------------------------------------------------------------------
def test_one_press_takes_up_the_case_that_waited_longest_and_shows_it(app: Flask, build: Build) -> None:
    def make(world: World) -> list[int]:
        cases = [world.submitted(name) for name in NAMES]
        for case, days in zip(cases, (1, 9, 4), strict=True):
            case.waiting_since = NOW - timedelta(days=days)
        return [case.id for case in cases]

    ids = build(make)
    client = signed_in(app, "industry")
    (form,) = page_of(client.get("/inbox")).xpath("//form[.//button[contains(., '从等得最久的开始核查')]]")
    assert post(client, form.get("action"), page="/inbox").headers["Location"] == f"/reviews/{ids[1]}"
    with app.app_context():
        found = {row.id: row.firm.stage for row in db.session.scalars(select(Proposal)).unique()}
        assert found == {ids[0]: "proposed", ids[1]: "under_review", ids[2]: "proposed"}


# -- statistics -----------------------------------------------------------------------------------
def test_the_statistician_sees_who_can_be_filed_who_lacks_one_thing_and_who_cannot(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        window(world)
        complete(world, qualified(world, NAMES[0]))
        qualified(world, NAMES[1])
        one = qualified(world, NAMES[2])
        complete(world, one)
        paper = db.session.scalars(select(Document).where(Document.firm_id == one.id, Document.material == "M12")).one()
        paper.voided_at = NOW
        filed(world, name="海丰县银瓶智能有限公司")

    build(make)
    page = page_of(signed_in(app, "statistics").get("/inbox"))
    assert [words(item) for item in page.xpath("//ul[@class='prospects']/li")] == [
        "可以申报 1", "只差一项 1", "待窗口开放 0", "条件不足 1",
    ]  # fmt: skip
    assert [row[1] for row in rows_of(page, "可以申报")] == [NAMES[0]]
    assert [row[0] for row in rows_of(page, "只差一项")] == [NAMES[2]]
    assert [row[0] for row in rows_of(page, "条件不足")] == [NAMES[1]]
    assert rows_of(page, "逐级审核") == [["等县级统计机构审核", "1", "0"]]


# -- the city office ------------------------------------------------------------------------------
def test_the_city_office_sees_what_is_left_before_the_quarter_closes(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        PLANTED["certify"](world)
        world.submitted(NAMES[0])
        PLANTED["claim"](world)

    build(make)
    page = page_of(signed_in(app, "cityoffice").get("/inbox"))
    left = panel(page, "冻结 2021Q3 之前")
    assert "2 个单位未确认：海丰县、市工信局" in words(left)
    assert [words(item) for item in left.xpath(".//li")] == [
        "1 已提名、尚未受理的企业",
        "1 尚未裁定的认领争议",
        "1 在库但没有季末月份营业收入的企业",
    ]
    assert left.xpath(".//li/a/@href") == ["/firms?stage=proposed", "/claims", "/quarters/2021Q3/close"]
    assert len(panel(page, "年度目标").xpath(".//li")) == 4
    assert panel(page_of(signed_in(app, "statistics").get("/inbox")), "年度目标") is None


# -- the auditor ----------------------------------------------------------------------------------
def test_the_auditor_s_exceptions_lead_to_exactly_their_rows(app: Flask, build: Build) -> None:
    def make(world: World) -> dict[str, int]:
        odd = world.admitted(NAMES[0])
        figures.figures_of(odd)[0].assurance = "合同集中结算"
        PLANTED["bulletin"](world)
        world.figure(odd, "600", period="2021-05")
        db.session.commit()
        return {one.kind.name: one.count for one in exceptions.counts(world.actor("auditor"), TODAY)}

    numbers = build(make)
    signed_in(app, "haifeng").get("/users")
    client = signed_in(app, "auditor")
    page = page_of(client.get("/inbox"))
    table = {row[0]: row[1].partition("：")[0] for row in rows_of(page, "例外事项")}
    assert table["存疑的金额，说明理由后登记"] == str(numbers["doubted"]) != "0"
    assert table["季度冻结后登记或作废的往期数据"] == str(numbers["late"])
    assert table["越权被拒（谁想看什么）"] == "1"
    for link in page.xpath("//table[caption='例外事项']//a"):
        rows = page_of(client.get(link.get("href"))).xpath("//table[contains(@class, 'data')]/tbody/tr")
        assert str(len(rows)) == link.text, link.get("href")
    assert "还没有核验过" in words(panel(page, "操作留痕"))
    post(client, "/trail/verification", page="/trail/verification")
    assert "上次核验无误" in words(panel(page_of(client.get("/inbox")), "操作留痕"))
    assert signed_in(app, "leader").get("/exceptions?kind=doubted").status_code == 403
    assert client.get("/exceptions?kind=refused").status_code == 404


# -- money, administrators ------------------------------------------------------------------------
def test_the_finance_bureau_finds_its_batches_on_its_desk(app: Flask, build: Build) -> None:
    build(PLANTED["batch_check"])
    page = page_of(signed_in(app, "finance2").get("/inbox"))
    assert [row[0].partition("：")[0] for row in rows_of(page, "待办")] == ["复核付款批次"]
    assert page.xpath("//table[caption='待办']//a/@href") == ["/payments/batches/1"]


def test_administrators_see_what_runs_who_is_signed_in_and_whether_the_trail_was_checked(
    app: Flask, build: Build
) -> None:
    build(PLANTED["job"])
    page = page_of(signed_in(app, "sysadmin").get("/inbox"))
    said = words(panel(page, "运行情况"))
    assert "排队 1，未能完成 1" in said
    assert "还没有备份" in said
    assert "有效会话 1 个（1 人）" in words(panel(page, "登录"))
    secadmin = page_of(signed_in(app, "secadmin").get("/inbox"))
    assert (panel(secadmin, "运行情况"), panel(secadmin, "操作留痕")) == (None, None)
    auditadmin = page_of(signed_in(app, "auditadmin").get("/inbox"))
    assert (panel(auditadmin, "登录"), "还没有核验过" in words(panel(auditadmin, "操作留痕"))) == (None, True)


@pytest.mark.parametrize("who,statements", [("haifeng", 49), ("statistics", 51), ("cityoffice", 32), ("auditor", 12)])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_desk_takes_as_many_statements_for_three_rows_as_for_one(
    app: Flask, build: Build, who: str, statements: int, rows: int
) -> None:
    def make(world: World) -> None:
        window(world)
        for name in NAMES[:rows]:
            qualified(world, name)
            world.figure(world.firm(f"{name}分部"), "1500")

    build(make)
    client = signed_in(app, who)
    client.get("/inbox")
    with queries_counted(app) as seen:
        assert client.get("/inbox").status_code == 200
    assert len(seen) == statements
