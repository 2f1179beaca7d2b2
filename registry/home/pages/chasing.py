"""催办 for all that is overdue: a look at whom it goes to and what for, then one press."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.home.queries import late
from registry.home.services import chasing
from registry.notices.rules import MATTER_LABELS
from registry.site.access import actor, requires

pages = Blueprint("chasing", __name__)


@pages.get("/overdue")
@requires("overdue.nudge")
def show() -> ResponseReturnValue:
    """Everything overdue with whose turn it is; what was nudged since the last working day is left out, with why."""
    found = late.overdue(actor(), clock.today())
    return render_template(
        "home/overdue.html",
        going=[one for one in found if one.nudged_on is None],
        left_out=[one for one in found if one.nudged_on is not None],
        offices=late.by_office(found),
        matters=MATTER_LABELS,
    )


@pages.post("/overdue/nudges")
@requires("overdue.nudge")
def nudge() -> ResponseReturnValue:
    """Only what the reader was shown and ticked."""
    done = chasing.nudge_all(actor(), set(request.form.getlist("item")), at=clock.now(), on=clock.today())
    db.session.commit()
    offices = len({one.office.id for one in done})
    if done:
        flash(_("已向 %(offices)s 个单位催办 %(count)s 件。", offices=offices, count=len(done)), "success")
    else:
        flash(_("没有可催办的：所选事项今天已催办，或已办理。"), "warning")
    return redirect(url_for("home.inbox"))
