"""The workbench: what waits, in words with its term; what was done and started; what the quarter changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html

from registry.claims.services import claiming
from registry.proposals.services import reviews
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")


def page_of(answer: Any) -> Any:
    return html.fromstring(answer.get_data(as_text=True))


def rows_of(page: Any, caption: str) -> list[list[str]]:
    table = page.xpath(f"//table[caption='{caption}']")[0]
    return [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath(".//tbody/tr")]


def test_a_bureau_s_cases_stand_by_age_with_how_urgent_they_are(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.submitted(NAMES[0]).waiting_since = NOW - timedelta(days=9)
        world.submitted(NAMES[1])

    build(make)
    page = page_of(signed_in(app, "industry").get("/inbox"))
    assert rows_of(page, "核查提名") == [
        [NAMES[0], "海丰县", "已提名", "7", "逾期 4 个工作日"],
        [NAMES[1], "海丰县", "已提名", "0", "正常"],
    ]
    assert page.xpath("//table[caption='核查提名']//a/@href") == ["/reviews/1", "/reviews/2"]
    assert not page.xpath("//table[caption='待办']")


def test_each_kind_of_task_leads_to_where_it_is_done(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        proposal = world.under_review(NAMES[0])
        reviews.send_back(
            world.actor("industry"),
            proposal,
            reason_code="R02",
            cells={"industry": "请核对"},
            note="",
            at=NOW,
            on=TODAY,
        )
        claiming.claim(world.actor("lufeng"), world.firm(NAMES[1]), world.user("lufeng").office, ground="属实", at=NOW)

    build(make)
    found = {who: page_of(signed_in(app, who).get("/inbox")) for who in ("haifeng", "cityoffice")}
    assert rows_of(found["haifeng"], "退回待补正") == [
        [NAMES[0], "退回 1 处，补正后重新提交 正常", "行业代码查看并重新提交"]
    ]
    assert found["haifeng"].xpath("//table[caption='退回待补正']//a/@href") == [
        "/firms/1", "/firms/1/edit#industry", "/proposals/1",
    ]  # fmt: skip
    claim = [NAMES[1], "陆丰市", "0", "正常"]
    assert rows_of(found["haifeng"], "待办") == [[f"认领争议：请提供依据：{NAMES[1]}", *claim]]
    assert rows_of(found["cityoffice"], "待办") == [[f"认领争议：两地提名同一企业：{NAMES[1]}", *claim]]
    assert found["cityoffice"].xpath("//table[caption='待办']//a/@href") == ["/claims/1"]


def test_an_empty_inbox_says_so(app: Flask) -> None:
    assert "没有待办事项" in signed_in(app, "haifeng").get("/inbox").get_data(as_text=True)


def test_the_quarter_s_changes_are_the_reader_s_own(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.admitted(NAMES[0])
        world.admitted("海丰县正衡检测技术有限公司", industry="7452", wan="1080", reviewer="market")

    build(make)
    seen = {}
    for who in ("haifeng", "lufeng", "industry", "leader"):
        page = page_of(signed_in(app, who).get("/inbox"))
        seen[who] = [dd.text.strip() for dd in page.xpath("//section[h2='本季变化']//dd")]
    assert seen == {
        "haifeng": ["2 家", "1 家", "0 家", "0 家"],
        "lufeng": ["0 家"] * 4,
        "industry": ["1 家", "0 家", "0 家", "0 家"],
        "leader": ["2 家", "1 家", "0 家", "0 家"],
    }


def test_a_leader_sees_the_funnel_by_county_and_a_county_does_not(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.firm(NAMES[0])
        world.admitted(NAMES[1])
        world.firm("汕尾高新区星河软件有限公司", by="gaoxin")

    build(make)
    page = page_of(signed_in(app, "leader").get("/inbox"))
    assert rows_of(page, "各县（市、区）和功能区企业分布") == [
        ["城区", "1", "0", "0", "0", "0", "0", "0", "0", "1"],
        ["其中：高新区", "1", "0", "0", "0", "0", "0", "0", "0", "1"],
        ["海丰县", "1", "0", "0", "1", "0", "0", "0", "0", "2"],
    ]
    foot = [cell.text for cell in page.xpath("//table[caption='各县（市、区）和功能区企业分布']/tfoot//td")]
    assert foot == ["合计", "2", "0", "0", "1", "0", "0", "0", "0", "3"]
    client = signed_in(app, "leader")
    for place in ("441502", "441502-Z2"):
        (link,) = page.xpath(f"//main//table//a[contains(@href, 'division={place}&')]/@href")
        assert "共 1 家" in client.get(link).get_data(as_text=True)
    assert "企业分布" not in signed_in(app, "haifeng").get("/inbox").get_data(as_text=True)


def test_done_and_started_list_the_person_s_own_with_links(app: Flask, build: Build) -> None:
    build(lambda world: world.admitted(NAMES[0]).id)
    done = rows_of(page_of(signed_in(app, "industry").get("/done")), "已办")
    assert [row[1:4] for row in done] == [
        [NAMES[0], "审核通过（入库培育）", "在库培育"],
        [NAMES[0], "受理", "部门核查"],
    ]
    started = rows_of(page_of(signed_in(app, "haifeng").get("/started")), "我发起的")
    assert started == [[NAMES[0], "2021-10-15 09:30", "市工信局", "1", "在库培育", "审核通过"]]
    assert "还没有发起的提名" in signed_in(app, "haifeng2").get("/started").get_data(as_text=True)
    assert "还没有办理记录" in signed_in(app, "haifeng2").get("/done").get_data(as_text=True)


def test_an_administrator_s_desk_has_no_line_of_the_directory(app: Flask, build: Build) -> None:
    build(lambda world: world.submitted(NAMES[0]).id)
    for who in ("sysadmin", "secadmin", "auditadmin"):
        client = signed_in(app, who)
        page = client.get("/inbox")
        assert (page.status_code, NAMES[0] in page.get_data(as_text=True)) == (200, False)
        assert "申报窗口" not in page.get_data(as_text=True)
        assert {client.get(path).status_code for path in ("/done", "/started")} == {403}


@pytest.mark.parametrize("path,statements", [("/inbox", 16), ("/done", 6), ("/started", 5)])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_takes_as_many_statements_for_three_rows_as_for_one(
    app: Flask, build: Build, path: str, statements: int, rows: int
) -> None:
    def make(world: World) -> None:
        for name in NAMES[:rows]:
            world.under_review(name)
            world.firm(name + "海城分公司", unit_kind="branch")

    build(make)
    client = signed_in(app, "industry" if path != "/started" else "haifeng")
    client.get(path)
    with queries_counted(app) as seen:
        assert client.get(path).status_code == 200
    assert len(seen) == statements
