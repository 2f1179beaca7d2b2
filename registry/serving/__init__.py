"""Serving: gunicorn's worker that gathers requests whole, the processes kept running side by side, and what is told to
whoever watches them from outside (`/healthz`, `/readyz`)."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    pages=("pages",),
    commands=(
        "commands.serve",
        "commands.doctor",
    ),
    provides={"health": "views:health"},
)
