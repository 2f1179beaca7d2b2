"""A bank's file as its page shows it, whether it waits or was confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.base.extensions import db
from registry.payments.models import BankFile, BankLine, Payment
from registry.payments.rules.accounts import shown
from registry.payments.rules.matching import Finding, MatchedLine, Reconciled
from registry.payments.texts import FINDING_LABELS, FINDING_TONES
from registry.site.display import here


@dataclass(frozen=True)
class ShownLine:
    """A line: what the file says, what was found, and whose payment it is. Accounts show four digits."""

    row: int
    finding: str
    payee: str
    account: str
    amount: Decimal | None
    wanted: Decimal | None
    day: date | None
    voucher: str
    purpose: str
    remarks: tuple[str, ...]
    payment: str = ""
    payment_id: int | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class FindingCount:
    """As components/stat_cards.html takes it."""

    label: str
    count: int
    tone: str
    href: str
    active: bool


def of_result(result: Reconciled) -> list[ShownLine]:
    return [_of_line(one) for one in result.lines]


def _of_line(one: MatchedLine) -> ShownLine:
    line, payment = one.line, one.payment
    is_lacking = one.finding is Finding.MISSING and payment is not None
    account = payment.account if is_lacking and payment else line.account
    return ShownLine(
        line.row, one.finding, payment.holder if is_lacking and payment else line.payee, shown(account), line.amount,
        payment.amount if payment else None, line.day, line.voucher, line.purpose, tuple(one.remarks),
        payment.number if payment else "", payment.payment_id if payment else None,
        tuple(each.number for each in one.candidates),
    )  # fmt: skip


def of_kept(file: BankFile) -> list[ShownLine]:
    rows = db.session.execute(
        select(BankLine, Payment.number)
        .outerjoin(Payment, Payment.id == BankLine.payment_id)
        .where(BankLine.file_id == file.id)
        .order_by(BankLine.id)
    )
    return [
        ShownLine(
            line.row, line.finding, line.payee, line.account, line.amount, line.wanted, line.day, line.voucher,
            line.purpose, tuple(line.remarks), number or "", line.payment_id,
        )
        for line, number in rows
    ]  # fmt: skip


def totals(kept: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """Yuan: file, matched, batch, and stated where the file has a total line."""
    return {name: Decimal(kept[name]) if kept.get(name) else None for name in ("file", "matched", "batch", "stated")}


def counts(kept: Mapping[str, Any], only: str) -> list[FindingCount]:
    found: Mapping[str, int] = kept.get("counts", {})
    every = FindingCount(_("全部"), sum(found.values()), "", here(finding=None), not only)
    return [
        every,
        *(
            FindingCount(_(label), found[key], FINDING_TONES[key], here(finding=key), only == key)
            for key, label in FINDING_LABELS.items()
            if key in found
        ),
    ]


def faults(kept: Mapping[str, Any]) -> int:
    return sum(count for key, count in kept.get("counts", {}).items() if key != Finding.MATCHED)
