"""What a quarter changed and how many firms stand where, for the reader's own part of the city."""

from __future__ import annotations

from datetime import date

from registry.base.periods import Quarter
from registry.entries.services import entries
from registry.home.queries import overview
from tests.world import NOW, TODAY, World

QUARTER = Quarter(2021, 4)
NONE = {"admit": 0, "qualify": 0, "remove": 0, "confirm": 0}


def changes(world: World, who: str) -> dict[str, int]:
    return overview.changes(world.actor(who), QUARTER.first, TODAY)


def test_each_firm_counts_once_and_only_for_who_may_see_it(world: World) -> None:
    world.admitted("海丰县云谷软件有限公司")
    world.admitted("海丰县正衡检测技术有限公司", industry="7452", wan="1080", reviewer="market")
    seen = {who: changes(world, who) for who in ("haifeng", "lufeng", "industry", "market", "leader")}
    assert seen == {
        "haifeng": NONE | {"admit": 2, "qualify": 1},
        "lufeng": NONE,
        "industry": NONE | {"admit": 1},
        "market": NONE | {"admit": 1, "qualify": 1},
        "leader": NONE | {"admit": 2, "qualify": 1},
    }


def test_reaching_the_line_does_not_count_once_a_correction_took_it_back(world: World) -> None:
    firm = world.admitted("海丰县正衡检测技术有限公司", industry="7452", wan="1080", reviewer="market")
    world.figure(firm, "1020", reason="录入有误")
    world.figure(firm, "880", reason="录入有误")
    assert changes(world, "leader") == NONE | {"admit": 1}


def test_what_happened_before_the_quarter_is_not_its_change(world: World) -> None:
    world.admitted("海丰县云谷软件有限公司")
    assert overview.changes(world.actor("leader"), date(2021, 7, 1), date(2021, 9, 30)) == NONE


def test_a_removed_firm_is_an_exit(world: World) -> None:
    firm = world.admitted("海丰县云谷软件有限公司")
    entries.remove(world.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X04", reason="注销")
    assert changes(world, "haifeng") == NONE | {"admit": 1, "remove": 1}


def test_firms_are_counted_in_the_county_that_counts_them(world: World) -> None:
    world.firm("海丰县云谷软件有限公司")
    world.admitted("海丰县星河数据有限公司")
    world.firm("汕尾高新区星河软件有限公司", by="gaoxin")
    assert overview.by_county(world.actor("leader")) == {
        "441502": {"lead": 1},
        "441521": {"admitted": 1, "lead": 1},
    }
    assert overview.by_county(world.actor("lufeng")) == {}
