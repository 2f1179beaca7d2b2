"""What pages of institutions show: facts, history, and what features above say of one."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from registry.audit.views import recorded
from registry.base import contacts
from registry.base.extensions import clock, provided
from registry.base.permissions import Actor
from registry.firms.models.firms import Firm
from registry.institutions import queries
from registry.institutions.models import Institution
from registry.institutions.rules.kinds import KIND_LABELS
from registry.institutions.texts import OWNER_BEYOND
from registry.matching.judgement import Judgement
from registry.reference.queries import reference
from registry.site.sections import PanelTable
from registry.trail.models import TrailEntry


def sections(actor: Actor, institution: Institution) -> list[PanelTable]:
    return [section for told in provided("institution_sections") for section in told(actor, institution)]


def of_firm(actor: Actor, firm: Firm) -> list[PanelTable]:
    """What belongs to a firm, on its dossier."""
    owned = queries.of_firm(actor, firm)
    held = queries.recognised(clock.today()) if owned else set()
    rows = [
        (
            (row.name, url_for("institutions.show", institution_id=row.id)),
            str(_(KIND_LABELS[row.kind])),
            str(_("已认定") if row.id in held else _("未认定")),
        )
        for row in owned
    ]
    return [PanelTable(_("平台机构"), (_("机构名称"), _("类别"), _("认定")), rows, tab="holdings")]


def owner_shown(actor: Actor, institution: Institution) -> str:
    """The name of whoever it belongs to; a firm out of reach is not named."""
    if not queries.is_owner_seen(actor, institution):
        return str(_(OWNER_BEYOND))
    owner = queries.owner_of(institution)
    return owner.name if owner else institution.body_name


def row_of(actor: Actor, institution: Institution, recognised: set[int]) -> dict[str, Any]:
    """One line of the list, the print and the file."""
    return {
        "name": institution.name,
        "kind": str(_(KIND_LABELS[institution.kind])),
        "credit_code": institution.credit_code or "",
        "owner": owner_shown(actor, institution),
        "division": reference.division_names().get(institution.division or "", ""),
        "field": institution.field,
        "founded_on": institution.founded_on,
        "head": institution.head,
        "office": institution.office.short_name,
        "recognised": str(_("已认定") if institution.id in recognised else _("未认定")),
        "source": institution.source,
    }


def said(judgement: Judgement) -> str:
    """Why two are alike, in the reader's language."""
    return judgement.sentence(_)


def masked_contact(institution: Institution) -> dict[str, str]:
    return contacts.masked_of(institution)


def history(actor: Actor, institution: Institution) -> list[tuple[TrailEntry, list[recorded.Recorded]]]:
    """Each act with what it changed; an owner out of reach is not named here either."""
    hidden = not queries.is_owner_seen(actor, institution)
    return [(entry, _changes(entry, hidden)) for entry in queries.history(institution)]


def _changes(entry: TrailEntry, hidden: bool) -> list[recorded.Recorded]:
    before, after = entry.before or {}, entry.after or {}
    if hidden:
        before, after = _without_owner(before), _without_owner(after)
    keys = dict.fromkeys([*before, *after])
    return [recorded.change("institution", key, before.get(key), after.get(key)) for key in keys]


def _without_owner(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "owner": str(_(OWNER_BEYOND))} if "owner" in values else values
