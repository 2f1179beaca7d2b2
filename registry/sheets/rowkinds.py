"""What a row of a sheet is when it is no firm: a total, a note, a signature, a group's heading, a serial number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from registry.base.vocabulary import NOTICE
from registry.sheets.columns import CLOSING_WORDS, SERIAL_HEADING
from registry.sheets.headings import Heading, RecognisedColumn, plain, recognise
from registry.sheets.meanings import meaning_of
from registry.sheets.parsed import Cell
from registry.sheets.words import CODE_IN_NAME

_SHOWN = 40
_SUFFIX = re.compile(
    r"(?:公司|[工]?厂|[店场站所院社部行馆坊园吧堂铺库校])(?:[(（].{1,20}[)）])?$|中心|合作社|事务所|研究院|合伙|个体|分公司|集团"
)
_COUNTED = re.compile(r"\d+[家户个]$|(?:以上|本表|本页|全[市县区]|合计|总计|小计|共计|共)+.{0,12}?\d+\s*[家户个条名]")
_NOTE = re.compile(
    r"(?:备?注|说明|附注?|提示|填表说明|填报说明|注意事项?|资料来源|数据来源)(?:[:：]|\d|[一二三四五六七八九][、.])"
)
_NUMBERED_NOTE = re.compile(r"\d{1,2}[.、．].{6,}[。；;]?$")
_SIGNATURE = re.compile(
    r"(?:制表|填表|填报|审核|复核|审批|经办|负责|报送|统计|核对|签发|单位|分管|主要|联系|打印|导出|更新)"
    r"(?:人|员|单位|部门|日期|时间|领导|负责人|电话|签字|签章|签名|盖章)*"
    r"(?:[(（【][^)）】]{0,8}[)）】])?[:：]"
)
_TOTALS = frozenset(
    ("合计", "总计", "小计", "汇总", "共计", "累计", "总和", "平均", "平均值", "计数", "求和", "本页小计", "本页合计")
)
_CODE_BEHIND = re.compile(rf"{CODE_IN_NAME}$")
_TOTALLED = re.compile(r"(?:合计|总计|小计|汇总|共计)(?:[(（]?\d+[家户个条][)）]?)?[:：]?$")
"""Behind the name of a place or a group; no firm is called so."""
_ALONE = frozenset(("备注", "注", "说明", "填表说明", "附注", "以下空白", "以下无正文", "此行以下空白", "略", "完"))
_EXAMPLE = frozenset(("例", "示例", "样例", "范例", "举例", "填写示例"))
_GROUP = re.compile(
    r"(?:[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．:：\s]|第[一二三四五六七八九十\d]{1,3}[批类部组][:：、]?).{1,40}|"
    r".{1,30}[(（]\s*共?\s*\d+\s*[家户个][)）]"
)
_PLACE = re.compile(r"(?:[一-鿿]{1,8}市)?[一-鿿]{1,6}(?:[县区镇乡]|街道|市)")
_NAMING = re.compile("[名称]|单位|主体")
"""One of these stands in every heading of names; of a cell without, nothing else needs to be asked."""
_SIGNATURES = (*(f"{word}:" for word in CLOSING_WORDS), plain(NOTICE))
_ORDINALS = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|\d{1,2}|[(（]\d{1,2}[)）]|[①-⑳]")
CODE_LENGTH = 8


class RowJudge:
    """Tells the rows of firms under one heading from all other rows."""

    def __init__(self, heading: Heading) -> None:
        self.heading = heading
        places = {column.key: column.index for column in heading.columns}
        self.name = places["name"]
        self.code = places.get("credit_code", -1)
        self.texts = {column.index: column.heading for column in heading.columns}
        self.serials = frozenset(
            column.index
            for column in heading.columns
            if plain(column.heading) in (plain(SERIAL_HEADING), "编号", "no.")
        )
        self.telling = frozenset(column.index for column in heading.columns if column.key not in (None, "name"))
        self.coded = False

    def passes_over(self, cells: Sequence[Cell]) -> str | None:
        """The first words of a row that is no firm; None for a firm."""
        if self.has_code(cells):
            self.coded = True
            return None
        filled = {index: cell for index, cell in enumerate(cells) if _is_filled(cell)}
        beside = {index: cell for index, cell in filled.items() if index not in self.serials}
        return None if beside and self._is_firm(cells, filled) else _words(filled)

    def label_of(self, cells: Sequence[Cell]) -> str | None:
        """What stands in the place of the name where it is a heading that we know: then it is nobody's name."""
        name = _at(cells, self.name)
        is_label = not name.isascii() and len(name) <= _SHOWN and not _SUFFIX.search(name) and meaning_of(name)
        return name if is_label and not self.has_code(cells) else None

    def lost_above(self, cells: Sequence[Cell]) -> str | None:
        """The first words of a firm's row that stands above the heading, where nothing is read; None for a title."""
        filled = {index: cell for index, cell in enumerate(cells) if _is_filled(cell)}
        is_firm = self.has_code(cells) or (len(filled) > 1 and _SUFFIX.search(_at(cells, self.name)))
        return _words(filled) if is_firm else None

    def new_heading(self, row: int, cells: Sequence[Cell]) -> Heading | None:
        """The heading of another table that begins here; None for any other row."""
        if self.has_code(cells) or not any(_names_firms(cell) for cell in cells):
            return None
        found = recognise(row, cells)
        return found if found.is_usable and len(found.keys) > 1 else None

    def repeats(self, other: Heading) -> bool:
        """Whether another heading row stands for the very same columns, in the same units and months."""
        ours = {c.index: c for c in self.heading.columns if c.key}
        theirs = {c.index: c for c in other.columns if c.key}
        return ours.keys() == theirs.keys() and all(_are_same(ours[at], theirs[at]) for at in ours)

    def group_of(self, cells: Sequence[Cell]) -> str | None:
        """The words of a row that only heads a group of rows; None for any other."""
        filled = [cell for cell in cells if _is_filled(cell)]
        if len(filled) != 1 or not isinstance(filled[0], str):
            return None
        text = filled[0].strip()
        return text if _is_group(text) else None

    def is_name_alone(self, cells: Sequence[Cell]) -> bool:
        """A name and nothing else, where other rows have a code."""
        if not self.coded or not self.telling:
            return False
        return not any(index < len(cells) and _is_filled(cells[index]) for index in self.telling)

    def has_code(self, cells: Sequence[Cell]) -> bool:
        code = _at(cells, self.code)
        return len(code) >= CODE_LENGTH and code.isascii() and any(c.isdigit() for c in code)

    def _is_firm(self, cells: Sequence[Cell], filled: dict[int, Cell]) -> bool:
        first, name = str(next(iter(filled.values()))), _at(cells, self.name)
        if plain(first) in _EXAMPLE or self._repeats_heading(cells, name) or self._numbers_columns(filled):
            return False
        if plain(first) in (*_TOTALS, *CLOSING_WORDS):
            return False
        if not name:
            return not self._closes_without_name(filled)
        return not _is_no_name(name, alone=len(set(filled) - self.serials) == 1)

    def _closes_without_name(self, filled: dict[int, Cell]) -> bool:
        """No name: a single text is a note; a total or signature may have more cells."""
        first = next(iter(filled.values()))
        if not isinstance(first, str):
            return False
        if len(filled) == 1:
            return not (set(filled) & self.telling and len(first) < CODE_LENGTH) or _is_no_name(first, alone=True)
        return plain(first).startswith(CLOSING_WORDS) or _is_no_name(first, alone=False)

    def _repeats_heading(self, cells: Sequence[Cell], name: str) -> bool:
        return name == self.texts[self.name] and all(
            _at(cells, index) in ("", heading) for index, heading in self.texts.items()
        )

    def _numbers_columns(self, beside: dict[int, Cell]) -> bool:
        """A row that numbers the columns: 甲 乙 1 2 3."""
        return len(beside) > 2 and all(_ORDINALS.fullmatch(plain(str(cell))) for cell in beside.values())


