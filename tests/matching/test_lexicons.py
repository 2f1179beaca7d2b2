"""The word lists: every row has a source and says something of its own."""

from __future__ import annotations

from collections import Counter

import pytest

from registry.matching.lexicon import branch_tails, divisions, industry_words, legal_forms
from registry.matching.lexicons import rows
from registry.matching.normalise import fold

FILES = ("branch_tails", "divisions", "industry_words", "legal_forms", "notes", "variants")


@pytest.mark.parametrize("file", FILES)
def test_every_row_has_a_source(file: str) -> None:
    assert [row for row in rows(f"{file}.csv") if not row["source"]] == []


@pytest.mark.parametrize("file", [file for file in FILES if file != "divisions"])
def test_no_row_stands_twice(file: str) -> None:
    first = next(iter(rows(f"{file}.csv")[0]))
    counted = Counter(row[first] for row in rows(f"{file}.csv"))
    assert [text for text, times in counted.items() if times > 1] == []


def test_variants_are_single_characters_and_end_in_a_settled_one() -> None:
    assert [row for row in rows("variants.csv") if len(row["from"]) != 1 or fold(row["to"]) != row["to"]] == []


def test_words_are_kept_as_they_are_compared() -> None:
    texts = [*branch_tails(), *divisions(), *industry_words(), *legal_forms()]
    assert [text for text in texts if not text or fold(text) != text] == []


def test_every_county_and_zone_of_shanwei_is_known() -> None:
    places = {place.code for found in divisions().values() for place in found if place.code.startswith("4415")}
    assert places == {
        "441500",
        "441502",
        "441502-Z1",
        "441502-Z2",
        "441521",
        "441523",
        "441581",
        "441581-Z1",
    }
