"""What a person has said of a heading that is not known: which column it is, that it is kept as it is, or left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from registry.sheets.columns import COLUMNS
from registry.sheets.meanings import plain
from registry.sheets.units import split_off

_NO_AMOUNT = re.compile(r"预计|预测|预估|预期|计划|目标|力争|同比|环比|增长|增速|增幅|占比|比重|比例|率|%")


class ColumnUse(StrEnum):
    """What becomes of a column: read as one of ours, kept with the row as it was typed, or left out."""

    READ = "read"
    CARRIED = "carried"
    LEFT_OUT = "left_out"


class HeadingChoice(NamedTuple):
    """`key`: of the column that the heading stands for, where it is read."""

    use: ColumnUse
    key: str | None = None


class Remembered(NamedTuple):
    """A choice with who made it; `on`: the day."""

    choice: HeadingChoice
    by: str
    on: str


Choices = Mapping[str, Remembered]
"""By the heading as it is compared."""
_IDENTITY = re.compile(r"身份证|证件号|证件号码|护照")

HeadingChoices = Mapping[str, HeadingChoice]
"""By the heading as it is compared (`compared`)."""


def compared(heading: str) -> str:
    """A heading as choices are remembered for it: the unit in it is read anew in each file, so it is not among it."""
    return split_off(plain(heading))[0]


def is_our_own(heading: str) -> bool:
    """Whether it is the very heading of a column of ours: our forms say it, and it is never read otherwise."""
    return compared(heading) in _own()


@cache
def _own() -> frozenset[str]:
    return frozenset(compared(column.heading) for column in COLUMNS)


def is_no_amount(heading: str) -> bool:
    """Whether it says that beneath it stand expectations or ratios: never an amount that was reached."""
    return bool(_NO_AMOUNT.search(plain(heading)))


def is_identity(heading: str) -> bool:
    """Whether a person's identity numbers stand beneath it: these are kept nowhere."""
    return bool(_IDENTITY.search(plain(heading)))


def packed(choices: HeadingChoices) -> dict[str, list[str | None]]:
    """As JSON for the reading process."""
    return {heading: [choice.use.value, choice.key] for heading, choice in choices.items()}


def unpacked(given: Mapping[str, list[str | None]]) -> HeadingChoices:
    return {heading: HeadingChoice(ColumnUse(str(use)), key) for heading, (use, key) in given.items()}
