"""Parameters of a resource as data: what is described is what is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LIMIT, LONGEST = 50, 200
"""Rows of a page, unless it is asked for another number; and the most."""
FIRM_KEY = r"^([1-9][0-9]{0,8}|[0-9A-HJ-NPQRTUWXY]{18})$"
"""A firm's number, or its credit code."""
QUARTER = r"^(19|20)[0-9]{2}Q[1-4]$"
_CURSOR = r"^[A-Za-z0-9_-]{1,400}$"
TEXT = (
    "^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u3000-\u3163\u3165-\ud7ff\uf900-\ufaff"
    "\uff01-\uff9f\uffe0-\uffe6\U00020000-\U0002a6df\U0002a700-\U0002ebe0\U00030000-\U0003134a]{0,100}$"
)
"""What people write in names and may search for: letters, digits, punctuation, ideographs; no invisible sign."""


@dataclass(frozen=True)
class Parameter:
    """`schema`: of JSON Schema; of it `enum`, `pattern`, and of an integer `minimum` and `maximum` are checked."""

    name: str
    schema: Mapping[str, Any]
    text: str

    def fits(self, value: str) -> bool:
        schema = self.schema
        if "enum" in schema:
            return value in schema["enum"]
        if schema["type"] == "integer":
            whole = re.fullmatch(r"[0-9]{1,9}", value)
            return whole is not None and schema["minimum"] <= int(value) <= schema["maximum"]
        return re.fullmatch(schema["pattern"].removeprefix("^").removesuffix("$"), value) is not None


def choice(name: str, values: Iterable[str], text: str, *, example: str = "") -> Parameter:
    examples = {"examples": [example]} if example else {}
    return Parameter(name, {"type": "string", "enum": list(values), **examples}, text)


def pattern(name: str, form: str, text: str, *, example: str = "") -> Parameter:
    examples = {"examples": [example]} if example else {}
    return Parameter(name, {"type": "string", "pattern": form, **examples}, text)


def number(name: str, text: str, *, most: int) -> Parameter:
    return Parameter(name, {"type": "integer", "minimum": 1, "maximum": most, "examples": [1]}, text)


def limit(text: str) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": LONGEST, "default": LIMIT}
    return Parameter("limit", schema, text)


def cursor(text: str) -> Parameter:
    return pattern("cursor", _CURSOR, text)
