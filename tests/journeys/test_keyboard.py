"""Common tasks by keyboard alone: focus is seen and comes in order, nothing traps it, the first Tab leads past the menu."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from registry.base.extensions import db
from tests.filed import complete, qualified, window
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import Person
from tests.journeys.steps import FIRMS, IN_OCTOBER, YUNGU
from tests.world import World, credit_code

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_TABS = 120

_FOCUS = """async () => {
  const one = document.activeElement;
  const still = Promise.all(document.getAnimations().map((moving) => moving.finished.catch(() => null)));
  await Promise.race([still, new Promise((go) => setTimeout(go, 1000))]);
  const shown = one.labels && one.labels[0] && getComputedStyle(one).opacity === '0' ? one.labels[0] : one;
  const style = getComputedStyle(shown), box = shown.getClientRects()[0] || shown.getBoundingClientRect();
  const label = (one.labels && one.labels[0] && one.labels[0].innerText) || one.getAttribute('aria-label') || one.innerText || '';
  const seen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const over = document.elementFromPoint(box.left + Math.min(box.width, 40) / 2, (top + bottom) / 2);
  const bare = over !== null && (shown.contains(over) || over.contains(shown));
  return {tag: one.tagName, name: one.name || '', text: label.replace(/\\s+/g, ' ').trim(), seen,
          on_screen: box.bottom > 0 && box.top < innerHeight && bare,
          over: bare || over === null ? '' : over.outerHTML.slice(0, 80)};
}"""
"""What has the focus, whether that is seen, and whether it lies on the screen with nothing over it; the first link of a page
takes a moment to slide in and out."""


class Keyboard:
    """Only keys: no click, no fill."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, person.page
        # Asked for from the start: a dialog that opens before the browser has heard of it is lost.
        self._dialogs: list[Any] = []
        self.page.on("filechooser", self._opened)

    def _opened(self, dialog: Any) -> None:
        self._dialogs.append(dialog)

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

    def press_until(self, key: str, value: str) -> None:
        """Arrow through a list of choices to the one with this value."""
        for _step in range(MOST_TABS):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.press(key)
        raise AssertionError(f"{value} is not reached with {key} in {self.focus()}")

    def type_day(self, day: date) -> None:
        """Its digits without a stop between them, in the order in which this browser's language has them."""
        for digits in (f"{day:%Y%m%d}", f"{day:%m%d%Y}"):
            self.type(digits)
            if self.page.evaluate("document.activeElement.value") == day.isoformat():
                return
            for _part in ("month", "day"):
                self.press("ArrowLeft")
        raise AssertionError(f"{day} cannot be typed in {self.focus()}")

    def open_file(self, name: str, content: bytes, key: str = "Enter") -> None:
        """The field opens the dialog of the system with a key; which file is taken there is nothing of the page's."""
        self.press(key)
        for _wait in range(MOST_TABS):
            if self._dialogs:
                self._dialogs.pop().set_files({"name": name, "mimeType": "application/pdf", "buffer": content})
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{key} opens no dialog on {self.focus()}")

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


@pytest.fixture
def window_open(app: Flask) -> None:
    """Firms that can file and more that cannot yet: a list longer than the screen."""
    with app.app_context():
        world = World()
        window(world)
        for name in FIRMS[:3]:
            complete(world, qualified(world, name))
        for number in range(9):
            qualified(world, f"海丰县第{number}号软件有限公司")
        db.session.commit()


def test_the_first_tab_leads_past_the_menu_and_focus_goes_round(waiting: None, serve: Serve, enter: Enter) -> None:
    keys = Keyboard(enter(serve(IN_OCTOBER, working=False), "haifeng"))
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
    keys = Keyboard(enter(serve(IN_OCTOBER, working=False), "industry"))
    keys.person.go("/reviews")
    keys.leave("Enter")
    for number in range(len(FIRMS)):
        keys.press("a")
        here = keys.focus_on("BUTTON")
        assert here["seen"], (number, here)
        keys.leave("Enter")
    keys.person.go("/reviews")
    keys.person.sees("没有待核查的提名")


def test_a_firm_is_proposed(serve: Serve, enter: Enter) -> None:
    """From home through name, data, revenue and its paper to the case."""
    keys = Keyboard(enter(serve(IN_OCTOBER, working=False), "haifeng"))
    keys.person.go("/")
    keys.tab_to("提名")
    keys.leave()
    keys.tab_to("提名企业")
    keys.leave()
    keys.tab_to(name="name")
    keys.type(YUNGU)
    keys.tab_to(name="credit_code")
    keys.type(credit_code(1))
    keys.person.sees("代码校验通过", within=".hints")
    keys.tab_to("查询名录")
    keys.leave()
    keys.person.sees_heading("填报企业信息")
    keys.tab_to(name="unit_kind")
    keys.press_until("ArrowDown", "legal_person")
    keys.tab_to(name="founded_on")
    keys.type_day(date(2018, 5, 20))
    for name, text in {
        "registered_address": "海丰县海城镇人民路2号",
        "operating_address": "海丰县海城镇人民路2号",
        "industry": "6513",
        "activity": "软件开发",
        "employees": "12",
        "contact_name": "陈小明",
        "contact_phone": "13800135678",
    }.items():
        keys.tab_to(name=name)
        keys.type(text)
    keys.tab_to(name="revenue_period")
    keys.press_until("ArrowDown", "2021-08")
    keys.tab_to(name="revenue_amount")
    keys.type("1500")
    keys.tab_to(name="revenue_source")
    keys.press_until("ArrowDown", "income_statement")
    keys.tab_to(name="revenue_file")
    keys.open_file("利润表.pdf", b"%PDF-1.4 invented income statement")
    keys.tab_to("下一步")
    keys.leave()
    keys.person.sees_heading("提交前核对")
    keys.person.sees("可以提交", "2018-05-20")
    keys.tab_to("提交")
    keys.leave()
    keys.person.sees("已提交，由市工信局核查。")


def test_a_window_is_filed(window_open: None, serve: Serve, enter: Enter) -> None:
    keys = Keyboard(enter(serve(IN_OCTOBER, working=False), "statistics"))
    keys.person.go("/filings")
    for _number in range(3):
        keys.tab_to("勾选：海丰县")
        keys.press("Space")
    keys.person.sees("已勾选 3 项", within=".tick-bar")
    keys.tab_to("申报纳统")
    keys.leave()
    keys.person.sees("将办理 3 项")
    keys.tab_to(name="note")
    keys.type("第一批")
    keys.tab_to("确认申报")
    keys.leave()
    keys.person.sees("已登记申报：共 3 项。")
    keys.person.go("/filings?view=open")
    keys.person.sees(*FIRMS[:3])
