"""The portal: its switch, releases of entries, typical cases, published progress, and the copy that is shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment
from registry.names import models
from registry.names.models import Cut

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

STANDING = sa.text("ended_at is null")


def upgrade() -> None:
    op.create_table(
        "portal_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("redrawn_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_mark")),
    )
    op.create_table(
        "public_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=60), server_default="", nullable=False),
        sa.Column("facet", sa.String(length=120), server_default="", nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_row")),
        sa.UniqueConstraint("collection", "key", name=op.f("uq_public_row_collection_key")),
        sa.UniqueConstraint("collection", "subject", name=op.f("uq_public_row_collection_subject")),
    )
    op.create_index("ix_public_row_collection_facet_id", "public_row", ["collection", "facet", "id"])
    op.create_index("ix_public_row_collection_id", "public_row", ["collection", "id"])
    op.create_index("ix_public_row_collection_place_id", "public_row", ["collection", "place", "id"])
    op.create_table(
        "portal_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("(ended_at is null) = (end_reason = '')", name=op.f("ck_portal_progress_ended")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_portal_progress_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_progress")),
    )
    op.create_index(
        "uq_portal_progress_standing",
        "portal_progress",
        ["plan"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "portal_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("licence_name", sa.String(length=200), nullable=False),
        sa.Column("licence_url", sa.String(length=300), server_default="", nullable=False),
        sa.Column("notice_days", sa.SmallInteger(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_portal_setting_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_setting")),
    )
    op.create_table(
        "portal_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("early_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("(ended_at is null) = (end_reason = '')", name=op.f("ck_portal_release_ended")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_portal_release_by_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_portal_release_firm_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_portal_release_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_release")),
    )
    op.create_index(op.f("ix_portal_release_firm_id"), "portal_release", ["firm_id"])
    op.create_index(
        "uq_portal_release_standing",
        "portal_release",
        ["firm_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "portal_story",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("consent_by", sa.String(length=40), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("approved_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("approved_at", Moment(), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('entered', 'public', 'withdrawn')", name=op.f("ck_portal_story_state")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_portal_story_by_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_portal_story_firm_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_portal_story_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_story")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_portal_story_stored_name")),
    )
    op.create_index(op.f("ix_portal_story_firm_id"), "portal_story", ["firm_id"])
    op.execute("insert into portal_mark (id, seq) values (1, 0)")
    models.create(op.get_bind(), "public_row", (Cut("name", "{row}.name_key"),))


def downgrade() -> None:
    models.drop(op.get_bind(), "public_row")
    op.drop_table("portal_story")
    op.drop_table("portal_release")
    op.drop_table("portal_setting")
    op.drop_table("portal_progress")
    op.drop_table("public_row")
    op.drop_table("portal_mark")
