"""Offices and the people in them: accounts, roles, sessions, sign-in, one's own password.

Others ask `base.permissions.can`; an actor is `base.permissions.Actor`.
"""

from __future__ import annotations

from registry.base.parts import Parts

PARTS = Parts(
    tables=("models",),
)
