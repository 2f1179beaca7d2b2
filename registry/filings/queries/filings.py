"""Filings within an actor's reach: firms that should file, filings under way, filings that are over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import Stage
from registry.filings.models import Filing, LevelResult
from registry.filings.rules.chain import ChainLevel, FilingOutcome
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.places import counted_in
from registry.firms.queries.search import containing

VIEWS = ("due", "open", "closed")
CONFIRMING = "confirming"
LEVELS = (*(level.value for level in ChainLevel), CONFIRMING)
"""What a filing under way waits for, in its order."""


def due(actor: Actor) -> Select[Firm]:
    """Firms at 达标应入: they have to file."""
    return firms.visible_to(actor).where(Firm.stage == Stage.QUALIFIED).order_by(Firm.stage_on, Firm.id)


def visible_to(actor: Actor) -> Select[Filing]:
    """Every filing of a firm in reach, the newest first."""
    return (
        select(Filing)
        .join(Filing.firm)
        .options(selectinload(Filing.results))
        .where(*_in_reach(actor))
        .order_by(Filing.filed_on.desc(), Filing.id.desc())
    )


def _in_reach(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Firm.voided_at.is_(None), firms.within(actor)


def under_way(actor: Actor) -> Select[Filing]:
    """The longest under way first."""
    return visible_to(actor).where(Filing.outcome.is_(None)).order_by(None).order_by(Filing.filed_on, Filing.id)


def at_level(statement: Select[Filing], level: str) -> Select[Filing]:
    """Of `under_way` those that wait for this level's word; any other word leaves the list as it is."""
    return statement.where(_passes() == LEVELS.index(level)) if level in LEVELS else statement


def levels_counted(actor: Actor) -> dict[str, int]:
    """How many filings under way wait for the word of each level, and at last for the confirmation."""
    passes = _passes().label("passes")
    rows = select(passes).join(Filing.firm).where(*_in_reach(actor), Filing.outcome.is_(None)).subquery()
    counts = db.session.execute(select(rows.c.passes, func.count()).group_by(rows.c.passes))
    found: dict[int, int] = {passed: number for passed, number in counts}  # noqa: C416 - rows, no pairs
    return {level: found.get(number, 0) for number, level in enumerate(LEVELS)}


def _passes() -> ScalarSelect[int]:
    """How many levels have passed a filing; one that sends it back ends it."""
    said = select(func.count(LevelResult.id)).where(LevelResult.filing_id == Filing.id, LevelResult.passed)
    return said.correlate(Filing).scalar_subquery()


def closed(actor: Actor) -> Select[Filing]:
    return (
        visible_to(actor)
        .where(Filing.outcome.is_not(None))
        .order_by(None)
        .order_by(Filing.closed_on.desc(), Filing.id.desc())
    )


def one(actor: Actor, filing_id: int) -> Select[Filing]:
    return visible_to(actor).where(Filing.id == filing_id)


def narrowed(statement: Select[Any], *, text: str = "", county: str = "") -> Select[Any]:
    """A list of firms, or of filings joined to them, by words of the name or the code and by county or zone."""
    if text:
        statement = statement.where(containing(text))
    return statement.where(counted_in(county)) if county else statement


def of_firm(firm: Firm) -> list[Filing]:
    """Every filing of a firm, the newest first."""
    rows = select(Filing).where(Filing.firm_id == firm.id).options(selectinload(Filing.results))
    return list(db.session.scalars(rows.order_by(Filing.id.desc())).unique())


def open_of(firm: Firm) -> Filing | None:
    rows = select(Filing).where(Filing.firm_id == firm.id, Filing.outcome.is_(None))
    return db.session.scalars(rows).unique().one_or_none()


def sent_back(ids: Sequence[int]) -> dict[int, LevelResult]:
    """Firm id -> the word that sent its last filing back; nothing of those that were filed again."""
    last = select(func.max(Filing.id)).where(Filing.firm_id.in_(ids)).group_by(Filing.firm_id)
    rows = (
        select(Filing.firm_id, LevelResult)
        .join(LevelResult.filing)
        .where(Filing.id.in_(last), Filing.outcome == FilingOutcome.RETURNED, LevelResult.passed.is_(False))
        .order_by(LevelResult.id)
    )
    return {firm_id: result for firm_id, result in db.session.execute(rows)}  # noqa: C416 - rows, no pairs


def statements_filed(ids: Sequence[int]) -> dict[int, Period]:
    """Firm id -> the statement that its filing under way, or the one it entered by, rests on."""
    entered = and_(Filing.outcome == FilingOutcome.ENROLLED, Firm.stage == Stage.ENROLLED)
    rows = (
        select(Filing.firm_id, Filing.year, Filing.month)
        .join(Filing.firm)
        .where(Filing.firm_id.in_(ids), or_(Filing.outcome.is_(None), entered))
    )
    return {row.firm_id: Period(row.year, row.month) for row in db.session.execute(rows.order_by(Filing.id))}
