"""Suspected pairs as the engine judged them, every word people said of them, and how far a full scan has come."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Fixed, Moment, money, word
from registry.firms.models.firms import Firm
from registry.people.models import Office


class Pairing(Base):
    """Two firms, the lower id first. `state` is derived from the last verdict and kept by duplicates.services.pairings.

    `suspected` is false where the engine no longer sees a duplicate, or only a faint one: such a row keeps its history
    and feeds the question what another threshold would do. `value` orders the queue: yuan at stake times probability.
    `likeness` marks equal cases: pairs that agree in the very same things.
    """

    __tablename__ = "pairing"
    unsealed = "found by the engine; what people judged of it is pair_verdict"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="order"),
        CheckConstraint("state in ('open', 'returned', 'unsure', 'same', 'different')", name="state"),
        UniqueConstraint("first_id", "second_id"),
        Index("ix_pairing_queue", "suspected", "state", "value", "id"),
        Index("ix_pairing_likeness_state", "likeness", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    score: Mapped[Decimal] = mapped_column(Fixed(5, 2))
    band: Mapped[str] = mapped_column(word())
    level: Mapped[str] = mapped_column(word())
    warning: Mapped[bool] = mapped_column(Boolean)
    suspected: Mapped[bool] = mapped_column(Boolean)
    template: Mapped[str] = mapped_column(Text)  # one sentence, translated where it is shown, filled with `sentence`
    sentence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # [[kind, seen on the first side, on the second, weight in log-odds], ...], the heaviest first
    evidence: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    likeness: Mapped[str] = mapped_column(String(16))
    first_digest: Mapped[str] = mapped_column(String(64))
    second_digest: Mapped[str] = mapped_column(String(64))
    value: Mapped[Decimal] = mapped_column(money())
    state: Mapped[str] = mapped_column(word(), default="open")
    rounds: Mapped[int] = mapped_column(Integer, default=0)
    found_at: Mapped[datetime] = mapped_column(Moment())
    compared_at: Mapped[datetime] = mapped_column(Moment())

    first: Mapped[Firm] = relationship(foreign_keys=[first_id])
    second: Mapped[Firm] = relationship(foreign_keys=[second_id])
    verdicts: Mapped[list[PairVerdict]] = relationship(back_populates="pairing", order_by="PairVerdict.round")

    @property
    def name(self) -> str:
        """How the trail calls the pair."""
        return f"{self.first.name} / {self.second.name}"


class PairVerdict(Base):
    """What one person said of a pair, and what the engine and both records said then; appended, never changed.

    `source`: `queue`, `group` (a cluster), `bulk` (equal cases), `form` (said while a firm was being named, by
    who may judge), `told` (the same by who may not: it settles nothing), or `unmerge` (a merge was taken back).
    """

    __tablename__ = "pair_verdict"
    __table_args__ = (
        CheckConstraint("ruling in ('same', 'different', 'unsure')", name="ruling"),
        UniqueConstraint("pairing_id", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"))
    round: Mapped[int] = mapped_column(Integer)
    ruling: Mapped[str] = mapped_column(word())
    reason: Mapped[str] = mapped_column(Text, default="")
    blind: Mapped[bool] = mapped_column(Boolean, default=False)
    source: Mapped[str] = mapped_column(word())
    at: Mapped[datetime] = mapped_column(Moment())
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    by_name: Mapped[str] = mapped_column(String(40))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    score: Mapped[Decimal] = mapped_column(Fixed(5, 2))
    band: Mapped[str] = mapped_column(word())
    first_digest: Mapped[str] = mapped_column(String(64))
    second_digest: Mapped[str] = mapped_column(String(64))

    pairing: Mapped[Pairing] = relationship(back_populates="verdicts")
    office: Mapped[Office | None] = relationship(lazy="joined")


class PairingScan(Base):
    """One walk through all firms: where it is (`last_id`), what it found, and when it was done."""

    __tablename__ = "pairing_scan"
    unsealed = "how far the engine has looked"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Moment())
    touched_at: Mapped[datetime] = mapped_column(Moment())
    finished_at: Mapped[datetime | None] = mapped_column(Moment())
    last_id: Mapped[int] = mapped_column(Integer, default=0)
    firms: Mapped[int] = mapped_column(Integer, default=0)
    found: Mapped[int] = mapped_column(Integer, default=0)


class RecallSample(Base):
    """Pairs drawn from the whole directory for people to judge blind, and how many there were of each kind then.

    `seed`: by it the same pairs come out of the same directory again. `crowded`: phones, addresses, ... that too many
    firms share to say anything. `sizes`: kind (`matching.recall.FoundBy`) -> pairs, certain, open.
    """

    __tablename__ = "recall_sample"

    id: Mapped[int] = mapped_column(primary_key=True)
    drawn_at: Mapped[datetime] = mapped_column(Moment())
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    seed: Mapped[str] = mapped_column(String(64))
    firms: Mapped[int] = mapped_column(Integer)
    crowded: Mapped[int] = mapped_column(Integer)
    sizes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class RecallPair(Base):
    """A pair of the sample at its place; `rounds`: the verdicts it had when it was drawn, which do not count."""

    __tablename__ = "recall_pair"
    __table_args__ = (UniqueConstraint("sample_id", "pairing_id"),)

    sample_id: Mapped[int] = mapped_column(ForeignKey("recall_sample.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairing.id"), index=True)
    kind: Mapped[str] = mapped_column(word())
    rounds: Mapped[int] = mapped_column(Integer)

    pairing: Mapped[Pairing] = relationship()
