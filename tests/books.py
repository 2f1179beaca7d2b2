"""Workbooks made part by part, so that a test can break any one of them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

HEADINGS = ("企业名称", "统一社会信用代码", "成立日期", "注册资本(万元)")
FIRM = ("汕尾市云帆软件有限公司", "91441500MA55T101XF", "2019-05-20", "100")

Cell = str | int | float | None


def letters(column: int) -> str:
    """1 -> A, 27 -> AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def row_xml(number: int, cells: Sequence[Cell]) -> str:
    """One row of inline texts and numbers; None leaves a cell out."""
    body = ""
    for column, cell in enumerate(cells, start=1):
        place = f"{letters(column)}{number}"
        if isinstance(cell, str):
            body += f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        elif cell is not None:
            body += f'<c r="{place}"><v>{cell}</v></c>'
    return f'<row r="{number}">{body}</row>'


def sheet_xml(rows: str = "", after: str = "", before: str = "") -> str:
    """A worksheet part around the XML of its rows."""
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def table_xml(*rows: Sequence[Cell], start: int = 1) -> str:
    return "".join(row_xml(number, cells) for number, cells in enumerate(rows, start=start))


def good_sheet() -> str:
    return sheet_xml(table_xml(HEADINGS, FIRM))


def parts(sheets: Mapping[str, str | bytes], *, hidden: Sequence[str] = ()) -> dict[str, str | bytes]:
    """The parts of a workbook with these sheets (name -> worksheet XML)."""
    states = dict.fromkeys(hidden, ' state="hidden"')
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="rId{i}"{states.get(name, "")}/>'
        for i, name in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    return {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        **{f"xl/worksheets/sheet{i}.xml": xml for i, xml in enumerate(sheets.values(), start=1)},
    }


def write_parts(path: Path, contents: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in contents.items():
            container.writestr(name, content)
    return path


def write_sheet(path: Path, xml: str | bytes, **others: str | bytes) -> Path:
    """A workbook of one sheet, with more parts or other ones under their names."""
    return write_parts(path, parts({"Sheet1": xml}) | others)


def write_table(path: Path, *rows: Sequence[Cell], start: int = 1) -> Path:
    return write_sheet(path, sheet_xml(table_xml(*rows, start=start)))
