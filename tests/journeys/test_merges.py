"""A merge in a real browser: found twice, side by side, confirmed, led on from the old address, added to, taken back."""

from __future__ import annotations

import pytest
from flask import Flask

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from tests.journeys.conftest import Enter, Serve
from tests.journeys.steps import IN_OCTOBER
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KEPT, COPY = "海丰县云谷软件有限公司", "海豐縣雲谷軟件有限公司"


@pytest.fixture
def twice(app: Flask) -> tuple[int, int]:
    with app.app_context():
        world = World()
        kept = world.admitted(KEPT, wan="1200", employees=30)
        copy = world.firm(
            COPY, credit_code=None, no_code_reason="尚未领照", employees=55, activity="云计算平台开发", contact_phone="",
        )  # fmt: skip
        world.figure(kept, "700", period="2021-06")
        world.figure(copy, "820", period="2021-06")
        world.figure(copy, "410", period="2021-03")
        db.session.commit()
        return kept.id, copy.id


def test_a_firm_registered_twice_is_merged_and_taken_apart_again(
    app: Flask, twice: tuple[int, int], serve: Serve, enter: Enter
) -> None:
    kept, copy = twice
    address = serve(IN_OCTOBER, working=False)
    city = enter(address, "cityoffice")
    city.go(f"/firms/{copy}")
    city.part("details.more-menu summary").click()
    city.follow("合并", within="details.more-menu")
    city.fill("另一家企业的名称或代码", "云谷")
    city.press("查询")
    city.shot("merge_choose")
    city.follow("并排核对")
    city.sees("须选定以哪边为准", "全市在库")
    city.fill("合并理由", "已电话核实，见同一营业执照")
    city.page.locator("input[name='keep-employees'][value='1']").check()
    city.shot("merge_new")
    city.press("下一步：核对方案")
    city.sees("两边金额不同，请选定以哪边为准")
    city.page.locator("input[name='keep-revenue 2021-06'][value='1']").check()
    city.press("下一步：核对方案")
    city.sees_heading("确认合并")
    city.shot("merge_confirm")
    city.press("确认合并")
    city.sees_heading(f"{COPY} → {KEPT}")
    city.shot("merge_record")

    clerk = enter(address, "haifeng")
    clerk.go(f"/firms/{copy}")
    assert clerk.path() == f"/firms/{kept}"
    clerk.sees(f"“{COPY}”已并入“{KEPT}”", within="body")
    clerk.follow("基本情况", within=".firm-tabs")
    clerk.sees("并入的登记")
    clerk.shot("merge_dossier")
    with app.app_context():
        world = World()
        world.figure(db.session.get_one(Firm, kept), "900", period="2021-08")
        db.session.commit()

    city.menu("合并记录")
    city.shot("merge_list")
    city.follow(COPY)
    city.follow("撤销合并")
    city.sees("归并入方", "900.00")
    city.page.locator("input[name^='keep-figure-'][value='1']").check()
    city.page.locator("input[name='ground'][value='apart']").check()
    city.fill("撤销理由", "核对执照，是两家关联企业")
    city.shot("merge_undo")
    city.press("撤销合并")
    city.sees("已撤销合并，两家各自恢复。", within="body")
    city.shot("merge_undone")
    clerk.go(f"/firms/{copy}")
    clerk.sees_heading(COPY)
    clerk.sees("900", "云计算平台开发")
