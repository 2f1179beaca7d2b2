"""A firm's fields in the reader's words, whether they come from the firm itself or from what was once put forward."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from registry.base import contacts
from registry.base.firm_fields import FIELDS, FIGURE_FIELDS
from registry.base.periods import Period
from registry.base.vocabulary import CHOICES, FIGURE_KIND_LABELS, FigureKind
from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from registry.sheets import fields, months
from registry.sheets.columns import COLUMNS, ColumnKind
from registry.site.display import bare, wan

_COLUMNS = {column.key: column for column in COLUMNS}
# Said with another field, or nothing to a reader.
_SILENT = frozenset({"industry_year", "capital_currency"})
SUBMITTED = tuple(field for field in (*FIELDS, *FIGURE_FIELDS) if field not in _SILENT)
"""What a nomination puts forward, in the order of the form."""


def label(field: str) -> str:
    """The field's name with its unit; of the figure of a month (`sheets.months`) with its months."""
    if (figure := months.figure_of(field)) is not None:
        return _of_month(*figure)
    text: str = _(fields.label(field))
    column = _COLUMNS.get(field)
    return _("%(label)s（%(unit)s）", label=text, unit=_(column.unit)) if column and column.unit else text


def shown(field: str, value: Any) -> str:
    """One value as a page prints it, '' where there is none. Money is yuan, and reads in 万元; a contact is masked."""
    if value is None or value == "":
        return ""
    if field in contacts.RESTRICTED:
        return contacts.masked(field, str(value))
    figure, column = months.figure_of(field), _COLUMNS.get(field)
    if figure is not None or column is None:
        return bare(Decimal(str(value)), figure[0]) if figure else str(value)
    if words := CHOICES.get(column.choices or ""):
        return str(_(words[value])) if value in words else str(value)
    if column.kind in (ColumnKind.DIVISION, ColumnKind.TOWN):
        return reference.division_names().get(value, str(value))
    if column.kind is ColumnKind.INDUSTRY:
        return f"{value} {reference.classification().name_of(value)}".strip()
    if column.kind is ColumnKind.MONEY:
        return _money(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _of_month(kind: FigureKind, period: Period) -> str:
    text = _(FIGURE_KIND_LABELS[kind])
    if kind is FigureKind.EMPLOYEES:
        return str(_("%(year)s年%(month)s月%(kind)s（人）", year=period.year, month=period.month, kind=text))
    until = f"1—{period.month}" if period.month > 1 else "1"
    return str(_("%(year)s年%(months)s月%(kind)s（万元）", year=period.year, months=until, kind=text))


def of_firm(firm: Firm) -> dict[str, Any]:
    """The fields of a nomination as they stand now; contacts masked."""
    return {field: getattr(firm, field) for field in SUBMITTED} | contacts.masked_of(firm)


def rows(values: Mapping[str, Any], keys: Iterable[str] = SUBMITTED) -> list[tuple[str, str, str]]:
    """(field, label, text) of each field, empty ones too: what is missing is part of the picture."""
    return [(key, label(key), shown(key, values.get(key))) for key in keys]


def _money(value: Any) -> str:
    try:
        return wan(Decimal(str(value)))
    except InvalidOperation:
        return str(value)
