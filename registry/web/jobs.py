"""Background jobs as the system administrator sees them: who is at work, what waits, what could not be done."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.domain import queueing as words
from registry.domain.queueing import JobState, Lane
from registry.extensions import db
from registry.models import Job
from registry.queries import jobs
from registry.services import queueing
from registry.web.access import concerns, load_or_404, requires
from registry.web.listing import page_of

pages = Blueprint("jobs", __name__)
SHOWN_WORKERS = 10
STATE_TONES = {JobState.WAITING: "plain", JobState.RUNNING: "info", JobState.FAILED: "bad"}


@pages.get("/jobs")
@requires("job.list")
def listing() -> ResponseReturnValue:
    return render_template(
        "jobs/list.html",
        page=page_of(jobs.listed()),
        workers=db.session.scalars(jobs.workers().limit(SHOWN_WORKERS)).all(),
        unserved=[(lane, jobs.last_seen(lane)) for lane in Lane if not jobs.is_served(lane)],
        is_alive=jobs.is_alive,
        words=words,
        tones=STATE_TONES,
    )


@pages.post("/jobs/<int:job_id>/retry")
@concerns("job.retry")
def retry(job_id: int) -> ResponseReturnValue:
    job: Job = load_or_404(jobs.failed(job_id), "job.retry")
    queueing.retry(job)
    db.session.commit()
    flash(_("已重新排队。"), "success")
    return redirect(url_for("jobs.listing"))
