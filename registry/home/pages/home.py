"""The workbench: everybody's own desk, with all that waits for them; what was done, what was started."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL, can
from registry.filings.queries import announced
from registry.firms.queries import firms
from registry.home.queries import exceptions as exceptional
from registry.home.queries import inbox as waiting_
from registry.home.queries import overview
from registry.home.views import audit, city, clerk, officer, rows, statistics, system
from registry.notices.models import Notice
from registry.notices.pages import notices
from registry.notices.queries import received
from registry.pathway.rules.transitions import MAIN_PATH
from registry.reference.queries import parameters, reference
from registry.site.access import actor, requires
from registry.site.listing import page_of
from registry.site.pagination import ListPages

pages = Blueprint("home", __name__)

NOTICES_SHOWN = 3
_TOLD = {"review": "officer", "mend": "clerk"}
"""Lists that a desk itself tells one by one -> whose."""
LISTED = 500
"""Things of one kind that its own page lists at most."""


@pages.get("/")
@requires("account")
def start() -> ResponseReturnValue:
    """Everybody's first page: their desk; a leader's is where the plan stands."""
    return redirect(url_for("overview.show" if can(actor(), "plan.lead") else "home.inbox"))


@pages.get("/inbox")
@requires("account")
def inbox() -> ResponseReturnValue:
    """Every list that waits for the reader with its number, then what their roles ask first."""
    who, quarter = actor(), Quarter.of(clock.today())
    queues = waiting_.queues(who)
    desks = {"clerk": clerk.desk(who), "officer": officer.desk(who)}
    others = [one for one in queues if desks.get(_TOLD.get(one.pending.name, "")) is None]
    tasks = waiting_.tasks(who, among=others)
    return render_template(
        "home/inbox.html",
        queues=queues,
        tasks=[rows.row(task) for task in tasks],
        total=sum(one.count for one in others if one.pending.is_task and one.pending.tasks is not None),
        quarter=quarter,
        **desks,
        statistician=statistics.desk(who),
        city=city.desk(who),
        auditor=audit.desk(who),
        system=system.desk(who),
        doors=system.doors(who),
        chain=system.chain(who),
        **(_business(queues, quarter) if can(who, "inbox") else {}),
    )


def _business(queues: list[waiting_.Queue], quarter: Quarter) -> dict[str, Any]:
    """What stands at the right of a desk with work in the directory, and the funnel for who sees the city."""
    who, on = actor(), clock.today()
    unread = next((one.count for one in queues if one.pending.name == "notice"), 0)
    coming = announced.coming(on)
    return {
        "windows": coming[:3],
        "warn_days": parameters.integer("window.warn_days", on) if coming else 0,
        "unread": unread,
        "lines": notices.lines(_latest()) if unread else [],
        "changes": overview.changes(who, quarter.first, on),
        "targets": city.targets() if can(who, "plan.watch") else None,
        "funnel": _funnel() if who.holds(*SEES_ALL) else None,
    }


@pages.get("/waiting")
@requires("account")
def waiting() -> ResponseReturnValue:
    """All that waits for the reader on the list of the address; of one that is not theirs there is nothing to see."""
    if "list" not in request.args:
        return redirect(url_for("home.inbox"))
    pending = waiting_.named(request.args["list"])
    if pending is None or pending.tasks is None or not waiting_.concerns(actor(), pending):
        abort(404)
    found = waiting_.in_order(pending.tasks(actor(), LISTED))
    return render_template("home/waiting.html", pending=pending, page=ListPages([rows.row(task) for task in found]))


@pages.get("/exceptions")
@requires("exception.read")
def exceptions() -> ResponseReturnValue:
    """Exactly the rows that the auditor's desk counts, of the kind in the address."""
    if "kind" not in request.args:
        return redirect(url_for("home.inbox"))
    kind = exceptional.kind_of(request.args["kind"])
    if kind is None or kind.told is None:
        abort(404)
    first = exceptional.since(clock.today())
    page = page_of(exceptional.statement_of(actor(), kind, first))
    return render_template(
        "home/exceptions.html", kind=kind, since=first, page=page, told=kind.told(actor(), page.items)
    )


def _latest() -> list[Notice]:
    return list(db.session.scalars(received.unread(actor()).limit(NOTICES_SHOWN)))


def _funnel() -> dict[str, Any]:
    """Counties against the stages of the main path, under each its zones by their own name; what left the path is
    counted in its own column."""
    table, names = overview.by_place(actor()), {row.code: row.short_name for row in reference.counties_and_zones()}
    lines: list[tuple[Any, ...]] = []
    for county in sorted({county for county, _place in table}, key=lambda code: (code is None, code)):
        own = {place: stages for (counted, place), stages in table.items() if counted == county}
        lines.append((names.get(county or ""), county, *_of_path(own.values()), False))
        zones = ((place, stages) for place, stages in own.items() if place and place != county)
        lines += [(names.get(place, place), place, *_of_path([stages]), True) for place, stages in sorted(zones)]
    totals, total = _of_path(table.values())
    return {"stages": MAIN_PATH, "rows": lines, "totals": totals, "total": total}


def _of_path(counted: Iterable[Mapping[str, int]]) -> tuple[list[int], int]:
    """Firms of each stage of the main path, and of all stages."""
    found = list(counted)
    cells = [sum(stages.get(stage, 0) for stages in found) for stage in MAIN_PATH]
    return cells, sum(sum(stages.values()) for stages in found)


@pages.get("/done")
@requires("inbox")
def done() -> ResponseReturnValue:
    page = page_of(waiting_.done(actor()))
    names = firms.firm_names(event.firm_id for event in page.items)
    return render_template("home/done.html", page=page, names=names)


@pages.get("/started")
@requires("inbox")
def started() -> ResponseReturnValue:
    return render_template("home/started.html", page=page_of(waiting_.started(actor())))
