"""Where things stand on the pages of a PDF, in millimetres from the upper left corner of the paper."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

MM = 25.4 / 72
_LINE = re.compile(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</line>', re.DOTALL)
_WORD = re.compile(r"<word [^>]*>([^<]*)</word>")
FOOT = 297 - 35


@dataclass(frozen=True)
class Line:
    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Page:
    """The lines of the text from top to bottom, and those of the foot from left to right."""

    lines: list[Line]
    foot: list[Line]


def pages_of(pdf: Path) -> list[Page]:
    done = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return [_page(part) for part in done.stdout.split("<page ")[1:]]


def _page(part: str) -> Page:
    found = [
        Line(unescape("".join(_WORD.findall(words))), *(float(place) * MM for place in places))
        for *places, words in _LINE.findall(part)
    ]
    text = sorted((line for line in found if line.middle < FOOT), key=lambda line: (line.middle, line.left))
    return Page(text, sorted((line for line in found if line.middle >= FOOT), key=lambda line: line.left))
