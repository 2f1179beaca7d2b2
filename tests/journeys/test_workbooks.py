"""A county's own workbook there and back, while a colleague works on the same firm in the registry."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from registry.base.extensions import db
from registry.sheets.columns import TEMPLATE_SHEET
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import JOB_MS, Person
from tests.journeys.steps import IN_OCTOBER, QINGFAN, YUNGU
from tests.lives import Life
from tests.workbooks.filled import column_of, row_of
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEPTEMBER = "2021年1-9月营业收入(万元)"


@pytest.fixture
def known(app: Flask) -> int:
    """The number of the first of two firms that the county is still collecting papers for."""
    with app.app_context():
        world = World()
        first = Life(world, YUNGU, 1, on=date(2021, 9, 1)).figure("931.21", "2021-08", on=date(2021, 9, 8))
        Life(world, QINGFAN, 2, on=date(2021, 9, 1))
        db.session.commit()
        return int(first.firm.id)


def test_a_workbook_comes_back_to_a_firm_that_changed_meanwhile(serve: Serve, enter: Enter, known: int) -> None:
    october = serve(IN_OCTOBER)
    clerk = enter(october, "haifeng")
    book = the_workbook_is_taken_home(clerk)
    a_colleague_mends_the_firm(enter(october, "haifeng2"), known)
    the_workbook_is_handed_in(clerk, filled(book))
    nothing_is_written_before_the_choice(clerk)
    the_choice_is_made_by_keyboard(clerk)
    clerk.go(f"/firms/{known}")
    clerk.sees("1,205.50", "系统集成和运行维护")
    clerk.shot("workbook_dossier")


def the_workbook_is_taken_home(clerk: Person) -> Path:
    clerk.menu("离线填报")
    clerk.choose("截至月份", "2021-09")
    book = clerk.download("下载本单位工作簿")
    clerk.go("/workbooks")
    assert clerk.rows("最近签发的工作簿")[0][1:4] == ["海丰县", "2021-09", "2"]
    return book


def filled(book: Path) -> bytes:
    """A figure and a new activity in the first firm's row; the second firm's row is deleted."""
    workbook = openpyxl.load_workbook(book)
    sheet = workbook[TEMPLATE_SHEET]
    row = row_of(sheet, YUNGU)
    sheet.cell(row, column_of(sheet, SEPTEMBER)).value = 1205.5
    sheet.cell(row, column_of(sheet, "主营业务")).value = "系统集成和运行维护"
    sheet.delete_rows(row_of(sheet, QINGFAN))
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def a_colleague_mends_the_firm(colleague: Person, known: int) -> None:
    colleague.go(f"/firms/{known}/edit")
    colleague.fill("主营业务", "应用软件开发和销售")
    colleague.press("保存")
    colleague.sees("应用软件开发和销售")


def the_workbook_is_handed_in(clerk: Person, content: bytes) -> None:
    clerk.go("/workbooks")
    clerk.attach("填好的工作簿", "海丰县.xlsx", content)
    clerk.press("上传并比对")
    clerk.sees("需要选定的单元格：1 格", timeout=JOB_MS)
    clerk.shot("workbook_conflict")
    ((_place, firm, field, issued, now, given, *_),) = clerk.rows("需要选定的单元格")
    assert (firm, field, issued, now, given) == (
        YUNGU, "主营业务", "应用软件开发", "应用软件开发和销售", "系统集成和运行维护",
    )  # fmt: skip


def nothing_is_written_before_the_choice(clerk: Person) -> None:
    clerk.press("确认写入 1 格，另按所选处理 1 处")
    clerk.sees("请先更正以下问题", f"{YUNGU} 主营业务：请选择")
    clerk.shot("workbook_unanswered")


def the_choice_is_made_by_keyboard(clerk: Person) -> None:
    clerk.follow(f"{YUNGU} 主营业务：请选择", within=".error-summary")
    clerk.page.get_by_role("radio").first.focus()
    clerk.page.keyboard.press("ArrowDown")
    assert clerk.page.get_by_role("radio", name="系统集成和运行维护").is_checked()
    clerk.press("确认写入 1 格，另按所选处理 1 处")
    clerk.sees("写入 2 格", timeout=JOB_MS)
    clerk.shot("workbook_applied")
