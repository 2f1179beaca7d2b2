"""Where the plan stands, on one page: for a leader and whoever reports to one; what cannot be counted is not on it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from registry.base.extensions import clock
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL
from registry.plans import texts
from registry.plans.queries import plans, progress
from registry.plans.queries.standing import since
from registry.plans.views import shown
from registry.site.access import actor, requires

pages = Blueprint("overview", __name__)


@pages.get("/overview")
@requires("plan.read")
def show() -> ResponseReturnValue:
    on, who = clock.today(), actor()
    quarter, plan = Quarter.of(on), plans.current(on)
    told = since(plan, on, progress.day_before(quarter.first), who) if plan else None
    if told is None:
        return render_template("plans/overview.html", found=None)
    found, before = told
    waiting = progress.to_file(who)
    return render_template(
        "plans/overview.html",
        found=found,
        quarter=quarter,
        window=progress.next_window(on),
        to_file=sum(waiting.values()),
        places=progress.places(found, waiting, every=who.holds(*SEES_ALL)),
        said=shown.sentences(found, before, progress.changes(who, quarter.first, on), quarter),
        whole=who.holds(*SEES_ALL),
        texts=texts,
    )
