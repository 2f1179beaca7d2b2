"""Figures of the tax office in an actor's reach: the last of each kind and period stands; beside it the firm's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, func, select

from registry.base.belongings import Belonging
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.figures.queries import on_record
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.places import counted_in
from registry.firms.queries.search import containing
from registry.reference.queries import parameters
from registry.taxfigures.models import TaxFigure, TaxLoad
from registry.taxfigures.rules import differing

FigureKey = tuple[int, str, Period]
"""Firm, kind, period."""


@dataclass(frozen=True)
class TaxQuery:
    """What a reader looks for; empty parts do not restrict."""

    text: str = ""
    division: str = ""


@dataclass(frozen=True)
class BesideOwn:
    """A figure of the tax office beside the firm's own that counts, None where there is none of its kind and period.

    `share`: how far it is from that, as a part of it (None: it is 0). `remarkable`: further than the setting.
    """

    row: TaxFigure
    period: Period
    own: Decimal | None
    share: Decimal | None
    remarkable: bool


def matching(actor: Actor, wanted: TaxQuery) -> Select[TaxFigure]:
    """Those that stand, of firms in reach, the last that came first."""
    found = (
        select(TaxFigure)
        .join(TaxFigure.firm)
        .where(Firm.voided_at.is_(None), firms.within(actor), TaxFigure.id.in_(_last()))
        .order_by(TaxFigure.id.desc())
    )
    if wanted.text:
        found = found.where(containing(wanted.text))
    return found.where(counted_in(wanted.division)) if wanted.division else found


def of_firm(firm: Firm) -> list[TaxFigure]:
    """Everything that ever came of a firm, period by period, the last first."""
    rows = select(TaxFigure).where(TaxFigure.firm_id == firm.id)
    order = (TaxFigure.year.desc(), TaxFigure.month.desc(), TaxFigure.kind, TaxFigure.id.desc())
    return list(db.session.scalars(rows.order_by(*order)).unique())


def standing(firm_ids: Collection[int]) -> dict[FigureKey, TaxFigure]:
    """Of these firms the last of each kind and period."""
    rows = select(TaxFigure).where(TaxFigure.firm_id.in_(firm_ids)).order_by(TaxFigure.id)
    return {(row.firm_id, row.kind, Period(row.year, row.month)): row for row in db.session.scalars(rows).unique()}


def beside(rows: Iterable[TaxFigure], on: date) -> list[BesideOwn]:
    """Each with the firm's own figure; a full year is the same as one cumulative to December."""
    found = list(rows)
    limit = parameters.decimal("tax.difference", on)
    own = {
        (firm_id, one.line.kind, one.line.year, one.line.month or 12): one.line.amount
        for firm_id, counted in on_record.counted({row.firm_id for row in found}).items()
        for one in counted
    }
    return [_beside(row, own.get((row.firm_id, row.kind, row.year, row.month or 12)), limit) for row in found]


def _beside(row: TaxFigure, own: Decimal | None, limit: Decimal) -> BesideOwn:
    period = Period(row.year, row.month)
    if own is None:
        return BesideOwn(row, period, None, None, remarkable=False)
    return BesideOwn(
        row, period, own, differing.share(own, row.amount), differing.is_remarkable(own, row.amount, limit)
    )


def _last() -> Select[int]:
    kind_and_period = (TaxFigure.firm_id, TaxFigure.kind, TaxFigure.year, TaxFigure.month)
    return select(func.max(TaxFigure.id)).group_by(*kind_and_period)


# -- files that were brought ------------------------------------------------------------------------
def loads_of(actor: Actor) -> Select[TaxLoad]:
    """What the person brought, or whom they stand in for; the newest first."""
    return select(TaxLoad).where(TaxLoad.by_id.in_(actor.people)).order_by(TaxLoad.id.desc())


def load(actor: Actor, load_id: int) -> Select[TaxLoad]:
    return loads_of(actor).where(TaxLoad.id == load_id)


BELONGINGS = (
    Belonging(
        "tax_files",
        N_("待确认的税务授权数据文件"),
        TaxLoad.by_id,
        lambda _user: TaxLoad.outcome.is_(None),
        roles=frozenset({Role.OFFICER, Role.CITY_OFFICE}),
        for_deputy=True,
    ),
)
