"""A certificate is held by a firm or by an institution, which has papers of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLE = "qualification"
STANDING = sa.text("ended is null")
ASIDE = (
    "create table kept_link as select id, renews_id, corrects_id from qualification",
    "create table kept_item as select * from qualification_item",
    "create table kept_warning as select * from qualification_warning",
    "update qualification set renews_id = null, corrects_id = null",
    "delete from qualification_item",
    "delete from qualification_warning",
)
BACK = (
    "insert into qualification_item select * from kept_item",
    "insert into qualification_warning select * from kept_warning",
    "update qualification set renews_id = kept_link.renews_id, corrects_id = kept_link.corrects_id"
    " from kept_link where kept_link.id = qualification.id",
    "drop table kept_link",
    "drop table kept_item",
    "drop table kept_warning",
)
GONE = (
    "delete from qualification_item where qualification_id in"
    " (select id from qualification where institution_id is not null)",
    "delete from qualification_warning where qualification_id in"
    " (select id from qualification where institution_id is not null)",
    "update qualification set renews_id = null, corrects_id = null where institution_id is not null",
    "delete from qualification where institution_id is not null",
)
CHECKS = {
    "one_holder": "(firm_id is null) <> (institution_id is null)",
    "document": "document_id is null or firm_id is not null",
    "paper": "paper_id is null or institution_id is not null",
}
LINKS = (("institution_id", "institution"), ("paper_id", "qualification_paper"))


def upgrade() -> None:
    op.create_table(
        "qualification_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_qualification_paper_by_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_qualification_paper_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_paper")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_qualification_paper_stored_name")),
    )
    op.create_index(op.f("ix_qualification_paper_institution_id"), "qualification_paper", ["institution_id"])
    _put_aside()
    with op.batch_alter_table(TABLE) as batch:
        batch.alter_column("firm_id", existing_type=sa.Integer(), nullable=True)
        for column, parent in LINKS:
            batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_qualification_{column}"), parent, [column], ["id"])
        for name, rule in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_qualification_{name}"), rule)
    _put_back()
    op.create_index("ix_qualification_institution_id", TABLE, ["institution_id"])


def downgrade() -> None:
    """What institutions hold goes with the column that says whose it is."""
    op.drop_index("ix_qualification_institution_id", TABLE)
    for statement in GONE:
        op.execute(statement)
    _put_aside()
    with op.batch_alter_table(TABLE) as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_qualification_{name}"), type_="check")
        for column, _parent in LINKS:
            batch.drop_constraint(op.f(f"fk_qualification_{column}"), type_="foreignkey")
            batch.drop_column(column)
        batch.alter_column("firm_id", existing_type=sa.Integer(), nullable=False)
    _put_back()
    op.drop_table("qualification_paper")


def _put_aside() -> None:
    """SQLite alters a table by a copy, and drops none under the rows that hang on it, its own among them."""
    op.drop_index("uq_qualification_standing", TABLE)
    if not _is_sqlite():
        return
    for statement in ASIDE:
        op.execute(statement)


def _put_back() -> None:
    if _is_sqlite():
        for statement in BACK:
            op.execute(statement)
    op.create_index(
        "uq_qualification_standing",
        TABLE,
        ["kind", "number_key"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
