"""Who may read and record visits, what they are called on the trail, and what a merge does with them."""

from __future__ import annotations

from typing import Any

from registry.base.labels import N_
from registry.base.permissions import Actor, can
from registry.merges.rules import Fate, Treatment
from registry.trail.texts import Words


def _records(actor: Actor, firm: Any) -> bool:
    return can(actor, "firm.create") and can(actor, "firm.read", firm)


PERMISSIONS = {"visit.list": lambda actor, _: can(actor, "firm.list"), "visit.record": _records}
WORDS = Words(
    verbs={"visit": N_("走访")},
    subjects={"visit": N_("走访")},
    fields={("visit", "heard"): N_("情况")},
    permissions={"visit.list": N_("查看走访"), "visit.record": N_("登记走访")},
)
COVERAGE = {("visit", "firm_id"): Treatment(Fate.STAYS, N_("走访"), N_("记的是当时到访的登记。"))}
