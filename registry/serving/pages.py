"""Two addresses for machines that watch: is the process there, and can the installation work."""

from __future__ import annotations

from flask import Blueprint, Response

from registry.serving.ready import readiness
from registry.site.access import requires

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@requires("public")
def alive() -> Response:
    """Answered without the database: a server that answers is not started anew because of it."""
    return _said("ok\n", 200)


@pages.get("/readyz")
@requires("public")
def ready() -> Response:
    """503 while anything is lacking; which part is named, and nothing else of the installation."""
    found = readiness()
    lines = "".join(f"{name} {'ok' if holds else 'lacking'}\n" for name, holds in found.items())
    return _said(lines, 200 if all(found.values()) else 503)


def _said(text: str, status: int) -> Response:
    answer = Response(text, status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer
