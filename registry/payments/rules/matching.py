"""Lines of a bank's file held against the payments of a batch: what fits, what does not, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from registry.payments.rules.accounts import is_hidden, is_same, plain_name


class Finding(StrEnum):
    """What a line is; `missing`: a payment that the file lacks, `total`: a total line that is not the sum."""

    MATCHED = "matched"
    OVERPAID = "overpaid"
    UNDERPAID = "underpaid"
    UNKNOWN = "unknown_payee"
    TWICE = "paid_twice"
    ACCOUNT = "wrong_account"
    PAYEE = "wrong_payee"
    RETURNED = "returned"
    EARLY = "early"
    AMBIGUOUS = "ambiguous"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    TOTAL = "total"


class Remark(StrEnum):
    """What else is said of a line."""

    HIDDEN = "hidden"
    NO_ACCOUNT = "no_account"
    NO_PAYEE = "no_payee"
    BY_NUMBER = "by_number"
    STATUS = "status"
    NO_AMOUNT = "no_amount"
    NO_DAY = "no_day"
    LOST_DIGITS = "lost_digits"
    CELLS = "cells"
    REVERSAL = "reversal"
    AMOUNT_TOO = "amount_too"
    EARLY_TOO = "early_too"
    EARLIER_FILE = "earlier_file"
    UNREAD_ROWS = "unread_rows"


class Status(StrEnum):
    """What the bank says became of a payment."""

    DONE = "done"
    RETURNED = "returned"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A row of the file as it was read; `faults`: why it cannot be used."""

    row: int
    payee: str = ""
    account: str = ""
    amount: Decimal | None = None
    day: date | None = None
    voucher: str = ""
    purpose: str = ""
    status: Status = Status.DONE
    faults: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedPayment:
    """A payment of the batch; `settled`: an earlier file has it; `is_due`: the file must have it."""

    payment_id: int
    number: str
    case_number: str
    holder: str
    account: str
    amount: Decimal
    settled: bool = False
    is_due: bool = True


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line with what was found; row 0 and no line for what the file lacks. `candidates`: of an ambiguous line."""

    line: StatementLine
    finding: Finding
    payment: ExpectedPayment | None = None
    remarks: tuple[Remark, ...] = ()
    candidates: tuple[ExpectedPayment, ...] = ()


@dataclass
class Reconciled:
    """Every line once, then what is missing, then a total that does not agree; sums in yuan."""

    lines: list[MatchedLine] = field(default_factory=list)
    file: Decimal = Decimal(0)
    matched: Decimal = Decimal(0)
    batch: Decimal = Decimal(0)
    stated: Decimal | None = None

    @property
    def faults(self) -> list[MatchedLine]:
        return [one for one in self.lines if one.finding is not Finding.MATCHED]


def reconcile(
    lines: Sequence[StatementLine], payments: Sequence[ExpectedPayment], *, sent_on: date,
    stated: Decimal | None = None,
) -> Reconciled:  # fmt: skip
    """Every line is one payment's, or is listed with why not; totals to the fen."""
    found = [_found(line, payments) for line in lines]
    returned = {one.payment.payment_id for one in found if one.payment and _is_back(one.line)}
    taken: set[int] = set()
    judged = [_judged(one, taken, returned, sent_on) for one in found]
    possible = {one.payment_id for line in judged for one in line.candidates}
    lacking = [p for p in payments if p.is_due and not p.settled and p.payment_id not in taken | possible]
    result = Reconciled([*judged, *(MatchedLine(_NO_LINE, Finding.MISSING, one) for one in lacking)], stated=stated)
    result.file = _sum(one.line.amount for one in judged)
    result.matched = _sum(one.line.amount for one in judged if one.finding is Finding.MATCHED)
    result.batch = _sum(one.amount for one in payments if one.is_due)
    result.lines += _total(result, judged, stated)
    return result


_NO_LINE = StatementLine(0)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((one for one in amounts if one is not None), Decimal(0))


def _is_back(line: StatementLine) -> bool:
    return line.status is Status.RETURNED or Remark.REVERSAL in line.faults


