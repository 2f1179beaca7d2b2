"""Each number that is a link on the pages of home, quarter, plan and bulletin opens as many rows as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

from tests.world import Build, World, signed_in

PAGES = (
    "/",
    "/inbox",
    "/overview",
    "/quarters",
    "/quarters/2021Q3",
    "/quarters/2021Q3/close",
    "/plans",
    "/progress",
    "/bulletins",
)
COUNTED = re.compile(r"共\s*([\d,]+)\s*[家条件项]")
NUMBER = re.compile(r"^([\d,]+)$|([\d,]+)\s*(?:家|对)")


@dataclass(frozen=True)
class Linked:
    page: str
    words: str
    address: str
    number: int


@pytest.fixture
def town(build: Build) -> None:
    """Firms of a county and of its zone in several stages, so that a link that takes one for the other shows."""

    def make(world: World) -> None:
        world.firm("汕尾市城区云帆软件有限公司", by="chengqu")
        for number, by, division in ((1, "chengqu", "441502"), (2, "chengqu", "441502"), (3, "gaoxin", "441502-Z2")):
            world.admitted(
                f"汕尾市南湖{number}号检测技术有限公司", by=by, industry="7452", division=division, reviewer="market"
            )
        for number, by, division in ((4, "chengqu", "441502"), (5, "gaoxin", "441502-Z2"), (6, "gaoxin", "441502-Z2")):
            world.admitted(
                f"汕尾市南湖{number}号检测技术有限公司",
                by=by,
                industry="7452",
                division=division,
                wan="1300",
                reviewer="market",
            )
        world.admitted("海丰县星河数据有限公司", industry="6450", wan="1200")
        world.submitted("陆丰市甲子软件有限公司", by="lufeng", wan="1500", operating_address="陆丰市东海镇人民路1号")

    build(make)


def opened(client: FlaskClient, path: str) -> HtmlElement | None:
    answer = client.get(path, follow_redirects=True)
    return html.fromstring(answer.get_data(as_text=True)) if answer.status_code == 200 else None


def links(client: FlaskClient) -> Iterator[Linked]:
    for page in PAGES:
        document = opened(client, page)
        if document is None:
            continue
        for link in document.xpath("//main//a[starts-with(@href, '/')][not(ancestor::*[contains(@class, 'pager')])]"):
            words = " ".join(link.text_content().split())
            found = NUMBER.search(words)
            if found:
                yield Linked(page, words, link.get("href"), int((found[1] or found[2]).replace(",", "")))


def rows(client: FlaskClient, address: str) -> int:
    """How many the page says it lists (of the part that the address names), else the rows of its table."""
    document = opened(client, address)
    assert document is not None, address
    _path, _, part = address.partition("#")
    named = document.xpath(f"//*[@id='{part}']") if part else []
    place = named[0] if named else document.xpath("//main")[0]
    counted = COUNTED.search(place.text_content())
    return int(counted[1].replace(",", "")) if counted else len(place.xpath(".//tbody/tr"))


@pytest.mark.parametrize("username", ["cityoffice", "leader", "chengqu", "gaoxin", "market", "statistics", "auditor"])
def test_a_number_opens_exactly_its_rows(town: None, app: Flask, username: str) -> None:
    client = signed_in(app, username)
    found = list(links(client))
    wrong = [(one, there) for one in found if (there := rows(client, one.address)) != one.number]
    assert wrong == []


def test_a_county_without_its_zones_and_the_zones_are_told_apart(town: None, app: Flask) -> None:
    client = signed_in(app, "leader")
    wanted = ("441502", "441502-0", "441502-Z2")
    counts = [rows(client, f"/firms?division={place}&stage=qualified") for place in wanted]
    assert counts == [6, 3, 3]
    assert [one.address for one in links(client) if "stage=qualified" in one.address and "441502" in one.address]
