"""Intake windows, papers, filings with their levels, the yearly re-check."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Fixed, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What a level said, and in which state a paper was, stands as it was written, like the trail.
GUARDED = ("level_result", "paper_state")


# What a material's row says beside its name: must it bear a seal, does it speak of one period, since when and until when.
MATERIAL = (
    ("sealed", sa.Boolean(), False),
    ("periodic", sa.Boolean(), False),
    ("valid_from", sa.Date(), True),
    ("valid_to", sa.Date(), True),
)


def upgrade() -> None:
    for name, kind, nullable in MATERIAL:
        default = None if nullable else sa.false()
        op.add_column("material", sa.Column(name, kind, nullable=nullable, server_default=default))
    op.create_table(
        "intake_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("batch", sa.String(length=60), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("statement_year", sa.SmallInteger(), nullable=False),
        sa.Column("statement_month", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_intake_window_order")),
        sa.CheckConstraint("statement_month between 1 and 12", name=op.f("ck_intake_window_statement_month")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_intake_window_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_window")),
    )
    with op.batch_alter_table("intake_window", schema=None) as batch_op:
        batch_op.create_index("ix_intake_window_year_closes_on", ["year", "closes_on"], unique=False)

    op.create_table(
        "filing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("effective_year", sa.SmallInteger(), nullable=True),
        sa.Column("effective_month", sa.SmallInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("first_time", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome is null or outcome in ('returned', 'enrolled')", name=op.f("ck_filing_outcome")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_filing_by_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_filing_firm_id")),
        sa.ForeignKeyConstraint(["window_id"], ["intake_window.id"], name=op.f("fk_filing_window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
    )
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.create_index("ix_filing_firm_id_id", ["firm_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_filing_window_id"), ["window_id"], unique=False)
        batch_op.create_index(
            "uq_filing_open_firm",
            ["firm_id"],
            unique=True,
            sqlite_where=sa.text("outcome is null"),
            postgresql_where=sa.text("outcome is null"),
        )

    op.create_table(
        "recheck",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("amount", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("line", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("rule_id", sa.String(length=40), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.Column("leave_by", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("outcome in ('stays', 'leaves', 'open')", name=op.f("ck_recheck_outcome")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_recheck_by_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_recheck_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck")),
        sa.UniqueConstraint("firm_id", "year", "round", name=op.f("uq_recheck_firm_id_year_round")),
    )
    op.create_table(
        "level_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.String(length=8), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("level in ('county', 'city', 'province', 'national')", name=op.f("ck_level_result_level")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_level_result_by_id")),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_level_result_filing_id")),
        sa.ForeignKeyConstraint(["reason_code"], ["return_reason.code"], name=op.f("fk_level_result_reason_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_result")),
    )
    with op.batch_alter_table("level_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_level_result_filing_id"), ["filing_id"], unique=False)

    op.create_table(
        "paper_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("material", sa.String(length=8), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("state in ('held', 'missing', 'requested', 'waived')", name=op.f("ck_paper_state_state")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_paper_state_by_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_paper_state_document_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_paper_state_firm_id")),
        sa.ForeignKeyConstraint(["material"], ["material.code"], name=op.f("fk_paper_state_material")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_paper_state_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_state")),
    )
    with op.batch_alter_table("paper_state", schema=None) as batch_op:
        batch_op.create_index("ix_paper_state_firm_id_year_month", ["firm_id", "year", "month"], unique=False)

    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("paper_state")
    op.drop_table("level_result")
    op.drop_table("recheck")
    op.drop_table("filing")
    op.drop_table("intake_window")
    for name, _kind, _nullable in reversed(MATERIAL):
        op.drop_column("material", name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function refuse_filing_change()")


def guards(dialect: str) -> list[str]:
    """Triggers that refuse to change or delete a row."""
    if dialect == "sqlite":
        return [
            f"create trigger {table}_no_{verb} before {verb} on {table} "
            f"begin select raise(abort, '{table} is append-only'); end"
            for table in GUARDED
            for verb in ("update", "delete")
        ]
    return [
        "create function refuse_filing_change() returns trigger language plpgsql as "
        "$$ begin raise exception '% is append-only', tg_table_name; end $$",
        *(
            f"create trigger {table}_no_{name} before {verbs} on {table} for each {each} "
            f"execute function refuse_filing_change()"
            for table in GUARDED
            for name, verbs, each in (("change", "update or delete", "row"), ("truncate", "truncate", "statement"))
        ),
    ]
