"""The invented city that a new machine shows."""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    commands=("commands",),
)