def _are_same(ours: RecognisedColumn, theirs: RecognisedColumn) -> bool:
    """A unit that the other does not write is the one of the first."""
    if (ours.key, ours.month) != (theirs.key, theirs.month):
        return False
    return theirs.scale is None or (ours.scale, ours.currency) == (theirs.scale, theirs.currency)


def _is_no_name(text: str, *, alone: bool) -> bool:
    """What stands in the place of a name and is none; what might be one only where nothing else stands in the row."""
    words = plain(text)
    if words in CLOSING_WORDS or words in _TOTALS or words.startswith(_SIGNATURES) or _NOTE.match(words):
        return True
    if _TOTALLED.search(words):
        return True
    if _SIGNATURE.match(words) or _COUNTED.match(words):
        return not _SUFFIX.search(words) or ":" in words
    if words in _ALONE:
        return True
    noted = _NUMBERED_NOTE.match(words) and not _SUFFIX.search(_CODE_BEHIND.sub("", text))
    return alone and (_is_group(text) or bool(noted) or words.isdecimal())


def _is_group(text: str) -> bool:
    bare = text.strip()
    if _SUFFIX.search(bare):
        return False
    return bool(_GROUP.fullmatch(bare) or _PLACE.fullmatch(bare))


def _names_firms(cell: Cell) -> bool:
    if not isinstance(cell, str) or len(cell) > _SHOWN or not _NAMING.search(cell):
        return False
    found = meaning_of(cell)
    return found is not None and found.key == "name" and not found.qualified


def _is_filled(cell: Cell) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())


def _words(filled: dict[int, Cell]) -> str:
    """The first words of a row; behind a serial number all that stands there."""
    first = next(iter(filled.values()))
    told = [first] if isinstance(first, str) else filled.values()
    return " ".join(str(cell).strip() for cell in told)[:_SHOWN]


def _at(cells: Sequence[Cell], index: int) -> str:
    cell = cells[index] if 0 <= index < len(cells) else None
    return "" if cell is None else str(cell).strip()
