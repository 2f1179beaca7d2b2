"""A sample of pairs is drawn for people to judge blind: from it follows how many duplicates are still unfound."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recall_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("firms", sa.Integer(), nullable=False),
        sa.Column("crowded", sa.Integer(), nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_recall_sample_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_sample")),
    )
    op.create_table(
        "recall_pair",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sample_id"], ["recall_sample.id"], name=op.f("fk_recall_pair_sample_id")),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name=op.f("fk_recall_pair_pairing_id")),
        sa.PrimaryKeyConstraint("sample_id", "number", name=op.f("pk_recall_pair")),
        sa.UniqueConstraint("sample_id", "pairing_id", name=op.f("uq_recall_pair_sample_id_pairing_id")),
    )
    op.create_index("ix_recall_pair_pairing_id", "recall_pair", ["pairing_id"])


def downgrade() -> None:
    op.drop_table("recall_pair")
    op.drop_table("recall_sample")
