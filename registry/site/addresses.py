"""What an address may hold: record numbers that a table can have, and no character that a database refuses."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""Of a 32-bit key; a larger number is nobody's, and asking for it would be an error of the database."""
NUL = "\x00"


class RecordNumber(IntegerConverter):
    def __init__(self, rules: Map, **kwargs: Any) -> None:
        super().__init__(rules, **{"max": LARGEST, **kwargs})


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
