"""All tables of the first release, and the triggers that make the trail append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Fixed, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# The trail takes new rows and nothing else, whoever asks.
GUARDS = {
    "sqlite": (
        "create trigger trail_entry_no_update before update on trail_entry "
        "begin select raise(abort, 'the trail is append-only'); end",
        "create trigger trail_entry_no_delete before delete on trail_entry "
        "begin select raise(abort, 'the trail is append-only'); end",
    ),
    "postgresql": (
        "create function refuse_trail_change() returns trigger language plpgsql as "
        "$$ begin raise exception 'the trail is append-only'; end $$",
        "create trigger trail_entry_no_change before update or delete on trail_entry "
        "for each row execute function refuse_trail_change()",
        "create trigger trail_entry_no_truncate before truncate on trail_entry "
        "for each statement execute function refuse_trail_change()",
    ),
}
UNGUARD = {
    "sqlite": ("drop trigger trail_entry_no_update", "drop trigger trail_entry_no_delete"),
    "postgresql": (
        "drop trigger trail_entry_no_change on trail_entry",
        "drop trigger trail_entry_no_truncate on trail_entry",
        "drop function refuse_trail_change()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "division",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("short_name", sa.String(length=30), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.Column("statistical_county", sa.String(length=12), nullable=True),
        sa.Column("excluded_reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["division.code"], name=op.f("fk_division_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_division")),
    )
    op.create_table(
        "industry",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("parent", sa.String(length=4), nullable=True),
        sa.Column("section", sa.String(length=1), nullable=False),
        sa.Column("in_scope", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year", "code", name=op.f("pk_industry")),
    )
    op.create_table(
        "industry_mapping",
        sa.Column("code_2011", sa.String(length=4), nullable=False),
        sa.Column("code_2017", sa.String(length=4), nullable=False),
        sa.Column("relation", sa.String(length=32), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code_2011", "code_2017", name=op.f("pk_industry_mapping")),
    )
    op.create_table(
        "login_counter",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("window_start", Moment(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_counter")),
    )
    with op.batch_alter_table("login_counter", schema=None) as batch_op:
        batch_op.create_index("ix_login_counter_window", ["window_start"], unique=False)

    op.create_table(
        "material",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("requirement", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_material")),
    )
    op.create_table(
        "parameter",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", "valid_from", name=op.f("pk_parameter")),
    )
    op.create_table(
        "return_reason",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_return_reason")),
    )
    op.create_table(
        "threshold",
        sa.Column("rule_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("industry_prefixes", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("amount_yuan", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("or_employees", sa.Integer(), nullable=True),
        sa.Column("annual_from", sa.Integer(), nullable=True),
        sa.Column("annual_to", sa.Integer(), nullable=True),
        sa.Column("periodic_from", sa.Date(), nullable=True),
        sa.Column("periodic_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind in ('statutory', 'admission')", name=op.f("ck_threshold_kind")),
        sa.PrimaryKeyConstraint("rule_id", "version", name=op.f("pk_threshold")),
    )
    op.create_table(
        "trail_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["division"], ["division.code"], name=op.f("fk_office_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("code", name=op.f("uq_office_code")),
    )
    op.create_table(
        "zone_town",
        sa.Column("zone", sa.String(length=12), nullable=False),
        sa.Column("town", sa.String(length=12), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["town"], ["division.code"], name=op.f("fk_zone_town_town")),
        sa.ForeignKeyConstraint(["zone"], ["division.code"], name=op.f("fk_zone_town_zone")),
        sa.PrimaryKeyConstraint("zone", "town", name=op.f("pk_zone_town")),
    )
    op.create_table(
        "office_alias",
        sa.Column("alias", sa.String(length=80), nullable=False),
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["office.code"], name=op.f("fk_office_alias_office")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_office_alias")),
    )
    op.create_table(
        "routing",
        sa.Column("industry_prefix", sa.String(length=4), nullable=False),
        sa.Column("lead", sa.String(length=32), nullable=False),
        sa.Column("co_bureaus", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lead"], ["office.code"], name=op.f("fk_routing_lead")),
        sa.PrimaryKeyConstraint("industry_prefix", name=op.f("pk_routing")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("password_changed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_user_account_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_account_office_id"), ["office_id"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("heading_row", sa.Integer(), nullable=True),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("message_values", sa.JSON(), nullable=False),
        sa.Column("ordered_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False),
        sa.Column("blank", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("touched_at", Moment(), nullable=False),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_import_batch_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_import_batch_office_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["user_account.id"], name=op.f("fk_import_batch_ordered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_office_id"), ["office_id"], unique=False)

    op.create_table(
        "trail_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("office_code", sa.String(length=32), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("subject_label", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_trail_entry_actor_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trail_entry")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index("ix_trail_entry_actor_id_seq", ["actor_id", "seq"], unique=False)
        batch_op.create_index("ix_trail_entry_subject", ["subject_kind", "subject_id", "seq"], unique=False)

    op.create_table(
        "web_session",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_web_session_user_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_web_session")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "firm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("no_code_reason", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("parts_key", sa.String(length=240), nullable=False),
        sa.Column("core_key", sa.String(length=200), nullable=False),
        sa.Column("organisation_code", sa.String(length=9), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("stage_on", sa.Date(), nullable=False),
        sa.Column("watch_reason", sa.Text(), nullable=False),
        sa.Column("first_time", sa.Boolean(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=True),
        sa.Column("statistical_county", sa.String(length=12), nullable=True),
        sa.Column("town", sa.String(length=12), nullable=True),
        sa.Column("registered_address", sa.Text(), nullable=False),
        sa.Column("operating_address", sa.Text(), nullable=False),
        sa.Column("industry", sa.String(length=4), nullable=True),
        sa.Column("industry_year", sa.Integer(), nullable=False),
        sa.Column("industry_confirmed", sa.Boolean(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("lead_bureau_id", sa.Integer(), nullable=True),
        sa.Column("co_bureaus", sa.Text(), nullable=False),
        sa.Column("legal_form", sa.String(length=32), nullable=True),
        sa.Column("unit_kind", sa.String(length=32), nullable=True),
        sa.Column("deemed_approval", sa.Text(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("capital", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("capital_currency", sa.String(length=3), nullable=False),
        sa.Column("accounting", sa.String(length=32), nullable=True),
        sa.Column("taxpayer_kind", sa.String(length=32), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("door", sa.String(length=32), nullable=True),
        sa.Column("qualifications", sa.Text(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.String(length=40), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("standing_year", sa.Integer(), nullable=True),
        sa.Column("revenue_last_year", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("revenue_to_date", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("to_month", sa.Integer(), nullable=True),
        sa.Column("revenue_same_period", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("vat_sales", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("statutory_line", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("admission_line", Fixed(precision=16, scale=2), nullable=True),
        sa.Column("rate", Fixed(precision=12, scale=4), nullable=True),
        sa.Column("tier", sa.String(length=1), nullable=True),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stage in ('lead', 'proposed', 'under_review', 'returned', 'withdrawn', 'rejected', 'admitted', 'qualified', 'filed', 'in_chain', 'enrolled', 'removed', 'delisted', 'merged')",
            name=op.f("ck_firm_stage"),
        ),
        sa.CheckConstraint("credit_code is null or length(credit_code) = 18", name=op.f("ck_firm_credit_code_length")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_firm_batch_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_firm_created_by_id")),
        sa.ForeignKeyConstraint(["division"], ["division.code"], name=op.f("fk_firm_division")),
        sa.ForeignKeyConstraint(["lead_bureau_id"], ["office.id"], name=op.f("fk_firm_lead_bureau_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["firm.id"], name=op.f("fk_firm_merged_into_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_firm_office_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["firm.id"], name=op.f("fk_firm_parent_id")),
        sa.ForeignKeyConstraint(["town"], ["division.code"], name=op.f("fk_firm_town")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm")),
    )
    with op.batch_alter_table("firm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_firm_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_core_key"), ["core_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_industry"), ["industry"], unique=False)
        batch_op.create_index("ix_firm_lead_bureau_id_id", ["lead_bureau_id", "id"], unique=False)
        batch_op.create_index(
            "ix_firm_ledger",
            [
                "stage",
                "statistical_county",
                "office_id",
                "division",
                "lead_bureau_id",
                "co_bureaus",
                "industry",
                "tier",
                "revenue_to_date",
                "revenue_last_year",
                "missing",
                "credit_code",
                "name_key",
                "name",
                "voided_at",
            ],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_firm_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_name_key"), ["name_key"], unique=False)
        batch_op.create_index("ix_firm_office_id_id", ["office_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_organisation_code"), ["organisation_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_parts_key"), ["parts_key"], unique=False)
        batch_op.create_index("ix_firm_stage_id", ["stage", "id"], unique=False)
        batch_op.create_index("ix_firm_statistical_county_id", ["statistical_county", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_firm_tier"), ["tier"], unique=False)
        batch_op.create_index(
            "ix_firm_watched",
            ["stage"],
            unique=False,
            sqlite_where=sa.text("watch_reason <> ''"),
            postgresql_where=sa.text("watch_reason <> ''"),
        )
        batch_op.create_index(
            "uq_firm_credit_code",
            ["credit_code"],
            unique=True,
            sqlite_where=sa.text("voided_at is null"),
            postgresql_where=sa.text("voided_at is null"),
        )

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_claim_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_claim_decided_by_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_claim_firm_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_claim_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_firm_id"), ["firm_id"], unique=False)
        batch_op.create_index(
            "uq_claim_open_firm_office",
            ["firm_id", "office_id"],
            unique=True,
            sqlite_where=sa.text("decided_at is null"),
            postgresql_where=sa.text("decided_at is null"),
        )

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("material", sa.String(length=8), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=True),
        sa.Column("month", sa.SmallInteger(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_document_by_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_document_firm_id")),
        sa.ForeignKeyConstraint(["material"], ["material.code"], name=op.f("fk_document_material")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_document_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_document_stored_name")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_firm_id"), ["firm_id"], unique=False)

    op.create_table(
        "former_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("parts_key", sa.String(length=240), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_former_name_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_name")),
    )
    with op.batch_alter_table("former_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_name_firm_id"), ["firm_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_former_name_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_former_name_parts_key"), ["parts_key"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("parts_key", sa.String(length=240), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("matches", sa.JSON(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("firm_version", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_import_row_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_import_row_batch_id_number")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index("ix_import_row_batch_id_kind_number", ["batch_id", "kind", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_row_firm_id"), ["firm_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("reviewing_office_id", sa.Integer(), nullable=True),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=True),
        sa.Column("waiting_since", Moment(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_proposal_firm_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_proposal_office_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["user_account.id"], name=op.f("fk_proposal_proposer_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user_account.id"], name=op.f("fk_proposal_reviewer_id")),
        sa.ForeignKeyConstraint(["reviewing_office_id"], ["office.id"], name=op.f("fk_proposal_reviewing_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_firm_id"), ["firm_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_office_id"), ["office_id"], unique=False)
        batch_op.create_index(
            "ix_proposal_reviewing_office_id_outcome", ["reviewing_office_id", "outcome"], unique=False
        )
        batch_op.create_index(
            "uq_proposal_open_firm",
            ["firm_id"],
            unique=True,
            sqlite_where=sa.text("outcome is null"),
            postgresql_where=sa.text("outcome is null"),
        )

    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("amount", Fixed(precision=16, scale=2), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.CheckConstraint("kind in ('revenue', 'vat_sales')", name=op.f("ck_figure_kind")),
        sa.CheckConstraint("month between 0 and 12", name=op.f("ck_figure_month")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_figure_batch_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_figure_by_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_figure_document_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_figure_firm_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_figure_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        sa.UniqueConstraint(
            "firm_id", "kind", "year", "month", "revision", name=op.f("uq_figure_firm_id_kind_year_month_revision")
        ),
    )
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_figure_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_figure_firm_id"), ["firm_id"], unique=False)

    op.create_table(
        "pathway_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=True),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.String(length=8), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_pathway_event_actor_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_pathway_event_firm_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_pathway_event_office_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_pathway_event_proposal_id")),
        sa.ForeignKeyConstraint(["reason_code"], ["return_reason.code"], name=op.f("fk_pathway_event_reason_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway_event")),
    )
    with op.batch_alter_table("pathway_event", schema=None) as batch_op:
        batch_op.create_index("ix_pathway_event_firm_id_on", ["firm_id", "on"], unique=False)
        batch_op.create_index(batch_op.f("ix_pathway_event_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "returned_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_returned_cell_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_cell")),
        sa.UniqueConstraint("proposal_id", "round", "field", name=op.f("uq_returned_cell_proposal_id_round_field")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_submission_by_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_submission_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("proposal_id", "round", name=op.f("uq_submission_proposal_id_round")),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_dispute_by_id")),
        sa.ForeignKeyConstraint(["figure_id"], ["figure.id"], name=op.f("fk_dispute_figure_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_dispute_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_figure_id"), ["figure_id"], unique=False)
    head = sa.table("trail_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in UNGUARD[op.get_bind().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_figure_id"))

    op.drop_table("dispute")
    op.drop_table("submission")
    op.drop_table("returned_cell")
    with op.batch_alter_table("pathway_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pathway_event_proposal_id"))
        batch_op.drop_index("ix_pathway_event_firm_id_on")

    op.drop_table("pathway_event")
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_figure_firm_id"))
        batch_op.drop_index(batch_op.f("ix_figure_batch_id"))

    op.drop_table("figure")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_open_firm",
            sqlite_where=sa.text("outcome is null"),
            postgresql_where=sa.text("outcome is null"),
        )
        batch_op.drop_index("ix_proposal_reviewing_office_id_outcome")
        batch_op.drop_index(batch_op.f("ix_proposal_office_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_firm_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_row_firm_id"))
        batch_op.drop_index("ix_import_row_batch_id_kind_number")

    op.drop_table("import_row")
    with op.batch_alter_table("former_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_name_parts_key"))
        batch_op.drop_index(batch_op.f("ix_former_name_name_key"))
        batch_op.drop_index(batch_op.f("ix_former_name_firm_id"))

    op.drop_table("former_name")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_firm_id"))

    op.drop_table("document")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_claim_open_firm_office",
            sqlite_where=sa.text("decided_at is null"),
            postgresql_where=sa.text("decided_at is null"),
        )
        batch_op.drop_index(batch_op.f("ix_claim_firm_id"))

    op.drop_table("claim")
    with op.batch_alter_table("firm", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_firm_credit_code",
            sqlite_where=sa.text("voided_at is null"),
            postgresql_where=sa.text("voided_at is null"),
        )
        batch_op.drop_index(
            "ix_firm_watched",
            sqlite_where=sa.text("watch_reason <> ''"),
            postgresql_where=sa.text("watch_reason <> ''"),
        )
        batch_op.drop_index(batch_op.f("ix_firm_tier"))
        batch_op.drop_index("ix_firm_statistical_county_id")
        batch_op.drop_index("ix_firm_stage_id")
        batch_op.drop_index(batch_op.f("ix_firm_parts_key"))
        batch_op.drop_index(batch_op.f("ix_firm_parent_id"))
        batch_op.drop_index(batch_op.f("ix_firm_organisation_code"))
        batch_op.drop_index("ix_firm_office_id_id")
        batch_op.drop_index(batch_op.f("ix_firm_name_key"))
        batch_op.drop_index(batch_op.f("ix_firm_merged_into_id"))
        batch_op.drop_index("ix_firm_ledger")
        batch_op.drop_index("ix_firm_lead_bureau_id_id")
        batch_op.drop_index(batch_op.f("ix_firm_industry"))
        batch_op.drop_index(batch_op.f("ix_firm_core_key"))
        batch_op.drop_index(batch_op.f("ix_firm_batch_id"))

    op.drop_table("firm")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_user_id"))

    op.drop_table("web_session")
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_entry_subject")
        batch_op.drop_index("ix_trail_entry_actor_id_seq")

    op.drop_table("trail_entry")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_office_id"))

    op.drop_table("import_batch")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_office_id"))

    op.drop_table("user_account")
    op.drop_table("routing")
    op.drop_table("office_alias")
    op.drop_table("zone_town")
    op.drop_table("office")
    op.drop_table("trail_head")
    op.drop_table("threshold")
    op.drop_table("return_reason")
    op.drop_table("parameter")
    op.drop_table("material")
    with op.batch_alter_table("login_counter", schema=None) as batch_op:
        batch_op.drop_index("ix_login_counter_window")

    op.drop_table("login_counter")
    op.drop_table("industry_mapping")
    op.drop_table("industry")
    op.drop_table("division")
