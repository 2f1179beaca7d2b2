"""Doubts about a figure until they are settled; which pages and months of a file a paper is; who takes its explanation.

Figures and papers that are there already carry no doubt and are whole files: nobody is moved by this.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)


def downgrade() -> None:
    for table, columns in reversed(_columns().items()):
        for column in reversed(columns):
            op.drop_column(table, column.name)


def _columns() -> dict[str, list[sa.Column[Any]]]:
    return {
        "figure": [
            sa.Column("doubts", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("assurance", sa.Text(), nullable=False, server_default=""),
            sa.Column("settled_at", Moment(), nullable=True),
            sa.Column("settled_by_name", sa.String(length=40), nullable=False, server_default=""),
            sa.Column("settled_note", sa.Text(), nullable=False, server_default=""),
        ],
        "document": [
            sa.Column("first_month", sa.SmallInteger(), nullable=True),
            sa.Column("pages", sa.String(length=40), nullable=False, server_default=""),
            sa.Column("confirmed_at", Moment(), nullable=True),
            sa.Column("confirmed_by_name", sa.String(length=40), nullable=False, server_default=""),
        ],
        "firm": [sa.Column("doubted", sa.String(length=80), nullable=False, server_default="")],
    }
