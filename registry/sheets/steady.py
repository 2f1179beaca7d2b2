"""Saving an openpyxl workbook so that the same content gives the same bytes, whenever and wherever it is saved."""

from __future__ import annotations

from os import PathLike
from typing import IO
from zipfile import ZIP_DEFLATED

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from registry.sheets.archive import STEADY_TIME, SteadyArchive
from registry.sheets.wording import COMMENT_AUTHOR

Target = str | PathLike[str] | IO[bytes]


def save_steadily(book: Workbook, target: Target, *, title: str) -> None:
    """Write `book` to `target`; its dates of creation and change, and those of the archive, are fixed."""
    properties = book.properties
    properties.title, properties.creator = title, COMMENT_AUTHOR
    properties.created = properties.modified = STEADY_TIME
    ExcelWriter(book, SteadyArchive(target, "w", ZIP_DEFLATED, allowZip64=True)).save()
