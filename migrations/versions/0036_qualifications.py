"""Kinds of qualification, certificates of firms, what they may test, warnings given, workbooks brought."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "qualification_kind",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("short_name", sa.String(length=20), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("number_pattern", sa.String(length=200), nullable=False),
        sa.Column("number_form", sa.String(length=300), nullable=False),
        sa.Column("years_valid", sa.SmallInteger(), nullable=True),
        sa.Column("renew_months", sa.SmallInteger(), nullable=True),
        sa.Column("with_items", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_qualification_kind")),
        sa.UniqueConstraint("name", name=op.f("uq_qualification_kind_name")),
        sa.UniqueConstraint("short_name", name=op.f("uq_qualification_kind_short_name")),
    )
    _certificates()
    op.create_table(
        "qualification_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("parameter", sa.String(length=300), server_default="", nullable=False),
        sa.Column("standard", sa.String(length=300), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["qualification_id"], ["qualification.id"], name=op.f("fk_qualification_item_qualification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_item")),
    )
    op.create_index("ix_qualification_item_qualification_id", "qualification_item", ["qualification_id"])
    op.create_table(
        "qualification_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("threshold in ('first', 'last')", name=op.f("ck_qualification_warning_threshold")),
        sa.ForeignKeyConstraint(
            ["qualification_id"], ["qualification.id"], name=op.f("fk_qualification_warning_qualification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_warning")),
    )
    op.create_index(
        "uq_qualification_warning_once", "qualification_warning", ["qualification_id", "threshold"], unique=True
    )
    _loads()


def _certificates() -> None:
    op.create_table(
        "qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=60), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.Text(), server_default="", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("doubt_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("renews_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended", sa.String(length=32), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "ended is null or ended in ('voided', 'corrected', 'renewed')", name=op.f("ck_qualification_ended")
        ),
        sa.CheckConstraint("(ended is null) = (ended_at is null)", name=op.f("ck_qualification_ended_at")),
        sa.CheckConstraint("valid_to is null or valid_from <= valid_to", name=op.f("ck_qualification_days")),
        sa.CheckConstraint("renews_id is null or renews_id <> id", name=op.f("ck_qualification_renews")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_qualification_by_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["qualification.id"], name=op.f("fk_qualification_corrects_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_qualification_document_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_qualification_firm_id")),
        sa.ForeignKeyConstraint(["kind"], ["qualification_kind.code"], name=op.f("fk_qualification_kind")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_qualification_office_id")),
        sa.ForeignKeyConstraint(["renews_id"], ["qualification.id"], name=op.f("fk_qualification_renews_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
    )
    op.create_index("ix_qualification_firm_id_kind", "qualification", ["firm_id", "kind"])
    op.create_index("ix_qualification_kind_valid_to", "qualification", ["kind", "valid_to"])
    op.create_index("ix_qualification_valid_to", "qualification", ["valid_to"])
    op.create_index(
        "uq_qualification_standing",
        "qualification",
        ["kind", "number_key"],
        unique=True,
        sqlite_where=sa.text("ended is null"),
        postgresql_where=sa.text("ended is null"),
    )


def _loads() -> None:
    op.create_table(
        "qualification_load",
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
            "outcome is null or outcome in ('applied', 'given_up')", name=op.f("ck_qualification_load_outcome")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_qualification_load_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_qualification_load_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_load")),
    )
    op.create_index(op.f("ix_qualification_load_office_id"), "qualification_load", ["office_id"])


def downgrade() -> None:
    for table in (
        "qualification_load",
        "qualification_warning",
        "qualification_item",
        "qualification",
        "qualification_kind",
    ):
        op.drop_table(table)
