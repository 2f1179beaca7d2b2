"""Firms whose papers wait for somebody to see their seals: for statistics, and for the bureau in charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select

from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.documents.models import Document
from registry.filings.queries import announced, checklists, filings, readiness
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.queries.readiness import Readiness
from registry.filings.rules.intake import Window, next_for
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
    coming = announced.coming(on)
    windows = {firm.id: next_for(coming, announced.opened(firm), on) for firm in found}
    rows = [_of(actor, firm, ready) for firm, ready in zip(found, _ready(found, windows, on), strict=True)]
    return sorted((row for row in rows if row.papers), key=lambda row: (row.since, row.firm.id))


def _ready(found: list[Firm], windows: Mapping[int, Window | None], on: date) -> list[Readiness]:
    ready = readiness.of_all(found, windows, on=on)
    return [ready[firm.id] for firm in found]


def _of(actor: Actor, firm: Firm, ready: Readiness) -> WaitingSeals:
    return WaitingSeals(firm, ready, others(actor, ready))


def others(actor: Actor, ready: Readiness) -> tuple[ChecklistRow, ...]:
    """The papers to look at that the reader's own office did not bring."""
    return tuple(entry for entry in checklists.to_seal(ready.entries) if not is_own(actor, entry))


def is_own(actor: Actor, entry: ChecklistRow) -> bool:
    """Whoever brought a paper does not say that its seal is right."""
    return entry.document is not None and entry.document.office_id == actor.office_id
