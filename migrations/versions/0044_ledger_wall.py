"""The ledger as a wall: the order by nearness, saved views, and what each person sees first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

CROSSED = "(case when rate is null then 2 when revenue_to_date < statutory_line then 0 else 1 end)"
DISTANCE = "(case when rate is null then 0 when revenue_to_date < statutory_line then -rate else rate end)"
LISTED = "stage in ('admitted', 'qualified', 'filed', 'in_chain')"
COVERED = (
    "id", "stage", "statistical_county", "office_id", "lead_bureau_id", "division", "co_bureaus", "voided_at",
    "batch_id",
)  # fmt: skip


def upgrade() -> None:
    op.create_index(
        "ix_firm_nearest",
        "firm",
        [sa.text(CROSSED), sa.text(DISTANCE), *COVERED],
        sqlite_where=sa.text(LISTED),
        postgresql_where=sa.text(LISTED),
    )
    op.create_table(
        "ledger_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_ledger_view_office_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_ledger_view_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_view")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_ledger_view_owner_id_name")),
    )
    op.create_index("ix_ledger_view_office_id", "ledger_view", ["office_id"])
    op.create_table(
        "ledger_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Text(), server_default="", nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_ledger_choice_user_id")),
        sa.ForeignKeyConstraint(
            ["view_id"], ["ledger_view.id"], name=op.f("fk_ledger_choice_view_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_ledger_choice")),
    )
    op.create_index("ix_ledger_choice_view_id", "ledger_choice", ["view_id"])


def downgrade() -> None:
    op.drop_table("ledger_choice")
    op.drop_table("ledger_view")
    op.drop_index("ix_firm_nearest", table_name="firm")
