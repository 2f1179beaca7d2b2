"""The styles of a paper as WordprocessingML: each with its font in full, none out of a theme."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from docx.oxml.ns import nsdecls

from registry.papers.sheets.measures import CHARACTER, FOOTER_LINE, LINE, SIZE, SQUEEZE
from registry.papers.sheets.paper import Fonts, split_families

_SMALL_LINE = 320
"""Twips of a line of a table or a source: 16 pt for characters of 10.5."""
_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs: the field of `Fonts` it is set in, half points, and how a paragraph of it stands.

    `indent` is in twips, of the first line; `before` and `after` in twips, whole lines of the text.
    """

    name: str
    font: str = "text"
    size: int = SIZE
    align: str = "both"
    line: int = LINE
    rule: str = "exact"
    indent: int = 0
    before: int = 0
    after: int = 0
    keep: bool = False
    outline: int | None = None
    on_grid: bool = True
    breaks_words: bool = False

    @property
    def key(self) -> str:
        return self.name.title().replace(" ", "")


_TWO = round(2 * CHARACTER)
TITLE = Style("Title", "title", 44, "center", after=LINE, keep=True, on_grid=False)
RECIPIENTS = Style("Salutation", align="left")
BODY = Style("Body Text", indent=_TWO)
HEADINGS = tuple(
    Style(f"heading {level}", font, indent=_TWO, keep=True, outline=level - 1)
    for level, font in zip(range(1, _LEVELS + 1), ("heading1", "heading2", "text"), strict=True)
)
SIGNATURE = Style("Signature", align="right", before=2 * LINE, keep=True)
DATE = Style("Date", align="right")
CAPTION = Style("caption", "heading1", 24, "center", keep=True)
PICTURE = Style("Picture", align="center", line=240, rule="auto", keep=True, on_grid=False)
PICTURE_TITLE = Style("Picture Title", "heading1", 24, "center")
CELL_HEADING = Style("Cell Heading", "heading1", 21, "center", line=_SMALL_LINE, keep=True, on_grid=False)
CELL = Style("Cell", size=21, align="left", line=_SMALL_LINE, on_grid=False)
CELL_NUMBER = Style("Cell Number", size=21, align="right", line=_SMALL_LINE, on_grid=False)
NOTE = Style("Note", size=21, align="left", line=_SMALL_LINE, on_grid=False)
SOURCE = Style("Source", size=21, align="left", line=_SMALL_LINE, on_grid=False, breaks_words=True)
FOOTER = Style("footer", size=21, align="left", line=FOOTER_LINE, on_grid=False)
STYLES = (
    TITLE, RECIPIENTS, BODY, *HEADINGS, SIGNATURE, DATE, CAPTION, PICTURE, PICTURE_TITLE, CELL_HEADING, CELL,
    CELL_NUMBER, NOTE, SOURCE, FOOTER,
)  # fmt: skip


def run_fonts(families: str) -> str:
    """`w:rFonts` of one family for every kind of character; quotes and dashes are those of a Chinese font."""
    name = quoteattr(split_families(families)[0])
    return f'<w:rFonts w:ascii={name} w:hAnsi={name} w:eastAsia={name} w:cs={name} w:hint="eastAsia"/>'


def styles_part(fonts: Fonts) -> str:
    """The part `styles.xml`."""
    return (
        f"<w:styles {nsdecls('w')}>{_defaults(fonts)}{_NORMAL}{_CHARACTERS}{_TABLES}"
        f"{''.join(_style(style, fonts) for style in STYLES)}</w:styles>"
    )


def _defaults(fonts: Fonts) -> str:
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{run_fonts(fonts.text)}"
        f'<w:sz w:val="{SIZE}"/><w:szCs w:val="{SIZE}"/><w:lang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )


# No line is pushed over for a widow, so that a page has its 22 lines. Marks may hang over the edge in Word, as they do
# there unless told otherwise; LibreOffice reads this property the other way round and keeps them inside.
_NORMAL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>'
    '<w:widowControl w:val="0"/><w:overflowPunct w:val="1"/>'
    f'<w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr></w:style>'
)
_CHARACTERS = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
)
_SIDES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLES = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    f"<w:tblPr><w:tblBorders>{_SIDES}</w:tblBorders><w:tblCellMar>"
    '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
)


def _style(style: Style, fonts: Fonts) -> str:
    squeeze = f'<w:spacing w:val="{SQUEEZE}"/>' if style.size == SIZE else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.key}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{_paragraph(style)}</w:pPr>'
        f"<w:rPr>{run_fonts(getattr(fonts, style.font))}{squeeze}"
        f'<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/></w:rPr></w:style>'
    )


def _paragraph(style: Style) -> str:
    """How a paragraph stands, in the order of the schema."""
    line = f'w:line="{style.line}" w:lineRule="{style.rule}"'
    parts = (
        "<w:keepNext/>" if style.keep else "",
        '<w:wordWrap w:val="0"/>' if style.breaks_words else "",
        "" if style.on_grid else '<w:snapToGrid w:val="0"/>',
        f'<w:spacing w:before="{style.before}" w:after="{style.after}" {line}/>',
        f'<w:ind w:firstLineChars="200" w:firstLine="{style.indent}"/>' if style.indent else "",
        f'<w:jc w:val="{style.align}"/>',
        "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>',
    )
    return "".join(parts)
