"""A case's account is proposed by one person and confirmed by another; another account is a new row."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import Case
from registry.payments.models import PayeeAccount
from registry.payments.queries import payable, states
from registry.payments.rules import accounts
from registry.payments.services import holding
from registry.payments.texts import PAYEE_ERRORS
from registry.trail.services import trail


class NamedAccount(NamedTuple):
    """What a paper says: holder, bank, number as typed."""

    holder: str
    bank: str
    number: str


def doubts(case: Case, named: NamedAccount) -> list[str]:
    """Codes of `texts.PAYEE_DOUBTS`; none of them stops anybody. Empty where the number is none."""
    number = accounts.digits_of(named.number)
    if number is None:
        return []
    found = {
        "holder": accounts.plain_name(named.holder) != accounts.plain_name(case.applicant),
        "luhn": not accounts.is_luhn(number),
        "shared": payable.is_shared(case, number),
    }
    return [code for code, is_so in found.items() if is_so]


def propose(actor: Actor, case: Case, named: NamedAccount, *, reason: str, at: datetime) -> PayeeAccount:
    """Raises NotAllowed, FieldError; RegistryError where money of the case is under way to another account."""
    (case,) = holding.hold_cases([case.id])
    if actor.user_id is None or not can(actor, "payee.propose", case):
        raise NotAllowed
    number = accounts.digits_of(named.number)
    if number is None:
        values = {"least": accounts.SHORTEST, "most": accounts.LONGEST}
        raise FieldError("number", PAYEE_ERRORS["number"], **values)
    _refuse_not_due(case)
    _refuse_change(case, named, number, reason)
    found = doubts(case, named)
    if found and not reason.strip():
        raise FieldError("reason", PAYEE_ERRORS["doubt"])
    row = PayeeAccount(
        case=case, holder=named.holder.strip(), bank=named.bank.strip(), number=number, doubts=found,
        reason=reason.strip(), by_id=actor.user_id, by_name=actor.name, at=at,
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise RegistryError(PAYEE_ERRORS["waiting"]) from error
    after = {
        "case": case.number, "holder": row.holder, "bank": row.bank, "account": accounts.masked(number),
        "doubts": " ".join(found),
    }  # fmt: skip
    trail.record(actor, "propose_payee", row, at=at, after=after, reason=row.reason)
    return row


def _refuse_not_due(case: Case) -> None:
    held = payable.held(case)
    if held is not None:
        raise RegistryError(PAYEE_ERRORS["batched"], number=held.batch.number)
    if not states.is_payable(case):
        raise RegistryError(PAYEE_ERRORS["paid"])
    if payable.waiting([case.id]):
        raise RegistryError(PAYEE_ERRORS["waiting"])


def _refuse_change(case: Case, named: NamedAccount, number: str, reason: str) -> None:
    now = payable.standing([case.id]).get(case.id)
    if now is None:
        return
    if (now.holder, now.bank, now.number) == (named.holder.strip(), named.bank.strip(), number):
        raise FieldError("number", PAYEE_ERRORS["same"])
    if not reason.strip():
        raise FieldError("reason", PAYEE_ERRORS["reason"])


def decide(actor: Actor, payee: PayeeAccount, *, sound: bool, opinion: str, at: datetime, number: str = "") -> None:
    """By a second person, who types the account anew from the paper. Raises NotAllowed, RegistryError, FieldError."""
    holding.hold_cases([payee.case_id])
    db.session.refresh(payee)
    if payee.outcome is not None:
        raise RegistryError(PAYEE_ERRORS["settled"])
    if not can(actor, "payee.confirm", payee):
        raise NotAllowed
    if not opinion.strip():
        raise FieldError("opinion", PAYEE_ERRORS["opinion"])
    if sound and accounts.digits_of(number) != payee.number:
        raise FieldError("number", PAYEE_ERRORS["retyped"])
    payee.outcome, payee.opinion = "confirmed" if sound else "refused", opinion.strip()
    payee.decided_by_id, payee.decided_by_name, payee.decided_at = actor.user_id, actor.name, at
    db.session.flush()
    after = {"case": payee.case.number, "account": accounts.masked(payee.number)}
    verb = "confirm_payee" if sound else "refuse_payee"
    trail.record(actor, verb, payee, at=at, after=after, reason=payee.opinion)
