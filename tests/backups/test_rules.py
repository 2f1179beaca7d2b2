"""What an archive's lines say comes back as it was, and only our own archives are ever taken away."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from registry.backups import rules
from registry.backups.rules import Content, Manifest

ROW = (
    7,
    "海丰县“云”\n",
    None,
    True,
    Decimal("1200000.00"),
    date(2021, 9, 30),
    b"\x00\xff",
    datetime(2021, 10, 15, tzinfo=UTC),
)
KINDS = (int, str, str, bool, Decimal, date, bytes, datetime)


def test_a_row_comes_back_as_it_was() -> None:
    line = rules.line_of(ROW)
    assert line.count(b"\n") == 1
    assert tuple(rules.row_of(line, KINDS)) == ROW


def test_a_line_with_a_value_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="7 values for 8 columns"):
        rules.row_of(rules.line_of(ROW[:7]), KINDS)


def test_a_manifest_comes_back_as_it_was() -> None:
    whole = Manifest(
        "2021-10-15T09:30:00+08:00", "sqlite", "0041", "3:ab", {"firm": Content("a", 2, 1)}, {"x.pdf": Content("b", 3)}
    )
    assert rules.manifest_of(whole.text()) == whole
    assert whole.rows == 1
    assert set(whole.entries()) == {"tables/firm.jsonl", "files/x.pdf"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}'])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"argument|Expecting|indices|tables|format|unsupported"):
        rules.manifest_of(text)


def test_an_archive_of_another_format_is_refused() -> None:
    later = Manifest("2021-10-15T09:30:00+08:00", "sqlite", "0041", "3:ab", format=2)
    with pytest.raises(ValueError, match="format 2"):
        rules.manifest_of(later.text())


def test_the_name_says_when_it_was_made() -> None:
    at = datetime(2021, 10, 15, 1, 30, tzinfo=UTC)
    assert rules.file_name(at) == "registry-20211015T013000Z.zip"
    assert rules.made_at("registry-20211015T013000Z.zip") == at
    assert rules.made_at("registry-20211015T013000Z.zip.part") is None
    assert rules.made_at("holiday.zip") is None


def test_only_our_own_oldest_are_superseded() -> None:
    names = [f"registry-2021101{day}T000000Z.zip" for day in range(6)]
    assert rules.superseded([*names, "holiday.zip", f"{names[0]}.part"], kept=4) == [names[1], names[0]]
    assert rules.superseded(names, kept=0) == names[4::-1], "the newest one always stays"
