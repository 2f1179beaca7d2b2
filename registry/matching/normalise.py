"""The key of a name: what is left of it when script, width, marks and remarks no longer count."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from unicodedata import category, normalize

from registry.base.errors import RegistryError
from registry.matching import sentences
from registry.matching.lexicons import CLOSING, DAY, MONTH, NUMERALS, OPENING, YEAR, rows

LONGEST_NAME = 200  # characters; the longest registered name seen has 57
_GROWS_TO = 60  # a shorter text cannot outgrow `LONGEST_NAME`: no character folds to more than three


class NameTooLong(RegistryError):
    """More than `LONGEST_NAME` characters, as typed or once unfolded (㍿); the name itself is not carried along."""

    template = sentences.NAME_TOO_LONG

    def __init__(self, length: int) -> None:
        super().__init__(None, limit=LONGEST_NAME, length=length)


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """The text by which two writings of one name are equal; '' if nothing of it is a letter or digit.

    Traditional, Hong Kong and look-alike characters become simplified one by one (never by phrase), width and case are
    unified, invisible characters, marks, brackets, dots, spaces, lead numbers and remarks are dropped. Characters that
    merely sound or look alike (晟, 盛) stay apart. For comparing only: the stored name is never replaced by it.

    Raises NameTooLong. Source of the rule: domain paper, sections 6 and 8.
    """
    return fold(surface(name))


def key_of(name: str) -> str:
    """The name key, '' for what is too long to be a name."""
    try:
        return name_key(name)
    except NameTooLong:
        return ""


def surface(name: str) -> str:
    """The name as it may be shown: invisible characters out, NFKC, lead number and remarks off; script untouched.

    Raises NameTooLong.
    """
    if len(name) > LONGEST_NAME:
        raise NameTooLong(len(name))
    text = normalize("NFKC", _RINGED_NUMBER.sub("", _INVISIBLE.sub("", name))).strip()
    if len(text) > _GROWS_TO and (length := max(len(text), len(fold(text)))) > LONGEST_NAME:
        raise NameTooLong(length)
    return _without_remarks(_without_lead_numbers(text))


def without_additions(name: str) -> str:
    """The name as typed, without what a list puts before and behind it: numbers, marks, remarks, former names.

    Script stays, and so do brackets as they were typed. A name of which nothing would be left stays as it is.
    """
    text = _MARKS.sub("", _RINGED_NUMBER.sub("", _INVISIBLE.sub("", name))).translate(_HALF_WIDTH)
    kept = _MARKS.sub("", _without_remarks(_MARKS.sub("", _without_lead_numbers(text))))
    if kept == name.translate(_HALF_WIDTH) or not fold(kept):
        return name
    return kept.translate(_FULL_WIDTH) if "（" in name else kept


def remarks(name: str) -> tuple[str, ...]:
    """What stands behind a name in brackets and is said of the firm: `甲公司（已注销）` gives 已注销."""
    return tuple(text for text in _BRACKETED.findall(name.translate(_HALF_WIDTH)) if _is_remark(text))


def fold(text: str) -> str:
    """Fold every character of `text`; a fixed point: `fold(fold(x)) == fold(x)`."""
    key = _DRY.sub("干", text).translate(_FOLDED)
    while not _SETTLED.fullmatch(key):
        again = normalize("NFKC", key).translate(_FOLDED)
        if again == key:
            break
        key = again
    return key


# Controls, format characters, variation selectors and blank letters: they show nothing and split composed characters.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_HALF_WIDTH = str.maketrans("（）：", "():")
_FULL_WIDTH = str.maketrans("():", "（）：")
_MARKS = re.compile(r"^[*＊★☆●○◆◇▲△■□※√✔✓#＃\s]+|[*＊★☆●◆▲※√✔✓#＃\s]+$")
_RINGED_NUMBER = re.compile("^[\\s\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]+")
_LEAD_NUMBER = re.compile(
    rf"^[\W_]*?(?:[{OPENING}]\s*(?:\d{{1,6}}|[{NUMERALS}]{{1,4}})\s*[{CLOSING}]"
    rf"|\d{{1,6}}\s*(?:[、{CLOSING}]|[.:](?![0-9A-Za-z]))|[{NUMERALS}]{{1,4}}、)\s*(?=\S)"
)
_BRACKETED = re.compile(f"[{OPENING}]([^{OPENING}{CLOSING}]{{1,16}})[{CLOSING}]")
_TRAILING = re.compile(rf"[\s\-_—–/,;:、{OPENING}]+([^\s\-_—–/,;:、]{{2,8}})$")
_SAID_FORMER = r"(?:原名称?|曾用名称?|更名前(?:名称)?|前身为?|旧名称?|旧称)\s*[:：为是]?\s*"
_FORMER = re.compile(
    rf"\s*[{OPENING}]\s*(?:{_SAID_FORMER}|原\s*[:：]?\s*(?=[^{OPENING}{CLOSING}]*公司))([^{OPENING}{CLOSING}]{{2,60}}(?:[{OPENING}]"
    rf"[^{OPENING}{CLOSING}]{{1,16}}[{CLOSING}][^{OPENING}{CLOSING}]{{0,40}})?)\s*[{CLOSING}]"
    rf"|(?<=公司)[\s,;、/]*{_SAID_FORMER}(\S{{4,60}})$"
)
_OF_FORMER = frozenset("原曾更前旧")
# A telephone number behind the name, in brackets or not; no registered name ends in seven digits.
_CONTACT = re.compile(
    rf"[\s{OPENING},;、/]*(?:(?:联系)?电话|联系方式|手机|TEL)?[\s:.：]*(?:\(?0\d{{2,3}}\)?[-\s]?)?\d{{7,11}}\s*[{CLOSING}]?\s*$",
    re.IGNORECASE,
)
_MARKED = re.compile(rf"(?<=公司)\s*[{OPENING}]\s*\d{{1,2}}\s*[{CLOSING}]$")  # a row's mark, not a part of the name
_REMARK_DATE = re.compile(rf"^(?:\d{{2,4}}[{YEAR}.\-/]?(?:\d{{1,2}}[{MONTH}.\-/]?)?(?:\d{{1,2}}{DAY}?)?)?")
_SETTLED = re.compile("[0-9A-Z&+\u3007\u3400-\u4dbf\u4e00-\u9fff]*")


def _without_lead_numbers(text: str) -> str:
    while found := _LEAD_NUMBER.match(text):
        text = text[found.end() :]
    return text


def _without_remarks(text: str) -> str:
    """Drop '(已注销)', ' -新增'; brackets that hold part of the name ('(深圳)', '(普通合伙)') stay."""
    kept = text if _OF_FORMER.isdisjoint(text) else _FORMER.sub("", text)
    if kept[-1:] in CLOSING or kept[-1:].isdecimal():
        kept = _MARKED.sub("", _CONTACT.sub("", kept))
    kept = _BRACKETED.sub(lambda found: "" if _is_remark(found[1]) else found[0], kept)
    while (found := _TRAILING.search(kept)) and _is_remark(found[1]):
        kept = kept[: found.start()]
    # of a text that is a number and nothing else, no part is a telephone number
    return kept if fold(kept).strip("〇0123456789") else text


def former_names(name: str) -> tuple[str, ...]:
    """The former names that a name carries along in brackets: '甲公司（原名：乙公司）' gives 乙公司."""
    if len(name) > LONGEST_NAME:
        return ()
    text = normalize("NFKC", _INVISIBLE.sub("", name)).strip()
    return tuple(first or second for first, second in _FORMER.findall(text))


def _is_remark(text: str) -> bool:
    return fold(_REMARK_DATE.sub("", text.strip())) in _remarks()


@cache
def _remarks() -> frozenset[str]:
    return frozenset(fold(row["text"]) for row in rows("notes.csv"))


# 乾 is a character of its own (乾坤); only where it means 'dry' is it the traditional form of 干.
_DRY = re.compile("乾(?=[燥洗淨净果貨货粉濕湿燃冰衣糧粮雜杂線线法])|(?<=[餅饼筍笋豆萄菜肉魚鱼薯烘風风])乾")


class _Folding(dict[int, str]):
    """Character -> its folded text, worked out on first sight; as `str.translate` asks for it."""

    LARGEST = 40_000  # a hostile file must not make the table grow for ever

    def __missing__(self, point: int) -> str:
        folded = "".join(_fold_character(character) for character in normalize("NFKC", chr(point)).upper())
        if len(self) < self.LARGEST:
            self[point] = folded
        return folded


def _fold_character(character: str) -> str:
    folded = _simplified().get(character, character)
    # C controls, M marks, P punctuation, S symbols, Z spaces; spacing marks (Mc) are vowels of their scripts.
    if folded in "&+" or category(folded[0]) == "Mc" or category(folded[0])[0] not in "CMPSZ":
        return "" if _INVISIBLE.fullmatch(folded) else folded
    return ""


@cache
def _simplified() -> dict[str, str]:
    """Traditional, Hong Kong or look-alike character -> simplified, closed under itself."""
    from opencc import OpenCC  # loads its dictionaries; only the first key needs it

    characters = [chr(point) for low, high in _IDEOGRAPHS for point in range(low, high + 1)]
    converted = OpenCC("hk2s").convert("\n".join(characters)).split("\n")  # line by line: no phrase can form
    table = {old: new for old, new in zip(characters, converted, strict=True) if old != new}
    table |= {row["from"]: row["to"] for row in rows("variants.csv")}
    del table["乾"]
    return {old: _settled(table, new) for old, new in table.items()}


_IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))


def _settled(table: dict[str, str], character: str) -> str:
    while character in table:
        character = table[character]
    return character


_FOLDED = _Folding()
