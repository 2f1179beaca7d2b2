"""Suspected pairs and what people said of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Fixed, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What people said of a pair stands as they said it, like the trail; another word is another row.
GUARDS = {
    "sqlite": (
        "create trigger pair_verdict_no_update before update on pair_verdict "
        "begin select raise(abort, 'verdicts are append-only'); end",
        "create trigger pair_verdict_no_delete before delete on pair_verdict "
        "begin select raise(abort, 'verdicts are append-only'); end",
    ),
    "postgresql": (
        "create function refuse_verdict_change() returns trigger language plpgsql as "
        "$$ begin raise exception 'verdicts are append-only'; end $$",
        "create trigger pair_verdict_no_change before update or delete on pair_verdict "
        "for each row execute function refuse_verdict_change()",
        "create trigger pair_verdict_no_truncate before truncate on pair_verdict "
        "for each statement execute function refuse_verdict_change()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "pairing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("score", Fixed(5, 2), nullable=False),
        sa.Column("band", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("warning", sa.Boolean(), nullable=False),
        sa.Column("suspected", sa.Boolean(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("sentence", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("likeness", sa.String(length=16), nullable=False),
        sa.Column("first_digest", sa.String(length=64), nullable=False),
        sa.Column("second_digest", sa.String(length=64), nullable=False),
        sa.Column("value", Fixed(16, 2), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("compared_at", Moment(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_pairing_order")),
        sa.CheckConstraint(
            "state in ('open', 'returned', 'unsure', 'same', 'different')", name=op.f("ck_pairing_state")
        ),
        sa.ForeignKeyConstraint(["first_id"], ["firm.id"], name=op.f("fk_pairing_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["firm.id"], name=op.f("fk_pairing_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_pairing_first_id_second_id")),
    )
    op.create_index(op.f("ix_pairing_second_id"), "pairing", ["second_id"])
    op.create_index("ix_pairing_queue", "pairing", ["suspected", "state", "value", "id"])
    op.create_index("ix_pairing_likeness_state", "pairing", ["likeness", "state"])
    op.create_table(
        "pair_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("score", Fixed(5, 2), nullable=False),
        sa.Column("band", sa.String(length=32), nullable=False),
        sa.Column("first_digest", sa.String(length=64), nullable=False),
        sa.Column("second_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("ruling in ('same', 'different', 'unsure')", name=op.f("ck_pair_verdict_ruling")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_pair_verdict_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_pair_verdict_office_id")),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairing.id"], name=op.f("fk_pair_verdict_pairing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_verdict")),
        sa.UniqueConstraint("pairing_id", "round", name=op.f("uq_pair_verdict_pairing_id_round")),
    )
    op.create_index(op.f("ix_pair_verdict_by_id"), "pair_verdict", ["by_id"])
    op.create_table(
        "pairing_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("touched_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("firms", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_scan")),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("pairing_scan")
    op.drop_table("pair_verdict")  # and its triggers with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function refuse_verdict_change()")
    op.drop_table("pairing")
