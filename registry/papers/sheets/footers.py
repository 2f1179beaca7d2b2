"""The foot of every page: its number, at the right of odd pages and the left of even ones, and a sentence across."""

from __future__ import annotations

from docx.document import Document as DocxDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph

from registry.papers.sheets.measures import TEXT_WIDTH
from registry.papers.sheets.styles import FOOTER
from registry.papers.sheets.writing import Pen

_NUMBER = 14
"""Points of the number (4号); it stands one of its characters in from the edge (GB/T 9704-2012, 7.5)."""
_DASH = "—"


def write_footers(document: DocxDocument, sentence: str, pen: Pen) -> None:
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    _line(odd, pen, ends_at=TEXT_WIDTH - _NUMBER * 20)
    pen.run(odd, f"{sentence}\t", FOOTER.font)
    _number(odd, pen)
    _line(even, pen, ends_at=TEXT_WIDTH)
    even.paragraph_format.left_indent = Pt(_NUMBER)
    _number(even, pen)
    pen.run(even, f"\t{sentence}", FOOTER.font)


def _line(paragraph: Paragraph, pen: Pen, *, ends_at: int) -> None:
    """An empty line of the foot; what stands behind its tab ends at `ends_at` twips."""
    pen.fill(paragraph, "", FOOTER)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Twips(ends_at), WD_TAB_ALIGNMENT.RIGHT)


def _number(paragraph: Paragraph, pen: Pen) -> None:
    before = len(paragraph.runs)
    pen.run(paragraph, f"{_DASH} ", "number")
    pen.field(paragraph, "PAGE", "number")
    pen.run(paragraph, f" {_DASH}", "number")
    for run in paragraph.runs[before:]:
        run.font.size = Pt(_NUMBER)
