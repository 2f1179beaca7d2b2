"""An institution is entered, corrected, voided; its contact is looked at for a purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base import contacts
from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, StaleRecord
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.entries.services import entries, naming, revealing
from registry.firms.models.firms import Firm
from registry.institutions import queries
from registry.institutions.models import Institution
from registry.institutions.rules.kinds import KIND_LABELS
from registry.institutions.texts import INSTITUTION_ERRORS
from registry.matching.normalise import key_of
from registry.people.models import Office
from registry.trail.services import trail

FIELDS = (
    "kind", "name", "credit_code", "firm", "body_name", "division", "address", "field", "founded_on", "head",
    "contact_name", "contact_phone", "source",
)  # fmt: skip


def enter(
    actor: Actor, office: Office, values: Mapping[str, Any], *, at: datetime, on: date, apart: bool = False
) -> Institution:
    """`values` by `FIELDS`. `apart`: somebody looked at what is alike and says that this is another one.

    Raises FieldError, NotAllowed, OutOfTerritory.
    """
    if not can(actor, "institution.enter"):
        raise NotAllowed
    naming.hold(values.get("name") or "")
    _check(office, values, on)
    row = Institution(office=office, by_id=actor.user_id, by_name=actor.name, at=at, **_stored(values))
    _refuse_namesake(row, apart)
    db.session.add(row)
    _flush(row)
    trail.record(actor, "enter_institution", row, at=at, after=_recorded(values), source=row.source)
    return row


def edit(
    actor: Actor, row: Institution, values: Mapping[str, Any], *, seen: int, at: datetime, on: date, reason: str,
    apart: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Set what differs and return it. `seen`: the revision that was on the page. Raises as `enter`, StaleRecord."""
    hold(row)
    if not can(actor, "institution.edit", row):
        raise NotAllowed
    if row.revision != seen:
        raise StaleRecord(who=_last(row))
    before = {name: getattr(row, name) for name in FIELDS}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return {}
    if not reason.strip():
        raise ReasonNeeded
    naming.hold(changed.get("name") or "")
    _check(row.office, {**before, **changed}, on)
    for name, value in _stored(changed).items():
        setattr(row, name, value)
    if "name" in changed:
        with db.session.no_autoflush:
            _refuse_namesake(row, apart)
    _flush(row)
    old = _recorded({name: before[name] for name in changed})
    trail.record(actor, "edit_institution", row, at=at, before=old, after=_recorded(changed), reason=reason)
    return changed


def void(actor: Actor, row: Institution, *, at: datetime, on: date, reason: str) -> None:
    """Entered by mistake: it is kept, listed no more, and its name and code are free."""
    hold(row)
    if not can(actor, "institution.void", row):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    if row.id in queries.recognised(on):
        raise FieldError("reason", INSTITUTION_ERRORS["recognised"])
    row.voided_at, row.void_reason = at, reason.strip()
    db.session.flush()
    trail.record(actor, "void_institution", row, at=at, after={"voided": True}, reason=reason)


def reveal(actor: Actor, row: Institution, *, at: datetime, purpose: str) -> dict[str, str]:
    """The contact in full; looking is itself an act on the trail."""
    return revealing.reveal(actor, "institution.reveal", row, at=at, purpose=purpose)


def _check(office: Office, values: Mapping[str, Any], on: date) -> None:
    for field, what in (("kind", "kind"), ("name", "name"), ("division", "place"), ("source", "source")):
        if not values.get(field):
            raise FieldError(field, INSTITUTION_ERRORS[what])
    if values["kind"] not in KIND_LABELS:
        raise FieldError("kind", INSTITUTION_ERRORS["kind"])
    if values.get("firm") is None and not values.get("body_name"):
        raise FieldError("owner_code", INSTITUTION_ERRORS["owner"])
    if values.get("firm") is not None and values.get("body_name"):
        raise FieldError("body_name", INSTITUTION_ERRORS["two_owners"])
    if (founded := values.get("founded_on")) is not None and founded > on:
        raise FieldError("founded_on", INSTITUTION_ERRORS["founded"])
    entries.refuse_foreign(office, {"division": values["division"]})


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the columns want them: no empty code, a key beside the name."""
    stored = dict(values)
    if "credit_code" in stored:
        stored["credit_code"] = stored["credit_code"] or None
    if "name" in stored:
        stored["name_key"] = key_of(stored["name"])
    return stored


def _recorded(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the trail holds them: contacts masked, the owner by its name, the kind in words."""
    told: dict[str, Any] = {}
    for name, value in values.items():
        if name in contacts.RESTRICTED:
            told[name] = contacts.masked(name, value)
        elif name == "kind":
            told[name] = KIND_LABELS[value]
        elif name in ("firm", "body_name"):
            owner = value.name if isinstance(value, Firm) else value
            told["owner"] = owner or told.get("owner", "")
        elif value not in (None, ""):
            told[name] = value
    return told


def _refuse_namesake(row: Institution, apart: bool) -> None:
    same = select(Institution.id).where(
        Institution.name_key == row.name_key, Institution.voided_at.is_(None), Institution.id != (row.id or 0)
    )
    if not apart and db.session.scalar(same.limit(1)) is not None:
        raise FieldError("checked", INSTITUTION_ERRORS["alike"])


def _flush(row: Institution) -> None:
    code = row.credit_code
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        if "credit_code" in str(error.orig):
            raise FieldError("credit_code", INSTITUTION_ERRORS["taken"], code=code) from error
        raise


def hold(row: Institution) -> None:
    """Lock it until the commit: of two who change it at once, the second sees the first. Raises FieldError if void."""
    db.session.refresh(row, with_for_update={"of": Institution})
    if row.voided_at is not None:
        raise FieldError("reason", INSTITUTION_ERRORS["void"])


def _last(row: Institution) -> str:
    return next((entry.actor_name for entry in queries.history(row)), row.by_name)
