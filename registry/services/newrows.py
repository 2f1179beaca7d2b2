"""New rows of reference tables that wait in a draft: what keeps them from being published, and their publication."""

from __future__ import annotations

from collections.abc import Mapping

from registry.domain.errors import FieldError
from registry.domain.reference import FILES
from registry.domain.referencecells import Row, Table, parse
from registry.domain.referencechecks import row_faults
from registry.domain.rulewords import RULESET_ERRORS as SAY
from registry.extensions import db
from registry.models import RuleDraft
from registry.queries import published


def faults(draft: RuleDraft) -> list[FieldError]:
    """A row that is held by now, or refers to what is not there."""
    tables = _tables(draft)
    found = [FieldError("contents", fault.template, **fault.values) for fault in row_faults(tables, published.held())]
    found += [
        FieldError("contents", SAY["row_held"], row=_label(table, row))
        for table in tables.values()
        for row in table.rows
        if published.is_held(table.file, _key(table, row))
    ]
    return found


def publish(draft: RuleDraft) -> list[str]:
    """Add the rows, in the order in which they refer to each other; what each is called."""
    added = []
    for table in _tables(draft).values():
        for row in table.downwards():
            db.session.add(published.MODELS[table.file.name](**published.stored(table.file.name, row)))
            added.append(_label(table, row))
        db.session.flush()
    return added


def _tables(draft: RuleDraft) -> Mapping[str, Table]:
    tables = {file.name: Table(file) for file in FILES}
    for number, item in enumerate(draft.contents["rows"], start=1):
        table = tables[item["file"]]
        values = {name: parse(cell, item[name]) for name, cell in table.file.cells.items()}
        table.rows.append(Row(number, values))
    return tables


def _key(table: Table, row: Row) -> tuple[object, ...]:
    values = published.stored(table.file.name, row)
    return tuple(values[name] for name in table.file.key)


def _label(table: Table, row: Row) -> str:
    return " ".join((table.file.name, *map(str, _key(table, row))))
