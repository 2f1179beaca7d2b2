"""催办: one press, with a word if there is one to say; the answer is the page it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length, Optional

from registry.base.characters import clean
from registry.base.extensions import clock
from registry.base.permissions import can
from registry.claims.models import Claim
from registry.claims.queries import claims
from registry.notices.rules import MATTER_LABELS, NUDGED, NudgedAlready
from registry.nudges import queries
from registry.nudges.queries import Awaited
from registry.nudges.services import nudging
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import pressed
from registry.site.many import Act, Line, Sure, together
from registry.site.pagination import ListPages

pages = Blueprint("nudges", __name__)
NOTE_MOST = 200


class NudgeTogether(Sure):
    note = StringField(_l("留言"), [Optional(), Length(max=NOTE_MOST)], description=_l("可不填；记入每一项催办。"))


@pages.get("/nudges")
@requires("nudge.list")
def listing() -> ResponseReturnValue:
    """What waits at other offices, the most overdue first; by office where one is asked for."""
    found = queries.awaited(actor(), clock.today())
    offices: dict[str, str] = {one.office.code: one.office.short_name for one in found}
    asked = request.args.get("office", "")
    shown = [one for one in found if not asked or one.office.code == asked]
    return render_template(
        "nudges/list.html", page=ListPages(shown, usual=100), offices=offices, asked=asked, matters=MATTER_LABELS,
        overdue=sum(bool(one.wait and one.wait.overdue) for one in found), total=len(found), where=_where,
        name_of=lambda one: one.name_for(actor()),
    )  # fmt: skip


@pages.post("/nudges/ticked")
@requires("nudge.list")
def nudge_ticked() -> ResponseReturnValue:
    """One word to every office whose turn it is, about each ticked matter."""
    form, at, on = NudgeTogether(), clock.now(), clock.today()

    def do(line: Line) -> None:
        one: Awaited = line.row
        nudge = nudging.nudge_claim if isinstance(one.subject, Claim) else nudging.nudge_case
        nudge(actor(), one.subject, at=at, on=on, note=form.note.data or "")  # type: ignore[arg-type]  # told apart above

    act = Act(_judged, do, title=_("批量催办"), done=_("已催办"))
    return together(act, form=form, template="nudges/ticked.html", back=url_for("nudges.listing"))


def _judged(numbers: list[int]) -> Iterator[Line]:
    on = clock.today()
    for one in queries.awaited(actor(), on, numbers):
        known = Line(one.number, one.name_for(actor()), one, _where(one), one.firm.credit_code or "")
        if one.may_be_nudged(on):
            will = _(NUDGED[one.matter], office=one.office.short_name)
            yield replace(known, will=will, mark=f"{one.nudged}")
        else:
            day = one.last.at.date().isoformat() if one.last else ""
            yield replace(known, why=_(NudgedAlready.template, day=day))


def _where(one: Awaited) -> str:
    if isinstance(one.subject, Claim):
        return url_for("claims.show", claim_id=one.subject.id)
    reviews = can(actor(), "review.read", one.subject)
    return url_for("reviews.show" if reviews else "proposals.show", proposal_id=one.subject.id)


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
