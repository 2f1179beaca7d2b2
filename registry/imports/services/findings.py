"""What is told of a staged row: its faults and notices as sentences, and its entry in the report of `--json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.base.errors import ROW_CHANGE, ROW_UNCHANGED
from registry.base.faults import Fault, Notice
from registry.base.vocabulary import NO_DATA, RowKind
from registry.imports.services.plain import typed
from registry.sheets.account import where
from registry.sheets.fields import label
from registry.sheets.months import column_of
from registry.sheets.values import cell_value
from registry.sheets.wording import LIST_JOINT

StagedRow = Mapping[str, Any]


def fault_of(finding: Mapping[str, Any], number: int | None = None) -> Fault:
    """A staged fault as the domain knows it; with `number` its sentence says where."""
    return Fault(finding["code"], finding["field"], finding["values"], number, finding["column"])


def notice_of(finding: Mapping[str, Any]) -> Notice:
    return Notice(finding["code"], finding["values"])


def warnings(row: StagedRow) -> list[dict[str, Any]]:
    """The notices somebody should look at before the row is confirmed."""
    return [finding for finding in row["notices"] if notice_of(finding).is_warning]


def entry(row: StagedRow, sheets: list[str]) -> dict[str, Any] | None:
    """The row in the report (docs/domain.md 4); None for one that is plainly new."""
    told = _told(row)
    if not told and row["kind"] == RowKind.NEW:
        return None
    column, field, _ = told[0] if told else (None, None, "")
    return {
        **where(row["number"], sheets),
        "column": column,
        "kind": str(row["kind"]),
        "field": field,
        "reason": LIST_JOINT.join(sentence for _, _, sentence in told) or ROW_UNCHANGED,
        "matches": row["matches"] or None,
    }


def _told(row: StagedRow) -> list[tuple[str | None, str | None, str]]:
    """(column, field, sentence) of everything to be told of a row, in the order of the file."""
    faults = [(f["column"], f["field"], fault_of(f).sentence()) for f in row["faults"]]
    changes = [(c["column"], c["field"], _change(c)) for c in row["changes"]]
    return [*faults, *changes, *((w["column"], w["field"], notice_of(w).sentence()) for w in warnings(row))]


def _change(change: Mapping[str, Any]) -> str:
    values = {key: _text(change["field"], change[key]) for key in ("before", "after")}
    return ROW_CHANGE % {"heading": label(change["field"]), **values}


def _text(field: str, value: Any) -> str:
    """A plain value as a cell of its column would show it."""
    shown = cell_value(column_of(field), typed({field: value})[field] if not isinstance(value, list) else value)
    return NO_DATA if shown is None else str(shown)
