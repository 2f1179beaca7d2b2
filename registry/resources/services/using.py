"""The voucher case that paid for a use of a resource is linked to it, and the link is removed with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case
from registry.cases.rules.kinds import StateKind
from registry.resources import texts
from registry.resources.models import Resource, ResourceUse
from registry.resources.queries import uses
from registry.trail.services import trail


def link(actor: Actor, row: Resource, number: str, *, at: datetime) -> ResourceUse:
    """`number`: of a case in the actor's reach. Raises NotAllowed, FieldError('number')."""
    db.session.refresh(row, with_for_update={"of": Resource})
    if not can(actor, "resource.link", row) or actor.user_id is None or actor.office_id is None:
        raise NotAllowed
    case = _case(actor, number.strip())
    if uses.linked(row, case) is not None:
        raise FieldError("number", texts.CASE_LINKED, number=case.number)
    use = ResourceUse(
        resource=row, case=case, office_id=actor.office_id, by_id=actor.user_id, by_name=actor.name, at=at
    )  # fmt: skip
    db.session.add(use)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise FieldError("number", texts.CASE_LINKED, number=number.strip()) from error
    trail.record(actor, "link_resource", row, at=at, after={"case": case.number})
    return use


def unlink(actor: Actor, use: ResourceUse, *, reason: str, at: datetime) -> None:
    """The link stays on record with who removed it and why. Raises NotAllowed, ReasonNeeded, RegistryError."""
    db.session.refresh(use, with_for_update={"of": ResourceUse})
    if use.removed_at is not None:
        raise RegistryError(texts.LINK_GONE)
    if not can(actor, "resource.unlink", use):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    use.removed_at, use.removed_by_name, use.remove_reason = at, actor.name, reason.strip()
    db.session.flush()
    trail.record(
        actor, "unlink_resource", use.resource, at=at, before={"case": use.case.number}, after={"case": ""},
        reason=reason.strip(),
    )  # fmt: skip


def _case(actor: Actor, number: str) -> Case:
    if not number:
        raise FieldError("number", texts.CASE_NEEDED)
    case = uses.case_numbered(actor, number)
    if case is None:
        raise FieldError("number", texts.CASE_UNKNOWN, number=number)
    if case.code != texts.CASE_KIND:
        raise FieldError("number", texts.CASE_OTHER_KIND, number=number, kind=case.edition.name)
    state = case.kind.state(case.state).kind
    if state is StateKind.DRAFT:
        raise FieldError("number", texts.CASE_DRAFT, number=number)
    if state is StateKind.BAD:
        raise FieldError("number", texts.CASE_REFUSED, number=number)
    return case
