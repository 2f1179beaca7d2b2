"""The keys of forms that were sent, each with the answer it got, shut away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.base.tables import Base, Moment


class FormKey(Base):
    """A key that had its effect; the row tells nobody whose it was, of which form, or what was answered.

    `digest` is over session, address and key; `answer` is sealed with the key, which stands in the page alone.
    `answer_until` is empty until the answer is known.
    """

    __tablename__ = "form_key"
    unsealed = "which form was sent"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer_until: Mapped[datetime | None] = mapped_column(Moment(), index=True)
