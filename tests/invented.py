"""Invented firms of Shanwei as the directory stores them, and LibreOffice to open what we write."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from registry.sheets.cells import parse
from registry.sheets.columns import by_key
from registry.sheets.reader import read_table

Firm = dict[str, Any]

# What a spreadsheet, or a person who means harm, could take for something to run: 50 texts.
PAYLOADS = (
    *(f"{mark}{text}" for mark in "=+-@\t" for text in ("1+1", "cmd|'/c calc'!A0", 'HYPERLINK("http://x","点")', "A1")),
    "=1+1",
    "==1+1",
    "=SUM(A1:A9)",
    '=IMPORTXML("http://x/")',
    "=WEBSERVICE(A1)",
    '=DDE("cmd";"/C calc";"x")',
    "@SUM(1,1)",
    "+SUM(1,1)",
    "-2+3+cmd|' /C calc'!A0",
    "{=1+1}",
    " =1+1",
    "'=1+1",
    '"=1+1',
    "；=1+1",
    "=\u200b1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\n=1+1",
    "%0A=1+1",
    "=1+1;=2+2",
    "<r><t>=1+1</t></r>",
    "<f>1+1</f>",
    "]]><f>1+1</f>",
    "&lt;f&gt;1+1",
    "_x003D_1+1",
    "#REF!",
    "#N/A",
    "TRUE",
)


@pytest.fixture
def payloads() -> tuple[str, ...]:
    assert len(set(PAYLOADS)) >= 49
    return PAYLOADS


@pytest.fixture
def firms() -> list[Firm]:
    """Three firms; figures with full fen, one without any, one code of digits only at its head."""
    return [
        {
            "name": "汕尾市云帆软件有限公司",
            "credit_code": "91441500MA55T101XF",
            "former_names": ("汕尾市云帆计算机有限公司",),
            "division": "城区",
            "town": "香洲街道",
            "registered_address": "汕尾市城区香洲街道红海中路18号",
            "operating_address": "汕尾市城区香洲街道红海中路18号三楼",
            "industry": "6513 应用软件开发",
            "industry_year": 2017,
            "activity": "应用软件开发；信息系统集成",
            "unit_kind": "legal_person",
            "founded_on": date(2019, 5, 20),
            "capital": Decimal("1000000.00"),
            "accounting": "enterprise",
            "taxpayer_kind": "general",
            "employees": 42,
            "revenue_last_year": Decimal("12345678.91"),
            "revenue_to_date": Decimal("15000000.07"),
            "to_month": 9,
            "statutory_line": Decimal("20000000.00"),
            "rate": Decimal("0.7500"),
            "tier": "C",
            "lead_bureau": "市工业和信息化局",
            "missing": "缺口 499.999993 万元",
            "stage": "admitted",
            "stage_on": date(2021, 8, 9),
            "proposer": "城区",
        },
        {
            "name": "海丰县正衡检测技术有限公司",
            "credit_code": "91441521MA55T1028W",
            "division": "海丰县",
            "industry": "7452 检测服务",
            "unit_kind": "legal_person",
            "founded_on": date(1958, 1, 3),
            "revenue_last_year": Decimal("9999999.99"),
            "revenue_to_date": Decimal("10800000.00"),
            "to_month": "2021-09",
            "statutory_line": Decimal("10000000.00"),
            "rate": Decimal("1.0800"),
            "tier": "A",
            "stage": "qualified",
            "stage_on": date(2021, 9, 18),
            "proposer": "海丰县",
        },
        {
            "name": "陆河县青梅电子商务有限公司",
            "credit_code": "91441523MA55T1044F",
            "division": "陆河县",
            "industry": "6432 互联网生活服务平台",
            "stage": "removed",
            "proposer": "陆河县",
        },
    ]


@pytest.fixture
def reread(tmp_path: Path) -> Callable[[bytes, str], list[Firm]]:
    """What our own import understands of a file; a fault fails the test."""

    def read(content: bytes, name: str) -> list[Firm]:
        source = tmp_path / name
        source.write_bytes(content)
        firms = []
        with read_table(source) as found:
            for row in found.rows:
                parsed = {
                    key: parse(by_key(key), row.cells[column.index], scale=column.scale)
                    for key, column in found.recognised().items()
                }
                assert [cell.fault for cell in parsed.values() if cell.fault] == []
                firms.append({key: cell.value for key, cell in parsed.items() if cell.value not in (None, ())})
        return firms

    return read


def as_read(firm: Firm, keys: Iterable[str]) -> Firm:
    """A firm as reading gives it back: the industry by its code alone, the month as year and month."""
    expected = {key: firm[key] for key in keys if key in firm}
    if "industry" in expected:
        expected["industry"] = expected["industry"][:4]
    if "to_month" in expected:
        year, _, month = str(expected["to_month"]).rpartition("-")
        expected["to_month"] = (int(year) if year else None, int(month))
    return expected


@pytest.fixture
def read_back() -> Callable[[Firm, Iterable[str]], Firm]:
    return as_read


@pytest.fixture
def convert(tmp_path: Path) -> Callable[[Path, str], Path]:
    """Open a file in LibreOffice and save it in another format; skips where there is none."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")

    def converted(source: Path, extension: str) -> Path:
        target = tmp_path / "converted"
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [office, "--headless", profile, "--convert-to", extension, "--outdir", str(target), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=100)
        return target / f"{source.stem}.{extension}"

    return converted
