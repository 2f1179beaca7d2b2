"""A paper looked at in the page: a picture as it is, a PDF one drawn page at a time, a workbook not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from registry.base import errors
from registry.base.errors import FileRefused
from registry.documents.rules import pages_of
from registry.sheets import drawing

_PDF = "application/pdf"
PICTURES = frozenset({"image/png", "image/jpeg"})


class Viewed(Protocol):
    """A file that is looked at: a paper, or what may become one."""

    @property
    def media_type(self) -> str: ...
    @property
    def pages(self) -> str: ...


@dataclass(frozen=True)
class Shown:
    """Which page is shown of how many; `own`: the pages of a scan of several papers that are this one."""

    number: int
    pages: int
    own: frozenset[int] = frozenset()
    refused: FileRefused | None = None


def of(document: Viewed, path: Path, number: int | None) -> Shown:
    """What of the paper is shown: the page asked for, else the first that is this paper; never raises."""
    own = pages_of(document.pages or "")
    if document.media_type in PICTURES:
        return Shown(1, 1)
    try:
        pages = _count(document, path)
    except FileRefused as refused:
        return Shown(0, 0, refused=refused)
    first = min((page for page in own if page <= pages), default=1)
    return Shown(min(max(number or first, 1), pages), pages, own)


def picture(document: Viewed, path: Path, number: int) -> tuple[bytes, str]:
    """The bytes of the page and their type; raises FileRefused."""
    if document.media_type in PICTURES and number == 1:
        return path.read_bytes(), document.media_type
    if document.media_type != _PDF:
        raise FileRefused(errors.PAGE_CANNOT_BE_DRAWN)
    return drawing.draw(path, number).png, "image/png"


def _count(document: Viewed, path: Path) -> int:
    if document.media_type != _PDF:
        raise FileRefused(errors.PAGE_OF_WORKBOOK)
    return drawing.count_pages(path)
