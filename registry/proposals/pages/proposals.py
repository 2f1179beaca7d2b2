"""Nominations: name a firm, look for it in the directory, fill in the form, check, submit; and the case afterwards."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base import errors
from registry.base.errors import CodeTaken, FieldError, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import TERRITORIAL, can
from registry.base.vocabulary import FigureKind, FigureSource, Outcome
from registry.documents.services import attachments
from registry.duplicates.queries import duplicates
from registry.duplicates.queries.duplicates import Seen
from registry.duplicates.views.matches import is_judged, set_apart, shortlist
from registry.entries.forms.firms import former_names_of, values_of
from registry.entries.pages import offering
from registry.entries.services import entries, naming
from registry.figures.forms.figures import filed_as
from registry.figures.queries import figures
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.pathway.rules.transitions import WITHDRAWN_FROM
from registry.proposals.forms.proposals import ListQuery, Naming, Nomination, Submission, Withdrawal, stages_of, strip
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations
from registry.proposals.services import proposals
from registry.proposals.views import cases
from registry.site.access import actor, concerns, load_or_404, refuse, requires
from registry.site.listing import page_of

pages = Blueprint("proposals", __name__)


@pages.get("/proposals")
@requires("proposal.list")
def listing() -> ResponseReturnValue:
    """Nominations and drafts by state; the state, the search and the page live in the address."""
    query, state = ListQuery(request.args), request.args.get("state", "")
    found = nominations.matching(nominations.nominated(actor()), text=(query.q.data or "").strip())
    counts = nominations.count_by_stage(found)
    page = page_of(nominations.matching(found, stages=stages_of(state)).order_by(*nominations.NEWEST))
    return render_template(
        "proposals/list.html",
        query=query,
        page=page,
        strip=strip(counts, state),
        proposals=nominations.latest_of(firm.id for firm in page.items),
    )


@pages.get("/proposals/new")
@requires("firm.create")
def new() -> ResponseReturnValue:
    """Step one: name and code, and what the directory holds that is alike. A look; nothing is kept."""
    form = Naming(request.args)
    asked = bool(request.args)
    sound = asked and form.validate()
    # Before anything is typed there is nothing to look for, and a half-typed code is still worth its name.
    found = _look(form.name.data, form.credit_code.data) if asked and form.name.data else None
    offered = offering.offers(form.name.data, form.credit_code.data) if asked else None
    if sound and not found and not offered:  # nothing to look at: the form itself is what comes next
        return redirect(url_for("proposals.details", name=form.name.data, credit_code=form.credit_code.data))
    return render_template("proposals/new.html", form=form, sound=sound, found=found, offered=offered)


@pages.get("/proposals/hints")
@pages.get("/firms/<int:firm_id>/hints", endpoint="hints_of")
@requires("duplicates.hint")
def hints(firm_id: int | None = None) -> ResponseReturnValue:
    """The same look as a fragment, while name or code are typed; `firm_id` is the firm that asks for itself."""
    code = request.args.get("credit_code", "") or request.args.get("code", "")
    form = Naming(request.args, credit_code=code)
    if code:
        form.credit_code.data = code
    form.validate()
    own = db.session.scalars(firms.one(actor(), firm_id)).unique().one_or_none() if firm_id else None
    found = _look(form.name.data, form.credit_code.data, own)
    offered = None if firm_id else offering.offers(form.name.data, form.credit_code.data)
    return render_template("proposals/_hints.html", form=form, found=found, offered=offered)


def _look(name: str | None, code: str | None, own: Firm | None = None) -> Any:
    """`own` asks for itself; what was judged of it holds as long as neither its name nor its code is changed."""
    seen = duplicates.check(actor(), name or "", code, exclude=own.id if own else None)
    unchanged = own is not None and (own.name, own.credit_code or "") == (name, code or "")
    return shortlist(name or "", seen, own if unchanged else None)


@pages.route("/proposals/new/details", methods=["GET", "POST"])
@requires("firm.create")
def details() -> ResponseReturnValue:
    """Step two: the firm's data. What is kept here is a lead, which is the draft of a nomination."""
    given = {key: request.args.get(key, "") for key in ("name", "credit_code")}
    filled = offering.chosen(request.values.get("registered", type=int), request.values.get("name", ""))
    given |= offering.given(filled)
    if current_user.office.kind in TERRITORIAL:
        given["division"] = current_user.office.division
    form = Nomination(office=current_user.office, on=clock.today(), data=given)
    sound = form.validate_on_submit()
    offering.mark(form, filled)
    if not sound:
        return _details(form, 422 if form.is_submitted() else 200)
    values = values_of(form)
    naming.hold(values["name"])
    seen = duplicates.check(actor(), values["name"], values.get("credit_code"))
    if refused := _already_there(form, values, seen):
        return refused
    try:
        # that somebody looked at the likeness and found another firm is a decision, and stands on the trail
        judged = str(form.checked.label.text) if form.checked.data else ""
        source = offering.source_of(filled, values)
        firm = entries.create(
            actor(), current_user.office, values, at=clock.now(), on=clock.today(), source=source, reason=judged,
            apart=bool(judged),
        )  # fmt: skip
        entries.note_former_names(actor(), firm, former_names_of(form), at=clock.now())
        if judged:
            set_apart(firm, judged)
        is_odd = _record_revenue(form, firm)
    except RegistryError as error:
        db.session.rollback()
        form.refuse(_at_revenue(error))
        return _details(form, 422)
    db.session.commit()
    if is_odd:
        flash(_("已存为线索，凭证已收下；营业收入与通常情形不同，尚未登记，请照凭证再填一遍金额。"), "warning")
        return redirect(url_for("figures.new", firm_id=firm.id, year=form.period.year, month=form.period.month))
    return _onward(firm)


