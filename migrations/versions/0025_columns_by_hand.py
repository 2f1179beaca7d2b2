"""What an office has said of headings, the columns it keeps as they were typed, and how every file was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ADDED = (("import_row", "carried"), ("register_load", "reading"), ("workbook_return", "reading"))


def upgrade() -> None:
    op.create_table(
        "column_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("compared", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("use", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("(use = 'read') = (key is not null)", name=op.f("ck_column_choice_key_where_read")),
        sa.CheckConstraint("use in ('read', 'carried', 'left_out')", name=op.f("ck_column_choice_use")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_column_choice_by_id_user_account")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_column_choice_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_choice")),
        sa.UniqueConstraint("office_id", "compared", name=op.f("uq_column_choice_office_id_compared")),
    )
    for table, column in ADDED:
        op.add_column(table, sa.Column(column, sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    for table, column in ADDED:
        op.drop_column(table, column)
    op.drop_table("column_choice")
