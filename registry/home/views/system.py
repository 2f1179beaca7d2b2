"""The administrators' desks: what runs and what does not, who is signed in or locked out, the trail's last check."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.audit.queries import visible_to as trail_of
from registry.base.extensions import clock, db, provided, setting
from registry.base.permissions import Actor, can
from registry.base.vocabulary import Role
from registry.people.models import WebSession
from registry.people.queries import locks
from registry.queue import queries as queue
from registry.queue.models import Job
from registry.queue.rules import JobState, Lane
from registry.trail.models import TrailEntry
from registry.trail.services import trail

_PACKAGES = ("Flask", "SQLAlchemy")


def desk(actor: Actor) -> dict[str, Any] | None:
    """For whoever keeps the installation running."""
    if not actor.holds(Role.SYSTEM_ADMIN):
        return None
    jobs = {row.state: row.number for row in db.session.execute(
        select(Job.state, func.count(Job.id).label("number")).where(Job.state != JobState.DONE).group_by(Job.state)
    )}  # fmt: skip
    return {
        "health": [line for lines in provided("health") for line in lines()],
        "jobs": {state: jobs.get(state, 0) for state in (JobState.RUNNING, JobState.WAITING, JobState.FAILED)},
        "unserved": [lane for lane in Lane if not queue.is_served(lane)],
        "mail": setting("SMTP_HOST"),
        "versions": [
            (_("企业培育名录库"), version("cultivation-directory")), ("Python", platform.python_version()),
            *((name, version(name)) for name in _PACKAGES),
        ],
    }  # fmt: skip


def doors(actor: Actor) -> dict[str, Any] | None:
    """Who is signed in and who is locked out: for those who keep accounts and roles."""
    if not can(actor, "user.list"):
        return None
    now = clock.now()
    live = WebSession.revoked_at.is_(None), WebSession.expires_at > now
    sessions, people = db.session.execute(
        select(func.count(), func.count(func.distinct(WebSession.user_id))).where(*live)
    ).one()
    return {"sessions": sessions, "people": people, "locked": locks.locked(now)}


def chain(actor: Actor) -> dict[str, Any] | None:
    """Whether the trail was verified, when, by whom, with what result; and its end, to be noted outside."""
    if not can(actor, "trail.verify"):
        return None
    last = db.session.scalars(
        trail_of(actor).where(TrailEntry.verb == "verify", TrailEntry.subject_kind == "trail").limit(1)
    ).first()
    head = trail.head()
    rows = int(head.partition(":")[0])
    checked = int((last.after or {}).get("rows") or 0) if last is not None else 0
    return {
        "last": last,
        "head": head,
        "since": rows - checked,
        "fault": (last.after or {}).get("fault") if last else "",
    }
