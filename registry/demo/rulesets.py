"""The invented city's rules in the making: tiers that wait for a check, and an admission line still being drafted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.reference.rules.versions import RuleSetKind
from registry.rulesets.queries import drafts
from registry.rulesets.services import drafting
from registry.rulesets.services.drafting import Head

DAY = date(2021, 10, 13)
_SOURCE = "市培育工作例会纪要（演示，虚构）"


def draft(statistician: Actor, city_office: Actor, *, at: datetime) -> None:
    """Two drafts, of two people, so that each has one to check or to go on with."""
    tiers = drafting.prepare(statistician, RuleSetKind.TIERS, title="2022年分档调整", at=at, on=DAY)
    values = drafts.values_of(tiers) | {"tier.b": "0.85", "tier.c": "0.60"}
    head = Head("2022年分档调整", date(2022, 1, 1), None, _SOURCE, verified=False, note="B、C 两档下限各提高一些")
    drafting.revise(statistician, tiers, head, values, seen=tiers.version, at=at, on=DAY)
    drafting.submit(statistician, tiers, seen=tiers.version, at=at, on=DAY)
    line = drafting.prepare(city_office, RuleSetKind.ADMISSION, title="2022年入库线", at=at, on=DAY)
    line.source = _SOURCE
    db.session.flush()
    first = drafts.lines_of(line)[0]
    lower = replace(first, amount_yuan=Decimal(8_000_000))
    drafting.write_line(city_office, line, lower, seen=line.version, at=at)
