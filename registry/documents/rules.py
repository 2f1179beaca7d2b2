"""What one file may be: a paper of one kind and one period, or several papers on pages of their own."""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")
_MARKS = str.maketrans({"，": ",", "、": ",", "—": "-", "－": "-", "~": "-", "至": "-"})


class FiledAs(NamedTuple):
    """What a file is filed as; `period` is (year, month), None where it speaks of none."""

    material: str
    period: tuple[int, int] | None
    pages: str = ""


class Filed(Protocol):
    """A paper, or a file that may become one."""

    @property
    def material(self) -> str | None: ...
    @property
    def year(self) -> int | None: ...
    @property
    def month(self) -> int | None: ...
    @property
    def pages(self) -> str: ...


def filed_as(file: Filed) -> FiledAs:
    return FiledAs(file.material or "", (file.year, file.month or 0) if file.year else None, file.pages or "")


def pages_of(text: str) -> frozenset[int]:
    """`1-3, 5` -> {1, 2, 3, 5}; empty is the whole file. Raises ValueError where it is not such a text."""
    found: set[int] = set()
    for part in text.translate(_MARKS).replace(" ", "").split(","):
        if not part and not text.strip():
            continue
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError(text)
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last:
            raise ValueError(text)
        found.update(range(first, last + 1))
    return frozenset(found)


def clash(one: FiledAs, other: FiledAs) -> bool:
    """Whether one file cannot be both: two kinds or two periods on the same pages.

    A paper whose period nobody has said yet may still turn out to be the other one.
    """
    unsaid = one.period is None or other.period is None
    if one.material == other.material and (unsaid or one.period == other.period):
        return False
    mine, theirs = pages_of(one.pages), pages_of(other.pages)
    return not mine or not theirs or bool(mine & theirs)
