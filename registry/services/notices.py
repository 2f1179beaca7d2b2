"""Offices are told what concerns them, in the transaction of what happened; a person marks what they have read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, literal, select

from registry.domain.notices import SENTENCES
from registry.domain.permissions import Actor
from registry.domain.vocabulary import Role
from registry.extensions import db
from registry.models import Claim, Firm, Notice, NoticeRead, Nudge, Office, Proposal, User
from registry.models.base import Moment
from registry.queries import notices, reference
from registry.services import letters
from registry.services.trail import plain_all


def tell(
    office_id: int, kind: str, values: Mapping[str, Any], *, at: datetime, firm: Firm | None = None,
    subject_kind: str = "", subject_id: int | None = None, role: str | None = None, user: User | None = None,
    nudge: Nudge | None = None,
) -> Notice:  # fmt: skip
    """Tell an office, those of its people who hold `role`, or one `user`; letters are queued for who wants them.

    `kind` is a key of `domain.notices.SENTENCES`, `values` what fills it (nothing that the office may not know);
    `subject_kind` and `subject_id` say which page it leads to (web/notices.py).
    """
    if kind not in SENTENCES:
        raise KeyError(kind)
    notice = Notice(
        office_id=office_id,
        user_id=user.id if user else None,
        role=role,
        kind=kind,
        values=plain_all(values),
        subject_kind=subject_kind,
        subject_id=subject_id,
        firm_id=firm.id if firm else None,
        nudge_id=nudge.id if nudge else None,
        at=at,
    )
    db.session.add(notice)
    db.session.flush()
    letters.queue_for(notice, at=at)
    return notice


def mark_read(actor: Actor, notice: Notice, *, at: datetime) -> None:
    """For the person alone; reading twice is reading once."""
    _mark(actor, notices.unread(actor).where(Notice.id == notice.id), at)


def mark_all_read(actor: Actor, *, at: datetime) -> None:
    _mark(actor, notices.unread(actor), at)


def _mark(actor: Actor, unread: Any, at: datetime) -> None:
    # of two windows of one person that mark at once the second finds nothing left
    db.session.execute(select(User.id).where(User.id == actor.user_id).with_for_update())
    rows = unread.order_by(None).with_only_columns(Notice.id, literal(actor.user_id), literal(at, Moment()))
    db.session.execute(insert(NoticeRead).from_select(["notice_id", "user_id", "at"], rows))
    db.session.flush()


# -- what happens to a nomination -----------------------------------------------------------------
def submitted(proposal: Proposal, *, at: datetime) -> None:
    kind = "resubmitted" if proposal.rounds > 1 else "submitted"
    _tell_bureau(proposal, kind, at=at)


def withdrawn(proposal: Proposal, *, at: datetime) -> None:
    _tell_bureau(proposal, "withdrawn", at=at)


def returned(proposal: Proposal, cells: int, *, at: datetime) -> None:
    _tell_proposer(proposal, "returned", {"cells": cells}, at=at)


def admitted(proposal: Proposal, *, at: datetime) -> None:
    _tell_proposer(proposal, "admitted", {}, at=at)


def rejected(proposal: Proposal, *, at: datetime) -> None:
    _tell_proposer(proposal, "rejected", {}, at=at)


def _tell_bureau(proposal: Proposal, kind: str, *, at: datetime) -> None:
    if proposal.reviewing_office_id is None:
        return
    values = {"office": _short(proposal.office_id), "firm": proposal.firm.name}
    tell(
        proposal.reviewing_office_id, kind, values, at=at, firm=proposal.firm, subject_kind="review",
        subject_id=proposal.id, role=Role.OFFICER,
    )  # fmt: skip


def _tell_proposer(proposal: Proposal, kind: str, more: Mapping[str, Any], *, at: datetime) -> None:
    values = {"office": _short(proposal.reviewing_office_id), "firm": proposal.firm.name, **more}
    tell(
        proposal.office_id, kind, values, at=at, firm=proposal.firm, subject_kind="proposal", subject_id=proposal.id
    )  # fmt: skip


# -- what happens to a claim ----------------------------------------------------------------------
def claim_raised(claim: Claim, *, at: datetime) -> None:
    _tell_of_claim(claim, "claim_raised", claim.office, at=at, but=claim.office_id)
    _tell_city(claim, "claim_raised", claim.office, at=at)


def evidence_added(claim: Claim, office: Office, *, at: datetime) -> None:
    _tell_of_claim(claim, "evidence_added", office, at=at, but=office.id)
    _tell_city(claim, "evidence_added", office, at=at)


def claim_decided(claim: Claim, *, at: datetime) -> None:
    _tell_of_claim(claim, "claim_granted" if claim.granted else "claim_refused", claim.office, at=at)


def city_office_id() -> int:
    """The office whose people may hold the city's role (DECISIONS section 2); their notices go by the role."""
    return reference.offices()["science"].id


def code_of(firm: Firm) -> str:
    """All that both sides of a claim may know the firm by."""
    return firm.credit_code or "--"


def _tell_of_claim(claim: Claim, kind: str, office: Office, *, at: datetime, but: int | None = None) -> None:
    for office_id in sorted({claim.office_id, claim.holder_id} - {but}):
        _tell_one(office_id, None, claim, kind, office, at)


def _tell_city(claim: Claim, kind: str, office: Office, *, at: datetime) -> None:
    _tell_one(city_office_id(), Role.CITY_OFFICE, claim, kind, office, at)


def _tell_one(office_id: int, role: str | None, claim: Claim, kind: str, office: Office, at: datetime) -> None:
    values = {"office": office.short_name, "code": code_of(claim.firm)}
    tell(office_id, kind, values, at=at, firm=claim.firm, subject_kind="claim", subject_id=claim.id, role=role)


def _short(office_id: int | None) -> str:
    return next((office.short_name for office in reference.offices().values() if office.id == office_id), "")
