"""What every page shows around its content: the menu by work, the day, the notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.local import LocalProxy

from registry.base import vocabulary
from registry.base.clocks import KNOWN_LABELS
from registry.base.extensions import clock, provided, setting
from registry.base.labels import N_
from registry.base.parts import Group, MenuEntry
from registry.base.permissions import can
from registry.site.access import actor


@dataclass(frozen=True)
class MenuItem:
    label: str
    href: str
    active: bool
    count: int | None = None


GROUP_LABELS: Mapping[Group, str] = MappingProxyType(
    {
        Group.DESK: N_("工作台"),
        Group.DIRECTORY: N_("名录"),
        Group.CASES: N_("申报与审核"),
        Group.DUPLICATES: N_("查重与合并"),
        Group.PATH: N_("培育路径"),
        Group.SYSTEM: N_("系统管理"),
    }
)


def install(app: Flask) -> None:
    app.jinja_env.globals.update(
        vocabulary=vocabulary,
        clocks=KNOWN_LABELS,
        current_user=current_user,
        can=lambda permission, subject=None: can(actor(), permission, subject),
    )
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    return {
        "notice": vocabulary.NOTICE,
        "get_locale": get_locale,
        # Looked up where it is shown, once: a fragment (a hint, progress) shows no menu and need not count for it.
        "menu": LocalProxy(cache(_menu)),
        **_personal(),
    }


def _personal() -> dict[str, Any]:
    if not _is_known():
        return {}
    fixed = setting("TODAY") is not None and not current_app.testing
    return {"today": clock.today(), "is_demo": clock.is_demo(), "is_set_day": fixed}


def _is_known() -> bool:
    return bool(current_user and current_user.is_authenticated)


def _menu() -> list[tuple[str, list[MenuItem]]]:
    if not _is_known() or current_user.must_change_password:
        return []
    who = actor()
    counts: dict[str, int] = {}
    for counted in provided("menu_counts"):
        counts |= counted(who)
    groups = []
    declared: list[MenuEntry] = current_app.extensions["menu"]
    for group in Group:
        items = [
            MenuItem(_(entry.label), url_for(entry.endpoint), _is_active(entry.endpoint), counts.get(entry.counter))
            for entry in declared
            if entry.group is group and can(who, entry.permission)
        ]
        if items:
            groups.append((_(GROUP_LABELS[group]), items))
    return groups


def _is_active(endpoint: str) -> bool:
    """The page itself, or a page below its section where the section has one entry only."""
    if request.endpoint == endpoint:
        return True
    section, current = endpoint.partition(".")[0], (request.endpoint or "").partition(".")[0]
    return section != "home" and current_app.extensions["sections"].get(current, current) == section
