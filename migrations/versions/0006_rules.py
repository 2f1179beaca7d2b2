"""Rules are drafted, checked and published; exits have coded reasons; employees are a figure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = "kind in ('revenue', 'vat_sales')"
KINDS_NOW = "kind in ('revenue', 'vat_sales', 'employees')"


def upgrade() -> None:
    op.create_table(
        "exit_reason",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_exit_reason")),
    )
    op.create_table(
        "rule_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("annual_from", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=False),
        sa.Column("prepared_by_name", sa.String(length=40), nullable=False),
        sa.Column("prepared_at", Moment(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=40), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("effected_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome is null or outcome in ('published', 'refused', 'withdrawn')", name=op.f("ck_rule_draft_outcome")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_rule_draft_decided_by_id")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["user_account.id"], name=op.f("fk_rule_draft_prepared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_draft")),
    )
    with op.batch_alter_table("rule_draft", schema=None) as batch_op:
        batch_op.create_index("ix_rule_draft_kind_outcome", ["kind", "outcome"], unique=False)

    for table in ("threshold", "parameter"):
        add_reference(table, "draft_id", "integer", "rule_draft (id)")
    add_reference("pathway_event", "exit_reason", "varchar(8)", "exit_reason (code)")
    change_kinds(before=KINDS, after=KINDS_NOW)


def downgrade() -> None:
    op.execute("delete from figure where kind = 'employees'")
    change_kinds(before=KINDS_NOW, after=KINDS)
    drop_reference("pathway_event", "exit_reason")
    for table in ("parameter", "threshold"):
        drop_reference(table, "draft_id")
    op.drop_table("rule_draft")
    op.drop_table("exit_reason")


def add_reference(table: str, column: str, kind: str, target: str) -> None:
    """A nullable foreign key; SQLite takes a named one only with the column itself, in its own words."""
    op.execute(f"alter table {table} add column {column} {kind} constraint fk_{table}_{column} references {target}")


def drop_reference(table: str, column: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(f"fk_{table}_{column}"), table, type_="foreignkey")
    op.execute(f"alter table {table} drop column {column}")


def change_kinds(*, before: str, after: str) -> None:
    """Another list of kinds a figure may have.

    SQLite keeps a constraint as text. Rebuilding the table would drop rows that disputes point at, so the text itself
    is changed, as its manual lays down for constraints.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_figure_kind"), "figure", type_="check")
        op.create_check_constraint(op.f("ck_figure_kind"), "figure", after)
        return
    op.execute("pragma writable_schema = on")
    op.get_bind().execute(
        sa.text(
            "update sqlite_master set sql = replace(sql, :before, :after) where type = 'table' and name = 'figure'"
        ),
        {"before": before, "after": after},
    )
    op.execute("pragma writable_schema = reset")
