"""What pages of plans show: a line of the list, offices as the text prints them, a target by counties and zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.periods import Quarter
from registry.plans.models import MeasureOffice, Plan, PlanMeasure, PlanVersion
from registry.plans.queries import plans
from registry.plans.queries.standing import PlanStanding, TargetStanding
from registry.reference.queries import reference
from registry.site.display import day_long


@dataclass(frozen=True)
class PlanLine:
    version: PlanVersion
    state: str


def line(plan: Plan) -> PlanLine:
    on = clock.today()
    return PlanLine(plans.in_force(plan, on) or plan.versions[-1], plans.state_of(plan, on))


def printed(measure: PlanMeasure) -> list[tuple[str, list[MeasureOffice]]]:
    """Each name that the text prints, with the offices it means, in the order of the text."""
    found: dict[str, list[MeasureOffice]] = {}
    for one in measure.offices:
        found.setdefault(one.printed, []).append(one)
    return list(found.items())


@dataclass(frozen=True)
class PlaceLine:
    """A county or zone in one target; `share` is None where no document says what it has to bring."""

    code: str
    name: str
    counted: int
    under_way: int
    share: int | None

    @property
    def needed(self) -> int | None:
        return None if self.share is None else max(0, self.share - self.counted)


def by_place(one: TargetStanding, *, every: bool) -> list[PlaceLine]:
    """Counties and zones under their own names, and what lies in none; unless `every`, those with rows in reach."""
    found = one.by_division()
    known = [(row.code, row.short_name) for row in reference.counties_and_zones()]
    others = [(code, code) for code in sorted(found.keys() - {code for code, _name in known})]
    named = [one_of for one_of in (*known, *others) if every or one_of[0] in found]
    return [PlaceLine(code, name, *found.get(code, (0, 0)), one.shares.get(code)) for code, name in named]


# -- what changed ---------------------------------------------------------------------------------
def sentences(
    found: PlanStanding, before: Mapping[str, int], changed: Mapping[str, int], quarter: Quarter
) -> list[str]:
    """Three sentences of what is otherwise than at the end of the last quarter; `before`: how many counted then."""
    more = [
        _("%(target)s %(count)s%(unit)s（%(change)s）", target=one.target.name, count=len(one.counted),
          unit=one.target.unit, change=f"{change:+d}")
        for one in found.targets
        if (change := len(one.counted) - before.get(one.target.code, 0))
    ]  # fmt: skip
    first = _("%(first)s 以来，各项目标的数没有变化。", first=day_long(quarter.first))
    if more:
        first = _("%(first)s 以来：%(changes)s。", first=day_long(quarter.first), changes=_("；").join(more))
    moved = _("新入库培育 %(entered)s 家，达标应入 %(crossed)s 家，出库、退库 %(left)s 家。", **_told(changed))
    filed = _("申报纳统 %(filed)s 家，确认入库（四上）%(confirmed)s 家。", **_told(changed))
    return [str(first), str(moved), str(filed)]


def _told(changed: Mapping[str, int]) -> dict[str, str]:
    return {name: f"{number:,}" for name, number in changed.items()}
