"""What was found, as the page shows it: in groups, each with its number and the way to the whole list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from registry.base.labels import N_
from registry.institutions.rules.kinds import KIND_LABELS
from registry.reference.queries import reference
from registry.resources.queries.kinds import kinds
from registry.search.queries import Hits

GROUP_LABELS: Mapping[str, str] = {
    "firms": N_("企业"),
    "cases": N_("事项"),
    "certificates": N_("认定证书"),
    "institutions": N_("研发平台机构"),
    "resources": N_("科技资源"),
    "users": N_("用户"),
}
_PAGES: Mapping[str, Callable[[int], str]] = {
    "firms": lambda number: url_for("firms.show", firm_id=number),
    "cases": lambda number: url_for("cases.show", case_id=number),
    "certificates": lambda number: url_for("case_certificates.show", certificate_id=number),
    "institutions": lambda number: url_for("institutions.show", institution_id=number),
    "resources": lambda number: url_for("resources.show", resource_id=number),
    "users": lambda number: url_for("users.show", user_id=number),
}
_LISTS: Mapping[str, Callable[[str], str]] = {
    "firms": lambda text: url_for("ledger.listing", q=text, stage="", gone="y"),
    "cases": lambda text: url_for("cases.listing", q=text),
    "certificates": lambda text: url_for("case_certificates.listing", q=text),
    "institutions": lambda text: url_for("institutions.listing", q=text),
    "resources": lambda text: url_for("resources.listing", q=text),
    "users": lambda text: url_for("users.listing", q=text),
}


@dataclass(frozen=True)
class FoundGroup:
    """`lines`: address, name, what stands beside it, and the stage of a firm."""

    label: str
    total: int
    is_more: bool
    lines: list[tuple[str, str, list[str], str]]
    every: str


def address(kind: str, number: int) -> str:
    return _PAGES[kind](number)


def groups(found: Mapping[str, Hits], text: str) -> list[FoundGroup]:
    return [_group(kind, rows, text) for kind, rows in found.items()]


def _group(kind: str, found: Hits, text: str) -> FoundGroup:
    lines = [(address(kind, row.id), *_told(kind, row)) for row in found.rows]
    return FoundGroup(_(GROUP_LABELS[kind]), found.total, found.is_more, lines, _LISTS[kind](text))


def _told(kind: str, row: Any) -> tuple[str, list[str], str]:
    """Name, small print, stage."""
    if kind == "firms":
        place = reference.division_names().get(row.division or "", "")
        return row.name, [row.credit_code or _("无代码"), place], row.stage
    if kind == "cases":
        return row.applicant, [row.number, row.name], ""
    if kind == "certificates":
        return row.holder, [row.number], ""
    if kind == "institutions":
        return row.name, [_(KIND_LABELS[row.kind]), row.credit_code or ""], ""
    if kind == "resources":
        return row.name, [kinds()[row.kind].name if row.kind in kinds() else ""], ""
    return row.name, [row.username, row.short_name], ""
