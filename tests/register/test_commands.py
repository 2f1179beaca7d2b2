"""`registry register`: load with its report and its errors, go on after a kill, list, find."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from registry.base.extensions import db
from registry.base.sqlite import reading
from registry.register.models import RegisteredFirm, RegisterLoad, RegisterRow
from registry.trail.models import TrailEntry
from tests.registered import row, written
from tests.terminal import registry
from tests.workbooks.filled import issued
from tests.world import World, credit_code

ROWS = [row(credit_code(1)), row(credit_code(2), "海丰县白鹭软件有限公司"), row("", "无码有限公司")]


@pytest.fixture
def file(installed: Path, world: World) -> Path:
    return written(ROWS)


def test_the_report_is_one_object_with_all_counts(file: Path) -> None:
    said = registry("register", "load", str(file), "--json")
    assert (said.status, said.err) == (0, "")
    told = json.loads(said.out)
    assert [len(told.pop(key)) for key in ("sheets", "columns", "passed", "assumed")] == [1, 8, 0, 0]
    assert told == {
        "load": 1, "as_of": "2021-10-15", "whole": False, "rows": 3, "new": 2, "renamed": 0, "changed": 0,
        "unchanged": 0, "faulty": 1, "gone": 0, "left_out": {}, "errors": None,
    }  # fmt: skip


def test_the_summary_names_the_counts_and_where_the_faulty_rows_are(file: Path, tmp_path: Path) -> None:
    said = registry("register", "load", str(file))
    assert said.out.splitlines() == [
        "名单.csv: 3 rows = 2 new + 0 renamed + 0 changed + 0 unchanged + 1 faulty",
        "  the faulty rows: registry register errors 1 --output OUT.csv",
        "load 1 applied",
    ]
    again = registry("register", "load", str(file), "--errors", str(tmp_path / "back.csv"))
    assert again.out.splitlines()[-2:] == [f"faulty rows: {tmp_path / 'back.csv'}", "load 2 applied"]
    assert "统一社会信用代码没有填写" in (tmp_path / "back.csv").read_text(encoding="utf-8-sig")
    said = registry("register", "errors", "1", "--output", str(tmp_path / "later.csv"))
    assert said.out == f"{tmp_path / 'later.csv'}: 1 rows\n"


def test_a_person_who_may_load_is_named_on_the_trail(file: Path) -> None:
    assert registry("register", "load", str(file), "--as", "sysadmin").status == 0
    assert db.session.query(TrailEntry).filter_by(verb="load_register").one().actor_name == "系统员"
    db.session.rollback()
    for username in ("haifeng", "auditor", "secadmin"):
        said = registry("register", "load", str(file), "--as", username)
        assert (said.status, said.err) == (1, "error: 您没有执行此操作的权限。\n")


@pytest.mark.parametrize(
    "arguments, line",
    [
        (("--as-of", "2021-10-16"), "error: 名单的截止日 2021-10-16 在今天之后，请核对 --as-of。"),
        (("--as", "nobody"), "error: 没有名为“nobody”的用户，或已停用。"),
        (("--columns", "name,phone"), "error: --columns 里有不认识或重复的列名"),
        (("--errors", "missing/back.csv"), "error: Invalid value for --errors: there is no folder missing"),
    ],
)
def test_a_wrong_use_is_one_line_and_leaves_nothing(file: Path, arguments: tuple[str, ...], line: str) -> None:
    said = registry("register", "load", str(file), *arguments)
    assert (said.status != 0, said.out, said.err.count("\n")) == (True, "", 1)
    assert said.err.startswith(line)
    assert db.session.query(RegisterLoad).count() == 0


def test_a_broken_file_is_refused_before_a_load_begins(file: Path) -> None:
    file.write_bytes(b"PK\x03\x04" + b"\0" * 500)
    said = registry("register", "load", str(file))
    assert (said.status, said.err) == (1, "error: 文件不完整，可能没有传完，请重新下载或另存后再上传。\n")
    assert db.session.query(RegisterLoad).count() == 0


def test_a_firm_is_found_by_the_command(file: Path) -> None:
    registry("register", "load", str(file))
    said = registry("register", "find", "海豐縣青雲", "--json")
    assert [json.loads(line)["credit_code"] for line in said.out.splitlines()] == [credit_code(1)]
    assert registry("register", "find", credit_code(2)[:12]).out.count("\n") == 2
    missing = registry("register", "find", "没有这家")
    assert (missing.status, missing.err) == (1, "error: nothing found\n")


def test_the_loads_are_listed(file: Path) -> None:
    registry("register", "load", str(file))
    assert registry("register", "loads").out.startswith("1  2021-10-15  applied  名单.csv  system  new 2 ")


@pytest.mark.slow
def test_a_load_that_is_killed_goes_on_where_it_was(installed: Path, world: World, tmp_path: Path) -> None:
    lines = (f"海丰县青云{number}号检测有限公司\t{credit_code(number)}\t广东\t汕尾\n" for number in range(1, 12_001))
    path = tmp_path / "names.tsv.gz"
    path.write_bytes(gzip.compress("".join(lines).encode()))
    command = [sys.executable, "-m", "registry", "register", "load", str(path)]
    with subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        reached = _reached(2_000)
        child.send_signal(signal.SIGKILL)
    assert 2_000 <= reached < 12_000
    said = registry("register", "load", str(path), "--json")
    assert said.status == 0
    report = json.loads(said.out)
    assert (report["load"], report["rows"], report["new"]) == (1, 12_000, 12_000)
    assert (db.session.query(RegisteredFirm).count(), db.session.query(RegisterRow).count()) == (12_000, 0)


def _reached(rows: int) -> int:
    """Wait until the load has staged so many rows."""
    db.session.rollback()
    for _ in range(600):
        with reading():  # a look must not hold up the load
            reached = db.session.scalar(db.select(RegisterLoad.read_to)) or 0
            db.session.rollback()
        if reached >= rows:
            return reached
        time.sleep(0.05)
    raise AssertionError("the load did not get so far")


def test_what_was_not_read_is_said_in_the_words_of_every_door(installed: Path, world: World) -> None:
    path = installed / "register.csv"
    path.write_text(
        "企业名称,统一社会信用代码,注册资本,法定代表人,序号\n"
        f"汕尾市云帆软件有限公司,{credit_code(1)},100,甲某,1\n合计,,,,\n",
        encoding="utf-8",
    )
    said = registry("register", "load", str(path))
    assert said.status == 0
    assert "  column D 法定代表人: not read: the heading is not known" in said.out
    assert "  row 3: passed over: 合计" in said.out
    assert "  1 rows column C, first row 2: 注册资本没有写单位，已按万元处理" in said.out
    told = json.loads(registry("register", "load", str(path), "--json").out)
    assert [(c["column"], c["taken"]) for c in told["columns"]] == [
        ("A", "read"), ("B", "read"), ("C", "read"), ("D", "left_out"), ("E", "left_out"),
    ]  # fmt: skip
    assert [(one["what"], one["rows"]) for one in told["assumed"]] == [("unit_assumed", 1)]
    load = db.session.get_one(RegisterLoad, 1)
    assert load.reading["passed"] == [{"row": 3, "text": "合计"}]


def test_a_foreign_capital_in_the_register_is_not_taken_for_yuan(installed: Path, world: World) -> None:
    path = installed / "register.csv"
    path.write_text(
        f"企业名称,统一社会信用代码,注册资本(万美元)\n汕尾市云帆软件有限公司,{credit_code(1)},100\n", encoding="utf-8"
    )
    assert registry("register", "load", str(path)).status == 0
    (firm,) = db.session.query(RegisteredFirm)
    assert (firm.capital, firm.capital_currency) == (1_000_000, "USD")


def test_a_workbook_of_ours_is_no_list_of_registered_firms(installed: Path, world: World, tmp_path: Path) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    path = tmp_path / "离线填报.xlsx"
    path.write_bytes(issued())
    said = registry("register", "load", str(path))
    assert (said.status, "请到“离线填报”页交回" in said.err) == (1, True)
    assert db.session.query(RegisterLoad).count() == 0


def test_rows_of_a_further_sheet_go_back_with_its_name(installed: Path, world: World, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    for cells in (("企业名称", "统一社会信用代码"), ("海丰县青云检测有限公司", credit_code(1))):
        first.append(cells)
    further = book.create_sheet("陆丰")
    for cells in (("电话", "企业名称", "统一社会信用代码"), ("13912345678", "陆丰市白鹭软件有限公司", credit_code(1))):
        further.append(cells)
    path, faulty = tmp_path / "list.xlsx", tmp_path / "faulty.csv"
    book.save(path)
    assert registry("register", "load", str(path), "--errors", str(faulty)).status == 0
    assert faulty.read_text(encoding="utf-8-sig").splitlines() == [
        "原行号,问题,企业名称,统一社会信用代码",
        f"陆丰!2,与本文件第Sheet!2行的统一社会信用代码相同，只采用第Sheet!2行,陆丰市白鹭软件有限公司,{credit_code(1)}",
    ]
