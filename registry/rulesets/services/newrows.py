"""New rows of reference tables that wait in a draft: what keeps them from being published, and their publication."""

from __future__ import annotations

from collections.abc import Mapping

from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import published
from registry.rulesets.rules.cells import FileRow, FileTable, parse
from registry.rulesets.rules.checks import row_faults
from registry.rulesets.rules.files import FILES
from registry.rulesets.texts.drafts import RULESET_ERRORS


def faults(draft: RuleDraft) -> list[FieldError]:
    """A row that is held by now, or refers to what is not there."""
    tables = _tables(draft)
    found = [FieldError("contents", fault.template, **fault.values) for fault in row_faults(tables, published.held())]
    found += [
        FieldError("contents", RULESET_ERRORS["row_held"], row=_label(table, row))
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


def _tables(draft: RuleDraft) -> Mapping[str, FileTable]:
    tables = {file.name: FileTable(file) for file in FILES}
    for number, item in enumerate(draft.contents["rows"], start=1):
        table = tables[item["file"]]
        values = {name: parse(cell, item[name]) for name, cell in table.file.cells.items()}
        table.rows.append(FileRow(number, values))
    return tables


def _key(table: FileTable, row: FileRow) -> tuple[object, ...]:
    values = published.stored(table.file.name, row)
    return tuple(values[name] for name in table.file.key)


def _label(table: FileTable, row: FileRow) -> str:
    return " ".join((table.file.name, *map(str, _key(table, row))))
