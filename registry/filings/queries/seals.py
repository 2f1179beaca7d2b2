"""Firms whose papers wait for somebody to see their seals: for statistics, and for the bureau in charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.documents.models import Document
from registry.filings.queries import checklists, filings, readiness
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.queries.readiness import Readiness
from registry.firms.models.firms import Firm
from registry.reference.models import Material


@dataclass(frozen=True)
class WaitingSeals:
    """A firm that should file, and the papers of its next window whose seal `actor` is to look at."""

    firm: Firm
    ready: Readiness
    papers: tuple[ChecklistRow, ...]

    @property
    def since(self) -> datetime:
        return min(entry.document.at for entry in self.papers if entry.document)


def waiting(actor: Actor, *, on: date) -> list[WaitingSeals]:
    """The longest waiting first; a handful of statements, however many firms there are."""
    brought = exists().where(
        Document.firm_id == Firm.id, Document.voided_at.is_(None), Document.office_id != actor.office_id,
        Document.material.in_(select(Material.code).where(Material.sealed)),
    )  # fmt: skip
    found = [firm for firm in db.session.scalars(filings.due(actor).where(brought)) if can(actor, "paper.seal", firm)]
    if not found:
        return []
    ready = readiness.of_next(found, on=on)
    rows = (WaitingSeals(firm, ready[firm.id], others(actor, ready[firm.id])) for firm in found)
    return sorted((row for row in rows if row.papers), key=lambda row: (row.since, row.firm.id))


def others(actor: Actor, ready: Readiness) -> tuple[ChecklistRow, ...]:
    """The papers to look at; whoever brought a paper does not say that its seal is right."""
    waiting_ = checklists.to_seal(ready.entries)
    return tuple(entry for entry in waiting_ if entry.document and entry.document.office_id != actor.office_id)
