"""The quarter's workbook: the same bytes for everybody at any time, and a trail of who took it."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.errors import NotAllowed, PeriodRefused, QuarterOpen
from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SYSTEM_ACTOR
from registry.entries.services import entries
from registry.firms.queries import firms
from registry.quarters.services import exporting
from registry.sheets.columns import export_columns
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.lives import listed, moment
from tests.world import NOW, World, credit_code

Q3 = Quarter.parse("2021Q3")
OCTOBER = date(2021, 10, 8)
FORMULA = '=HYPERLINK("http://example.com","云谷软件有限公司")'


@pytest.fixture
def city(world: World) -> World:
    """Three firms, one renamed after the quarter, one gone within it."""
    listed(world, "海丰县云谷软件有限公司", 1).figure("1500", "2021-09", on=OCTOBER)
    listed(world, "海丰县梅陇检测技术有限公司", 2, industry="7452", wan="1001").rename(
        "海丰县梅陇检验检测有限公司", on=OCTOBER, effective=OCTOBER
    )
    listed(world, "海丰县可塘设计有限公司", 3, wan="1800").remove(on=date(2021, 8, 20))
    db.session.commit()
    return world


def test_the_bytes_are_the_same_whoever_takes_it_and_in_whatever_year(city: World, app: Flask) -> None:
    first = exporting.workbook(Q3)
    exporting.record_export(city.actor("leader"), first, at=NOW)
    db.session.commit()
    app.config["TODAY"] = date(2031, 3, 8)
    again = exporting.workbook(exporting.over("2021Q3", clock.today()))
    assert (again.content == first.content, again.digest) == (True, first.digest)


def test_the_bytes_are_the_same_after_what_happens_next(city: World) -> None:
    first = exporting.workbook(Q3)
    listed(city, "海丰县新来软件有限公司", 4, on=OCTOBER)
    gone = city.firm("海丰县另一家软件有限公司", credit_code=credit_code(9))
    entries.edit(city.actor("haifeng"), gone, {"employees": 12}, at=moment(OCTOBER), on=OCTOBER)
    yungu = firms.with_code(credit_code(1))
    assert yungu is not None
    entries.edit(city.actor("haifeng"), yungu, {"employees": 99}, at=moment(OCTOBER), on=OCTOBER, reason="核对")
    entries.remove(
        city.actor("cityoffice"), yungu, at=moment(OCTOBER), on=OCTOBER, exit_reason="X03", reason="企业停业"
    )
    db.session.commit()
    assert exporting.workbook(Q3).content == first.content


def test_the_digest_is_the_same_on_every_database(city: World) -> None:
    assert exporting.workbook(Q3).digest == "40347ce28fc1fa7c97177ebc1cbb11ceee57c07844f54fb9538accc7380469b4"


def test_a_correction_of_a_figure_of_the_quarter_is_another_digest(world: World) -> None:
    life = listed(world, "海丰县云谷软件有限公司", 1).figure("1500", "2021-09", on=OCTOBER)
    db.session.commit()
    before = exporting.workbook(Q3)
    life.figure("1500.01", "2021-09", on=date(2021, 10, 14), reason="利润表更正")
    db.session.commit()
    assert exporting.workbook(Q3).digest != before.digest


def test_who_took_it_is_on_the_trail_and_not_in_the_file(city: World) -> None:
    taken = exporting.workbook(Q3)
    exporting.record_export(city.actor("leader"), taken, at=NOW)
    db.session.commit()
    entry = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
    assert (entry.verb, entry.subject_kind, entry.subject_label, entry.actor_name, entry.after) == (
        "export",
        "quarter",
        "2021Q3",
        "孙领",
        {"quarter": "2021Q3", "rows": 3, "digest": taken.digest},
    )
    book = openpyxl.load_workbook(io.BytesIO(taken.content))
    assert "孙领" not in {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert trail.verify().broken is None


def test_the_workbook_shows_the_quarter_as_it_was(city: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exporting.workbook(Q3).content))
    assert book.sheetnames == [
        "名录",
        "按县区汇总",
        "按行业汇总",
        "按阶段汇总",
        "县区与档次",
        "季度变动",
        "本季变化",
        "确认情况",
        "说明",
    ]
    sheet = book["名录"]
    headings = [str(cell.value).replace("\n", "") for cell in sheet[3]]
    assert headings == ["序号", *(column.heading_with_unit for column in export_columns())]
    assert {"联系人", "电话"} & set(headings) == set()
    assert sheet.print_title_rows == "$3:$3"
    names = [sheet.cell(row, 2).value for row in range(4, 7)]
    assert names == ["海丰县云谷软件有限公司", "海丰县可塘设计有限公司", "海丰县梅陇检测技术有限公司"]
    revenue = headings.index("本年累计营业收入(万元)") + 1
    assert [sheet.cell(row, revenue).value for row in (4, 7, 8)] == [1500, 1500, 1500]
    assert [sheet.cell(row, 1).value for row in (7, 8)] == ["小计（海丰县，3 家）", "合计（3 家）"]
    facts = {row[0].value: row[1].value for row in book["说明"].iter_rows() if row[0].value}
    assert facts["数据时点"] == "2021-09-30"
    assert facts["行数"] == (
        "名录 3 家（城区 0，海丰县 3，陆河县 0，陆丰市 0），其中季末在库 2 家、本季退出 1 家；本季变化 1 条。"
    )


def test_a_name_that_looks_like_a_formula_stays_a_name(world: World) -> None:
    listed(world, FORMULA, 1).edit(on=date(2021, 8, 2), activity="@SUM(1,1)", reason="=1+1")
    db.session.commit()
    book = openpyxl.load_workbook(io.BytesIO(exporting.workbook(Q3).content))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert (book["名录"]["B4"].value, kinds) == (FORMULA, {"s", "n", "d"})


def test_a_quarter_that_is_not_over_is_refused(world: World) -> None:
    with pytest.raises(QuarterOpen) as refused:
        exporting.over("2021Q4", clock.today())
    assert str(refused.value) == "2021Q4 到 2021-12-31 才结束，次日起才能查看和导出季度名录。"
    with pytest.raises(QuarterOpen):
        exporting.over("2021Q3", Q3.last)
    assert exporting.over("2021Q3", date(2021, 10, 1)) == Q3


def test_a_text_that_is_no_quarter_is_refused(world: World) -> None:
    with pytest.raises(PeriodRefused) as refused:
        exporting.over("2021年三季", clock.today())
    assert str(refused.value) == "“2021年三季”不是可识别的季度，请填写如 2021Q3。"


def test_a_clerk_may_not_take_it_and_the_attempt_is_recorded(world: World) -> None:
    db.session.commit()
    with pytest.raises(NotAllowed):
        exporting.allow(world.actor("haifeng"), at=NOW)
    entry = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
    assert (entry.verb, entry.actor_name, entry.reason) == ("refused", "陈晓", "quarter.export")
    for username in ("cityoffice", "statistics", "leader", "auditor"):
        exporting.allow(world.actor(username), at=NOW)
    exporting.allow(SYSTEM_ACTOR, at=NOW)


def test_unsaved_changes_are_not_thrown_away_unseen(world: World) -> None:
    life = listed(world, "海丰县云谷软件有限公司", 1)
    db.session.commit()
    life.firm.employees = 31
    with pytest.raises(RuntimeError):
        exporting.workbook(Q3)
