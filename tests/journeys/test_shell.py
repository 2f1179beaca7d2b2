"""The frame of every page in a browser: a menu that needs no scrolling, and the search by keyboard."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from registry.base.extensions import db
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import Person
from tests.journeys.steps import IN_SEPTEMBER, YUNGU
from tests.lives import Life
from tests.world import PEOPLE, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.once
def test_no_menu_has_to_be_scrolled(app: Flask, serve: Serve, enter: Enter) -> None:
    address = serve(IN_SEPTEMBER, working=False)
    for username in ("haifeng", "industry", "cityoffice", "statistics", "leader", "auditor", "finance", "sysadmin"):
        someone = enter(address, username)
        someone.shot(f"menu_{username}")
        inner, last = someone.page.evaluate(
            """() => {
              const side = document.querySelector(".side-inner");
              const lines = [...side.querySelectorAll("li a")];
              return [side.scrollHeight - side.clientHeight, lines.at(-1).getBoundingClientRect().bottom];
            }"""
        )
        assert (inner, last <= 768) == (0, True), (username, PEOPLE[username])


def _is_focused(someone: Person) -> bool:
    return bool(someone.page.evaluate("document.activeElement.id === 'search-field'"))


@pytest.mark.once
def test_a_firm_is_reached_from_the_keyboard(app: Flask, serve: Serve, enter: Enter) -> None:
    with app.app_context():
        firm = Life(World(), YUNGU, 1, on=date(2021, 9, 1), by="haifeng").firm.id
        db.session.commit()
    clerk = enter(serve(IN_SEPTEMBER, working=False), "haifeng")
    keys: Any = clerk.page.keyboard
    keys.press("/")
    assert _is_focused(clerk)
    clerk.sees("还没有打开过企业", within=".top-panel")
    keys.type("hfyg")
    assert not clerk.part(".top-panel").is_visible()
    keys.press("Enter")
    clerk.page.wait_for_load_state()
    clerk.sees_heading("搜索：hfyg")
    clerk.follow(YUNGU)
    assert clerk.path() == f"/firms/{firm}"
    clerk.go("/proposals/new")
    keys.press("/")
    clerk.sees("最近打开的企业", YUNGU, within=".top-panel")
    clerk.shot("recent")
    keys.press("Escape")
    assert not _is_focused(clerk)
    assert not clerk.part(".top-panel").is_visible()
    clerk.control("企业名称").focus()
    keys.type("a/b")
    assert clerk.control("企业名称").input_value() == "a/b"
    keys.press("Tab")
    assert not _is_focused(clerk)


@pytest.mark.once
def test_on_a_narrow_screen_the_menu_folds_and_nothing_runs_over(app: Flask, serve: Serve, enter: Enter) -> None:
    officer = enter(serve(IN_SEPTEMBER, working=False), "cityoffice")
    for width, height in ((683, 384), (390, 844)):
        officer.page.set_viewport_size({"width": width, "height": height})
        officer.go("/plans")
        officer.shot(f"narrow_{width}")
        assert officer.page.evaluate("document.documentElement.scrollWidth") <= width
        assert not officer.part("nav.side").is_visible()
        officer.follow("菜单")
        officer.part("nav.side").get_by_role("link", name="名录库", exact=True).click()
        officer.page.wait_for_load_state()
        officer.sees_heading("名录库")
