"""What an address may hold: record numbers that a table can have, and no character that a database refuses."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""Of a 32-bit key; a larger number is nobody's, and asking for it would be an error of the database."""
NUL = "\x00"


class RecordNumber(IntegerConverter):
    def __init__(self, rules: Map, **kwargs: Any) -> None:
        super().__init__(rules, **{"max": LARGEST, **kwargs})


def record_number(text: str) -> int:
    """The number that a text names, 0 where it names none that a table can have."""
    number = int(text) if text.isdecimal() and len(text) < 11 else 0
    return number if number <= LARGEST else 0


def install(app: Flask) -> None:
    """To be called before the routes are made."""
    app.url_map.converters["int"] = RecordNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """No keyboard types it, PostgreSQL holds none, and a query with it would be a fault of ours.

    In a form it is said at its field, or by the last door (`base.storable`).
    """
    if NUL in request.path or any(NUL in text for values in request.args.listvalues() for text in values):
        abort(400)


def inside(target: str | None) -> str | None:
    """`target` if it is a path of this application, else nothing: no open redirects."""
    if not target or any(ord(c) < 33 or c == "\\" for c in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:  # a host that is none, written with full-width slashes for example
        return None
    inside = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    return target if inside else None
