"""Whether offices are appraised, by what, and the line of each; a scheme is entered, checked, ended."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.appraisals import services, texts
from registry.appraisals.forms import WEIGHT, SchemeDecision, StopForm, scheme_form
from registry.appraisals.models import AppraisalScheme
from registry.appraisals.queries import schemes, scores
from registry.appraisals.rules.items import Item
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.site.access import actor, concerns, load_or_404, refuse, requires
from registry.site.acting import done, status_of

pages = Blueprint("appraisals", __name__)


@pages.get("/appraisal")
@requires("appraisal.read")
def show() -> ResponseReturnValue:
    """Every office for those who see all of them; an office its own line only."""
    who, on = actor(), clock.today()
    every, code = can(who, "appraisal.read_all"), request.args.get("office", "")
    if code and not every and code != who.office_code:
        refuse("appraisal.read_all")
    scheme = schemes.running(on)
    if scheme is not None and (code or not every):
        return _of_office(scheme, code or who.office_code)
    return render_template(
        "appraisals/show.html",
        scheme=scheme,
        lines=scores.lines(scheme, on) if scheme else [],
        schemes=[(one, schemes.state_of(one, on)) for one in db.session.scalars(schemes.visible_to(who))],
        items=Item,
        texts=texts,
    )


def _of_office(scheme: AppraisalScheme, code: str) -> ResponseReturnValue:
    """The arithmetic of one office, with the rows behind it."""
    who = actor()
    line = next(iter(scores.lines(scheme, clock.today(), code)), None)
    found = [row for item in line.items for row in item.rows] if line else []
    return render_template(
        "appraisals/office.html",
        scheme=scheme,
        line=line,
        names=scores.names(who, found),
        every=can(who, "appraisal.read_all"),
        texts=texts,
    )


@pages.route("/appraisal/schemes/new", methods=["GET", "POST"])
@requires("appraisal.draft")
def new() -> ResponseReturnValue:
    """What the document says; what was sent under another name than the form's is refused by the service, with why."""
    form = scheme_form()
    more = {name.removeprefix(WEIGHT): 0 for name in request.form if name.startswith(WEIGHT) and name not in form}
    if form.validate_on_submit() and done(
        form,
        lambda: services.prepare(actor(), form.head(), form.weights | more, at=clock.now(), on=clock.today()),
    ):
        flash(_("已登记，由市培育办的另一位同事或统计部门复核后开启。"), "success")
        return redirect(url_for("appraisals.show"))
    return render_template("appraisals/new.html", form=form, items=Item, weight=WEIGHT, texts=texts), status_of(form)


@pages.route("/appraisal/schemes/<int:scheme_id>", methods=["GET"])
@concerns("appraisal.read_scheme")
def scheme(scheme_id: int) -> ResponseReturnValue:
    return _page(_scheme(scheme_id, "appraisal.read_scheme"), SchemeDecision())


@pages.post("/appraisal/schemes/<int:scheme_id>/decision")
@concerns("appraisal.check")
def decide(scheme_id: int) -> ResponseReturnValue:
    row, form = _scheme(scheme_id, "appraisal.check"), SchemeDecision()
    if not form.validate_on_submit():
        return _page(row, form), 422
    verb = services.issue if form.outcome.data == "issue" else services.give_back
    if not done(form, lambda: verb(actor(), row, opinion=form.opinion.data or "", at=clock.now())):
        return _page(_scheme(scheme_id, "appraisal.check"), form), 422
    flash(_("考核已开启。") if form.outcome.data == "issue" else _("已退回登记人。"), "success")
    return redirect(url_for("appraisals.scheme", scheme_id=scheme_id))


@pages.route("/appraisal/schemes/<int:scheme_id>/stop", methods=["GET", "POST"])
@concerns("appraisal.stop")
def stop(scheme_id: int) -> ResponseReturnValue:
    row, form = _scheme(scheme_id, "appraisal.stop"), StopForm()
    if form.validate_on_submit() and done(
        form, lambda: services.stop(actor(), row, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("考核已停止。"), "success")
        return redirect(url_for("appraisals.show"))
    row = db.session.get_one(AppraisalScheme, scheme_id)
    return render_template("appraisals/stop.html", scheme=row, form=form), status_of(form)


def _page(row: AppraisalScheme, form: SchemeDecision) -> str:
    return render_template(
        "appraisals/scheme.html", scheme=row, state=schemes.state_of(row, clock.today()), form=form,
        checks=can(actor(), "appraisal.check", row), stops=can(actor(), "appraisal.stop", row), texts=texts,
    )  # fmt: skip


def _scheme(scheme_id: int, permission: str) -> AppraisalScheme:
    row: AppraisalScheme = load_or_404(schemes.one(actor(), scheme_id), permission)
    return row
