"""Files of upper levels that say who passed and who was sent back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "level_load",
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=200), server_default="", nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("outcome is null or outcome in ('applied', 'given_up')", name=op.f("ck_level_load_outcome")),
        sa.CheckConstraint("level in ('county', 'city', 'province', 'national')", name=op.f("ck_level_load_level")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_level_load_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_level_load_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_load")),
    )
    op.create_index(op.f("ix_level_load_office_id"), "level_load", ["office_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_level_load_office_id"), table_name="level_load")
    op.drop_table("level_load")
