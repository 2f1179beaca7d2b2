"""What programs and clerks do to a workbook between its two ends: saved, moved, sorted, cut, copied, retyped."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.imports import queries as imported
from registry.sheets.columns import TEMPLATE_SHEET
from registry.sheets.wording import BOOK_SHEET
from registry.workbooks.models import WorkbookReturn
from registry.workbooks.rules import ReturnState
from tests.workbooks.filled import cells, changed, column_of, counted, issued, put, row_of, said, saved, sent, told
from tests.world import World, credit_code

SEPTEMBER, AUGUST = "2021年1-9月营业收入(万元)", "2021年1-8月营业收入(万元)"
Convert = Callable[[Path, str], Path]
SAME = {"rows": 3, "same": 3}


@pytest.fixture
def town(world: World) -> list[Firm]:
    """Three firms with cells that are hard to carry."""
    firms = [
        world.firm("海丰县云谷软件有限公司", capital=1234567, employees=42, activity="软件开发"),
        world.firm("海丰县星河数据有限公司", town="441521101", qualifications="CMA；ISO9001", issue="+场地不足"),
        world.firm("=海丰县梅陇数据有限公司", credit_code=None, no_code_reason="正在办理"),
    ]
    world.figure(firms[0], "1200.000007", period="2021-08")
    world.figure(firms[1], "0.01", period="2021-01")
    db.session.commit()
    return firms


def through(convert: Convert, folder: Path, content: bytes, *ways: str) -> bytes:
    """Opened and saved again by LibreOffice; by way of another format where more than one is named."""
    path = folder / "book.xlsx"
    path.write_bytes(content)
    for way in ways or ("xlsx",):
        path = convert(path, way)
    return path.read_bytes()


def untouched(row: WorkbookReturn) -> bool:
    return (row.state, counted(row)) == (ReturnState.EQUAL, SAME)


# -- saved by programs --------------------------------------------------------------------------------
def test_as_it_went_out(town: list[Firm]) -> None:
    assert untouched(sent(issued()))


@pytest.mark.once
def test_saved_by_openpyxl(town: list[Firm]) -> None:
    assert untouched(sent(changed(issued())))


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.once
def test_saved_by_libreoffice(town: list[Firm], convert: Convert, tmp_path: Path) -> None:
    row = sent(through(convert, tmp_path, issued(contacts=True)))
    assert untouched(row), told(row)


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.once
def test_saved_by_libreoffice_by_way_of_ods(town: list[Firm], convert: Convert, tmp_path: Path) -> None:
    row = sent(through(convert, tmp_path, issued(), "ods", "xlsx"))
    assert untouched(row), told(row)


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.once
def test_filled_in_and_saved_by_libreoffice(town: list[Firm], convert: Convert, tmp_path: Path) -> None:
    filled = changed(issued(), put(town[0], SEPTEMBER, 1350.5), put(town[1], "成立日期", "2019-05-20"))
    row = sent(through(convert, tmp_path, filled))
    assert told(row) == [("clean", "revenue_2021_09", "13505000.00"), ("clean", "founded_on", "2019-05-20")]


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.once
def test_a_formula_that_a_program_has_computed_is_refused_all_the_same(
    town: list[Firm], convert: Convert, tmp_path: Path
) -> None:
    row = sent(through(convert, tmp_path, changed(issued(), put(town[0], SEPTEMBER, "=1000+350.5"))))
    assert said(row) == ["2021年1-9月营业收入是公式，请改成数值：复制后用“选择性粘贴—数值”粘贴回原处"]


@pytest.mark.once
def test_the_dimension_a1_that_some_programs_write(town: list[Firm]) -> None:
    content = changed(issued())
    assert untouched(sent(parts_changed(content, r'<dimension ref="[^"]*"\s*/>', '<dimension ref="A1:A1"/>')))


def parts_changed(content: bytes, pattern: str, replacement: str) -> bytes:
    """Every worksheet with a piece of its XML replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as sink:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(pattern, replacement, data.decode()).encode()
            sink.writestr(name, data)
    return target.getvalue()


# -- moved about ----------------------------------------------------------------------------------------
@pytest.mark.once
def test_rows_sorted_another_way(town: list[Firm]) -> None:
    assert untouched(sent(changed(issued(), lambda sheet: rearranged(sheet, [7, 5, 6]))))


def rearranged(sheet: Worksheet, order: list[int], *, columns: range | None = None) -> None:
    """Rows 5 to 7 in another order, all of them or only some columns of it."""
    span = columns or range(1, sheet.max_column + 1)
    held = {row: [held_in(sheet, row, column) for column in span] for row in order}
    for target, source in zip(range(5, 8), order, strict=True):
        for column, content in zip(span, held[source], strict=True):
            paste(sheet, target, column, content)


def held_in(sheet: Worksheet, row: int, column: int) -> tuple[Any, str]:
    return sheet.cell(row, column).value, sheet.cell(row, column).data_type


