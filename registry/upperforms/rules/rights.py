"""Who may fill forms of an upper level, and what that is called."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.trail.texts import Words


def _fills(actor: Actor, _: Any) -> bool:
    """Whoever reports to an upper level: counties, bureaus, the city office."""
    return actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE)


def _reads(actor: Actor, form: Any) -> bool:
    return _fills(actor, form) and actor.office_id == form.office_id


PERMISSIONS = {"upperform.fill": _fills, "upperform.read": _reads}
WORDS = Words(
    verbs={
        "bring_form": N_("上传上级表"),
        "fill_form": N_("回填上级表"),
        "discard_form": N_("放弃上级表"),
    },
    subjects={"upper_form": N_("上级表")},
    fields={
        ("upper_form", "quarter"): N_("季度"),
        ("upper_form", "title"): N_("表名"),
        ("upper_form", "firms"): N_("企业"),
        ("upper_form", "cells"): N_("填写格数"),
        ("upper_form", "left"): N_("未填处数"),
        ("upper_form", "named"): N_("表中已列企业"),
        ("upper_form", "contacts"): N_("含联系人"),
        ("upper_form", "sha256"): N_("SHA-256"),
    },
    permissions={"upperform.fill": N_("回填上级表"), "upperform.read": N_("查看一张上级表")},
)
