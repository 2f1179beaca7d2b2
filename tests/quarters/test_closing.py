"""Closing a quarter on its page, comparing two, and the pictures: the same numbers as the export."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import db
from registry.quarters.models import Snapshot
from tests.lives import listed
from tests.quarters.certified import fields
from tests.world import World, credit_code, post, sign_in, signed_in

YUNGU, MEILONG = "海丰县云谷软件有限公司", "海丰县梅陇检测技术有限公司"
NOTE = {"note": "个别企业报表未报，不影响名录。"}


@pytest.fixture
def city(world: World) -> World:
    """One firm that left in August, one that came in August, one of 陆丰 since May."""
    listed(world, YUNGU, 1).figure("1700", "2021-06", on=date(2021, 7, 12)).remove(on=date(2021, 8, 12))
    listed(world, MEILONG, 2, industry="7452", wan="1001", on=date(2021, 8, 20))
    place: dict[str, Any] = {"registered_address": "陆丰市东海镇1号", "operating_address": "陆丰市东海镇1号"}
    listed(world, "陆丰市碣石软件有限公司", 3, by="lufeng", **place)
    db.session.commit()
    return world


def page(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return html.fromstring(answer.get_data(as_text=True))


def rows(document: Any, caption: str) -> list[list[str]]:
    (table,) = [t for t in document.iter("table") if t.findtext("caption") == caption]
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in table.find("tbody")]


def close(client: FlaskClient, quarter: str) -> Any:
    return post(client, f"/quarters/{quarter}/close", NOTE | fields(quarter), page=f"/quarters/{quarter}/close")


def test_the_page_lists_what_is_open_with_its_number(client: FlaskClient, city: World) -> None:
    city.submitted("海丰县在审软件有限公司", credit_code=credit_code(7))
    db.session.commit()
    sign_in(client, "cityoffice")
    shown = rows(page(client, "/quarters/2021Q2/close"), "未办结事项")
    assert [row[:3] for row in shown] == [
        ["已提名、尚未受理的企业", "1", "未办结"],
        ["部门核查中的企业", "0", "无"],
        ["退回补正中的企业", "0", "无"],
        ["尚未裁定的认领争议", "0", "无"],
        ["已校验、尚未确认导入的批次", "0", "无"],
        ["在库但没有季末月份营业收入的企业", "1", "未办结"],
        ["有异议、尚未更正的数据", "0", "无"],
        ["所用的数存疑、其他单位尚未核实的企业", "0", "无"],
        ["达标情况未按今年重算的企业", "0", "无"],
        ["已申报纳统、尚在逐级审核的企业", "0", "无"],
    ]
    assert shown[5][3] == "陆丰市碣石软件有限公司"


def test_closing_asks_for_a_note_then_freezes_and_says_by_whom(client: FlaskClient, city: World) -> None:
    sign_in(client, "cityoffice")
    refused = post(client, "/quarters/2021Q2/close", {"note": " "}, page="/quarters/2021Q2/close")
    assert (refused.status_code, "还有未办结事项" in refused.get_data(as_text=True)) == (422, True)
    assert close(client, "2021Q2").headers["Location"] == "/quarters/2021Q2"
    document = page(client, "/quarters")
    line = rows(document, "季度名录")[1]
    digest = db.session.query(Snapshot.digest).scalar()
    assert (line[0], line[6]) == ("2021年第二季度", f"已冻结 2021-10-15 王培 {digest[:12]}")
    assert rows(document, "季度名录")[0][6] == "未冻结（草稿）"
    text = page(client, "/quarters/2021Q2").text_content()
    assert (digest in text, NOTE["note"] in text, "在库但没有季末月份营业收入的企业 1" in text) == (True, True, True)
    assert "未冻结" not in text
    assert "未冻结（草稿）" in page(client, "/quarters/2021Q3").text_content()


def test_a_quarter_out_of_order_or_closed_has_no_button(client: FlaskClient, city: World) -> None:
    sign_in(client, "cityoffice")
    assert "请先冻结 2021Q2" in page(client, "/quarters/2021Q3/close").text_content()
    close(client, "2021Q2")
    again = page(client, "/quarters/2021Q2/close")
    assert ("2021Q2 已经冻结" in again.text_content(), again.xpath("//main//form | //main//table")) == (True, [])
    assert again.xpath("//main//a[@href='/quarters/2021Q2' and contains(., '名录')]/text()") == ["2021年第二季度名录"]
    assert close(client, "2021Q2").status_code == 422
    assert client.get("/quarters/2021Q4/close").status_code == 422


@pytest.mark.few(2)
@pytest.mark.parametrize("username", ["statistics", "leader", "auditor", "haifeng", "industry", "sysadmin"])
def test_others_may_not_close(client: FlaskClient, city: World, username: str) -> None:
    sign_in(client, username)
    assert client.get("/quarters/2021Q2/close").status_code == 403
    assert post(client, "/quarters/2021Q2/close", NOTE).status_code == 403


def test_a_draft_is_marked_in_name_and_on_every_sheet(client: FlaskClient, city: World) -> None:
    sign_in(client, "cityoffice")
    draft = post(client, "/quarters/2021Q2/export")
    assert "%E6%9C%AA%E5%86%BB%E7%BB%93" in draft.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(draft.data))
    assert {str(sheet["A1"].value).endswith("【未冻结（草稿）】") for sheet in book} == {True}
    close(client, "2021Q2")
    frozen = post(client, "/quarters/2021Q2/export")
    book = openpyxl.load_workbook(io.BytesIO(frozen.data))
    assert {"草稿" in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row} == {False}
    assert post(client, "/quarters/2021Q2/export").data == frozen.data


def test_the_pictures_have_the_numbers_of_the_export(client: FlaskClient, city: World) -> None:
    sign_in(client, "cityoffice")
    close(client, "2021Q2")
    for quarter in ("2021Q2", "2021Q3"):
        document = page(client, f"/quarters/{quarter}")
        book = openpyxl.load_workbook(io.BytesIO(post(client, f"/quarters/{quarter}/export").data))
        moved = [
            [str(cell.value) for cell in row] for row in book["季度变动"].iter_rows(min_row=4, max_row=9, max_col=2)
        ]
        assert [[label, number.lstrip("+")] for label, number in rows(document, "季度变动（家）")] == moved
        tiers = [
            [str(row[0].value), *(str(cell.value) for cell in row[2:7]), str(row[1].value)]
            for row in book["县区与档次"].iter_rows(min_row=4, max_row=7, max_col=7)
        ]
        assert rows(document, "县区与档次（家）") == tiers
        funnel = [
            [str(row[0].value), str(row[1].value)]
            for row in book["按阶段汇总"].iter_rows(min_row=4, max_row=10, max_col=2)
        ]
        assert rows(document, "各阶段企业数（家）") == funnel
        assert len(document.xpath("//figure[@class='chart']/*[local-name()='svg']")) == 2


def test_two_quarters_are_compared_firm_by_firm(client: FlaskClient, city: World) -> None:
    sign_in(client, "cityoffice")
    assert "还不能比较" in page(client, "/quarters/diff").text_content()
    close(client, "2021Q2"), close(client, "2021Q3")
    shown = rows(page(client, "/quarters/diff"), "2021Q2 与 2021Q3 逐家比较")
    assert [(row[0], row[1].split()[0], *row[4:]) for row in shown] == [
        ("新增", MEILONG, "不在库", "在库培育", "2021-08-20", "--"),
        ("退出", YUNGU, "在库培育", "出库", "2021-08-12", "企业迁往外市"),
    ]
    (only,) = rows(page(client, "/quarters/diff?from=2021Q2&to=2021Q3&kind=left"), "2021Q2 与 2021Q3 逐家比较")
    assert only[1].split()[0] == YUNGU
    wrong = client.get("/quarters/diff?from=2021Q3&to=2021Q2")
    assert (wrong.status_code, "的先后不对" in wrong.get_data(as_text=True)) == (422, True)


def test_a_county_compares_its_own_part(app: Flask, client: FlaskClient, city: World) -> None:
    sign_in(client, "cityoffice")
    close(client, "2021Q2"), close(client, "2021Q3")
    lufeng = signed_in(app, "lufeng")
    text = page(lufeng, "/quarters/diff").text_content()
    assert (YUNGU in text, MEILONG in text, "只含当时本单位可见的企业" in text) == (False, False, True)


def test_progress_shows_today_and_each_reader_their_part(app: Flask, client: FlaskClient, city: World) -> None:
    sign_in(client, "leader")
    document = page(client, "/progress")
    counts = dict(rows(document, "各阶段企业数（家）"))
    assert (counts["在库培育"], counts["出库"], counts["线索"]) == ("2", "1", "0")
    assert [row[0] for row in rows(document, "县区与档次（家）")] == ["城区", "海丰县", "陆河县", "陆丰市"]
    lufeng = page(signed_in(app, "lufeng"), "/progress")
    assert rows(lufeng, "县区与档次（家）") == [["陆丰市", "0", "0", "1", "0", "0", "1"]]
    assert YUNGU not in lufeng.text_content()
