"""The ledger's filter: who sees which firms, what each part of a query finds, the sums, the order and the pages."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from registry.base.extensions import db
from registry.base.vocabulary import Missing, Stage
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.ledger.queries import ledger
from registry.ledger.queries.ledger import ANY, DEEPEST, LedgerQuery, Order, Sum
from registry.pathway.rules.shortfall import Light
from tests.filed import complete, qualified, window
from tests.world import NOW, TODAY, World, credit_code

YUNGU, XINGHE, NANHU = "海丰县云谷软件有限公司", "海丰县星河数据有限公司", "汕尾高新区南湖检测技术有限公司"
LUFENG = "陆丰市甲子软件有限公司"
OLDEST = Order("entered", descending=False)


@pytest.fixture
def town(world: World) -> World:
    """Four firms of three offices: a lead, a nomination, an admitted one and one of the zone that 城区 counts."""
    world.firm(YUNGU)
    world.figure(world.admitted(XINGHE, industry="6450", wan="1200"), "1300", period="2020")
    world.firm(NANHU, by="gaoxin", industry="7452", division="441502-Z2", contact_name="", contact_phone="")
    world.submitted(LUFENG, by="lufeng", wan="1500", operating_address="陆丰市东海镇人民路1号")
    return world


def found(world: World, who: str = "leader", order: Order = OLDEST, **wanted: Any) -> list[str]:
    return [line["name"] for line in ledger.page(world.actor(who), LedgerQuery(**wanted), order, number=1, size=20)]


def test_each_sees_the_firms_in_reach_and_no_other(town: World) -> None:
    seen = {
        who: found(town, who) for who in ("haifeng", "lufeng", "chengqu", "gaoxin", "industry", "market", "sysadmin")
    }
    assert seen == {
        "haifeng": [YUNGU, XINGHE],
        "lufeng": [LUFENG],
        "chengqu": [NANHU],
        "gaoxin": [NANHU],
        "industry": [YUNGU, XINGHE, LUFENG],
        "market": [NANHU],
        "sysadmin": [],
    }


def test_sums_and_export_have_the_same_reach(town: World) -> None:
    clerk = town.actor("haifeng")
    assert ledger.tally(clerk, LedgerQuery()).total.firms == 2
    assert [line["name"] for line in ledger.every(clerk, LedgerQuery(), Order())] == [XINGHE, YUNGU]


@pytest.mark.parametrize(
    "text, names",
    [
        ("软件", [YUNGU, LUFENG]),
        ("谷", [YUNGU]),
        ("雲谷軟件", [YUNGU]),
        ("云谷 软件", [YUNGU]),
        ("%", []),
        ("_", []),
        ("云%公司", []),
        ("云_软件", []),
        ("北辰", []),
    ],
)
def test_any_substring_of_a_name_is_found_in_either_script(town: World, text: str, names: list[str]) -> None:
    assert found(town, text=text) == names


def test_a_part_of_the_code_is_found_whatever_its_case_and_width(town: World) -> None:
    code = db.session.query(Firm.credit_code).filter_by(name=XINGHE).scalar()
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code[8:].lower())
    assert found(town, text=code[8:].lower()) == [XINGHE]
    assert found(town, text=wide) == [XINGHE]


def test_a_former_name_and_a_remark_in_the_name_are_found(world: World) -> None:
    firm = world.admitted(YUNGU)
    entries.rename(
        world.actor("haifeng"), firm, "海丰县云谷科技有限公司", at=NOW, on=TODAY, effective=TODAY, reason="核准变更"
    )
    world.firm("海丰县星河数据有限公司（已注销）")
    assert found(world, text="云谷软件") == ["海丰县云谷科技有限公司"]
    assert found(world, text="（已注销）") == ["海丰县星河数据有限公司（已注销）"]


def test_a_county_stands_for_all_it_counts_and_a_zone_for_its_own(world: World) -> None:
    world.firm("汕尾市城区云帆软件有限公司", by="chengqu")
    world.firm(NANHU, by="gaoxin", division="441502-Z2")
    assert found(world, division="441502") == ["汕尾市城区云帆软件有限公司", NANHU]
    assert found(world, division="441502-Z2") == [NANHU]
    assert found(world, division="441523") == []


def test_an_industry_is_a_section_or_the_first_digits_of_a_code(town: World) -> None:
    assert found(town, industry="I") == [YUNGU, XINGHE, LUFENG]
    assert found(town, industry="M") == [NANHU]
    assert found(town, industry="65") == [YUNGU, LUFENG]
    assert found(town, industry="I", industry_code="6450") == [XINGHE]


def test_stage_tier_and_bureau(town: World) -> None:
    assert found(town, stage=Stage.PROPOSED) == [LUFENG]
    assert found(town, tier="C") == [XINGHE, LUFENG]
    assert found(town, bureau="market") == [NANHU]
    assert found(town, bureau="nobody") == []


def test_missing_data_any_or_a_given_one(town: World) -> None:
    assert found(town, missing=Missing.CONTACT) == [NANHU]
    assert found(town, missing=Missing.REVENUE) == [YUNGU, NANHU]
    assert found(town, missing=ANY) == [YUNGU, NANHU]


def test_only_watched_firms(world: World) -> None:
    world.firm(YUNGU, watch_reason="接近入库线")
    world.firm(XINGHE)
    assert found(world, watched=True) == [YUNGU]


def test_those_gone_are_left_out_unless_asked_for(world: World) -> None:
    gone = world.admitted(YUNGU)
    world.firm(XINGHE)
    entries.remove(world.actor("cityoffice"), gone, at=NOW, on=TODAY, exit_reason="X02", reason="迁往外市")
    assert found(world) == [XINGHE]
    assert found(world, gone=True) == [YUNGU, XINGHE]
    assert found(world, stage="gone") == [YUNGU]
    assert found(world, stage=Stage.REMOVED) == [YUNGU]


def test_the_tally_counts_every_stage_and_sums_only_those_shown(town: World) -> None:
    tally = ledger.tally(town.actor("leader"), LedgerQuery(stage=Stage.ADMITTED))
    assert {stage: row.firms for stage, row in tally.by_stage.items()} == {"lead": 2, "proposed": 1, "admitted": 1}
    assert tally.total == Sum(1, Decimal("12000000.00"), Decimal("13000000.00"))


def test_sums_are_of_the_whole_filter_and_none_where_nobody_has_a_figure(town: World) -> None:
    leader = town.actor("leader")
    assert ledger.tally(leader, LedgerQuery()).total == Sum(4, Decimal("27000000.00"), Decimal("13000000.00"))
    assert ledger.tally(leader, LedgerQuery(stage=Stage.LEAD)).total == Sum(2, None, None)
    assert ledger.tally(leader, LedgerQuery(text="北辰")).total == Sum()


def test_firms_without_a_value_come_last_whichever_way_it_is_sorted(town: World) -> None:
    assert found(town, order=Order("rate", descending=True)) == [LUFENG, XINGHE, NANHU, YUNGU]
    assert found(town, order=Order("rate", descending=False)) == [XINGHE, LUFENG, YUNGU, NANHU]


def test_newest_first_is_the_usual_order(town: World) -> None:
    assert found(town, order=Order()) == [LUFENG, NANHU, XINGHE, YUNGU]


def test_nothing_can_be_sorted_by_that_is_not_shown() -> None:
    assert ledger.SORTS == (
        "entered", "name", "division", "revenue_last_year", "revenue_to_date", "rate", "tier", "stage",
        "nearest",
    )  # fmt: skip


def test_pages_follow_each_other_and_end_at_the_bound(town: World) -> None:
    leader, order = town.actor("leader"), Order()
    pages = [[line["name"] for line in ledger.page(leader, LedgerQuery(), order, number=n, size=3)] for n in (1, 2, 3)]
    assert pages == [[LUFENG, NANHU, XINGHE], [YUNGU], []]
    assert ledger.page(leader, LedgerQuery(), order, number=DEEPEST // 20 + 1, size=20) == []
    assert ledger.page(leader, LedgerQuery(), order, number=0, size=20) == []


def test_a_line_says_what_a_sheet_wants(town: World) -> None:
    line = ledger.page(town.actor("leader"), LedgerQuery(text=XINGHE), Order(), number=1, size=20)[0]
    assert dict(line.values) == {
        "name": XINGHE,
        "credit_code": credit_code(2),
        "division": "海丰县",
        "industry": "6450 互联网数据服务",
        "revenue_last_year": Decimal("13000000.00"),
        "revenue_to_date": Decimal("12000000.00"),
        "to_month": (2021, 9),
        "statutory_line": Decimal("20000000.00"),
        "rate": Decimal("0.6000"),
        "tier": "C",
        "operating_state": None,
        "held_qualifications": (),
        "lead_bureau": "市工信局",
        "missing": "缺口 800.00 万元",
        "stage": "admitted",
        "proposer": "海丰县",
    }
    assert line.admission_rate == Decimal("0.5")


def test_contacts_are_in_a_line_only_where_they_are_asked_for(town: World) -> None:
    clerk, wanted = town.actor("haifeng"), LedgerQuery(text=YUNGU)
    plain = next(ledger.every(clerk, wanted, Order()))
    asked = next(ledger.every(clerk, wanted, Order(), contacts=True))
    assert "contact_phone" not in plain.values
    assert (asked["contact_name"], asked["contact_phone"]) == ("陈小明", "13800135678")


def test_a_voided_firm_is_nobody_s(town: World) -> None:
    db.session.query(Firm).filter_by(name=YUNGU).update({"voided_at": NOW})
    assert found(town, "haifeng") == [XINGHE]
    assert ledger.tally(town.actor("haifeng"), LedgerQuery(stage=Stage.LEAD)).total == Sum()


def test_an_unknown_part_of_a_filter_finds_nothing_rather_than_all(town: World) -> None:
    nothing = [
        replace(LedgerQuery(), **{part: "nowhere"}) for part in ("division", "industry", "tier", "bureau", "stage")
    ]
    assert [ledger.tally(town.actor("leader"), wanted).total.firms for wanted in nothing] == [0, 0, 0, 0, 0]


def test_a_firm_is_ready_only_where_its_filing_would_be_taken(world: World) -> None:
    """All papers are there of both; the one that operates in another city no window takes."""
    window(world)
    ready, elsewhere = qualified(world, "海丰县云帆软件有限公司"), qualified(world, "海丰县星河数据有限公司")
    for firm in (ready, elsewhere):
        complete(world, firm)
    elsewhere.operating_address = "广东省深圳市南山区科苑路1号"
    db.session.flush()
    shown = ledger.page(world.actor("haifeng"), LedgerQuery(), Order(), number=1, size=20)
    assert {line.id: line.shown.light for line in shown} == {ready.id: Light.READY, elsewhere.id: Light.DUE}
