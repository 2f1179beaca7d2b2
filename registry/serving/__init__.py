"""Serving: gunicorn's worker that gathers requests whole, and the processes kept running side by side."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    commands=(
        "commands.serve",
        "commands.doctor",
    ),
    provides={"health": "views:health"},
)
