"""Days on the way of a task, and every change of one; what an office has of an open quarter is found at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None

LINES = ("office_id", "lead_bureau_id")


def upgrade() -> None:
    op.create_table(
        "task_milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("shown", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_task_milestone_by_id")),
        sa.ForeignKeyConstraint(["task_id"], ["plan_task.id"], name=op.f("fk_task_milestone_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_milestone")),
    )
    op.create_index("ix_task_milestone_task_id", "task_milestone", ["task_id"])
    op.create_table(
        "milestone_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("after", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["milestone_id"], ["task_milestone.id"], name=op.f("fk_milestone_move_milestone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_move")),
    )
    op.create_index("ix_milestone_move_milestone_id", "milestone_move", ["milestone_id"])
    for column in LINES:
        op.create_index(f"ix_quarter_line_quarter_{column}", "quarter_line", ["quarter", column])


def downgrade() -> None:
    for column in LINES:
        op.drop_index(f"ix_quarter_line_quarter_{column}", "quarter_line")
    for table in ("milestone_move", "task_milestone"):
        op.drop_table(table)
