"""Deputies for an absence, what was handed over to a successor, and who had a draft before it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

DRAFTS = ("rule_draft", "plan_version", "bulletin")


def upgrade() -> None:
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("absent_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_deputy_days")),
        sa.CheckConstraint("absent_id <> deputy_id", name=op.f("ck_deputy_two_people")),
        sa.ForeignKeyConstraint(["absent_id"], ["user_account.id"], name=op.f("fk_deputy_absent_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["user_account.id"], name=op.f("fk_deputy_deputy_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_deputy_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.create_index(op.f("ix_deputy_absent_id"), "deputy", ["absent_id"])
    op.create_index(op.f("ix_deputy_deputy_id"), "deputy", ["deputy_id"])
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("taker_id", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_handover_two_people")),
        sa.ForeignKeyConstraint(["giver_id"], ["user_account.id"], name=op.f("fk_handover_giver_id")),
        sa.ForeignKeyConstraint(["taker_id"], ["user_account.id"], name=op.f("fk_handover_taker_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_handover_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_giver_id"), "handover", ["giver_id"])
    op.create_index(op.f("ix_handover_taker_id"), "handover", ["taker_id"])
    for table in DRAFTS:
        op.add_column(table, sa.Column("former_hands", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    for table in DRAFTS:
        op.drop_column(table, "former_hands")
    op.drop_table("handover")
    op.drop_table("deputy")
