"""What the styles of a workbook say of its cells: struck out, or showing a number in another unit than it is in."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.sheets.container import Meter
from registry.sheets.parts import parse_part
from registry.sheets.units import Unit, shown_by

STYLES = "xl/styles.xml"


@dataclass(frozen=True, slots=True)
class Looks:
    """By the number of a cell's style, as its `s` writes it."""

    struck: frozenset[str] = frozenset()
    shown: Mapping[str, Unit] = field(default_factory=dict)


def looks_of(container: zipfile.ZipFile, meter: Meter) -> Looks:
    """Raises `FileRefused` where the part is damaged; a workbook may have no styles."""
    if STYLES not in container.namelist():
        return Looks()
    styles = _Styles()
    parse_part(container, meter, STYLES, styles.start)
    return styles.looks()


class _Styles:
    """Collects fonts, number formats and the cell styles made of them, in the order of the part."""

    def __init__(self) -> None:
        self.formats: dict[str, str] = {}
        self.struck_fonts: set[int] = set()
        self.cells: list[tuple[str, str]] = []
        self.font = -1
        self.part = ""

    def start(self, tag: str, found: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "numFmts"):
            self.part = name
        elif name == "numFmt" and self.part == "numFmts":
            self.formats[found.get("numFmtId", "")] = found.get("formatCode", "")
        elif name == "font" and self.part == "fonts":
            self.font += 1
        elif name == "strike" and self.part == "fonts" and found.get("val", "1") not in ("0", "false"):
            self.struck_fonts.add(self.font)
        elif name == "xf" and self.part == "cellXfs":
            self.cells.append((found.get("fontId", "0"), found.get("numFmtId", "0")))

    def looks(self) -> Looks:
        units = {key: unit for key, code in self.formats.items() if (unit := shown_by(code)) is not None}
        struck = {str(at) for at, (font, _) in enumerate(self.cells) if font in {str(n) for n in self.struck_fonts}}
        shown = {str(at): units[shape] for at, (_, shape) in enumerate(self.cells) if shape in units}
        return Looks(frozenset(struck), shown)
