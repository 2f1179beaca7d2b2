"""Forms of an upper level that are filled, what an office says of their headings, and tax-authorised figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment, money

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_ONCE = "uq_column_choice_office_id_compared"
_OF_FORM = "uq_column_choice_office_id_form_compared"


def upgrade() -> None:
    op.create_table(
        "upper_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_name", sa.String(length=64), server_default="", nullable=False),
        sa.Column("title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("quarter", sa.String(length=6), server_default="", nullable=False),
        sa.Column("unit", sa.String(length=32), server_default="", nullable=False),
        sa.Column("contacts", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("counts", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("filled_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_upper_form_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_upper_form_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upper_form")),
    )
    op.create_index(op.f("ix_upper_form_office_id"), "upper_form", ["office_id"])
    with op.batch_alter_table("column_choice") as table:
        table.add_column(sa.Column("form", sa.String(length=64), server_default="", nullable=False))
        table.add_column(sa.Column("form_title", sa.String(length=200), server_default="", nullable=False))
        table.drop_constraint(_ONCE, type_="unique")
        table.create_unique_constraint(_OF_FORM, ["office_id", "form", "compared"])
    _tax_figures()


def _tax_figures() -> None:
    op.create_table(
        "tax_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settled_by_name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("outcome is null or outcome in ('applied', 'given_up')", name=op.f("ck_tax_load_outcome")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_tax_load_by_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_tax_load_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_load")),
    )
    op.create_index(op.f("ix_tax_load_office_id"), "tax_load", ["office_id"])
    op.create_table(
        "tax_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("amount", money(), nullable=False),
        sa.Column("consent", sa.String(length=100), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=140), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("month between 0 and 12", name=op.f("ck_tax_figure_month")),
        sa.CheckConstraint("kind in ('revenue', 'vat_sales')", name=op.f("ck_tax_figure_kind")),
        sa.CheckConstraint("consent <> ''", name=op.f("ck_tax_figure_consent")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_tax_figure_firm_id")),
        sa.ForeignKeyConstraint(["load_id"], ["tax_load.id"], name=op.f("fk_tax_figure_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_figure")),
    )
    op.create_index(op.f("ix_tax_figure_load_id"), "tax_figure", ["load_id"])
    op.create_index("ix_tax_figure_firm_id_kind_year_month", "tax_figure", ["firm_id", "kind", "year", "month"])


def downgrade() -> None:
    op.drop_table("tax_figure")
    op.drop_table("tax_load")
    op.execute("DELETE FROM column_choice WHERE form <> ''")
    with op.batch_alter_table("column_choice") as table:
        table.drop_constraint(_OF_FORM, type_="unique")
        table.create_unique_constraint(_ONCE, ["office_id", "compared"])
        table.drop_column("form_title")
        table.drop_column("form")
    op.drop_table("upper_form")
