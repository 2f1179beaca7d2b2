"""The cockpit of a review: what a link shows and a press takes up, the next case, values marked in place, the paper beside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.proposals.models import ReturnedCell
from registry.proposals.services import reviews
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, post, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")


def page_of(answer: Any) -> Any:
    return html.fromstring(answer.get_data(as_text=True))


def queued(page: Any) -> list[tuple[str, str, bool]]:
    """(where it leads, whose case it is, whether it is the one shown) of the list beside."""
    return [
        (link.get("href"), link.xpath("string(span[@class='queue-title'])"), link.get("aria-current") == "true")
        for link in page.xpath("//ol[@class='queue']//a")
    ]


def stages(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(Firm.stage).order_by(Firm.id)))


def steps_of(app: Flask, firm_id: int) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.execute(
            db.select(PathwayEvent.action, PathwayEvent.actor_name)
            .where(PathwayEvent.firm_id == firm_id)
            .order_by(PathwayEvent.id)
        )
        return [(row.action, row.actor_name) for row in rows]


@pytest.fixture
def three(build: Build) -> None:
    """Three cases before industry, the last one the oldest; and one before another bureau."""

    def make(world: World) -> None:
        for name, days in zip(NAMES, (1, 3, 9), strict=True):
            world.submitted(name).waiting_since = NOW - timedelta(days=days)
        world.submitted("海丰县正源检测有限公司", industry="7452")

    build(make)


# -- shown and taken up -----------------------------------------------------------------------------
def test_a_link_only_shows_and_a_press_takes_up_the_oldest(app: Flask, three: None) -> None:
    client = signed_in(app, "industry")
    assert client.get("/reviews/3").status_code == 200
    assert stages(app) == ["proposed"] * 4
    answer = post(client, "/reviews/next")
    assert (answer.status_code, answer.location) == (302, "/reviews/3")
    assert stages(app) == ["proposed", "proposed", "under_review", "proposed"]
    assert post(client, "/reviews/next").location == "/reviews/3"  # it waits for the same person still
    assert [action for action, _by in steps_of(app, 3)] == ["create", "submit", "take_up"]


def test_the_oldest_within_the_filter_is_taken_up_and_the_filter_stays(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.submitted(NAMES[0])
        world.submitted("陆丰市甲子软件有限公司", by="lufeng", operating_address="陆丰市东海镇人民路1号")

    build(make)
    client = signed_in(app, "industry")
    assert post(client, "/reviews/next?county=441581").location == "/reviews/2?county=441581"
    page = page_of(client.get("/reviews/2?county=441581"))
    assert queued(page) == [("/reviews/2?county=441581", "陆丰市甲子软件有限公司", True)]


def test_what_a_colleague_has_begun_is_passed_over(app: Flask, three: None) -> None:
    first, second = signed_in(app, "industry"), signed_in(app, "industry2")
    assert post(first, "/reviews/next").location == "/reviews/3"
    assert post(second, "/reviews/next").location == "/reviews/2"


def test_with_nothing_waiting_it_is_said(app: Flask, build: Build) -> None:
    build(lambda world: world.submitted(NAMES[0]).id)
    client = signed_in(app, "market")
    assert post(client, "/reviews/next").location == "/reviews"
    page = page_of(client.get("/reviews"))
    assert "没有等待您核查的提名。" in page.text_content()
    assert page.xpath("//main//a[text()='返回工作台']/@href") == ["/"]
    assert [post(signed_in(app, who), "/reviews/next").status_code for who in ("leader", "haifeng", "auditor")] == [
        403, 403, 403,
    ]  # fmt: skip


def test_the_queue_stands_beside_the_case_with_the_way_on_and_back(app: Flask, three: None) -> None:
    page = page_of(signed_in(app, "industry").get("/reviews/2"))
    assert queued(page) == [
        ("/reviews/3", NAMES[2], False), ("/reviews/2", NAMES[1], True), ("/reviews/1", NAMES[0], False),
    ]  # fmt: skip
    assert page.xpath("//a[@data-key='j']/@href") == ["/reviews/1"]
    assert page.xpath("//a[@data-key='k']/@href") == ["/reviews/3"]
    assert "检测有限公司" not in page.text_content()


# -- decided, and on to the next --------------------------------------------------------------------
def test_after_a_decision_the_next_case_stands_there_and_says_what_was_decided(app: Flask, three: None) -> None:
    client = signed_in(app, "industry")
    answer = post(client, "/reviews/2/admission?county=441521", {"admit-industry_checked": "y"})
    assert answer.location == "/reviews/1?last=2&county=441521"
    told = page_of(client.get(answer.location)).xpath("//div[@role='status'][contains(@class, 'alert')]")
    assert [one.text_content().strip() for one in told] == [f"{NAMES[1]}：已审核通过，入库培育。"]
    assert told[0].xpath(".//a/@href") == ["/reviews/2?county=441521"]
    # round to the front, then there is nothing left
    rejected = post(client, "/reviews/1/rejection", {"reject-reason_code": "R04", "reject-opinion": "分公司"})
    assert rejected.location == "/reviews/3?last=1"
    done = post(client, "/reviews/3/admission", {"admit-industry_checked": "y"})
    assert done.location == "/reviews?last=3"
    assert f"{NAMES[2]}：已审核通过，入库培育。" in page_of(client.get(done.location)).text_content()


def test_who_decides_what_nobody_has_begun_begins_it_by_that(app: Flask, three: None) -> None:
    client = signed_in(app, "industry")
    post(client, "/reviews/1/admission", {"admit-industry_checked": "y"})
    assert steps_of(app, 1) == [("create", "陈晓"), ("submit", "陈晓"), ("take_up", "吴工"), ("admit", "吴工")]
    refused = post(client, "/reviews/2/admission", {})
    assert (refused.status_code, steps_of(app, 2)) == (422, [("create", "陈晓"), ("submit", "陈晓")])


def test_a_message_about_another_bureaus_case_is_not_shown(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.submitted(NAMES[0])
        proposal = world.submitted("海丰县正源检测有限公司", industry="7452")
        market = world.actor("market")
        reviews.take_up(market, proposal, at=NOW, on=TODAY)
        reviews.reject(market, proposal, reason_code="R04", note="分公司", at=NOW, on=TODAY)

    build(make)
    client = signed_in(app, "industry")
    assert [client.get(f"/reviews/1?last={number}").status_code for number in (2, 99, -1, 2**31)] == [200] * 4
    assert "正源检测" not in client.get("/reviews/1?last=2").get_data(as_text=True)


# -- values marked where they stand -----------------------------------------------------------------
def test_every_value_that_can_go_back_has_one_box_and_it_belongs_to_the_return(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    page = page_of(signed_in(app, "industry").get("/reviews/1"))
    boxes = page.xpath("//input[@type='checkbox'][starts-with(@name, 'return-cell_')]")
    assert len(boxes) == len({box.get("name") for box in boxes}) == 26
    assert {box.get("form") for box in boxes} == {"return-form"}
    assert page.xpath("//form[@id='return-form']/@action") == ["/reviews/1/return"]
    for box in boxes:
        assert len(page.xpath(f"//label[@for='{box.get('id')}']")) == 1
    first = page.xpath("//section[@id='return-cells']//dt/text()")
    assert first == ["行业代码", "主营业务", "本年累计营业收入（万元）", "材料"]


def test_a_mark_without_its_remark_comes_back_open_where_it_stands(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    client = signed_in(app, "industry")
    sent = {"return-reason_code": "R02", "return-cell_founded_on": "y", "return-note_activity": "请写具体"}
    page = page_of(post(client, "/reviews/1/return", sent))
    shown = page.xpath("//section[@id='return-cells']//dt/text()")
    assert shown == ["行业代码", "主营业务", "成立日期", "本年累计营业收入（万元）", "材料"]
    assert page.get_element_by_id("return-note_activity").value == "请写具体"
    assert [page.get_element_by_id(f"return-cell_{key}").get("checked") is not None for key in ("founded_on", "activity", "name")] == [True, True, False]  # fmt: skip
    assert len(page.xpath("//*[@id='return-note_founded_on-error']")) == 1
    assert page.xpath("//details[@id='return']/@open") == [""]
    post(client, "/reviews/1/return", {**sent, "return-note_founded_on": "与执照不一致"})
    with app.app_context():
        cells = db.session.execute(db.select(ReturnedCell.field, ReturnedCell.note).order_by(ReturnedCell.id)).all()
        assert [tuple(cell) for cell in cells] == [("activity", "请写具体"), ("founded_on", "与执照不一致")]


def test_readers_mark_nothing(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    page = page_of(signed_in(app, "leader").get("/reviews/1"))
    assert page.xpath("//input[@type='checkbox']") == []
    assert page.xpath("//details[contains(@class, 'verdict-panel')]") == []


# -- open and folded --------------------------------------------------------------------------------
def test_what_is_in_order_is_folded_and_what_is_not_stands_open(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.firm("云谷（海丰）软件有限公司")
        world.under_review(NAMES[0], wan="800")

    build(make)
    page = page_of(signed_in(app, "industry").get("/reviews/1"))
    opened = page.xpath("//div[@class='cockpit-case']/section[contains(@class, 'panel')]//h2/text()")
    folded = page.xpath("//details[@class='folded']/summary/span[@class='folded-title']/text()")
    assert opened == ["还不能通过", "核对要点", "查重结果", "为什么还不是四上，还差什么"]
    assert folded == ["其余提交的内容", "符合的条件", "营业收入", "材料", "办理过程"]
    assert page.xpath("//details[@class='folded']/@open") == []


# -- the paper --------------------------------------------------------------------------------------
def test_the_paper_that_proves_the_figure_is_beside_it_and_another_is_a_press_away(
    app: Flask, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(world: World) -> None:
        proposal = world.under_review(NAMES[0])
        world.document(proposal.firm, material="M01", year=2021, month=0)

    build(make)
    client = signed_in(app, "industry")
    page = page_of(client.get("/reviews/1"))
    column = page.get_element_by_id("paper")
    assert column.xpath("div[@class='paper-head']/h2/text()") == ["利润表（2021-09）"]
    assert "1,500.00 万元" in column.text_content()
    others = column.xpath(".//nav//a")
    assert [(one.get("href"), one.get("aria-current")) for one in others] == [
        ("/reviews/1?paper=2", None), ("/reviews/1?paper=1", "true"),
    ]  # fmt: skip
    # an invented file cannot be drawn: it is said, and can be had
    assert column.xpath(".//a[contains(@class, 'btn')]/@href") == ["/documents/1"]
    assert page_of(client.get("/reviews/1?paper=2")).xpath("//div[@class='paper-head']/h2/text()") != [
        "利润表（2021-09）"
    ]
    assert page_of(client.get("/reviews/1?paper=999")).xpath("//div[@class='paper-head']/h2/text()") == [
        "利润表（2021-09）"
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_case_takes_the_same_statements_however_long_its_queue(app: Flask, build: Build, rows: int) -> None:
    def make(world: World) -> None:
        for name in NAMES[:rows]:
            world.submitted(name)

    build(make)
    client = signed_in(app, "industry")
    client.get("/reviews/1")
    with queries_counted(app) as seen:
        client.get("/reviews/1")
    assert len(seen) == CASE_STATEMENTS


CASE_STATEMENTS = 67
