"""Lines of a bank's file held against the payments of a batch: what fits, what does not, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    BACK = "back_differs"
    OFFSET = "offset"
    SPLIT = "split"
    CANCELLED = "cancelled_paid"
    FUTURE = "future"
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
    """A payment of the batch; `settled`: an earlier file has it, with its `day` and `voucher`.

    `is_due`: the file must have it. `is_cancelled`: it was called off, and the bank should have no payment of it.
    """

    payment_id: int
    number: str
    case_number: str
    holder: str
    account: str
    amount: Decimal
    settled: bool = False
    is_due: bool = True
    is_cancelled: bool = False
    day: date | None = None
    voucher: str = ""


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
    stated: Decimal | None = None, until: date | None = None,
) -> Reconciled:  # fmt: skip
    """Every line is one payment's, or is listed with why not; totals to the fen. `until`: no line can be later."""
    found = [_dated(_found(line, payments), until) for line in lines]
    netted = _netted(found)
    taken: set[int] = set()
    judged = [_judged(one, netted.get(at), taken, sent_on) for at, one in enumerate(found)]
    possible = {one.payment_id for line in judged for one in line.candidates}
    possible |= {one.payment.payment_id for one in judged if one.payment and one.finding is Finding.OFFSET}
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


def _dated(one: MatchedLine, until: date | None) -> MatchedLine:
    """A day that has not come is nobody's payment yet."""
    is_later = until is not None and one.line.day is not None and one.line.day > until
    return replace(one, finding=Finding.FUTURE, candidates=()) if is_later else one


# -- whose a line is ------------------------------------------------------------------------------
def _found(line: StatementLine, payments: Sequence[ExpectedPayment]) -> MatchedLine:
    """The line with its payment, or with why it has none."""
    live = [one for one in payments if not one.is_cancelled]
    gone = [one for one in payments if one.is_cancelled]
    named = _named(line, live, gone)
    faults = tuple(one for one in line.faults if one is not Remark.REVERSAL)
    if faults or line.status is Status.UNKNOWN:
        remarks = (*faults, Remark.STATUS) if line.status is Status.UNKNOWN else faults
        return MatchedLine(line, Finding.UNREADABLE, named[0] if len(named) == 1 else None, remarks)
    if len(named) == 1:
        return MatchedLine(line, Finding.MATCHED, named[0], (Remark.BY_NUMBER,))
    fitting = _by_payee(line, named or live) or _by_payee(line, gone)
    if not fitting:
        return MatchedLine(line, Finding.UNKNOWN)
    if len(fitting) > 1:
        equal = [one for one in fitting if one.amount == abs(line.amount or 0)]
        if len(equal) != 1:
            return MatchedLine(line, Finding.AMBIGUOUS, candidates=tuple(equal or fitting))
        fitting = equal
    return MatchedLine(line, Finding.MATCHED, fitting[0])


def _named(
    line: StatementLine, live: Sequence[ExpectedPayment], gone: Sequence[ExpectedPayment]
) -> list[ExpectedPayment]:
    """Whom the line names by the payment's own number; else by the case's, which a cancelled payment shares."""
    words = f" {line.purpose} {line.voucher} "
    if own := [one for one in (*live, *gone) if _stands_in(one.number, words)]:
        return own
    of_case = [one for one in live if _stands_in(one.case_number, words)]
    return of_case or [one for one in gone if _stands_in(one.case_number, words)]


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
def _judged(one: MatchedLine, netted: Finding | None, taken: set[int], sent_on: date) -> MatchedLine:
    """What is wrong first, then what else is; the payment is taken by it."""
    payment, line = one.payment, one.line
    if payment is None:
        return one
    if one.finding in (Finding.UNREADABLE, Finding.FUTURE):
        taken.add(payment.payment_id)
        return one
    remarks = list(one.remarks) + _remarks(line)
    wrong = list(_wrong(line, payment, sent_on))
    again = payment.payment_id in taken
    if netted not in (Finding.OFFSET, Finding.BACK):
        taken.add(payment.payment_id)
    if netted is not None:
        remarks += [Remark.REVERSAL] if Remark.REVERSAL in line.faults else []
        return replace(one, finding=netted, remarks=tuple(remarks))
    if again or payment.settled:
        remarks += [] if again else [Remark.EARLIER_FILE]
        return replace(one, finding=Finding.TWICE, remarks=tuple(remarks))
    if not wrong:
        return replace(one, remarks=tuple(remarks))
    remarks += [_ALSO[more] for more in wrong[1:]]
    return replace(one, finding=wrong[0], remarks=tuple(remarks))


def _netted(found: Sequence[MatchedLine]) -> dict[int, Finding]:
    """By place what the lines of one payment are together, where that is not what each is alone."""
    places: dict[int, list[int]] = {}
    for at, one in enumerate(found):
        if one.payment is not None and one.finding is Finding.MATCHED:
            places.setdefault(one.payment.payment_id, []).append(at)
    told: dict[int, Finding] = {}
    for of_one in places.values():
        payment = found[of_one[0]].payment
        if payment is not None:
            told |= _of_payment(payment, {at: found[at].line for at in of_one})
    return told


def _of_payment(payment: ExpectedPayment, lines: Mapping[int, StatementLine]) -> dict[int, Finding]:
    """Only the whole amount is a return, and it takes back one payment: what is left of them stands."""
    told = {at: Finding.BACK for at, line in lines.items() if _is_back(line) and not _is_whole(line, payment)}
    backs = [at for at, line in lines.items() if _is_back(line) and at not in told]
    whole = [at for at, line in lines.items() if not _is_back(line) and _is_whole(line, payment)]
    fresh = [at for at in whole if not _is_known(lines[at], payment)]
    if payment.is_cancelled:
        return told | dict.fromkeys(backs, Finding.RETURNED) | _cancelled(lines, backs, told)
    if not backs:
        return told | _split(payment, {at: line for at, line in lines.items() if at not in told})
    paid = max(payment.settled + len(fresh), 1)
    if len(backs) > paid:
        return told | dict.fromkeys(backs, Finding.BACK) | dict.fromkeys(whole, Finding.OFFSET)
    if len(backs) == paid:
        return told | dict.fromkeys([*backs, *whole], Finding.RETURNED)
    return told | dict.fromkeys([*backs, *fresh[: len(backs)]], Finding.OFFSET)


def _cancelled(
    lines: Mapping[int, StatementLine], backs: Sequence[int], told: Mapping[int, Finding]
) -> dict[int, Finding]:
    """What the bank paid of a payment that was called off, less what came back of it."""
    paid = [at for at in lines if at not in backs and at not in told]
    gone = dict.fromkeys(paid[: len(backs)], Finding.OFFSET)
    return dict.fromkeys(paid, Finding.CANCELLED) | gone


def _split(payment: ExpectedPayment, lines: Mapping[int, StatementLine]) -> dict[int, Finding]:
    """Several lines that make up the amount together: likely one payment in parts, and for a person to say."""
    amounts = [line.amount or Decimal(0) for line in lines.values()]
    is_split = len(amounts) > 1 and sum(amounts) == payment.amount and not payment.settled
    return dict.fromkeys(lines, Finding.SPLIT) if is_split else {}


def _is_whole(line: StatementLine, payment: ExpectedPayment) -> bool:
    return abs(line.amount or Decimal(0)) == payment.amount


def _is_known(line: StatementLine, payment: ExpectedPayment) -> bool:
    """Whether it is the line by which an earlier file settled the payment, told once more."""
    return payment.settled and (line.day, line.voucher) == (payment.day, payment.voucher)


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
