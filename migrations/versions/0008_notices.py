"""Evidence in a claim, nudges, notices and letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("from_office_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_nudge_by_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_nudge_firm_id")),
        sa.ForeignKeyConstraint(["from_office_id"], ["office.id"], name=op.f("fk_nudge_from_office_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_nudge_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
    )
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nudge_firm_id"), ["firm_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nudge_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_nudge_subject", ["subject_kind", "subject_id", "id"], unique=False)

    op.create_table(
        "claim_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_name", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_claim_evidence_by_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_evidence_claim_id")),
        sa.ForeignKeyConstraint(["division"], ["division.code"], name=op.f("fk_claim_evidence_division")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_claim_evidence_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_evidence")),
    )
    with op.batch_alter_table("claim_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_evidence_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("firm_id", sa.Integer(), nullable=True),
        sa.Column("nudge_id", sa.Integer(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_notice_firm_id")),
        sa.ForeignKeyConstraint(["nudge_id"], ["nudge.id"], name=op.f("fk_notice_nudge_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_notice_office_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_firm_id"), ["firm_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_nudge_id"), ["nudge_id"], unique=False)
        batch_op.create_index("ix_notice_office_id_id", ["office_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_user_id"), ["user_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_letter_notice_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_letter_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("notice_id", "user_id", name=op.f("uq_letter_notice_id_user_id")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_next_at"), ["next_at"], unique=False)

    op.create_table(
        "notice_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_read_notice_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_read_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_read")),
        sa.UniqueConstraint("notice_id", "user_id", name=op.f("uq_notice_read_notice_id_user_id")),
    )
    with op.batch_alter_table("notice_read", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_read_user_id"), ["user_id"], unique=False)

    op.add_column("claim", sa.Column("due_on", sa.Date(), nullable=True))
    _name_the_holders()
    op.add_column("user_account", sa.Column("email", sa.String(length=200), server_default="", nullable=False))
    op.add_column(
        "user_account", sa.Column("mail_wanted", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.execute("alter table user_account drop column mail_wanted")
    op.execute("alter table user_account drop column email")
    op.drop_table("claim_evidence")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_claim_holder_id"), type_="foreignkey")
        batch_op.drop_column("holder_id")
    op.execute("alter table claim drop column due_on")
    op.drop_table("notice_read")
    op.drop_table("letter")
    op.drop_table("notice")
    op.drop_table("nudge")


def _name_the_holders() -> None:
    """Whom each claim was raised against: the office that holds the firm, or that held it until the claim was granted."""
    op.add_column("claim", sa.Column("holder_id", sa.Integer(), nullable=True))
    op.execute("update claim set holder_id = (select office_id from firm where firm.id = claim.firm_id)")
    database = op.get_bind()
    offices = {code: number for number, code in database.execute(sa.text("select id, code from office"))}
    trail = sa.table(
        "trail_entry", sa.column("seq"), sa.column("verb"), sa.column("subject_id"), sa.column("before", sa.JSON),
        sa.column("at", Moment()),
    )  # fmt: skip
    claim = sa.table(
        "claim", sa.column("id"), sa.column("firm_id"), sa.column("holder_id"), sa.column("decided_at", Moment())
    )
    acts = sa.select(trail.c.subject_id, trail.c.at, trail.c.before).where(trail.c.verb == "decide_claim")
    for firm_id, at, before in database.execute(acts.order_by(trail.c.seq)).all():
        of_act = (claim.c.firm_id == firm_id, claim.c.decided_at == at)
        database.execute(claim.update().where(*of_act).values(holder_id=offices[before["office"]]))
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.alter_column("holder_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_claim_holder_id"), "office", ["holder_id"], ["id"])
