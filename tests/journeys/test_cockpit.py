"""Five cases reviewed by keyboard alone, with two keys each; the same without script; a value sent back where it stands."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import Person
from tests.journeys.steps import FIRMS, IN_OCTOBER, a_verdict_is_opened
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def cases(app: Flask) -> None:
    with app.app_context():
        world = World()
        for name in FIRMS:
            world.submitted(name)
        db.session.commit()


class Keyboard:
    """Counts what is struck, and the pages that came of it."""

    def __init__(self, person: Person) -> None:
        self.person, self.keys, self.screens = person, 0, 1
        person.page.on("framenavigated", self._count)

    def _count(self, _frame: object) -> None:
        self.screens += 1

    def strike(self, key: str, *, leads_on: bool = False) -> None:
        self.keys += 1
        if not leads_on:
            self.person.page.keyboard.press(key)
            return
        with self.person.page.expect_navigation():
            self.person.page.keyboard.press(key)


@pytest.mark.usefixtures("cases")
def test_five_cases_are_reviewed_with_ten_keys_and_five_screens(app: Flask, serve: Serve, enter: Enter) -> None:
    officer = enter(serve(IN_OCTOBER, working=False), "industry")
    officer.go("/reviews/1")
    officer.sees_heading(FIRMS[0])
    officer.shot("cockpit")
    board = Keyboard(officer)
    for place, name in enumerate(FIRMS):
        officer.sees_heading(name)
        assert board.screens == place + 1
        board.strike("1")
        officer.page.wait_for_function("document.activeElement.id === 'admit-industry_checked'")
        board.strike("Enter", leads_on=True)
    assert board.keys == 10
    officer.sees("没有待核查的提名", f"{FIRMS[-1]}：已审核通过，入库培育。")
    with app.app_context():
        assert list(db.session.scalars(select(Firm.stage).order_by(Firm.id))) == ["admitted"] * 5


@pytest.mark.usefixtures("cases")
def test_keys_move_take_up_open_and_close_and_write_in_a_field(serve: Serve, enter: Enter) -> None:
    officer = enter(serve(IN_OCTOBER, working=False), "industry")
    officer.go("/reviews")
    board = Keyboard(officer)
    board.strike("Enter", leads_on=True)
    officer.sees_heading(FIRMS[0])
    officer.sees_heading("部门核查")
    board.strike("j", leads_on=True)
    officer.sees_heading(FIRMS[1])
    officer.sees_heading("已提名")
    board.strike("k", leads_on=True)
    officer.sees_heading(FIRMS[0])
    board.strike("r")
    officer.page.wait_for_function("document.activeElement.id === 'return-reason_code'")
    board.strike("Escape")
    board.strike("x")
    officer.page.wait_for_function(
        "document.querySelector('#rejection').open && !document.querySelector('#return').open"
    )
    officer.page.locator("#reject-opinion").press_sequentially("j1x?")
    assert officer.page.locator("#reject-opinion").input_value() == "j1x?"
    assert officer.path() == "/reviews/1"
    board.strike("Escape")
    board.strike("?")
    officer.sees("输入文字时按键不起作用")


@pytest.mark.usefixtures("cases")
def test_the_decision_is_in_reach_without_scrolling_the_page(serve: Serve, enter: Enter) -> None:
    officer = enter(serve(IN_OCTOBER, working=False), "industry")
    officer.go("/reviews/1")
    size = officer.page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
    assert size == [768, 1366]
    for width, height in ((683, 384), (390, 844)):
        officer.page.set_viewport_size({"width": width, "height": height})
        box = officer.page.locator("#admission summary").bounding_box()
        assert box["y"] + box["height"] <= height
        assert officer.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.usefixtures("cases")
def test_a_value_is_marked_and_sent_back_without_script(app: Flask, serve: Serve, enter: Enter) -> None:
    officer = enter(serve(IN_OCTOBER, working=False), "industry", script=False)
    officer.go("/reviews/1")
    remark = officer.control("主营业务：怎样补正")
    assert not remark.is_visible()
    officer.part("label.mark-value").filter(has_text="主营业务").click()
    remark.fill("请写明主要产品")
    a_verdict_is_opened(officer, "退回补正")
    officer.choose("原因", "R02 行业代码与主营业务不符，行业界定错误", within="#return")
    officer.press("确认退回", within="#return")
    officer.sees_heading(FIRMS[1])
    officer.sees(f"{FIRMS[0]}：已退回补正，提名单位会在待办中看到。")
    a_verdict_is_opened(officer, "审核通过")
    officer.part("#admit-industry_checked").click()
    officer.sees_heading(FIRMS[2])
    with app.app_context():
        assert list(db.session.scalars(select(Firm.stage).order_by(Firm.id).limit(2))) == ["returned", "admitted"]
