"""The workbench: what waits, what was done, what was started."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.domain.permissions import can
from registry.extensions import clock
from registry.queries import inbox as waiting
from registry.queries import parameters
from registry.web.access import actor, requires

pages = Blueprint("home", __name__)


@pages.get("/")
@requires("account")
def start() -> ResponseReturnValue:
    """Everybody's first page: administrators have no inbox, for they see no business rows."""
    for permission, endpoint in (("inbox", "home.inbox"), ("user.list", "users.listing"), ("trail.read", "trail.listing")):
        if can(actor(), permission):
            return redirect(url_for(endpoint))
    return redirect(url_for("accounts.password"))


@pages.get("/inbox")
@requires("inbox")
def inbox() -> ResponseReturnValue:
    return render_template(
        "home/inbox.html",
        tasks=waiting.tasks(actor()),
        now=clock.now(),
        due_days=parameters.integer("review.days", clock.today()),
        person=current_user,
    )


@pages.get("/done")
@requires("inbox")
def done() -> ResponseReturnValue:
    return render_template("home/done.html", events=waiting.done(actor()))


@pages.get("/started")
@requires("inbox")
def started() -> ResponseReturnValue:
    return render_template("home/started.html", proposals=waiting.started(actor()))
