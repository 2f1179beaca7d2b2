"""Resources as pages show them: state in words, what may be seen of one out of reach, history, rows of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from registry.audit.views import recorded
from registry.base import contacts
from registry.base.errors import RegistryError
from registry.base.extensions import clock
from registry.base.permissions import Actor, can
from registry.reference.queries import reference
from registry.resources import texts
from registry.resources.models import Resource, ResourceKind
from registry.resources.queries import resources
from registry.resources.queries.kinds import kinds
from registry.resources.queries.released import PublicResource
from registry.resources.queries.resources import ResourceQuery
from registry.resources.rules.rights import sees_owner, sees_whole
from registry.resources.rules.states import TONES, ResourceState, state_of
from registry.resources.services import checking
from registry.resources.services.checking import FIELDS, facts_of
from registry.resources.services.judging import JudgedResource, ResourceOutcome
from registry.site.display import day
from registry.site.locale import sentence
from registry.trail.models import TrailEntry

OUTCOME_TONES: Mapping[str, str] = {
    ResourceOutcome.NEW: "ok",
    ResourceOutcome.CORRECTED: "info",
    ResourceOutcome.SAME: "plain",
    ResourceOutcome.REFUSED: "bad",
}


@dataclass(frozen=True)
class ResourceLine:
    """One resource; `own`: it is shown whole. `owner_at`: the page of the owner, '' where that is out of reach."""

    row: Resource
    kind: ResourceKind
    state: ResourceState
    label: str
    tone: str
    note: str
    own: bool
    owner_at: str
    place: str


def lines(actor: Actor, rows: Iterable[Resource]) -> list[ResourceLine]:
    return [line(actor, row) for row in rows]


def line(actor: Actor, row: Resource) -> ResourceLine:
    state, own = state_of(row, clock.today()), sees_whole(actor, row)
    note = texts.STATE_NOTES.get(state, "")
    return ResourceLine(
        row, kinds()[row.kind], state, str(_(texts.STATE_LABELS[state])), TONES[state], str(_(note)) if note else "",
        own, owner_at(row) if sees_owner(actor, row) else "", place_of(row),
    )  # fmt: skip


def owner_at(row: Resource) -> str:
    """The page of the owner."""
    if row.firm_id is not None:
        return url_for("firms.show", firm_id=row.firm_id)
    return url_for("institutions.show", institution_id=row.institution_id)


def place_of(row: Resource) -> str:
    return f"{reference.division_names().get(row.division, row.division)} {row.place}".strip()


def contact_of(row: Resource) -> dict[str, str]:
    return contacts.masked_of(row)


def twins(actor: Actor, row: Resource) -> list[str]:
    """What is said of others with the same serial number; of one out of reach only who entered it."""
    found = (one for one in resources.with_serials([row.serial_key]) if one.id != row.id)
    return [_twin(actor, row, other) for other in found] if row.voided_at is None else []


def _twin(actor: Actor, row: Resource, other: Resource) -> str:
    point = checking.same_serial(actor, row.serial, other)
    return sentence(RegistryError(point.template, **point.values))


def history(row: Resource) -> list[tuple[TrailEntry, list[recorded.Recorded]]]:
    """Each act with what it changed."""
    return [(entry, _changes_of(entry)) for entry in resources.history(row)]


def _changes_of(entry: TrailEntry) -> list[recorded.Recorded]:
    before, after = entry.before or {}, entry.after or {}
    keys = dict.fromkeys([*before, *after])
    return [recorded.change("resource", key, before.get(key), after.get(key)) for key in keys]


def columns(query: ResourceQuery) -> list[Any]:
    """Headings of the list, by which of them it may be sorted, and by which it is."""
    return [
        _sorted_by("name", query),
        _sorted_by("kind", query),
        _("所属单位"),
        _sorted_by("division", query),
        _("收费标准"),
        _sorted_by("valid_to", query),
        _("状态"),
    ]


def _sorted_by(key: str, query: ResourceQuery) -> dict[str, Any]:
    by, down = query.sort.removeprefix("-"), query.sort.startswith("-")
    onward = f"-{key}" if by == key and not down else key
    arguments: dict[str, Any] = {**request.args.to_dict(), "sort": onward, "page": None}
    head = {"label": _(texts.SORT_LABELS[key]), "href": url_for("resources.listing", **arguments)}
    return head | {"order": ("descending" if down else "ascending") if by == key else None}


def public_rows(public: PublicResource) -> list[tuple[str, str]]:
    """What a release shows to everybody, field by field."""
    called = f"{public.booking_name} {public.booking_phone}".strip()
    return [
        (_("资源名称"), public.name),
        (_("资源种类"), public.kind),
        (_("所属单位"), public.owner),
        (_("所在地"), f"{public.division} {public.place}".strip()),
        (_("厂商和型号"), f"{public.maker} {public.model}".strip()),
        (_("功能和服务内容"), public.capability),
        (_("收费标准"), public.price),
        (_("有效期"), _("%(start)s 至 %(end)s", start=day(public.valid_from), end=until(public.valid_to))),
        (_("预约联系人和电话"), _("全市各单位可查看，不对公众公布") if called else _("不公布")),
    ]


def until(value: date | None) -> str:
    return day(value) if value else str(_("长期"))


# -- a workbook that was brought ------------------------------------------------------------------
@dataclass(frozen=True)
class ResourceLoadLine:
    """A row as it was brought: what it would do, what is said of it and where, and what changes."""

    judged: JudgedResource
    label: str
    tone: str
    said: list[tuple[str, str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def load_lines(judged: Iterable[JudgedResource]) -> list[ResourceLoadLine]:
    return [_load_line(one) for one in judged]


def _load_line(one: JudgedResource) -> ResourceLoadLine:
    said = [(*words, "warn" if odd else "bad") for odd, words in _findings(one)]
    if one.ends_release:
        said.append((str(_("第 %(row)s 行", row=one.row.place)), str(_(texts.ENDS_RELEASE)), "warn"))
    label = str(_(texts.OUTCOME_LABELS[one.outcome]))
    return ResourceLoadLine(one, label, OUTCOME_TONES[one.outcome], said, _changes(one))


def _findings(one: JudgedResource) -> list[tuple[bool, tuple[str, str]]]:
    return [
        (
            finding.odd,
            (
                one.row.cell(finding.letter) if finding.letter else str(_("第 %(row)s 行", row=one.row.place)),
                sentence(RegistryError(finding.template, **dict(finding.values))),
            ),
        )
        for finding in one.findings
    ]


def faults_of(one: JudgedResource) -> list[str]:
    """What is wrong with a row that is not taken, each with its cell."""
    return [str(_("%(cell)s：%(text)s", cell=cell, text=text)) for _odd, (cell, text) in _findings(one)]


def _changes(one: JudgedResource) -> list[tuple[str, str, str]]:
    """Field, what stands, what would stand: of a resource that is on record, contacts masked."""
    if one.target is None or one.facts is None or one.outcome is not ResourceOutcome.CORRECTED:
        return []
    before = facts_of(one.target)
    return [
        (_label(name), _shown(name, getattr(before, name)), _shown(name, getattr(one.facts, name)))
        for name in FIELDS
        if getattr(before, name) != getattr(one.facts, name)
    ]


def _label(name: str) -> str:
    return str(recorded.change("resource", name, None, None).label)


def _shown(name: str, value: Any) -> str:
    if name in contacts.RESTRICTED:
        return contacts.masked(name, value) or "--"
    if name == "kind":
        return str(kinds()[value].name)
    if name == "division":
        return str(reference.division_names().get(value, value))
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if name == "valid_to":
        return until(value)
    return day(value) if isinstance(value, date) else str(value or "--")


def may_keep(actor: Actor, row: Resource) -> bool:
    """Whether the reader may say at once that a corrected row stays released."""
    return row.released_at is not None and can(actor, "resource.release", row)
