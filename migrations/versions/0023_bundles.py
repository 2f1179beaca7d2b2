"""Papers brought in bulk: what came at once, and each of its files until somebody has settled what it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.CheckConstraint(
            "outcome is null or outcome in ('filed', 'given_up')", name=op.f("ck_document_bundle_outcome")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_document_bundle_office_id_office")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_document_bundle_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_bundle")),
    )
    op.create_index(op.f("ix_document_bundle_office_id"), "document_bundle", ["office_id"])
    op.create_table(
        "bundle_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=True),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("firm_doubt", sa.JSON(), nullable=True),
        sa.Column("material", sa.String(length=8), nullable=True),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("month", sa.SmallInteger(), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bundle_id"], ["document_bundle.id"], name=op.f("fk_bundle_file_bundle_id_document_bundle")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_bundle_file_firm_id_firm")),
        sa.ForeignKeyConstraint(["material"], ["material.code"], name=op.f("fk_bundle_file_material_material")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_bundle_file_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle_file")),
    )
    op.create_index(op.f("ix_bundle_file_bundle_id"), "bundle_file", ["bundle_id"])
    op.create_index(op.f("ix_bundle_file_firm_id"), "bundle_file", ["firm_id"])


def downgrade() -> None:
    op.drop_table("bundle_file")
    op.drop_table("document_bundle")
