"""The pages of the workbook round trip: taken, filled in, brought back, chosen cell by cell, confirmed, read again."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import db
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.proposals.services import reviews
from registry.sheets.columns import TEMPLATE_SHEET
from registry.trail.models import TrailEntry
from registry.workbooks.models import IssuedWorkbook, WorkbookReturn
from tests.queries_counted import queries_counted
from tests.workbooks.filled import changed, column_of, put, row_of
from tests.world import NOW, TODAY, Build, World, post, sign_in, signed_in, token_in

NAME = "海丰县云谷软件有限公司"
QUERIES = 6
"""Of the list: the session, the counts of the menu, what was issued, what came back and how many."""
SEPTEMBER, AUGUST = "2021年1-9月营业收入(万元)", "2021年1-8月营业收入(万元)"


@pytest.fixture
def firm_id(build: Build) -> int:
    def make(world: World) -> int:
        firm = world.firm(NAME, activity="软件开发")
        world.figure(firm, "931.21", period="2021-08")
        db.session.flush()
        return firm.id

    made: int = build(make)
    return made


def take(client: FlaskClient, **data: str) -> bytes:
    with post(client, "/workbooks", {"period": "2021-09", **data}, page="/workbooks") as answer:
        assert answer.status_code == 200, answer.get_data(as_text=True)
        content: bytes = answer.get_data()
    return content


def bring_back(client: FlaskClient, content: bytes, name: str = "工作簿.xlsx") -> Any:
    data = {
        "csrf_token": token_in(client.get("/workbooks").get_data(as_text=True)),
        "file": (io.BytesIO(content), name),
    }
    return client.post("/workbooks/returns", data=data, content_type="multipart/form-data", follow_redirects=True)


def words(answer: Any) -> str:
    (main,) = html.fromstring(answer.get_data(as_text=True)).xpath("//main")
    return " ".join(" ".join(main.itertext()).split())


def radios(answer: Any) -> list[tuple[str, str, bool]]:
    page = html.fromstring(answer.get_data(as_text=True))
    found = page.xpath("//main//input[@type='radio']")
    return [(item.get("name"), item.get("value"), item.get("checked") is not None) for item in found]


def edited(app: Flask, firm_id: int, activity: str, by: str = "haifeng2") -> None:
    with app.app_context():
        firm = db.session.get_one(Firm, firm_id)
        entries.edit(World().actor(by), firm, {"activity": activity}, at=NOW, on=TODAY)
        db.session.commit()


def test_the_whole_way_there_and_back(app: Flask, client: FlaskClient, firm_id: int) -> None:
    """A clerk takes the workbook, fills it in offline, brings it back, looks, confirms; the firm has it all."""
    sign_in(client, "haifeng")
    content = take(client)
    page = bring_back(client, changed(content, put(NAME, SEPTEMBER, 1050.5), put(NAME, "主营业务", "应用软件开发")))
    told = words(page)
    assert "待确认" in told
    assert "1,050.50" in told
    assert "确认写入 2 格" in told
    with app.app_context():
        assert db.session.get_one(Firm, firm_id).activity == "软件开发"
    done = post(client, "/workbooks/returns/1/application", page="/workbooks/returns/1")
    assert done.location == "/workbooks/returns/1"
    assert "写入 2 格；保持现值 0 处" in words(client.get("/workbooks/returns/1"))
    with app.app_context():
        firm = db.session.get_one(Firm, firm_id)
        assert firm.activity == "应用软件开发"
        # Its figure is on record beside the proven one of the same month, and replaces it when its paper comes.
        assert (str(firm.revenue_to_date), firm.unproven) == ("9312100.00", "")
        assert list((app.config["UPLOADS"]).iterdir()) == []
    again = bring_back(client, changed(content, put(NAME, SEPTEMBER, 1050.5), put(NAME, "主营业务", "应用软件开发")))
    assert "文件与系统一致，没有要写入的内容" in words(again)


def test_an_untouched_workbook_says_that_nothing_changed(client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    told = words(bring_back(client, take(client)))
    assert "没有改动" in told
    assert "文件有 1 行，其中 1 行没有改动" in told


def test_three_values_are_shown_and_none_is_preselected(app: Flask, client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    content = changed(take(client), put(NAME, "主营业务", "文件里的业务"))
    edited(app, firm_id, "系统里的业务")
    page = bring_back(client, content)
    told = words(page)
    assert [text for text in ("软件开发", "系统里的业务", "文件里的业务") if text in told] == [
        "软件开发", "系统里的业务", "文件里的业务",
    ]  # fmt: skip
    assert radios(page) == [("choice-1", "now", False), ("choice-1", "given", False)]
    unanswered = post(client, "/workbooks/returns/1/application", page="/workbooks/returns/1")
    asked = client.get(unanswered.location)
    assert html.fromstring(asked.get_data(as_text=True)).xpath("//*[@class='error-summary']//a/@href") == ["#cell-1"]
    post(client, "/workbooks/returns/1/application", {"choice-1": "given"}, page="/workbooks/returns/1")
    with app.app_context():
        assert db.session.get_one(Firm, firm_id).activity == "文件里的业务"


def test_a_choice_that_was_made_is_kept_while_another_is_asked_for(
    app: Flask, client: FlaskClient, build: Build, firm_id: int
) -> None:
    other = build(lambda world: world.firm("海丰县星河数据有限公司", activity="旧").id)
    sign_in(client, "haifeng")
    content = changed(
        take(client), put(NAME, "主营业务", "甲"), put("海丰县星河数据有限公司", "主营业务", "乙")
    )  # fmt: skip
    edited(app, firm_id, "丙")
    edited(app, other, "丁")
    bring_back(client, content)
    answer = post(client, "/workbooks/returns/1/application", {"choice-1": "now"}, page="/workbooks/returns/1")
    assert radios(client.get(answer.location)) == [
        ("choice-1", "now", True), ("choice-1", "given", False), ("choice-2", "now", False), ("choice-2", "given", False),
    ]  # fmt: skip


def test_what_moves_after_the_preview_comes_back_as_a_conflict(app: Flask, client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    bring_back(client, changed(take(client), put(NAME, "主营业务", "文件里的业务")))
    edited(app, firm_id, "刚刚改的")
    post(client, "/workbooks/returns/1/application", page="/workbooks/returns/1")
    told = words(client.get("/workbooks/returns/1"))
    assert "有 1 格又有变动，没有写入任何内容" in told
    assert "刚刚改的" in told


def test_refused_cells_go_back_red_in_a_new_workbook(client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    bring_back(client, changed(take(client), put(NAME, SEPTEMBER, "约一千万"), put(NAME, "主营业务", "集成")))
    post(client, "/workbooks/returns/1/application", page="/workbooks/returns/1")
    with post(client, "/workbooks/returns/1/errors", page="/workbooks/returns/1") as answer:
        content = answer.get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(content))[TEMPLATE_SHEET]
    row = row_of(sheet, NAME)
    cell = sheet.cell(row, column_of(sheet, SEPTEMBER))
    assert (cell.value, cell.fill.fgColor.rgb[-6:], cell.protection.locked) == ("约一千万", "FFC7CE", False)
    assert cell.comment.text == "2021年1-9月营业收入“约一千万”不是确定的金额，请填数字，不要填约数或区间"
    assert sheet.cell(row, column_of(sheet, "主营业务")).value == "集成"
    page = bring_back(client, changed(content, put(NAME, SEPTEMBER, 1000)))
    assert "确认写入 1 格" in words(page)


def test_a_reviewers_mark_travels_into_the_next_workbook(client: FlaskClient, build: Build) -> None:
    def send_back(world: World) -> None:
        case = world.under_review(NAME)
        reviews.send_back(
            world.actor("industry"), case, reason_code="R02", cells={"industry": "请核对小类"}, note="", at=NOW, on=TODAY
        )  # fmt: skip

    build(send_back)
    sign_in(client, "haifeng")
    content = take(client)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[TEMPLATE_SHEET]
    cell = sheet.cell(row_of(sheet, NAME), column_of(sheet, "行业代码"))
    assert (cell.comment.text, cell.protection.locked) == ("退回意见：请核对小类", False)
    told = words(bring_back(client, changed(content, put(NAME, "行业代码", "6520"), put(NAME, "主营业务", "别的"))))
    assert "确认写入 1 格" in told


def test_another_offices_workbook_is_refused_with_a_sentence_that_tells_nothing(app: Flask, firm_id: int) -> None:
    content = take(signed_in(app, "haifeng"))
    told = words(bring_back(signed_in(app, "lufeng"), content))
    assert "本单位没有签发过编号为" in told
    assert NAME not in told


def test_who_sees_and_who_decides(app: Flask, firm_id: int) -> None:
    clerk = signed_in(app, "haifeng")
    bring_back(clerk, changed(take(clerk), put(NAME, "主营业务", "集成")))
    seen = {}
    for username in ("haifeng2", "lufeng", "industry", "cityoffice", "auditor", "leader", "sysadmin"):
        other = signed_in(app, username)
        reading = other.get("/workbooks/returns/1").status_code
        deciding = post(other, "/workbooks/returns/1/discarding").status_code
        seen[username] = (other.get("/workbooks").status_code, reading, deciding)
    assert seen == {
        "haifeng2": (200, 200, 302),
        "lufeng": (200, 404, 404),
        "industry": (403, 404, 404),
        "cityoffice": (200, 200, 404),
        "auditor": (200, 200, 404),
        "leader": (403, 404, 404),
        "sysadmin": (403, 404, 404),
    }


def test_giving_up_leaves_nothing_behind(app: Flask, client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    bring_back(client, changed(take(client), put(NAME, "主营业务", "集成")))
    post(client, "/workbooks/returns/1/discarding", page="/workbooks/returns/1")
    late = post(client, "/workbooks/returns/1/application", page="/workbooks/returns/1")
    assert "现在是“已放弃”，不能执行此操作" in words(client.get(late.location))
    with app.app_context():
        assert db.session.get_one(WorkbookReturn, 1).state == "discarded"
        assert list(app.config["UPLOADS"].iterdir()) == []


def test_the_month_must_be_over_and_a_file_must_be_chosen(client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    early = post(client, "/workbooks", {"period": "2021-10"}, page="/workbooks")
    assert (early.status_code, "请选择已经结束的月份。" in words(early)) == (422, True)
    empty = post(client, "/workbooks/returns", page="/workbooks")
    assert (empty.status_code, "请选择要上传的文件。" in words(empty)) == (422, True)
    old = bring_back(client, b"\xd0\xcf\x11\xe0", name="工作簿.xls")
    assert "请用 Excel 或 WPS 打开后另存为 .xlsx" in words(old)


def test_taking_a_workbook_is_recorded(app: Flask, client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    first = take(client)
    with post(client, "/workbooks/1/file", page="/workbooks") as again:
        assert again.get_data() == first
    with app.app_context():
        verbs = [entry.verb for entry in db.session.query(TrailEntry).order_by(TrailEntry.seq)]
        book = db.session.get_one(IssuedWorkbook, 1)
        assert (verbs[-2:], len(book.digest)) == (["issue_workbook", "download"], 64)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_database_the_same_whatever_its_length(
    app: Flask, client: FlaskClient, firm_id: int, number: int
) -> None:
    sign_in(client, "haifeng")
    for _ in range(number):
        bring_back(client, take(client))
    with queries_counted(app) as counted:
        client.get("/workbooks")
    assert len(counted) == QUERIES
