"""Institutions; kinds of cases, cases, and what belongs to them; a published kind stays as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment, money

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

APPEND_ONLY = ("case_event", "case_cell")
FIXED = {"case_notice": ("number", "kind_id", "title", "text", "lines", "first_day", "last_day")}
"""Columns that never change once the row is there."""


def upgrade() -> None:
    op.create_table(
        "case_cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind_group", sa.String(length=32), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_case_cohort_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_cohort")),
        sa.UniqueConstraint("kind_group", "year", name=op.f("uq_case_cohort_kind_group_year")),
    )
    op.create_table(
        "case_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind_group", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True),
        sa.Column("prepared_by_name", sa.String(length=40), nullable=False),
        sa.Column("prepared_at", Moment(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_by_name", sa.String(length=40), nullable=False),
        sa.Column("published_at", Moment(), nullable=True),
        sa.CheckConstraint("state in ('draft', 'published', 'dropped')", name=op.f("ck_case_kind_state")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["user_account.id"], name=op.f("fk_case_kind_prepared_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user_account.id"], name=op.f("fk_case_kind_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_kind")),
        sa.UniqueConstraint("code", "edition", name=op.f("uq_case_kind_code_edition")),
    )
    op.create_index(
        "uq_case_kind_draft",
        "case_kind",
        ["code"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_table(
        "case_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("unannounced", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_case_notice_by_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["case_kind.id"], name=op.f("fk_case_notice_kind_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_case_notice_number")),
    )
    op.create_table(
        "institution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("body_name", sa.String(length=200), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("head", sa.String(length=40), nullable=False),
        sa.Column("contact_name", sa.String(length=40), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("firm_id is null or body_name = ''", name=op.f("ck_institution_one_owner")),
        sa.CheckConstraint(
            "credit_code is null or length(credit_code) = 18", name=op.f("ck_institution_credit_code_length")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_institution_by_id")),
        sa.ForeignKeyConstraint(["division"], ["division.code"], name=op.f("fk_institution_division")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_institution_firm_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_institution_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
    )
    op.create_index(op.f("ix_institution_firm_id"), "institution", ["firm_id"], unique=False)
    op.create_index(op.f("ix_institution_name_key"), "institution", ["name_key"], unique=False)
    op.create_index(op.f("ix_institution_office_id"), "institution", ["office_id"], unique=False)
    op.create_index(
        "uq_institution_credit_code",
        "institution",
        ["credit_code"],
        unique=True,
        sqlite_where=sa.text("credit_code is not null and voided_at is null"),
        postgresql_where=sa.text("credit_code is not null and voided_at is null"),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("kind_group", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("applicant", sa.String(length=200), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.String(length=60), server_default="", nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("next_step", sa.String(length=200), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("amount", money(), nullable=True),
        sa.Column("slip", sa.JSON(), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount is null or amount >= 0", name=op.f("ck_case_file_amount")),
        sa.ForeignKeyConstraint(["about_id"], ["case_file.id"], name=op.f("fk_case_file_about_id")),
        sa.ForeignKeyConstraint(["bureau_id"], ["office.id"], name=op.f("fk_case_file_bureau_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_case_file_by_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["case_cohort.id"], name=op.f("fk_case_file_cohort_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_case_file_firm_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_case_file_institution_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["case_kind.id"], name=op.f("fk_case_file_kind_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["case_notice.id"], name=op.f("fk_case_file_notice_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_case_file_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    op.create_index(op.f("ix_case_file_about_id"), "case_file", ["about_id"], unique=False)
    op.create_index(op.f("ix_case_file_bureau_id"), "case_file", ["bureau_id"], unique=False)
    op.create_index("ix_case_file_code_state", "case_file", ["code", "state"], unique=False)
    op.create_index(op.f("ix_case_file_cohort_id"), "case_file", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_case_file_firm_id"), "case_file", ["firm_id"], unique=False)
    op.create_index(op.f("ix_case_file_institution_id"), "case_file", ["institution_id"], unique=False)
    op.create_index(op.f("ix_case_file_kind_group"), "case_file", ["kind_group"], unique=False)
    op.create_index(op.f("ix_case_file_notice_id"), "case_file", ["notice_id"], unique=False)
    op.create_index(op.f("ix_case_file_office_id"), "case_file", ["office_id"], unique=False)
    op.create_table(
        "case_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("cell", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_cell_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_cell")),
        sa.UniqueConstraint("case_id", "round", "cell", name=op.f("uq_case_cell_case_id_round_cell")),
    )
    op.create_index(op.f("ix_case_cell_case_id"), "case_cell", ["case_id"], unique=False)
    op.create_table(
        "case_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("check_code", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_certificate_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_certificate")),
        sa.UniqueConstraint("check_code", name=op.f("uq_case_certificate_check_code")),
        sa.UniqueConstraint("number", name=op.f("uq_case_certificate_number")),
    )
    op.create_index(op.f("ix_case_certificate_case_id"), "case_certificate", ["case_id"], unique=False)
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("start", sa.String(length=32), nullable=False),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_case_event_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_event_case_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_case_event_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index(op.f("ix_case_event_case_id"), "case_event", ["case_id"], unique=False)
    op.create_table(
        "case_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=32), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_case_paper_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_paper_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_paper")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_case_paper_stored_name")),
    )
    op.create_index(op.f("ix_case_paper_case_id"), "case_paper", ["case_id"], unique=False)
    op.create_table(
        "case_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("space", sa.String(length=32), nullable=False),
        sa.Column("strict", sa.String(length=300), nullable=False),
        sa.Column("loose", sa.String(length=200), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("shown", sa.String(length=300), nullable=False),
        sa.Column("released_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_use_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_use")),
    )
    op.create_index(op.f("ix_case_use_case_id"), "case_use", ["case_id"], unique=False)
    op.create_index("ix_case_use_loose", "case_use", ["space", "loose"], unique=False)
    op.create_index(
        "uq_case_use_strict",
        "case_use",
        ["space", "strict"],
        unique=True,
        sqlite_where=sa.text("released_at is null"),
        postgresql_where=sa.text("released_at is null"),
    )
    op.create_table(
        "case_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("expert", sa.String(length=40), nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("former_employers", sa.Text(), nullable=False),
        sa.Column("interests", sa.Text(), nullable=False),
        sa.Column("recusal", sa.Text(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("favours", sa.Boolean(), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_case_opinion_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_opinion_case_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["case_paper.id"], name=op.f("fk_case_opinion_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_opinion")),
        sa.UniqueConstraint("case_id", "expert", name=op.f("uq_case_opinion_case_id_expert")),
    )
    op.create_index(op.f("ix_case_opinion_case_id"), "case_opinion", ["case_id"], unique=False)
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        for table in (*APPEND_ONLY, "case_notice", "case_kind"):
            op.execute(f"drop trigger {table}_no_change on {table}")
        for name in ("change", "published"):
            op.execute(f"drop function refuse_case_{name}()")
    op.drop_index(op.f("ix_case_opinion_case_id"), table_name="case_opinion")
    op.drop_table("case_opinion")
    op.drop_index(
        "uq_case_use_strict",
        table_name="case_use",
        sqlite_where=sa.text("released_at is null"),
        postgresql_where=sa.text("released_at is null"),
    )
    op.drop_index("ix_case_use_loose", table_name="case_use")
    op.drop_index(op.f("ix_case_use_case_id"), table_name="case_use")
    op.drop_table("case_use")
    op.drop_index(op.f("ix_case_paper_case_id"), table_name="case_paper")
    op.drop_table("case_paper")
    op.drop_index(op.f("ix_case_event_case_id"), table_name="case_event")
    op.drop_table("case_event")
    op.drop_index(op.f("ix_case_certificate_case_id"), table_name="case_certificate")
    op.drop_table("case_certificate")
    op.drop_index(op.f("ix_case_cell_case_id"), table_name="case_cell")
    op.drop_table("case_cell")
    op.drop_index(op.f("ix_case_file_office_id"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_notice_id"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_kind_group"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_institution_id"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_firm_id"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_cohort_id"), table_name="case_file")
    op.drop_index("ix_case_file_code_state", table_name="case_file")
    op.drop_index(op.f("ix_case_file_bureau_id"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_about_id"), table_name="case_file")
    op.drop_table("case_file")
    op.drop_index(
        "uq_institution_credit_code",
        table_name="institution",
        sqlite_where=sa.text("credit_code is not null and voided_at is null"),
        postgresql_where=sa.text("credit_code is not null and voided_at is null"),
    )
    op.drop_index(op.f("ix_institution_office_id"), table_name="institution")
    op.drop_index(op.f("ix_institution_name_key"), table_name="institution")
    op.drop_index(op.f("ix_institution_firm_id"), table_name="institution")
    op.drop_table("institution")
    op.drop_table("case_notice")
    op.drop_index(
        "uq_case_kind_draft",
        table_name="case_kind",
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.drop_table("case_kind")
    op.drop_table("case_cohort")


def guards(dialect: str) -> list[str]:
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    def trigger(table: str, verb: str, when: str = "", of: str = "") -> str:
        refuse = f"select raise(abort, '{table} is append-only')"
        return f"create trigger {table}_no_{verb} before {verb} {of} on {table} {when} begin {refuse}; end"

    return [
        *(trigger(table, verb) for table in APPEND_ONLY for verb in ("update", "delete")),
        *(trigger(table, "update", of=f"of {', '.join(columns)}") for table, columns in FIXED.items()),
        *(trigger(table, "delete") for table in FIXED),
        *(trigger("case_kind", verb, "when old.state = 'published'") for verb in ("update", "delete")),
    ]


def _postgresql() -> list[str]:
    refuse = "raise exception '% is append-only', tg_table_name;"

    def function(name: str, body: str) -> str:
        back = "if tg_op = 'DELETE' then return old; end if; return new;"
        return f"create function refuse_case_{name}() returns trigger language plpgsql as $$ begin {body} {back} end $$"

    def trigger(table: str, name: str, verbs: str = "update or delete") -> str:
        return (
            f"create trigger {table}_no_change before {verbs} on {table} for each row "
            f"execute function refuse_case_{name}()"
        )

    return [
        function("change", refuse),
        function("published", f"if old.state = 'published' then {refuse} end if;"),
        *(trigger(table, "change") for table in APPEND_ONLY),
        *(trigger(t, "change", f"update of {', '.join(columns)} or delete") for t, columns in FIXED.items()),
        trigger("case_kind", "published"),
    ]
