"""An import is applied in turns: what it has written stays out of sight until one row is switched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LEDGER = (
    "stage", "statistical_county", "office_id", "division", "lead_bureau_id", "co_bureaus", "industry", "tier",
    "revenue_to_date", "revenue_last_year", "missing", "credit_code", "name_key", "name", "voided_at",
)  # fmt: skip


def upgrade() -> None:
    # not by a copy, here and on the way down: on SQLite no table can be dropped under the rows that hang on it
    op.add_column("import_batch", sa.Column("arriving", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "ix_import_batch_arriving",
        "import_batch",
        ["id"],
        sqlite_where=sa.text("arriving = 1"),
        postgresql_where=sa.text("arriving"),
    )
    op.add_column("import_row", sa.Column("applied_seq", sa.Integer(), nullable=True))
    _ledger(*LEDGER, "batch_id")


def downgrade() -> None:
    _ledger(*LEDGER)
    op.drop_column("import_row", "applied_seq")
    op.drop_index("ix_import_batch_arriving", table_name="import_batch")
    op.drop_column("import_batch", "arriving")


def _ledger(*columns: str) -> None:
    """What a ledger reads tells of each firm whether it has arrived."""
    op.drop_index("ix_firm_ledger", table_name="firm")
    op.create_index("ix_firm_ledger", "firm", list(columns))
