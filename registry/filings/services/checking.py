"""The state of each paper of a filing, appended.

The proposing office says what it holds, another office whether it bears its seal, statistics what it waives.
"""

from __future__ import annotations

from datetime import datetime

from registry.base.errors import FieldError, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import LISTED_STAGES, Stage
from registry.documents.models import Document
from registry.filings.models import PaperState
from registry.filings.queries import checklists
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.rules import chain
from registry.filings.rules.intake import PaperStatus
from registry.firms.models.firms import Firm
from registry.firms.services import holding
from registry.reference.models import Material
from registry.trail.services import trail

OPEN_STAGES = frozenset(LISTED_STAGES) - {Stage.ENROLLED}
"""Stages in which papers of a filing are collected."""


def hold(
    actor: Actor, firm: Firm, material: Material, month: Period, asked: Period, document: Document | None, *,
    at: datetime, remark: str = "",
) -> PaperState:  # fmt: skip
    """The paper is at hand: `document` of the statement asked for; its seal is for others to see. Raises FieldError."""
    if document is None or document.voided_at is not None or document.firm_id != firm.id:
        raise FieldError("document", chain.PAPER_DOCUMENT)
    if document.material != material.code:
        raise FieldError("document", chain.PAPER_OTHER_MATERIAL)
    if not checklists.fits(material, document, asked):
        found = Period(document.year, document.month or 0).label if document.year else "--"
        raise FieldError("document", chain.PAPER_OTHER_PERIOD, found=found, asked=asked.label)
    return _append(actor, firm, material, month, "held", at=at, document=document, remark=remark)


def confirm_seal(actor: Actor, firm: Firm, entry: ChecklistRow, month: Period, *, at: datetime) -> PaperState:
    """The seal on the paper at hand was seen, by an office that did not bring it. Raises RegistryError.

    `entry`: as it stands now, read after the firm is held.
    """
    document = _to_look_at(actor, entry)
    return _append(actor, firm, entry.row, month, "held", at=at, document=document, sealed=True)


def deny_seal(actor: Actor, firm: Firm, entry: ChecklistRow, month: Period, *, at: datetime, remark: str) -> PaperState:
    """The paper at hand bears no seal, or not the right one, so that it does not do. Raises RegistryError."""
    document = _to_look_at(actor, entry)
    if not remark.strip():
        raise FieldError("remark", chain.PAPER_REMARK)
    return _append(actor, firm, entry.row, month, "missing", at=at, document=document, remark=remark)


def _to_look_at(actor: Actor, entry: ChecklistRow) -> Document:
    document = entry.document
    if document is None or entry.item.status is not PaperStatus.UNSEALED:
        raise RegistryError(chain.SEAL_NONE, paper=entry.row.name)
    if document.office_id == actor.office_id:
        raise RegistryError(chain.SEAL_OWN, paper=entry.row.name)
    return document


def lack(actor: Actor, firm: Firm, material: Material, month: Period, *, at: datetime, remark: str) -> PaperState:
    """What is at hand does not do, whatever was recorded before; `remark` says why."""
    if not remark.strip():
        raise FieldError("remark", chain.PAPER_REMARK)
    return _append(actor, firm, material, month, "missing", at=at, remark=remark)


def ask(actor: Actor, firm: Firm, material: Material, month: Period, *, at: datetime, reason: str) -> PaperState:
    """Statistics asks for a paper, on top of those that are always needed or once more."""
    if not reason.strip():
        raise ReasonNeeded
    return _append(actor, firm, material, month, "requested", at=at, remark=reason)


def waive(actor: Actor, firm: Firm, material: Material, month: Period, *, at: datetime, reason: str) -> PaperState:
    """免报: statistics does not need the paper, for a reason."""
    if not reason.strip():
        raise ReasonNeeded
    return _append(actor, firm, material, month, "waived", at=at, remark=reason)


def _append(
    actor: Actor, firm: Firm, material: Material, month: Period, state: str, *, at: datetime,
    document: Document | None = None, sealed: bool = False, remark: str = "",
) -> PaperState:  # fmt: skip
    holding.hold(firm)
    if firm.stage not in OPEN_STAGES:
        raise RegistryError(chain.PAPER_CLOSED)
    last = next(iter(checklists.states_of(firm, material.code, month)), None)
    given = (state, document.id if document else None, sealed, remark.strip())
    if last is not None and (last.state, last.document_id, last.sealed, last.remark) == given:
        raise RegistryError(chain.PAPER_SAME)
    row = PaperState(
        firm_id=firm.id,
        material=material.code,
        year=month.year,
        month=month.month,
        state=state,
        document=document,
        sealed=sealed,
        remark=remark.strip(),
        office_id=actor.office_id if actor.office_id is not None else firm.office_id,
        by_id=actor.user_id,
        by_name=actor.name,
        at=at,
    )
    db.session.add(row)
    db.session.flush()
    trail.record(
        actor,
        "record_paper",
        firm,
        at=at,
        before={"paper_state": last.state, "sealed": last.sealed} if last else None,
        after={
            "material": material.code,
            "period": month.label,
            "paper_state": state,
            "sealed": sealed,
            "document_id": row.document_id,
        },
        reason=remark,
    )
    return row
