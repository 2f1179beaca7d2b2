"""Common tasks by keyboard alone: focus is seen and comes in order, nothing traps it, the first Tab leads past the menu."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from registry.base.extensions import db
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import Person
from tests.journeys.steps import FIRMS, IN_OCTOBER
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_TABS = 120

_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const label = (one.labels && one.labels[0] && one.labels[0].innerText) || one.getAttribute('aria-label') || one.innerText || '';
  const seen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  return {tag: one.tagName, name: one.name || '', text: label.replace(/\\s+/g, ' ').trim(), seen,
          on_screen: box.bottom > 0 && box.top < innerHeight};
}"""


class Keyboard:
    """Only keys: no click, no fill."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page

    def focus(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(_FOCUS)
        return found

    def focus_on(self, tag: str) -> dict[str, Any]:
        """What has the focus once a part that was opened by its key has given it to its first control."""
        self.page.wait_for_function("tag => document.activeElement.tagName === tag", arg=tag)
        return self.focus()

    def tab_to(self, text: str = "", *, name: str = "") -> None:
        """Tab until what is called so has the focus; every stop on the way is seen and on the screen."""
        for _stop in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            here = self.focus()
            if here["tag"] == "BODY":
                continue
            assert here["seen"], f"focus is not seen on {here}"
            assert here["on_screen"], f"focus is off the screen on {here}"
            if (name and here["name"] == name) or (text and here["text"].startswith(text)):
                return
        raise AssertionError(f"{text or name} is not reached by Tab on {self.page.url}")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def leave(self, key: str = "Enter") -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)


@pytest.fixture
def waiting(app: Flask) -> None:
    with app.app_context():
        world = World()
        for name in FIRMS:
            world.submitted(name)
        db.session.commit()


def test_the_first_tab_leads_past_the_menu_and_focus_goes_round(waiting: None, serve: Serve, enter: Enter) -> None:
    keys = Keyboard(enter(serve(IN_OCTOBER), "haifeng"))
    keys.person.go("/proposals")
    keys.press("Tab")
    assert keys.focus()["text"].startswith("跳到")
    keys.press("Enter")
    keys.press("Tab")
    inside = keys.page.evaluate("() => document.activeElement.closest('main') !== null")
    assert inside
    # no trap: Tab comes to the end of the page and begins anew
    for _stop in range(MOST_TABS):
        keys.press("Tab")
        if keys.focus()["text"].startswith("跳到"):
            return
    raise AssertionError("focus never comes round")


def test_five_cases_are_reviewed(waiting: None, serve: Serve, enter: Enter) -> None:
    keys = Keyboard(enter(serve(IN_OCTOBER), "industry"))
    keys.person.go("/reviews")
    keys.leave("Enter")
    for number in range(len(FIRMS)):
        keys.press("a")
        here = keys.focus_on("BUTTON")
        assert here["seen"], (number, here)
        keys.leave("Enter")
    keys.person.go("/reviews")
    keys.person.sees("没有待核查的提名")
