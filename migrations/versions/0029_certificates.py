"""Offices certify their part of a quarter; one may be given longer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("ended_at is null")


def upgrade() -> None:
    op.create_table(
        "quarter_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_quarter_certificate_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_quarter_certificate_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_certificate")),
    )
    op.create_index("ix_quarter_certificate_quarter", "quarter_certificate", ["quarter"])
    op.create_index(
        "uq_quarter_certificate_in_force",
        "quarter_certificate",
        ["quarter", "office_id"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_table(
        "certify_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_certify_extension_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_certify_extension_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certify_extension")),
    )
    op.create_index("ix_certify_extension_quarter", "certify_extension", ["quarter"])


def downgrade() -> None:
    op.drop_table("certify_extension")
    op.drop_table("quarter_certificate")
