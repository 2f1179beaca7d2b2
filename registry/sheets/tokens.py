"""The number by which a workbook of ours is known again: four copies of it in the file, for programs drop some."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from registry.sheets.container import WORKBOOK, Meter, open_container
from registry.sheets.headings import SEARCHED_ROWS
from registry.sheets.parts import parse_part
from registry.sheets.shape import Limits

DEFINED_NAME = "registry_workbook"
_PROPERTIES = "docProps/core.xml"
_TOKEN = re.compile(r"(?<![0-9a-z-])wb-[0-9a-f]{24}(?![0-9a-z])")
_VERSION = re.compile(r"version=([0-9]{1,4})")


def find(
    path: Path, limits: Limits, *, hidden: Iterable[Sequence[Any]], head: Iterable[tuple[int, Sequence[Any]]]
) -> str | None:
    """`wb-... version=1` out of the first copy that is left; None where the file is none of ours.

    `hidden` are rows of the hidden sheet, `head` the first rows of the data sheet.
    """
    told = " ".join(str(cell) for row in islice(hidden, SEARCHED_ROWS) for cell in row)
    copies = [told, *_parts(path, limits)]
    copies += [cell for number, cells in head if number <= SEARCHED_ROWS for cell in cells if isinstance(cell, str)]
    token = next((match[0] for text in copies if (match := _TOKEN.search(text))), None)
    version = next((match[1] for text in copies if (match := _VERSION.search(text))), "1")
    return f"{token} version={version}" if token else None


def split(text: str) -> tuple[str, int]:
    """Token and version of what `find` gave."""
    token, _, version = text.partition(" version=")
    return token, int(version)


def _parts(path: Path, limits: Limits) -> Iterable[str]:
    with open_container(path, limits) as container:
        meter = Meter(limits)
        names = container.namelist()
        return [_text_of(container, meter, part, tag) for part, tag in _PLACES if part in names]


_PLACES = ((WORKBOOK, "definedName"), (_PROPERTIES, "keywords"))


def _text_of(container: zipfile.ZipFile, meter: Meter, part: str, tag: str) -> str:
    """What stands inside the elements of this name, together."""
    inside, found = [False], list[str]()

    def start(name: str, _: dict[str, str]) -> None:
        inside[0] = name.rpartition(":")[2] == tag

    def text(piece: str) -> None:
        if inside[0] and len(found) < 10_000:
            found.append(piece)

    parse_part(container, meter, part, start, text)
    return "".join(found)
