"""One workbook for firms held and firms new: the rows of new firms are asked about like those of an import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl.worksheet.worksheet import Worksheet

from registry.base.extensions import db, queue
from registry.base.turns import Pace
from registry.base.vocabulary import BatchState
from registry.figures.models import Figure
from registry.firms.models.firms import Firm
from registry.imports import queries as imported
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services import applying, batches, undoing
from registry.workbooks import jobs
from registry.workbooks.models import WorkbookReturn
from registry.workbooks.rules import ReturnState
from registry.workbooks.services import issuing, newcomers
from tests.imports.test_pages import buttons
from tests.workbooks.filled import Change, changed, column_of, issued, put, said, sent
from tests.workbooks.test_pages import bring_back, take, words
from tests.workbooks.test_services import sheet_of
from tests.world import NOW, TODAY, Build, World, credit_code, post, sign_in

NAME, NEW = "海丰县云谷软件有限公司", "海丰县新来软件有限公司"
SEPTEMBER, AUGUST = "2021年1-9月营业收入(万元)", "2021年1-8月营业收入(万元)"


def added(place: int = 0, **cells: Any) -> Change:
    """A firm typed into one of the empty rows under those that are held."""

    def change(sheet: Worksheet) -> None:
        row = sheet.max_row - issuing.SPARE_ROWS + 1 + place
        for heading, value in cells.items():
            sheet.cell(row, column_of(sheet, heading)).value = value

    return change


def newcomer(name: str = NEW, number: int = 60, **more: Any) -> dict[str, Any]:
    return {
        "企业名称": name, "统一社会信用代码": credit_code(number), "注册地址": "海丰县海城镇新园路9号", "行业代码": "6513",
        SEPTEMBER: 1050, **more,
    }  # fmt: skip


def rows_of(row: WorkbookReturn) -> list[ImportRow]:
    return list(db.session.scalars(imported.rows(row.batch))) if row.batch else []


@pytest.fixture
def lead(world: World) -> Firm:
    firm = world.firm(NAME, credit_code=None, no_code_reason="正在办理")
    db.session.commit()
    return firm


def test_the_untouched_book_changes_nothing_also_for_a_lead_without_a_code(world: World, lead: Firm) -> None:
    row = sent(issued())
    assert (row.state, row.batch_id, db.session.query(ImportBatch).count()) == (ReturnState.EQUAL, None, 0)


def test_the_rows_for_new_firms_are_open_and_whom_to_call_has_its_place(world: World, lead: Firm) -> None:
    sheet = sheet_of(issued())
    held, spare = 5, 6
    phone, name = column_of(sheet, "电话"), column_of(sheet, "企业名称")
    assert [sheet.cell(held, name).protection.locked, sheet.cell(spare, name).protection.locked] == [True, False]
    assert [sheet.cell(held, phone).protection.locked, sheet.cell(spare, phone).protection.locked] == [True, False]
    assert sheet.cell(held, phone).value is None


def test_a_contact_typed_beside_a_held_firm_of_a_book_without_them_is_said_and_not_taken(
    world: World, lead: Firm
) -> None:
    row = sent(changed(issued(), put(NAME, "电话", "13900001111")))
    assert said(row) == ["本簿签发时没有包含联系人，已有企业的电话请在企业档案里修改"]


def test_a_new_row_becomes_a_lead_with_its_figures_of_each_month(world: World, lead: Firm) -> None:
    row = sent(changed(issued(), added(**newcomer(**{AUGUST: 930}))))
    (new,) = rows_of(row)
    assert (row.state, new.kind, new.name) == (ReturnState.COMPARED, "new", NEW)
    assert [figure[2:] for figure in new.values["figures"]] == [[2021, 8, "9300000.00"], [2021, 9, "10500000.00"]]


def test_a_new_row_is_held_against_the_directory_like_a_row_of_a_list(world: World, lead: Firm) -> None:
    row = sent(changed(issued(), added(**newcomer("海豐縣雲谷軟件有限公司"))))
    (new,) = rows_of(row)
    assert (new.kind, [one["firm"] for one in new.alternatives["same"]]) == ("duplicate", [lead.id])
    assert row.batch is not None
    assert (row.batch.duplicate, row.batch.new) == (1, 0)


def test_a_new_row_that_cannot_be_read_says_which_cell_and_goes_back_in_the_workbook(world: World, lead: Firm) -> None:
    row = sent(changed(issued(), added(**newcomer(**{SEPTEMBER: "约一千万"}))))
    (new,) = rows_of(row)
    assert (new.kind, [fault["field"] for fault in new.faults]) == ("faulty", ["revenue_2021_09"])
    assert row.batch is not None
    (back,) = newcomers.going_back(imported.returned(row.batch))
    assert back.cells["revenue_2021_09"] == "约一千万"
    assert list(back.faults) == ["revenue_2021_09"]


@pytest.fixture
def firm_id(build: Build) -> int:
    made: int = build(lambda world: world.firm(NAME, credit_code=None, no_code_reason="正在办理").id)
    return made


def test_held_and_new_are_confirmed_in_one_press(app: Flask, client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    content = changed(take(client), put(NAME, "主营业务", "应用软件开发"), added(**newcomer()))
    page = bring_back(client, content)
    shown = words(page)
    assert "新企业：1 行" in shown
    assert NEW in shown
    answer = client.get(post(client, "/workbooks/returns/1/application").location)
    assert "已于" in words(answer)
    with app.app_context():
        firms = [(firm.name, firm.activity) for firm in db.session.query(Firm).order_by(Firm.id)]
        assert firms == [(NAME, "应用软件开发"), (NEW, "")]
        assert [figure.amount for figure in db.session.query(Figure)] == [10500000]
        assert db.session.query(ImportBatch).one().state == BatchState.APPLIED


def test_the_choice_stands_in_the_row_and_goes_with_the_press(app: Flask, client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    page = bring_back(client, changed(take(client), added(**newcomer(NAME))))
    assert "同一家：" in words(page)
    assert "2021年1—9月营业收入（万元）：-- → 1,050.00" in words(page)
    assert "10500000" not in words(page)
    with app.app_context():
        number = db.session.query(ImportRow).one().id
    post(client, "/workbooks/returns/1/application", {f"row-{number}": f"same-{firm_id}"})
    with app.app_context():
        firm = db.session.query(Firm).one()
        assert (firm.credit_code, firm.registered_address) == (credit_code(60), "海丰县海城镇新园路9号")


def test_a_doubt_in_a_new_row_is_answered_before_anything_is_written(
    app: Flask, client: FlaskClient, firm_id: int
) -> None:
    sign_in(client, "haifeng")
    content = changed(take(client), put(NAME, "主营业务", "应用软件开发"), added(**newcomer(**{SEPTEMBER: 85_000_000})))
    bring_back(client, content)
    asked = post(client, "/workbooks/returns/1/application")
    assert (asked.status_code, "1 行存疑" in words(asked)) == (422, True)
    with app.app_context():
        assert [firm.activity for firm in db.session.query(Firm)] == ["软件开发和信息技术服务"]
    post(client, "/workbooks/returns/1/application", {"checked": "y", "reason": "已与企业核对"})
    with app.app_context():
        assert db.session.query(Firm).count() == 2


def test_a_return_that_is_given_up_takes_its_new_rows_along(app: Flask, client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    bring_back(client, changed(take(client), added(**newcomer())))
    post(client, "/workbooks/returns/1/discarding")
    with app.app_context():
        assert db.session.query(ImportBatch).one().state == BatchState.DISCARDED
        assert db.session.query(ImportRow).count() == 0


def test_a_row_of_a_held_firms_name_is_asked_about_wherever_it_stands(world: World, lead: Firm) -> None:
    def first(sheet: Worksheet) -> None:
        sheet.insert_rows(5)
        for heading, value in {"企业名称": NAME, "注册地址": "海丰县海城镇新园路9号"}.items():
            sheet.cell(5, column_of(sheet, heading)).value = value

    for change in (added(企业名称=NAME, 注册地址="海丰县海城镇新园路9号"), first):
        row = sent(changed(issued(), change))
        assert [(new.kind, [one["firm"] for one in new.alternatives["same"]]) for new in rows_of(row)] == [
            ("duplicate", [lead.id])
        ]
        assert {kind: number for kind, number in row.counts.items() if number} == {"rows": 2, "same": 1}


def test_new_rows_that_meet_a_firm_that_came_meanwhile_wait_and_the_page_says_so(
    app: Flask, client: FlaskClient, firm_id: int
) -> None:
    sign_in(client, "haifeng")
    bring_back(client, changed(take(client), added(**newcomer())))
    with app.app_context():
        World().firm("海丰县另一软件有限公司", credit_code=credit_code(60))
        db.session.commit()
    page = client.get(post(client, "/workbooks/returns/1/application").location)
    assert "新企业还没有建档" in words(page)
    with app.app_context():
        assert db.session.query(ImportBatch).one().state == BatchState.CHECKED


def test_the_batch_of_the_new_rows_has_its_page_before_and_after(app: Flask, client: FlaskClient, firm_id: int) -> None:
    sign_in(client, "haifeng")
    bring_back(client, changed(take(client), added(**newcomer())))
    shown = client.get("/imports/1")
    assert "读作“2021年1—9月营业收入（万元）”" in words(shown)
    assert "照此重新读取" not in buttons(shown)
    post(client, "/workbooks/returns/1/application")
    for state, leaving in ((BatchState.APPLIED, "/imports/1/undoing"), (BatchState.UNDONE, "")):
        assert client.get("/imports/1").status_code == 200
        with app.app_context():
            assert db.session.query(ImportBatch).one().state == state
        if leaving:
            post(client, leaving)


@pytest.mark.parametrize("order, given", [("check", {}), ("columns", {"use_0": "left_out"})])
def test_rows_that_no_file_is_kept_of_are_not_read_again(
    app: Flask, client: FlaskClient, firm_id: int, order: str, given: dict[str, str]
) -> None:
    sign_in(client, "haifeng")
    bring_back(client, changed(take(client), added(**newcomer())))
    refused = post(client, f"/imports/1/{order}", given, page="/imports/1")
    assert "没有存下可以重新读取的文件" in words(refused)
    with app.app_context():
        assert (db.session.query(ImportBatch).one().state, db.session.query(ImportRow).count()) == ("checked", 1)


def ordered(batch: ImportBatch, what: str, pace: Pace) -> Iterator[int]:
    """The order given, and the turns of it, which are not committed one by one here."""
    actor = World().actor("haifeng")
    batches.order(actor, batch, what, at=NOW)
    db.session.commit()
    work = applying.turns if what == "apply" else undoing.withdrawing
    return work(batch, actor, pace, now=lambda: NOW, on=TODAY)


def test_new_rows_that_are_taken_back_half_way_stand_as_they_were_checked(world: World, lead: Firm) -> None:
    rows = [newcomer(f"海丰县新来第{n}软件有限公司", 60 + n) for n in range(3)]
    row = sent(changed(issued(), *(added(place, **cells) for place, cells in enumerate(rows))))
    batch = row.batch
    assert batch is not None
    work = ordered(batch, "apply", Pace(1))
    assert [next(work), next(work)] == [1, 2]
    assert list(ordered(batch, "take_back", Pace(1))) == [1, 2, 2]
    assert (batch.state, batch.new, batch.message[:6]) == (BatchState.CHECKED, 3, "导入没有完成")
    assert list(ordered(batch, "apply", Pace(10))) == [3]
    assert sorted(firm.name for firm in db.session.query(Firm).filter(Firm.voided_at.is_(None))) == [
        NAME, *(cells["企业名称"] for cells in rows)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "heading, code",
    [("2021年1-12月营业收入(万元)", "future_figure"), ("2020年1-9月营业收入(万元)", "figure_not_asked")],
)
def test_a_figure_of_a_month_that_the_book_does_not_ask_for_is_not_taken(
    world: World, lead: Firm, heading: str, code: str
) -> None:
    def renamed(sheet: Worksheet) -> None:
        sheet.cell(4, column_of(sheet, SEPTEMBER)).value = heading

    (new,) = rows_of(sent(changed(issued(), added(**newcomer()), renamed)))
    assert (new.kind, [fault["code"] for fault in new.faults]) == ("faulty", [code])
    (back,) = newcomers.going_back([new])
    assert "营业收入" in back.faults["name"]


def test_a_choice_between_confirming_and_writing_leaves_the_new_rows_waiting(
    app: Flask, client: FlaskClient, firm_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is chosen then may be doubtful, and nobody has answered for it."""
    sign_in(client, "haifeng")
    more = newcomer(NAME, **{SEPTEMBER: 85_000_000})
    bring_back(client, changed(take(client), put(NAME, "主营业务", "应用软件开发"), added(**more)))
    with app.app_context():
        number = db.session.query(ImportRow).one().id
    with monkeypatch.context() as patched:
        patched.setattr(queue, "enqueue", lambda *_: None)
        post(client, "/workbooks/returns/1/application")
        post(client, "/imports/1/choices", {f"row-{number}": "two"}, page="/workbooks")
    with app.app_context():
        jobs.apply(1)
        assert db.session.query(WorkbookReturn).one().state == ReturnState.APPLIED
        assert (db.session.query(ImportBatch).one().state, db.session.query(Figure).count()) == ("checked", 0)
    assert "1 行存疑" in words(post(client, "/imports/1/application"))
