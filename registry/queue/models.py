"""The queue of background jobs, and the workers that serve it. What a job did stands in its own tables, not here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, word
from registry.people.models import Office

_WAITING = text("state = 'waiting'")


class Worker(Base):
    """One process that serves one lane; moments are the machine's own, whatever day the application plays."""

    __tablename__ = "worker"
    unsealed = "how the queue is served"
    __table_args__ = (CheckConstraint("lane in ('short', 'long')", name="lane"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(word())
    host: Mapped[str] = mapped_column(String(200))
    pid: Mapped[int] = mapped_column(Integer)
    # machine and moment that tell this process from a later one of the same number; empty where that cannot be told
    process: Mapped[str] = mapped_column(String(120), default="", server_default="")
    started_at: Mapped[datetime] = mapped_column(Moment())
    seen_at: Mapped[datetime] = mapped_column(Moment())
    stopped_at: Mapped[datetime | None] = mapped_column(Moment())


class Job(Base):
    """`name` is that of a declared job, `arguments` a JSON list of numbers and words: data, never code."""

    __tablename__ = "job"
    unsealed = "how the queue stands"
    __table_args__ = (
        CheckConstraint("lane in ('short', 'long')", name="lane"),
        CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="state"),
        Index("ix_job_state_lane", "state", "lane"),
        # what waits already is not queued twice
        Index(
            "uq_job_waiting", "name", "arguments", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(word())
    arguments: Mapped[str] = mapped_column(String(400))
    lane: Mapped[str] = mapped_column(word())
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    state: Mapped[str] = mapped_column(word(), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"), index=True)
    queued_at: Mapped[datetime] = mapped_column(Moment())
    not_before: Mapped[datetime | None] = mapped_column(Moment())
    started_at: Mapped[datetime | None] = mapped_column(Moment())
    finished_at: Mapped[datetime | None] = mapped_column(Moment())
    reason: Mapped[str] = mapped_column(Text, default="")

    office: Mapped[Office | None] = relationship(lazy="joined")
