"""The register of registered firms: its entries and its loads."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Fixed, Moment
from registry.names import models

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CANDIDATE = sa.text("sector <> '' and division is not null")
TABLES = ("register_change", "registered_firm", "register_row", "register_load", "sector_word")


def upgrade() -> None:
    op.create_table(
        "sector_word",
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("position", sa.String(length=32), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sector", "word", name=op.f("pk_sector_word")),
    )
    _loads()
    op.create_table(
        "register_row",
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("registered_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("raw", sa.JSON(), nullable=True),
        sa.Column("faults", sa.JSON(), nullable=True),
        *_facts(),
        sa.ForeignKeyConstraint(["load_id"], ["register_load.id"], name=op.f("fk_register_row_load_id")),
        sa.PrimaryKeyConstraint("load_id", "number", name=op.f("pk_register_row")),
        sa.UniqueConstraint("load_id", "credit_code", name=op.f("uq_register_row_load_id_credit_code")),
    )
    _firms()
    models.create(op.get_bind(), "registered_firm")
    _changes()


def downgrade() -> None:
    models.drop(op.get_bind(), "registered_firm")
    for table in TABLES:
        op.drop_table(table)


def _key(length: int) -> Any:
    """Looked up by how it begins: in the order of its code points on every database."""
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def _facts() -> list[sa.Column[Any]]:
    """What a staged row and a registered firm have in common."""
    return [
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", _key(200), nullable=False),
        sa.Column("parts_key", _key(240), nullable=False),
        sa.Column("core_key", _key(200), nullable=False),
        sa.Column("sound_key", _key(200), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("legal_form", sa.String(length=32), nullable=True),
        sa.Column("form_text", sa.Text(), nullable=False),
        sa.Column("capital", Fixed(16, 2), nullable=True),
        sa.Column("capital_currency", sa.String(length=3), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("registration", sa.Text(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=True),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("sector_word", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
    ]


def _loads() -> None:
    counts = ("total", "read_to", "applied_to", "new", "renamed", "changed", "unchanged", "faulty", "gone")
    op.create_table(
        "register_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_register_load_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_load")),
    )


def _firms() -> None:
    op.create_table(
        "registered_firm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_code", _key(18), nullable=False),
        sa.Column("first_load_id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        *_facts(),
        sa.ForeignKeyConstraint(["first_load_id"], ["register_load.id"], name=op.f("fk_registered_firm_first_load_id")),
        sa.ForeignKeyConstraint(["load_id"], ["register_load.id"], name=op.f("fk_registered_firm_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registered_firm")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_registered_firm_credit_code")),
    )
    for name in ("name_key", "parts_key", "core_key", "sound_key"):
        op.create_index(f"ix_registered_firm_{name}", "registered_firm", [name])
    op.create_index(
        "ix_registered_firm_candidate",
        "registered_firm",
        ["division", "sector", "id"],
        sqlite_where=CANDIDATE,
        postgresql_where=CANDIDATE,
    )


def _changes() -> None:
    op.create_table(
        "register_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("registered_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", _key(200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["load_id"], ["register_load.id"], name=op.f("fk_register_change_load_id")),
        sa.ForeignKeyConstraint(
            ["registered_id"], ["registered_firm.id"], name=op.f("fk_register_change_registered_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
    )
    op.create_index("ix_register_change_load_id_kind_id", "register_change", ["load_id", "kind", "id"])
    op.create_index("ix_register_change_name_key", "register_change", ["name_key"])
    op.create_index(op.f("ix_register_change_registered_id"), "register_change", ["registered_id"])
