"""Which amounts of a firm's standing no paper proves; the standing of every firm is worked out anew after this."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # NULL: nobody has looked yet; `standing.refresh_stale` looks at these firms at the next start or in the next night.
    op.add_column("firm", sa.Column("unproven", sa.String(length=80), nullable=True))


def downgrade() -> None:
    op.drop_column("firm", "unproven")
