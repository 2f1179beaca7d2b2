"""Money of a year of vouchers: budget, accounts, batches and payments, bank files, money taken back, samples."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, money, ratio, word
from registry.cases.models import Case, CaseCohort

_WAITS = sql("outcome is null")
_HOLDS = sql("state in ('waiting', 'paid')")
_STORED = sql("state <> 'dropped'")


class BudgetMove(Base):
    """What a document gives a cohort, or moves into or out of it, in yuan; it counts once a second person checked it.

    A negative grant cuts the budget. `out_id`: of a carry_in the carry_out of the year before, entered with it.
    """

    __tablename__ = "budget_move"
    __table_args__ = (
        CheckConstraint("kind in ('grant', 'carry_out', 'carry_in')", name="kind"),
        CheckConstraint("amount <> 0 and (kind = 'grant' or amount > 0)", name="amount"),
        CheckConstraint("(kind = 'carry_in') = (out_id is not null)", name="out"),
        CheckConstraint("outcome is null or outcome in ('checked', 'refused')", name="outcome"),
        UniqueConstraint("out_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("case_cohort.id"), index=True)
    kind: Mapped[str] = mapped_column(word())
    amount: Mapped[Decimal] = mapped_column(money())
    document: Mapped[str] = mapped_column(String(200))
    out_id: Mapped[int | None] = mapped_column(ForeignKey("budget_move.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    outcome: Mapped[str | None] = mapped_column(word())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    opinion: Mapped[str] = mapped_column(Text, default="")

    cohort: Mapped[CaseCohort] = relationship(lazy="joined")
    taken: Mapped[BudgetMove | None] = relationship(remote_side="BudgetMove.id")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.document[:40]


class PayeeAccount(Base):
    """A bank account that a case's money goes to; it counts once a second person confirmed it, until the next does.

    `number`: digits only. `doubts`: codes of `texts.PAYEE_DOUBTS` that stood when it was proposed.
    """

    __tablename__ = "payee_account"
    __table_args__ = (
        CheckConstraint("outcome is null or outcome in ('confirmed', 'refused')", name="outcome"),
        Index("uq_payee_account_waiting", "case_id", unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    holder: Mapped[str] = mapped_column(String(200))
    bank: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(32))
    doubts: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    outcome: Mapped[str | None] = mapped_column(word())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    opinion: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[Case] = relationship()

    @property
    def name(self) -> str:
        """What the trail calls it: never the number."""
        return self.holder


class PaymentBatch(Base):
    """Payments of one cohort that go to the bank together: collected by one person, checked by another, sent, paid."""

    __tablename__ = "payment_batch"
    __table_args__ = (
        CheckConstraint("state in ('open', 'checked', 'sent', 'paid', 'cancelled')", name="state"),
        UniqueConstraint("cohort_id", "rank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("case_cohort.id"), index=True)
    rank: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(word(), default="open")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_by_name: Mapped[str] = mapped_column(String(40), default="")
    checked_at: Mapped[datetime | None] = mapped_column(Moment())
    opinion: Mapped[str] = mapped_column(Text, default="")
    sent_by_name: Mapped[str] = mapped_column(String(40), default="")
    sent_on: Mapped[date | None] = mapped_column(Date)
    ended_by_name: Mapped[str] = mapped_column(String(40), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    reason: Mapped[str] = mapped_column(Text, default="")

    cohort: Mapped[CaseCohort] = relationship(lazy="joined")
    payments: Mapped[list[Payment]] = relationship(back_populates="batch", order_by="Payment.rank")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.number


class Payment(Base):
    """The money of one case in one batch, as it was when it was collected. A case has one that waits or is paid.

    `number`: what the bank's list calls it, and by which its file is matched. `voucher`: the bank's own number.
    """

    __tablename__ = "case_payment"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'paid', 'bank_returned', 'cancelled')", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("batch_id", "rank"),
        Index("uq_case_payment_standing", "case_id", unique=True, sqlite_where=_HOLDS, postgresql_where=_HOLDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payment_batch.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("payee_account.id"))
    rank: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    amount: Mapped[Decimal] = mapped_column(money())
    state: Mapped[str] = mapped_column(word(), default="waiting")
    paid_on: Mapped[date | None] = mapped_column(Date)
    voucher: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    reconciled_at: Mapped[datetime | None] = mapped_column(Moment())
    file_id: Mapped[int | None] = mapped_column(ForeignKey("bank_file.id"), index=True)
    by_name: Mapped[str] = mapped_column(String(40), default="")

    batch: Mapped[PaymentBatch] = relationship(back_populates="payments")
    case: Mapped[Case] = relationship()
    payee: Mapped[PayeeAccount] = relationship()
    clawback: Mapped[ClawBack | None] = relationship(back_populates="payment")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.number


class BankFile(Base):
    """A file of the bank or the treasury for one batch. `waiting`: shown, and nothing of it has an effect yet.

    `totals`: as text in yuan, file, matched, batch, stated (of the file's own total line), and how many lines of each.
    """

    __tablename__ = "bank_file"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'confirmed', 'dropped')", name="state"),
        Index("uq_bank_file_sha256", "sha256", unique=True, sqlite_where=_STORED, postgresql_where=_STORED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payment_batch.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(word(), default="waiting")
    totals: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    ended_by_name: Mapped[str] = mapped_column(String(40), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    said: Mapped[str] = mapped_column(Text, default="")

    batch: Mapped[PaymentBatch] = relationship(lazy="joined")
    lines: Mapped[list[BankLine]] = relationship(order_by="BankLine.id")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.filename


class BankLine(Base):
    """What a confirmed file says row by row, and what was found; row 0: what the batch has and the file lacks.

    `account` shows the last four digits only.
    """

    __tablename__ = "bank_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id"), index=True)
    row: Mapped[int] = mapped_column("row_number", Integer)
    finding: Mapped[str] = mapped_column(word())
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("case_payment.id"), index=True)
    payee: Mapped[str] = mapped_column(String(200), default="")
    account: Mapped[str] = mapped_column(String(40), default="")
    amount: Mapped[Decimal | None] = mapped_column(money())
    wanted: Mapped[Decimal | None] = mapped_column(money())
    day: Mapped[date | None] = mapped_column(Date)
    voucher: Mapped[str] = mapped_column(String(80), default="")
    purpose: Mapped[str] = mapped_column(String(200), default="")
    remarks: Mapped[list[str]] = mapped_column(JSON, default=list)


class ClawBack(Base):
    """Money of a payment that is demanded back, in yuan: the payment, interest for `days` at a yearly `rate`."""

    __tablename__ = "claw_back"
    __table_args__ = (CheckConstraint("amount > 0 and interest >= 0", name="amounts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("case_payment.id"), unique=True)
    amount: Mapped[Decimal] = mapped_column(money())
    interest: Mapped[Decimal] = mapped_column(money())
    rate: Mapped[Decimal] = mapped_column(ratio())
    days: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    on: Mapped[date] = mapped_column("on_day", Date)
    due_on: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    payment: Mapped[Payment] = relationship(back_populates="clawback")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.number


class PaymentSample(Base):
    """A draw of paid cases of a cohort for verification: by `seed` out of `population`, whose `digest` is kept."""

    __tablename__ = "payment_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("case_cohort.id"), index=True)
    seed: Mapped[str] = mapped_column(String(40))
    share: Mapped[Decimal] = mapped_column(ratio())
    population: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    cohort: Mapped[CaseCohort] = relationship(lazy="joined")
    items: Mapped[list[SampleItem]] = relationship(back_populates="sample", order_by="SampleItem.rank")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.seed


class SampleItem(Base):
    """A case that was drawn, and what the verification found. `size`: how many cases its kind and county have."""

    __tablename__ = "sample_item"
    __table_args__ = (
        CheckConstraint("outcome is null or outcome in ('in_order', 'faults')", name="outcome"),
        UniqueConstraint("sample_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("payment_sample.id"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("case_payment.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    rank: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(80))
    county: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(word())
    verified_on: Mapped[date | None] = mapped_column(Date)
    verified_by: Mapped[str] = mapped_column(String(80), default="")
    said: Mapped[str] = mapped_column(Text, default="")
    by_name: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime | None] = mapped_column(Moment())

    sample: Mapped[PaymentSample] = relationship(back_populates="items")
    case: Mapped[Case] = relationship()
    payment: Mapped[Payment] = relationship()

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.case.number
