"""What no statement carries, on whichever database: NUL, half characters, and whole numbers beyond 64 bits.

Readers of cells and forms refuse them with their place; this is the last door, the same for both databases, of which
each would refuse something else, and in its own words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event

from registry.base.errors import Unstorable

_WHOLE = 2**63


def install() -> None:
    """Hook to every engine; installing twice does no harm."""
    if not event.contains(Engine, "before_cursor_execute", _look):
        event.listen(Engine, "before_cursor_execute", _look)


def _look(
    _connection: Connection, _cursor: Any, _statement: str, parameters: Any, _context: Any, _executemany: bool
) -> None:
    """One row of parameters, or a list of them; many rows in one INSERT are one row here."""
    for row in parameters if isinstance(parameters, list) else (parameters,):
        _check(row.values() if isinstance(row, Mapping) else row or ())


def _check(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, str):
            if "\0" in value or not (value.isascii() or _is_whole(value)):
                raise Unstorable
        elif isinstance(value, int) and not -_WHOLE <= value < _WHOLE:
            raise Unstorable


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
