"""Figures are transcribed by the proposing office from a paper, corrected by appending, doubted by others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from registry.base import errors, independence
from registry.base.errors import FieldError, FigureMoved, ReasonNeeded, RegistryError
from registry.base.extensions import SHANGHAI, db
from registry.base.money import in_wan
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import FigureKind, FigureSource
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.figures.models import Dispute, Figure
from registry.figures.queries import figures
from registry.figures.rules import proof
from registry.firms.models.firms import Firm
from registry.firms.services import holding, renewal
from registry.trail.services import trail
from registry.trail.services.trail import Act

_NO_DOUBTS: Mapping[Period, Sequence[Mapping[str, Any]]] = MappingProxyType({})


def record(
    actor: Actor, firm: Firm, period: Period, amount: Decimal, *, at: datetime, on: date, **given: Any
) -> Figure:
    """Append the cumulative amount (yuan) of `period` and bring the firm's standing up to it; see `append`."""
    figure = append(actor, firm, period, amount, at=at, on=on, **given)
    renewal.renew(firm, on=on, at=at)
    return figure


def append(
    actor: Actor, firm: Firm, period: Period, amount: Decimal, *, at: datetime, on: date, **given: Any
) -> Figure:
    """Append one figure without touching the standing; see `append_all`."""
    return append_all(actor, firm, [(period, amount)], at=at, on=on, **given)[0]


def append_all(
    actor: Actor,
    firm: Firm,
    amounts: Sequence[tuple[Period, Decimal]],
    *,
    kind: FigureKind = FigureKind.REVENUE,
    source: FigureSource,
    document: Document | None,
    at: datetime,
    on: date,
    reason: str = "",
    batch_id: int | None = None,
    corrects: int | None = None,
    doubts: Mapping[Period, Sequence[Mapping[str, Any]]] = _NO_DOUBTS,
    assurance: str = "",
) -> list[Figure]:
    """Append the figures of one paper; one that stands already is corrected, with a reason.

    `doubts`: by period, what its author was asked about (`rules.doubts.noted`), and `assurance` what the answer was;
    they stay with the figure until somebody settles them. Raises FieldError('assurance') where there is none.

    `corrects`: the id of the last line of the period that its author saw, 0 where there was none; None asks nothing.
    The standing is refreshed by the caller, once. Raises FieldError (`amount`, `period`, `document`, `reason`),
    FigureMoved where another line has come since.
    """
    holding.hold(firm)
    holding.refuse_merged(firm)
    _check_document(firm, source, document)
    if any(doubts.values()) and not assurance.strip():
        raise FieldError("assurance", errors.FIGURE_ASSURANCE)
    known = _revisions(firm, kind)
    added, acts = [], []
    for period, amount in amounts:
        revisions = [figure for figure in known if (figure.year, figure.month) == (period.year, period.month)]
        before = _counting(revisions)
        if corrects is not None and corrects != (before.id if before else 0):
            raise _moved(before)
        _check(kind, period, amount, before, document, reason, on)
        _check_period(document, period)
        figure = Figure(
            firm_id=firm.id,
            kind=kind,
            year=period.year,
            month=period.month,
            # past the highest ever given: a number is never used twice, not even a voided one's
            revision=revisions[0].revision + 1 if revisions else 1,
            amount=amount,
            source=source,
            document_id=document.id if document else None,
            reason=reason.strip(),
            batch_id=batch_id,
            office_id=firm.office_id,
            by_id=actor.user_id,
            by_name=actor.name,
            at=at,
            doubts=[dict(doubt) for doubt in doubts.get(period, ())],
            assurance=assurance.strip() if doubts.get(period) else "",
        )
        added.append(figure)
        facts = figure_facts(before) if before else None
        acts.append(Act("record_figure", "firm", firm.id, firm.name, facts, figure_facts(figure), reason))
    if document is not None and document.year is None and document.material in proof.OF_PERIODS and len(amounts) == 1:
        period, _ = amounts[0]  # who transcribes from it says of which period it is
        document.year, document.month = period.year, period.month
        attachments.refuse_double(document, field="document")
    db.session.add_all(added)
    db.session.flush()
    trail.record_all(actor, acts, at=at)
    return added


def _moved(now: Figure | None) -> FigureMoved:
    if now is None:
        return FigureMoved(person="", day="", amount="--")
    day = now.at.astimezone(SHANGHAI).date().isoformat()
    return FigureMoved(person=now.by_name, day=day, amount=plain_amount(now.kind, now.amount))


def _check(
    kind: FigureKind, period: Period, amount: Decimal, before: Figure | None, document: Document | None, reason: str,
    on: date,
) -> None:  # fmt: skip
    if amount < 0:
        raise FieldError("amount", errors.FIGURE_NEGATIVE)
    if kind is FigureKind.EMPLOYEES and amount != int(amount):
        raise FieldError("amount", errors.FIGURE_PERSONS)
    if period.end > on:
        raise FieldError("period", errors.FIGURE_FUTURE, period=period.label)
    if before is not None:
        _check_correction(before, amount, document, reason)


