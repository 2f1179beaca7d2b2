"""Refused attempts go into the trail in a transaction of their own, for the page they came from saves nothing."""

from __future__ import annotations

from datetime import datetime

from registry.domain.permissions import Actor
from registry.services import trail
from registry.services.aside import aside


def record_refusal(actor: Actor, permission: str, path: str, *, at: datetime) -> None:
    with aside() as session:
        act = trail.Act("refused", "page", subject_label=path, reason=permission)
        trail.append(session, actor, [act], at=at)
