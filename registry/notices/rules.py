"""What may be nudged (催办): which matter, how long it may take, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from registry.base.errors import RegistryError
from registry.base.labels import N_


class Matter(StrEnum):
    """A nomination before a bureau or sent back, two offices' claim, a task of a plan, a case: what is waited for."""

    REVIEW = "review"
    MEND = "mend"
    CLAIM = "claim"
    TASK = "task"
    CASE = "case"


# The parameter that says how many working days a matter may take.
TERMS: Mapping[str, str] = MappingProxyType(
    {Matter.REVIEW: "review.days", Matter.MEND: "mend.days", Matter.CLAIM: "claim.days"}
)
INTERVAL = "nudge.days"
"""The parameter that says how many working days lie between two nudges of the system itself."""

MATTER_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Matter.REVIEW: N_("核查"),
        Matter.MEND: N_("退回补正"),
        Matter.CLAIM: N_("认领争议"),
        Matter.TASK: N_("责任清单"),
        Matter.CASE: N_("事项"),
    }
)
NUDGED = MappingProxyType(
    {
        Matter.REVIEW: N_("催请%(office)s核查"),
        Matter.MEND: N_("催请%(office)s补正"),
        Matter.CLAIM: N_("催请%(office)s裁定"),
        Matter.TASK: N_("催请%(office)s办理责任清单事项"),
        Matter.CASE: N_("催请%(office)s办理事项"),
    }
)


class NudgedAlready(RegistryError):
    """An office nudges once a working day; value `day`."""

    template = N_("本单位已于 %(day)s 催办，同一事项每个工作日只能催办一次。")


NOT_WAITING = N_("该事项目前不在等待办理，无需催办。")
