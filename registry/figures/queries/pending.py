"""What of figures waits: those another office disputes, notes on a large difference that nobody has looked at."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased

from registry.base.labels import N_
from registry.base.pending import Pending, Task, first_of
from registry.base.permissions import Actor
from registry.base.vocabulary import Role, Stage
from registry.documents.models import Document
from registry.figures.models import Dispute, Figure
from registry.figures.queries import months, on_record
from registry.firms.models.firms import Firm
from registry.firms.queries import firms


def to_answer(actor: Actor) -> Select[Dispute] | None:
    """For the proposing office, which alone can answer by a correction."""
    if not actor.holds(Role.CLERK):
        return None
    own = select(Figure.id).join(Firm, Firm.id == Figure.firm_id)
    own = own.where(Firm.office_id == actor.office_id, Firm.voided_at.is_(None))
    return select(Dispute).where(Dispute.figure_id.in_(own), unanswered()).order_by(Dispute.at, Dispute.id)


def unanswered() -> ColumnElement[bool]:
    """Nobody has corrected or voided the disputed revision since; a proven one is corrected only by a proven one."""
    figure, later = aliased(Figure), aliased(Figure)
    replaced = exists().where(
        later.firm_id == figure.firm_id,
        later.kind == figure.kind,
        later.year == figure.year,
        later.month == figure.month,
        later.revision > figure.revision,
        later.voided_at.is_(None),
        or_(on_record.names_its_paper(later), ~on_record.names_its_paper(figure)),
    )
    return Dispute.figure_id.in_(select(figure.id).where(figure.voided_at.is_(None), ~replaced))


def to_confirm(actor: Actor) -> Select[Document] | None:
    """Notes (M07) on firms that the bureau leads; never what its own people brought."""
    if not actor.holds(Role.OFFICER):
        return None
    led = Firm.lead_bureau_id == actor.office_id, Firm.office_id != actor.office_id, Firm.stage != Stage.MERGED
    waits = Document.material == months.MATERIAL, Document.confirmed_at.is_(None), Document.voided_at.is_(None)
    rows = select(Document).join(Firm, Firm.id == Document.firm_id).where(*led, *waits, Firm.voided_at.is_(None))
    return rows.order_by(Document.at, Document.id)


def _to_answer(actor: Actor, limit: int) -> list[Task]:
    rows = first_of(to_answer(actor), limit)
    names = firms.firm_names(row.figure.firm_id for row in rows)
    return [
        Task(
            "dispute", names[row.figure.firm_id], row.id, row.office.short_name, row.at,
            label=N_("数据被提出异议，请核对更正"), endpoint="figures.listing",
            values={"firm_id": row.figure.firm_id},
        )
        for row in rows
    ]  # fmt: skip


def _to_confirm(actor: Actor, limit: int) -> list[Task]:
    rows = first_of(to_confirm(actor), limit)
    names = firms.firm_names(row.firm_id for row in rows)
    return [
        Task(
            "explanation", names[row.firm_id], row.id, row.office.short_name, row.at,
            label=N_("差异说明待认可"), endpoint="documents.look", values={"document_id": row.id},
        )
        for row in rows
    ]  # fmt: skip


WAITING = (
    Pending("dispute", N_("数据被提出异议"), "", to_answer, tasks=_to_answer),
    Pending("explanation", N_("差异说明待认可"), "", to_confirm, tasks=_to_confirm, is_task=False),
)
