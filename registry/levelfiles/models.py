"""The files of an upper level, each for one level."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.base.tables import Base, word
from registry.qualifications.models import BroughtBook


class LevelLoad(BroughtBook, Base):
    """What one level said of many filings. `day` and `reference` stand for rows that say none of their own."""

    __tablename__ = "level_load"
    __table_args__ = (
        CheckConstraint("outcome is null or outcome in ('applied', 'given_up')", name="outcome"),
        CheckConstraint("level in ('county', 'city', 'province', 'national')", name="level"),
    )

    level: Mapped[str] = mapped_column(word())
    day: Mapped[date | None] = mapped_column(Date)
    reference: Mapped[str] = mapped_column(String(200), default="", server_default="")
