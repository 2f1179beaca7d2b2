"""The word lists of matching, read once from `lexicons/*.csv`; each row there carries its source."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from registry.matching.lexicons import rows
from registry.matching.normalise import fold


class DivisionName(NamedTuple):
    """One way of writing one division: its code, and whether it may open a name without an ancestor before it."""

    code: str
    opens: bool


class Form(NamedTuple):
    """A legal form: its class, and whether a branch's tail may follow it."""

    kind: str
    ends_parent: bool


@cache
def divisions() -> dict[str, tuple[DivisionName, ...]]:
    """Folded writing of a division -> the divisions written so ('朝阳' has several)."""
    found: dict[str, list[DivisionName]] = {}
    for row in rows("divisions.csv"):
        found.setdefault(fold(row["name"]), []).append(DivisionName(row["code"], row["lead"] != "none"))
        if row["short"]:
            found.setdefault(fold(row["short"]), []).append(DivisionName(row["code"], row["lead"] == "both"))
    return {text: tuple(rows) for text, rows in found.items()}


@cache
def full_and_short() -> dict[str, str]:
    """Folded full name of a division -> its short one."""
    return {fold(row["name"]): fold(row["short"]) for row in rows("divisions.csv") if row["short"]}


@cache
def legal_forms() -> dict[str, Form]:
    return {fold(row["form"]): Form(row["class"], row["ends_parent"] == "yes") for row in rows("legal_forms.csv")}


@cache
def branch_tails() -> dict[str, bool]:
    """Folded ending of a branch's name -> whether it says 'branch' without the parent's legal form before it."""
    return {fold(row["tail"]): row["alone"] == "yes" for row in rows("branch_tails.csv")}


@cache
def industry_words() -> frozenset[str]:
    return frozenset(fold(row["word"]) for row in rows("industry_words.csv"))
