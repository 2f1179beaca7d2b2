"""`registry export`: a file and one line, or one line that says what is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.trail.models import TrailEntry
from tests.lives import listed
from tests.world import World


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """A folder to write to; a firm is in the directory since May."""
    listed(world, "海丰县云谷软件有限公司", 1)
    db.session.commit()
    folder = tmp_path / "taken"
    folder.mkdir()
    return folder


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """Exit status and the last line said."""
    result = app.test_cli_runner().invoke(args=["export", *arguments])
    said = str(result.exception) if result.exception and result.exit_code == 1 else result.output.strip()
    return result.exit_code, said.splitlines()[-1]


def test_it_writes_the_quarter_and_says_what_is_in_it(app: Flask, folder: Path) -> None:
    target = folder / "q3.xlsx"
    status, said = run(app, "--quarter", "2021Q3", "--output", str(target))
    assert (status, said.partition("digest")[0]) == (0, f"{target}: 1 firms, 0 changes, ")
    assert (target.read_bytes()[:2], [path.name for path in folder.iterdir()]) == (b"PK", ["q3.xlsx"])


def test_the_same_bytes_for_another_person_in_another_year(app: Flask, folder: Path) -> None:
    run(app, "--quarter", "2021Q3", "--output", str(folder / "a.xlsx"))
    app.config["TODAY"] = date(2029, 1, 5)
    run(app, "--quarter", "2021q3", "--output", str(folder / "b.xlsx"), "--as", "leader")
    assert (folder / "a.xlsx").read_bytes() == (folder / "b.xlsx").read_bytes()
    acts = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export").order_by(TrailEntry.seq)).all()
    assert [(act.actor_name, act.office_code) for act in acts] == [("system", "system"), ("孙领", "441500")]


def test_an_older_file_is_replaced(app: Flask, folder: Path) -> None:
    target = folder / "q3.xlsx"
    target.write_text("old")
    assert run(app, "--quarter", "2021Q3", "--output", str(target))[0] == 0
    assert target.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    "arguments, status, said",
    [
        (("--output", "q.xlsx"), 2, "Error: Missing option '--quarter'."),
        (("--quarter", "2021Q3"), 2, "Error: Missing option '--output'."),
        (("--quarter", "2021Q5", "--output", "q.xlsx"), 1, "“2021Q5”不是可识别的季度，请填写如 2021Q3。"),
        (("--quarter", "", "--output", "q.xlsx"), 1, "“”不是可识别的季度，请填写如 2021Q3。"),
        (("--quarter", "2021Q4", "--output", "q.xlsx"), 1, "2021Q4 到 2021-12-31 才结束，次日起才能查看和导出季度名录。"),
        (("--quarter", "2021Q3", "--output", "q.csv"), 2, "Error: Invalid value for --output: the file must be an .xlsx workbook"),
        (("--quarter", "2021Q3", "--output", "no/such/q.xlsx"), 2, "Error: Invalid value for --output: there is no folder no/such"),
        (("--quarter", "2021Q3", "--output", "q.xlsx", "--as", "nobody"), 1, "没有名为“nobody”的用户，或已停用。"),
        (("--quarter", "2021Q3", "--output", "q.xlsx", "--as", "haifeng"), 1, "您没有执行此操作的权限。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_and_nothing_is_written(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], status: int, said: str
) -> None:
    monkeypatch.chdir(folder)
    assert (run(app, *arguments), list(folder.iterdir())) == ((status, said), [])
