"""The ledger: which firms a filter shows, how many and how much in all, one page of them or every one in turn."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

from registry.base.extensions import clock, db
from registry.base.permissions import Actor
from registry.base.vocabulary import Stage
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.firms import CONTACTS
from registry.firms.queries.nearest import LISTED, nearness
from registry.firms.queries.places import counted_in
from registry.firms.queries.search import containing
from registry.ledger.queries import ahead, lines
from registry.ledger.queries.lines import TO_DATE, LedgerLine
from registry.pathway.rules.history import EXITS
from registry.qualifications.queries import held
from registry.reference.queries import reference

ANY = "any"
DEEPEST = 100_000
"""Rows one can page to; whoever wants more narrows the filter or exports."""
DIRECTORY = "directory"
"""The firms that the directory is there for: in it, and not yet confirmed as four-above."""
IN_DIRECTORY = (Stage.ADMITTED, Stage.QUALIFIED, Stage.FILED, Stage.IN_CHAIN)
GROUPS: Mapping[str, tuple[str, ...]] = {
    DIRECTORY: IN_DIRECTORY,
    "filing": (Stage.FILED, Stage.IN_CHAIN),
    "declined": (Stage.WITHDRAWN, Stage.REJECTED),
    "gone": (Stage.REMOVED, Stage.DELISTED, Stage.MERGED),
}
"""Stages that are asked for together."""
ENTERED, NEAREST = "entered", "nearest"
_SORTS: Mapping[str, InstrumentedAttribute[Any]] = {
    ENTERED: Firm.id,
    "name": Firm.name,
    "division": Firm.division,
    "revenue_last_year": Firm.revenue_last_year,
    "revenue_to_date": Firm.revenue_to_date,
    "rate": Firm.rate,
    "tier": Firm.tier,
    "stage": Firm.stage_on,
}
SORTS = (*_SORTS, NEAREST)
"""Columns the ledger may be sorted by, and nothing else: an order must not tell what a column hides."""
_BATCH = 1_000


@dataclass(frozen=True)
class LedgerQuery:
    """What a reader looks for; empty parts do not restrict.

    `stage` is a stage or one of `GROUPS`; without it the exits are left out unless `gone`. A county's code stands for
    every firm it counts, those of its zones too; a zone's for its own. `industry` and `industry_code` are a section's
    letter or the first digits of a code. `missing` is one of `Missing`, or `ANY`. `qualification` is the code of a kind
    of which the firm holds a valid one, or `ANY`; `expiring`: one that ends within the days of the first warning.
    """

    text: str = ""
    division: str = ""
    industry: str = ""
    industry_code: str = ""
    stage: str = ""
    tier: str = ""
    bureau: str = ""
    missing: str = ""
    watched: bool = False
    gone: bool = False
    qualification: str = ""
    expiring: bool = False
    ticked: tuple[int, ...] = ()
    """Of these firms alone, where some were ticked."""

    @property
    def stages(self) -> tuple[str, ...]:
        if self.stage:
            return GROUPS.get(self.stage, (self.stage,))
        return tuple(stage for stage in Stage if self.gone or stage not in EXITS)


@dataclass(frozen=True)
class Order:
    """One of `SORTS`; firms without a value come last either way. `NEAREST` has one direction: what is still to cross
    first, the nearest to its line in front, and behind it what has crossed."""

    by: str = ENTERED
    descending: bool = True


@dataclass(frozen=True)
class Sum:
    """Firms and their revenue in yuan; None where none of them has any.

    Of `to_date`, `unproven` is what no paper proves, `doubted` what is in doubt.
    """

    firms: int = 0
    to_date: Decimal | None = None
    last_year: Decimal | None = None
    unproven: Decimal | None = None
    doubted: Decimal | None = None


@dataclass(frozen=True)
class Tally:
    """The sums of a filter by stage, whatever stage the filter asks for: the funnel, and the ledger's last row."""

    by_stage: Mapping[str, Sum]
    wanted: LedgerQuery

    def count(self, stages: Collection[str]) -> int:
        return sum(found.firms for stage, found in self.by_stage.items() if stage in stages)

    @property
    def total(self) -> Sum:
        shown = [found for stage, found in self.by_stage.items() if stage in self.wanted.stages]
        return Sum(
            sum(found.firms for found in shown),
            _added(found.to_date for found in shown),
            _added(found.last_year for found in shown),
            _added(found.unproven for found in shown),
            _added(found.doubted for found in shown),
        )


def tally(actor: Actor, wanted: LedgerQuery) -> Tally:
    """Firms and revenue of the filter, stage by stage: one query."""
    sums = (
        Firm.stage,
        func.count().label("firms"),
        func.sum(Firm.revenue_to_date).label("to_date"),
        func.sum(Firm.revenue_last_year).label("last_year"),
        func.sum(case((Firm.unproven.contains(TO_DATE), Firm.revenue_to_date))).label("unproven"),
        func.sum(case((Firm.doubted.contains(TO_DATE), Firm.revenue_to_date))).label("doubted"),
    )
    rows = db.session.execute(_matching(actor, wanted, *sums).group_by(Firm.stage))
    return Tally({row.stage: Sum(*row[1:]) for row in rows}, wanted)


