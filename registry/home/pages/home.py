"""The workbench: what waits, what was done, what was started, and what the quarter changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.queries import requests
from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL, can
from registry.filings.queries import announced, seals
from registry.firms.queries import firms
from registry.home.queries import inbox as waiting
from registry.home.queries import overview
from registry.home.queries.inbox import Task
from registry.notices.models import Notice
from registry.notices.pages import notices
from registry.notices.queries import received
from registry.notices.rules import Matter
from registry.pathway.queries import unproven
from registry.pathway.rules import deadlines
from registry.pathway.rules.transitions import MAIN_PATH
from registry.proposals.views import cases
from registry.reference.queries import parameters, reference
from registry.site.access import actor, requires
from registry.site.listing import page_of

pages = Blueprint("home", __name__)

# Where a task is done, by its kind.
_WHERE: dict[str, Callable[[Task], str]] = {
    "review": lambda task: url_for("reviews.show", proposal_id=task.subject_id),
    "review_again": lambda task: url_for("reviews.show", proposal_id=task.subject_id),
    "mend": lambda task: url_for("proposals.show", proposal_id=task.subject_id),
    "claim": lambda task: url_for("claims.show", claim_id=task.subject_id),
    "task": lambda task: url_for("tasks.show", task_id=task.subject_id),
    "certify": lambda task: url_for("certifying.certify", label=task.subject),
    "batch": lambda task: url_for("imports.show", batch_id=task.subject_id),
    "workbook": lambda task: url_for("workbooks.show", return_id=task.subject_id),
    **dict.fromkeys(
        ("bulletin_confirm", "bulletin_approve", "bulletin_issue"),
        lambda task: url_for("bulletins.show", bulletin_id=task.subject_id),
    ),
    **dict.fromkeys(("case", "case_mend"), lambda task: url_for("cases.show", case_id=task.subject_id)),
    "bundle": lambda task: url_for("bundles.show", bundle_id=task.subject_id),
}
# Kinds with a term, and the matter whose term it is; a claim and a quarter carry the day itself.
_DUE = {"review": Matter.REVIEW, "review_again": Matter.REVIEW, "mend": Matter.MEND, "claim": Matter.CLAIM}
_TERMED = {*_DUE, "certify"}
NOTICES_SHOWN = 5


@pages.get("/")
@requires("account")
def start() -> ResponseReturnValue:
    """Everybody's first page: administrators have no inbox, for they see no business rows, but requests that wait."""
    if can(actor(), "approval.list") and requests.to_decide(actor(), at=clock.now()):
        return redirect(url_for("approvals.listing"))
    for permission, endpoint in (
        ("plan.lead", "overview.show"),
        ("inbox", "home.inbox"),
        ("user.list", "users.listing"),
        ("trail.read", "trail.listing"),
        ("payment.make", "payments.overview"),
    ):
        if can(actor(), permission):
            return redirect(url_for(endpoint))
    return redirect(url_for("accounts.password"))


@pages.get("/inbox")
@requires("inbox")
def inbox() -> ResponseReturnValue:
    quarter, counts = Quarter.of(clock.today()), waiting.counts(actor())
    return render_template(
        "home/inbox.html",
        tasks=[_row(task) for task in waiting.tasks(actor())],
        total=counts["inbox"],
        pairs=counts["pairs"],
        unproven=len(unproven.resting(actor(), on=clock.today())),
        seals=len(seals.waiting(actor(), on=clock.today())),
        **_countdown(),
        unread=counts["notices"],
        lines=notices.lines(_latest()) if counts["notices"] else [],
        quarter=quarter,
        changes=overview.changes(actor(), quarter.first, clock.today()),
        funnel=_funnel() if actor().holds(*SEES_ALL) else None,
    )


def _row(task: Task) -> dict[str, Any]:
    """A task with its page, the days it has waited and, where a term runs, its light."""
    wait = cases.wait_of(task.since, _DUE.get(task.kind, Matter.REVIEW)) if task.since else None
    if wait is not None and task.since is not None and task.due_on is not None:
        wait = deadlines.until(task.due_on, task.since.date(), clock.today(), reference.calendar())
    has_day = task.due_on is not None
    return {"task": task, "href": _WHERE[task.kind](task), "wait": wait, "due": task.kind in _TERMED or has_day}


def _countdown() -> dict[str, Any]:
    """The intake windows open today, and from how many days before the closing to warn."""
    found = announced.open_on(clock.today())
    warn_days = parameters.integer("window.warn_days", clock.today()) if found else 0
    return {"open_windows": found, "warn_days": warn_days}


def _latest() -> list[Notice]:
    return list(db.session.scalars(received.unread(actor()).limit(NOTICES_SHOWN)))


def _funnel() -> dict[str, Any]:
    """Counties against the stages of the main path; what left the path is counted in its own column."""
    table = overview.by_county(actor())
    names = {code: row.short_name for code, row in ((d.code, d) for d in reference.counties_and_zones())}
    rows = [
        (names.get(county or ""), county, [stages.get(stage, 0) for stage in MAIN_PATH], sum(stages.values()))
        for county, stages in sorted(table.items(), key=lambda item: (item[0] is None, item[0]))
    ]
    totals = [sum(cells[index] for _name, _code, cells, _sum in rows) for index in range(len(MAIN_PATH))]
    return {"stages": MAIN_PATH, "rows": rows, "totals": totals, "total": sum(row[3] for row in rows)}


@pages.get("/done")
@requires("inbox")
def done() -> ResponseReturnValue:
    page = page_of(waiting.done(actor()))
    names = firms.firm_names(event.firm_id for event in page.items)
    return render_template("home/done.html", page=page, names=names)


@pages.get("/started")
@requires("inbox")
def started() -> ResponseReturnValue:
    return render_template("home/started.html", page=page_of(waiting.started(actor())))
