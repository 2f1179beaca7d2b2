"""What a field of a firm is called: the heading of its column, or its label where no sheet has it."""

from __future__ import annotations

from registry.base.firm_fields import EXTRA_LABELS
from registry.sheets.columns import COLUMNS
from registry.sheets.months import column_of

_HEADINGS = {column.key: column.heading for column in COLUMNS}


def label(field: str) -> str:
    """The Chinese label; pages translate it. KeyError for what is no field."""
    return EXTRA_LABELS.get(field) or _HEADINGS.get(field) or column_of(field).heading
