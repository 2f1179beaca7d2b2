"""The pages of the quarters: who sees which part, what the figures say, and the export."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.trail.models import TrailEntry
from tests.lives import listed
from tests.queries_counted import queries_counted
from tests.world import World, post, sign_in

YUNGU, MEILONG = "海丰县云谷软件有限公司", "海丰县梅陇检测技术有限公司"


@pytest.fixture
def city(world: World) -> World:
    """One firm that left in August, one that came in August, one of 陆丰 since May."""
    listed(world, YUNGU, 1).remove(on=date(2021, 8, 12))
    listed(world, MEILONG, 2, industry="7452", wan="1001", on=date(2021, 8, 20))
    place = {"registered_address": "陆丰市东海镇1号", "operating_address": "陆丰市东海镇1号"}
    listed(world, "陆丰市碣石软件有限公司", 3, by="lufeng", **place).edit(on=date(2021, 9, 2), employees=41)
    db.session.commit()
    return world


def page(client: FlaskClient, username: str, path: str) -> Any:
    sign_in(client, username)
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return html.fromstring(answer.get_data(as_text=True))


def rows(document: Any, caption: str) -> list[list[str]]:
    """The words of the body of the table with this caption."""
    (table,) = [t for t in document.iter("table") if t.findtext("caption") == caption]
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in table.find("tbody")]


def cards(document: Any) -> dict[str, str]:
    """Counts by label."""
    found = [" ".join(" ".join(item.itertext()).split()) for item in document.xpath("//ul[@class='strip']/li")]
    return {label: number for number, label in (text.split(" ", 1) for text in found)}


def test_the_list_shows_each_quarter_that_is_over(client: FlaskClient, city: World) -> None:
    shown = rows(page(client, "leader", "/quarters"), "季度名录")
    assert shown == [
        ["2021年第三季度", "2021-09-30", "2", "1", "1", "0", "未冻结（草稿）", "导出工作簿"],
        ["2021年第二季度", "2021-06-30", "2", "2", "0", "+2", "未冻结（草稿）", "导出工作簿"],
    ]


def test_a_clerk_sees_the_own_part_and_no_export(client: FlaskClient, city: World) -> None:
    document = page(client, "lufeng", "/quarters")
    assert rows(document, "季度名录")[0] == ["2021年第三季度", "2021-09-30", "1", "0", "0", "0", "未冻结（草稿）"]
    assert "只含本单位可见的企业" in document.text_content()
    shown = html.fromstring(client.get("/quarters/2021Q3").text)
    assert [row[0] for row in rows(shown, "按县区汇总")] == ["陆丰市"]
    assert [row[2].split()[0] for row in rows(shown, "本季变化")] == ["陆丰市碣石软件有限公司"]
    assert "导出" not in shown.text_content()


def test_a_quarter_shows_counts_summaries_and_changes(client: FlaskClient, city: World) -> None:
    document = page(client, "leader", "/quarters/2021Q3")
    assert cards(document) == {
        "季末在库（家）": "2",
        "新增（入库培育）": "1",
        "退出": "1",
        "跃迁": "0",
        "变更": "1",
        "更正": "0",
    }
    assert [row[:4] for row in rows(document, "按县区汇总")] == [
        ["城区", "0", "0", "0"],
        ["海丰县", "2", "1", "1"],
        ["陆河县", "0", "0", "0"],
        ["陆丰市", "1", "1", "1"],
    ]
    assert [row[:3] for row in rows(document, "按行业汇总")] == [
        ["I 信息传输、软件和信息技术服务业", "2", "1"],
        ["65 软件和信息技术服务业", "2", "1"],
        ["M 科学研究和技术服务业", "1", "1"],
        ["74 专业技术服务业", "1", "1"],
    ]
    assert [[row[0], row[2].split()[0], *row[4:]] for row in rows(document, "本季变化")] == [
        ["新增（入库培育）", MEILONG, "审核通过（入库培育）", "部门核查", "在库培育", "--"],
        ["退出", YUNGU, "出库", "在库培育", "出库", "企业迁往外市"],
        ["变更", "陆丰市碣石软件有限公司", "从业人员", "30", "41", "企业报告变更"],
    ]
    assert [row[1] for row in rows(document, "所用规则")] == [
        "ADM-1000 第1版",
        "SVC-1000-M 第1版",
        "SVC-2000-I 第1版",
        "2021-01-01",
    ]


@pytest.mark.parametrize(
    "query, names",
    [
        ("kind=left", [YUNGU]),
        ("q=碣石", ["陆丰市碣石软件有限公司"]),
        ("division=海丰县&kind=entered", [MEILONG]),
        ("q=没有", []),
    ],
)
def test_changes_are_filtered_by_the_address(client: FlaskClient, city: World, query: str, names: list[str]) -> None:
    document = page(client, "leader", f"/quarters/2021Q3?{query}")
    assert [a.text_content() for a in document.xpath("//*[@id='changes']//td[@class='firm-name']/a")] == names
    assert ("没有符合条件的变化" in document.text_content()) == (not names)


def test_changes_link_to_the_firm(client: FlaskClient, city: World) -> None:
    document = page(client, "leader", "/quarters/2021Q3?kind=left")
    (link,) = document.xpath("//*[@id='changes']//td[@class='firm-name']/a")
    assert re.fullmatch(r"/firms/\d+", link.get("href"))


def test_a_quarter_before_all_firms_is_empty_and_says_so(client: FlaskClient, city: World) -> None:
    assert "本季没有在库企业" in page(client, "leader", "/quarters/2020Q4").text_content()


def test_no_quarter_yet_is_said(client: FlaskClient, world: World) -> None:
    assert "还没有可查看的季度" in page(client, "leader", "/quarters").text_content()


@pytest.mark.parametrize(
    "label, sentence",
    [("2021Q4", "2021Q4 到 2021-12-31 才结束"), ("2021年", "“2021年”不是可识别的季度，请填写如 2021Q3。")],
)
def test_a_quarter_that_cannot_be_shown_is_refused(
    client: FlaskClient, world: World, label: str, sentence: str
) -> None:
    sign_in(client, "leader")
    answer = client.get(f"/quarters/{label}")
    assert (answer.status_code, sentence in html.fromstring(answer.text).text_content()) == (422, True)
    assert post(client, f"/quarters/{label}/export").status_code == 422


def test_the_export_is_a_workbook_and_recorded(client: FlaskClient, city: World) -> None:
    sign_in(client, "statistics")
    answer = post(client, "/quarters/2021Q3/export", page="/quarters/2021Q3")
    assert (answer.status_code, answer.mimetype) == (
        200,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    assert "_2021Q3_" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [book["名录"].cell(row, 2).value for row in (4, 5)] == [YUNGU, MEILONG]
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export")).one()
    assert (act.actor_name, act.subject_label, (act.after or {})["rows"]) == ("赵统", "2021Q3", 3)


def test_two_people_get_the_same_bytes(client: FlaskClient, city: World) -> None:
    taken = []
    for username in ("statistics", "auditor"):
        sign_in(client, username)
        taken.append(post(client, "/quarters/2021Q3/export").data)
        post(client, "/sign-out")
    assert taken[0] == taken[1]


@pytest.mark.parametrize("username", ["haifeng", "industry", "sysadmin", "secadmin", "auditadmin"])
def test_others_may_not_export(client: FlaskClient, world: World, username: str) -> None:
    sign_in(client, username)
    assert post(client, "/quarters/2021Q3/export").status_code == 403


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditadmin"])
def test_administrators_see_no_quarter(client: FlaskClient, world: World, username: str) -> None:
    sign_in(client, username)
    assert [client.get(path).status_code for path in ("/quarters", "/quarters/2021Q3")] == [403, 403]


def test_the_export_is_no_link(client: FlaskClient, world: World) -> None:
    sign_in(client, "leader")
    assert client.get("/quarters/2021Q3/export").status_code == 405


def test_pages_cost_the_same_for_one_firm_and_for_three(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, "leader")
    seen = {"/quarters": [], "/quarters/2021Q3": []}  # type: dict[str, list[int]]
    for number in (1, 2, 3):
        listed(world, f"海丰县云谷{number}号软件有限公司", number, on=date(2021, 8, 2))
        db.session.commit()
        for path, counts in seen.items():
            with queries_counted(app) as statements:
                client.get(path)
            counts.append(len(statements))
    # Two of them ask what a merge moved since: a past quarter shows figures, and papers that prove them, where they were.
    assert seen == {"/quarters": [5, 5, 5], "/quarters/2021Q3": [53, 53, 53]}
