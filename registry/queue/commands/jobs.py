"""Background jobs from the command line: what waits, what could not be done, who is at work."""

from __future__ import annotations

import json
from typing import Any

import click
from flask.cli import with_appcontext

from registry.base import sqlite
from registry.base.extensions import db
from registry.queue import queries, services
from registry.queue.models import Job
from registry.queue.rules import Lane


@click.group("jobs")
def jobs() -> None:
    """Background jobs: list, retry."""


@jobs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def listing(as_json: bool) -> None:
    """List what waits, runs or could not be done, and the workers; status 1 where a lane has no living worker."""
    with sqlite.reading():
        told: dict[str, Any] = {
            "jobs": [_job(job) for job in db.session.scalars(queries.listed())],
            "lanes": {lane.value: _lane(lane) for lane in Lane},
        }
        db.session.rollback()
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for job in told["jobs"]:
            click.echo("  ".join(str(value) for value in job.values() if value not in (None, "")))
        for lane, state in told["lanes"].items():
            since = f" since {state['seen_at']}" if state["seen_at"] else " and never was"
            click.echo(f"{lane} lane: " + ("served" if state["served"] else f"no worker is running{since}"))
    if not all(state["served"] for state in told["lanes"].values()):
        raise click.exceptions.Exit(1)


@jobs.command("retry")
@click.argument("job_id", type=int)
@with_appcontext
def retry(job_id: int) -> None:
    """Queue the failed job JOB_ID anew."""
    job = db.session.scalars(queries.failed(job_id)).unique().one_or_none()
    if job is None:
        raise click.BadParameter(f"there is no failed job {job_id}", param_hint="JOB_ID")
    services.retry(job)
    db.session.commit()
    click.echo(f"job {job_id} waits")


def _job(job: Job) -> dict[str, Any]:
    return {
        "id": job.id, "name": job.name, "arguments": job.arguments, "lane": job.lane, "state": job.state,
        "office": job.office.code if job.office else None, "attempts": job.attempts,
        "queued_at": job.queued_at.isoformat(), "reason": job.reason,
    }  # fmt: skip


def _lane(lane: Lane) -> dict[str, Any]:
    seen = queries.last_seen(lane)
    return {"served": queries.is_served(lane), "seen_at": seen.isoformat() if seen else None}


COMMANDS = (jobs,)
