"""An office nominates a firm, mends what came back, or withdraws before the review begins."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from registry.base.contacts import RESTRICTED
from registry.base.errors import NothingMended
from registry.base.extensions import clock, db
from registry.base.firm_fields import DOCUMENTS, FIELDS, FIGURE_FIELDS, FOLLOWERS
from registry.base.permissions import Actor
from registry.base.vocabulary import Action, Outcome, Stage
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.firms.services import holding
from registry.notices.rules import Matter
from registry.notices.services import nudges
from registry.pathway.services import pathway
from registry.people.models import Office
from registry.proposals.models import Proposal, Submission
from registry.proposals.queries import nominations
from registry.proposals.services import telling
from registry.reference.queries import reference
from registry.sheets import fields
from registry.trail.services import trail
from registry.trail.services.trail import plain_all


def submit(actor: Actor, firm: Firm, *, at: datetime, on: date, note: str = "") -> Proposal:
    """Put the firm before its lead bureau; a returned case goes back to it with what was mended.

    Raises Blocked with every unmet guard, NothingMended where no returned field was touched.
    """
    if actor.user_id is None:
        raise ValueError("a nomination needs a person who answers for it")
    holding.hold(firm)
    proposal = nominations.open_of(firm)
    if proposal is None:
        proposal = Proposal(firm=firm, office_id=firm.office_id, proposer_id=actor.user_id)
        db.session.add(proposal)
        db.session.flush()
    payload = snapshot(firm)
    if firm.stage == Stage.RETURNED:
        _refuse_unmended(proposal, payload)
    pathway.advance(actor, firm, Action.SUBMIT, at=at, on=on, proposal=proposal, note=note)
    proposal.rounds += 1
    proposal.proposer_id = actor.user_id
    proposal.submitted_at = proposal.waiting_since = at
    proposal.reviewing_office_id = reviewing_office(firm).id
    db.session.add(
        Submission(proposal_id=proposal.id, round=proposal.rounds, payload=payload, at=at, by_id=actor.user_id)
    )
    db.session.flush()
    db.session.expire(proposal, ["submissions"])
    nudges.answer(proposal.id, Matter.MEND, at=at)
    telling.submitted(proposal, at=at)
    return proposal


def withdraw(actor: Actor, proposal: Proposal, *, at: datetime, on: date, note: str = "") -> None:
    """Take the nomination back, before take-up or when it was returned."""
    pathway.advance(actor, proposal.firm, Action.WITHDRAW, at=at, on=on, proposal=proposal, note=note)
    proposal.outcome, proposal.decided_at = Outcome.WITHDRAWN, at
    nudges.answer(proposal.id, Matter.REVIEW, Matter.MEND, at=at)
    telling.withdrawn(proposal, at=at)


def snapshot(firm: Firm) -> dict[str, Any]:
    """Everything the office puts forward, as plain values; contacts stay out, the reviewer sees them by revealing."""
    from registry.entries.services.entries import recorded

    values = recorded({key: getattr(firm, key) for key in FIELDS})
    return plain_all({**values, **{key: getattr(firm, key) for key in FIGURE_FIELDS}})


def reviewing_office(firm: Firm) -> Office:
    """The lead bureau; where that bureau nominated the firm itself, a co-bureau, the city's lead office or another."""
    lead, others = reference.bureaus_of(firm.industry)
    offices = reference.offices()
    stand_ins = [reference.successor(code, clock.today()) for code in ("science", "industry")]
    candidates = [lead, *(offices[code] for code in (*others, *stand_ins, *reference.leading()))]
    return next(office for office in candidates if office is not None and office.id != firm.office_id)


def route_anew(actor: Actor, proposal: Proposal, *, at: datetime) -> None:
    """After the industry of an open case changed, hand it to the bureau that is now responsible."""
    office = reviewing_office(proposal.firm)
    if office.id == proposal.reviewing_office_id:
        return
    before = proposal.reviewing_office.code if proposal.reviewing_office else None
    proposal.reviewing_office_id = office.id
    trail.record(actor, "route", proposal.firm, at=at, before={"bureau": before}, after={"bureau": office.code})


def _refuse_unmended(proposal: Proposal, payload: dict[str, Any]) -> None:
    """Something among the returned cells must differ from the last round; papers are mended by adding one.

    Contacts are no part of a submission, so nothing is asked of a case returned for them alone.
    """
    cells = [cell.field for cell in proposal.returned_cells if cell.round == proposal.rounds]
    last = db.session.scalars(
        select(Submission).where(Submission.proposal_id == proposal.id, Submission.round == proposal.rounds)
    ).one()
    checked = [field for field in cells if field not in RESTRICTED]
    if checked and not any(_mended(proposal, field, payload, last) for field in checked):
        raise NothingMended(fields=tuple(fields.label(field) for field in checked))


def _mended(proposal: Proposal, field: str, payload: dict[str, Any], last: Submission) -> bool:
    if field == DOCUMENTS:
        added = select(Document.id).where(Document.firm_id == proposal.firm_id, Document.at > last.at)
        return db.session.scalar(added.where(Document.voided_at.is_(None)).limit(1)) is not None
    said = (field, *FOLLOWERS.get(field, ()))
    return any(key in payload and payload[key] != last.payload.get(key) for key in said)
