"""What one administrator asks for and another confirms; the terminal's power ends with the third administrator."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = sa.text("outcome is null")
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("former", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("half", sa.String(length=16), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=40), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_approval_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_approval_decided_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_approval_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_approval_open", ["user_id", "kind"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )
    op.create_table(
        "founding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_founding")),
    )
    _found()


def _found() -> None:
    """Where the three exist already, the terminal's power has ended: else stopping one would give it back."""
    accounts = sa.table("user_account", sa.column("roles", sa.JSON()), sa.column("active", sa.Boolean()))
    bind = op.get_bind()
    held = {role for roles in bind.scalars(sa.select(accounts.c.roles).where(accounts.c.active)) for role in roles}
    if held.issuperset(ADMINISTRATORS):
        founding = sa.table("founding", sa.column("id", sa.Integer()), sa.column("at", Moment()))
        bind.execute(founding.insert().values(id=1, at=datetime.now(UTC)))


def downgrade() -> None:
    op.drop_table("founding")
    op.drop_table("approval")
