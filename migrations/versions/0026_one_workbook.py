"""What is chosen of a row that looks like a firm on record; the reason of a batch; the new rows of an office workbook."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE, LINK, INDEX = "workbook_return", "fk_workbook_return_batch_id", "ix_workbook_return_batch_id"


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    if _is_sqlite():  # without a copy of the table, which could not be dropped under the cells that hang on it
        op.execute(f"alter table {TABLE} add column batch_id integer constraint {LINK} references import_batch (id)")
    else:
        op.add_column(TABLE, sa.Column("batch_id", sa.Integer(), nullable=True))
        op.create_foreign_key(LINK, TABLE, "import_batch", ["batch_id"], ["id"])
    op.create_index(INDEX, TABLE, ["batch_id"])


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    if _is_sqlite():  # which drops no column that refers to a table but by a copy; the cells are kept aside for it
        op.execute("create table returned_value_kept as select * from returned_value")
        op.execute("delete from returned_value")
        with op.batch_alter_table(TABLE) as returns:
            returns.drop_column("batch_id")
        op.execute("insert into returned_value select * from returned_value_kept")
        op.execute("drop table returned_value_kept")
    else:
        op.drop_constraint(LINK, TABLE, type_="foreignkey")
        op.drop_column(TABLE, "batch_id")
    for table, columns in reversed(_columns().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _columns() -> dict[str, list[sa.Column[Any]]]:
    return {
        "import_row": [
            sa.Column("choice", sa.String(length=32), nullable=False, server_default=""),
            sa.Column("alternatives", sa.JSON(), nullable=False, server_default="{}"),
        ],
        "import_batch": [sa.Column("reason", sa.Text(), nullable=False, server_default="")],
    }