# -- whose a line is ------------------------------------------------------------------------------
def _found(line: StatementLine, payments: Sequence[ExpectedPayment]) -> MatchedLine:
    """The line with its payment, or with why it has none."""
    named = [one for one in payments if _says(line, one)]
    faults = tuple(one for one in line.faults if one is not Remark.REVERSAL)
    if faults or line.status is Status.UNKNOWN:
        remarks = (*faults, Remark.STATUS) if line.status is Status.UNKNOWN else faults
        return MatchedLine(line, Finding.UNREADABLE, named[0] if len(named) == 1 else None, remarks)
    if len(named) == 1:
        return MatchedLine(line, Finding.MATCHED, named[0], (Remark.BY_NUMBER,))
    fitting = _by_payee(line, named or payments)
    if not fitting:
        return MatchedLine(line, Finding.UNKNOWN)
    if len(fitting) > 1:
        equal = [one for one in fitting if one.amount == line.amount]
        if len(equal) != 1:
            return MatchedLine(line, Finding.AMBIGUOUS, candidates=tuple(equal or fitting))
        fitting = equal
    return MatchedLine(line, Finding.MATCHED, fitting[0])


def _says(line: StatementLine, payment: ExpectedPayment) -> bool:
    """Whether the line names the payment, or its case, by number."""
    words = f" {line.purpose} {line.voucher} "
    return any(_stands_in(number, words) for number in (payment.number, payment.case_number))


def _stands_in(number: str, words: str) -> bool:
    """As a whole: 2020-1 does not stand in 2020-12."""
    start = words.find(number)
    while start >= 0:
        before, after = words[start - 1], words[start + len(number)]
        if not (before.isascii() and (before.isalnum() or before == "-")) and not (
            after.isascii() and (after.isalnum() or after == "-")
        ):
            return True
        start = words.find(number, start + 1)
    return False


def _by_payee(line: StatementLine, payments: Sequence[ExpectedPayment]) -> Sequence[ExpectedPayment]:
    """Whose name and account fit; else whose name; else whose account, if it is seen whole: a part may be anybody's."""
    of_name = [one for one in payments if line.payee and plain_name(one.holder) == plain_name(line.payee)]
    of_account = [one for one in payments if line.account and is_same(line.account, one.account)]
    if both := [one for one in of_name if one in of_account]:
        return both
    return of_name or ([] if line.payee and is_hidden(line.account) else of_account)


_ALSO = {Finding.OVERPAID: Remark.AMOUNT_TOO, Finding.UNDERPAID: Remark.AMOUNT_TOO, Finding.EARLY: Remark.EARLY_TOO}


# -- whether it is right --------------------------------------------------------------------------
def _judged(one: MatchedLine, taken: set[int], returned: set[int], sent_on: date) -> MatchedLine:
    """What is wrong first, then what else is; the payment is taken by it."""
    payment, line = one.payment, one.line
    if payment is None:
        return one
    again = payment.payment_id in taken
    taken.add(payment.payment_id)
    if one.finding is Finding.UNREADABLE:
        return one
    remarks = list(one.remarks) + _remarks(line)
    wrong = list(_wrong(line, payment, sent_on))
    if payment.payment_id in returned and (_is_back(line) or not again):
        remarks += [Remark.REVERSAL] if Remark.REVERSAL in line.faults else []
        return replace(one, finding=Finding.RETURNED, remarks=tuple(remarks))
    if again or payment.settled:
        remarks += [] if again else [Remark.EARLIER_FILE]
        return replace(one, finding=Finding.TWICE, remarks=tuple(remarks))
    if not wrong:
        return replace(one, remarks=tuple(remarks))
    remarks += [_ALSO[more] for more in wrong[1:]]
    return replace(one, finding=wrong[0], remarks=tuple(remarks))


def _remarks(line: StatementLine) -> list[Remark]:
    told = [Remark.HIDDEN] if is_hidden(line.account) else []
    told += [] if line.account else [Remark.NO_ACCOUNT]
    return told if line.payee else [*told, Remark.NO_PAYEE]


def _wrong(line: StatementLine, payment: ExpectedPayment, sent_on: date) -> Iterable[Finding]:
    if line.account and not is_same(line.account, payment.account):
        yield Finding.ACCOUNT
    elif line.payee and plain_name(line.payee) != plain_name(payment.holder):
        yield Finding.PAYEE
    if line.amount is not None and line.amount != payment.amount:
        yield Finding.OVERPAID if line.amount > payment.amount else Finding.UNDERPAID
    if line.day is not None and line.day < sent_on:
        yield Finding.EARLY


def _total(result: Reconciled, judged: Sequence[MatchedLine], stated: Decimal | None) -> list[MatchedLine]:
    """The total line, where it is neither the sum of all rows nor of those that did not come back."""
    if stated is None or stated == result.file:
        return []
    stayed = _sum(one.line.amount for one in judged if not _is_back(one.line))
    if stated == stayed:
        return []
    unread = any(one.line.amount is None for one in judged)
    line = replace(_NO_LINE, amount=stated)
    return [MatchedLine(line, Finding.TOTAL, remarks=(Remark.UNREAD_ROWS,) if unread else ())]
