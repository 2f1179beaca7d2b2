"""Drafts of rules: prepared by one person, checked by a second, then published as dated rows that nobody edits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from registry.base.tables import Base, Moment, word


class RuleDraft(Base):
    """A new version of one set of rules; once published its rows stand in `threshold` or `parameter`.

    `contents`: {"lines": [...]} for lines (columns of `threshold` as text), {"values": {key: text}} for settings.
    Where the files of reference data proposed it, nobody prepared it (`prepared_by_id` is empty) and `contents["file"]`
    says which rows did: {"rows", "digest"}; `contents` may then also be {"rows": [...]}, new rows of
    other reference tables.
    `outcome` is empty while it is open, then published, refused or withdrawn; `submitted_at` once it waits for a check.
    `effected_at`: every firm's standing has been judged by it, on its day or after.
    """

    __tablename__ = "rule_draft"
    __table_args__ = (
        CheckConstraint("outcome is null or outcome in ('published', 'refused', 'withdrawn')", name="outcome"),
        Index("ix_rule_draft_kind_outcome", "kind", "outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(word())
    title: Mapped[str] = mapped_column(String(200))
    contents: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    valid_from: Mapped[date] = mapped_column(Date)
    annual_from: Mapped[int | None] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(Boolean, default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    prepared_by_name: Mapped[str] = mapped_column(String(40))
    prepared_at: Mapped[datetime] = mapped_column(Moment())
    former_hands: Mapped[str] = mapped_column(Text, default="", server_default="")  # ",7,": who handed it over
    submitted_at: Mapped[datetime | None] = mapped_column(Moment())
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    outcome: Mapped[str | None] = mapped_column(word())
    opinion: Mapped[str] = mapped_column(Text, default="")
    effected_at: Mapped[datetime | None] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return self.title
