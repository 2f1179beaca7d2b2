"""The zip container of a workbook, checked before anything in it is unpacked (docs/domain.md 4)."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from registry.base.errors import (
    FILE_BINARY_WORKBOOK,
    FILE_DAMAGED,
    FILE_ENCRYPTED,
    FILE_EXPANDS,
    FILE_MACRO,
    FILE_NOT_TABLE,
    FILE_OPEN_DOCUMENT,
    FILE_PART_NAMES,
    FILE_PARTS,
    FILE_TRUNCATED,
    FOUND,
    FileRefused,
)
from registry.sheets.shape import MEGABYTE, Limits

WORKBOOK = "xl/workbook.xml"
CONTENT_TYPES = "[Content_Types].xml"
_END = struct.Struct("<4s4H2LH")
_LONG_END = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_LONG_GAP = _LONG_END.size + _LOCATOR.size
_BYTES_PER_ENTRY = 500
_CHUNK = 64 * 1024
_RATIO_FROM = 10 * MEGABYTE


def open_container(path: Path, limits: Limits) -> zipfile.ZipFile:
    """The workbook's container; raises `FileRefused` unless every reader would list the same few safe parts in it."""
    _check_end_record(path, limits)
    try:
        container = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeError) as error:
        raise FileRefused(FILE_TRUNCATED) from error
    try:
        _check_names([info.orig_filename for info in container.infolist()], limits)
        _check_members(container)
    except BaseException:
        container.close()
        raise
    return container


def _check_end_record(path: Path, limits: Limits) -> None:
    """The end record must stand last and describe one directory right before it: no two readings of one file."""
    size = path.stat().st_size
    if size < _END.size:
        raise FileRefused(FILE_TRUNCATED)
    with path.open("rb") as file:
        file.seek(max(0, size - _END.size - _LONG_GAP))
        tail = file.read()
    signature, disk, directory_disk, here, total, length, offset, comment = _END.unpack(tail[-_END.size :])
    if signature != b"PK\x05\x06" or comment or disk or directory_disk or here != total:
        raise FileRefused(FILE_TRUNCATED)
    if total > limits.parts or length > limits.parts * _BYTES_PER_ENTRY:
        raise FileRefused(FILE_PARTS, count=total, limit=limits.parts)
    gap = size - _END.size - offset - length
    if gap != 0 and not (gap == _LONG_GAP and _long_record_agrees(tail, total, length, offset)):
        raise FileRefused(FILE_TRUNCATED)


def _long_record_agrees(tail: bytes, total: int, length: int, offset: int) -> bool:
    """Some Java writers add a 64-bit end record with the same figures; with other figures it is a second reading."""
    signature, *_, here, all_, long_length, long_offset = _LONG_END.unpack_from(tail)
    locator, _, place, _ = _LOCATOR.unpack_from(tail, _LONG_END.size)
    return bool(
        signature == b"PK\x06\x06"
        and locator == b"PK\x06\x07"
        and (here, all_, long_length, long_offset, place) == (total, total, length, offset, offset + length)
    )


def _check_names(names: list[str], limits: Limits) -> None:
    if len(names) > limits.parts:
        raise FileRefused(FILE_PARTS, count=len(names), limit=limits.parts)
    seen: set[str] = set()
    for name in names:
        plain = name.replace("\\", "/")
        unsafe = plain.startswith("/") or ":" in plain or ".." in plain.split("/") or not plain.isprintable()
        if unsafe or plain.casefold() in seen:
            raise FileRefused(FILE_PART_NAMES, part=_printable(name))
        seen.add(plain.casefold())
    _check_kind(seen)


def _check_kind(names: set[str]) -> None:
    if any(name.rpartition("/")[2].startswith("vbaproject") for name in names):
        raise FileRefused(FILE_MACRO)
    if "xl/workbook.bin" in names:
        raise FileRefused(FILE_BINARY_WORKBOOK)
    if WORKBOOK in names and CONTENT_TYPES.casefold() in names:
        return
    if "content.xml" in names:
        raise FileRefused(FILE_OPEN_DOCUMENT)
    if any(name.startswith("word/") for name in names):
        raise FileRefused(FILE_NOT_TABLE, found=FOUND["word"])
    raise FileRefused(FILE_NOT_TABLE, found=FOUND["zip"])


def _check_members(container: zipfile.ZipFile) -> None:
    for info in container.infolist():
        if info.flag_bits & 0x1:
            raise FileRefused(FILE_ENCRYPTED)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused(FILE_DAMAGED, part=_printable(info.filename))


class Meter:
    """Counts the bytes that really come out of the container and refuses when they pass the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.total = 0

    def chunks(self, container: zipfile.ZipFile, name: str) -> Iterator[bytes]:
        """The part's content in pieces; raises `FileRefused` on damage, a lying size, or too much of it."""
        info = container.getinfo(name)
        size = 0
        try:
            with container.open(info) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    self._count(len(chunk), size, info.compress_size)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise FileRefused(FILE_DAMAGED, part=_printable(name)) from error

    def _count(self, step: int, size: int, packed: int) -> None:
        self.total += step
        bomb = size > _RATIO_FROM and size > packed * self.limits.part_ratio
        if bomb or self.total > self.limits.unpacked_bytes:
            raise FileRefused(FILE_EXPANDS, limit=self.limits.unpacked_bytes // MEGABYTE)


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name)[:80]
