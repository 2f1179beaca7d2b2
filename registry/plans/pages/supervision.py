"""Supervision (督办): who is late, office by office, and 催办 for all of an office at once."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.people.models import Office
from registry.plans import texts
from registry.plans.queries import tasks
from registry.plans.services import tasks as tasking
from registry.reference.queries import reference
from registry.site.access import actor, requires

pages = Blueprint("supervision", __name__)


@pages.get("/supervision")
@requires("plan.watch")
def show() -> ResponseReturnValue:
    """Who is late, office by office."""
    found = tasks.lines(tasks.visible_to(actor()), clock.today())
    return render_template(
        "plans/supervision.html", rows=tasks.latest_first(found), offices=tasks.by_office(found), texts=texts
    )


@pages.post("/supervision/nudge")
@requires("plan.assign")
def nudge_office() -> ResponseReturnValue:
    """Every late task of one office at once."""
    office: Office | None = reference.offices().get(request.form.get("office", ""))
    if office is None:
        abort(404)
    count = tasking.nudge_late(actor(), office, at=clock.now(), on=clock.today())
    db.session.commit()
    flash(_("已向%(office)s催办 %(count)s 项。", office=office.short_name, count=count), "success")
    return redirect(url_for("supervision.show"))
