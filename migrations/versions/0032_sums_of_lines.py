"""Kept lines are found, counted and turned over by the database, and what all of them add up to is kept beside them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import money, sorted_text

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

LINE = (
    ("office_id", sa.Integer(), True), ("lead_bureau_id", sa.Integer(), True), ("listed", sa.Boolean(), False),
    ("held", sa.Boolean(), False), ("county", sa.String(length=12), True), ("division", sa.String(length=40), True),
    ("industry", sa.String(length=2), False), ("stage", sa.String(length=32), True),
    ("tier", sa.String(length=1), True), ("division_code", sa.String(length=12), True), ("revenue", money(), True),
    ("digest", sa.String(length=64), False), ("row", sa.Text(), False), ("changes", sa.Text(), False),
    ("rules", sa.Text(), False),
)  # fmt: skip
FOUND = (("place", sorted_text(), False), ("sought", sa.Text(), False), ("traits", sa.Text(), False))
NAMED = (("proposer", sa.String(length=120), True), ("lead_bureau", sa.String(length=120), True))
CHANGE = (
    ("kind", sa.String(length=32), False), ("way", sa.String(length=40), False), ("listed", sa.Integer(), False),
    ("division", sa.String(length=40), True), *FOUND, ("text", sa.Text(), False),
)  # fmt: skip


def upgrade() -> None:
    _renew(*LINE, *NAMED, *FOUND)
    op.create_index(
        "ix_quarter_line_found", "quarter_line", ["quarter", "held", "place", "firm_id", "sought", "traits"]
    )
    op.create_index("ix_quarter_line_parts", "quarter_line", ["quarter", "office_id", "lead_bureau_id", "digest"])
    op.create_index("ix_quarter_line_quarter_lead_bureau_id", "quarter_line", ["quarter", "lead_bureau_id"])
    _create("quarter_line_change", ("quarter", "firm_id", "number"), *CHANGE)
    op.create_index(
        "ix_quarter_line_change_found",
        "quarter_line_change",
        ["quarter", "place", "firm_id", "number", "sought", "traits"],
    )
    op.add_column("quarter_drawing", sa.Column("sums", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("quarter_drawing") as batch:
        batch.alter_column("sums", server_default=None)
    op.create_index("ix_pathway_event_action_on", "pathway_event", ["action", "on", "firm_id"])


def downgrade() -> None:
    op.drop_index("ix_pathway_event_action_on", "pathway_event")
    with op.batch_alter_table("quarter_drawing") as batch:
        batch.drop_column("sums")
    op.drop_table("quarter_line_change")
    _renew(*LINE)


def _renew(*columns: tuple[str, sa.types.TypeEngine[object], bool]) -> None:
    """What is kept follows from the records: it is thrown away, and drawn again by the worker."""
    op.execute("delete from quarter_drawing")
    op.drop_table("quarter_line")
    _create("quarter_line", ("quarter", "firm_id"), *columns)


def _create(table: str, keys: tuple[str, ...], *columns: tuple[str, sa.types.TypeEngine[object], bool]) -> None:
    of = {"quarter": sa.String(length=6), "firm_id": sa.Integer(), "number": sa.Integer()}
    numbers = {"autoincrement": False}
    op.create_table(
        table,
        *(sa.Column(key, of[key], nullable=False, **({} if key == "quarter" else numbers)) for key in keys),
        *(sa.Column(name, type_, nullable=nullable) for name, type_, nullable in columns),
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{table}")),
    )
