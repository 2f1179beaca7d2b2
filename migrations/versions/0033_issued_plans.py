"""An issued version of a plan is what was issued: the database refuses to change it or anything it consists of."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

PARTS = ("plan_paragraph", "plan_target", "plan_measure", "subsidy_item", "working_rule")
"""By their `version_id`; `measure_office` by the version of its measure."""
VERBS = (("insert", "new"), ("update", "old"), ("delete", "old"))


def upgrade() -> None:
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("plan_version", *PARTS, "measure_office"):
        if sqlite:
            for verb, _row in VERBS if table != "plan_version" else VERBS[1:]:
                op.execute(f"drop trigger {table}_no_{verb}")
        else:
            op.execute(f"drop trigger {table}_no_change on {table}")
    if not sqlite:
        for name in ("version", "part", "office"):
            op.execute(f"drop function refuse_issued_plan_{name}()")


def guards(dialect: str) -> list[str]:
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    def trigger(table: str, verb: str, when: str) -> str:
        refuse = f"select raise(abort, '{table} is append-only')"
        return f"create trigger {table}_no_{verb} before {verb} on {table} when {when} begin {refuse}; end"

    part = "(select outcome from plan_version where id = {}.version_id) = 'issued'"
    office = (
        "(select outcome from plan_version join plan_measure on plan_measure.version_id = plan_version.id "
        "where plan_measure.id = {}.measure_id) = 'issued'"
    )
    return [
        *(trigger("plan_version", verb, "old.outcome = 'issued'") for verb in ("update", "delete")),
        *(trigger(table, verb, part.format(row)) for table in PARTS for verb, row in VERBS),
        *(trigger("measure_office", verb, office.format(row)) for verb, row in VERBS),
    ]


def _postgresql() -> list[str]:
    refuse = "raise exception '% is append-only', tg_table_name;"
    back = "if tg_op = 'DELETE' then return old; end if; return new;"
    which = "if tg_op = 'INSERT' then of_row := new.{0}; else of_row := old.{0}; end if;"
    part = "(select outcome from plan_version where id = of_row) = 'issued'"
    office = (
        "(select outcome from plan_version join plan_measure on plan_measure.version_id = plan_version.id "
        "where plan_measure.id = of_row) = 'issued'"
    )

    def function(name: str, body: str, declare: str = "") -> str:
        head = f"create function refuse_issued_plan_{name}() returns trigger language plpgsql as $$ {declare} begin "
        return f"{head}{body} {back} end $$"

    def trigger(table: str, name: str, verbs: str = "insert or update or delete") -> str:
        return (
            f"create trigger {table}_no_change before {verbs} on {table} for each row "
            f"execute function refuse_issued_plan_{name}()"
        )

    declare = "declare of_row integer;"
    return [
        function("version", f"if old.outcome = 'issued' then {refuse} end if;"),
        function("part", f"{which.format('version_id')} if {part} then {refuse} end if;", declare),
        function("office", f"{which.format('measure_id')} if {office} then {refuse} end if;", declare),
        trigger("plan_version", "version", "update or delete"),
        *(trigger(table, "part") for table in PARTS),
        trigger("measure_office", "office"),
    ]
