"""A browser without script, and a person who does not wait: the same answers, and nothing lost."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.base.extensions import db
from registry.people.models import User
from registry.site.models import FormKey
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import JOB_MS
from tests.journeys.serving import Service
from tests.journeys.steps import IN_SEPTEMBER, YUNGU, counts, uploaded
from tests.lives import Life
from tests.uploads import listed
from tests.world import World, credit_code

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.once
def test_the_same_duplicates_are_shown_without_script(app: Flask, serve: Serve, enter: Enter) -> None:
    with app.app_context():
        known = Life(World(), YUNGU, 1, on=date(2021, 9, 1), by="haifeng2").firm.id
        db.session.commit()
    clerk = enter(serve(IN_SEPTEMBER, working=False), "haifeng", script=False)
    clerk.menu("提名")
    clerk.follow("提名企业")
    clerk.fill("企业名称", "海豐縣雲谷軟件有限公司")
    clerk.press("查询名录")
    clerk.sees("同一企业", YUNGU, "名称相同", "线索")
    assert clerk.part("main").get_by_role("link", name=YUNGU).get_attribute("href") == f"/firms/{known}"
    clerk.follow("不是上列企业，继续填报")
    clerk.fill("企业名称", YUNGU)
    clerk.fill("无代码原因", "正在办理登记")
    clerk.press("下一步")
    clerk.sees("请先更正以下问题", "名录中的情况", "同一企业", "名称相同")
    clerk.tick("已核对，与上列企业不是同一家")
    clerk.press("下一步")
    clerk.sees_heading("提交前核对")
    clerk.sees("正在办理登记", "查重结果", "同一企业", "名称相同")


def test_an_import_goes_on_when_its_page_is_closed(serve: Serve, service: Service, enter: Enter) -> None:
    clerk = enter(serve(IN_SEPTEMBER, working=False), "haifeng")
    rows = [(f"海丰县第{number}软件有限公司", credit_code(number), "海丰县海城镇") for number in range(1, 2001)]
    batch = uploaded(clerk, "名单.csv", listed(rows))
    clerk.sees_heading("排队中")
    clerk.sees("可以离开本页，处理会继续；回来仍能看到进度。")
    clerk.page.close()
    clerk.open_page()
    clerk.go("/imports")
    assert [row[1:3] for row in clerk.rows("导入批次")] == [["名单.csv", "排队中"]]
    clerk.follow("名单.csv")
    assert clerk.path() == batch
    service.work()
    clerk.sees_heading("待确认", timeout=JOB_MS)
    assert counts(clerk)["新增"] == "2,000"


@pytest.mark.once
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_new_account_pressed_twice_shows_its_password(app: Flask, serve: Serve, enter: Enter, script: bool) -> None:
    administrator = enter(serve(IN_SEPTEMBER, working=False), "sysadmin", script=script)
    administrator.go("/users/new")
    administrator.fill("用户名", "chenguang")
    administrator.fill("姓名", "陈光")
    administrator.choose("单位", "海丰县")
    administrator.page.get_by_role("button", name="新建", exact=True).dblclick()
    administrator.sees_heading("新密码的前半段")
    administrator.sees("chenguang", "只显示这一次")
    administrator.page.reload()
    administrator.sees_heading("新密码的前半段")
    with app.app_context():
        made = db.session.scalars(select(User).where(User.username == "chenguang")).all()
        assert (len(made), db.session.scalar(select(func.count()).select_from(FormKey))) == (1, 1)
