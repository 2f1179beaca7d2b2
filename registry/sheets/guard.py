"""Looks at an uploaded file before any parser does: what it is, and whether it is safe to read (docs/domain.md 4)."""

from __future__ import annotations

import mmap
from pathlib import Path

from registry.base.errors import (
    FILE_EMPTY,
    FILE_ENCRYPTED,
    FILE_MACRO,
    FILE_NOT_TABLE,
    FILE_OLD_FORMAT,
    FILE_TOO_LARGE,
    FOUND,
    FileRefused,
)
from registry.sheets import parts
from registry.sheets.container import Meter, open_container
from registry.sheets.looks import STYLES, looks_of
from registry.sheets.scan import scan_sheet
from registry.sheets.shape import MEGABYTE, Limits, Shape

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "xlsx"),
    (b"\x1f\x8b", "text.gz"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"%PDF", "pdf"),
    (b"Rar!", "zip"),
    (b"7z\xbc\xaf", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"MZ\x90\x00", "program"),
    (b"\x7fELF", "program"),
    (b"{\\rtf", "word"),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def inspect(path: Path, limits: Limits | None = None) -> Shape:
    """The shape of the file; raises `FileRefused` with what to do about it.

    Streams with constant memory and uses no parser but expat. Of a text file only the first bytes are looked at: the
    rest is checked while it is read (`delimited`).
    """
    limits = limits or Limits()
    kind = _kind(path)
    if kind == "xlsx":
        _check_size(path, limits.workbook_bytes)
        return _inspect_workbook(path, limits)
    if kind in ("text", "text.gz"):
        _check_size(path, limits.text_bytes)
        return Shape(kind)
    if kind == "ole":
        raise FileRefused(_ole_reason(path))
    raise FileRefused(FILE_NOT_TABLE, found=FOUND[kind])


def vouch(path: Path) -> None:
    """Whether the file is a workbook without macros and with nothing unsafe in it, whatever its cells hold.

    Raises `FileRefused`; for what is kept as a paper and never read by us.
    """
    limits = Limits()
    with open_container(path, limits) as container:
        meter = Meter(limits)
        parts.sheet_parts(container, meter, limits)
        for name in container.namelist():
            parts.check_part(container, meter, name)


def refuse_by_name(name: str) -> None:
    """Refuse what the original file name already says; raises `FileRefused`. Anything else is judged by content."""
    suffix = Path(name).suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlam"):
        raise FileRefused(FILE_MACRO)
    if suffix in (".xls", ".et", ".ett", ".xlt"):
        raise FileRefused(FILE_OLD_FORMAT)


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise FileRefused(FILE_EMPTY)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _unmarked(head).lstrip().startswith(b"<"):
        return "page"
    return "text"


def _unmarked(head: bytes) -> bytes:
    """Text without byte order mark, and in UTF-16 without its zeros: enough to see an angle bracket."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")


def _check_size(path: Path, limit: int) -> None:
    size = path.stat().st_size
    if size > limit:
        raise FileRefused(FILE_TOO_LARGE, size=-(-size // MEGABYTE), limit=limit // MEGABYTE)


def _ole_reason(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return FILE_ENCRYPTED if content.find(_ENCRYPTED) >= 0 else FILE_OLD_FORMAT


def _inspect_workbook(path: Path, limits: Limits) -> Shape:
    with open_container(path, limits) as container:
        meter = Meter(limits)
        listed = parts.sheet_parts(container, meter, limits)
        looks = looks_of(container, meter)
        sheets = tuple(scan_sheet(container, meter, sheet, limits, looks) for sheet in listed)
        scanned = {sheet.part for sheet in listed} | {STYLES}
        for name in container.namelist():
            if name not in scanned:
                parts.check_part(container, meter, name)
    return Shape("xlsx", sheets)
