"""An import of a hundred thousand rows, checked and applied, beside a bare bulk insert of the same firms."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import xlsxwriter

from bench.city import TODAY, city
from bench.measure import cost
from bench.scale import fill, names
from registry.demo.city import credit_code

HEADINGS = ("企业名称", "统一社会信用代码", "行业代码", "注册地址", "上年营业收入(万元)")


def figures(folder: Path, rows: int) -> Iterator[str]:
    floor = cost(_bare, folder / "bare", rows)
    yield f"import of {rows:,} rows (SQLite)"
    yield f"  bare SQLAlchemy bulk insert    {floor.wall:7.1f} s, {floor.cpu:7.1f} CPU s, peak {floor.peak:4.0f} MB"
    for kind, write in (("csv", write_csv), ("xlsx", _write_xlsx)):
        path = folder / f"list.{kind}"
        write(path, rows)
        for mode in ("--dry-run", "--apply"):
            taken = cost(_import, folder / kind, path, mode)
            counts = {key: taken.result[key] for key in ("new", "changed", "unchanged", "duplicate", "faulty")}
            yield (
                f"  {kind:<4} {mode:<10} {taken.wall:7.1f} s, {taken.cpu:7.1f} CPU s, peak {taken.peak:4.0f} MB"
                f" | ratio {taken.wall / floor.wall:5.1f} | {counts}"
            )


def _bare(folder: Path, rows: int) -> None:
    folder.mkdir()
    with city(folder):
        fill(rows)


def _import(folder: Path, path: Path, mode: str) -> dict[str, int]:
    """The product's own command in a process of its own, as the sysadmin would run it."""
    folder.mkdir(exist_ok=True)
    with city(folder):
        pass
    command = [sys.executable, "-m", "registry", "import", str(path), "--office", "441500", mode, "--json"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "REGISTRY_INSTANCE": str(folder),
        "REGISTRY_DATABASE_URL": f"sqlite:///{folder / 'registry.db'}",
        "REGISTRY_TODAY": TODAY.isoformat(),
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-500:])
    result: dict[str, int] = json.loads(done.stdout)
    return result


def _rows(rows: int) -> Iterator[tuple[str, ...]]:
    for serial, (name, industry) in enumerate(names(rows), start=1):
        code = credit_code(serial % 100_000, ("441502", "441521", "441523", "441581")[serial % 4])
        yield name, code, industry, f"汕尾市城区凤山路{serial}号", f"{serial % 5000}.25"


def write_csv(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((HEADINGS, *_rows(rows)))


def _write_xlsx(path: Path, rows: int) -> None:
    with redirect_stdout(StringIO()), xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADINGS, *_rows(rows))):
            sheet.write_row(number, 0, row)
