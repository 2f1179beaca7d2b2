"""A draft run over today's directory: who would enter, leave, change tier; and nothing is touched by asking."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.tables import Base
from registry.base.vocabulary import Stage, Tier
from registry.reference.rules.versions import RuleSetKind
from registry.whatif import queries
from registry.whatif.rules import WhatifEffect
from tests.rulesets.test_drafting import HEAD, begun, with_line, with_values
from tests.world import TODAY, World

SETTINGS = replace(HEAD, title="试算", annual_from=None)


def digest() -> dict[str, str]:
    """The content of every table."""
    tables = Base.metadata.sorted_tables
    rows = {
        table.name: db.session.execute(select(table).order_by(*table.primary_key.columns)).all() for table in tables
    }
    return {name: hashlib.sha256(repr(found).encode()).hexdigest() for name, found in rows.items()}


def city(world: World) -> None:
    """A software house at 1600 and one at 2500, a testing house at 1080, and leads at 900 and 700."""
    world.admitted(wan="1600")
    world.admitted("海丰县海蓝软件有限公司", wan="2500")
    world.admitted("海丰县正衡检测技术有限公司", industry="7452", wan="1080", reviewer="market")
    for name, wan in (("陆丰市湾区软件有限公司", "900"), ("陆丰市碣石软件有限公司", "700")):
        world.figure(world.firm(name, by="lufeng", registered_address="陆丰市东海街道1号"), wan, by="lufeng")


def test_a_lower_line_shows_who_would_enter_and_what_it_does_to_the_target(world: World) -> None:
    city(world)
    draft = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    found = queries.over(world.actor("statistics"), draft, TODAY)
    told = {row.name: (row.effects, row.stage_after) for row in found.rows}
    assert told == {
        "海丰县云谷软件有限公司": ((WhatifEffect.QUALIFIES, WhatifEffect.TIER, WhatifEffect.LINE), Stage.QUALIFIED),
        "海丰县海蓝软件有限公司": ((WhatifEffect.LINE,), Stage.QUALIFIED),
        "陆丰市湾区软件有限公司": ((WhatifEffect.TIER, WhatifEffect.LINE), Stage.LEAD),
        "陆丰市碣石软件有限公司": ((WhatifEffect.LINE,), Stage.LEAD),
    }
    assert [(t.key, t.before, t.after, t.aim) for t in found.targets] == [
        ("T1", 2, 3, "2"), ("T2", None, None, "2"), ("T3", None, None, "5"), ("T4", None, None, "3"),
    ]  # fmt: skip
    assert found.looked_at == 5


def test_a_higher_line_shows_who_would_no_longer_reach_it(world: World) -> None:
    city(world)
    draft = with_line(world, begun(world), "SVC-1000-M", amount_yuan=Decimal(12_000_000))
    found = queries.over(None, draft, TODAY)
    assert [(row.name, row.effects, row.before.tier, row.after.tier) for row in found.rows] == [
        (
            "海丰县正衡检测技术有限公司", (WhatifEffect.UNQUALIFIES, WhatifEffect.TIER, WhatifEffect.LINE), Tier.A, Tier.B,
        )
    ]  # fmt: skip
    assert found.counties == {"441521": {WhatifEffect.UNQUALIFIES: 1, WhatifEffect.TIER: 1, WhatifEffect.LINE: 1}}


def test_a_lower_admission_line_shows_the_leads_that_could_be_admitted(world: World) -> None:
    city(world)
    draft = with_line(world, begun(world, RuleSetKind.ADMISSION), "ADM-1000", amount_yuan=Decimal(8_000_000))
    found = queries.over(None, draft, TODAY)
    assert [row.name for row in found.rows if WhatifEffect.ADMISSIBLE in row.effects] == ["陆丰市湾区软件有限公司"]
    assert {row.after.admission_line for row in found.rows} == {Decimal(8_000_000)}
    assert [row.effects[0] for row in found.rows] == [
        WhatifEffect.ADMISSIBLE,
        *[WhatifEffect.LINE] * (len(found.rows) - 1),
    ]


def test_other_tiers_change_only_tiers(world: World) -> None:
    city(world)
    draft = with_values(world, begun(world, RuleSetKind.TIERS, SETTINGS), SETTINGS, tier_b="0.85")
    found = queries.over(None, draft, TODAY)
    assert [(row.name, row.effects, row.before.tier, row.after.tier) for row in found.rows] == [
        ("海丰县云谷软件有限公司", (WhatifEffect.TIER,), Tier.B, Tier.C)
    ]


def test_a_stricter_removal_rule_shows_who_would_be_due_to_leave(world: World) -> None:
    firm = world.admitted(wan="1600")
    world.figure(firm, "900", period="2020")
    draft = with_values(world, begun(world, RuleSetKind.REMOVAL, SETTINGS), SETTINGS, removal_years="1")
    assert [row.effects for row in queries.over(None, draft, TODAY).rows] == [(WhatifEffect.LAPSES,)]


def test_an_ended_line_leaves_its_firms_without_one(world: World) -> None:
    city(world)
    found = queries.over(None, with_line(world, begun(world), "SVC-1000-M", ended=True), TODAY)
    assert [(row.name, row.after.line, WhatifEffect.UNQUALIFIES in row.effects) for row in found.rows] == [
        ("海丰县正衡检测技术有限公司", None, True)
    ]


def test_asking_touches_no_table(world: World) -> None:
    city(world)
    draft = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    db.session.commit()
    before = digest()
    queries.over(world.actor("cityoffice"), draft, TODAY)
    assert (digest(), len(db.session.dirty), len(db.session.new)) == (before, 0, 0)


def test_a_county_would_be_told_of_its_own_firms_only(world: World) -> None:
    city(world)
    draft = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    found = queries.over(world.actor("lufeng"), draft, TODAY)
    assert (found.looked_at, {row.county for row in found.rows}) == (2, {"441581"})


def test_the_draft_is_judged_as_if_it_had_always_been_so_whenever_it_begins(world: World) -> None:
    city(world)
    counts = []
    for start in (date(2021, 11, 1), date(2023, 1, 1)):
        head = replace(HEAD, valid_from=start, annual_from=start.year)
        draft = with_line(world, begun(world, head=head), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
        counts.append(queries.over(None, draft, TODAY).totals)
    assert counts[0] == counts[1]
