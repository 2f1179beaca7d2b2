"""What selects offer: divisions and towns in the reach of an office, offices by their kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from registry.base.labels import N_
from registry.base.vocabulary import OFFICE_KIND_LABELS
from registry.people.models import Office
from registry.reference.queries import reference

EXCLUDED_MARK = N_("%(town)s（不纳入）")

Groups = dict[str, list[tuple[str, str]]]


def divisions(office: Office, stored: str | None) -> list[tuple[str, str]]:
    """Counties and zones that are not surely outside the office's territory, and the one that is stored."""
    territory = reference.territory()
    rows = [
        (row.code, row.short_name)
        for row in reference.counties_and_zones()
        if not office.division or territory.covers(office.division, row.code) is not False or row.code == stored
    ]
    return [("", ""), *rows]


def towns(office: Office, stored: str | None) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Towns by county or zone; those another city runs are named and cannot be chosen."""
    territory, names = reference.territory(), reference.division_names()
    groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = {"": [("", "", {})]}
    for row in reference.towns():
        if office.division and territory.covers(office.division, row.code) is False and row.code != stored:
            continue
        area = territory.zone_of(row.code) or row.statistical_county or ""
        closed = bool(row.excluded_reason)
        label = _(EXCLUDED_MARK, town=row.name) if closed else row.name
        groups.setdefault(names.get(area, ""), []).append((row.code, label, {"disabled": True} if closed else {}))
    return groups


def typed(field: Field) -> str:
    """What was asked for, without characters that a database refuses."""
    return "".join(c for c in str(field.data or "").strip() if c.isprintable())[:100]


def by_kind(offices: Iterable[Office]) -> Groups:
    """Offices as a select offers them, grouped by their kind."""
    groups: Groups = {}
    for office in offices:
        groups.setdefault(_(OFFICE_KIND_LABELS[office.kind]), []).append((office.code, office.short_name))
    return groups
