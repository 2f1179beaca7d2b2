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

BETWEEN = re.compile(r"[/、，,;；|或\n]")
"""What stands between several contacts in one cell, after NFKC."""
_STARS = "****"
_MOBILE = re.compile(r"(?:\+?(?:00)?86)?(1\d\d)\d{4}(\d{4})")
_AREA = r"(0(?:10|2\d|[3-9]\d\d)-?)"
_LANDLINE = re.compile(_AREA + r"\d{3,4}-?\d\d(\d\d)(?:-\d{1,6})?")
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
    parts = _parts(value)
    if field == NAME:
        return "、".join(f"{part[0]}*" for part in parts)
    return "、".join(_number(part) for part in parts)


def masked_of(holder: Any) -> dict[str, str]:
    """Both contacts masked, by field."""
    return {field: masked(field, value) for field, value in of(holder).items()}


def numbers(value: str | None) -> frozenset[str]:
    """The numbers in a cell as they are compared: digits alone, a mobile number without its country."""
    return frozenset(digits for part in _parts(value) if (digits := _digits(part)))


def _parts(value: str | None) -> list[str]:
    text = unicodedata.normalize("NFKC", str(value or ""))
    return [part.strip() for part in BETWEEN.split(text) if part.strip()]


def _number(text: str) -> str:
    plain = re.sub(r"[\s()—–-]+", "-", text).strip("-")
    if _MASKED_ALREADY.fullmatch(plain):
        return plain
    if mobile := _MOBILE.fullmatch(plain.replace("-", "")):
        return mobile[1] + _STARS + mobile[2]
    landline = _LANDLINE.fullmatch(plain)
    return landline[1] + _STARS + landline[2] if landline else _STARS


def _digits(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return digits[-11:] if _MOBILE.fullmatch(digits) else digits
