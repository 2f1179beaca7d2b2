"""Seals: a digest of each field of every row with weight, in a chain whose end each entry of the trail names."""

from __future__ import annotations

import os

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KEPT = ("seq", "trail_seq", "of_table", "row_key", "shape_id", "supersedes", "state", "hash")
GUARDS = {
    "sqlite": (
        f"create trigger row_seal_no_update before update of {', '.join(KEPT)} on row_seal "
        "begin select raise(abort, 'seals are append-only'); end",
        "create trigger row_seal_no_salt before update of salt on row_seal when new.salt is not null "
        "begin select raise(abort, 'a salt is taken away, never given'); end",
        "create trigger row_seal_no_delete before delete on row_seal "
        "begin select raise(abort, 'seals are append-only'); end",
    ),
    "postgresql": (
        "create function refuse_seal_change() returns trigger language plpgsql as $$ begin "
        "if tg_op = 'UPDATE' and new.salt is null and "
        f"({', '.join(f'new.{name}' for name in KEPT)}) is not distinct from "
        f"({', '.join(f'old.{name}' for name in KEPT)}) then return new; end if; "
        "raise exception 'seals are append-only'; end $$",
        "create trigger row_seal_no_change before update or delete on row_seal "
        "for each row execute function refuse_seal_change()",
        "create trigger row_seal_no_truncate before truncate on row_seal "
        "for each statement execute function refuse_seal_change()",
    ),
}
UNGUARD = {
    "sqlite": tuple(f"drop trigger row_seal_no_{what}" for what in ("update", "salt", "delete")),
    "postgresql": (
        "drop trigger row_seal_no_change on row_seal",
        "drop trigger row_seal_no_truncate on row_seal",
        "drop function refuse_seal_change()",
    ),
}


def upgrade() -> None:
    op.add_column("trail_entry", sa.Column("seals_hash", sa.String(length=64), nullable=True))
    op.add_column("trail_head", sa.Column("seals", sa.Integer(), server_default="0", nullable=False))
    op.add_column("trail_head", sa.Column("seals_hash", sa.String(length=64), server_default="0" * 64, nullable=False))
    op.add_column("trail_head", sa.Column("settled", sa.String(length=32), server_default="", nullable=False))
    op.create_table(
        "seal_shape",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("of_table", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_shape")),
    )
    op.create_index(op.f("ix_seal_shape_of_table"), "seal_shape", ["of_table"])
    op.create_table(
        "row_seal",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("trail_seq", sa.Integer(), nullable=False),
        sa.Column("of_table", sa.String(length=64), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("shape_id", sa.Integer(), nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["shape_id"], ["seal_shape.id"], name=op.f("fk_row_seal_shape_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_row_seal")),
    )
    salted = sa.text("salt is not null")
    op.create_index(
        "ix_row_seal_row", "row_seal", ["of_table", "row_key"], sqlite_where=salted, postgresql_where=salted
    )
    op.create_index("ix_row_seal_supersedes", "row_seal", ["supersedes"])
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    entries = op.get_bind().scalar(sa.text("select count(*) from trail_entry where seals_hash is not null"))
    if entries and os.environ.get("REGISTRY_MAY_LOSE") != "seals":
        raise SystemExit(
            f"{entries} entries of the trail were written with the end of the seals in their hash: the release before "
            "would find each of them changed, and the seals would be lost. Restore the backup from before the upgrade "
            "instead; or say REGISTRY_MAY_LOSE=seals"
        )
    for statement in UNGUARD[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("row_seal")
    op.drop_table("seal_shape")
    op.drop_column("trail_head", "settled")
    op.drop_column("trail_head", "seals_hash")
    op.drop_column("trail_head", "seals")
    op.drop_column("trail_entry", "seals_hash")
