"""Workbooks handed out and what came back in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issued_workbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("contacts", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("spared", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_issued_workbook_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_issued_workbook_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_workbook")),
        sa.UniqueConstraint("token", name=op.f("uq_issued_workbook_token")),
    )
    with op.batch_alter_table("issued_workbook", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_workbook_office_id"), ["office_id"], unique=False)

    op.create_table(
        "workbook_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workbook_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("message_values", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["applied_by_id"], ["user_account.id"], name=op.f("fk_workbook_return_applied_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_workbook_return_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_workbook_return_office_id")),
        sa.ForeignKeyConstraint(["workbook_id"], ["issued_workbook.id"], name=op.f("fk_workbook_return_workbook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbook_return")),
    )
    with op.batch_alter_table("workbook_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workbook_return_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_workbook_return_workbook_id"), ["workbook_id"], unique=False)

    op.create_table(
        "issued_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workbook_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("open", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_issued_row_firm_id")),
        sa.ForeignKeyConstraint(["workbook_id"], ["issued_workbook.id"], name=op.f("fk_issued_row_workbook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_row")),
        sa.UniqueConstraint("workbook_id", "firm_id", name=op.f("uq_issued_row_workbook_id_firm_id")),
    )
    with op.batch_alter_table("issued_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_row_firm_id"), ["firm_id"], unique=False)

    op.create_table(
        "returned_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("letter", sa.String(length=3), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_values", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("choice", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "kind in ('clean', 'conflict', 'agreed', 'refused', 'missing', 'unknown')",
            name=op.f("ck_returned_value_kind"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_returned_value_firm_id")),
        sa.ForeignKeyConstraint(["return_id"], ["workbook_return.id"], name=op.f("fk_returned_value_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_value")),
    )
    with op.batch_alter_table("returned_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returned_value_firm_id"), ["firm_id"], unique=False)
        batch_op.create_index("ix_returned_value_return_id_kind", ["return_id", "kind"], unique=False)


def downgrade() -> None:
    op.drop_table("returned_value")
    op.drop_table("issued_row")
    op.drop_table("workbook_return")
    op.drop_table("issued_workbook")
