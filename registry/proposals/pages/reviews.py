"""The bureau's side: the queue by age, and a case with everything a decision rests on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from registry.base.errors import Blocked, FieldError, IllegalTransition, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import STAGE_LABELS, Stage
from registry.proposals.forms.proposals import QueueQuery
from registry.proposals.forms.reviews import Admission, Rejection, SendingBack
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations
from registry.proposals.services import reviews
from registry.proposals.views import cases, looks, review_page
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.site.locale import sentence
from registry.site.walks import Walk

pages = Blueprint("reviews", __name__)


@pages.get("/reviews")
@requires("review.list")
def queue() -> ResponseReturnValue:
    """What waits for the bureau, the longest waiting first; whoever sees all sees every bureau's."""
    query = _query()
    page = page_of(review_page.queue(query))
    waits = {case.id: cases.wait(case) for case in page.items}
    return render_template(
        "proposals/reviews/queue.html", query=query, page=page, waits=waits, carried=review_page.carried(),
        last=review_page.last(),
    )  # fmt: skip


def _query() -> QueueQuery:
    query = QueueQuery(request.args)
    offices = [office for office in reference.offices().values() if office.kind != "system"]
    query.county.choices = [("", _("全部")), *((office.code, office.short_name) for office in offices)]
    stages = (Stage.PROPOSED, Stage.UNDER_REVIEW)
    query.state.choices = [("", _("全部")), *((stage.value, _(STAGE_LABELS[stage])) for stage in stages)]
    return query


@pages.get("/reviews/<int:proposal_id>")
@concerns("review.read")
def show(proposal_id: int) -> ResponseReturnValue:
    proposal: Proposal = load_or_404(nominations.one(actor(), proposal_id), "review.read")
    if can(actor(), "review.together"):
        looks.note(proposal)
    return render_template("proposals/reviews/show.html", **review_page.of(proposal))


@pages.post("/reviews/next")
@requires("review.next")
def take_next() -> ResponseReturnValue:
    """Take up the oldest case that waits for the reader, within the filter of the address, and show it."""
    waiting = review_page.waiting_here()
    if not waiting:
        flash(_("没有等待您核查的提名。"), "info")
        return redirect(url_for("reviews.queue", **review_page.carried()))
    return _taken_up(waiting[0].id)


@pages.post("/reviews/<int:proposal_id>/take-up")
@concerns("review.decide")
def take_up(proposal_id: int) -> ResponseReturnValue:
    return _taken_up(proposal_id)


def _taken_up(proposal_id: int) -> ResponseReturnValue:
    proposal: Proposal = load_or_404(nominations.one(actor(), proposal_id), "review.decide")
    reviews.take_up(actor(), proposal, at=clock.now(), on=clock.today())
    db.session.commit()
    return redirect(url_for("reviews.show", proposal_id=proposal_id, **review_page.carried()))


@pages.post("/reviews/<int:proposal_id>/admission")
@concerns("review.decide")
def admit(proposal_id: int) -> ResponseReturnValue:
    def decide(proposal: Proposal, form: Any) -> None:
        reviews.admit(
            actor(),
            proposal,
            industry_checked=form.industry_checked.data,
            opinion=form.opinion.data or "",
            at=clock.now(),
            on=clock.today(),
        )

    return _decide(proposal_id, Admission(prefix="admit"), decide)


@pages.post("/reviews/<int:proposal_id>/return")
@concerns("review.decide")
def send_back(proposal_id: int) -> ResponseReturnValue:
    def decide(proposal: Proposal, form: Any) -> None:
        reviews.send_back(
            actor(),
            proposal,
            reason_code=form.reason_code.data,
            cells=form.cells(),
            note=form.note.data or "",
            at=clock.now(),
            on=clock.today(),
        )

    return _decide(proposal_id, SendingBack(prefix="return"), decide)


@pages.post("/reviews/<int:proposal_id>/rejection")
@concerns("review.decide")
def reject(proposal_id: int) -> ResponseReturnValue:
    def decide(proposal: Proposal, form: Any) -> None:
        reviews.reject(
            actor(),
            proposal,
            reason_code=form.reason_code.data,
            note=form.opinion.data or "",
            at=clock.now(),
            on=clock.today(),
        )

    return _decide(proposal_id, Rejection(prefix="reject"), decide)


def _decide(proposal_id: int, form: FlaskForm, decide: Callable[[Proposal, Any], None]) -> ResponseReturnValue:
    """One decision on one case, and the next one stands there; what is refused comes back with what was typed.

    Who decides a case that nobody has begun begins it by that.
    """
    proposal: Proposal = load_or_404(nominations.one(actor(), proposal_id), "review.decide")
    if form.validate_on_submit():
        walk = review_page.walk(proposal_id)
        try:
            if proposal.firm.stage == Stage.PROPOSED:
                reviews.take_up(actor(), proposal, at=clock.now(), on=clock.today())
            decide(proposal, form)
        except IllegalTransition:
            raise
        except RegistryError as error:
            db.session.rollback()
            proposal = load_or_404(nominations.one(actor(), proposal_id), "review.decide")
            _say(form, error)
        else:
            db.session.commit()
            return redirect(_onward(walk))
    return render_template("proposals/reviews/show.html", **review_page.of(proposal, form)), 422


def _onward(walk: Walk) -> str:
    """The next case of the queue that waits for the reader, with the filter kept; the queue where there is none."""
    following = walk.onward([one.id for one in review_page.waiting_here()])
    if following is None:
        return url_for("reviews.queue", last=walk.current, **review_page.carried())
    return url_for("reviews.show", proposal_id=following, last=walk.current, **review_page.carried())


def _say(form: FlaskForm, error: RegistryError) -> None:
    """At its field where the form has it, else on top; every unmet guard by its own sentence."""
    if isinstance(error, FieldError) and error.field in form:
        form[error.field].errors = [sentence(error)]
        return
    sentences = [_(blocker) for blocker in error.blockers] if isinstance(error, Blocked) else [sentence(error)]
    form.form_errors.extend(sentences)
