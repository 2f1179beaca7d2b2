"""Merges: what moved, and what was taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
NAMES = "fk_former_name_merge_id"

# By what a merge moved it is taken back, years later and to the cell: it stands as it was written, like the trail.
GUARDS = {
    "sqlite": (
        "create trigger merge_move_no_update before update on merge_move "
        "begin select raise(abort, 'moves of a merge are append-only'); end",
        "create trigger merge_move_no_delete before delete on merge_move "
        "begin select raise(abort, 'moves of a merge are append-only'); end",
    ),
    "postgresql": (
        "create function refuse_move_change() returns trigger language plpgsql as "
        "$$ begin raise exception 'moves of a merge are append-only'; end $$",
        "create trigger merge_move_no_change before update or delete on merge_move "
        "for each row execute function refuse_move_change()",
        "create trigger merge_move_no_truncate before truncate on merge_move "
        "for each statement execute function refuse_move_change()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("winner_id", sa.Integer(), nullable=False),
        sa.Column("folded_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("code_ground", sa.String(length=32), nullable=False),
        sa.Column("picks", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_by_name", sa.String(length=40), nullable=False),
        sa.Column("undo_ground", sa.String(length=32), nullable=False),
        sa.Column("undo_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("winner_id <> folded_id", name=op.f("ck_merge_two_firms")),
        sa.ForeignKeyConstraint(["winner_id"], ["firm.id"], name=op.f("fk_merge_winner_id")),
        sa.ForeignKeyConstraint(["folded_id"], ["firm.id"], name=op.f("fk_merge_folded_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_merge_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user_account.id"], name=op.f("fk_merge_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_winner_id"), ["winner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_folded_id"), ["folded_id"], unique=False)
        batch_op.create_index(
            "uq_merge_standing",
            ["folded_id"],
            unique=True,
            sqlite_where=sa.text("undone_at is null"),
            postgresql_where=sa.text("undone_at is null"),
        )
    op.create_table(
        "merge_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("undoing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["merge.id"], name=op.f("fk_merge_move_merge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_move")),
    )
    with op.batch_alter_table("merge_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_move_merge_id"), ["merge_id"], unique=False)
        batch_op.create_index("ix_merge_move_table_name_row_id", ["table_name", "row_id"], unique=False)
    # SQLite takes a named foreign key only with the column itself, and a rebuilt table would lose its triggers.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"alter table former_name add column merge_id integer constraint {NAMES} references merge (id)")
    else:
        op.add_column("former_name", sa.Column("merge_id", sa.Integer(), nullable=True))
        op.create_foreign_key(NAMES, "former_name", "merge", ["merge_id"], ["id"])
    op.create_index("ix_former_name_merge_id", "former_name", ["merge_id"])
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_former_name_merge_id", table_name="former_name")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("alter table former_name drop column merge_id")
    else:
        op.drop_constraint(NAMES, "former_name", type_="foreignkey")
        op.drop_column("former_name", "merge_id")
    op.drop_table("merge_move")  # and its triggers with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function refuse_move_change()")
    op.drop_table("merge")
