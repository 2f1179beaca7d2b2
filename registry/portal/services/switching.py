"""The portal is opened, closed, and told which fields are public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry.base.errors import FieldError, NotAllowed
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.portal import texts
from registry.portal.models import PortalSetting
from registry.portal.queries import public
from registry.portal.rules.catalog import COLLECTIONS, chosen
from registry.portal.services import drawing
from registry.sheets.wording import LIST_JOINT
from registry.trail.services import trail


@dataclass(frozen=True)
class PortalChoice:
    """`fields`: collection -> keys of the published list; a collection that is missing is closed."""

    is_on: bool
    fields: Mapping[str, Sequence[str]]
    licence_name: str
    licence_url: str
    notice_days: int
    document: str


def choose(actor: Actor, choice: PortalChoice, *, at: datetime, on: date) -> PortalSetting:
    """From now on it is so. Raises NotAllowed, FieldError."""
    if not can(actor, "portal.switch") or actor.user_id is None:
        raise NotAllowed
    if not choice.document.strip():
        raise FieldError("document", texts.DOCUMENT_NEEDED)
    if not choice.licence_name.strip():
        raise FieldError("licence_name", texts.LICENCE_NEEDED)
    for code, keys in choice.fields.items():
        if unknown := sorted(set(keys) - set(COLLECTIONS[code].keys)):
            raise FieldError("fields", texts.FIELD_UNKNOWN, text=unknown[0])
    before = public.newest()
    row = PortalSetting(
        is_on=choice.is_on,
        fields={code: list(chosen(COLLECTIONS[code], list(keys))) for code, keys in choice.fields.items()},
        licence_name=choice.licence_name.strip(), licence_url=choice.licence_url.strip(),
        notice_days=choice.notice_days, document=choice.document.strip(), by_id=actor.user_id, by_name=actor.name,
        at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    trail.record(
        actor, "set_portal", row, at=at, before=_recorded(before) if before else None, after=_recorded(row),
        source=row.document,
    )  # fmt: skip
    drawing.redraw(at=at, on=on)
    return row


def _recorded(row: PortalSetting) -> dict[str, object]:
    return {
        "is_on": row.is_on,
        "fields": LIST_JOINT.join(f"{code}: {', '.join(keys)}" for code, keys in row.fields.items()),
        "licence": f"{row.licence_name} {row.licence_url}".strip(),
        "notice_days": row.notice_days,
    }
