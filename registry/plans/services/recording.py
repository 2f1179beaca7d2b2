"""What is recorded beside a plan: how a document splits a target, and that a firm is a high-technology service firm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.firms.models.firms import Firm
from registry.firms.services import holding
from registry.plans.models import FirmMark, Plan, SplitShare, TargetSplit
from registry.plans.queries import plans
from registry.plans.texts import MARK_ERRORS, SPLIT_ERRORS, WAY_LABELS
from registry.trail.services import trail


def split(
    actor: Actor, plan: Plan, target: str, shares: Mapping[str, int], *, document_no: str, document_name: str,
    valid_from: date, at: datetime,
) -> TargetSplit:  # fmt: skip
    """Enter what a document says; nothing is worked out. A later document follows from its own day on."""
    if actor.user_id is None or not can(actor, "plan.split"):
        raise NotAllowed
    if not plans.issued(plan):
        raise RegistryError(SPLIT_ERRORS["draft"])
    if not shares:
        raise RegistryError(SPLIT_ERRORS["no_shares"])
    before = next((one for one in plans.splits(plan) if one.target == target), None)
    if before is not None and valid_from <= before.valid_from:
        raise FieldError("valid_from", SPLIT_ERRORS["past"], day=before.valid_from.isoformat())
    row = TargetSplit(
        plan_id=plan.id, target=target, document_no=document_no, document_name=document_name, valid_from=valid_from,
        by_id=actor.user_id, by_name=actor.name, at=at,
        shares=[SplitShare(division=code, amount=amount) for code, amount in sorted(shares.items())],
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    said = " ".join(f"{code}={amount}" for code, amount in sorted(shares.items()))
    trail.record(
        actor, "split_target", row, at=at, source=document_no,
        after={"target": target, "document_name": document_name, "valid_from": valid_from, "content": said},
    )  # fmt: skip
    return row


def mark(actor: Actor, firm: Firm, way: str, *, since: date, source: str, at: datetime, on: date) -> FirmMark:
    """Record since when the firm is one, by which document. Raises FieldError, NotAllowed."""
    holding.hold(firm)
    if actor.user_id is None or actor.office_id is None or not can(actor, "mark.record", firm):
        raise NotAllowed
    if since > on:
        raise FieldError("since", MARK_ERRORS["ahead"])
    held = select(FirmMark).where(FirmMark.firm_id == firm.id, FirmMark.way == way, FirmMark.voided_at.is_(None))
    if (standing := db.session.scalars(held).unique().one_or_none()) is not None:
        values = {"way": (WAY_LABELS[way],), "day": standing.since.isoformat()}
        raise FieldError("way", MARK_ERRORS["twice"], **values)
    row = FirmMark(
        firm=firm, way=way, since=since, source=source.strip(), office_id=actor.office_id, by_id=actor.user_id,
        by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise FieldError("way", MARK_ERRORS["twice"], way=(WAY_LABELS[way],), day=since.isoformat()) from error
    trail.record(actor, "mark_firm", row, at=at, source=row.source, after={"way": way, "day": since})
    return row


def void(actor: Actor, row: FirmMark, *, reason: str, at: datetime) -> None:
    """Take the mark back: it is kept, counts no longer, and says why."""
    holding.hold(row.firm)
    db.session.refresh(row)
    if not can(actor, "mark.void", row):
        raise NotAllowed
    if row.voided_at is not None:
        raise RegistryError(MARK_ERRORS["voided"])
    if not reason.strip():
        raise ReasonNeeded
    row.voided_at, row.voided_by_name, row.void_reason = at, actor.name, reason.strip()
    db.session.flush()
    trail.record(actor, "void_mark", row, at=at, reason=row.void_reason)
