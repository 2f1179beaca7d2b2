"""Who certified a quarter, and why it was closed without those who did not: a sheet of its book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from registry.quarters.rules.certificates import STANDING_LABELS, Standing
from registry.quarters.rules.closing import POINT_LABELS
from registry.sheets import styles, wording
from registry.sheets.columns import SERIAL_HEADING, ColumnKind
from registry.sheets.printing import PrintedSheet
from registry.sheets.values import CellValue, visible

WIDTHS = (6, 20, 9, 16, 12, 12, 34, 40, 30)


@dataclass(frozen=True, slots=True)
class CertifiedLine:
    """One office's part of a quarter: how it stands, who said so and when, and why it was closed without it."""

    office_id: int
    office: str
    rows: int
    digest: str
    standing: Standing
    by: str = ""
    on: date | None = None
    note: str = ""
    refused: str = ""
    points: Sequence[tuple[str, int]] = ()
    """What the office named as open, with the number."""
    without: str = ""

    @property
    def open(self) -> list[tuple[str, int]]:
        """Label and number of what the office named as open."""
        return [(POINT_LABELS[point], count) for point, count in self.points if count]


def kept(line: CertifiedLine) -> dict[str, Any]:
    """As it stands in the head of a closed quarter."""
    return {**asdict(line), "standing": str(line.standing), "on": line.on and line.on.isoformat()}


def read_back(line: dict[str, Any]) -> CertifiedLine:
    """The line from what `kept` gave, as the database gives it back."""
    on, points = line["on"], tuple((point, count) for point, count in line["points"])
    found = {**line, "standing": Standing(line["standing"]), "on": on and date.fromisoformat(on), "points": points}
    return CertifiedLine(**found)


def write_certified(sheet: PrintedSheet, lines: Sequence[CertifiedLine]) -> None:
    sheet.head([SERIAL_HEADING, *wording.CERTIFIED_HEADINGS], fixed_columns=0)
    looks = [
        styles.SERIAL, styles.LABEL, styles.COUNT, styles.CENTRED, styles.CENTRED, styles.body(ColumnKind.DATE),
        *([styles.PARAGRAPH] * 3),
    ]  # fmt: skip
    for serial, line in enumerate(lines, start=1):
        told = (STANDING_LABELS[line.standing], line.by)
        texts = (_points(line), _words(line), line.digest)
        cells: list[CellValue] = [visible(line.office), line.rows, *map(_cell, told), line.on, *map(_cell, texts)]
        sheet.fitted_row([serial, *cells], looks)
    certified = sum(line.standing is Standing.CERTIFIED for line in lines)
    sheet.line(wording.CERTIFIED_COUNT % {"offices": len(lines), "certified": certified})
    sheet.sign()


def _points(line: CertifiedLine) -> str:
    if line.standing not in (Standing.CERTIFIED, Standing.CHANGED):
        return ""
    return wording.RULE_JOINT.join(f"{label} {count}" for label, count in line.open) or wording.NOTHING_OPEN


def _words(line: CertifiedLine) -> str:
    """What the office said, and why the quarter was closed without its certificate."""
    parts = (
        line.note,
        wording.CERTIFIED_REFUSED % {"reason": line.refused} if line.refused else "",
        wording.CLOSED_WITHOUT % {"reason": line.without} if line.without else "",
    )
    return wording.RULE_JOINT.join(part for part in parts if part)


def _cell(text: str) -> str | None:
    return visible(text) if text else None
