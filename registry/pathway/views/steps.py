"""A firm's way along the path: the strip of stages, and what its list of conditions is headed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from flask_babel import gettext as _

from registry.base.labels import N_
from registry.base.vocabulary import STAGE_LABELS, Stage
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.pathway.rules import transitions
from registry.site.display import day


@dataclass(frozen=True)
class StripStep:
    """One place on the strip; `state` as in components/step_strip.html."""

    label: str
    state: str
    note: str | None = None


def steps(firm: Firm, events: Sequence[PathwayEvent]) -> list[StripStep]:
    """The main path with the days it was walked, since the firm was last named; where it left the path, that too."""
    start = max((i for i, event in enumerate(events) if event.target == Stage.LEAD), default=0)
    reached = {Stage(event.target): event.on for event in events[start:]}
    last = max((i for i, stage in enumerate(transitions.MAIN_PATH) if stage in reached), default=0)
    on_path = firm.stage in transitions.MAIN_PATH
    now = transitions.MAIN_PATH.index(Stage(firm.stage)) if on_path else last
    strip = [_step(stage, number, now, reached, on_path) for number, stage in enumerate(transitions.MAIN_PATH)]
    if not on_path:
        strip.insert(now + 1, StripStep(_(STAGE_LABELS[firm.stage]), "off", day(firm.stage_on)))
    return strip


def _step(stage: Stage, number: int, now: int, reached: Mapping[Stage, date], on_path: bool) -> StripStep:
    state = "todo" if number > now else "now" if number == now and on_path else "done"
    note = day(reached[stage]) if stage in reached and number <= now else None
    return StripStep(_(STAGE_LABELS[stage]), state, note)


HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        Stage.QUALIFIED: N_("已达标应入：各项条件和还差什么"),
        Stage.FILED: N_("已申报纳统：各项条件现况"),
        Stage.IN_CHAIN: N_("逐级审核中：各项条件现况"),
        Stage.ENROLLED: N_("已入库（四上）：各项条件现况"),
        Stage.REMOVED: N_("已出库：各项条件现况"),
        Stage.DELISTED: N_("已退库：各项条件现况"),
        Stage.MERGED: N_("已并入另一家企业：本条登记的各项条件"),
        Stage.REJECTED: N_("未通过核查：为什么还不是四上，还差什么"),
        Stage.WITHDRAWN: N_("提名已撤回：为什么还不是四上，还差什么"),
    }
)
"""What the list of conditions is headed, where the question is another than why the firm is not four-above yet."""


def heading(stage: str) -> str:
    return str(_(HEADINGS.get(stage, N_("为什么还不是四上，还差什么"))))