def paste(sheet: Worksheet, row: int, column: int, content: tuple[Any, str]) -> None:
    """A text that begins with = stays a text, as it does in a spreadsheet."""
    sheet.cell(row, column).value = content[0]
    sheet.cell(row, column).data_type = content[1]


@pytest.mark.once
def test_columns_moved_and_some_taken_out(town: list[Firm]) -> None:
    def move(sheet: Worksheet) -> None:
        wanted = ["企业名称", SEPTEMBER, "统一社会信用代码", "主营业务", "行标识", AUGUST]
        places = [column_of(sheet, heading) for heading in wanted]
        held = [[held_in(sheet, row, column) for column in places] for row in range(4, 8)]
        sheet.delete_cols(1, sheet.max_column)
        for row, contents in enumerate(held, start=4):
            for column, content in enumerate(contents, start=2):
                paste(sheet, row, column, content)

    assert untouched(sent(changed(issued(), move)))
    row = sent(changed(issued(), move, put(town[0], SEPTEMBER, 1300)))
    assert told(row) == [("clean", "revenue_2021_09", "13000000.00")]
    assert cells(row)[0].letter == "C"


@pytest.mark.once
def test_the_hidden_key_taken_out(town: list[Firm]) -> None:
    row = sent(changed(issued(), lambda sheet: sheet.delete_cols(1), put(town[1], SEPTEMBER, 0.05)))
    assert told(row) == [("clean", "revenue_2021_09", "500.00")]


@pytest.mark.once
def test_rows_added_above_the_headings_and_between_the_rows(town: list[Firm]) -> None:
    def insert(sheet: Worksheet) -> None:
        sheet.insert_rows(6, 2)
        sheet.insert_rows(1, 3)

    assert untouched(sent(changed(issued(), insert)))


@pytest.mark.once
def test_only_some_columns_sorted_are_noticed_and_nothing_slips_to_another_firm(town: list[Firm]) -> None:
    """Names and codes stay together with each other but not with the key: what the clerk saw counts."""

    def sort(sheet: Worksheet) -> None:
        rearranged(sheet, [6, 5, 7], columns=range(2, sheet.max_column + 1))

    assert untouched(sent(changed(issued(), sort)))

    def only_names(sheet: Worksheet) -> None:
        rearranged(sheet, [6, 5, 7], columns=range(column_of(sheet, "企业名称"), column_of(sheet, "企业名称") + 1))

    row = sent(changed(issued(), only_names))
    assert [(cell.kind, cell.field) for cell in cells(row)] == [("refused", "name"), ("refused", "name")]


@pytest.mark.once
def test_a_row_whose_name_and_code_are_both_overwritten_is_refused_whole(town: list[Firm]) -> None:
    row = sent(
        changed(
            issued(),
            put(town[0], SEPTEMBER, 9),
            put(town[0], "统一社会信用代码", credit_code(88)),
            put(town[0], "企业名称", "海丰县顶替软件有限公司"),
        )
    )
    assert [(cell.kind, cell.field) for cell in cells(row)] == [("refused", "")]
    assert said(row) == ["名称、代码与本行的标识不符，可能只排序了部分列或串了行，本行没有采用；请重新下载工作簿后填写"]


@pytest.mark.once
def test_a_row_copied_to_enter_a_new_firm_is_a_new_firm(town: list[Firm]) -> None:
    def copy(sheet: Worksheet) -> None:
        source = row_of(sheet, town[0].name)
        for column in range(1, sheet.max_column + 1):
            sheet.cell(8, column).value = sheet.cell(source, column).value
        sheet.cell(8, column_of(sheet, "企业名称")).value = "海丰县新来软件有限公司"
        sheet.cell(8, column_of(sheet, "统一社会信用代码")).value = credit_code(89)

    row = sent(changed(issued(), copy))
    assert cells(row) == []
    assert row.batch is not None
    (new,) = db.session.scalars(imported.rows(row.batch))
    assert (new.kind, new.name, new.credit_code) == ("new", "海丰县新来软件有限公司", credit_code(89))


@pytest.mark.once
def test_a_row_that_stands_there_twice_counts_once(town: list[Firm]) -> None:
    def twice(sheet: Worksheet) -> None:
        for column in range(1, sheet.max_column + 1):
            sheet.cell(8, column).value = sheet.cell(5, column).value

    row = sent(changed(issued(), twice))
    assert said(row) == ["与第 5 行是同一家企业，只采用第 5 行"]


# -- retyped ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "heading, typed, taken",
    [
        (SEPTEMBER, "1350.5", "13505000.00"),
        (SEPTEMBER, "１３５０．５", "13505000.00"),
        (SEPTEMBER, "1,350.50", "13505000.00"),
        (SEPTEMBER, "1350.5万元", "13505000.00"),
        ("成立日期", "2019/5/20", "2019-05-20"),
        ("成立日期", "2019年5月20日", "2019-05-20"),
        ("成立日期", 43605, "2019-05-20"),
        ("行业代码", 6520, "6520"),
        ("行业代码", "６５２０", "6520"),
        ("2021年9月期末从业人员", "43人", 43),
        ("会计制度", "小企业会计准则", None),
    ],
)
@pytest.mark.once
def test_a_value_is_read_however_it_is_typed(town: list[Firm], heading: str, typed: Any, taken: Any) -> None:
    if taken is None:
        row = sent(changed(issued(), put(town[0], "执行会计制度", typed)))
        assert told(row) == [("clean", "accounting", "small_enterprise")]
        return
    row = sent(changed(issued(), put(town[0], heading, typed)))
    assert [(kind, given) for kind, _, given in told(row)] == [("clean", taken)]


