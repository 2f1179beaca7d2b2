"""An uploaded workbook: the batch with its progress and counts, and its rows as staged and as applied."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import PASSING, Base, Moment, word
from registry.people.models import Office


class ImportBatch(Base):
    __tablename__ = "import_batch"
    __table_args__ = (
        # What every query of firms looks into; nearly always empty.
        Index("ix_import_batch_arriving", "id", sqlite_where=text("arriving = 1"), postgresql_where=text("arriving")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(200))
    stored_name: Mapped[str] = mapped_column(String(80), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    sheet: Mapped[str] = mapped_column(String(100), default="")
    # [{"letter": "A", "heading": "单位名称", "key": "name"}, ...]: how each column was understood
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    heading_row: Mapped[int | None] = mapped_column(Integer)
    # what was read of the file and what was not (`sheets.account.of`): "encoding", "year", "sheets", "columns",
    # "passed", "passed_count"; while it is checked anew "choices", after that "dropped_choices" (`services.choosing`)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    year: Mapped[int] = mapped_column(Integer)  # the statistical year that 本年 and 上年 in the file refer to
    state: Mapped[str] = mapped_column(word(), default="waiting")
    # why it was refused or sent back: a template and what fills it
    message: Mapped[str] = mapped_column(Text, default="")
    message_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # whose order the present job carries out (the one who confirmed or took back, maybe not the one who uploaded)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # which run of the check, or which order, the batch is under: what an earlier one still writes is refused
    run: Mapped[str] = mapped_column(String(32), default="", server_default="")
    judged_on: Mapped[date | None] = mapped_column(Date)  # the day by whose rules the rows were judged
    done: Mapped[int] = mapped_column(Integer, default=0, info=PASSING)
    total: Mapped[int | None] = mapped_column(Integer)
    new: Mapped[int] = mapped_column(Integer, default=0)
    changed: Mapped[int] = mapped_column(Integer, default=0)
    unchanged: Mapped[int] = mapped_column(Integer, default=0)
    duplicate: Mapped[int] = mapped_column(Integer, default=0)
    faulty: Mapped[int] = mapped_column(Integer, default=0)
    blank: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(Moment())
    touched_at: Mapped[datetime] = mapped_column(Moment(), info=PASSING)
    # why listed firms are corrected by it, in the words of whoever confirmed it
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    # the switch: its new firms are being written, turn by turn, and are seen by nobody until this is false
    arriving: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    applied_at: Mapped[datetime | None] = mapped_column(Moment())
    undone_at: Mapped[datetime | None] = mapped_column(Moment())

    office: Mapped[Office] = relationship(lazy="joined")


class ImportRow(Base):
    """`number` is the row a spreadsheet shows. `faults`, `notices`: [{"field", "column", "code", "values"}].

    `raw`: the cells as typed, of rows that go back. `carried`: of the others what is kept beside the firm, as typed, by
    its heading. `values`: {"fields", "figures", "former", "derived"}, what applying
    will write; emptied once it did. `before`: what undoing will write.
    """

    __tablename__ = "import_row"
    unsealed = "staged until it is applied"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        Index("ix_import_row_batch_id_kind_number", "batch_id", "kind", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(word())
    name: Mapped[str] = mapped_column(String(200), default="")
    credit_code: Mapped[str | None] = mapped_column(String(18))
    name_key: Mapped[str] = mapped_column(String(200), default="")
    parts_key: Mapped[str] = mapped_column(String(240), default="")
    raw: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    carried: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    notices: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    matches: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    firm_id: Mapped[int | None] = mapped_column(ForeignKey("firm.id"), index=True)
    firm_version: Mapped[int | None] = mapped_column(Integer)  # as seen at staging, then as left by applying
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # applied, undone, kept (worked on since, when the batch was taken back), left (changed meanwhile, not written)
    outcome: Mapped[str] = mapped_column(word(), default="")
    # of a row that looks like a firm on record: what somebody chose, and what each choice would write
    choice: Mapped[str] = mapped_column(word(), default="", server_default="")
    alternatives: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    applied_seq: Mapped[int | None] = mapped_column(Integer)  # the end of the trail when the row had been written


class ColumnChoice(Base):
    """What an office has said of a heading; it holds for each of its files until it is withdrawn.

    `compared`: the heading as it is looked up (`sheets.byhand.compared`). `key`: of the column, where it is read.
    `form`: of an upper level's form alone, known by its headings, which is called `form_title`; '' for lists of firms.
    """

    __tablename__ = "column_choice"
    unsealed = "a convenience: what was chosen last"
    __table_args__ = (
        UniqueConstraint("office_id", "form", "compared"),
        CheckConstraint("(use = 'read') = (key is not null)", name="key_where_read"),
        CheckConstraint("use in ('read', 'carried', 'left_out')", name="use"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    form: Mapped[str] = mapped_column(String(64), default="", server_default="")
    form_title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    compared: Mapped[str] = mapped_column(String(200))
    heading: Mapped[str] = mapped_column(String(200))
    use: Mapped[str] = mapped_column(word())
    key: Mapped[str | None] = mapped_column(String(40))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment())

    office: Mapped[Office] = relationship(lazy="joined")
