"""Behind each number of a quarter stand its firms, as a page and as CSV; what two quarters differ in can be taken away."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.vocabulary import NOTICE
from registry.trail.models import TrailEntry
from tests.lives import listed
from tests.quarters.certified import fields
from tests.world import World, post, sign_in, signed_in

YUNGU, MEILONG, JIESHI, HONGSHU = (
    "海丰县云谷软件有限公司", "海丰县梅陇检测技术有限公司", "陆丰市碣石软件有限公司", "汕尾高新区红树林软件有限公司",
)  # fmt: skip
NOTE = {"note": "按期冻结。"}


@pytest.fixture
def city(world: World) -> World:
    """Counties, a zone, two trades, one firm that left; figures of some."""
    listed(world, YUNGU, 1).remove(on=date(2021, 8, 12))
    listed(world, MEILONG, 2, industry="7452", wan="1001", on=date(2021, 8, 20)).figure(
        "700", "2021-09", on=date(2021, 10, 9)
    )
    place = {"registered_address": "陆丰市东海镇1号", "operating_address": "陆丰市东海镇1号"}
    listed(world, JIESHI, 3, by="lufeng", **place).figure("1900", "2021-09", on=date(2021, 10, 9))
    zone = {"registered_address": "汕尾市城区红草镇1号", "operating_address": "汕尾市城区红草镇1号"}
    listed(world, HONGSHU, 4, by="gaoxin", **zone)
    db.session.commit()
    return world


def page(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, (answer.status_code, path)
    return html.fromstring(answer.get_data(as_text=True))


def named(document: Any) -> list[str]:
    return [link.text for link in document.xpath("//main//td[@class='firm-name']/a")]


def taken(answer: Any) -> list[list[str]]:
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[-1][0] == NOTICE
    return rows[:-1]


@pytest.mark.parametrize("username", ["leader", "lufeng"])
def test_each_number_opens_just_as_many_firms(client: FlaskClient, city: World, username: str) -> None:
    sign_in(client, username)
    document = page(client, "/quarters/2021Q3")
    links = document.xpath("//main//*[self::td or self::li]//a[starts-with(@href, '/quarters/2021Q3/firms')]")
    assert len(links) > 10
    for link in links:
        number = next(text for text in link.itertext() if text.strip())
        assert len(named(page(client, link.get("href")))) == int(number), link.get("href")


def test_a_draft_and_a_closed_quarter_list_the_same_firms(client: FlaskClient, city: World) -> None:
    sign_in(client, "cityoffice")
    before = named(page(client, "/quarters/2021Q2/firms"))
    post(client, "/quarters/2021Q2/close", NOTE | fields("2021Q2"), page="/quarters/2021Q2/close")
    assert named(page(client, "/quarters/2021Q2/firms")) == before == [HONGSHU, YUNGU, JIESHI]


@pytest.mark.parametrize(
    "query, names",
    [
        ("place=城区", [HONGSHU]),
        ("place=高新区", [HONGSHU]),
        ("stage=removed", [YUNGU]),
        ("office=市市场监管局", [MEILONG]),
        ("office=高新区&only=listed", [HONGSHU]),
        ("tier=B", [JIESHI]),
        ("q=梅陇", [MEILONG]),
        ("q=没有", []),
    ],
)
def test_firms_are_found_by_place_stage_office_and_tier(
    client: FlaskClient, city: World, query: str, names: list[str]
) -> None:
    sign_in(client, "leader")
    assert named(page(client, f"/quarters/2021Q3/firms?{query}")) == names


def test_the_csv_holds_what_the_list_shows_and_is_recorded(app: Flask, client: FlaskClient, city: World) -> None:
    sign_in(client, "leader")
    rows = taken(post(client, "/quarters/2021Q3/firms/export?only=listed"))
    assert [row[rows[0].index("企业名称")] for row in rows[1:]] == [HONGSHU, MEILONG, JIESHI]
    assert rows[2][rows[0].index("本年累计营业收入(万元)")] == "700.00"
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export")).one()
    assert (act.subject_label, act.after) == ("2021Q3", {"rows": 3, "filter": {"only": "listed"}})
    own = taken(post(signed_in(app, "lufeng"), "/quarters/2021Q3/firms/export"))
    assert [row[own[0].index("企业名称")] for row in own[1:]] == [JIESHI]


def test_two_quarters_compared_are_taken_away_as_shown(app: Flask, client: FlaskClient, city: World) -> None:
    sign_in(client, "cityoffice")
    for quarter in ("2021Q2", "2021Q3"):
        post(client, f"/quarters/{quarter}/close", NOTE | fields(quarter), page=f"/quarters/{quarter}/close")
    rows = taken(post(client, "/quarters/diff/export?from=2021Q2&to=2021Q3"))
    assert rows[0][5:7] == ["2021Q2", "2021Q3"]
    shown = page(client, "/quarters/diff")
    assert [row[1] for row in rows[1:]] == named(shown)
    assert {row[0] for row in rows[1:]} >= {"新增", "退出"}
    only = taken(post(client, "/quarters/diff/export?from=2021Q2&to=2021Q3&kind=left"))
    assert [row[1] for row in only[1:]] == [YUNGU]
    county = taken(post(signed_in(app, "gaoxin"), "/quarters/diff/export?from=2021Q2&to=2021Q3"))
    assert [row[1] for row in county[1:]] == []
