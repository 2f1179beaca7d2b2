"""What the portal shows on the dossier of a firm."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from registry.base.permissions import Actor
from registry.firms.models.firms import Firm
from registry.portal.queries import releases
from registry.portal.rules.catalog import COLLECTIONS, ENTRIES
from registry.portal.texts import NAME_JOINT
from registry.site.display import day
from registry.site.sections import PanelTable


def of_firm(_actor: Actor, firm: Firm) -> list[PanelTable]:
    """That it is public, with which fields and since when; nothing where it is not."""
    held = releases.of_firms([firm.id]).get(firm.id)
    labels = {field.key: _(field.label) for field in COLLECTIONS[ENTRIES].fields}
    rows = (
        []
        if held is None
        else [(NAME_JOINT.join(labels[key] for key in held.fields), held.office.short_name, day(held.at))]
    )
    at = url_for("portal_releases.of_firm", firm_id=firm.id)
    return [PanelTable(_("对公众的公开"), (_("栏目"), _("由谁公开"), _("日期")), rows, (_("公开和撤回的经过"), at))]
