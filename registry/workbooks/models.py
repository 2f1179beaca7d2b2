"""Workbooks handed out pre-filled, as they were issued, and what came back in them, cell by cell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.firms.models.firms import Firm
from registry.imports.models import ImportBatch
from registry.people.models import Office


class IssuedWorkbook(Base):
    """A workbook as it left the house; `token` stands in a hidden sheet of the file."""

    __tablename__ = "issued_workbook"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    year: Mapped[int] = mapped_column(Integer)
    month: Mapped[int] = mapped_column(Integer)
    contacts: Mapped[bool] = mapped_column(Boolean, default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())
    rows: Mapped[int] = mapped_column(Integer, default=0)
    asked: Mapped[int] = mapped_column(Integer, default=0)
    spared: Mapped[int] = mapped_column(Integer, default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")

    office: Mapped[Office] = relationship(lazy="joined")


class IssuedRow(Base):
    """One firm in an issued workbook: every cell as it was written, by column key; appended, never changed."""

    __tablename__ = "issued_row"
    unsealed = "what a workbook held when it was given out"
    __table_args__ = (UniqueConstraint("workbook_id", "firm_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workbook_id: Mapped[int] = mapped_column(ForeignKey("issued_workbook.id"))
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    marks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # field -> the reviewer's note
    open: Mapped[list[str]] = mapped_column(JSON, default=list)  # the cells that were open to the office then


class WorkbookReturn(Base):
    """A workbook that came back: the file, how far it is, and what became of its cells."""

    __tablename__ = "workbook_return"

    id: Mapped[int] = mapped_column(primary_key=True)
    workbook_id: Mapped[int | None] = mapped_column(ForeignKey("issued_workbook.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(200))
    stored_name: Mapped[str] = mapped_column(String(80), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(word(), default="waiting")
    # which comparison, or which order, it is under: what an earlier one still writes is refused
    run: Mapped[str] = mapped_column(String(32), default="", server_default="")
    # the rows of firms that are new: a batch like any other, confirmed along with the cells
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    message_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # sheets, columns and rows of the file that were not read (`sheets.account`)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    at: Mapped[datetime] = mapped_column(Moment())
    applied_at: Mapped[datetime | None] = mapped_column(Moment())
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)

    office: Mapped[Office] = relationship(lazy="joined")
    workbook: Mapped[IssuedWorkbook | None] = relationship(lazy="joined")
    batch: Mapped[ImportBatch | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class ReturnedValue(Base):
    """One cell that differs from what was issued, or a row that is gone: the three values and what was chosen."""

    __tablename__ = "returned_value"
    unsealed = "staged until it is applied"
    __table_args__ = (
        CheckConstraint("kind in ('clean', 'conflict', 'agreed', 'refused', 'missing', 'unknown')", name="kind"),
        Index("ix_returned_value_return_id_kind", "return_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("workbook_return.id"))
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    number: Mapped[int | None] = mapped_column(Integer)  # the row a spreadsheet shows
    letter: Mapped[str] = mapped_column(String(3), default="")
    field: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[str] = mapped_column(word())
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # {"issued", "now", "given", "because"}
    reason: Mapped[str] = mapped_column(Text, default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    choice: Mapped[str] = mapped_column(word(), default="")  # given, now; of a missing row keep or withdraw
    outcome: Mapped[str] = mapped_column(word(), default="")

    firm: Mapped[Firm | None] = relationship(lazy="joined")
