"""What a paper holds from top to bottom, and the fonts it asks for; nothing here knows of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 3; the number is part of the text: `一、`, `（一）`, `1.`."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A paragraph; its first line stands in by two characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its title; every row has as many cells as there are headings.

    `numeric`: indexes of columns with figures, which stand at the right; `note` is a small line below.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture above its title; `words` say what it shows to whoever does not see it."""

    title: str
    png: bytes
    words: str


Block = Heading | Body | Table | Picture


@dataclass(frozen=True, slots=True)
class OfficialPaper:
    """A paper (公文) without red head, number and seal, as it is sent up for approval (送审稿).

    `title` may have several lines. `recipients` (主送机关) ends with its colon. `day` is the date of the paper
    (成文日期). `attached` (附表) begins on a page of its own after the signature; `sources` are small paragraphs at the
    end; `footer` stands beside the number of every page.
    """

    title: str
    recipients: str
    blocks: tuple[Block, ...]
    signature: str
    day: date | None
    footer: str
    sources: tuple[str, ...] = ()
    attached: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Fonts:
    """Families of fonts, each with those that may stand for it, best first, divided by commas; none is embedded.

    The defaults are those of GB/T 9704-2012, 7, by the names they have on the machines of offices.
    """

    title: str = "方正小标宋简体,方正小标宋_GBK,华文中宋,STZhongsong,宋体,SimSun"
    text: str = "仿宋_GB2312,仿宋,FangSong"
    heading1: str = "黑体,SimHei"
    heading2: str = "楷体_GB2312,楷体,KaiTi"
    number: str = "宋体,SimSun"


def split_families(families: str) -> tuple[str, tuple[str, ...]]:
    """The family that is written, and those that may stand for it."""
    first, *others = [name.strip() for name in families.split(",") if name.strip()]
    return first, tuple(others)
