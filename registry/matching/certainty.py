"""When two names, and nothing else, are certainly one firm's: they differ only in what no registrar hesitates over.

That is: 市, 省 or 县 left out of a place, the province before a city, 有限公司 for 有限责任公司, a slip inside
有限公司, and a numeral written otherwise; besides everything that `normalise.name_key` does not see (script, width,
brackets, remarks). Measured over a million registered names: of 80,000 with 有限责任公司 nine have a twin
with 有限公司, of 277,000 that open with 市 three have one without it, of 36,000 with 县 one. What else differs is for a
person to look at, however small: a word more, a character that sounds or looks alike, another order of the words
all belong to two firms often enough.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from registry.matching import numerals, places
from registry.matching.lexicons import NUMERALS, ORDINAL_MARK
from registry.matching.parse import BRANCH_TAIL, DIVISION, LEGAL_FORM

if TYPE_CHECKING:
    from registry.matching.evidence import Named


def certain(a: Named, b: Named) -> bool:
    """Whether the two differ in nothing but how one name is written. Symmetric.

    Names that consist of place and trade (汕尾市 + 建筑工程公司) have nothing by which to be sure of them.
    """
    if _slip_of_form(a.key, b.key) or _slip_of_form(b.key, a.key):
        return is_distinctive(a) and is_distinctive(b)
    alike = a.parts.trade_name[-1:] == b.parts.trade_name[-1:]
    return alike and is_distinctive(a) and is_distinctive(b) and a.spelling == b.spelling


def is_distinctive(name: Named) -> bool:
    trade = name.parts.trade_name
    return (trade != "" and not _ORDINAL.fullmatch(trade)) or (name.parts.is_branch and name.parts.parent_key != "")


_ORDINAL = re.compile(f"{ORDINAL_MARK}[{NUMERALS}]+|[{NUMERALS}]{{1,2}}")


def spelling(name: Named) -> str:
    """The name in its plainest writing, part by part in the order of the name."""
    if name.key.isascii():
        return _ENGLISH.sub(lambda found: _ENGLISH_FORMS[found[0]], name.key)
    if len(name.kinds) != len(name.key):
        return name.key
    kinds, count, at, pieces = name.kinds, len(name.kinds), 0, []
    while at < count:
        end = at + 1
        while end < count and kinds[end] == kinds[at]:
            end += 1
        pieces.append(_plainest(kinds[at], name.key[at:end]))
        at = end
    return "".join(pieces)


@lru_cache(maxsize=65_536)
def _plainest(kind: str, text: str) -> str:
    if kind == DIVISION:
        return places.plainest(text)
    if kind == LEGAL_FORM:
        return _FORMS.get(text, text)
    if kind == BRANCH_TAIL:
        return unit(text)
    return text


_FORMS = {
    "有限责任公司": "有限公司",
    "农民专业合作社": "专业合作社",
    "农民专业合作社联合社": "专业合作社联合社",
}
_FORM = "有限公司"
_ENGLISH_FORMS = {
    "LIMITED": "LTD",
    "COMPANYLIMITED": "COLTD",
    "INCORPORATED": "INC",
    "CORPORATION": "CORP",
    "COMPANY": "CO",
}
_ENGLISH = re.compile("(?:COMPANYLIMITED|LIMITED|INCORPORATED|CORPORATION|COMPANY)$")
ENGLISH_FORM = re.compile("(?:LTD|LIMITED|INC|INCORPORATED|CORP|CORPORATION|LLC|PLC)$")
"""What closes the English name of a company, as a name key has it."""


@lru_cache(maxsize=65_536)
def unit(tail: str) -> str:
    """A branch's tail without 市 and 省 behind its places and 第 before its number: 汕尾市第三分店 is 汕尾三分店."""
    return _NUMBERED.sub("", places.without_suffixes(tail)).replace("有限责任公司", _FORM)


_NUMBERED = re.compile(f"{ORDINAL_MARK}(?=[{NUMERALS}])")


def _slip_of_form(whole: str, slipped: str) -> bool:
    """Whether `slipped` is `whole` but for a character lost, doubled or turned inside its closing 有限公司."""
    if not whole.endswith(_FORM) or slipped.endswith(_FORM) or abs(len(whole) - len(slipped)) > 1:
        return False
    own = whole.removesuffix(_FORM)
    return slipped.startswith(own) and slipped[len(own) :] in _slips()


@lru_cache(maxsize=1)
def _slips() -> frozenset[str]:
    lost = {_FORM[:at] + _FORM[at + 1 :] for at in range(len(_FORM))}
    doubled = {_FORM[: at + 1] + _FORM[at:] for at in range(len(_FORM))}
    turned = {_FORM[:at] + _FORM[at + 1] + _FORM[at] + _FORM[at + 2 :] for at in range(len(_FORM) - 1)}
    return frozenset(lost | doubled | turned)


def respelt(a: Named, b: Named) -> tuple[str, str] | None:
    """Both names with their numerals in one writing, None where that changes nothing."""
    if not (a.has_numeral or b.has_numeral):
        return None
    one, other = numerals.plain(a.parts.shown), numerals.plain(b.parts.shown)
    one, other = numerals.spelt_as(one, numerals.plain(b.key)), numerals.spelt_as(other, numerals.plain(a.key))
    return (one, other) if (one, other) != (a.parts.shown, b.parts.shown) else None
