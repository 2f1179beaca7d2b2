"""A bank's file is kept, looked at as often as one likes, and has its effect once, when it is confirmed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, FileRefused, NotAllowed, RegistryError
from registry.base.extensions import SHANGHAI, db
from registry.base.permissions import Actor, can
from registry.cases.services import steps
from registry.imports.services import batches as uploads
from registry.payments.models import BankFile, BankLine, Payment, PaymentBatch
from registry.payments.rules import accounts
from registry.payments.rules.matching import ExpectedPayment, Finding, MatchedLine, Reconciled, reconcile
from registry.payments.services import batches, holding, settling
from registry.payments.sheets.bank import Statement, read_statement
from registry.payments.texts import FILE_ERRORS, FILE_STATE_LABELS
from registry.sheets.uploaded import shown_name
from registry.trail.services import trail


def bring(actor: Actor, batch: PaymentBatch, filename: str, pieces: Iterable[bytes], *, at: datetime) -> BankFile:
    """Keep the file and read it once; nothing follows from it yet. Raises NotAllowed, RegistryError, FileRefused.

    The caller removes the file where the row is not committed.
    """
    if actor.user_id is None or not can(actor, "payment.act", batch):
        raise NotAllowed
    if batch.sent_on is None:  # one that was cancelled after it was sent may have been paid all the same
        raise RegistryError(FILE_ERRORS["batch"], number=batch.number)
    kept = uploads.keep(pieces)
    try:
        _refuse_twice(kept.sha256)
        row = BankFile(
            batch=batch, filename=shown_name(filename), stored_name=kept.stored_name, sha256=kept.sha256,
            size=uploads.size_of(kept.stored_name), by_id=actor.user_id, by_name=actor.name, at=at,
        )  # fmt: skip
        read_statement(uploads.upload(kept.stored_name), row.filename)
        db.session.add(row)
        _flush(kept.sha256)
    except BaseException:
        uploads.remove_file(kept.stored_name)
        raise
    trail.record(actor, "read_bank_file", row, at=at, after={"batch": batch.number, "sha256": row.sha256})
    return row


def _flush(digest: str) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody brought it at the same moment
        db.session.rollback()
        _refuse_twice(digest)
        raise RegistryError(FILE_ERRORS["settled"]) from error


def _refuse_twice(digest: str) -> None:
    held = db.session.scalars(select(BankFile).where(BankFile.sha256 == digest, BankFile.state != "dropped")).first()
    if held is not None:
        raise RegistryError(
            FILE_ERRORS["twice"], day=held.at.date().isoformat(), by=held.by_name, number=held.batch.number,
            state=(FILE_STATE_LABELS[held.state],),
        )  # fmt: skip


def look(file: BankFile) -> tuple[Statement, Reconciled]:
    """The file held against the batch as it is now. Raises FileRefused where it is gone."""
    statement = read_statement(uploads.upload(file.stored_name), file.filename)
    batch = file.batch
    sent_on, until = batch.sent_on or batch.at.date(), file.at.astimezone(SHANGHAI).date()
    expected = [_expected(one) for one in (*batch.payments, *_called_off(batch))]
    return statement, reconcile(statement.lines, expected, sent_on=sent_on, stated=statement.stated, until=until)


def _called_off(batch: PaymentBatch) -> list[Payment]:
    """Cancelled payments of other batches for the cases of this one: the bank may have paid by the earlier list."""
    if batch.state == "cancelled":
        return []
    cases = [one.case_id for one in batch.payments]
    wanted = Payment.case_id.in_(cases), Payment.state == "cancelled", Payment.batch_id != batch.id
    return list(db.session.scalars(select(Payment).where(*wanted).order_by(Payment.id)))


def _expected(payment: Payment) -> ExpectedPayment:
    return ExpectedPayment(
        payment.id, payment.number, payment.case.number, payment.payee.holder, payment.payee.number, payment.amount,
        settled=payment.reconciled_at is not None or payment.state == "bank_returned",
        is_due=payment.state in ("waiting", "paid"), is_cancelled=payment.state == "cancelled", day=payment.paid_on,
        voucher=payment.voucher,
    )  # fmt: skip


def seen(result: Reconciled) -> str:
    """What was shown, by which whoever confirms is known to have seen it."""
    told: list[Any] = [
        (one.line.row, one.finding, one.payment.payment_id if one.payment else None, str(one.line.amount))
        for one in result.lines
    ]
    return sha256(json.dumps(told).encode()).hexdigest()


def totals(result: Reconciled) -> dict[str, Any]:
    """As `BankFile.totals` keeps them."""
    counts = Counter(one.finding.value for one in result.lines)
    stated = None if result.stated is None else str(result.stated)
    sums = {"file": str(result.file), "matched": str(result.matched), "batch": str(result.batch), "stated": stated}
    return sums | {"counts": dict(counts)}


def confirm(actor: Actor, file: BankFile, *, shown: str, said: str, at: datetime, on: date) -> None:
    """What fits is paid and reconciled, what came back may be paid again; the rest is kept for a person to settle.

    Raises NotAllowed, RegistryError (another has moved something since), FieldError where faults are not spoken of.
    """
    batches.hold(file.batch)
    holding.hold(file)
    if file.state != "waiting":
        raise RegistryError(FILE_ERRORS["settled"])
    if not can(actor, "payment.reconcile", file):
        raise NotAllowed
    _statement, result = look(file)
    if seen(result) != shown:
        raise RegistryError(FILE_ERRORS["changed"])
    if result.faults and not said.strip():
        raise FieldError("said", FILE_ERRORS["confirm"], count=len(result.faults))
    file.state, file.ended_by_name, file.ended_at, file.said = "confirmed", actor.name, at, said.strip()
    file.totals = totals(result)
    db.session.add_all([_kept(file, one) for one in result.lines])
    payments = {one.id: one for one in file.batch.payments}
    for one in result.lines:
        if one.payment is not None:
            _take_effect(actor, file, payments[one.payment.payment_id], one, at=at, on=on)
    batches.end_if_paid(actor, file.batch, at)
    after = {"batch": file.batch.number, "totals": json.dumps(file.totals, ensure_ascii=False)}
    trail.record(actor, "reconcile_file", file, at=at, after=after, reason=file.said)


def _take_effect(actor: Actor, file: BankFile, payment: Payment, one: MatchedLine, *, at: datetime, on: date) -> None:
    """What is demanded back has left the steps of paying: of it the file only says what the bank did."""
    if payment.state not in ("waiting", "paid"):
        return
    if payment.clawback is not None:
        if one.finding is Finding.MATCHED and payment.reconciled_at is None:
            payment.reconciled_at, payment.file_id = at, file.id
    elif one.finding is Finding.RETURNED:
        _return(actor, file, payment, one, at=at, on=on)
    elif one.finding is Finding.MATCHED and payment.reconciled_at is None:
        if payment.state == "waiting":
            batches.mark_paid(actor, payment, day=one.line.day or on, voucher=one.line.voucher, at=at, on=on)
        payment.reconciled_at, payment.file_id = at, file.id
        payment.paid_on, payment.voucher = one.line.day or payment.paid_on, one.line.voucher or payment.voucher
        db.session.flush()
        steps.take(actor, payment.case, "reconcile", at=at, on=on, reason=file.filename, money=True)


def _return(actor: Actor, file: BankFile, payment: Payment, one: MatchedLine, *, at: datetime, on: date) -> None:
    """Also of a payment that an earlier file reconciled: money comes back later than it goes."""
    before = {"state": payment.state, "day": payment.paid_on, "voucher": payment.voucher}
    payment.file_id = file.id
    words = one.line.purpose or one.line.voucher or file.filename
    settling.bank_return(actor, payment, reason=words, at=at, on=on)
    after = {"state": payment.state, "day": one.line.day, "voucher": one.line.voucher}
    trail.record(
        actor, "return_payment", payment, at=at, before=before, after=after, reason=words, source=file.filename
    )


def _kept(file: BankFile, one: MatchedLine) -> BankLine:
    """The line as it is kept: of an account only what anybody may see."""
    payment, line = one.payment, one.line
    account = line.account or (payment.account if payment and one.finding is Finding.MISSING else "")
    return BankLine(
        file_id=file.id, row=line.row, finding=one.finding.value, payment_id=payment.payment_id if payment else None,
        payee=line.payee or (payment.holder if payment and not line.row else ""), account=accounts.shown(account),
        amount=line.amount, wanted=payment.amount if payment else None, day=line.day, voucher=line.voucher,
        purpose=line.purpose, remarks=[remark.value for remark in one.remarks],
    )  # fmt: skip


def drop(actor: Actor, file: BankFile, *, at: datetime) -> None:
    """Nothing of it was used; it may be brought again. The caller removes the file after the commit."""
    holding.hold(file)
    if not can(actor, "payment.reconcile", file):
        raise RegistryError(FILE_ERRORS["settled"])
    file.state, file.ended_by_name, file.ended_at = "dropped", actor.name, at
    db.session.flush()
    trail.record(actor, "drop_bank_file", file, at=at)


__all__ = ["FileRefused", "bring", "confirm", "drop", "look", "seen", "totals"]
