"""Firms within an actor's reach; every list and every single record starts from `visible_to`."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from registry.domain import proof
from registry.domain.permissions import SEES_ALL, Actor
from registry.domain.proof import Counted
from registry.domain.vocabulary import OfficeKind, Role
from registry.extensions import db
from registry.models import Document, Figure, Firm, PathwayEvent, Proposal


def visible_to(actor: Actor) -> Select[Firm]:
    """Every firm `actor` may see (DECISIONS section 2), unordered; firms voided with their import are nobody's."""
    return select(Firm).where(Firm.voided_at.is_(None), within(actor))


def within(actor: Actor) -> ColumnElement[bool]:
    """The row scope as a condition; `domain.permissions.sees_firm` says the same of one firm."""
    if actor.holds(*SEES_ALL):
        return true()
    if not actor.holds(Role.CLERK, Role.OFFICER):
        return false()
    own = Firm.office_id == actor.office_id
    if actor.office_kind == OfficeKind.COUNTY:
        return or_(own, Firm.statistical_county == actor.office_code)
    if actor.office_kind == OfficeKind.BUREAU and actor.holds(Role.OFFICER):
        helps = Firm.co_bureaus.contains(f",{actor.office_code},")
        return or_(own, Firm.lead_bureau_id == actor.office_id, helps, Firm.id.in_(_under_review_by(actor)))
    return own


def _under_review_by(actor: Actor) -> Select[int]:
    """Firms whose open case was routed to the actor's bureau, whoever leads their industry."""
    return select(Proposal.firm_id).where(Proposal.reviewing_office_id == actor.office_id, Proposal.outcome.is_(None))


def one(actor: Actor, firm_id: int) -> Select[Firm]:
    return visible_to(actor).where(Firm.id == firm_id)


def with_code(credit_code: str) -> Firm | None:
    """The firm that holds this code, or held it before it was merged; whoever may see it: never for a page."""
    firm = db.session.scalars(
        select(Firm).where(Firm.credit_code == credit_code, Firm.voided_at.is_(None))
    ).one_or_none()
    return firm and survivor(firm)


def survivor(firm: Firm) -> Firm:
    """The firm itself, or the one it has at last been merged into."""
    while firm.merged_into_id is not None:
        firm = db.session.get_one(Firm, firm.merged_into_id)
    return firm


def branches_of(actor: Actor, firm: Firm) -> list[Firm]:
    return list(db.session.scalars(visible_to(actor).where(Firm.parent_id == firm.id).order_by(Firm.id)))


def documents_of(firm: Firm) -> list[Document]:
    """All papers, voided ones too, by material and then the newest first."""
    return list(
        db.session.scalars(
            select(Document)
            .where(Document.firm_id == firm.id)
            .order_by(Document.material, Document.year.desc(), Document.month.desc(), Document.id.desc())
        )
    )


def events_of(firm: Firm) -> list[PathwayEvent]:
    return list(
        db.session.scalars(
            select(PathwayEvent).where(PathwayEvent.firm_id == firm.id).order_by(PathwayEvent.at, PathwayEvent.id)
        )
    )


def figures_of(firm: Firm) -> list[Figure]:
    """Every revision of every figure, by kind and period, the latest revision first."""
    return list(
        db.session.scalars(
            select(Figure)
            .where(Figure.firm_id == firm.id)
            .order_by(Figure.kind, Figure.year, Figure.month, Figure.revision.desc())
        )
    )


def counted_figures(firm: Firm) -> list[Counted[Figure]]:
    """The figures that count, with what proves them: of each kind and period the highest proven, else the highest."""
    papers = [document for document in documents_of(firm) if document.voided_at is None]
    return proof.counting((figure for figure in figures_of(firm) if figure.voided_at is None), papers)


def current_figures(firm: Firm) -> list[Figure]:
    """The figures that count, proven or not."""
    return [counted.line for counted in counted_figures(firm)]
