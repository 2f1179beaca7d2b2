"""What a text says of a unit: how much of which currency one of a column is; in headings, lines and number formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from registry.sheets.words import CURRENCIES, ENGLISH_SCALES, MULTIPLE, SCALES, UNIT_WORD, YUAN

OPEN, CLOSE = r"[(\[{【〔<《]", r"[)\]}】〕>》]"
_CURRENCY = "|".join(re.escape(word) for word in sorted(CURRENCIES, key=len, reverse=True))
_WORD = rf"(?:金额|计量)?{UNIT_WORD}[:为是]?"
_UNIT = rf"(?P<front>{_CURRENCY})?(?P<multiple>{MULTIPLE})?(?P<yuan>{YUAN})?/?(?P<back>{_CURRENCY})?{YUAN}?"
_ENGLISH = re.compile(
    rf"(?P<front>{_CURRENCY})?(?P<multiple>{'|'.join(map(re.escape, ENGLISH_SCALES))})(?P<back>{_CURRENCY}|yuan)?"
)
_BARE = re.compile(rf"(?:{_WORD})?{_UNIT}")
_TRAILING = re.compile(
    rf"(?:[,:/_\-]+(?:{_WORD})?(?P<marked>{_UNIT})"
    rf"|(?P<plain>(?:(?:{MULTIPLE}){YUAN}(?:{_CURRENCY})?|(?:{MULTIPLE})?(?:{_CURRENCY}))))$"
)
_BRACKETED = re.compile(rf"{OPEN}([^()\[\]{{}}【】〔〕<>《》]*){CLOSE}")
_AFTER = rf"(?:{_CURRENCY})?{OPEN}?(?P<unit>(?:{_CURRENCY})?(?:{MULTIPLE})?(?:{YUAN}|{_CURRENCY})(?:{_CURRENCY})?)"
_STATEMENT = re.compile(
    rf"(?:{UNIT_WORD}[:为是]?(?:[人家个名户]+[、,/])*|金额(?:均|都|全部)?(?:为|是|以|按))(?:均?为)?{_AFTER}(?=$|\W|_|[为计均及和])"
    rf"|[以按](?P<by>(?:{MULTIPLE})?{YUAN})(?:为{UNIT_WORD}|计|填)"
)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|!(.)')
_FAKE_POINT = re.compile(r'[!\\]\.|"\."')


@dataclass(frozen=True, slots=True)
class Unit:
    """One of a column is `scale` of `currency`."""

    scale: Decimal
    currency: str = "CNY"


def read_unit(text: str) -> Unit | None:
    """A plain text that is nothing but a unit: `万元`, `单位:百万元`, `亿元人民币`, `万美元`, `亿`."""
    if (english := _ENGLISH.fullmatch(text)) is not None and (english["front"] or english["back"]):
        return Unit(
            ENGLISH_SCALES[english["multiple"]], CURRENCIES.get(english["front"] or english["back"] or "", "CNY")
        )
    match = _BARE.fullmatch(text)
    if match is None or not text:
        return None
    if not any(match[name] for name in ("front", "multiple", "yuan", "back")):
        return None
    currency = CURRENCIES.get(match["front"] or match["back"] or "", "CNY")
    return Unit(SCALES[match["multiple"] or ""], currency)


def split_off(text: str) -> tuple[str, Unit | None]:
    """A plain heading without its unit, and the unit: `注册资本(万元)`, `上年营业收入_千元`, `注册资本万美元`."""
    for match in _BRACKETED.finditer(text):
        unit = read_unit(match[1])
        if unit is not None and match.start():
            return text[: match.start()] + text[match.end() :], unit
    found = _TRAILING.search(text)
    if found and found.start():
        unit = read_unit(found["marked"] or found["plain"] or "")
        if unit is not None:
            return text[: found.start()], unit
    return text, None


def stated(text: str) -> Unit | None:
    """The unit that a plain line says of a whole table: `单位:万元`, `注:金额单位:元`, `以千元为单位`."""
    match = _STATEMENT.search(text)
    return read_unit(match["unit"] or match["by"]) if match else None


def shown_by(number_format: str) -> Unit | None:
    """What a number format says of the numbers beneath it; None where it says nothing.

    A format that divides what it shows (`0!.0000"万元"`, `0!.0,`, `#,##0,`) stands over a number in yuan; one that only
    prints a word behind it (`0.00"万元"`) says what the number is in.
    """
    section = number_format.split(";", 1)[0]
    digits = _LITERAL.sub("", section)
    if _FAKE_POINT.search(section) or re.search(r"[0#?],+(?![0#?,])", digits):
        return Unit(Decimal(1))
    words = "".join(first or second or third for first, second, third in _LITERAL.findall(section))
    return read_unit("".join(words.split()))


def bracketed(text: str) -> tuple[str, tuple[str, ...]]:
    """A plain heading without what stands in brackets, and what stood in them."""
    return _BRACKETED.sub("", text), tuple(_BRACKETED.findall(text))


def unit_words(scale: Decimal | None, currency: str) -> str:
    """A unit in words: 万元, 千元; another currency by its code."""
    multiple = next((word for word, factor in SCALES.items() if factor == scale), "")
    return f"{multiple}{YUAN}" if currency == "CNY" else f"{multiple}{currency}"
