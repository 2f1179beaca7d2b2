"""Frozen quarters: rows that the database itself will not change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# A frozen quarter stands as it was closed, whoever may reach the database through the registry.
GUARDED = ("snapshot", "snapshot_row", "snapshot_change")


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_by_name", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("chain_seq", sa.Integer(), nullable=False),
        sa.Column("chain_hash", sa.String(length=64), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user_account.id"], name=op.f("fk_snapshot_closed_by_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["snapshot.id"], name=op.f("fk_snapshot_previous_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("quarter", name=op.f("uq_snapshot_quarter")),
    )
    op.create_table(
        "snapshot_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("county", sa.String(length=12), nullable=True),
        sa.Column("lead_bureau_id", sa.Integer(), nullable=True),
        sa.Column("co_bureaus", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_snapshot_change_firm_id")),
        sa.ForeignKeyConstraint(["lead_bureau_id"], ["office.id"], name=op.f("fk_snapshot_change_lead_bureau_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_snapshot_change_office_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_change_snapshot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot_change")),
    )
    with op.batch_alter_table("snapshot_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_change_firm_id"), ["firm_id"], unique=False)
        batch_op.create_index("ix_snapshot_change_snapshot_id_number", ["snapshot_id", "number"], unique=True)

    op.create_table(
        "snapshot_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("county", sa.String(length=12), nullable=True),
        sa.Column("lead_bureau_id", sa.Integer(), nullable=True),
        sa.Column("co_bureaus", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("tier", sa.String(length=1), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_snapshot_row_firm_id")),
        sa.ForeignKeyConstraint(["lead_bureau_id"], ["office.id"], name=op.f("fk_snapshot_row_lead_bureau_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_snapshot_row_office_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_snapshot_row_snapshot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot_row")),
        sa.UniqueConstraint("snapshot_id", "firm_id", name=op.f("uq_snapshot_row_snapshot_id_firm_id")),
    )
    with op.batch_alter_table("snapshot_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_row_firm_id"), ["firm_id"], unique=False)
        batch_op.create_index("ix_snapshot_row_snapshot_id_number", ["snapshot_id", "number"], unique=True)

    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("snapshot_row")
    op.drop_table("snapshot_change")
    op.drop_table("snapshot")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function refuse_snapshot_change()")


def guards(dialect: str) -> list[str]:
    """Triggers that refuse to change or delete a row."""
    if dialect == "sqlite":
        return [
            f"create trigger {table}_no_{verb} before {verb} on {table} "
            f"begin select raise(abort, '{table} is append-only'); end"
            for table in GUARDED
            for verb in ("update", "delete")
        ]
    return [
        "create function refuse_snapshot_change() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append-only', tg_table_name; end $$",
        *(
            f"create trigger {table}_no_{name} before {verbs} on {table} for each {each} "
            f"execute function refuse_snapshot_change()"
            for table in GUARDED
            for name, verbs, each in (("change", "update or delete", "row"), ("truncate", "truncate", "statement"))
        ),
    ]
