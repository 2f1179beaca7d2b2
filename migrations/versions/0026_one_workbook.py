"""What is chosen of a row that looks like a firm on record; the reason of a batch; the new rows of an office workbook."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

LINK = "fk_workbook_return_batch_id"


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    with op.batch_alter_table("workbook_return") as returns:
        returns.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        returns.create_foreign_key(LINK, "import_batch", ["batch_id"], ["id"])
        returns.create_index("ix_workbook_return_batch_id", ["batch_id"])


def downgrade() -> None:
    with op.batch_alter_table("workbook_return") as returns:
        returns.drop_index("ix_workbook_return_batch_id")
        returns.drop_constraint(LINK, type_="foreignkey")
        returns.drop_column("batch_id")
    for table, columns in reversed(_columns().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)


def _columns() -> dict[str, list[sa.Column[Any]]]:
    return {
        "import_row": [
            sa.Column("choice", sa.String(length=32), nullable=False, server_default=""),
            sa.Column("alternatives", sa.JSON(), nullable=False, server_default="{}"),
        ],
        "import_batch": [sa.Column("reason", sa.Text(), nullable=False, server_default="")],
    }