@pytest.mark.once
def test_cells_retyped_as_texts_are_no_changes(town: list[Firm]) -> None:
    row = sent(
        changed(
            issued(),
            put(town[0], AUGUST, "１，200.000007"),
            put(town[0], "成立日期", "2018/5/20"),
            put(town[0], "从业人员", "４２"),
            put(town[0], "注册资本(万元)", "123.4567"),
            put(town[0], "统一社会信用代码", " " + str(town[0].credit_code).lower()),
            put(town[1], "行业代码", 6513),
            put(town[1], "2021年1月营业收入(万元)", "0.0100"),
        )
    )
    assert untouched(row), told(row)


@pytest.mark.once
def test_a_code_turned_into_a_number_is_refused_and_the_row_is_known_all_the_same(town: list[Firm]) -> None:
    row = sent(
        changed(issued(), put(town[0], "统一社会信用代码", "9.14415E+17"), put(town[0], SEPTEMBER, 1300))
    )  # fmt: skip
    assert [(cell.kind, cell.field) for cell in cells(row)] == [
        ("refused", "credit_code"),
        ("clean", "revenue_2021_09"),
    ]


# -- the number of the workbook -----------------------------------------------------------------------
def without(content: bytes, *copies: str) -> bytes:
    """The file after a program dropped some of the four copies of the number."""
    book: Workbook = openpyxl.load_workbook(io.BytesIO(content))
    if "sheet" in copies:
        del book[BOOK_SHEET]
    if "name" in copies:
        for name in [name for name in book.defined_names if name.startswith("registry")]:
            del book.defined_names[name]
    if "properties" in copies:
        book.properties.keywords = None
    if "title" in copies:
        book[TEMPLATE_SHEET].delete_rows(1, 3)
    return saved(book)


@pytest.mark.parametrize(
    "copies",
    [
        ("sheet",),
        ("sheet", "name"),
        ("sheet", "name", "properties"),
        ("sheet", "properties", "title"),
        ("name", "properties", "title"),
        ("sheet", "name", "title"),
    ],
)
@pytest.mark.once
def test_any_copy_of_the_number_that_is_left_will_do(town: list[Firm], copies: tuple[str, ...]) -> None:
    assert untouched(sent(without(issued(), *copies)))


@pytest.mark.once
def test_without_any_number_the_file_is_refused(town: list[Firm]) -> None:
    row = sent(without(issued(), "sheet", "name", "properties", "title"))
    assert (row.state, cells(row)) == (ReturnState.REFUSED, [])
    assert row.message == (
        "这不是本系统签发的工作簿：文件里找不到编号。请使用本页下载的工作簿；企业自有格式的名单请用“导入名单”。"
    )


@pytest.mark.once
def test_a_list_of_firms_is_no_workbook(town: list[Firm]) -> None:
    row = sent("企业名称,统一社会信用代码\n海丰县青梅科技有限公司,\n".encode(), name="名单.csv")
    assert row.state == ReturnState.REFUSED


@pytest.mark.once
def test_a_number_of_ours_with_a_newer_layout_is_refused(town: list[Firm]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(issued()))
    book[BOOK_SHEET]["A2"].value = "version=7"
    row = sent(saved(book))
    assert row.message % row.message_values == "这份工作簿的版式（7）比系统新，不能读取。请重新下载工作簿后填写。"


@pytest.mark.parametrize("name", ["工作簿.xls", "工作簿.xlsm"])
@pytest.mark.once
def test_a_file_that_is_damaged_is_refused(town: list[Firm], name: str) -> None:
    row = sent(issued()[:-200], name=name)
    assert row.state == ReturnState.REFUSED


def test_what_is_not_read_of_it_is_said_as_of_any_list(town: list[Firm]) -> None:
    def more(sheet: Worksheet) -> None:
        column = sheet.max_column + 1
        sheet.cell(4, column).value = "我的备注"
        sheet.cell(5, column).value = "老户"
        sheet.cell(9, column_of(sheet, "企业名称")).value = "合计"
        sheet.row_dimensions[6].hidden = True

    row = sent(changed(issued(), more))
    left = [column["heading"] for column in row.reading["columns"] if column["taken"] == "left_out"]
    assert (left, [passed["text"] for passed in row.reading["passed"]]) == (["我的备注"], ["合计"])
    assert [(one["what"], one["first"]) for one in row.reading["assumed"]] == [("row_hidden", {"row": 6})]
