"""Where the targets of a plan stand on a day: the rows that count, those left out, and those under way.

The front door for whoever reports on a plan: `standing(plan, as_of)`. Numbers are only ever the length of their rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from registry.base.permissions import Actor
from registry.plans.models import Plan, PlanTarget, PlanVersion
from registry.plans.queries import plans
from registry.plans.queries.bearing import TargetRows
from registry.plans.rules.counting import BearingRow, Counting, Pace, pace


@dataclass(frozen=True)
class TargetStanding:
    """A target with its rows. `before`: those of a year ago; `shares`: by county and zone, if it is split."""

    target: PlanTarget
    counted: tuple[BearingRow, ...]
    left_out: tuple[BearingRow, ...]
    under_way: tuple[BearingRow, ...]
    before: tuple[BearingRow, ...]
    pace: Pace
    shares: dict[str, int]

    @property
    def needed(self) -> int:
        return max(0, self.target.amount - len(self.counted))

    @property
    def has_rows(self) -> bool:
        """Whether the registry holds anything that could count; of institutions, once there ever was one."""
        return self.target.kind != Counting.INSTITUTION or bool(self.counted or self.left_out)

    def by_division(self) -> dict[str, tuple[int, int]]:
        """County or zone -> how many count and how many are under way; a zone under its own code."""
        counted, under_way = (Counter(row.division for row in rows) for rows in (self.counted, self.under_way))
        return {place: (counted[place], under_way[place]) for place in sorted({*counted, *under_way})}


@dataclass(frozen=True)
class PlanStanding:
    plan: Plan
    version: PlanVersion
    as_of: date
    targets: tuple[TargetStanding, ...]

    def target(self, code: str) -> TargetStanding | None:
        return next((one for one in self.targets if one.target.code == code), None)


def standing(plan: Plan, as_of: date, actor: Actor | None = None) -> PlanStanding | None:
    """Every target at the end of a day, of the rows that `actor` may see, or of the whole city; None: never issued."""
    return _on_day(TargetRows(actor), plan, as_of)


def since(plan: Plan, as_of: date, then: date, actor: Actor | None) -> tuple[PlanStanding, dict[str, int]] | None:
    """The same, and how many counted at the end of an earlier day, by target."""
    rows = TargetRows(actor)
    found, version = _on_day(rows, plan, as_of), plans.in_force(plan, then)
    if found is None or version is None:
        return None
    counts = {
        target.code: len(rows.sorted_out(target, then, version.first_year, version.last_year)[0])
        for target in version.targets
    }
    return found, counts


def _on_day(rows: TargetRows, plan: Plan, as_of: date) -> PlanStanding | None:
    version = plans.in_force(plan, as_of)
    if version is None:
        return None
    first, last = date(version.first_year, 1, 1), date(version.last_year, 12, 31)
    found = []
    for target in version.targets:
        counted, left_out = rows.sorted_out(target, as_of, version.first_year, version.last_year)
        before = rows.sorted_out(target, _year_ago(as_of), version.first_year - 1, version.last_year - 1)[0]
        found.append(
            TargetStanding(
                target, counted, left_out, rows.under_way(target, as_of), before,
                pace(target.amount, len(counted), first, last, as_of), plans.shares(plan, target.code, as_of),
            )
        )  # fmt: skip
    return PlanStanding(plan, version, as_of, tuple(_crossed(found)))


def _crossed(found: list[TargetStanding]) -> Iterator[TargetStanding]:
    """Each row that counts says under which other targets its firm counts."""
    codes: dict[int, list[str]] = {}
    for one in found:
        for row in one.counted:
            codes.setdefault(row.firm_id, []).append(one.target.code)
    for one in found:
        yield replace(one, counted=tuple(_also(row, codes[row.firm_id], one.target.code) for row in one.counted))


def _also(row: BearingRow, codes: list[str], own: str) -> BearingRow:
    return row if codes == [own] else row._replace(also=tuple(code for code in codes if code != own))


def _year_ago(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
