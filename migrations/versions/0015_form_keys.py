"""Keys of forms, so that what is pressed twice is done once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_key",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answer_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_form_key")),
    )
    with op.batch_alter_table("form_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_key_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_key_answer_until"), ["answer_until"], unique=False)


def downgrade() -> None:
    op.drop_table("form_key")
