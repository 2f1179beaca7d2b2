"""How many headings of real lists are known without asking; that none is taken for what it is not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from registry.sheets.headings import Around, recognise

TABLE = Path(__file__).with_name("headings.tsv")
YEAR = 2021
NONE, ASKED = "-", "?"


def lines() -> list[tuple[str, str, str]]:
    """Heading, the column it means, and where it was found."""
    text = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [(heading, expected, part) for heading, expected, part in list(csv.reader(text, delimiter="\t"))[1:]]


def known(heading: str) -> str:
    """The key that the reader takes the heading for, with the month it speaks of."""
    (column,) = recognise(1, [heading], around=Around(year=YEAR)).columns
    if column.key is not None:
        return column.key + (f"@{column.month}" if column.month else "")
    return NONE


def test_no_heading_is_taken_for_what_it_is_not() -> None:
    wrong = [(heading, expected, known(heading)) for heading, expected, _ in lines()]
    assert [line for line in wrong if line[2] not in (NONE, line[1])] == []


@pytest.mark.parametrize("part", ["case", "real", "later", "wider"])
def test_nine_of_ten_headings_that_mean_a_column_of_ours_are_known(part: str) -> None:
    meant = [
        (heading, expected) for heading, expected, place in lines() if place == part and expected not in (NONE, ASKED)
    ]
    missed = [heading for heading, expected in meant if known(heading) != expected]
    assert len(missed) <= len(meant) // 10, missed


def test_what_only_a_person_can_tell_is_left_to_a_person() -> None:
    assert {
        heading: known(heading) for heading, expected, _ in lines() if expected == ASKED and known(heading) != NONE
    } == {}


def test_the_table_is_long_enough_to_mean_something() -> None:
    found = [heading for heading, _, part in lines() if part in ("real", "later", "wider")]
    assert len(found) == len(set(found)) >= 1_100
