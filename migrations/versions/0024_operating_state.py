"""Whether a firm is in business, as of which day, and who says so. Nobody has said so of a firm that is there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("firm", sa.Column("operating_state", sa.String(length=32), nullable=True))
    op.add_column("firm", sa.Column("operating_state_on", sa.Date(), nullable=True))
    op.add_column("firm", sa.Column("operating_state_source", sa.String(length=200), nullable=False, server_default=""))


def downgrade() -> None:
    for column in ("operating_state_source", "operating_state_on", "operating_state"):
        op.drop_column("firm", column)
