"""Suspected pairs that wait for a verdict: a list of its own, worked off when there is time, and no task."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor, can
from registry.duplicates.models import Pairing
from registry.duplicates.queries import pairs


def to_judge(actor: Actor) -> Select[Pairing] | None:
    return pairs.waiting(actor) if can(actor, "pairing.judge") else None


WAITING = (
    Pending("pair", N_("疑似重复待判定"), "pairings.queue", to_judge, is_task=False, counter="pairs"),
)  # fmt: skip
