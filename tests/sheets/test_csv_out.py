"""CSV for any number of rows: readable by Excel in Chinese, harmless, exact."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry.base.vocabulary import NOTICE
from registry.config import ROOT
from registry.sheets.columns import COLUMNS, by_key, export_columns, ledger_columns
from registry.sheets.csv_out import csv_chunks, quiet, write_csv, write_table
from registry.whatif import sheets

Firm = dict[str, Any]
Reread = Callable[[bytes, str], list[Firm]]
ReadBack = Callable[[Firm, Iterable[str]], Firm]


def written(rows: list[Firm], columns: Any = None) -> bytes:
    stream = io.BytesIO()
    assert write_csv(stream, columns or ledger_columns(), iter(rows)) == len(rows)
    return stream.getvalue()


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_it_begins_with_the_mark_and_the_headings_with_units(firms: list[Firm]) -> None:
    content = written(firms)
    assert content[:3] == b"\xef\xbb\xbf"
    assert table(content)[0] == [column.heading_with_unit for column in ledger_columns()]
    assert content.count(b"\r\n") == 5


def test_values_are_exact(firms: list[Firm]) -> None:
    rows = [
        dict(zip([c.key for c in export_columns()], row, strict=True))
        for row in table(written(firms, export_columns()))
    ]
    assert rows[1]["revenue_to_date"] == "1500.000007"
    assert rows[2]["revenue_to_date"] == "1080.00"
    assert rows[3]["revenue_to_date"] == ""
    assert rows[2]["revenue_last_year"] == "999.999999"
    assert rows[1]["rate"] == "75.00%"
    assert rows[1]["founded_on"] == "2019-05-20"
    assert rows[1]["stage"] == "在库培育"
    assert rows[1]["former_names"] == "汕尾市云帆计算机有限公司"


def test_large_and_small_amounts_have_no_exponent() -> None:
    columns = (by_key("revenue_to_date"),)
    rows = [{"revenue_to_date": Decimal(text)} for text in ("1E+9", "0.01", "-250000.00", "99999999999999.99")]
    assert table(written(rows, columns))[1:-1] == [["100000.00"], ["0.000001"], ["-25.00"], ["9999999999.999999"]]


def test_a_text_that_would_run_gets_a_quote(payloads: tuple[str, ...]) -> None:
    columns = (by_key("name"),)
    cells = [row[0] for row in table(written([{"name": payload} for payload in payloads], columns))[1:-1]]
    assert [cell for cell in cells if cell[0] in "=+-@\t\r"] == []
    assert cells == [quiet(payload) for payload in payloads]
    assert (quiet("=1+1"), quiet("汕尾"), quiet("'=1"), quiet("'汕尾")) == ("'=1+1", "汕尾", "''=1", "'汕尾")


def test_an_untouched_export_reads_back_equal(firms: list[Firm], reread: Reread, read_back: ReadBack) -> None:
    hostile = [
        {**firms[0], "name": name}
        for name in ("=1+1汕尾公司", "'=1+1汕尾公司", "@汕尾公司", '汕尾公司“海丰,陆丰”"一号"')
    ]
    expected = [read_back(firm, [c.key for c in COLUMNS]) for firm in firms + hostile]
    assert reread(written(firms + hostile, COLUMNS), "ledger.csv") == expected
    in_gb18030 = written(firms + hostile, COLUMNS).decode("utf-8-sig").encode("gb18030")
    assert reread(in_gb18030, "excel.csv") == expected


def test_negative_amounts_are_numbers_not_texts() -> None:
    assert table(written([{"revenue_to_date": Decimal("-1.00")}], (by_key("revenue_to_date"),)))[1] == ["-0.0001"]


def test_many_rows_come_in_pieces_that_add_up_to_the_file(tmp_path: Path) -> None:
    rows = [{"name": f"海丰县第{number}信息技术有限公司"} for number in range(2_500)]
    pieces = list(csv_chunks((by_key("name"),), iter(rows)))
    assert len(pieces) == 3
    target = tmp_path / "ledger.csv"
    assert write_csv(target, (by_key("name"),), iter(rows)) == 2_500
    assert target.read_bytes() == b"".join(pieces)
    assert len(table(target.read_bytes())) == 2_502


# -- the notice -----------------------------------------------------------------------------------
WRITERS = {
    "registry/sheets/csv_out.py", "registry/whatif/sheets.py",
    # The register's own form, which the demo loads.
    "registry/demo/registrations.py",
    # Lists of people's own rows, which go back to them or to their spreadsheet.
    "registry/sheets/flat.py", "registry/register/services/faulty_rows.py",
}  # fmt: skip


def test_every_list_ends_with_the_notice(tmp_path: Path) -> None:
    lines = b"".join(csv_chunks(ledger_columns()[:2], [])).decode("utf-8-sig").splitlines()
    assert lines[-1] == f"{NOTICE},"
    with (tmp_path / "list.csv").open("w+b") as file:
        assert write_table(file, ["企业名称", "阶段"], [("海丰县云谷软件有限公司", "在库培育")])[0] == 1
        file.seek(0)
        assert file.read().decode("utf-8-sig").splitlines()[-1] == f"{NOTICE},"
    assert sheets.csv_of([]).decode("utf-8-sig").splitlines()[-1] == NOTICE + "," * (len(sheets.HEADINGS) - 1)


def test_csv_is_written_in_one_place() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "registry").rglob("*.py")
        if "csv.writer(" in path.read_text(encoding="utf-8")
    }
    assert found == WRITERS
