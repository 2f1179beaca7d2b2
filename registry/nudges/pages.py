"""催办: one press, with a word if there is one to say; the answer is the page it came from."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.characters import clean
from registry.base.extensions import clock
from registry.base.permissions import can
from registry.claims.models import Claim
from registry.claims.queries import claims
from registry.nudges.services import nudging
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations
from registry.site.access import actor, concerns, load_or_404
from registry.site.acting import pressed

pages = Blueprint("nudges", __name__)
NOTE_MOST = 200


@pages.post("/proposals/<int:proposal_id>/nudge")
@concerns("proposal.nudge")
def of_case(proposal_id: int) -> ResponseReturnValue:
    proposal: Proposal = load_or_404(nominations.one(actor(), proposal_id), "proposal.nudge")
    reviews = can(actor(), "review.read", proposal)
    back = url_for("reviews.show" if reviews else "proposals.show", proposal_id=proposal_id)
    return _answer(back, lambda: nudging.nudge_case(actor(), proposal, at=clock.now(), on=clock.today(), note=_note()))


@pages.post("/claims/<int:claim_id>/nudge")
@concerns("claim.speak")
def of_claim(claim_id: int) -> ResponseReturnValue:
    claim: Claim = load_or_404(claims.one(actor(), claim_id), "claim.speak")
    back = url_for("claims.show", claim_id=claim_id)
    return _answer(back, lambda: nudging.nudge_claim(actor(), claim, at=clock.now(), on=clock.today(), note=_note()))


def _answer(back: str, nudge: Callable[[], object]) -> ResponseReturnValue:
    pressed(nudge, _("已催办，对方会在待办和消息中看到。"))
    return redirect(back)


def _note() -> str:
    return clean(request.form.get("note", "").strip(), NOTE_MOST).text
