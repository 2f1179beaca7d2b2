"""`registry import` that is broken off leaves no half batch; odd bytes in names and arguments are one line, not a fault."""

from __future__ import annotations

import gc
import json
import os
import signal
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from registry.base import sqlite
from registry.imports.services import applying, staging
from tests.terminal import registry
from tests.uploads import listed
from tests.world import credit_code

ROWS = [(f"海丰县梅陇第{n}科技有限公司", credit_code(100 + n), "海丰县海城镇人民路8号") for n in range(3)]


def rows_of(database: str, question: str) -> list[tuple[Any, ...]]:
    engine = create_engine(database)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(question))]
    engine.dispose()
    return found


def whole(database: str) -> tuple[list[tuple[Any, ...]], ...]:
    """State of each batch, how many rows are staged, how many firms there are."""
    return (
        rows_of(database, "select state from import_batch"),
        rows_of(database, "select count(*) from import_row"),
        rows_of(database, "select count(*) from firm"),
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "名单.csv"
    path.write_bytes(listed(ROWS))
    return path


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_check_that_is_broken_off_leaves_nothing(
    installed: Path, database: str, file: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    stage = staging.stage

    def broken_off(*arguments: Any) -> Iterator[Any]:
        for chunk in stage(*arguments):
            yield chunk
            if chunk:
                gc.disable()  # a callback of the collector would swallow what the signal raises
                try:
                    signal.raise_signal(number)
                finally:
                    gc.enable()

    monkeypatch.setattr(staging, "stage", broken_off)
    said = registry("import", str(file), "--office", "441521", "--apply")
    assert (said.status, said.err.splitlines()[-1]) == (130, "error: aborted")
    assert whole(database) == ([("refused",)], [(0,)], [(0,)])
    monkeypatch.undo()


def test_an_error_while_it_is_written_leaves_nothing(
    installed: Path, database: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("as nobody foresaw")

    monkeypatch.setattr(applying, "turns", fails)
    with pytest.raises(RuntimeError):
        registry("import", str(file), "--office", "441521", "--apply")
    assert whole(database) == ([("refused",)], [(0,)], [(0,)])


def test_a_nul_in_a_cell_goes_back_and_the_rest_is_applied(installed: Path, database: str, tmp_path: Path) -> None:
    book, content = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for line in (("企业名称", "统一社会信用代码", "注册地址"), ("海丰县_x0000_甲有限公司", None, None), *ROWS):
        sheet.append(line)
    book.save(content)
    path, back = tmp_path / "名单.xlsx", tmp_path / "back.xlsx"
    path.write_bytes(content.getvalue())
    said = registry("import", str(path), "--office", "441521", "--apply", "--json", "--errors", str(back))
    told = json.loads(said.out)
    assert (said.status, told["new"], told["faulty"]) == (0, 3, 1)
    assert [(row["row"], row["column"], row["field"]) for row in told["rows"]] == [(2, "A", "name")]
    assert "控制字符" in told["rows"][0]["reason"]
    assert whole(database)[2] == [(3,)]
    assert back.is_file()


def test_a_file_name_that_is_no_text_is_shown_as_far_as_it_is(installed: Path, database: str, file: Path) -> None:
    """A name in GBK, as archives from other machines bring it along."""
    odd = os.fsencode(file.parent) + b"/" + "名单".encode("gbk") + b".csv"
    file.rename(os.fsdecode(odd))
    said = registry("import", os.fsdecode(odd), "--office", "441521", "--apply")
    assert (said.status, said.out.splitlines()[0]) == (
        0, ".csv: 3 rows = 3 new + 0 changed + 0 unchanged + 0 duplicate + 0 faulty",
    )  # fmt: skip
    assert whole(database)[2] == [(3,)]


@pytest.mark.parametrize("argument", ["a\0b", "\udcc3\udcfb"])
def test_an_argument_that_no_database_holds_is_one_line(installed: Path, argument: str) -> None:
    for command in (("register", "find", argument), ("import", "/dev/null", "--office", argument)):
        said = registry(*command)
        assert (said.status != 0, len(said.err.splitlines()), "Traceback" in said.err) == (True, 1, False)


def test_a_nul_in_the_register_costs_its_row_or_its_cell(installed: Path, database: str, tmp_path: Path) -> None:
    book, content = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    headings = ("企业名称", "统一社会信用代码", "企业类型", "注册地址", "自_x0000_定")
    for line in (
        headings,
        ("深圳_x0000_甲有限公司", credit_code(1), "有限责任公司", "某路1号", None),
        ("深圳乙有限公司", credit_code(2), "有限_x0000_责任公司", "某路_x0000_2号", "_x0000_"),
        ("深圳丙有限公司", "_x0000_" + credit_code(3), "有限责任公司", "某路3号", None),
        ("深圳丁有限公司", credit_code(4), "有限责任公司", "某路4号", None),
    ):
        sheet.append(line)
    book.save(content)
    path, back = tmp_path / "主体.xlsx", tmp_path / "back.csv"
    path.write_bytes(content.getvalue())
    said = registry("register", "load", str(path), "--json", "--errors", str(back))
    assert (said.status, said.err) == (0, "")
    told = json.loads(said.out)
    assert (told["new"], told["faulty"], told["left_out"]) == (2, 2, {"legal_form": 1, "address": 1})
    assert rows_of(database, "select name from registered_firm order by credit_code")
    assert back.is_file()


def test_jobs_are_listed_and_say_that_nobody_is_at_work(installed: Path) -> None:
    said = registry("jobs", "list", "--json")
    assert (said.status, json.loads(said.out)) == (
        1,
        {"jobs": [], "lanes": {lane: {"served": False, "seen_at": None} for lane in ("short", "long")}},
    )
    assert registry("jobs", "retry", "1").status == 2


def test_an_import_whose_database_is_locked_for_a_while_is_not_taken_back(
    installed: Path, database: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written is there to go on with; of what was only checked nothing is left."""
    file.write_bytes(
        listed([(f"海丰县梅陇第{n}科技有限公司", credit_code(100 + n), "海丰县海城镇8号") for n in range(70)])
    )
    batch_of = {"stage": "1", "turns": "2"}
    for module, name, expected, says in (
        (staging, "stage", "refused", "nothing was imported: run the command again"),
        (applying, "turns", "applying", "batch 2 is applying: registry batch 2 --go-on or --take-back"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, locked_after_a_turn(getattr(module, name)))
            said = registry("import", str(file), "--office", "441521", "--apply")
        assert (said.status, said.err.splitlines()[-1]) == (1, f"error: the database is busy; {says}")
        assert json.loads(registry("batch", batch_of[name], "--json").out)["state"] == expected
    said = registry("batch", "2", "--go-on")
    assert (said.status, rows_of(database, "select count(*) from firm where voided_at is null")) == (0, [(70,)])


def locked_after_a_turn(work: Any) -> Any:
    def locked(*given: Any, **named: Any) -> Iterator[Any]:
        for turn in work(*given, **named):
            yield turn
            said = sqlite.DRIVER.OperationalError("database is locked")
            said.sqlite_errorcode = 5
            raise OperationalError("BEGIN IMMEDIATE", {}, said)

    return locked
