"""The lead bureau takes a case up, sends it back, rejects it, or admits the firm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from registry.base import errors
from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import Action, Outcome, Stage
from registry.duplicates.services import pairings
from registry.firms.services import holding
from registry.notices.rules import Matter
from registry.notices.services import nudges
from registry.pathway.services import pathway, standing
from registry.proposals.models import Proposal, ReturnedCell
from registry.proposals.services import telling
from registry.trail.services import trail


def take_up(actor: Actor, proposal: Proposal, *, at: datetime, on: date) -> None:
    """Begin the review; for the person who has already begun it, nothing is left to do."""
    holding.hold(proposal.firm)
    db.session.refresh(proposal)
    if proposal.firm.stage == Stage.UNDER_REVIEW and proposal.reviewer_id == actor.user_id:
        return
    pathway.advance(actor, proposal.firm, Action.TAKE_UP, at=at, on=on, proposal=proposal)
    proposal.reviewer_id = actor.user_id
    nudges.answer(proposal.id, Matter.REVIEW, at=at)


def send_back(
    actor: Actor,
    proposal: Proposal,
    *,
    reason_code: str,
    cells: Mapping[str, str],
    note: str,
    at: datetime,
    on: date,
) -> None:
    """Return the case with a reason of the list and the very fields to mend (field -> what to do)."""
    if not reason_code:
        raise FieldError("reason_code", errors.REASON_CODE_NEEDED)
    if not cells:
        raise FieldError("cells", errors.CELLS_NEEDED)
    pathway.advance(
        actor, proposal.firm, Action.SEND_BACK, at=at, on=on, proposal=proposal, reason_code=reason_code, note=note
    )
    for field, remark in cells.items():
        db.session.add(ReturnedCell(proposal_id=proposal.id, round=proposal.rounds, field=field, note=remark.strip()))
    proposal.waiting_since = at
    db.session.flush()
    db.session.expire(proposal, ["returned_cells"])
    nudges.answer(proposal.id, Matter.REVIEW, at=at)
    telling.returned(proposal, len(cells), at=at)


def reject(actor: Actor, proposal: Proposal, *, reason_code: str, note: str, at: datetime, on: date) -> None:
    if not reason_code:
        raise FieldError("reason_code", errors.REASON_CODE_NEEDED)
    pathway.advance(
        actor, proposal.firm, Action.REJECT, at=at, on=on, proposal=proposal, reason_code=reason_code, note=note
    )
    _close(actor, proposal, Outcome.REJECTED, note, at)
    telling.rejected(proposal, at=at)


def admit(actor: Actor, proposal: Proposal, *, industry_checked: bool, opinion: str, at: datetime, on: date) -> None:
    """Enter the firm in the directory; where its revenue is over the statutory line it is due for filing at once."""
    if not industry_checked:
        raise FieldError("industry_checked", errors.CONFIRM_INDUSTRY)
    firm = proposal.firm
    if not firm.industry_confirmed:
        firm.industry_confirmed = True
        trail.record(actor, "confirm_industry", firm, at=at, after={"industry": firm.industry})
    pathway.advance(actor, firm, Action.ADMIT, at=at, on=on, proposal=proposal, note=opinion)
    _close(actor, proposal, Outcome.ADMITTED, opinion, at)
    telling.admitted(proposal, at=at)
    standing.refresh(firm, on=on, at=at)
    pairings.find(firm, at=at)


def _close(actor: Actor, proposal: Proposal, outcome: Outcome, opinion: str, at: datetime) -> None:
    proposal.outcome, proposal.opinion, proposal.decided_at = outcome, opinion.strip(), at
    proposal.reviewer_id = actor.user_id
    db.session.flush()
    nudges.answer(proposal.id, Matter.REVIEW, at=at)