def settle(actor: Actor, figure: Figure, *, at: datetime, on: date, note: str) -> None:
    """Another office has held the figure against its paper: what was odd about it is no doubt any more, and why."""
    if not note.strip():
        raise ReasonNeeded("note")
    firm = db.session.get_one(Firm, figure.firm_id)
    holding.hold(firm)
    db.session.refresh(figure)
    if not figure.is_doubted:
        raise RegistryError(errors.FIGURE_SETTLED)
    figure.settled_at, figure.settled_by_name, figure.settled_note = at, actor.name, note.strip()
    db.session.flush()
    trail.record(actor, "settle_figure", firm, at=at, after=figure_facts(figure), reason=note)
    renewal.renew(firm, on=on, at=at)


def dispute(actor: Actor, figure: Figure, *, at: datetime, reason: str) -> Dispute:
    """Put another office's doubt beside a figure; the figure itself stays as the proposing office gave it."""
    if not reason.strip():
        raise ReasonNeeded
    firm = db.session.get_one(Firm, figure.firm_id)
    if not any(figure in (one.line, *one.beside) for one in figures.counted_figures(firm)):
        raise RegistryError(errors.FIGURE_SUPERSEDED)
    row = Dispute(
        figure_id=figure.id,
        office_id=actor.office_id,
        by_id=actor.user_id,
        by_name=actor.name,
        at=at,
        reason=reason.strip(),
    )
    db.session.add(row)
    db.session.flush()
    trail.record(actor, "dispute_figure", firm, at=at, after=figure_facts(figure), reason=reason)
    return row


def current(firm: Firm, kind: FigureKind, period: Period) -> Figure | None:
    """The last word on this kind and period, proven or not: what a correction corrects."""
    given = _revisions(firm, kind)
    return _counting([figure for figure in given if (figure.year, figure.month) == (period.year, period.month)])


def plain_amount(kind: str, amount: Decimal) -> str:
    """As a sentence names it: in 万元, or persons."""
    return str(int(amount)) if kind == FigureKind.EMPLOYEES else in_wan(amount, ROUND_HALF_UP)


def figure_facts(figure: Figure) -> dict[str, object]:
    """A figure as the trail holds it."""
    return {
        "kind": str(figure.kind),
        "period": str(Period(figure.year, figure.month)),
        # the trail's amounts are money: persons stand under a name of their own
        **({"persons": int(figure.amount)} if figure.kind == FigureKind.EMPLOYEES else {"amount": figure.amount}),
        "source": str(figure.source),
        "revision": figure.revision,
        "document_id": figure.document_id,
    }


def _check_document(firm: Firm, source: FigureSource, document: Document | None) -> None:
    """A person transcribes from a paper of this very firm; only a workbook stands for itself."""
    if document is None and source == FigureSource.WORKBOOK:
        return
    if document is None or document.firm_id != firm.id:
        raise FieldError("document", errors.FIGURE_DOCUMENT)
    if document.voided_at is not None:
        raise FieldError("document", errors.DOCUMENT_VOIDED)
    if word := independence.refused_paper(document.filename, document.material):
        raise FieldError("document", independence.REFUSED, word=word)


def _check_period(document: Document | None, period: Period) -> None:
    """A paper that speaks of another period is not put beside the figure: it would prove nothing."""
    if document is None or document.year is None or document.material not in proof.OF_PERIODS:
        return
    if not proof.is_of(document, period):
        own = Period(document.year, document.month or 0).label
        raise FieldError("document", errors.FIGURE_OTHER_PERIOD, found=own, asked=period.label)


def _check_correction(old: Figure, amount: Decimal, document: Document | None, reason: str) -> None:
    newly_documented = document is not None and not _names_its_paper(old)
    if amount == old.amount and not newly_documented:
        raise FieldError("amount", errors.FIGURE_SAME)
    if amount != old.amount and not reason.strip():
        raise FieldError("reason", errors.FIGURE_REASON)


def _names_its_paper(figure: Figure) -> bool:
    paper = figure.document
    return (
        paper is not None
        and paper.voided_at is None
        and proof.covers(paper, figure.kind, Period(figure.year, figure.month))
    )


def _revisions(firm: Firm, kind: FigureKind) -> Sequence[Figure]:
    """Every figure of the kind ever given for the firm, voided ones too, the latest revision first."""
    return db.session.scalars(
        select(Figure).where(Figure.firm_id == firm.id, Figure.kind == kind).order_by(Figure.revision.desc(), Figure.id)
    ).all()


def _counting(revisions: Sequence[Figure]) -> Figure | None:
    return next((figure for figure in revisions if figure.voided_at is None), None)
