"""The queue of background jobs, and its workers; the queue of before, which held pickles, goes unread."""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op

from registry.base.tables import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

log = logging.getLogger("alembic.runtime.migration")

_BEFORE = ("huey_task", "huey_schedule", "huey_kv", "huey_counter")


def upgrade() -> None:
    _drop_pickles()
    op.create_table(
        "worker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("stopped_at", Moment(), nullable=True),
        sa.CheckConstraint("lane in ('short', 'long')", name=op.f("ck_worker_lane")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("arguments", sa.String(length=400), nullable=False),
        sa.Column("lane", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.Column("not_before", Moment(), nullable=True),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("lane in ('short', 'long')", name=op.f("ck_job_lane")),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_job_office_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_job_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_office_id", "job", ["office_id"])
    op.create_index("ix_job_worker_id", "job", ["worker_id"])
    op.create_index("ix_job_state_lane", "job", ["state", "lane"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_job_waiting", "job", ["name", "arguments"], unique=True, sqlite_where=waiting, postgresql_where=waiting
    )


def _drop_pickles() -> None:
    """On PostgreSQL they were tables here (with SQLite a file of its own, which the worker removes); work that was not
    finished is taken up from the batches themselves."""
    present = set(sa.inspect(op.get_bind()).get_table_names())
    for table in _BEFORE:
        if table in present:
            rows = op.get_bind().scalar(sa.select(sa.func.count()).select_from(sa.table(table)))
            log.info("dropping %s of the former queue with %s rows, unread", table, rows)
            op.drop_table(table)


def downgrade() -> None:
    op.drop_table("job")
    op.drop_table("worker")
