"""Plans of the city with their versions, splits of targets by document, and dated marks of firms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Fixed, Moment

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
    )
    op.create_table(
        "measure_lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_measure_lead_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_measure_lead_office_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_measure_lead_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_lead")),
    )
    op.create_index("ix_measure_lead_plan_id_measure", "measure_lead", ["plan_id", "measure"], unique=False)
    op.create_table(
        "plan_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("deliverable", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("aim", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = '') = (aim is null)", name=op.f("ck_plan_task_aim")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_plan_task_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_plan_task_office_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_task_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_task")),
    )
    op.create_index(op.f("ix_plan_task_office_id"), "plan_task", ["office_id"], unique=False)
    op.create_index(op.f("ix_plan_task_plan_id"), "plan_task", ["plan_id"], unique=False)
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("first_year", sa.SmallInteger(), nullable=False),
        sa.Column("last_year", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("prepared_by_name", sa.String(length=40), nullable=False),
        sa.Column("prepared_at", Moment(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=40), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome is null or outcome in ('issued', 'withdrawn')", name=op.f("ck_plan_version_outcome")
        ),
        sa.CheckConstraint("first_year <= last_year", name=op.f("ck_plan_version_years")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_plan_version_decided_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["user_account.id"], name=op.f("fk_plan_version_prepared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    op.create_index(
        "uq_plan_version_open_plan",
        "plan_version",
        ["plan_id"],
        unique=True,
        sqlite_where=sa.text("outcome is null"),
        postgresql_where=sa.text("outcome is null"),
    )
    op.create_table(
        "target_split",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("document_name", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_target_split_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_target_split_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_split")),
    )
    op.create_index("ix_target_split_plan_id_target", "target_split", ["plan_id", "target"], unique=False)
    op.create_table(
        "plan_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("heading", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_measure_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_measure")),
        sa.UniqueConstraint("version_id", "code", name=op.f("uq_plan_measure_version_id_code")),
    )
    op.create_table(
        "plan_paragraph",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_paragraph_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_paragraph")),
        sa.UniqueConstraint("version_id", "code", name=op.f("uq_plan_paragraph_version_id_code")),
    )
    op.create_table(
        "plan_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("industries", sa.String(length=200), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_plan_target_amount")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_target_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_target")),
        sa.UniqueConstraint("version_id", "code", name=op.f("uq_plan_target_version_id_code")),
    )
    op.create_table(
        "split_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("split_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_split_share_amount")),
        sa.ForeignKeyConstraint(["division"], ["division.code"], name=op.f("fk_split_share_division")),
        sa.ForeignKeyConstraint(["split_id"], ["target_split.id"], name=op.f("fk_split_share_split_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_split_share")),
        sa.UniqueConstraint("split_id", "division", name=op.f("uq_split_share_split_id_division")),
    )
    op.create_table(
        "subsidy_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("share", Fixed(precision=12, scale=4), nullable=True),
        sa.Column("lump", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("cap", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("cap_public", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_subsidy_item_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_item")),
        sa.UniqueConstraint("version_id", "code", name=op.f("uq_subsidy_item_version_id_code")),
    )
    op.create_table(
        "task_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("after", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["plan_task.id"], name=op.f("fk_task_move_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_move")),
    )
    op.create_index(op.f("ix_task_move_task_id"), "task_move", ["task_id"], unique=False)
    op.create_table(
        "task_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["plan_task.id"], name=op.f("fk_task_word_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_word")),
    )
    op.create_index(op.f("ix_task_word_task_id"), "task_word", ["task_id"], unique=False)
    op.create_table(
        "working_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_working_rule_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_rule")),
        sa.UniqueConstraint("version_id", "code", name=op.f("uq_working_rule_version_id_code")),
    )
    op.create_table(
        "firm_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("voided_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("void_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("way in ('cultivated', 'introduced')", name=op.f("ck_firm_mark_way")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_firm_mark_by_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_firm_mark_firm_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_firm_mark_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_mark")),
    )
    op.create_index(
        "uq_firm_mark_standing",
        "firm_mark",
        ["firm_id", "way"],
        unique=True,
        sqlite_where=sa.text("voided_at is null"),
        postgresql_where=sa.text("voided_at is null"),
    )
    op.create_table(
        "measure_office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("printed", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["measure_id"], ["plan_measure.id"], name=op.f("fk_measure_office_measure_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_measure_office_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_office")),
        sa.UniqueConstraint("measure_id", "office_id", name=op.f("uq_measure_office_measure_id_office_id")),
    )
    op.create_index(op.f("ix_measure_office_office_id"), "measure_office", ["office_id"], unique=False)


def downgrade() -> None:
    for table in (
        "measure_office",
        "firm_mark",
        "working_rule",
        "task_word",
        "task_move",
        "subsidy_item",
        "split_share",
        "plan_target",
        "plan_paragraph",
        "plan_measure",
        "target_split",
        "plan_version",
        "plan_task",
        "measure_lead",
        "plan",
    ):
        op.drop_table(table)
