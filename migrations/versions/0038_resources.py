"""Kinds of shared resource, resources with what is searched of them, the cases that paid for uses, workbooks brought."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment
from registry.names import models

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

SEARCHED = (models.Cut("words", "{row}.search_key"),)


def upgrade() -> None:
    op.create_table(
        "resource_kind",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("numbered", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_resource_kind")),
        sa.UniqueConstraint("name", name=op.f("uq_resource_kind_name")),
    )
    _resources()
    _uses()
    _loads()
    models.create(op.get_bind(), "resource", SEARCHED)


def _resources() -> None:
    op.create_table(
        "resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("maker", sa.String(length=120), server_default="", nullable=False),
        sa.Column("model", sa.String(length=120), server_default="", nullable=False),
        sa.Column("serial", sa.String(length=60), server_default="", nullable=False),
        sa.Column("serial_key", sa.String(length=60), server_default="", nullable=False),
        sa.Column("capability", sa.Text(), nullable=False),
        sa.Column("price", sa.String(length=300), server_default="", nullable=False),
        sa.Column("contact_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("contact_phone", sa.String(length=40), server_default="", nullable=False),
        sa.Column("contact_public", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("doubt_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("wishes_release", sa.Boolean(), nullable=False),
        sa.Column("released_at", Moment(), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("released_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("released_office_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("withdraw_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("voided_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("void_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(firm_id is null) <> (institution_id is null)", name=op.f("ck_resource_one_owner")),
        sa.CheckConstraint("valid_to is null or valid_from <= valid_to", name=op.f("ck_resource_days")),
        sa.CheckConstraint("released_at is null or voided_at is null", name=op.f("ck_resource_released")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_resource_by_id")),
        sa.ForeignKeyConstraint(["division"], ["division.code"], name=op.f("fk_resource_division")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_resource_firm_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_resource_institution_id")),
        sa.ForeignKeyConstraint(["kind"], ["resource_kind.code"], name=op.f("fk_resource_kind")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_resource_office_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["user_account.id"], name=op.f("fk_resource_released_by_id")),
        sa.ForeignKeyConstraint(["released_office_id"], ["office.id"], name=op.f("fk_resource_released_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    for column in ("kind", "firm_id", "institution_id", "division"):
        op.create_index(op.f(f"ix_resource_{column}"), "resource", [column])
    op.create_index(
        "ix_resource_serial_key",
        "resource",
        ["serial_key"],
        sqlite_where=sa.text("voided_at is null"),
        postgresql_where=sa.text("voided_at is null"),
    )


def _uses() -> None:
    op.create_table(
        "resource_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.Column("removed_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("remove_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("(removed_at is null) = (remove_reason = '')", name=op.f("ck_resource_use_removed")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_resource_use_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_resource_use_case_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_resource_use_office_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_resource_use_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_use")),
    )
    op.create_index(op.f("ix_resource_use_resource_id"), "resource_use", ["resource_id"])
    op.create_index(op.f("ix_resource_use_case_id"), "resource_use", ["case_id"])
    op.create_index(
        "uq_resource_use_linked",
        "resource_use",
        ["resource_id", "case_id"],
        unique=True,
        sqlite_where=sa.text("removed_at is null"),
        postgresql_where=sa.text("removed_at is null"),
    )


def _loads() -> None:
    op.create_table(
        "resource_load",
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
        sa.CheckConstraint(
            "outcome is null or outcome in ('applied', 'given_up')", name=op.f("ck_resource_load_outcome")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_resource_load_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_resource_load_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_load")),
    )
    op.create_index(op.f("ix_resource_load_office_id"), "resource_load", ["office_id"])


def downgrade() -> None:
    models.drop(op.get_bind(), "resource")
    for table in ("resource_load", "resource_use", "resource", "resource_kind"):
        op.drop_table(table)
