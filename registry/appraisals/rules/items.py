"""What may be scored: a closed list of what offices do themselves and in time. Anything else is refused, with why."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from registry.appraisals.texts import REFUSALS
from registry.base.errors import RegistryError
from registry.plans.rules.progress import Counted

WHOLE = 100
"""What the weights of a scheme come to."""


class Item(StrEnum):
    """Each counts rows of an office that had a day: those that were done by it, of those whose day is over."""

    TASKS = "tasks"
    QUARTERS = "quarters"
    MENDED = "mended"
    NUDGES = "nudges"


STATISTICAL = frozenset(
    {
        "confirmations", "enrolled", "enrolments", "entries", "filings", "filing_amounts", "four_above", "figures",
        "revenue", "vat_sales", "employees", "targets",
    }
)  # fmt: skip
"""What statistics confirms and what firms earn: scored, somebody would have a reason to make it more."""
BLAMELESS = frozenset({"exits", "removals", "delistings"})
SCORED_TASKS = ("", Counted.PROPOSALS, Counted.ADMISSIONS, Counted.MARKS, Counted.DOCUMENTS)
"""Tasks by what they count; one that counts filings or confirmations would bring four-above entries in by the back."""


def refusal(name: str) -> str:
    """Why something cannot be scored, one of `texts.REFUSALS`; empty where it can."""
    if name in set(Item):
        return ""
    if name in STATISTICAL:
        return "statistical"
    return "blameless" if name in BLAMELESS else "unknown"


def refuse_unsound(weights: Mapping[str, int]) -> None:
    """Raises RegistryError for what cannot be scored, and where the weights are none or do not come to a hundred."""
    for name in weights:
        if why := refusal(name):
            raise RegistryError(REFUSALS[why], item=name)
    if any(weight <= 0 for weight in weights.values()):
        raise RegistryError(REFUSALS["weight"])
    if sum(weights.values()) != WHOLE:
        raise RegistryError(REFUSALS["sum"], sum=sum(weights.values()))
