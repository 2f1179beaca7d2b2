"""What people keep of the ledger: views (a filter, an order and columns under a name) and the columns they look at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment
from registry.people.models import Office, User

NAME_MOST = 40


class LedgerView(Base):
    """A filter with its order and columns, as an address says it; `office_id`: the office it is shared with, if any."""

    __tablename__ = "ledger_view"
    unsealed = "a convenience of its owner"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_MOST))
    query: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment())
    version: Mapped[int] = mapped_column(Integer, default=1)

    owner: Mapped[User] = relationship(lazy="joined")
    office: Mapped[Office | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_shared(self) -> bool:
        return self.office_id is not None


class LedgerChoice(Base):
    """What one person sees first: the columns, as keys behind one another, and the view that the ledger opens on."""

    __tablename__ = "ledger_choice"
    unsealed = "a convenience of its owner"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    columns: Mapped[str] = mapped_column(Text, default="", server_default="")
    view_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_view.id", ondelete="SET NULL"), index=True)
