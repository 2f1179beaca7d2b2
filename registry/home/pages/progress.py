"""Today's picture of the path: the funnel, the heat table, and how the directory moved in the last quarter."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from registry.base.extensions import clock
from registry.base.periods import Quarter
from registry.base.vocabulary import STAGE_LABELS, Stage
from registry.home.queries import overview
from registry.quarters import views
from registry.quarters.pages.quarters import whole
from registry.quarters.queries import quarters, snapshots
from registry.site.access import actor, requires

pages = Blueprint("progress", __name__)


@pages.get("/progress")
@requires("quarter.read")
def show() -> ResponseReturnValue:
    """Stages and tiers from live data; the movement as the quarter's book has it, frozen or not."""
    who, last = actor(), Quarter.of(clock.today()).previous
    found = overview.by_county(who)
    bars = [(stage, sum(counts.get(stage, 0) for counts in found.values())) for stage in STAGE_LABELS]
    return render_template(
        "home/progress.html",
        bars=[(stage, count) for stage, count in bars if stage != Stage.MERGED],
        tiers=overview.by_tier(who),
        steps=quarters.moved(last, None if whole() else who),
        quarter=last,
        closed=snapshots.of(last) is not None,
        whole=whole(),
        pictures=views,
    )
