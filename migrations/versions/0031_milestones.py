"""Days on the way of a task, and schemes of appraisal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


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
    _appraisals()


def _appraisals() -> None:
    op.create_table(
        "appraisal_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("document_name", sa.String(length=200), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=False),
        sa.Column("prepared_by_name", sa.String(length=40), nullable=False),
        sa.Column("prepared_at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=40), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("stopped_at", Moment(), nullable=True),
        sa.Column("stopped_by_name", sa.String(length=40), nullable=False),
        sa.Column("stop_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome is null or outcome in ('issued', 'returned')", name=op.f("ck_appraisal_scheme_outcome")
        ),
        sa.CheckConstraint("document_no <> ''", name=op.f("ck_appraisal_scheme_document_no")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_appraisal_scheme_days")),
        sa.CheckConstraint(
            "outcome is null or decided_by_id <> prepared_by_id", name=op.f("ck_appraisal_scheme_two_people")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_appraisal_scheme_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["user_account.id"], name=op.f("fk_appraisal_scheme_prepared_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_scheme")),
    )
    op.create_index(
        "uq_appraisal_scheme_open_year",
        "appraisal_scheme",
        ["year"],
        unique=True,
        sqlite_where=sa.text("outcome is null"),
        postgresql_where=sa.text("outcome is null"),
    )
    op.create_table(
        "appraisal_weight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("item in ('tasks', 'quarters', 'mended', 'nudges')", name=op.f("ck_appraisal_weight_item")),
        sa.CheckConstraint("weight between 1 and 100", name=op.f("ck_appraisal_weight_weight")),
        sa.ForeignKeyConstraint(["scheme_id"], ["appraisal_scheme.id"], name=op.f("fk_appraisal_weight_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_weight")),
        sa.UniqueConstraint("scheme_id", "item", name=op.f("uq_appraisal_weight_scheme_id_item")),
    )


def downgrade() -> None:
    for table in ("appraisal_weight", "appraisal_scheme", "milestone_move", "task_milestone"):
        op.drop_table(table)
