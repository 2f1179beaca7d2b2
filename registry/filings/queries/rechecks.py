"""The yearly look at enrolled firms: the December figure, the line of that year, and what statistics has decided."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import FigureKind, Stage, Verdict
from registry.figures.models import Figure
from registry.figures.queries import on_record
from registry.figures.rules.proof import Counted
from registry.filings.models import Filing, Recheck
from registry.filings.rules.chain import FilingOutcome, RecheckOutcome
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.firms.queries.search import containing
from registry.pathway.models import PathwayEvent
from registry.reference.queries import parameters, reference
from registry.reference.rules.thresholds import ThresholdRule

_DECEMBER = 12


@dataclass(frozen=True)
class RecheckLine:
    """One firm of a year's re-check; `amount` None: the December figure is not there; unproven, it judges nothing."""

    firm: Firm
    amount: Decimal | None
    rule: ThresholdRule | None
    verdict: Verdict
    recheck: Recheck | None = None
    proven: bool = False

    @property
    def suggested(self) -> RecheckOutcome:
        """What the figure says; statistics decides."""
        return {
            Verdict.MET: RecheckOutcome.STAYS,
            Verdict.UNMET: RecheckOutcome.LEAVES,
            Verdict.UNKNOWN: RecheckOutcome.OPEN,
        }[self.verdict]


def firms_of(actor: Actor, year: int, *, text: str = "") -> Select[Firm]:
    """Firms that are due for that year, and those looked at for it though they have left since."""
    looked_at = select(Recheck.firm_id).where(Recheck.year == year)
    statement = firms.visible_to(actor).where(or_(_due(year), Firm.id.in_(looked_at)))
    if text:
        statement = statement.where(containing(text))
    return statement.order_by(Firm.statistical_county, Firm.id)


def _due(year: int) -> ColumnElement[bool]:
    """In four-above now and by the end of the year: who enters later is first looked at for the year it enters in."""
    entered = select(PathwayEvent.firm_id).where(
        PathwayEvent.target == Stage.ENROLLED, PathwayEvent.on <= date(year, _DECEMBER, 31)
    )
    later = select(Filing.firm_id).where(Filing.outcome == FilingOutcome.ENROLLED, Filing.effective_year > year)
    return and_(Firm.stage == Stage.ENROLLED, Firm.id.in_(entered), Firm.id.not_in(later))


def is_due(firm: Firm, year: int) -> bool:
    return db.session.scalar(select(Firm.id).where(Firm.id == firm.id, _due(year))) is not None


def lines(found: Sequence[Firm], year: int) -> list[RecheckLine]:
    """The firms with figure, verdict and the last word of that year, in their order."""
    amounts, words = _december(found, year), _latest(found, year)
    return [_line(firm, year, amounts.get(firm.id), words.get(firm.id)) for firm in found]


def line(firm: Firm, year: int) -> RecheckLine:
    return lines([firm], year)[0]


def leave_by(year: int) -> date:
    """The last day on which a firm below the line of `year` has to be out: the end of a month of the next year."""
    month = parameters.integer("delisting.review_month", date(year + 1, 1, 1))
    return date(year + 1, month, monthrange(year + 1, month)[1])


def rounds_of(firm: Firm, year: int) -> list[Recheck]:
    """Everything decided about a firm for a year, the newest first."""
    rows = select(Recheck).where(Recheck.firm_id == firm.id, Recheck.year == year)
    return list(db.session.scalars(rows.order_by(Recheck.round.desc())))


def years(actor: Actor, today: date) -> list[int]:
    """Years one may look at: those with a word, last year and this one; the latest first."""
    known = db.session.scalars(select(Recheck.year).join(Firm, Firm.id == Recheck.firm_id).where(firms.within(actor)))
    return sorted({*known, today.year, today.year - 1}, reverse=True)


def _line(firm: Firm, year: int, figure: Counted[Any] | None, word: Recheck | None) -> RecheckLine:
    amount, proven = (figure.line.amount, figure.proven) if figure else (None, False)
    section = reference.classification().section_of(firm.industry) if firm.industry else None
    period = Period(year, _DECEMBER)
    rule = reference.rules().statutory(firm.industry or "", period, section=section or "")
    verdict = rule.judge(amount, firm.employees) if rule and amount is not None and proven else Verdict.UNKNOWN
    return RecheckLine(firm, amount, rule, verdict, word, proven)


def _december(found: Sequence[Firm], year: int) -> dict[int, Counted[Any]]:
    """The cumulative figure of December, else that of the full year; the proven one of the two."""
    of_year = Figure.kind == FigureKind.REVENUE, Figure.year == year, Figure.month.in_((0, _DECEMBER))
    counted = on_record.counted([firm.id for firm in found], *of_year)
    return {firm_id: max(of, key=lambda one: (one.proven, one.line.month)) for firm_id, of in counted.items()}


def _latest(found: Sequence[Firm], year: int) -> dict[int, Recheck]:
    rows = select(Recheck).where(Recheck.firm_id.in_([firm.id for firm in found]), Recheck.year == year)
    words: defaultdict[int, list[Recheck]] = defaultdict(list)
    for row in db.session.scalars(rows.order_by(Recheck.round)):
        words[row.firm_id].append(row)
    return {firm_id: said[-1] for firm_id, said in words.items()}


def undecided(actor: Actor, year: int) -> Select[Firm]:
    """Firms in reach that are due for a year and that nobody has decided about, in the order of the list."""
    rounds = select(Recheck.firm_id, func.max(Recheck.round).label("last")).where(Recheck.year == year)
    latest = rounds.group_by(Recheck.firm_id).subquery()
    of_latest = and_(Recheck.firm_id == latest.c.firm_id, Recheck.round == latest.c.last)
    decided = (
        select(Recheck.firm_id)
        .join(latest, of_latest)
        .where(Recheck.year == year, Recheck.outcome != RecheckOutcome.OPEN)
    )
    waiting = firms.visible_to(actor).where(_due(year), Firm.id.not_in(decided))
    return waiting.order_by(Firm.statistical_county, Firm.id)


def outstanding(actor: Actor, year: int) -> int:
    """How many those are."""
    waiting = undecided(actor, year).order_by(None)
    return db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
