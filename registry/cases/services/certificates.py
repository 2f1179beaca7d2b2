"""A certificate is given by the step that certifies and taken back by the one that withdraws; never by hand."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.cases.models import Case, CaseCertificate
from registry.cases.queries import certificates
from registry.cases.rules import checkcodes
from registry.cases.texts import CERTIFICATE_ERRORS
from registry.papers.rules import day_of
from registry.trail.services import trail

NUMBER, TEXT = "certificate_number", "certificate"
"""The texts of a kind that a certificate is made of."""


def issue(case: Case, *, at: datetime, on: date) -> CaseCertificate:
    """Number, text and validity as the kind says them. Raises RegistryError."""
    trail.wait_for_turn()  # numbers follow each other
    if not case.kind.texts.get(NUMBER) or not case.kind.texts.get(TEXT):
        raise RegistryError(CERTIFICATE_ERRORS["template"])
    if (held := certificates.standing(case.certificates, on)) is not None:
        raise RegistryError(CERTIFICATE_ERRORS["standing"], number=held.number)
    number, valid_to = _number(case, on), _valid_to(case, on)
    row = CaseCertificate(
        case_id=case.id, number=number, check_code=_check_code(), holder=case.applicant,
        text=_text(case, number, on, valid_to), issued_on=on, valid_to=valid_to, at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.expire(case, ["certificates"])
    after = {"number": row.number, "holder": row.holder, "issued_on": on, "valid_to": valid_to}
    trail.record(SYSTEM_ACTOR, "issue_certificate", row, at=at, after=after, source=case.number)
    return row


def withdraw(case: Case, *, reason: str, at: datetime, on: date) -> CaseCertificate:
    """Worth nothing from `on`; it is kept, and whoever checks it is told. Raises RegistryError."""
    held = next((one for one in reversed(case.certificates) if one.withdrawn_on is None), None)
    if held is None:
        raise RegistryError(CERTIFICATE_ERRORS["none"])
    held.withdrawn_on, held.withdrawn_reason = on, reason.strip()
    db.session.flush()
    after = {"number": held.number, "withdrawn_on": on}
    trail.record(SYSTEM_ACTOR, "withdraw_certificate", held, at=at, after=after, reason=held.withdrawn_reason)
    return held


def _number(case: Case, on: date) -> str:
    """Counted in each year for each kind; one that is there already (of another kind's like text) is passed over."""
    first, last = date(on.year, 1, 1), date(on.year, 12, 31)
    given = select(func.count(CaseCertificate.id)).join(Case, Case.id == CaseCertificate.case_id)
    serial = db.session.scalar(given.where(Case.code == case.code, CaseCertificate.issued_on.between(first, last))) or 0
    template = case.kind.texts[NUMBER]
    while True:
        serial += 1
        number = _filled(template, {"year": str(on.year), "serial": str(serial)})
        taken = select(CaseCertificate.id).where(CaseCertificate.number == number)
        if db.session.scalar(taken) is None:
            return number
        if "{serial}" not in template:
            raise RegistryError(CERTIFICATE_ERRORS["template"])


def _valid_to(case: Case, on: date) -> date | None:
    """The last day: the one before the same day so many years later; None for good."""
    years = case.kind.whole("valid_years")
    if not years:
        return None
    last = on - timedelta(days=1)
    day = 28 if (last.month, last.day) == (2, 29) else last.day
    return last.replace(year=last.year + years, day=day)


def _text(case: Case, number: str, on: date, valid_to: date | None) -> str:
    values = {
        "holder": case.applicant, "number": number, "kind": case.edition.name, "bureau": case.bureau.name,
        "day": day_of(on), "year": str(on.year), "valid_to": day_of(valid_to) if valid_to else "",
        **{field.code: case.values.get(field.code, "") for field in case.kind.of_case},
    }  # fmt: skip
    return _filled(case.kind.texts[TEXT], values)


def _filled(template: str, values: dict[str, str]) -> str:
    """What stands in braces and is no name of these is left as it is."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def _check_code() -> str:
    while True:
        code = checkcodes.draw(secrets.choice)
        if db.session.scalar(select(CaseCertificate.id).where(CaseCertificate.check_code == code)) is None:
            return code
