"""What every page shows around its content: the rooms of the menu and the tabs of one, the day, the notice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(frozen=True)
class Menu:
    """`rooms`: a line each; `tabs`: the pages of the room in which this page stands, where a choice is of use."""

    rooms: tuple[MenuItem, ...] = ()
    room: str = ""
    tabs: tuple[MenuItem, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rooms)


ROOM_LABELS: Mapping[Group, str] = MappingProxyType(
    {
        Group.DESK: N_("工作台"),
        Group.DIRECTORY: N_("名录库"),
        Group.NOMINATIONS: N_("提名与审核"),
        Group.DUPLICATES: N_("查重与合并"),
        Group.FILINGS: N_("纳统申报"),
        Group.CASES: N_("事项"),
        Group.FUNDS: N_("创新券资金"),
        Group.TARGETS: N_("目标与通报"),
        Group.RULES: N_("规则与数据"),
        Group.ACCOUNTS: N_("账号管理"),
        Group.SYSTEM: N_("系统管理"),
    }
)


def install(app: Flask) -> None:
    app.jinja_env.globals.update(
        vocabulary=vocabulary,
        clocks=KNOWN_LABELS,
        current_user=current_user,
        can=lambda permission, subject=None: can(actor(), permission, subject),
        page_help=_page_help,
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


def _page_help() -> Any:
    """What the guide says of this page, or None."""
    if not _is_known():
        return None
    return next((said for at in provided("page_help") if (said := at(request.endpoint or ""))), None)


def _personal() -> dict[str, Any]:
    if not _is_known():
        return {}
    fixed = setting("TODAY") is not None and not current_app.testing
    return {"today": clock.today(), "is_demo": clock.is_demo(), "is_set_day": fixed}


def _is_known() -> bool:
    return bool(current_user and current_user.is_authenticated)


def _menu() -> Menu:
    if not _is_known() or current_user.must_change_password:
        return Menu()
    who = actor()
    declared: list[MenuEntry] = current_app.extensions["menu"]
    permitted = [entry for entry in declared if can(who, entry.permission)]
    here = _of_page(permitted) or _of_page(declared)
    counts: dict[str, int] = {}
    for counted in provided("menu_counts"):
        counts |= counted(who)
    rooms: list[MenuItem] = []
    tabs: tuple[MenuItem, ...] = ()
    for group in Group:
        items = tuple(_tab(entry, here, counts) for entry in permitted if entry.group is group)
        if not items:
            continue
        is_here = here is not None and here.group is group
        rooms.append(_line(group, items, active=is_here))
        if is_here and len(items) > 1 and not request.view_args:
            tabs = items
    return Menu(tuple(rooms), _(ROOM_LABELS[here.group]) if here else "", tabs)


def _tab(entry: MenuEntry, here: MenuEntry | None, counts: Mapping[str, int]) -> MenuItem:
    return MenuItem(_(entry.label), url_for(entry.endpoint), entry is here, counts.get(entry.counter))


def _line(group: Group, items: Sequence[MenuItem], *, active: bool) -> MenuItem:
    """A room with its first page; where the reader may open one page only, the line bears its name."""
    label = _(ROOM_LABELS[group]) if len(items) > 1 else items[0].label
    return MenuItem(label, items[0].href, active, sum(item.count or 0 for item in items))


def _of_page(entries: Iterable[MenuEntry]) -> MenuEntry | None:
    """The entry of the page that is shown: its own, or that of the section it belongs to."""
    endpoint, blueprint = request.endpoint or "", request.blueprint or ""
    sections: Mapping[str, str] = current_app.extensions["sections"]
    section = sections.get(endpoint, sections.get(blueprint, blueprint))
    found = [entry for entry in entries if section and section in (entry.endpoint, entry.endpoint.partition(".")[0])]
    return next((entry for entry in entries if entry.endpoint == endpoint), next(iter(found), None))
