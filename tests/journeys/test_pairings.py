"""Suspected pairs judged by keyboard in a real browser: one letter a verdict, the next pair opens by itself."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.duplicates.models import PairVerdict
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import Person
from tests.journeys.steps import IN_OCTOBER
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]
NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")
COPIES = ("海豐縣雲谷軟件有限公司", "海豐縣星河數據有限公司", "海豐縣南湖網絡有限公司")


@pytest.fixture
def pairs(app: Flask) -> None:
    with app.app_context():
        world = World()
        for name, copy in zip(NAMES, COPIES, strict=True):
            world.firm(name)
            world.firm(copy, credit_code=None, no_code_reason="尚未领照")
        db.session.commit()


def strike(person: Person, key: str) -> None:
    """Press a letter with nothing in focus, as somebody does who only reads."""
    with person.page.expect_navigation():
        person.page.keyboard.press(key)


@pytest.mark.usefixtures("pairs")
def test_pairs_are_judged_by_keyboard(app: Flask, serve: Serve, enter: Enter) -> None:
    officer = enter(serve(IN_OCTOBER, working=False), "industry")
    officer.menu("疑似重复")
    officer.shot("pairs_queue")
    officer.follow("从头判定", within="main")
    officer.sees("第 1 / 3 对", NAMES[0][3:5])
    strike(officer, "j")
    strike(officer, "k")
    officer.sees("第 1 / 3 对")
    officer.shot("pair")
    strike(officer, "s")
    officer.sees("已判定：是同一企业。", "第 1 / 2 对")
    strike(officer, "d")
    officer.sees("须写明理由")
    officer.fill("理由", "法定代表人和地址都不同")
    officer.press("不是同一企业D")
    officer.sees("已判定：不是同一企业。", "第 1 / 1 对")
    strike(officer, "3")
    officer.sees("没有待判定的疑似重复")
    with app.app_context():
        assert list(db.session.scalars(select(PairVerdict.ruling).order_by(PairVerdict.id))) == [
            "same", "different", "unsure",
        ]  # fmt: skip


@pytest.mark.usefixtures("pairs")
def test_pairs_are_judged_without_script(serve: Serve, enter: Enter) -> None:
    officer = enter(serve(IN_OCTOBER, working=False), "industry", script=False)
    officer.go("/duplicates/1")
    officer.press("是同一企业S")
    officer.sees("已判定：是同一企业。")