def page(actor: Actor, wanted: LedgerQuery, order: Order, *, number: int, size: int) -> list[LedgerLine]:
    """Page `number` (from 1) of the filter; nothing beyond `DEEPEST` rows."""
    start = (number - 1) * size
    if not 0 <= start < DEEPEST:
        return []
    return _shown(actor, _rows(_ids(actor, wanted, order).limit(size).offset(start), order), foretell=True)


def first(actor: Actor, wanted: LedgerQuery, order: Order, *, limit: int) -> list[LedgerLine]:
    """The first `limit` firms of the filter, for paper: no forecast is printed."""
    return _shown(actor, _rows(_ids(actor, wanted, order).limit(limit), order), foretell=False)


def _shown(actor: Actor, statement: Select[Any], *, foretell: bool) -> list[LedgerLine]:
    rows, on = db.session.execute(statement).all(), clock.today()
    return list(lines.told(rows, ahead.of(actor, rows, on=on, foretell=foretell)))


def following(actor: Actor, wanted: LedgerQuery, after: int, *, limit: int) -> list[LedgerLine]:
    """The first `limit` firms of the filter behind the firm of that number, in the order of entry."""
    ids = _matching(actor, wanted, Firm.id).where(Firm.stage.in_(wanted.stages), Firm.id > after)
    order = Order(ENTERED, descending=False)
    return list(lines.of(_rows(_ordered(ids, order).limit(limit), order)))


def every(actor: Actor, wanted: LedgerQuery, order: Order, *, contacts: bool = False) -> Iterator[LedgerLine]:
    """Every firm of the filter, one by one, with bounded memory; `contacts` adds what only an export may carry."""
    columns = (*lines.columns(clock.today()), *(CONTACTS if contacts else ()))
    shown = _matching(actor, wanted, *columns).where(Firm.stage.in_(wanted.stages))
    return lines.of(_ordered(shown, order).execution_options(yield_per=_BATCH))


def _ids(actor: Actor, wanted: LedgerQuery, order: Order) -> Select[Any]:
    """Ids alone, so that an index can answer without the rows."""
    if order.by == NEAREST and set(wanted.stages) <= set(IN_DIRECTORY):
        listed = _matching(actor, wanted, Firm.id).where(LISTED, Firm.stage.in_(wanted.stages))
        if replace(wanted, stage="", division="", bureau="") == LedgerQuery():
            # SQLite would rather look up every firm of these stages and sort them; PostgreSQL needs no telling
            listed = listed.with_hint(Firm, "INDEXED BY ix_firm_nearest", "sqlite")
        return _ordered(listed, order)
    return _ordered(_matching(actor, wanted, Firm.id).where(Firm.stage.in_(wanted.stages)), order)


def _rows(ids: Select[Any], order: Order) -> Select[Any]:
    return _ordered(select(*lines.columns(clock.today())).where(Firm.id.in_(select(ids.subquery().c.id))), order)


def _ordered(statement: Select[Any], order: Order) -> Select[Any]:
    if order.by == NEAREST:
        return statement.order_by(*nearness(), Firm.id)
    column = _SORTS[order.by]
    if order.by == ENTERED:
        return statement.order_by(column.desc() if order.descending else column)
    if order.descending:
        return statement.order_by(column.desc().nulls_last(), Firm.id.desc())
    return statement.order_by(column.asc().nulls_last(), Firm.id)


def _matching(actor: Actor, wanted: LedgerQuery, *columns: Any) -> Select[Any]:
    """These columns of the firms in reach that fit the filter in all but the stage."""
    statement = firms.visible_to(actor).with_only_columns(*columns)
    return statement.where(*_conditions(wanted))


def conditions(wanted: LedgerQuery) -> list[ColumnElement[bool]]:
    """What the filter asks of a firm as it is now, but for the stage."""
    return list(_conditions(wanted))


def _conditions(wanted: LedgerQuery) -> Iterator[ColumnElement[bool]]:
    if wanted.text:
        yield containing(wanted.text)
    if wanted.division:
        yield counted_in(wanted.division)
    for code in (wanted.industry, wanted.industry_code):
        if code:
            yield _in_industry(code)
    if wanted.tier:
        yield Firm.tier == wanted.tier
    if wanted.bureau:
        office = reference.offices().get(wanted.bureau)
        yield Firm.lead_bureau_id == (office.id if office else -1)
    if wanted.missing:
        yield Firm.missing != "" if wanted.missing == ANY else Firm.missing.contains(f",{wanted.missing},")
    if wanted.ticked:
        yield Firm.id.in_(wanted.ticked)
    yield from _qualified(wanted)
    if wanted.watched:
        yield Firm.watch_reason != literal_column("''")  # in so many words, else the index of watched firms is not used


def _qualified(wanted: LedgerQuery) -> Iterator[ColumnElement[bool]]:
    if wanted.qualification:
        yield held.holding(wanted.qualification, clock.today())
    if wanted.expiring:
        yield held.expiring(wanted.qualification, clock.today())


def _in_industry(code: str) -> ColumnElement[bool]:
    if code.isdigit():
        return Firm.industry.startswith(code, autoescape=True)
    rows = reference.classification().all()
    divisions = [row.code for row in rows if row.section == code and len(row.code) == 2]
    return func.substr(Firm.industry, 1, 2).in_([code, *divisions])


def _added(amounts: Any) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
