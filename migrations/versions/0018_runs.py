"""Each run of a check, and each order, is told from an earlier one; and a worker's process from another of its number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COLUMNS = (("import_batch", "run", 32), ("workbook_return", "run", 32), ("worker", "process", 120))


def upgrade() -> None:
    for table, name, length in COLUMNS:
        op.add_column(table, sa.Column(name, sa.String(length), nullable=False, server_default=""))


def downgrade() -> None:
    for table, name, _ in reversed(COLUMNS):
        op.execute(f"alter table {table} drop column {name}")  # in place: the tables are pointed at
