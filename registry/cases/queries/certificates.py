"""Certificates in an actor's reach, one checked by its code, and who is recognised on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.cases.models import Case, CaseCertificate
from registry.cases.queries import cases
from registry.cases.rules import checkcodes
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions.models import Institution


def visible_to(actor: Actor) -> Select[CaseCertificate]:
    """Those of cases in reach, the newest first."""
    own = cases.visible_to(actor).with_only_columns(Case.id)
    rows = select(CaseCertificate).where(CaseCertificate.case_id.in_(own))
    return rows.order_by(CaseCertificate.issued_on.desc(), CaseCertificate.id.desc())


def one(actor: Actor, certificate_id: int) -> Select[CaseCertificate]:
    return visible_to(actor).where(CaseCertificate.id == certificate_id)


def matching(actor: Actor, text: str = "") -> Select[CaseCertificate]:
    """Whose number or holder has `text` in it."""
    named = (column.contains(text, autoescape=True) for column in (CaseCertificate.number, CaseCertificate.holder))
    return visible_to(actor).where(or_(*named)) if text else visible_to(actor)


# -- one by its code ------------------------------------------------------------------------------
class CheckState(StrEnum):
    """`mistyped`: it cannot be a code at all, so nobody looked; `unknown`: it is none of ours."""

    VALID = "valid"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"


class CheckedCertificate(NamedTuple):
    """What anybody may know who holds the code, signed in or not."""

    state: CheckState
    certificate: CaseCertificate | None = None


def checked(typed: str, on: date) -> CheckedCertificate:
    """The certificate of that code, and what it is worth on a day."""
    code = checkcodes.read(typed)
    if not checkcodes.is_whole(code):
        return CheckedCertificate(CheckState.MISTYPED)
    found = db.session.scalars(select(CaseCertificate).where(CaseCertificate.check_code == code)).one_or_none()
    if found is None:
        return CheckedCertificate(CheckState.UNKNOWN)
    return CheckedCertificate(state_of(found, on), found)


def state_of(certificate: CaseCertificate, on: date) -> CheckState:
    if certificate.withdrawn_on is not None and certificate.withdrawn_on <= on:
        return CheckState.WITHDRAWN
    if certificate.valid_to is not None and certificate.valid_to < on:
        return CheckState.EXPIRED
    return CheckState.VALID


# -- who is recognised ----------------------------------------------------------------------------
class Recognised(NamedTuple):
    """A certificate that stood on the day; of whom, by which word its kind `counts`. A merged firm is its survivor."""

    certificate_id: int
    case_id: int
    code: str
    counts: str
    holder: str
    number: str
    issued_on: date
    withdrawn_on: date | None
    institution_id: int | None
    firm_id: int | None


def recognised(as_of: date, *, counts: str = "") -> list[Recognised]:
    """Every one that was issued by the day, not withdrawn by it and not expired, in the order of issue."""
    rows = select(CaseCertificate, Case).join(Case, Case.id == CaseCertificate.case_id).where(_standing(as_of))
    found = db.session.execute(rows.order_by(CaseCertificate.issued_on, CaseCertificate.id)).unique()
    told = [_recognised(certificate, case) for certificate, case in found]
    return [row for row in told if not counts or row.counts == counts]


def _standing(on: date) -> ColumnElement[bool]:
    return and_(
        CaseCertificate.issued_on <= on,
        or_(CaseCertificate.withdrawn_on.is_(None), CaseCertificate.withdrawn_on > on),
        or_(CaseCertificate.valid_to.is_(None), CaseCertificate.valid_to >= on),
    )


def _recognised(certificate: CaseCertificate, case: Case) -> Recognised:
    firm = firms.survivor(db.session.get_one(Firm, case.firm_id)) if case.firm_id is not None else None
    return Recognised(
        certificate.id, case.id, case.code, case.kind.counts, certificate.holder, certificate.number,
        certificate.issued_on, certificate.withdrawn_on, case.institution_id, firm.id if firm else None,
    )  # fmt: skip


def institution_ids(on: date) -> set[int]:
    """Numbers of the institutions that hold a certificate on the day."""
    rows = select(Case.institution_id).join(CaseCertificate, CaseCertificate.case_id == Case.id)
    return {number for number in db.session.scalars(rows.where(_standing(on))) if number is not None}


def of_institution(institution: Institution) -> list[CaseCertificate]:
    """All that it was ever given, the newest first; a certificate is shown to anybody and is no secret."""
    rows = select(CaseCertificate).join(Case, Case.id == CaseCertificate.case_id)
    found = rows.where(Case.institution_id == institution.id).order_by(CaseCertificate.id.desc())
    return list(db.session.scalars(found).unique())


def cases_of(institution: Institution, actor: Actor) -> list[Case]:
    """Its cases in the actor's reach, the newest first."""
    found = cases.visible_to(actor).where(Case.institution_id == institution.id).order_by(Case.id.desc())
    return list(db.session.scalars(found).unique())


def standing(rows: Iterable[CaseCertificate], on: date) -> CaseCertificate | None:
    """The one that is worth something on the day."""
    return next((one for one in rows if state_of(one, on) is CheckState.VALID), None)
