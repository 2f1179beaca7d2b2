"""An empty paper: styles, settings, fonts, page and footers, without anything of the template of the library."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from docx import Document
from docx.document import Document as DocxDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.rel import Relationships
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Twips

from registry.papers.sheets import measures
from registry.papers.sheets.paper import Fonts, split_families
from registry.papers.sheets.styles import styles_part
from registry.sheets.archive import STEADY_TIME
from registry.sheets.values import visible
from registry.sheets.wording import COMMENT_AUTHOR

_FAMILIES = ("title", "text", "heading1", "heading2", "number")
_FONT_TABLE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"
# Marks keep their width and a broken line is not drawn apart, as Chinese offices have it.
_SETTINGS = (
    '<w:zoom w:percent="100"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/>'
    "<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
    "<w:doNotExpandShiftReturn/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN"/>'
    '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
)


def blank(title: str, fonts: Fonts) -> DocxDocument:
    """A document of no paragraphs on the page of GB/T 9704-2012."""
    document = Document()
    _forget(document)
    _refill(document.styles.element, styles_part(fonts))
    _refill(document.settings.element, f"<w:settings {nsdecls('w')}>{_SETTINGS}</w:settings>")
    _name_fonts(document, fonts)
    _lay_out(document)
    _describe(document, title)
    return document


def _forget(document: DocxDocument) -> None:
    """Leave out what comes with the library's template: theme, thumbnail, foreign fonts, what made it."""
    _keep(document.part.rels, {RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.SETTINGS})
    if document.part.package is not None:
        _keep(document.part.package.rels, {RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES})


def _keep(relations: Relationships, kinds: set[str]) -> None:
    for key in [key for key, relation in relations.items() if relation.reltype not in kinds]:
        del relations[key]


def _refill(element: BaseOxmlElement, xml: str) -> None:
    """Give `element` the children that `xml` has, in place of its own."""
    for child in list(element):
        element.remove(child)
    element.extend(list(parse_xml(xml)))


def _name_fonts(document: DocxDocument, fonts: Fonts) -> None:
    """The table of fonts: of each family, which others may stand for it where it is not installed."""
    families = dict(split_families(getattr(fonts, field)) for field in _FAMILIES)
    entries = "".join(_font(name, others) for name, others in families.items())
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{entries}</w:fonts>'
    part = Part(PackURI("/word/fontTable.xml"), _FONT_TABLE, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _font(name: str, others: tuple[str, ...]) -> str:
    instead = f"<w:altName w:val={quoteattr(','.join(others))}/>" if others else ""
    return (
        f'<w:font w:name={quoteattr(name)}>{instead}<w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
    )


def _lay_out(document: DocxDocument) -> None:
    """The page and its grid of 22 lines, as the page setup of Word writes it; of characters see `measures.SQUEEZE`."""
    section = document.sections[0]
    section.page_width, section.page_height = Twips(measures.PAGE_WIDTH), Twips(measures.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Twips(measures.TOP), Twips(measures.BOTTOM)
    section.left_margin, section.right_margin = Twips(measures.LEFT), Twips(measures.RIGHT)
    section.header_distance, section.footer_distance = Twips(measures.TOP // 2), Twips(measures.FOOTER)
    for grid in section._sectPr.iter(qn("w:docGrid")):
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(measures.LINE))


def _describe(document: DocxDocument, title: str) -> None:
    said = document.core_properties
    said.title, said.author, said.last_modified_by = visible(title).replace("\n", ""), COMMENT_AUTHOR, COMMENT_AUTHOR
    said.created = said.modified = STEADY_TIME
    said.comments, said.language, said.revision = "", "zh-CN", 1
