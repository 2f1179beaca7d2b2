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
from registry.duplicates.queries import duplicates
from registry.duplicates.views.matches import shortlist
from registry.pathway.queries import positions
from registry.pathway.views import evidence, explained
from registry.proposals.forms.proposals import QueueQuery
from registry.proposals.forms.reviews import Admission, Rejection, SendingBack
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations, waiting
from registry.proposals.services import reviews
from registry.proposals.views import cases
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.site.locale import sentence

pages = Blueprint("reviews", __name__)


@pages.get("/reviews")
@requires("review.list")
def queue() -> ResponseReturnValue:
    """What waits for the bureau, the longest waiting first; whoever sees all sees every bureau's."""
    query = _query()
    page = page_of(
        waiting.narrowed(
            waiting.queue(actor()),
            text=(query.q.data or "").strip(),
            office=query.county.data or "",
            stage=query.state.data or "",
        )
    )
    waits = {case.id: cases.wait(case) for case in page.items}
    return render_template("proposals/reviews/queue.html", query=query, page=page, waits=waits)


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
    return render_template("proposals/reviews/show.html", **_case(proposal))


@pages.post("/reviews/<int:proposal_id>/take-up")
@concerns("review.decide")
def take_up(proposal_id: int) -> ResponseReturnValue:
    proposal: Proposal = load_or_404(nominations.one(actor(), proposal_id), "review.decide")
    reviews.take_up(actor(), proposal, at=clock.now(), on=clock.today())
    db.session.commit()
    flash(_("已受理，请核查后作出决定。"), "success")
    return redirect(url_for("reviews.show", proposal_id=proposal_id))


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

    return _decide(proposal_id, Admission(prefix="admit"), decide, _("已审核通过，企业入库培育。"))


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

    return _decide(proposal_id, SendingBack(prefix="return"), decide, _("已退回补正，提名单位会在待办中看到。"))


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

    return _decide(proposal_id, Rejection(prefix="reject"), decide, _("已作出不予通过的决定。"))


def _decide(
    proposal_id: int, form: FlaskForm, decide: Callable[[Proposal, Any], None], done: str
) -> ResponseReturnValue:
    """One decision on one case; whatever is refused, the page comes back with what was typed."""
    proposal: Proposal = load_or_404(nominations.one(actor(), proposal_id), "review.decide")
    if form.validate_on_submit():
        try:
            decide(proposal, form)
        except IllegalTransition:
            raise
        except RegistryError as error:
            db.session.rollback()
            proposal = load_or_404(nominations.one(actor(), proposal_id), "review.decide")
            _say(form, error)
        else:
            db.session.commit()
            flash(done, "success")
            return redirect(url_for("reviews.show", proposal_id=proposal_id))
    return render_template("proposals/reviews/show.html", **_case(proposal, form)), 422


def _say(form: FlaskForm, error: RegistryError) -> None:
    """At its field where the form has it, else on top; every unmet guard by its own sentence."""
    if isinstance(error, FieldError) and error.field in form:
        form[error.field].errors = [sentence(error)]
        return
    sentences = [_(blocker) for blocker in error.blockers] if isinstance(error, Blocked) else [sentence(error)]
    form.form_errors.extend(sentences)


def _case(proposal: Proposal, form: FlaskForm | None = None) -> dict[str, Any]:
    """The reviewer's page; `form` is the decision that was refused, with what was typed."""
    firm = proposal.firm
    position = positions.of(firm, on=clock.today())
    forms = {"admit": Admission, "return": SendingBack, "reject": Rejection}
    decides = can(actor(), "review.decide", proposal) and proposal.outcome is None
    return {
        **cases.of(proposal),
        "conditions": explained.rows(position),
        "figures": evidence.given_figures(firm),
        "documents": evidence.papers_of(firm),
        "found": shortlist(firm.name, duplicates.visible(actor(), duplicates.of_firm(firm)), firm),
        "obstacles": cases.obstacles_to_admit(proposal) if decides and firm.stage == Stage.UNDER_REVIEW else [],
        "decides": decides,
        "forms": {
            key: form if form is not None and isinstance(form, kind) else kind(None, prefix=key)
            for key, kind in forms.items()
        },
        "form": form,
    }
