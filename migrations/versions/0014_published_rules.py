"""Published rules are append-only in the database itself; files of reference data may propose a draft."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# A line or setting that verdicts have used stands as it was published; a change is a new row of a later day.
GUARDED = {"threshold": ("rule_id", "version"), "parameter": ("key", "valid_from")}
PREPARED, PROPOSED = "prepared_by_id INTEGER NOT NULL", "prepared_by_id INTEGER"


def upgrade() -> None:
    let_nobody_prepare(True)
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in unguarded(op.get_bind().dialect.name):
        op.execute(statement)
    op.execute(
        "update rule_draft set prepared_by_id = coalesce(decided_by_id, (select min(id) from user_account)) "
        "where prepared_by_id is null"
    )
    let_nobody_prepare(False)


def guards(dialect: str) -> list[str]:
    """Triggers that refuse to change or delete a row; SQLite's `insert or replace` deletes without asking them."""
    if dialect == "sqlite":
        held = "when exists (select 1 from {0} where {1} = new.{1} and {2} = new.{2}) "
        refuse = "begin select raise(abort, '{0} is append-only'); end"
        return [
            f"create trigger {table}_no_{verb} before {verb} on {table} {when}{refuse.format(table)}"
            for table, key in GUARDED.items()
            for verb, when in (("update", ""), ("delete", ""), ("insert", held.format(table, *key)))
        ]
    return [
        "create function refuse_rule_change() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append-only', tg_table_name; end $$",
        *(
            f"create trigger {table}_no_{name} before {verbs} on {table} for each {each} "
            f"execute function refuse_rule_change()"
            for table in GUARDED
            for name, verbs, each in (("change", "update or delete", "row"), ("truncate", "truncate", "statement"))
        ),
    ]


def unguarded(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [f"drop trigger {table}_no_{verb}" for table in GUARDED for verb in ("update", "delete", "insert")]
    names = [f"drop trigger {table}_no_{name} on {table}" for table in GUARDED for name in ("change", "truncate")]
    return [*names, "drop function refuse_rule_change()"]


def let_nobody_prepare(let: bool) -> None:
    """Whether a draft may be without a person who prepared it.

    SQLite keeps the table as text. Rebuilding it would drop the rows that published rules point at, so the text itself
    is changed, as its manual lays down for constraints.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("rule_draft", "prepared_by_id", nullable=let)
        return
    before, after = (PREPARED, PROPOSED) if let else (PROPOSED, PREPARED)
    op.execute("pragma writable_schema = on")
    op.get_bind().execute(
        sa.text(
            "update sqlite_master set sql = replace(sql, :before, :after) where type = 'table' and name = 'rule_draft'"
        ),
        {"before": before, "after": after},
    )
    op.execute("pragma writable_schema = reset")
