"""High-technology service firms: the list, a firm marked by its bureau, a mark taken back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.plans.forms.plans import MarkForm, VoidMark
from registry.plans.models import FirmMark
from registry.plans.queries import marks
from registry.plans.services import recording
from registry.plans.texts import WAY_LABELS
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.listing import page_of

pages = Blueprint("marks", __name__)


@pages.get("/marks")
@requires("plan.read")
def listing() -> ResponseReturnValue:
    return render_template("plans/marks.html", page=page_of(marks.visible_to(actor())), ways=WAY_LABELS)


@pages.route("/firms/<int:firm_id>/marks/new", methods=["GET", "POST"])
@concerns("mark.record")
def new(firm_id: int) -> ResponseReturnValue:
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "mark.record")
    form = MarkForm()
    if form.validate_on_submit() and (since := form.since.data) is not None:
        way, source = form.way.data, form.source.data or ""
        at, on = clock.now(), clock.today()
        if done(form, lambda: recording.mark(actor(), firm, way, since=since, source=source, at=at, on=on)):
            flash(_("已登记。"), "success")
            return redirect(url_for("marks.listing"))
    firm = load_or_404(firms.one(actor(), firm_id), "mark.record")
    held = marks.of(firm)
    return render_template("plans/mark.html", firm=firm, form=form, held=held, ways=WAY_LABELS), status_of(form)


@pages.route("/marks/<int:mark_id>/void", methods=["GET", "POST"])
@concerns("mark.void")
def void(mark_id: int) -> ResponseReturnValue:
    row: FirmMark = load_or_404(marks.one(actor(), mark_id), "mark.void")
    form = VoidMark()
    if form.validate_on_submit() and done(
        form, lambda: recording.void(actor(), row, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已撤销认定。"), "success")
        return redirect(url_for("marks.listing"))
    row = load_or_404(marks.one(actor(), mark_id), "mark.void")
    return render_template("plans/void.html", mark=row, form=form, ways=WAY_LABELS), status_of(form)
