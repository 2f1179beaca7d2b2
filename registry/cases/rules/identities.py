"""What may be used once only: an invoice, a piece of equipment, a named thing, and when two of them are one.

An invoice is its number and code (a fully digital one has a number of 20 digits and no code), whatever amount of it is
claimed. Where one of two has no code, the seller decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registry.cases.rules.kinds import KeyRule, OnceOnly
from registry.cases.texts import LEGAL_FORM, NOTHING, NUMBERED

_IGNORED = re.compile(r"[\s\-‐-―－_/\\.,，。·・:：;；()（）\[\]【】<>《》〈〉'\"“”‘’#＃]")
_NUMBERED = re.compile(NUMBERED)
_LEGAL = re.compile(LEGAL_FORM)
_NOTHING = re.compile(NOTHING, re.IGNORECASE)
_DIGITAL, _WITH_CODE = 20, 18
"""Digits of the number of a fully digital invoice, and of an older one's code and number together."""
_NUMBER = 8


@dataclass(frozen=True, slots=True)
class Identity:
    """`strict`: if equal, the same; `loose`: those equal are compared (`same`); `parts`: what by."""

    space: str
    strict: str
    loose: str
    parts: Mapping[str, str]
    shown: str


def folded(text: str) -> str:
    """Widths, case, spaces and punctuation do not tell things apart."""
    return _NUMBERED.sub("", _IGNORED.sub("", unicodedata.normalize("NFKC", text).upper()))


def maker_of(text: str) -> str:
    """A seller or maker without its legal form."""
    return _LEGAL.sub("", folded(text))


def identity(rule: OnceOnly, row: Mapping[str, str]) -> Identity | None:
    """What a row of a list, or the fields of a case, use up; None where nothing names it."""
    return _IDENTITIES[rule.rule](rule, row)


def same(one: Mapping[str, str], other: Mapping[str, str], rule: KeyRule) -> bool:
    """Whether two whose `loose` keys are equal are the same thing."""
    return _SAME[rule](one, other)


def _invoice(rule: OnceOnly, row: Mapping[str, str]) -> Identity | None:
    number, code = folded(row.get("number", "")), folded(row.get("code", ""))
    if not number:
        return None
    if number.isdigit() and (len(number) == _WITH_CODE or (len(number) == _DIGITAL and number[0] in "01")):
        number, code = number[-_NUMBER:], number[:-_NUMBER]  # both stand in one cell; no digital one begins so
    if is_digital(number):
        code = ""
    number, code, seller = number.lstrip("0") or "0", code.lstrip("0"), maker_of(row.get("seller", ""))
    parts = {"number": number, "code": code, "seller": seller, "amount": row.get("amount", "")}
    which = "" if is_digital(number) else code or f"?{seller}"
    return Identity(rule.space, f"{number}|{which}", number, parts, _shown(row, "code", "number", "seller"))


def is_number(number: str) -> bool:
    """Whether a folded number is that of one invoice: at most 8 digits, or 20."""
    return number.isdigit() and (len(number) <= _NUMBER or len(number) == _DIGITAL)


def is_digital(number: str) -> bool:
    return number.isdigit() and len(number) == _DIGITAL


def _same_invoice(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    if is_digital(one["number"]):
        return True
    if one["code"] and other["code"]:
        return one["code"] == other["code"]
    return _alike(one["seller"], other["seller"])


def _alike(one: str, other: str) -> bool:
    """Equal, or one is the other shortened; of one that nobody named nothing is known."""
    return not one or not other or one in other or other in one


def _equipment(rule: OnceOnly, row: Mapping[str, str]) -> Identity | None:
    serial, name, invoice = (folded(row.get(part, "")) for part in ("serial", "name", "invoice"))
    serial = "" if _NOTHING.fullmatch(serial) else serial
    if not serial and not (name and invoice):
        return None
    maker = maker_of(row.get("maker", ""))
    parts = {"serial": serial, "name": name, "maker": maker, "invoice": invoice}
    strict = f"S|{serial}|{maker}" if serial else f"N|{name}|{maker}|{invoice}"
    return Identity(rule.space, strict, "", parts, _shown(row, "name", "serial", "maker"))


def _same_equipment(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """By serial number and maker; where one has no serial number, by name, maker and invoice."""
    if not _alike(one["maker"], other["maker"]):
        return False
    if one["serial"] and other["serial"]:
        return one["serial"] == other["serial"]
    return all(one[part] and one[part] == other[part] for part in ("name", "invoice"))


def _name(rule: OnceOnly, row: Mapping[str, str]) -> Identity | None:
    """A platform, a workstation: by the fields that the rule names, put together."""
    said = [folded(row.get(field, "")) for field in rule.fields]
    if not all(said):
        return None
    name = "|".join(said)
    return Identity(rule.space, name, name, {"name": name}, _shown(row, *rule.fields))


def _shown(row: Mapping[str, str], *columns: str) -> str:
    return " ".join(filter(None, (row.get(column, "") for column in columns)))


_IDENTITIES: Mapping[KeyRule, Callable[[OnceOnly, Mapping[str, str]], Identity | None]] = {
    KeyRule.INVOICE: _invoice,
    KeyRule.EQUIPMENT: _equipment,
    KeyRule.NAME: _name,
}
_SAME: Mapping[KeyRule, Callable[[Mapping[str, str], Mapping[str, str]], bool]] = {
    KeyRule.INVOICE: _same_invoice,
    KeyRule.EQUIPMENT: _same_equipment,
    KeyRule.NAME: lambda one, other: one["name"] == other["name"],
}
