"""A quarter is closed in turns: until it is sealed nobody sees it and it may go again; from then on nothing changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ROWS = ("snapshot_row", "snapshot_change")
HEAD = "snapshot"
SEALED = "select 1 from snapshot where id in ({}) and sealed"
UNSEALED = "delete from {} where snapshot_id in (select id from snapshot where not sealed)"


def upgrade() -> None:
    op.add_column(HEAD, sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.true()))
    dialect = op.get_bind().dialect.name
    for statement in (*_drops(dialect), *guards(dialect)):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in _undone(dialect):
        op.execute(statement)
    for table in ROWS:
        op.execute(UNSEALED.format(table))
    op.execute("delete from snapshot where not sealed")
    op.execute(f"alter table {HEAD} drop column sealed")  # in place: the table is pointed at
    for statement in _as_before(dialect):
        op.execute(statement)


def guards(dialect: str) -> list[str]:
    """Triggers that refuse to change, delete or add to what is sealed."""
    if dialect == "sqlite":
        return [
            *(
                f"create trigger {HEAD}_no_{verb} before {verb} on {HEAD} when old.sealed "
                f"begin select raise(abort, '{HEAD} is append-only'); end"
                for verb in ("update", "delete")
            ),
            *(
                f"create trigger {table}_no_{verb} before {verb} on {table} "
                f"when exists ({SEALED.format(ids)}) "
                f"begin select raise(abort, '{table} is append-only'); end"
                for table in ROWS
                for verb, ids in (
                    ("insert", "new.snapshot_id"),
                    ("update", "old.snapshot_id, new.snapshot_id"),
                    ("delete", "old.snapshot_id"),
                )
            ),
        ]
    refuse = "raise exception '% is append-only', tg_table_name; end if; "
    answer = "if tg_op = 'DELETE' then return old; end if; return new; end $$"
    return [
        "create function refuse_sealed_change() returns trigger language plpgsql as "
        f"$$ begin if old.sealed then {refuse}{answer}",
        "create function refuse_sealed_row_change() returns trigger language plpgsql as "
        f"$$ begin if exists ({SEALED.format('old.snapshot_id, new.snapshot_id')}) then {refuse}{answer}",
        f"create trigger {HEAD}_no_change before update or delete on {HEAD} for each row "
        "execute function refuse_sealed_change()",
        *(
            f"create trigger {table}_no_change before insert or update or delete on {table} for each row "
            "execute function refuse_sealed_row_change()"
            for table in ROWS
        ),
    ]


def _drops(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [f"drop trigger {table}_no_{verb}" for table in (HEAD, *ROWS) for verb in ("update", "delete")]
    return [f"drop trigger {table}_no_change on {table}" for table in (HEAD, *ROWS)]


def _undone(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [*_drops(dialect), *(f"drop trigger {table}_no_insert" for table in ROWS)]
    return [*_drops(dialect), "drop function refuse_sealed_change()", "drop function refuse_sealed_row_change()"]


def _as_before(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"create trigger {table}_no_{verb} before {verb} on {table} "
            f"begin select raise(abort, '{table} is append-only'); end"
            for table in (HEAD, *ROWS)
            for verb in ("update", "delete")
        ]
    return [
        f"create trigger {table}_no_change before update or delete on {table} for each row "
        "execute function refuse_snapshot_change()"
        for table in (HEAD, *ROWS)
    ]
