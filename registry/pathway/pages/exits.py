"""Who left the directory or four-above in a quarter, and why: a list of its own, in no ranking."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from registry.base.errors import PeriodRefused
from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.firms.queries import firms
from registry.pathway.forms import ExitFilter
from registry.pathway.queries import exits
from registry.reference.queries import reference
from registry.site.access import actor, requires
from registry.site.listing import page_of

pages = Blueprint("exits", __name__)

QUARTERS_OFFERED = 8


@pages.get("/exits")
@requires("exit.list")
def listing() -> ResponseReturnValue:
    quarter, form = _quarter(), ExitFilter(request.args)
    statement = exits.during(actor(), quarter, action=form.action.data or "", reason=form.reason.data or "")
    page = page_of(statement)
    whole = list(db.session.scalars(exits.during(actor(), quarter)))
    return render_template(
        "pathway/exits/list.html",
        quarter=quarter,
        quarters=_quarters(),
        form=form,
        page=page,
        names=firms.firm_names(event.firm_id for event in page.items),
        reasons=reference.exit_reasons(),
        tally=sorted(Counter(event.exit_reason or "" for event in whole).items()),
        total=len(whole),
    )


def _quarter() -> Quarter:
    try:
        return Quarter.parse(request.args.get("quarter", ""))
    except PeriodRefused:
        return Quarter.of(clock.today())


def _quarters() -> list[Quarter]:
    found = [Quarter.of(clock.today())]
    while len(found) < QUARTERS_OFFERED:
        found.append(found[-1].previous)
    return found
