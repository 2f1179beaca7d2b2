"""The rules page: every line with its dates and source, and what nobody has checked is marked."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import db
from registry.reference.models import Parameter, Threshold
from tests.queries_counted import queries_counted
from tests.world import World, sign_in

PAGES = ("/rules", "/rules/materials", "/rules/reasons", "/rules/routing", "/rules/settings")


def page(client: FlaskClient, path: str, username: str = "haifeng") -> Any:
    sign_in(client, username)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.fromstring(answer.get_data(as_text=True))


def rows(document: Any) -> list[list[str]]:
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in document.xpath("//table/tbody/tr")]


def rules(document: Any) -> list[str]:
    """The numbers of the rules shown, without their versions."""
    return [mark.text_content().split()[0] for mark in document.xpath("//table/tbody//*[@class='mono']")]


def test_the_whole_table_shows_old_rules_and_marks_the_unverified(client: FlaskClient, world: World) -> None:
    shown = {row[0].split()[-2]: row for row in rows(page(client, "/rules?per_page=100"))}
    assert len(shown) == 20
    assert shown["OLD-1000"][3:7] == ["1,000.00 或从业人员 50 人", "至 2018", "至 2019-12-31", "已停用"]
    assert shown["SVC-2000-I"][2:7] == [
        "I 信息传输、软件和信息技术服务业",
        "2,000.00",
        "2019 起",
        "2020-01-01 起",
        "施行",
    ]
    assert ["※" in shown[rule][7] for rule in ("WHO", "SVC-2000-I", "ADM-1000")] == [True, False, False]
    assert shown["ADM-1000"][2:5] == ["所有行业", "1,000.00", "--"]


def test_every_row_says_its_clause_and_the_day_it_was_looked_up(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    for path in PAGES:
        told = [row[-1] for row in rows(html.fromstring(client.get(f"{path}?per_page=100").text))]
        assert told
        assert [
            source
            for source in told
            if not re.search(r"条款：.*\d{4}-\d\d-\d\d 核对|\d{4}-\d\d-\d\d 查对，条款待补", source)
        ] == [], path


@pytest.mark.parametrize(
    "query, expected",
    [
        ("kind=admission", ["ADM-1000"]),
        ("industry=6513", ["SVC-2000-I", "OLD-1000", "ADM-1000"]),
        ("industry=6513&on=2019-06-30", ["OLD-1000"]),
        ("industry=6513&on=2020-01-01", ["SVC-2000-I"]),
        ("industry=i&kind=statutory", ["SVC-2000-I", "OLD-1000"]),
        ("industry=K&on=2021-09-30&kind=statutory", ["REA", "SVC-1000-K"]),
        ("industry=70&on=2021-09-30&kind=statutory", ["REA", "SVC-1000-K"]),
        ("unverified=y", ["CON", "HOT", "IND-2011", "RET", "WHO"]),
        ("q=能级提升", ["ADM-1000"]),
        ("q=没有这样的规则", []),
    ],
)
def test_filters_stand_in_the_address(client: FlaskClient, world: World, query: str, expected: list[str]) -> None:
    document = page(client, f"/rules?{query}")
    assert rules(document) == expected
    assert ("没有符合条件的规则" in document.text_content()) == (not expected)


def test_a_new_version_stands_above_the_old_one(client: FlaskClient, world: World) -> None:
    old = db.session.get_one(Threshold, ("SVC-2000-I", 1))
    values = {column.name: getattr(old, column.name) for column in Threshold.__table__.columns}
    values |= {"version": 2, "amount_yuan": Decimal("25000000"), "periodic_from": date(2030, 1, 1), "verified": False}
    db.session.add(Threshold(**values))
    db.session.commit()
    shown = rows(page(client, "/rules?industry=6513&kind=statutory"))
    assert [(row[0].split(maxsplit=1)[1], row[3], row[6]) for row in shown] == [
        ("SVC-2000-I 第2版", "2,500.00", "尚未施行"),
        ("SVC-2000-I 第1版", "2,000.00", "施行"),
        ("OLD-1000 第1版", "1,000.00 或从业人员 50 人", "已停用"),
    ]


@pytest.mark.parametrize("query, sentence", [("industry=9x", "行业代码"), ("on=2021-13-40", "施行于")])
def test_what_cannot_be_read_is_said_and_restricts_nothing(
    client: FlaskClient, world: World, query: str, sentence: str
) -> None:
    document = page(client, f"/rules?per_page=100&{query}")
    (summary,) = document.xpath("//*[@class='error-summary']//li")
    assert (summary.text_content().split("：")[0], len(rules(document))) == (sentence, 20)


def test_reasons_materials_and_routing_show_their_sources(client: FlaskClient, world: World) -> None:
    reasons = {row[0]: row[1:] for row in rows(page(client, "/rules/reasons"))}
    assert reasons["R10"] == [
        "已在库或重复单位（统一社会信用代码、组织机构代码相同）",
        "通行做法 ※ 2026-11-24 查对，条款待补",
    ]
    materials = {row[0]: row[1:4] for row in rows(html.fromstring(client.get("/rules/materials").text))}
    assert materials["M06"][2] == "一般纳税人报送"
    routing = [row[:3] for row in rows(html.fromstring(client.get("/rules/routing").text))]
    assert routing[2] == ["65 软件和信息技术服务业", "市工信局", "市科技局"]
    assert routing[-1] == ["其余行业", "市科技局", "--"]


def test_settings_keep_their_versions(client: FlaskClient, world: World) -> None:
    db.session.add(
        Parameter(
            key="tier.b",
            valid_from=date(2021, 7, 1),
            value="0.70",
            label="B档下限（达标率）",
            source="市培育办通知",
            verified=True,
        )
    )
    db.session.commit()
    shown = [row for row in rows(page(client, "/rules/settings?per_page=100")) if "tier.b" in row[0]]
    assert [row[1:] for row in shown] == [
        ["70%", "2021-07-01 起", "施行", "市培育办通知"],
        [
            "80%",
            "2021-01-01 至 2021-06-30",
            "已停用",
            "本系统默认值，全国无统一口径，可调整 条款：无条款（本系统自定）；2026-11-24 核对 ※",
        ],
    ]


def test_the_day_of_the_demo_world_is_no_rule(client: FlaskClient, world: World) -> None:
    whole = "/rules/settings?per_page=100"
    before = rows(page(client, whole))
    db.session.add(Parameter(key="demo.today", valid_from=date(2021, 10, 15), value="2021-10-15", source="演示数据"))
    db.session.commit()
    assert len(before) > 20
    assert rows(html.fromstring(client.get(whole).text)) == before


@pytest.mark.parametrize("path", PAGES)
def test_administrators_and_strangers_see_no_rules(client: FlaskClient, world: World, path: str) -> None:
    assert client.get(path).status_code == 302
    sign_in(client, "sysadmin")
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_each_page_prints_with_a_place_to_sign_and_the_notice(client: FlaskClient, world: World, path: str) -> None:
    document = page(client, path)
    assert len(document.find_class("signature")) == 1
    assert "培育参考，不作统计上报依据" in document.text_content()


def test_more_versions_cost_no_more_queries(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    seen = []
    for day in (1, 2, 3):
        db.session.add(Parameter(key="tier.c", valid_from=date(2021, 8, day), value="0.5", source="市培育办通知"))
        db.session.commit()
        counts = []
        for path in PAGES:
            with queries_counted(app) as statements:
                client.get(path)
            counts.append(len(statements))
        seen.append(counts)
    assert seen == [[7, 6, 6, 9, 6]] * 3
