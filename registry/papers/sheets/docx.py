"""A paper as a file for Word and WPS by GB/T 9704-2012, and the texts of such a file."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.document import Document as DocxDocument
from docx.shared import Twips
from docx.text.paragraph import Paragraph

from registry.papers.rules import day_of
from registry.papers.sheets import styles
from registry.papers.sheets.footers import write_footers
from registry.papers.sheets.measures import CHARACTER, CHARACTERS, LINE, LINES, TEXT_WIDTH
from registry.papers.sheets.paper import Block, Body, Fonts, Heading, OfficialPaper, Picture, Table
from registry.papers.sheets.skeleton import blank
from registry.papers.sheets.tables import write_table
from registry.papers.sheets.writing import Pen, ems, indent_right
from registry.sheets.archive import SteadyArchive
from registry.sheets.values import visible

_FROM_THE_EDGE = 4
"""Characters right of the date, where the seal will stand on it (GB/T 9704-2012, 7.3.5.1)."""
_LEAST_FROM_THE_EDGE = 2
_KEPT = 6 * CHARACTERS
"""So long a last paragraph moves to the page of the signature as a whole, where the signature would stand alone."""
_TALLEST = (LINES - 2) * LINE
"""Twips; a picture leaves its title room on the page."""


def write_docx(paper: OfficialPaper, fonts: Fonts | None = None) -> bytes:
    """The file of a paper; the same paper in the same fonts gives the same bytes."""
    fonts = fonts or Fonts()
    document, pen = blank(paper.title, fonts), Pen(fonts)
    pen.write(document, paper.title, styles.TITLE)
    if paper.recipients:
        pen.write(document, paper.recipients, styles.RECIPIENTS)
    for block in paper.blocks:
        _write_block(document, block, pen)
    _sign(document, paper, pen)
    _attach(document, paper.attached, pen)
    for at, source in enumerate(paper.sources):
        line = pen.write(document, source, styles.SOURCE)
        if at == 0:
            line.paragraph_format.space_before = Twips(LINE)
    write_footers(document, paper.footer, pen)
    return _saved(document)


def read_docx(content: bytes) -> list[str]:
    """The texts of paragraphs and, row by row, of the cells of tables, in order; a picture has none."""
    return list(_texts(Document(io.BytesIO(content))))


def _attach(document: DocxDocument, blocks: Sequence[Block], pen: Pen) -> None:
    """What goes with the paper, from the top of a new page on."""
    before = len(document.paragraphs)
    for block in blocks:
        _write_block(document, block, pen)
    if blocks:
        document.paragraphs[before].paragraph_format.page_break_before = True


def _write_block(document: DocxDocument, block: Block, pen: Pen) -> None:
    match block:
        case Heading(level, text):
            pen.write(document, text, styles.HEADINGS[level - 1])
        case Body(text):
            pen.write(document, text, styles.BODY)
        case Table():
            write_table(document, block, pen)
        case Picture():
            _write_picture(document, block, pen)


def _write_picture(document: DocxDocument, picture: Picture, pen: Pen) -> None:
    """At its own size, but no wider than the text and no taller than a page with its title."""
    paragraph = pen.write(document, "", styles.PICTURE)
    paragraph.paragraph_format.space_before = Twips(LINE // 2)
    shape = paragraph.add_run().add_picture(io.BytesIO(picture.png))
    scale = min(1.0, Twips(TEXT_WIDTH) / shape.width, Twips(_TALLEST) / shape.height)
    shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
    shape._inline.docPr.set("descr", visible(picture.words))
    pen.write(document, picture.title, styles.PICTURE_TITLE)


def _sign(document: DocxDocument, paper: OfficialPaper, pen: Pen) -> None:
    """The signature in the middle above the date, on the page of the text before it if that is not long."""
    if not paper.signature:
        return
    day = day_of(paper.day) if paper.day else ""
    signature, dated = ems(paper.signature), ems(day)
    aside = max(_FROM_THE_EDGE + (dated - signature) / 2, _LEAST_FROM_THE_EDGE) if day else _FROM_THE_EDGE
    if len(document.paragraphs[-1].text) <= _KEPT:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    line = pen.write(document, paper.signature, styles.SIGNATURE)
    indent_right(line, aside, CHARACTER)
    if day:
        indent_right(pen.write(document, day, styles.DATE), aside + (signature - dated) / 2, CHARACTER)


def _texts(document: DocxDocument) -> Iterator[str]:
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            if item.text:
                yield item.text
        else:
            for row in item.rows:
                yield from (cell.text for cell in row.cells)


def _saved(document: DocxDocument) -> bytes:
    """The package packed again, without the hour that the library writes beside each part."""
    packed, steady = io.BytesIO(), io.BytesIO()
    document.save(packed)
    with ZipFile(packed) as source, SteadyArchive(steady, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return steady.getvalue()
