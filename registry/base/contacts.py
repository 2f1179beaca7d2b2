"""Whom to call in a firm: the only module that reads, masks and compares contacts.

Everything else takes them from here, so that a page cannot mask in a way of its own and the day they are stored
encrypted changes one module. Masked forms follow the usual reading of GB/T 35273 6.2: what is left recognises a number
one already knows, and gives nobody a number or the length of a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

NAME = "contact_name"
PHONE = "contact_phone"
RESTRICTED = frozenset({NAME, PHONE})
"""The fields that are shown in full to nobody who has not asked for it on the record."""

_BETWEEN_NAMES = re.compile(r"[/、，,;；|或\n]")
"""What stands between several names in one cell, after NFKC; 和 may belong to one."""
_BETWEEN_NUMBERS = re.compile(_BETWEEN_NAMES.pattern + r"|和|(?<=\d{7})\s+(?=1[3-9]\d{9}|0\d{2,3}-?\d{7})")
"""The same of numbers, and a space between two whole ones."""
_HYPHENS = re.compile(r"[\s().—–‐‑‒−-]+")
_EXTENSION = re.compile(r"(?<=\d)-?(?:转|分机号?|ext|x)[:-]*(?=\d)", re.IGNORECASE)
_ABROAD = re.compile(r"(?:\+|00)86-?(?=[2-9]\d{1,2}-?[2-9]\d{6,7}(?:-|$)|10-?[2-9]\d{7}(?:-|$))")
_REMARK = re.compile(r"\([^()0-9]*\)")
_STARS = "****"
_MOBILE = re.compile(r"(?:\+?(?:00)?86)?(1\d\d)\d{4}(\d{4})")
_MOBILE_IN_USE = re.compile(r"(?:\+?(?:00)?86)?(1[3-9]\d{9})")
_AREA = r"(0(?:10|2\d|[3-9]\d\d)-?)"
_LANDLINE = re.compile(_AREA + r"\d{3,4}-?\d\d(\d\d)(?:-\d{1,6})?")
_WITHOUT_AREA = re.compile(r"(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4}")
_MASKED_ALREADY = re.compile(r"1\d\d\*{4}\d{4}|" + _AREA + r"\*{4}\d\d")


def read(holder: Any, field: str) -> str:
    """A contact in full of a firm, or of its fields by name; '' where there is none."""
    value = holder.get(field) if isinstance(holder, Mapping) else getattr(holder, field)
    return str(value or "")


def of(holder: Any) -> dict[str, str]:
    """Both contacts in full, by field."""
    return {field: read(holder, field) for field in (NAME, PHONE)}


def are_known(holder: Any) -> bool:
    """Whether somebody can be called: a name and a number."""
    return bool(read(holder, NAME) and read(holder, PHONE))


def masked(field: str, value: str | None) -> str:
    """A contact as it is shown by default: `陈*`, `138****5678`, `0660-****88`; '' where there is none.

    Each of several in one cell is masked by itself. What was masked before is left, or masked further where it told
    too much. Of a number that is neither a mobile one nor has its area code nothing is left.
    """
    if field == NAME:
        return "、".join(f"{part[0]}*" for part in _parts(value, _BETWEEN_NAMES))
    return "、".join(_number(part) for part in _parts(value))


def masked_of(holder: Any) -> dict[str, str]:
    """Both contacts masked, by field."""
    return {field: masked(field, value) for field, value in of(holder).items()}


def numbers(value: str | None) -> frozenset[str]:
    """The numbers in a cell as they are compared: digits alone, a mobile number without its country."""
    return frozenset(digits for part in _parts(value) if (digits := _digits(part)))


def given(value: str) -> str | None:
    """The numbers of a cell as they are stored, `/` between them; None where one of the parts is none.

    A mobile number has no hyphens, an extension follows one; words in brackets behind a number are left out.
    """
    found = [_given(part) for part in _parts(value)]
    return "/".join(filter(None, found)) if found and None not in found else None


def has_remark(value: str) -> bool:
    """Whether words stand in brackets beside a number, which `given` leaves out."""
    return any(_REMARK.search(part) for part in _parts(value))


def _given(text: str) -> str | None:
    hyphened = _hyphened(_REMARK.sub("", text))
    digits = hyphened.replace("-", "")
    if mobile := _MOBILE_IN_USE.fullmatch(digits):
        return mobile[1]
    return next((number for number in (hyphened, digits) if _WITHOUT_AREA.fullmatch(number)), None)


def _hyphened(text: str) -> str:
    """However a number is grouped, its groups are joined by plain hyphens; from abroad it has its area code again."""
    plain = _EXTENSION.sub("-", _HYPHENS.sub("-", text)).strip("-")
    return _ABROAD.sub("0", plain)


def _parts(value: str | None, between: re.Pattern[str] = _BETWEEN_NUMBERS) -> list[str]:
    text = unicodedata.normalize("NFKC", str(value or ""))
    return [part.strip() for part in between.split(text) if part.strip()]


def _number(text: str) -> str:
    plain = _hyphened(_REMARK.sub("", text))
    if _MASKED_ALREADY.fullmatch(plain):
        return plain
    if mobile := _MOBILE.fullmatch(plain.replace("-", "")):
        return mobile[1] + _STARS + mobile[2]
    landline = _LANDLINE.fullmatch(plain)
    return landline[1] + _STARS + landline[2] if landline else _STARS


def _digits(text: str) -> str:
    digits = re.sub(r"\D", "", _hyphened(text))
    return digits[-11:] if _MOBILE.fullmatch(digits) else digits
