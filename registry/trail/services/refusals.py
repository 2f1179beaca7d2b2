"""Refused attempts go into the trail in a transaction of their own, for the page they came from saves nothing.

They are security records: one that cannot be written now is logged, kept in this process and written with the next.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from registry.base.aside import note
from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.trail.services import trail

MOST_KEPT = 1000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    actor: Actor
    act: trail.Act
    at: datetime


_kept: WeakKeyDictionary[Engine, deque[Refusal]] = WeakKeyDictionary()
_taking = threading.Lock()


def record_refusal(actor: Actor, permission: str, path: str, *, at: datetime) -> None:
    _write([Refusal(actor, trail.Act("refused", "page", subject_label=path, reason=permission), at)])


def write_kept() -> None:
    """Write what could not be written when it happened; costs nothing where there is nothing."""
    if _kept.get(db.engine):
        _write([])


def _write(fresh: list[Refusal]) -> None:
    """The kept ones first, so that the trail has them in the order in which they happened."""
    with _taking:
        kept = _kept.setdefault(db.engine, deque())
        taken = list(kept)
        kept.clear()
    written = False
    try:
        written = note("refused attempt", lambda session: _append(session, [*taken, *fresh]))
    finally:
        if not written:
            kept.extendleft(reversed(taken))
            for refusal in fresh:
                _keep(kept, refusal)


def _append(session: Session, refusals: list[Refusal]) -> None:
    for refusal in refusals:
        trail.append(session, refusal.actor, [refusal.act], at=refusal.at)


def _keep(kept: deque[Refusal], refusal: Refusal) -> None:
    """The log has each of them, should this process end, or hold as many as it can, before they are on the trail."""
    full = len(kept) >= MOST_KEPT
    if not full:
        kept.append(refusal)
    who, act = refusal.actor.user_id, refusal.act
    state = "NOT kept, too many wait" if full else "kept to be written with the next"
    log.warning("refused attempt of account %s at %s: %r %r, %s", who, refusal.at, act.reason, act.subject_label, state)
