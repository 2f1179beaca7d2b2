"""Figures of the tax office, appended file by file, and the files."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base.tables import Base, Moment, money, word
from registry.firms.models.firms import Firm
from registry.qualifications.models import BroughtBook


class TaxLoad(BroughtBook, Base):
    """A file of tax-authorised figures that was brought. Of rows without consent no amount is kept."""

    __tablename__ = "tax_load"
    __table_args__ = (CheckConstraint("outcome is null or outcome in ('applied', 'given_up')", name="outcome"),)


class TaxFigure(Base):
    """One amount as a file said it; of a firm, kind and period the last one stands, the earlier ones stay visible.

    `month` 1 to 12 is cumulative from January; 0 is the full year. `consent`: how the firm agreed, as the file says.
    """

    __tablename__ = "tax_figure"
    __table_args__ = (
        CheckConstraint("month between 0 and 12", name="month"),
        CheckConstraint("kind in ('revenue', 'vat_sales')", name="kind"),
        CheckConstraint("consent <> ''", name="consent"),
        Index("ix_tax_figure_firm_id_kind_year_month", "firm_id", "kind", "year", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("firm.id"))
    load_id: Mapped[int] = mapped_column(ForeignKey("tax_load.id"), index=True)
    kind: Mapped[str] = mapped_column(word())
    year: Mapped[int] = mapped_column(SmallInteger)
    month: Mapped[int] = mapped_column(SmallInteger)
    amount: Mapped[Decimal] = mapped_column(money())
    consent: Mapped[str] = mapped_column(String(100))
    drawn_on: Mapped[date | None] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(140))
    at: Mapped[datetime] = mapped_column(Moment())

    firm: Mapped[Firm] = relationship(lazy="joined")
    load: Mapped[TaxLoad] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        """What the trail calls it."""
        return f"{self.firm.name} {self.year}-{self.month:02d}" if self.month else f"{self.firm.name} {self.year}"
