"""Background jobs as the system administrator sees them: who is at work, what waits, what could not be done."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import db
from registry.queue import queries, rules, services
from registry.queue.models import Job
from registry.queue.rules import JobState, Lane
from registry.site.access import concerns, load_or_404, requires
from registry.site.listing import page_of

pages = Blueprint("jobs", __name__)
SHOWN_WORKERS = 10
STATE_TONES = {JobState.WAITING: "plain", JobState.RUNNING: "info", JobState.FAILED: "bad"}


@pages.get("/jobs")
@requires("job.list")
def listing() -> ResponseReturnValue:
    return render_template(
        "queue/list.html",
        page=page_of(queries.listed()),
        workers=db.session.scalars(queries.workers().limit(SHOWN_WORKERS)).all(),
        unserved=[(lane, queries.last_seen(lane)) for lane in Lane if not queries.is_served(lane)],
        is_alive=queries.is_alive,
        words=rules,
        tones=STATE_TONES,
    )


@pages.post("/jobs/<int:job_id>/retry")
@concerns("job.retry")
def retry(job_id: int) -> ResponseReturnValue:
    job: Job = load_or_404(queries.failed(job_id), "job.retry")
    services.retry(job)
    db.session.commit()
    flash(_("已重新排队。"), "success")
    return redirect(url_for("jobs.listing"))
