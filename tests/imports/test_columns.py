"""Headings that the reader does not know: given their column by hand, once, carried along, or left out."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.base.vocabulary import BatchState
from registry.figures.models import Figure
from registry.firms.models.firms import Firm
from registry.imports import queries
from registry.imports.models import ColumnChoice, ImportBatch, ImportRow
from registry.imports.services import columns, returning
from registry.people.queries import people
from registry.sheets.byhand import ColumnUse, HeadingChoice, compared
from registry.sheets.marked import write_marked
from registry.sheets.reader import read_table
from registry.trail.models import TrailEntry
from tests.imports.test_pages import send, state_of, stored, words
from tests.terminal import registry
from tests.uploads import applied, codes, listed, rows, undone, uploaded
from tests.world import NOW, World, credit_code, post, sign_in

NAME, CODE, ADDRESS = "海丰县青梅科技有限公司", credit_code(11), "海丰县海城镇人民路8号"
HEADINGS = ("企业名称", "统一社会信用代码", "注册地址", "去年卖了多少(万元)", "园区", "台账页码")
ROW = (NAME, CODE, ADDRESS, "1200", "海丰云谷园", "甲-12")
READ = HeadingChoice(ColumnUse.READ, "revenue_last_year")
CARRIED = HeadingChoice(ColumnUse.CARRIED)


@pytest.fixture
def clerk(client: FlaskClient, world: World) -> FlaskClient:
    sign_in(client, "haifeng")
    return client


def said(world: World, heading: str, choice: HeadingChoice, *, by: str = "haifeng") -> None:
    columns.remember(world.actor(by), people.user(by).office, heading, choice, at=NOW)
    db.session.commit()


def accounted(number: int = 1) -> dict[str, tuple[str, str | None]]:
    """Heading -> what was done with the column, and as what."""
    reading = db.session.get_one(ImportBatch, number, populate_existing=True).reading
    db.session.rollback()
    return {column["heading"]: (column["taken"], column["as"]) for column in reading["columns"]}


def selects(page: str) -> dict[str, str]:
    """Heading -> the name of its select on the page of a batch."""
    found = html.fromstring(page).xpath("//form[contains(@action, '/columns')]//select")
    return {one.get("aria-label").split("“")[1].split("”")[0]: one.get("name") for one in found}


def choose(clerk: FlaskClient, number: int, **ways: str) -> Any:
    """Press the button below the columns of a batch, with these choices by heading."""
    names = selects(clerk.get(f"/imports/{number}").get_data(as_text=True))
    data = {names[heading]: way for heading, way in ways.items()}
    return post(clerk, f"/imports/{number}/columns", data, page=f"/imports/{number}")


def test_an_unknown_heading_is_given_its_column_once_and_never_asked_for_again(clerk: FlaskClient) -> None:
    shown = send(clerk, listed([ROW], HEADINGS))
    assert "3 列没有读取" in words(shown)
    ways = {"去年卖了多少(万元)": "read:revenue_last_year", "园区": "carried", "台账页码": "left_out"}
    assert choose(clerk, 1, **ways).status_code == 302
    told = words(clerk.get("/imports/1"))
    assert "读作“上年营业收入”（单位：万元）；按贵单位 2021-10-15 由陈晓指定的对应读取" in told
    assert "1,200.00 万元" in told
    assert accounted() == {
        "企业名称": ("read", "name"), "统一社会信用代码": ("read", "credit_code"),
        "注册地址": ("read", "registered_address"), "去年卖了多少(万元)": ("mapped", "revenue_last_year"),
        "园区": ("carried", None), "台账页码": ("left_out", None),
    }  # fmt: skip
    again = words(
        send(clerk, listed([ROW], ("企业名称", "统一社会信用代码", "住所", "去年卖了多少（千元）", "园区", "台账页码")))
    )
    assert "没有读取" not in again.replace("“不读取”", "")
    assert "120.00 万元" in again
    acts = [entry for entry in stored(TrailEntry) if entry.verb == "give_column"]
    assert [entry.after["column"] for entry in acts] == ["上年营业收入", "随带保存", "不读取"]


def test_what_an_office_says_is_its_own(clerk: FlaskClient, world: World, tmp_path: Path) -> None:
    said(world, "园区", CARRIED)
    assert "园区" in words(clerk.get("/imports/columns"))
    batch = uploaded(tmp_path, listed([ROW], HEADINGS), by="lufeng")
    assert {column["heading"]: column["taken"] for column in batch.reading["columns"]}["园区"] == "left_out"
    post(clerk, "/sign-out")
    sign_in(clerk, "lufeng")
    assert "还没有指定过表头" in words(clerk.get("/imports/columns"))
    assert post(clerk, "/imports/columns/1/withdrawal").status_code == 404
    post(clerk, "/sign-out")
    sign_in(clerk, "leader")
    assert clerk.get("/imports/columns").status_code == 403


def test_it_is_looked_at_given_without_a_file_and_withdrawn(clerk: FlaskClient) -> None:
    empty = post(clerk, "/imports/columns", {"heading": "", "way": ""})
    assert (empty.status_code, "请填写文件里的表头原文" in words(empty)) == (422, True)
    serial = post(clerk, "/imports/columns", {"heading": "序号", "way": "carried"})
    assert (serial.status_code, "序号列不必指定" in words(serial)) == (422, True)
    assert post(clerk, "/imports/columns", {"heading": "商户字号", "way": "read:name"}).status_code == 302
    assert "商户字号 读作“企业名称” 陈晓" in words(clerk.get("/imports/columns"))
    assert "新增" in words(send(clerk, listed([ROW[:2]], ("商户字号", "统一社会信用代码"))))
    assert state_of(1) == BatchState.CHECKED
    post(clerk, "/imports/columns/1/withdrawal")
    assert (stored(ColumnChoice), "还没有指定过表头" in words(clerk.get("/imports/columns"))) == ([], True)
    refused = words(send(clerk, listed([ROW[:2]], ("商户字号", "统一社会信用代码"))))
    assert "指定哪个表头读作“企业名称”" in refused
    assert [entry.verb for entry in stored(TrailEntry) if entry.subject_kind == "column_choice"] == [
        "give_column", "withdraw_column",
    ]  # fmt: skip


def test_two_columns_are_never_read_as_one(clerk: FlaskClient) -> None:
    send(clerk, listed([ROW], HEADINGS))
    taken = choose(clerk, 1, 园区="read:registered_address")
    assert (taken.status_code, "“注册地址”已由 C 列读取" in words(taken)) == (422, True)
    both = choose(clerk, 1, 园区="read:town", 台账页码="read:town")
    assert (both.status_code, "同时指定给了两列" in words(both)) == (422, True)
    assert (stored(ColumnChoice), state_of(1)) == ([], BatchState.CHECKED)
    send(clerk, listed([ROW], ("企业名称", "统一社会信用代码", "住所", *HEADINGS[3:])))
    assert choose(clerk, 2, 住所="left_out", 园区="read:registered_address").status_code == 302
    assert accounted(2)["园区"] == ("mapped", "registered_address")


def test_a_heading_of_our_own_is_never_read_otherwise(clerk: FlaskClient) -> None:
    send(clerk, listed([ROW], HEADINGS))
    assert "注册地址" not in selects(clerk.get("/imports/1").get_data(as_text=True))
    own = post(clerk, "/imports/columns", {"heading": "企业名称", "way": "left_out"})
    assert (own.status_code, "是本系统自己的栏目名称" in words(own)) == (422, True)
    post(clerk, "/imports/1/discarding")
    assert post(clerk, "/imports/1/columns", {}, page="/imports").status_code == 409


def test_the_plain_column_wins_over_one_that_was_given_and_it_is_said(world: World, tmp_path: Path) -> None:
    said(world, "坐落", HeadingChoice(ColumnUse.READ, "registered_address"))
    batch = uploaded(tmp_path, listed([("汕尾市", NAME, ADDRESS)], ("坐落", "企业名称", "注册地址")))
    first = batch.reading["columns"][0]
    assert (first["taken"], first["why"], first["as"]) == ("left_out", "twice", "registered_address")
    assert rows(batch)[0].values["fields"]["registered_address"] == ADDRESS


@pytest.mark.parametrize(
    "heading, key, taken, why",
    [
        ("2020年产值(万元)", "revenue_last_year", "mapped", None),
        ("2019年产值(万元)", "revenue_last_year", "left_out", "year"),
        ("9月产值(万元)", "revenue_to_date", "left_out", "month"),
        ("2020年1-9月产值", "revenue_last_year", "left_out", "period"),
        ("产值同比增长(%)", "revenue_last_year", "left_out", "no_amount"),
        ("产值(预计)", "revenue_to_date", "left_out", "no_amount"),
    ],
)
def test_a_heading_given_by_hand_still_means_what_it_says_of_its_period(
    world: World, tmp_path: Path, heading: str, key: str, taken: str, why: str | None
) -> None:
    said(world, heading, HeadingChoice(ColumnUse.READ, key))
    batch = uploaded(tmp_path, listed([(NAME, CODE, "900")], ("企业名称", "统一社会信用代码", heading)))
    last = batch.reading["columns"][-1]
    assert (last["taken"], last.get("why")) == (taken, why)


def test_a_heading_that_was_given_and_stands_twice_costs_its_columns_and_not_the_file(
    clerk: FlaskClient, world: World
) -> None:
    said(world, "规模数", READ)
    headings = (*HEADINGS[:2], "规模数(万元)", "规模数（元）", "住所")
    page = words(send(clerk, listed([(NAME, CODE, "1200", "12000000", ADDRESS)], headings)))
    assert ("1 列没有读取" in page, "贵单位指定过的这个表头，在文件里不止一列" in page) == (True, True)
    assert {accounted()[heading][0] for heading in headings[2:4]} == {"left_out"}
    (row,) = stored(ImportRow)
    assert (row.kind, row.values["figures"], row.values["fields"]["registered_address"]) == ("new", [], ADDRESS)
    assert choose(clerk, 1, **{"规模数(万元)": "heading"}).status_code == 302


def test_a_month_in_the_heading_is_the_period_of_the_figure(world: World, tmp_path: Path) -> None:
    said(world, "2021年1-8月产值", HeadingChoice(ColumnUse.READ, "revenue_to_date"))
    batch = applied(
        uploaded(tmp_path, listed([(NAME, CODE, "9000")], ("企业名称", "统一社会信用代码", "2021年1-8月产值(元)")))
    )
    assert batch.new == 1
    (figure,) = db.session.query(Figure)
    assert (figure.year, figure.month, figure.amount) == (2021, 8, 9000)


def test_a_given_amount_without_a_unit_is_a_doubt_as_any_other(world: World, tmp_path: Path) -> None:
    said(world, "去年卖了多少", READ)
    batch = uploaded(tmp_path, listed([(NAME, CODE, "900")], ("企业名称", "统一社会信用代码", "去年卖了多少")))
    assert ("C", "revenue_last_year", "unit_assumed") in codes(rows(batch)[0].notices)
    assert queries.doubtful(batch) == 1


def test_carried_columns_stay_with_the_firm_and_leave_with_the_offices_own_export(
    clerk: FlaskClient, world: World, tmp_path: Path
) -> None:
    for heading in ("园区", "台账页码"):
        said(world, heading, CARRIED)
    batch = applied(uploaded(tmp_path, listed([ROW], HEADINGS)))
    assert rows(batch)[0].carried == {"园区": "海丰云谷园", "台账页码": "甲-12"}
    later = uploaded(tmp_path, listed([(*ROW[:3], "", "", "乙-3")], HEADINGS))
    assert (later.unchanged, queries.carrying(later)) == (1, 1)
    applied(later)
    assert exported(clerk, carried=True)[-2:] == [["园区", "台账页码"], ["海丰云谷园", "乙-3"]]
    unsaid = post(clerk, "/firms/export", {"kind": "csv", "carried": "y", "reason": ""}, page="/firms/export")
    assert unsaid.status_code == 422
    undone(later)
    assert exported(clerk, carried=True)[-1] == ["海丰云谷园", "甲-12"]
    assert "园区" not in str(exported(clerk))
    act = next(entry for entry in stored(TrailEntry) if entry.verb == "export")
    assert (act.after["carried"], act.reason) == (True, "核对")
    post(clerk, "/sign-out")
    sign_in(clerk, "industry")
    assert "随带保存的栏目" not in clerk.get("/firms/export").get_data(as_text=True)


def test_a_file_that_brings_only_carried_columns_is_confirmed_on_the_page(clerk: FlaskClient, world: World) -> None:
    said(world, "园区", CARRIED)
    send(clerk, listed([ROW[:3]], HEADINGS[:3]))
    post(clerk, "/imports/1/application")
    headings = (*HEADINGS[:3], "园区")
    send(clerk, listed([(*ROW[:3], "海丰云谷园")], headings))
    assert post(clerk, "/imports/2/application").status_code == 302
    assert state_of(2) == BatchState.APPLIED
    assert list(queries.carried_of(world.actor("haifeng"), [1]).values()) == [{"园区": "海丰云谷园"}]
    send(clerk, listed([(*ROW[:3], "")], headings))
    refused = post(clerk, "/imports/3/application")
    assert (refused.status_code, state_of(3)) == (422, BatchState.CHECKED)


def test_of_two_carried_columns_with_one_heading_both_are_kept(
    clerk: FlaskClient, world: World, tmp_path: Path
) -> None:
    said(world, "园区", CARRIED)
    content = listed([(NAME, CODE, "东区", "西区")], ("企业名称", "统一社会信用代码", "园区", "园区"))
    batch = applied(uploaded(tmp_path, content))
    assert rows(batch)[0].carried == {"园区": "东区", "园区 (D)": "西区"}
    assert exported(clerk, carried=True)[-2:] == [["园区", "园区 (D)"], ["东区", "西区"]]
    assert returning.further(batch.reading["columns"]) == {"@C 园区": "园区", "@D 园区": "园区 (D)"}


def exported(client: FlaskClient, *, carried: bool = False) -> list[list[str]]:
    """Heading and first row of the export of the directory, their last two cells."""
    data = {"kind": "csv", "reason": "核对"} | ({"carried": "y"} if carried else {})
    with post(client, "/firms/export?stage=all", data, page="/firms/export") as answer:
        lines = answer.data.decode("utf-8-sig").splitlines()
    return [line.split(",")[-2:] for line in lines[:2]]


def test_a_row_that_goes_back_brings_what_is_carried(clerk: FlaskClient, world: World) -> None:
    said(world, "园区", CARRIED)
    send(clerk, listed([(NAME, CODE[:-1] + "0", ADDRESS, "1", "海丰云谷园", "甲-12")], HEADINGS))
    with post(clerk, "/imports/1/errors") as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["填报"]
    headings = [cell.value for cell in sheet[4]]
    assert sheet.cell(5, headings.index("园区") + 1).value == "海丰云谷园"


def test_identity_numbers_are_kept_nowhere(world: World, tmp_path: Path) -> None:
    with pytest.raises(FieldError):
        said(world, "法人身份证号", CARRIED)
    db.session.rollback()
    said(world, "经办", CARRIED)
    batch = uploaded(tmp_path, listed([(NAME, CODE, "11010519491231002X")], ("企业名称", "统一社会信用代码", "经办")))
    assert rows(batch)[0].carried == {}
    assert "carried_identity" in [code for _, _, code in codes(rows(batch)[0].notices)]


@pytest.mark.parametrize(
    "cell",
    ["１１０１０５１９４９１２３１００２Ｘ", "法人11010519491231002x", "110105 19491231 002X", "1101 0519 4912 3100 2X",
     "110105491231002", "11010519491231002X\u200b", "110105\u200b19491231002X", "13800138000 11010519491231002X"],
)  # fmt: skip
def test_an_identity_number_is_known_however_it_is_written(world: World, tmp_path: Path, cell: str) -> None:
    said(world, "经办", CARRIED)
    rows_of = [(NAME, CODE, cell, ""), ("海丰县错码科技有限公司", CODE[:-1] + "0", cell, cell)]
    batch = uploaded(tmp_path, listed(rows_of, ("企业名称", "统一社会信用代码", "经办", "备注")))
    good, bad = rows(batch)
    assert (good.carried, bad.kind, set(bad.raw)) == ({}, "faulty", {"name", "credit_code"})
    assert "carried_identity" in [code for _, _, code in codes(good.notices)]


def test_other_numbers_are_carried(world: World, tmp_path: Path) -> None:
    said(world, "经办", CARRIED)
    others = [credit_code(7), "441521000123456", "13800138000、0660-6622333", "6622333 13800138000", "2021-10-15"]
    listing = [(f"海丰县青梅{n}科技有限公司", credit_code(20 + n), cell) for n, cell in enumerate(others)]
    batch = uploaded(tmp_path, listed(listing, ("企业名称", "统一社会信用代码", "经办")))
    assert [row.carried.get("经办") for row in rows(batch)] == others


def test_a_column_of_identity_numbers_does_not_go_back_with_a_row(clerk: FlaskClient) -> None:
    page = send(clerk, listed([(NAME, "123", "无"), (NAME, "123", "H12345678")], (*HEADINGS[:2], "法人证件号码")))
    assert [row.raw for row in stored(ImportRow)] == [{"name": NAME, "credit_code": "123"}] * 2
    assert "是个人证件号码，不读取也不保存" in words(page)


def test_a_name_given_by_hand_finds_its_sheet_among_others(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["封面"])
    sheet = book.create_sheet("名单")
    sheet.append(["商户字号", "统一社会信用代码"])
    sheet.append([NAME, CODE])
    book.save(tmp_path / "book.xlsx")
    given = {compared("商户字号"): HeadingChoice(ColumnUse.READ, "name")}
    with read_table(tmp_path / "book.xlsx", by_hand=given) as table:
        assert (table.sheet, [row.cells[0] for row in table.rows]) == ("名单", [NAME])


def test_the_command_writes_the_form_reads_it_and_remembers(installed: Path, world: World) -> None:
    file, form = installed / "名单.csv", installed / "columns.csv"
    file.write_bytes(listed([ROW], HEADINGS))
    told = registry("import", str(file), "--office", "441521", "--columns-form", str(form))
    assert told.status == 0
    lines = form.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "表头,栏目,现在的读法"
    assert lines[1:] == ["去年卖了多少(万元),,不读取", "园区,,不读取", "台账页码,,不读取"]
    filled = ["表头,栏目", "去年卖了多少(万元),上年营业收入", "园区,随带保存", "台账页码,不读取"]
    form.write_text("\n".join(filled) + "\n", encoding="utf-8")
    tried = registry("import", str(file), "--office", "441521", "--columns", str(form), "--json")
    found = {column["heading"]: column["taken"] for column in json.loads(tried.out)["columns"]}
    assert [found[heading] for heading in HEADINGS[3:]] == ["mapped", "carried", "left_out"]
    assert stored(ColumnChoice) == []
    done = registry("import", str(file), "--office", "441521", "--columns", str(form), "--as", "haifeng", "--apply")
    assert (done.status, len(stored(ColumnChoice)), len(stored(Firm))) == (0, 3, 1)
    said_again = registry("import", str(file), "--office", "441521")
    assert "column D 去年卖了多少(万元): read as revenue_last_year, as 陈晓 said on 2021-10-15" in said_again.out
    form.write_text("园区,宇宙\n", encoding="utf-8")
    wrong = registry("import", str(file), "--office", "441521", "--columns", str(form))
    assert (wrong.status, "第 1 行：没有“宇宙”这一栏" in wrong.err) == (1, True)


def test_the_command_remembers_nothing_of_a_file_that_is_not_taken(installed: Path, world: World) -> None:
    file, form = installed / "名单.csv", installed / "columns.csv"
    form.write_text("去年卖了多少,上年营业收入\n园区,随带保存\n", encoding="utf-8")
    headings = ("企业名称", "统一社会信用代码", "去年卖了多少", "园区")
    call = ("import", str(file), "--office", "441521", "--columns", str(form), "--as", "haifeng", "--apply")
    file.write_bytes(listed([(NAME, CODE, "1200", "云谷")], headings))
    doubted = registry(*call)
    assert (doubted.status, stored(ColumnChoice), stored(Firm)) == (3, [], [])
    strict = registry(*call, "--strict", "--accept-doubts", "万元")
    assert (strict.status, len(stored(ColumnChoice)), len(stored(Firm))) == (0, 2, 1)
    file.write_bytes(listed([(NAME, CODE, "1200", "云谷")], (*headings[:2], "去年卖了多少(万元)", "园区")))
    form.write_text("去年卖了多少,上年营业收入\n园区,不读取\n", encoding="utf-8")
    again = registry(*call)
    assert (again.status, {row.heading: row.use for row in stored(ColumnChoice)}["园区"]) == (0, "left_out")


def test_the_form_is_written_of_a_file_that_names_no_firms_and_headings_it_lacks_are_said(
    installed: Path, world: World
) -> None:
    file, form = installed / "名单.csv", installed / "columns.csv"
    file.write_bytes(listed([(NAME, CODE, "云谷")], ("单位叫法", "统一社会信用代码", "园区")))
    told = registry("import", str(file), "--office", "441521", "--columns-form", str(form))
    assert (told.status, "指定哪个表头读作“企业名称”" in told.err) == (1, True)
    assert form.read_text(encoding="utf-8-sig").splitlines() == [
        "表头,栏目,现在的读法", "单位叫法,,不读取", "园区,,不读取",
    ]  # fmt: skip
    form.write_text("单位叫法,企业名称\n厂区,随带保存\n", encoding="utf-8")
    given = registry("import", str(file), "--office", "441521", "--columns", str(form))
    assert (given.status, "厂区" in given.err, "单位叫法" in given.err) == (0, True, False)


def test_every_column_is_accounted_for(clerk: FlaskClient, app: Flask) -> None:
    headings = (*HEADINGS, "序号", "达标率", "从业人员(女)", "法定代表人", "登记状态")
    send(clerk, listed([(*ROW, "1", "50%", "3", "甲某", "存续")], headings))
    found = accounted()
    assert set(found) == set(headings)
    assert {taken for taken, _ in found.values()} == {"read", "left_out"}
    page = words(clerk.get("/imports/1"))
    assert [heading for heading in headings if heading not in page] == []


def test_a_row_that_goes_back_holds_every_value_as_it_was_typed_in_its_own_units(world: World, tmp_path: Path) -> None:
    said(world, "园区", CARRIED)
    wrong = credit_code(5)[:-1] + "0"
    text = (
        "企业名称,统一社会信用代码,2021年1-9月营业收入(元),园区,备注\n"
        f"海丰县错码科技有限公司,{wrong},15000000,海丰云谷园,老户\n"
        "\n企业名称,统一社会信用代码,2021年1-9月营业收入(万元),园区,备注\n"
        f"海丰县错号科技有限公司,{wrong},900,,新户\n"
    )
    batch = uploaded(tmp_path, text.encode())
    stream = io.BytesIO()
    write_marked(
        stream, reference=returning.reference_lists(batch.office), rows=returning.returned_rows(batch),
        office_name="海丰县", columns=returning.columns_of(batch.reading),
        further=returning.further(batch.reading["columns"]),
    )  # fmt: skip
    sheet = openpyxl.load_workbook(stream)["填报"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    found = [
        [sheet.cell(row, heads[head]).value for head in ("2021年1-9月营业收入(元)", "园区", "备注")] for row in (5, 6)
    ]
    assert found == [["15000000", "海丰云谷园", "老户"], ["900万元", None, "新户"]]


def test_the_preview_reads_large_amounts_aloud(clerk: FlaskClient) -> None:
    headings = (
        "企业名称",
        "统一社会信用代码",
        "注册资本(万元)",
        "上年营业收入(万元)",
        "行业代码",
        "所属县区",
        "成立日期",
    )
    shown = words(send(clerk, listed([(NAME, CODE, "20000", "900", "6513", "海丰", "2019年5月20日")], headings)))
    assert "20,000.00 万元（读作二亿元）" in shown
    assert "900.00 万元（" not in shown
    assert [text for text in ("6513 应用软件开发", "海丰县", "2019-05-20") if text not in shown] == []
