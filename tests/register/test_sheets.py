"""A file of the register: its columns by their headings, by what the cells hold, or as they are named."""

from __future__ import annotations

import gzip
from pathlib import Path

import openpyxl
import pytest

from registry.base.errors import FileRefused
from registry.register.sheets import RegisterReader, open_register, read_as
from tests.world import credit_code

ROWS = [
    ("海丰县青云检测有限公司", credit_code(1), "广东", "汕尾"),
    ("陆丰市白鹭软件有限公司", credit_code(2), "广东", "汕尾"),
]


def plain(path: Path, separator: str = "\t") -> Path:
    path.write_text("".join(separator.join(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def keys(path: Path, **options: object) -> tuple[int, tuple[str | None, ...], list[str]]:
    """Heading row, key of every column, and the names that are read."""
    with open_register(path, **options) as table:  # type: ignore[arg-type]
        reader = RegisterReader(table)
        names = [reader.read(row).fields["name"] for row in table.rows]
        return table.heading_row, tuple(read_as(column) for column in table.columns), names


NAMES = [row[0] for row in ROWS]
HEADLESS = (0, ("name", "credit_code", "province", "city"), NAMES)


@pytest.mark.parametrize("separator", ["\t", ","])
def test_a_table_that_begins_with_data_is_understood_by_its_cells(tmp_path: Path, separator: str) -> None:
    assert keys(plain(tmp_path / "names.txt", separator)) == HEADLESS


def test_a_packed_table_is_read_too(tmp_path: Path) -> None:
    packed = tmp_path / "names.tsv.gz"
    packed.write_bytes(gzip.compress(plain(tmp_path / "names.tsv").read_bytes()))
    assert keys(packed, columns=("name", "credit_code", "province", "city")) == HEADLESS


def test_columns_may_be_named_and_passed_over(tmp_path: Path) -> None:
    found = keys(plain(tmp_path / "names.tsv"), columns=("name", "credit_code", "-", "city"))
    assert found == (0, ("name", "credit_code", None, "city"), NAMES)


def test_headings_are_known_by_their_aliases_and_a_person_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    heads = "企业名称,统一社会信用代码,法定代表人,成立日期,企业类型,注册资金,经营范围,地区,注册地址,经营状态,联系电话"
    path.write_text(f"{heads}\n海丰县青云检测有限公司,{credit_code(1)},某某,2015-06-01,,,,,,,\n", encoding="utf-8")
    number, found, _ = keys(path)
    assert number == 1
    assert found == ("name", "credit_code", None, "founded_on", "legal_form", "capital", "scope", "region", "address",
                     "registration", None)  # fmt: skip


def test_a_workbook_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(("企业名称", "统一社会信用代码"))  # type: ignore[union-attr]
    book.active.append(ROWS[0][:2])  # type: ignore[union-attr]
    book.save(tmp_path / "list.xlsx")
    assert keys(tmp_path / "list.xlsx") == (1, ("name", "credit_code"), NAMES[:1])


@pytest.mark.parametrize("columns", [("name",), ("name", "name", "credit_code"), ("name", "credit_code", "phone")])
def test_columns_that_are_unknown_twice_or_too_few_are_refused(tmp_path: Path, columns: tuple[str, ...]) -> None:
    with pytest.raises(FileRefused):
        open_register(plain(tmp_path / "names.tsv"), columns=columns)


def test_a_list_without_codes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("企业名称,注册地址\n海丰县青云检测有限公司,海丰县\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="统一社会信用代码"):
        open_register(path)


def read_rows(path: Path) -> list[dict[str, object]]:
    """Of each row what is stored, or the codes of its faults."""
    with open_register(path) as table:
        reader = RegisterReader(table)
        readings = [reader.read(row) for row in table.rows]
    return [one.fields if not one.faults else {"faults": [fault.code for fault in one.faults]} for one in readings]


def test_a_second_table_is_read_by_its_own_heading(tmp_path: Path) -> None:
    (one, first, *_), (other, second, *_) = ROWS
    path = tmp_path / "list.csv"
    lines = ("一、检测企业", "企业名称,统一社会信用代码,省份", f"{one},{first},广东", "二、软件企业",
             "统一社会信用代码,经营范围,企业名称", f"{second},软件开发,{other}", "三、其他",
             "企业名称,经营范围", "汕尾市望洋咨询有限公司,咨询")  # fmt: skip
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read_rows(path) == [
        {"name": one, "credit_code": first, "province": "广东"},
        {"name": other, "credit_code": second, "scope": "软件开发"},
        {"faults": ["required"]},
    ]


def test_each_sheet_is_read_by_its_own_heading_and_a_merged_place_counts_for_all_its_rows(tmp_path: Path) -> None:
    (one, first, *_), (other, second, *_) = ROWS
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("企业名称", "统一社会信用代码", "所属县区"),
        (one, first, "海丰县"),
        ("海丰县可塘科技有限公司", credit_code(3), None),
    ):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    further = book.create_sheet("陆丰")
    for row in (("所属县区", "统一社会信用代码", "企业名称"), ("陆丰市", second, other)):
        further.append(row)
    book.save(tmp_path / "list.xlsx")
    found = [(row["name"], row["credit_code"], row["region"]) for row in read_rows(tmp_path / "list.xlsx")]
    assert found == [
        (one, first, "海丰县"), ("海丰县可塘科技有限公司", credit_code(3), "海丰县"), (other, second, "陆丰市"),
    ]  # fmt: skip
