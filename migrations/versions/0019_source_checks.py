"""When each row of the reference data was held against its source, and the place in it; append by append."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_check",
        sa.Column("file", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(160), primary_key=True),
        sa.Column("checked_on", sa.Date(), primary_key=True),
        sa.Column("clause", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("source_check")
