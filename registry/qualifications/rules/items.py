"""What a testing body may test, as a text of one line each: object, parameter, standard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from registry.base.errors import FieldError
from registry.qualifications import texts

MOST = 2_000
_SEPARATOR = re.compile(r"[ \u3000]*[|｜\t][ \u3000]*")
_LIMITS = (200, 300, 300)


class ScopeItem(NamedTuple):
    """What is tested, for what, by which standard or method."""

    item: str
    parameter: str = ""
    standard: str = ""


def read_items(text: str) -> tuple[ScopeItem, ...]:
    """`土工 | 含水率 | GB/T 50123-2019`, one a line; a tab parts as well. Raises FieldError('items') with the line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in _SEPARATOR.split(line.strip(" \u3000"))]
        if len(parts) > len(_LIMITS):
            raise FieldError("items", texts.ITEM_PARTS, line=number, count=len(parts))
        if not parts[0]:
            raise FieldError("items", texts.ITEM_EMPTY, line=number)
        for part, limit in zip(parts, _LIMITS, strict=False):
            if len(part) > limit:
                raise FieldError("items", texts.ITEM_LONG, line=number, limit=limit)
        found.append(ScopeItem(*parts))
    if len(found) > MOST:
        raise FieldError("items", texts.ITEMS_MANY, count=len(found), limit=MOST)
    return tuple(found)


def items_text(items: Iterable[ScopeItem]) -> str:
    """The same lines again."""
    return "\n".join(" | ".join(part for part in _filled(one)) for one in items)


def _filled(one: ScopeItem) -> tuple[str, ...]:
    """Empty parts at the end are left out, those before them are not."""
    parts: tuple[str, ...] = tuple(one)
    while parts and not parts[-1]:
        parts = parts[:-1]
    return parts
