"""A portal that is open, with firms that were released."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from registry.firms.models.firms import Firm
from registry.portal.rules.catalog import COLLECTIONS
from registry.portal.services import releasing, switching
from registry.portal.services.switching import PortalChoice
from tests.world import NOW, TODAY, World

ALL = {code: list(one.keys) for code, one in COLLECTIONS.items()}


def opened(world: World, fields: dict[str, list[str]] | None = None, *, is_on: bool = True, **more: Any) -> None:
    choice = {
        "licence_name": "可自由使用，须注明来源",
        "licence_url": "",
        "notice_days": 30,
        "document": "会议纪要〔2021〕3号",
    }
    given = PortalChoice(is_on=is_on, fields=ALL if fields is None else fields, **choice | more)  # type: ignore[arg-type]
    switching.choose(world.actor("cityoffice"), given, at=NOW, on=TODAY)


def released(
    world: World, *firms: Firm, keys: Sequence[str] = ("credit_code", "county"), by: str = "cityoffice"
) -> int:
    return releasing.release(world.actor(by), list(firms), keys, at=NOW, on=TODAY)