def _record_revenue(form: Nomination, firm: Firm) -> bool:
    """The revenue with its paper, where it was given; an odd one is left to the page of figures, its paper is kept."""
    if form.amount is None:
        return False
    upload, period, source = form.revenue_file.data, form.period, FigureSource(form.revenue_source.data)
    found = figures.doubts(firm, FigureKind.REVENUE, period, form.amount, on=clock.today())
    paper = attachments.attach(
        actor(), firm, filename=upload.filename or "", content=upload.read(), at=clock.now(),
        material=filed_as(FigureKind.REVENUE, source), year=None if found else period.year,
        month=None if found else period.month,
    )  # fmt: skip
    if not found:
        recording.record(
            actor(), firm, period, form.amount, source=source, document=paper, at=clock.now(), on=clock.today()
        )
    return bool(found)


def _at_revenue(error: RegistryError) -> RegistryError:
    """A paper or an amount that was refused is said at the field of this form."""
    if isinstance(error, FieldError) and error.field in ("file", "amount", "source", "document"):
        field = {"document": "revenue_file"}.get(error.field, f"revenue_{error.field}")
        return FieldError(field, error.template, **error.values)
    return error


def _onward(firm: Firm) -> ResponseReturnValue:
    if "draft" in request.form:
        flash(_("已暂存“%(name)s”，可随时继续填报。", name=firm.name), "success")
        return redirect(url_for("proposals.listing", state="draft"))
    return redirect(url_for("proposals.check", firm_id=firm.id))


def _already_there(form: Nomination, values: dict[str, Any], seen: Seen) -> ResponseReturnValue | None:
    """A held code ends it here (a claim is the way on); a likeness asks for a person's word first."""
    if seen.code_is_held:
        form.refuse(CodeTaken(code=values["credit_code"]))
    elif seen.needs_decision and not is_judged(form, seen):
        form.say("checked", _(errors.NOT_A_DUPLICATE))
    else:
        return None
    return _details(form, 422, seen)


def _details(form: Nomination, status: int, seen: Seen | None = None) -> ResponseReturnValue:
    found = shortlist(form.name.data or "", seen or Seen())
    asks = bool(seen and seen.needs_decision and not seen.code_is_held)
    return render_template("proposals/details.html", form=form, found=found, asks=asks), status


@pages.route("/firms/<int:firm_id>/nomination", methods=["GET", "POST"])
@concerns("proposal.submit")
def check(firm_id: int) -> ResponseReturnValue:
    """Check before submitting: everything that goes to the bureau, and every guard still in the way."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    if not can(actor(), "proposal.submit", firm):
        return _already_submitted(firm)
    form = Submission()
    if not form.validate_on_submit():
        page = render_template("proposals/check.html", **cases.before_submitting(firm, form))
        return page, 422 if form.is_submitted() else 200
    try:
        proposal = proposals.submit(actor(), firm, at=clock.now(), on=clock.today(), note=form.note.data or "")
    except RegistryError as error:
        db.session.rollback()
        firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
        return render_template("proposals/check.html", **cases.before_submitting(firm, form, error)), 422
    db.session.commit()
    flash(_("已提交，由%(office)s核查。", office=cases.reviewing_office(proposal)), "success")
    return redirect(url_for("proposals.show", proposal_id=proposal.id))


def _already_submitted(firm: Firm) -> ResponseReturnValue:
    """A second press of the button, or a page left open: the case is there, and nothing is done twice."""
    proposal = nominations.open_of(firm)
    if proposal is None or not can(actor(), "proposal.withdraw", firm):
        refuse("proposal.submit")
    flash(_("该企业已提交，无需再次提交。"), "info")
    return redirect(url_for("proposals.show", proposal_id=proposal.id))


@pages.get("/proposals/<int:proposal_id>")
@concerns("proposal.read")
def show(proposal_id: int) -> ResponseReturnValue:
    proposal: Proposal = load_or_404(nominations.one(actor(), proposal_id), "proposal.read")
    return render_template("proposals/show.html", **cases.of(proposal))


@pages.route("/proposals/<int:proposal_id>/withdrawal", methods=["GET", "POST"])
@concerns("proposal.withdraw")
def withdraw(proposal_id: int) -> ResponseReturnValue:
    proposal: Proposal = load_or_404(nominations.one(actor(), proposal_id), "proposal.read")
    if proposal.outcome == Outcome.WITHDRAWN:
        return redirect(url_for("proposals.show", proposal_id=proposal.id))
    if not can(actor(), "proposal.withdraw", proposal.firm):
        refuse("proposal.withdraw")
    form = Withdrawal()
    if not form.is_submitted() and proposal.firm.stage not in WITHDRAWN_FROM:
        flash(_("部门已受理，不能撤回；如需撤回，请联系核查部门退回后办理。"), "warning")
        return redirect(url_for("proposals.show", proposal_id=proposal.id))
    if not form.validate_on_submit():
        page = render_template("proposals/withdraw.html", form=form, proposal=proposal)
        return page, 422 if form.is_submitted() else 200
    proposals.withdraw(actor(), proposal, at=clock.now(), on=clock.today(), note=form.note.data or "")
    db.session.commit()
    flash(_("已撤回。需要再提名时，可重新列为线索。"), "success")
    return redirect(url_for("proposals.show", proposal_id=proposal.id))
