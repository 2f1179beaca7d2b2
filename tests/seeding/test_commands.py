"""`registry seed` and a start say what they did with the files, and end badly where the files do not fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from registry import create_app
from registry.base.extensions import db
from registry.config import ROOT
from registry.seeding import commands
from tests.seeding.test_seeds import LOWER, change
from tests.terminal import registry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "seeds", tmp_path / "edited"))


def test_what_each_file_did_is_printed_and_a_second_time_the_same(installed: Path, folder: Path) -> None:
    change(folder, *LOWER)
    first = registry("seed", "--from", str(folder))
    assert (first.status, first.err) == (0, "")
    assert first.out.splitlines()[6:8] == [
        "thresholds.csv: 0 added, 19 same, 1 differ",
        (
            "  thresholds.csv:9 SVC-2000-I 1 amount_yuan: here 20000000.00, file 10000000.00: "
            "已列入草稿 1，待另一人核对后发布"
        ),
    ]
    assert registry("seed", "--from", str(folder)) == first


def test_json_says_the_same(installed: Path, folder: Path) -> None:
    change(folder, *LOWER)
    told = json.loads(registry("seed", "--from", str(folder), "--json").out)
    assert told["faults"] == []
    assert [file for file in told["files"] if file["differs"]] == [
        {
            "file": "thresholds.csv", "encoding": "utf-8", "added": 0, "same": 19, "kept": 0,
            "differs": [
                {
                    "row": 9, "key": "SVC-2000-I 1", "field": "amount_yuan", "here": "20000000.00",
                    "file": "10000000.00", "outcome": "waits", "draft": 1, "reason": "已列入草稿 1，待另一人核对后发布",
                }
            ],
        }
    ]  # fmt: skip


def test_faults_are_listed_and_the_status_is_one(installed: Path, folder: Path) -> None:
    change(folder, "thresholds.csv", "amount_yuan", "amount_yuen")
    said = registry("seed", "--from", str(folder))
    assert (said.status, said.out) == (1, "")
    assert said.err.splitlines() == [
        "thresholds.csv 1:G amount_yuen: 没有名为“amount_yuen”的列，请改成：amount_yuan。",
        "thresholds.csv 1 amount_yuan: 缺少列“amount_yuan”，请按原文件的标题行补上。",
        "error: 基础数据文件有 2 处错误，全部文件都没有载入。",
    ]
    plain = registry("seed", "--from", str(folder), "--json")
    assert plain.status == 1
    assert json.loads(plain.out)["faults"][0] == {
        "file": "thresholds.csv", "row": 1, "column": "G", "field": "amount_yuen",
        "reason": "没有名为“amount_yuen”的列，请改成：amount_yuan。",
    }  # fmt: skip


def test_a_start_with_faulty_files_serves_what_is_filled_and_says_so(
    installed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "thresholds.csv", "amount_yuan", "amount_yuen")
    monkeypatch.setattr(commands, "FOLDER", folder)
    with create_app().app_context():
        commands.prepare()
        db.engine.dispose()
    told = capsys.readouterr().err.splitlines()
    assert told[-2:] == [
        "warning: 基础数据文件有 2 处错误，全部文件都没有载入。",
        "warning: serving with what the database holds; mend the files and run `registry seed`",
    ]


def test_a_start_on_an_empty_database_with_faulty_files_is_refused(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    monkeypatch.setenv("REGISTRY_INSTANCE", str(tmp_path))
    change(folder, "thresholds.csv", "amount_yuan", "amount_yuen")
    monkeypatch.setattr(commands, "FOLDER", folder)
    said = registry("serve", "--no-demo", "--port", "8106")
    assert said.status == 1
    assert said.err.splitlines()[-1] == "error: 基础数据文件有 2 处错误，全部文件都没有载入。"


# -- a check alone --------------------------------------------------------------------------------
def test_check_data_finds_no_fault_in_what_is_shipped_and_writes_nothing(installed: Path) -> None:
    said = registry("check-data")
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[-1].endswith(" rows, 0 faults")
    assert "thresholds.csv: 20 rows, 19 with an open clause" in said.out
    assert registry("check-data", "--alone") == said


def test_check_data_names_each_fault_and_its_status_is_one(installed: Path, folder: Path) -> None:
    change(folder, *LOWER)
    change(folder, "demo/trades.csv", "6311,通信服务,有限公司,30", "6311,通信服务,有限公司,30家")
    said = registry("check-data", "--from", str(folder))
    assert said.status == 1
    place = "demo/trades.csv 2:D scale: “30家”带有单位或百分号，请按本列的单位只写数字，金额一律按元。"
    assert said.err.splitlines() == [place]
    told = json.loads(registry("check-data", "--from", str(folder), "--json").out)
    assert [(one["file"], one["row"], one["column"], one["field"]) for one in told["faults"]] == [
        ("demo/trades.csv", 2, "D", "scale")
    ]
    assert {"file": "thresholds.csv", "rows": 20, "unplaced": 19, "encoding": "utf-8"} in told["files"]


def test_check_data_alone_asks_no_database(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    monkeypatch.setenv("REGISTRY_INSTANCE", str(tmp_path))
    change(folder, "parameters.csv", "review.days,3,", "review.days,三,")
    said = registry("check-data", "--alone", "--from", str(folder))
    assert said.status == 1
    assert said.err.startswith("parameters.csv 5:B value: ")
    assert not (tmp_path / "none.db").exists()
