"""Offices are told what happens to a claim."""

from __future__ import annotations

from datetime import datetime

from registry.base.vocabulary import Role
from registry.claims.models import Claim
from registry.firms.models.firms import Firm
from registry.notices.services.notices import city_office_id, tell
from registry.people.models import Office


def claim_raised(claim: Claim, *, at: datetime) -> None:
    _tell_of_claim(claim, "claim_raised", claim.office, at=at, but=claim.office_id)
    _tell_city(claim, "claim_raised", claim.office, at=at)


def evidence_added(claim: Claim, office: Office, *, at: datetime) -> None:
    _tell_of_claim(claim, "evidence_added", office, at=at, but=office.id)
    _tell_city(claim, "evidence_added", office, at=at)


def claim_decided(claim: Claim, *, at: datetime) -> None:
    _tell_of_claim(claim, "claim_granted" if claim.granted else "claim_refused", claim.office, at=at)


def _tell_of_claim(claim: Claim, kind: str, office: Office, *, at: datetime, but: int | None = None) -> None:
    for office_id in sorted({claim.office_id, claim.holder_id} - {but}):
        _tell_one(office_id, None, claim, kind, office, at)


def _tell_city(claim: Claim, kind: str, office: Office, *, at: datetime) -> None:
    _tell_one(city_office_id(), Role.CITY_OFFICE, claim, kind, office, at)


def _tell_one(office_id: int, role: str | None, claim: Claim, kind: str, office: Office, at: datetime) -> None:
    values = {"office": office.short_name, "code": code_of(claim.firm)}
    tell(office_id, kind, values, at=at, firm=claim.firm, subject_kind="claim", subject_id=claim.id, role=role)


def code_of(firm: Firm) -> str:
    """All that both sides of a claim may know the firm by."""
    return firm.credit_code or "--"
