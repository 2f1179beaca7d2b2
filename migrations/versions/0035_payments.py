"""Money of a year: budget, accounts of payees, batches and payments, bank files, money taken back, samples."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment, money, ratio

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

APPEND_ONLY = ("bank_line", "claw_back")
FIXED = {
    "budget_move": ("cohort_id", "kind", "amount", "document", "out_id"),
    "payee_account": ("case_id", "holder", "bank", "number"),
    "payment_batch": ("cohort_id", "number"),
    "case_payment": ("batch_id", "case_id", "payee_id", "number", "amount"),
    "bank_file": ("batch_id", "stored_name", "sha256"),
    "payment_sample": ("cohort_id", "seed", "share", "population", "digest"),
    "sample_item": ("sample_id", "case_id", "payment_id"),
}
"""Columns that never change once the row is there."""


def upgrade() -> None:
    op.create_table(
        "budget_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount", money(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("out_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=40), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.CheckConstraint("(kind = 'carry_in') = (out_id is not null)", name=op.f("ck_budget_move_out")),
        sa.CheckConstraint("amount <> 0 and (kind = 'grant' or amount > 0)", name=op.f("ck_budget_move_amount")),
        sa.CheckConstraint("kind in ('grant', 'carry_out', 'carry_in')", name=op.f("ck_budget_move_kind")),
        sa.CheckConstraint("outcome is null or outcome in ('checked', 'refused')", name=op.f("ck_budget_move_outcome")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_budget_move_by_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["case_cohort.id"], name=op.f("fk_budget_move_cohort_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_budget_move_decided_by_id")),
        sa.ForeignKeyConstraint(["out_id"], ["budget_move.id"], name=op.f("fk_budget_move_out_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_move")),
        sa.UniqueConstraint("out_id", name=op.f("uq_budget_move_out_id")),
    )
    op.create_index(op.f("ix_budget_move_cohort_id"), "budget_move", ["cohort_id"], unique=False)
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_by_name", sa.String(length=40), nullable=False),
        sa.Column("checked_at", Moment(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("sent_by_name", sa.String(length=40), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=40), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'checked', 'sent', 'paid', 'cancelled')", name=op.f("ck_payment_batch_state")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_payment_batch_by_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["user_account.id"], name=op.f("fk_payment_batch_checked_by_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["case_cohort.id"], name=op.f("fk_payment_batch_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
        sa.UniqueConstraint("cohort_id", "rank", name=op.f("uq_payment_batch_cohort_id_rank")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_batch_number")),
    )
    op.create_index(op.f("ix_payment_batch_cohort_id"), "payment_batch", ["cohort_id"], unique=False)
    op.create_table(
        "payment_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("share", ratio(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_payment_sample_by_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["case_cohort.id"], name=op.f("fk_payment_sample_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_sample")),
    )
    op.create_index(op.f("ix_payment_sample_cohort_id"), "payment_sample", ["cohort_id"], unique=False)
    op.create_table(
        "bank_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_by_name", sa.String(length=40), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'confirmed', 'dropped')", name=op.f("ck_bank_file_state")),
        sa.ForeignKeyConstraint(["batch_id"], ["payment_batch.id"], name=op.f("fk_bank_file_batch_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_bank_file_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_bank_file_stored_name")),
    )
    op.create_index(op.f("ix_bank_file_batch_id"), "bank_file", ["batch_id"], unique=False)
    op.create_index(
        "uq_bank_file_sha256",
        "bank_file",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("state <> 'dropped'"),
        postgresql_where=sa.text("state <> 'dropped'"),
    )
    op.create_table(
        "payee_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=40), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome is null or outcome in ('confirmed', 'refused')", name=op.f("ck_payee_account_outcome")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_payee_account_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_payee_account_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_payee_account_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_account")),
    )
    op.create_index(op.f("ix_payee_account_case_id"), "payee_account", ["case_id"], unique=False)
    op.create_index(
        "uq_payee_account_waiting",
        "payee_account",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("outcome is null"),
        postgresql_where=sa.text("outcome is null"),
    )
    op.create_table(
        "case_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("payee_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("amount", money(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("voucher", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reconciled_at", Moment(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'paid', 'bank_returned', 'cancelled')", name=op.f("ck_case_payment_state")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_case_payment_amount")),
        sa.ForeignKeyConstraint(["batch_id"], ["payment_batch.id"], name=op.f("fk_case_payment_batch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_payment_case_id")),
        sa.ForeignKeyConstraint(["file_id"], ["bank_file.id"], name=op.f("fk_case_payment_file_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["payee_account.id"], name=op.f("fk_case_payment_payee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_payment")),
        sa.UniqueConstraint("batch_id", "rank", name=op.f("uq_case_payment_batch_id_rank")),
        sa.UniqueConstraint("number", name=op.f("uq_case_payment_number")),
    )
    op.create_index(op.f("ix_case_payment_file_id"), "case_payment", ["file_id"], unique=False)
    op.create_index(
        "uq_case_payment_standing",
        "case_payment",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("state in ('waiting', 'paid')"),
        postgresql_where=sa.text("state in ('waiting', 'paid')"),
    )
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=32), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("payee", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("amount", money(), nullable=True),
        sa.Column("wanted", money(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("voucher", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["bank_file.id"], name=op.f("fk_bank_line_file_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["case_payment.id"], name=op.f("fk_bank_line_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
    )
    op.create_index(op.f("ix_bank_line_file_id"), "bank_line", ["file_id"], unique=False)
    op.create_index(op.f("ix_bank_line_payment_id"), "bank_line", ["payment_id"], unique=False)
    op.create_table(
        "claw_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("amount", money(), nullable=False),
        sa.Column("interest", money(), nullable=False),
        sa.Column("rate", ratio(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("amount > 0 and interest >= 0", name=op.f("ck_claw_back_amounts")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_claw_back_by_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["case_payment.id"], name=op.f("fk_claw_back_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claw_back")),
        sa.UniqueConstraint("number", name=op.f("uq_claw_back_number")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_claw_back_payment_id")),
    )
    op.create_table(
        "sample_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("county", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sa.String(length=80), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=True),
        sa.CheckConstraint("outcome is null or outcome in ('in_order', 'faults')", name=op.f("ck_sample_item_outcome")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_sample_item_case_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["case_payment.id"], name=op.f("fk_sample_item_payment_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["payment_sample.id"], name=op.f("fk_sample_item_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_item")),
        sa.UniqueConstraint("sample_id", "case_id", name=op.f("uq_sample_item_sample_id_case_id")),
    )
    op.create_index(op.f("ix_sample_item_case_id"), "sample_item", ["case_id"], unique=False)
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for table in (*APPEND_ONLY, *FIXED):
            op.execute(f"drop trigger {table}_no_change on {table}")
        op.execute("drop function refuse_payment_change()")
    op.drop_index(op.f("ix_sample_item_case_id"), table_name="sample_item")
    op.drop_table("sample_item")
    op.drop_table("claw_back")
    op.drop_index(op.f("ix_bank_line_payment_id"), table_name="bank_line")
    op.drop_index(op.f("ix_bank_line_file_id"), table_name="bank_line")
    op.drop_table("bank_line")
    op.drop_index(
        "uq_case_payment_standing",
        table_name="case_payment",
        sqlite_where=sa.text("state in ('waiting', 'paid')"),
        postgresql_where=sa.text("state in ('waiting', 'paid')"),
    )
    op.drop_index(op.f("ix_case_payment_file_id"), table_name="case_payment")
    op.drop_table("case_payment")
    op.drop_index(
        "uq_payee_account_waiting",
        table_name="payee_account",
        sqlite_where=sa.text("outcome is null"),
        postgresql_where=sa.text("outcome is null"),
    )
    op.drop_index(op.f("ix_payee_account_case_id"), table_name="payee_account")
    op.drop_table("payee_account")
    op.drop_index(
        "uq_bank_file_sha256",
        table_name="bank_file",
        sqlite_where=sa.text("state <> 'dropped'"),
        postgresql_where=sa.text("state <> 'dropped'"),
    )
    op.drop_index(op.f("ix_bank_file_batch_id"), table_name="bank_file")
    op.drop_table("bank_file")
    op.drop_index(op.f("ix_payment_sample_cohort_id"), table_name="payment_sample")
    op.drop_table("payment_sample")
    op.drop_index(op.f("ix_payment_batch_cohort_id"), table_name="payment_batch")
    op.drop_table("payment_batch")
    op.drop_index(op.f("ix_budget_move_cohort_id"), table_name="budget_move")
    op.drop_table("budget_move")


def guards(dialect: str) -> list[str]:
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    def trigger(table: str, verb: str, of: str = "") -> str:
        refuse = f"select raise(abort, '{table} is append-only')"
        return f"create trigger {table}_no_{verb} before {verb} {of} on {table} begin {refuse}; end"

    return [
        *(trigger(table, verb) for table in APPEND_ONLY for verb in ("update", "delete")),
        *(trigger(table, "update", f"of {', '.join(columns)}") for table, columns in FIXED.items()),
        *(trigger(table, "delete") for table in FIXED),
    ]


def _postgresql() -> list[str]:
    refuse = "raise exception '% is append-only', tg_table_name;"

    def trigger(table: str, verbs: str = "update or delete") -> str:
        return (
            f"create trigger {table}_no_change before {verbs} on {table} for each row "
            "execute function refuse_payment_change()"
        )

    return [
        f"create function refuse_payment_change() returns trigger language plpgsql as $$ begin {refuse} end $$",
        *(trigger(table) for table in APPEND_ONLY),
        *(trigger(table, f"update of {', '.join(columns)} or delete") for table, columns in FIXED.items()),
    ]
