"""What one row cannot bear costs that row: it goes back with the reason, and the rest of the file stands."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import InterfaceError, OperationalError, StatementError

from registry.base.characters import shown
from registry.base.errors import Unstorable
from registry.base.extensions import db
from registry.base.trouble import trouble_in
from registry.base.vocabulary import RowKind
from registry.imports.models import ImportRow

log = logging.getLogger(__name__)

BEYOND = (Unstorable, StatementError, ArithmeticError, ValueError, TypeError, LookupError)
"""What a row can be too much for: the database's types, our own, or a rule that did not foresee it."""
UNBEARABLE = "unbearable"
"""Code of the fault of such a row."""
_LONGEST = 200


def is_of_the_database(error: Exception) -> bool:
    """It is busy, away or out of room: no row's fault, and no row is to pay for it."""
    return isinstance(error, OperationalError | InterfaceError) or trouble_in(error) is not None


def staged(batch_id: int, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stage the rows of a chunk; the rows as they were staged, one that could not be among them as faulty."""
    if _put(batch_id, rows):
        return list(rows)
    return list(_one_by_one(batch_id, rows))


def _one_by_one(batch_id: int, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if _put(batch_id, [row]):
            yield row
            continue
        spared = _spared(row)
        db.session.execute(insert(ImportRow), [{"batch_id": batch_id, **spared}])
        yield spared


def _put(batch_id: int, rows: Sequence[dict[str, Any]]) -> bool:
    try:
        with db.session.begin_nested():
            db.session.execute(insert(ImportRow), [{"batch_id": batch_id, **row} for row in rows])
    except BEYOND as error:
        if is_of_the_database(error):
            raise
        log.warning(
            "rows %s to %s could not be staged: %s", rows[0]["number"], rows[-1]["number"], type(error).__name__
        )
        return False
    return True


def _spared(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with nothing in it that could be refused again: it goes back as it can be shown."""
    raw = {key: shown(str(cell), _LONGEST) for key, cell in row["raw"].items() if cell is not None}
    fault: dict[str, Any] = {"field": None, "column": None, "code": UNBEARABLE, "values": {}}
    return {
        **row,
        "kind": RowKind.FAULTY.value,
        "name": shown(str(row["name"]), 100),
        "credit_code": None,
        "name_key": "",
        "parts_key": "",
        "raw": raw,
        "carried": {},
        "values": {},
        "changes": [],
        "faults": [fault],
        "notices": [],
        "matches": [],
        "firm_id": None,
        "firm_version": None,
        "alternatives": {},
    }
