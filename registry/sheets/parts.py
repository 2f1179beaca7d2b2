"""The XML parts of a workbook, streamed: no DTD, UTF-8 only, and which worksheets there are."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from registry.base.errors import (
    FILE_DAMAGED,
    FILE_DATE_SYSTEM,
    FILE_DECLARATION,
    FILE_MACRO,
    FILE_PART_ENCODING,
    SHEET_COUNT,
    SHEET_LOST,
    SHEET_NAMES,
    SHEET_NONE,
    FileRefused,
)
from registry.sheets.container import CONTENT_TYPES, WORKBOOK, Meter
from registry.sheets.shape import Limits

_RELATIONS = "xl/_rels/workbook.xml.rels"
_ENCODINGS = ("UTF-8", "UTF8", "US-ASCII")
Start = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet as the workbook lists it: its name, its part in the container, whether it is hidden."""

    name: str
    part: str
    hidden: bool


def sheet_parts(container: zipfile.ZipFile, meter: Meter, limits: Limits) -> tuple[SheetPart, ...]:
    """The worksheets that the workbook lists, in its order; raises `FileRefused` when one has no part of its own."""
    parse_part(container, meter, CONTENT_TYPES, _refuse_macros)
    listed: list[dict[str, str]] = []
    parse_part(container, meter, WORKBOOK, lambda tag, found: _collect_sheets(tag, found, listed))
    relations: dict[str, dict[str, str]] = {}
    if _RELATIONS in container.namelist():
        parse_part(container, meter, _RELATIONS, lambda tag, found: _collect_relation(tag, found, relations))
    parts = tuple(part for sheet in listed if (part := _sheet_part(sheet, relations, container)) is not None)
    if not parts:
        raise FileRefused(SHEET_NONE)
    if len(parts) > limits.sheets:
        raise FileRefused(SHEET_COUNT, count=len(parts), limit=limits.sheets)
    _check_names(parts)
    return parts


def check_part(container: zipfile.ZipFile, meter: Meter, name: str) -> None:
    """Any other part: its real size is counted; XML must be UTF-8, well formed and without declarations."""
    if name.endswith((".xml", ".rels")):
        parse_part(container, meter, name, lambda tag, found: None)
    else:
        for _ in meter.chunks(container, name):
            pass


def parse_part(
    container: zipfile.ZipFile,
    meter: Meter,
    name: str,
    start: Start,
    text: Callable[[str], None] | None = None,
    bind: Callable[[expat.XMLParserType], None] | None = None,
) -> None:
    """Stream one XML part through expat; raises `FileRefused` on a DTD, another encoding than UTF-8, or damage.

    `bind` is given the parser, for one that wants to change its handlers on the way.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    if bind is not None:
        bind(parser)

    def refuse_declaration(*_: object) -> NoReturn:
        raise FileRefused(FILE_DECLARATION, part=name)

    def check_encoding(version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.upper() not in _ENCODINGS:
            raise FileRefused(FILE_PART_ENCODING, part=name)

    parser.StartDoctypeDeclHandler = refuse_declaration
    parser.EntityDeclHandler = refuse_declaration
    parser.XmlDeclHandler = check_encoding
    first = True
    try:
        for chunk in meter.chunks(container, name):
            if first and (chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in chunk[:4]):
                raise FileRefused(FILE_PART_ENCODING, part=name)
            first = False
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileRefused(FILE_DAMAGED, part=name) from error


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_macros(tag: str, found: dict[str, str]) -> None:
    if "macroEnabled" in found.get("ContentType", "") or "vbaProject" in found.get("ContentType", ""):
        raise FileRefused(FILE_MACRO)


def _collect_sheets(tag: str, found: dict[str, str], listed: list[dict[str, str]]) -> None:
    tag = _local(tag)
    if tag == "workbookPr" and found.get("date1904", "0") not in ("0", "false"):
        raise FileRefused(FILE_DATE_SYSTEM)
    if tag == "sheet":
        listed.append({_local(key): value for key, value in found.items() if key != "id"})


def _collect_relation(tag: str, found: dict[str, str], relations: dict[str, dict[str, str]]) -> None:
    if _local(tag) == "Relationship" and "Id" in found:
        relations[found["Id"]] = found


def _sheet_part(
    sheet: dict[str, str], relations: dict[str, dict[str, str]], container: zipfile.ZipFile
) -> SheetPart | None:
    name = sheet.get("name", "")
    relation = relations.get(sheet.get("id", ""), {})
    if relation.get("Type", "").endswith(("/chartsheet", "/dialogsheet")):
        return None
    part = posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
    if part not in container.namelist():
        raise FileRefused(SHEET_LOST, sheet=name)
    return SheetPart(name, part, sheet.get("state", "visible") != "visible")


def _check_names(parts: tuple[SheetPart, ...]) -> None:
    seen: set[str] = set()
    for sheet in parts:
        if sheet.name.casefold() in seen or sheet.part in seen:
            raise FileRefused(SHEET_NAMES, sheet=sheet.name)
        seen |= {sheet.name.casefold(), sheet.part}
