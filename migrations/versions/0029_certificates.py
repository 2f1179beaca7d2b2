"""Offices certify their part of a quarter; what an open quarter says of each firm is kept, and the database notes changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment, money

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# What an open quarter says of a firm follows from these tables, and the columns that name the firm; a release that reads
# another adds its watch (tests/quarters/test_lines.py looks).
OF_FIRMS = {
    "firm": ("id",),
    "former_name": ("firm_id",),
    "pathway_event": ("firm_id",),
    "figure": ("firm_id",),
    "document": ("firm_id",),
    "merge": ("winner_id", "folded_id"),
}
FROM_MERGE = "insert into quarter_touch (firm_id) select {} from merge where id = new.merge_id"
FROM_IMPORT = "insert into quarter_touch (firm_id) select id from firm where batch_id = new.id"
COMMON = (
    "division", "industry", "industry_mapping", "office", "office_alias", "parameter", "reference_version", "routing",
    "snapshot", "threshold", "zone_town",
)  # fmt: skip
VERBS = ("insert", "update", "delete")
IN_FORCE = sa.text("ended_at is null")


def upgrade() -> None:
    op.create_table(
        "quarter_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_quarter_certificate_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_quarter_certificate_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_certificate")),
    )
    op.create_index("ix_quarter_certificate_quarter", "quarter_certificate", ["quarter"])
    op.create_index(
        "uq_quarter_certificate_in_force",
        "quarter_certificate",
        ["quarter", "office_id"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_table(
        "certify_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_certify_extension_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_certify_extension_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certify_extension")),
    )
    op.create_index("ix_certify_extension_quarter", "certify_extension", ["quarter"])
    _kept()
    for statement in watches(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in _unwatched(op.get_bind().dialect.name):
        op.execute(statement)
    for table in ("quarter_basis", "quarter_touch", "quarter_drawing", "quarter_line"):
        op.drop_table(table)
    op.drop_table("certify_extension")
    op.drop_table("quarter_certificate")


def _kept() -> None:
    op.create_table(
        "quarter_line",
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("firm_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("lead_bureau_id", sa.Integer(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("county", sa.String(length=12), nullable=True),
        sa.Column("division", sa.String(length=40), nullable=True),
        sa.Column("industry", sa.String(length=2), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=True),
        sa.Column("tier", sa.String(length=1), nullable=True),
        sa.Column("division_code", sa.String(length=12), nullable=True),
        sa.Column("revenue", money(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", "firm_id", name=op.f("pk_quarter_line")),
    )
    op.create_table(
        "quarter_drawing",
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("basis", sa.String(length=100), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_quarter_drawing")),
    )
    op.create_table(
        "quarter_touch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_touch")),
    )
    basis = op.create_table(
        "quarter_basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_basis")),
    )
    op.bulk_insert(basis, [{"id": 1, "number": 1}])


def watches(dialect: str) -> list[str]:
    """Triggers that note which firm was written of, and count what is the same for every firm."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    def trigger(table: str, verb: str, does: str, when: str = "") -> str:
        return f"create trigger {table}_touches_{verb} after {verb} on {table} {when}begin {does}; end"

    def note(row: str, columns: tuple[str, ...]) -> str:
        return "; ".join(f"insert into quarter_touch (firm_id) values ({row}.{column})" for column in columns)  # noqa: S608

    found = []
    for table, columns in OF_FIRMS.items():
        rows = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}
        found += [trigger(table, verb, "; ".join(note(row, columns) for row in rows[verb])) for verb in VERBS]
    of_a_firm = "when new.subject_kind = 'firm' and new.subject_id is not null "
    found.append(trigger("trail_entry", "insert", note("new", ("subject_id",)), of_a_firm))
    both = "; ".join(FROM_MERGE.format(side) for side in ("winner_id", "folded_id"))
    found += [trigger("merge_move", verb, both) for verb in ("insert", "update")]
    found.append(trigger("import_batch", "update", FROM_IMPORT, "when old.arriving is not new.arriving "))
    count = "update quarter_basis set number = number + 1"
    return [*found, *(trigger(table, verb, count) for table in COMMON for verb in VERBS)]


def _postgresql() -> list[str]:
    def function(name: str, body: str) -> str:
        return f"create function {name}() returns trigger language plpgsql as $$ begin {body}; return null; end $$"

    def trigger(table: str, verbs: str, does: str, each: str = "row", when: str = "") -> str:
        return f"create trigger {table}_touches after {verbs} on {table} for each {each} {when}execute function {does}"

    one = (
        "insert into quarter_touch (firm_id) select ({0} ->> c)::int from unnest(tg_argv) c where {0} ->> c is not null"
    )
    either = (
        f"if tg_op <> 'INSERT' then {one.format('to_jsonb(old)')}; end if; "
        f"if tg_op <> 'DELETE' then {one.format('to_jsonb(new)')}; end if"
    )
    both = "; ".join(FROM_MERGE.format(side) for side in ("winner_id", "folded_id"))
    every = "insert or update or delete"
    of_a_firm = "when (new.subject_kind = 'firm') "
    return [
        function("touch_firm", either),
        function("touch_merged", both),
        function("touch_imported", FROM_IMPORT),
        function("count_basis", "update quarter_basis set number = number + 1"),
        *(
            trigger(table, every, "touch_firm({})".format(", ".join(f"'{column}'" for column in columns)))
            for table, columns in OF_FIRMS.items()
        ),
        trigger("trail_entry", "insert", "touch_firm('subject_id')", when=of_a_firm),
        trigger("merge_move", "insert or update", "touch_merged()"),
        trigger(
            "import_batch", "update", "touch_imported()", when="when (old.arriving is distinct from new.arriving) "
        ),
        *(trigger(table, f"{every} or truncate", "count_basis()", "statement") for table in COMMON),
    ]


def _unwatched(dialect: str) -> list[str]:
    if dialect == "sqlite":
        names = [(table, verb) for table in (*OF_FIRMS, *COMMON) for verb in VERBS]
        some = [
            ("trail_entry", "insert"),
            ("merge_move", "insert"),
            ("merge_move", "update"),
            ("import_batch", "update"),
        ]
        return [f"drop trigger {table}_touches_{verb}" for table, verb in (*names, *some)]
    tables = (*OF_FIRMS, "trail_entry", "merge_move", "import_batch", *COMMON)
    functions = ("touch_firm", "touch_merged", "touch_imported", "count_basis")
    return [
        *(f"drop trigger {table}_touches on {table}" for table in tables),
        *(f"drop function {name}()" for name in functions),
    ]
