"""The directory in a few numbers: what a quarter changed, and how many firms stand where, county by county."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import and_, distinct, func, not_, select

from registry.base.extensions import db
from registry.base.permissions import SEES_ALL, Actor
from registry.base.vocabulary import Action, Stage
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.pathway.models import PathwayEvent
from registry.pathway.rules.history import LISTED
from registry.quarters.sheets.summaries import TierLine, tier_line
from registry.reference.queries import reference
from registry.sheets.wording import COUNTY_UNKNOWN

COUNTED_ACTIONS = (Action.ADMIT, Action.QUALIFY, Action.REMOVE, Action.CONFIRM)


def changes(actor: Actor, first: date, last: date) -> dict[str, int]:
    """Firms in reach that took each of the counted steps between two days, each firm once.

    达标应入 that a correction took back does not count: such a firm stands at 在库培育 again.
    """
    taken_back = and_(PathwayEvent.action == Action.QUALIFY, Firm.stage == Stage.ADMITTED)
    rows = db.session.execute(
        select(PathwayEvent.action, func.count(distinct(PathwayEvent.firm_id)).label("number"))
        .join(Firm, Firm.id == PathwayEvent.firm_id)
        .where(PathwayEvent.on.between(first, last), PathwayEvent.action.in_(COUNTED_ACTIONS))
        .where(Firm.voided_at.is_(None), firms.within(actor), not_(taken_back))
        .group_by(PathwayEvent.action)
    )
    found = {row.action: row.number for row in rows}
    return {action: found.get(action, 0) for action in COUNTED_ACTIONS}


def by_tier(actor: Actor) -> list[TierLine]:
    """Firms in the directory today by county and tier, of those in reach; counties without any only for the city."""
    rows = db.session.execute(
        select(Firm.statistical_county, Firm.tier, func.count(Firm.id).label("number"))
        .where(Firm.voided_at.is_(None), Firm.stage.in_(sorted(LISTED)), firms.within(actor))
        .group_by(Firm.statistical_county, Firm.tier)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.statistical_county or "", {})[row.tier or ""] = row.number
    labels = [(row.code, row.short_name) for row in reference.counties_and_zones() if row.level == "county"]
    named = [*labels, *((code, COUNTY_UNKNOWN) for code in sorted(found.keys() - {code for code, _ in labels}))]
    every = actor.holds(*SEES_ALL)
    return [tier_line(label, found.get(code, {})) for code, label in named if every or code in found]


def by_county(actor: Actor) -> Mapping[str | None, Mapping[str, int]]:
    """County that counts (None: not known yet) -> stage -> firms in reach; merged and voided ones are none."""
    table: dict[str | None, dict[str, int]] = {}
    for (county, _place), stages in by_place(actor).items():
        of_county = table.setdefault(county, {})
        for stage, number in stages.items():
            of_county[stage] = of_county.get(stage, 0) + number
    return table


def by_place(actor: Actor) -> Mapping[tuple[str | None, str | None], Mapping[str, int]]:
    """County that counts, and county or zone in which they lie -> stage -> firms in reach."""
    rows = db.session.execute(
        select(Firm.statistical_county, Firm.division, Firm.stage, func.count(Firm.id).label("number"))
        .where(Firm.voided_at.is_(None), Firm.stage != Stage.MERGED, firms.within(actor))
        .group_by(Firm.statistical_county, Firm.division, Firm.stage)
        .order_by(Firm.statistical_county, Firm.division, Firm.stage)
    )
    table: dict[tuple[str | None, str | None], dict[str, int]] = {}
    for row in rows:
        table.setdefault((row.statistical_county, row.division), {})[row.stage] = row.number
    return table
