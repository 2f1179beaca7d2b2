"""Reference data has valid dates: later versions of a row in a table of their own, and the days that are no working days.

What is there already holds as before: without dates, from the beginning and until something follows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

DATED = ("division", "zone_town", "office", "office_alias", "return_reason", "exit_reason", "material", "routing")
SUCCEEDED = ("division", "office")


def upgrade() -> None:
    for table in DATED:
        for name in ("valid_from", "valid_to"):
            if table != "material":  # it has had them from the first
                op.add_column(table, sa.Column(name, sa.Date(), nullable=True))
    for table in SUCCEEDED:
        op.add_column(table, sa.Column("successor", sa.String(32), nullable=True))
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
    )
    op.create_table(
        "reference_version",
        sa.Column("file", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(160), primary_key=True),
        sa.Column("valid_from", sa.Date(), primary_key=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Integer(), sa.ForeignKey("rule_draft.id"), nullable=True),
    )
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("reference_version")
    op.drop_table("holiday")
    for table in SUCCEEDED:
        op.drop_column(table, "successor")
    for table in DATED:
        for name in ("valid_from", "valid_to"):
            if table != "material":
                op.drop_column(table, name)


def _guards(dialect: str) -> list[str]:
    """A published version is never changed or deleted, as those of lines and settings (0014)."""
    table = "reference_version"
    if dialect == "sqlite":
        held = (
            "when exists (select 1 from reference_version "
            "where file = new.file and key = new.key and valid_from = new.valid_from) "
        )
        return [
            f"create trigger {table}_no_{verb} before {verb} on {table} {when}"
            f"begin select raise(abort, '{table} is append-only'); end"
            for verb, when in (("update", ""), ("delete", ""), ("insert", held))
        ]
    return [
        f"create trigger {table}_no_{name} before {verbs} on {table} for each {each} "
        f"execute function refuse_rule_change()"
        for name, verbs, each in (("change", "update or delete", "row"), ("truncate", "truncate", "statement"))
    ]
