"""A firm named twice, from the hint to the way back: linked, judged by keyboard, merged, added to, taken apart."""

from __future__ import annotations

import pytest
from flask import Flask

from registry.base.extensions import db
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import Person
from tests.journeys.steps import IN_OCTOBER, revenue_is_recorded
from tests.journeys.test_pairings import strike
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]
KEPT, COPY = "海丰县云谷软件有限公司", "海丰县云谷软建有限公司"
TYPED = "海豐縣雲穀軟件有限公司"


@pytest.fixture
def twice(app: Flask) -> tuple[int, int]:
    """A firm of 海丰, and the same once more with a slip, as an earlier list brought it."""
    with app.app_context():
        world = World()
        kept = world.admitted(KEPT, wan="1200", employees=30)
        copy = world.firm(COPY, credit_code=None, no_code_reason="尚未领照", employees=55)
        db.session.commit()
        return kept.id, copy.id


def test_a_firm_named_twice_becomes_one_and_two_again(serve: Serve, enter: Enter, twice: tuple[int, int]) -> None:
    kept, copy = twice
    address = serve(IN_OCTOBER, working=False)
    clerk = enter(address, "haifeng")
    the_hint_leads_to_the_entry_that_is_there(clerk, kept)
    city = enter(address, "cityoffice")
    the_pair_is_judged_by_keyboard(city)
    the_two_become_one(city)
    clerk.go(f"/firms/{copy}")
    assert clerk.path() == f"/firms/{kept}"
    clerk.sees(f"“{COPY}”已并入“{KEPT}”", within="body")
    revenue_is_recorded(clerk, "1100")
    the_two_are_taken_apart(city)
    clerk.go(f"/firms/{copy}")
    clerk.sees_heading(COPY)
    clerk.sees("1,100.00")
    clerk.shot("dup_copy_again")


def the_hint_leads_to_the_entry_that_is_there(clerk: Person, kept: int) -> None:
    """In traditional script and with a wrong character (穀 for 谷 is one; 云各 would be another firm)."""
    clerk.menu("提名")
    clerk.follow("提名企业")
    clerk.type("企业名称", TYPED)
    clerk.sees(KEPT, COPY, within=".hints")
    clerk.shot("dup_hint")
    clerk.follow(KEPT, within=".hints")
    assert clerk.path() == f"/firms/{kept}"


def the_pair_is_judged_by_keyboard(city: Person) -> None:
    city.menu("疑似重复")
    city.shot("dup_queue")
    city.follow("从头判定", within="main")
    city.sees(KEPT, COPY, "读音相同")
    city.shot("dup_pair")
    strike(city, "s")
    city.sees("已判定：是同一企业。")


def the_two_become_one(city: Person) -> None:
    city.go("/duplicates?state=same")
    city.follow(KEPT, within="tbody")
    city.follow("合并…")
    city.fill("合并理由", "见同一营业执照")
    city.shot("dup_merge")
    city.press("下一步：核对方案")
    city.sees_heading("确认合并")
    city.press("确认合并")
    city.sees_heading(f"{COPY} → {KEPT}")


def the_two_are_taken_apart(city: Person) -> None:
    city.menu("合并记录")
    city.follow(COPY)
    city.follow("撤销合并")
    city.sees("1,100.00")
    city.page.locator("input[name^='keep-figure-'][value='1']").check()
    city.tick("经核实是两家企业")
    city.fill("撤销理由", "见两份营业执照")
    city.shot("dup_undo")
    city.press("撤销合并")
    city.sees("已撤销合并，两家各自恢复。", within="body")
