"""Quarterly bulletins, their wording, what offices say of their numbers, and what is archived; an issued one is fixed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

APPEND_ONLY = ("bulletin_wording", "bulletin_confirmation", "bulletin_file")
OPEN = sa.text("state in ('drafting', 'confirming', 'approved')")
ORIGINAL = sa.text("corrects_id is null and state <> 'withdrawn'")


def upgrade() -> None:
    op.create_table(
        "bulletin_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_bulletin_wording_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_wording")),
        sa.UniqueConstraint("number", name=op.f("uq_bulletin_wording_number")),
    )
    _bulletin()
    op.create_table(
        "bulletin_paragraph",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_paragraph_bulletin_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_bulletin_paragraph_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_paragraph")),
    )
    op.create_index("ix_bulletin_paragraph_bulletin_id", "bulletin_paragraph", ["bulletin_id"])
    op.create_table(
        "bulletin_office",
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_office_bulletin_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_bulletin_office_office_id")),
        sa.PrimaryKeyConstraint("bulletin_id", "office_id", name=op.f("pk_bulletin_office")),
    )
    op.create_index("ix_bulletin_office_office_id", "bulletin_office", ["office_id"])
    op.create_table(
        "bulletin_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_confirmation_bulletin_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_bulletin_confirmation_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_bulletin_confirmation_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_confirmation")),
    )
    op.create_index("ix_bulletin_confirmation_bulletin_id", "bulletin_confirmation", ["bulletin_id"])
    op.create_table(
        "bulletin_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("kind in ('docx', 'pdf')", name=op.f("ck_bulletin_file_kind")),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_file_bulletin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_file")),
        sa.UniqueConstraint("bulletin_id", "kind", name=op.f("uq_bulletin_file_bulletin_id_kind")),
    )
    op.add_column("snapshot", sa.Column("beside", sa.Text(), nullable=False, server_default=""))
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for table in ("file", "confirmation", "office", "paragraph"):
        op.drop_table(f"bulletin_{table}")
    op.drop_table("bulletin")
    op.drop_table("bulletin_wording")
    op.drop_column("snapshot", "beside")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("refuse_bulletin_change", "refuse_issued_change", "refuse_issued_paragraph"):
            op.execute(f"drop function {name}()")


def _bulletin() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("signature", sa.String(length=80), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_by_name", sa.String(length=40), nullable=False),
        sa.Column("drafted_at", Moment(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=True),
        sa.Column("long_reason", sa.Text(), nullable=False),
        sa.Column("without_reason", sa.Text(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_name", sa.String(length=40), nullable=False),
        sa.Column("approved_at", Moment(), nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_by_name", sa.String(length=40), nullable=False),
        sa.Column("issued_at", Moment(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('drafting', 'confirming', 'approved', 'issued', 'withdrawn')", name=op.f("ck_bulletin_state")
        ),
        *(
            sa.ForeignKeyConstraint([f"{name}_by_id"], ["user_account.id"], name=op.f(f"fk_bulletin_{name}_by_id"))
            for name in ("drafted", "approved", "issued")
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["bulletin.id"], name=op.f("fk_bulletin_corrects_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_bulletin_snapshot_id")),
        sa.ForeignKeyConstraint(["wording_id"], ["bulletin_wording.id"], name=op.f("fk_bulletin_wording_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
    )
    op.create_index("ix_bulletin_quarter", "bulletin", ["quarter"])
    for name, which in (("uq_bulletin_open", OPEN), ("uq_bulletin_original", ORIGINAL)):
        op.create_index(name, "bulletin", ["quarter"], unique=True, sqlite_where=which, postgresql_where=which)


def guards(dialect: str) -> list[str]:
    """Triggers: what is only added to is not changed, an issued bulletin and its paragraphs are not either."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    refuse = "select raise(abort, '{} is append-only')"
    issued = "(select state from bulletin where id = {}.bulletin_id) = 'issued'"
    return [
        *(
            f"create trigger {table}_no_{verb} before {verb} on {table} begin {refuse.format(table)}; end"
            for table in APPEND_ONLY
            for verb in ("update", "delete")
        ),
        f"create trigger bulletin_no_delete before delete on bulletin begin {refuse.format('bulletin')}; end",
        "create trigger bulletin_no_update before update on bulletin when old.state = 'issued' "
        f"begin {refuse.format('bulletin')}; end",
        *(
            f"create trigger bulletin_paragraph_no_{verb} before {verb} on bulletin_paragraph "
            f"when {issued.format(row)} begin {refuse.format('bulletin_paragraph')}; end"
            for verb, row in (("insert", "new"), ("update", "old"), ("delete", "old"))
        ),
        "create trigger bulletin_paragraph_no_move before update of bulletin_id on bulletin_paragraph "
        f"when {issued.format('new')} begin {refuse.format('bulletin_paragraph')}; end",
    ]


def _postgresql() -> list[str]:
    refuse = "raise exception '% is append-only', tg_table_name;"
    issued = "(select state from bulletin where id = of_row) = 'issued'"
    return [
        f"create function refuse_bulletin_change() returns trigger language plpgsql as $$ begin {refuse} end $$",
        "create function refuse_issued_change() returns trigger language plpgsql as "
        f"$$ begin if old.state = 'issued' then {refuse} end if; return new; end $$",
        "create function refuse_issued_paragraph() returns trigger language plpgsql as "
        "$$ declare of_row integer; begin "
        "if tg_op = 'INSERT' then of_row := new.bulletin_id; else of_row := old.bulletin_id; end if; "
        f"if {issued} then {refuse} end if; "
        f"if tg_op = 'UPDATE' then of_row := new.bulletin_id; if {issued} then {refuse} end if; end if; "
        "if tg_op = 'DELETE' then return old; end if; return new; end $$",
        *(
            f"create trigger {table}_no_change before update or delete on {table} for each row "
            "execute function refuse_bulletin_change()"
            for table in APPEND_ONLY
        ),
        *(
            f"create trigger {table}_no_truncate before truncate on {table} for each statement "
            "execute function refuse_bulletin_change()"
            for table in (*APPEND_ONLY, "bulletin", "bulletin_paragraph")
        ),
        "create trigger bulletin_no_delete before delete on bulletin for each row "
        "execute function refuse_bulletin_change()",
        "create trigger bulletin_no_update before update on bulletin for each row "
        "execute function refuse_issued_change()",
        "create trigger bulletin_paragraph_no_change before insert or update or delete on bulletin_paragraph "
        "for each row execute function refuse_issued_paragraph()",
    ]
