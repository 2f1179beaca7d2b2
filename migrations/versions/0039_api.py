"""Tokens of the read API, how they were used, and the counts that limit how often anybody asks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("issued_at", Moment(), nullable=True),
        sa.Column("last_used_at", Moment(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoke_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("(digest is null) = (issued_at is null)", name=op.f("ck_api_token_issued")),
        sa.CheckConstraint("issued_at is null or confirmed_at is not null", name=op.f("ck_api_token_confirmed")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_api_token_office_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_api_token_asked_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user_account.id"], name=op.f("fk_api_token_confirmed_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["user_account.id"], name=op.f("fk_api_token_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index("ix_api_token_office_id", "api_token", ["office_id"])
    op.create_table(
        "api_use",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("hour", Moment(), nullable=False),
        sa.Column("resource", sa.String(length=32), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_api_use_token_id")),
        sa.PrimaryKeyConstraint("token_id", "hour", "resource", name=op.f("pk_api_use")),
    )
    op.create_table(
        "api_counter",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("window_start", Moment(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_api_counter")),
    )
    op.create_index("ix_api_counter_window_start", "api_counter", ["window_start"])


def downgrade() -> None:
    for table in ("api_counter", "api_use", "api_token"):
        op.drop_table(table)
