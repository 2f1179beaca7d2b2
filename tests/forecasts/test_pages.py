"""The pages of forecasts: for cultivation only, said everywhere; the chart's numbers are in its table; nothing exported."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from registry.base.extensions import db
from registry.sheets.columns import COLUMNS
from tests.dossier.test_pages import text_of
from tests.forecasts.test_forecasts import earns, windows
from tests.lives import listed
from tests.world import World, post, sign_in

CAUTION = "预测仅供培育参考，不是企业数据"


@pytest.fixture
def coming(world: World) -> int:
    windows(("年度第一批", date(2021, 11, 1), 9), ("年度第二批", date(2021, 12, 16), 11))
    firm = earns(listed(world, "海丰县云谷软件有限公司", 1), "185").firm
    db.session.commit()
    return firm.id


def test_the_list_says_who_crosses_when_and_which_window_that_makes(client: FlaskClient, coming: int) -> None:
    sign_in(client, "haifeng")
    page = text_of(client.get("/forecasts"))
    assert CAUTION in page
    assert "海丰县云谷软件有限公司" in page
    assert "预计 11 月达标：11 月报表可赶上年度第二批（2021年12月16日截止）" in page
    assert "2,220 " in page


def test_a_crossing_too_late_says_that_no_window_is_left(client: FlaskClient, world: World) -> None:
    windows(("年度第一批", date(2021, 11, 1), 9))
    earns(listed(world, "海丰县云谷软件有限公司", 1), "170")
    db.session.commit()
    sign_in(client, "cityoffice")
    assert "预计 12 月达标：2021 年没有可用的窗口" in text_of(client.get("/forecasts?kind=late"))


def test_a_small_scale_taxpayer_is_told_the_statement_it_has(client: FlaskClient, world: World) -> None:
    windows(("年度第二批", date(2021, 12, 16), 11))
    crossing = earns(listed(world, "海丰县云谷软件有限公司", 1), "185").firm
    crossed = earns(listed(world, "海丰县青梅软件有限公司", 2), "230").firm
    for firm in (crossing, crossed):
        firm.taxpayer_kind = "small_scale"
    db.session.commit()
    sign_in(client, "cityoffice")
    late = text_of(client.get("/forecasts?kind=late"))
    assert "预计 11 月达标：2021 年没有可用的窗口；小规模纳税人按季申报，只有季末的报表" in late
    page = text_of(client.get(f"/firms/{crossed.id}/forecast"))
    assert "已于 9 月达标：9 月报表可赶上年度第二批（2021年12月16日截止）" in page
    assert "年度第二批 2021-09 2021-12-16" in page


def test_a_firm_in_four_above_is_told_of_no_window(client: FlaskClient, world: World) -> None:
    windows(("年度第二批", date(2021, 12, 16), 11))
    firm = earns(listed(world, "海丰县云谷软件有限公司", 1), "230").firm
    firm.stage = "enrolled"
    db.session.commit()
    sign_in(client, "cityoffice")
    page = text_of(client.get(f"/firms/{firm.id}/forecast"))
    assert "已于 9 月达标" in page
    assert "可赶上" not in page


def test_a_list_without_firms_says_what_it_would_show(client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    assert "没有要预警的企业" in text_of(client.get("/forecasts"))
    assert "没有符合条件的企业" in text_of(client.get("/forecasts?q=没有"))
    assert "还没有可以检验的往年" in text_of(client.get("/forecasts/accuracy"))


def test_the_dossier_and_the_page_of_a_firm_show_the_same_forecast(client: FlaskClient, coming: int) -> None:
    sign_in(client, "haifeng")
    for path in (f"/firms/{coming}", f"/firms/{coming}/forecast"):
        page = text_of(client.get(path))
        assert "约 2,220 万元" in page
        assert CAUTION in page
        assert "经验区间" in page


def test_the_charts_numbers_stand_in_the_table_beside_it(client: FlaskClient, coming: int) -> None:
    sign_in(client, "haifeng")
    page = client.get(f"/firms/{coming}/forecast").get_data(as_text=True)
    chart = page[page.index("<svg") : page.index("</svg>")]
    for word in ("预测 2,220", "年度第一批", "年度第二批", "四上标准 2,000.00", "入库线 1,000.00"):
        assert word in chart
    assert chart.count("stroke-dasharray") >= 4
    assert "style=" not in chart
    table = text_of(client.get(f"/firms/{coming}/forecast"))
    assert "11月 年度第二批 预测 2,035" in table
    assert "12月 预测 2,220" in table


def test_no_export_knows_a_forecast(client: FlaskClient, coming: int) -> None:
    """Neither a column of any sheet nor a cell of the ledger carries one."""
    assert not [column.key for column in COLUMNS if "forecast" in column.key or "预" in column.heading]
    sign_in(client, "cityoffice")
    answer = post(client, "/ledger/export", {"kind": "xlsx"}, page="/ledger")
    if answer.status_code == 200:
        sheet = load_workbook(BytesIO(answer.data)).worksheets[0]
        cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
        assert "2220" not in "".join(cells)


def test_the_errors_of_past_years_are_listed_by_month(client: FlaskClient, world: World) -> None:
    life = listed(world, "海丰县云谷软件有限公司", 1)
    for month in (3, 6, 9, 12):
        life.figure(str(100 * month), f"2020-{month:02d}", on=date(2021, 5, 11))
    db.session.commit()
    sign_in(client, "leader")
    page = text_of(client.get("/forecasts/accuracy"))
    assert "月均推算 6月 1 " in page
    assert "本系统对虚构企业多年月度数的回测" in page


def test_another_countys_forecast_is_not_there(client: FlaskClient, coming: int) -> None:
    sign_in(client, "lufeng")
    assert client.get(f"/firms/{coming}/forecast").status_code == 404
    assert "云谷" not in text_of(client.get("/forecasts"))
