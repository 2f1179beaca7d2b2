"""The menu: a few rooms for every role, the pages of a room as tabs, and no page without a door."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from lxml import html

from registry import features
from registry.base.parts import Group
from registry.base.permissions import can
from registry.site.shell import ROOM_LABELS
from tests.world import World, signed_in

ROLES = {
    "haifeng": (8, 30), "gaoxin": (8, 30), "industry": (8, 31), "science": (8, 31), "cityoffice": (9, 41),
    "statistics": (8, 33), "leader": (9, 38), "auditor": (9, 39), "finance": (4, 10), "sysadmin": (4, 7),
    "secadmin": (3, 4), "auditadmin": (2, 3),
}  # fmt: skip
"""Rooms of each, and pages, of which more may come and none may go."""
MOST = 9
MOST_TABS = 7


def links(page: Any, nav: str) -> list[tuple[str, str]]:
    """(label, address) of the lines of a menu or a row of tabs."""
    return [("".join(a.xpath("text()")).strip(), a.get("href")) for a in page.xpath(f"//nav[{nav}]//li/a")]


SIDE, TABS = "@id='menu'", "contains(@class, 'rooms')"


def page_of(client: Any, address: str) -> Any:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    return html.fromstring(answer.get_data(as_text=True))


@pytest.mark.parametrize("username", ROLES)
def test_a_role_finds_every_page_it_may_open_through_at_most_nine_rooms(
    app: Flask, world: World, username: str
) -> None:
    may = {entry.label for entry in features.menu() if can(world.actor(username), entry.permission)}
    client = signed_in(app, username)
    rooms = links(page_of(client, "/password"), SIDE)
    assert len(rooms) == ROLES[username][0] <= MOST
    assert len(may) >= ROLES[username][1]
    found: list[str] = []
    for label, address in rooms:
        page = page_of(client, address)
        tabs = links(page, TABS)
        assert [a.text_content() for a in page.xpath(f"//nav[{SIDE}]//a[@aria-current]") if label in a.text_content()]
        assert len(tabs) <= MOST_TABS
        found += [tab for tab, _ in tabs] or [label]
        for tab, leads_to in tabs:
            shown = page_of(client, leads_to)
            current = shown.xpath(f"//nav[{TABS}]//a[@aria-current='page']")
            assert [a.get("href") for a in current] == [leads_to], tab
            assert links(shown, TABS) == tabs
    assert Counter(found) == Counter(may)
    assert len({label for label, _ in rooms}) == len(rooms)


def test_a_name_is_that_of_one_room_or_one_page_and_a_place_is_taken_once() -> None:
    entries = features.menu()
    assert [label for label, times in Counter(entry.label for entry in entries).items() if times > 1] == []
    assert [place for place, times in Counter((e.group, e.rank) for e in entries).items() if times > 1] == []
    assert set(ROOM_LABELS) == set(Group) == {entry.group for entry in entries}
    of_room = {ROOM_LABELS[group]: group for group in Group}
    assert len(of_room) == len(Group)
    assert [e.label for e in entries if e.label in of_room and of_room[e.label] is not e.group] == []


def test_a_room_with_one_page_bears_its_name_and_has_no_tabs(app: Flask, world: World) -> None:
    client = signed_in(app, "secadmin")
    page = page_of(client, "/api-tokens")
    assert links(page, SIDE) == [("待办", "/inbox"), ("账号管理", "/users"), ("接口令牌", "/api-tokens")]
    assert links(page, TABS) == []


def test_a_line_of_the_menu_sums_what_its_tabs_count(app: Flask, world: World) -> None:
    world.submitted("海丰县云谷软件有限公司")
    world.submitted("海丰县星河数据有限公司")
    page = page_of(signed_in(app, "industry"), "/inbox")
    counted = {a.get("href"): a.text_content() for a in page.xpath(f"//nav[{SIDE}]//a[.//span]")}
    assert counted == {"/inbox": "工作台4项", "/reviews": "提名与审核2项"}
    tabs = [a.text_content() for a in page.xpath(f"//nav[{TABS}]//a")]
    assert tabs == ["待办2项", "消息2项", "等待其他单位", "办理记录"]


def test_the_page_of_one_record_stands_in_its_room_without_the_tabs(app: Flask, world: World) -> None:
    firm = world.firm()
    page = page_of(signed_in(app, "haifeng"), f"/firms/{firm.id}")
    assert [a.text_content() for a in page.xpath(f"//nav[{SIDE}]//a[@aria-current]")] == ["名录库"]
    assert links(page, TABS) == []
