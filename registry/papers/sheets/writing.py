"""Paragraphs of a paper: every run carries its fonts, and what no file of Word can hold is shown as a mark."""

from __future__ import annotations

from itertools import pairwise
from typing import Protocol
from unicodedata import east_asian_width

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from registry.papers.sheets.paper import Fonts
from registry.papers.sheets.styles import Style, run_fonts
from registry.sheets.values import visible


class Container(Protocol):
    """Where paragraphs stand one below the other: the paper, a cell, a footer."""

    def add_paragraph(self, text: str = "", /) -> Paragraph: ...


class Pen:
    """Writes paragraphs in the fonts of one paper."""

    def __init__(self, fonts: Fonts) -> None:
        self._fonts = fonts

    def write(self, place: Container, text: str, style: Style) -> Paragraph:
        """A new paragraph below those that `place` has."""
        return self.fill(place.add_paragraph(), text, style)

    def fill(self, paragraph: Paragraph, text: str, style: Style) -> Paragraph:
        """`text` in an empty paragraph, which takes the style."""
        paragraph._p.style = style.key
        if text:
            self.run(paragraph, text, style.font)
        return paragraph

    def run(self, paragraph: Paragraph, text: str, font: str) -> Run:
        """`text` behind what the paragraph has, in the font of that field of `Fonts`."""
        run = paragraph.add_run(visible(text))
        self.dress(run, font)
        return run

    def field(self, paragraph: Paragraph, code: str, font: str) -> None:
        """A field, worked out by the program that shows the paper: `PAGE`."""
        for kind in ("begin", code, "end"):
            run = paragraph.add_run()
            self.dress(run, font)
            run._r.append(parse_xml(_field_part(kind)))

    def dress(self, run: Run, font: str) -> None:
        """Give a run its fonts, for characters of every kind."""
        properties = run._r.get_or_add_rPr()
        made = parse_xml(f"<w:rPr {nsdecls('w')}>{run_fonts(getattr(self._fonts, font))}</w:rPr>")
        properties.insert(0, made[0])


def _field_part(kind: str) -> str:
    if kind in ("begin", "end"):
        return f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
    return f'<w:instrText {nsdecls("w")} xml:space="preserve"> {kind} </w:instrText>'


def indent_right(paragraph: Paragraph, characters: float, width: float) -> None:
    """Let the paragraph end so many characters of `width` twips before the edge of the text."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:rightChars"), str(round(characters * 100)))
    indent.set(qn("w:right"), str(round(characters * width)))


def ems(text: str) -> float:
    """The width of the longest line in characters: half a one for a figure or a letter, and a quarter for the gap
    that programs leave between those and characters.
    """
    return max(_ems(line) for line in text.split("\n"))


def _ems(line: str) -> float:
    wide = [east_asian_width(character) in "WFA" for character in line]
    gaps = sum(
        one != next_ and (line[at].isalnum() and line[at + 1].isalnum())
        for at, (one, next_) in enumerate(pairwise(wide))
    )
    return sum(1.0 if each else 0.5 for each in wide) + gaps / 4
