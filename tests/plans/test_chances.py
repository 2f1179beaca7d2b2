"""Will we make it: firms that may still come, what each window's statement will show, and the interval."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.pathway.services import standing as standings
from registry.plans.models import Plan
from registry.plans.queries import chances
from registry.plans.queries.chances import AgainstLine, TargetChance, against_line
from registry.plans.queries.standing import standing
from tests.filed import filed, window
from tests.world import NOW, TODAY, Build, World, signed_in


def chance(world: World, by: str = "cityoffice") -> TargetChance:
    found = standing(db.session.scalars(select(Plan)).one(), TODAY, world.actor(by))
    one = found.target("T1") if found else None
    assert one is not None
    return chances.of_target(world.actor(by), one, TODAY)


def windows(world: World) -> None:
    window(world)
    window(
        world,
        door="annual_second",
        batch="第二批",
        opens_on=date(2021, 11, 16),
        closes_on=date(2021, 12, 16),
        statement_month=11,
    )


def cultivated(world: World, name: str, june: str, september: str) -> Firm:
    """In the directory, with figures of two months; the line of its trade is 2,000."""
    firm = world.admitted(name, wan=september)
    world.figure(firm, june, period="2021-06")
    standings.refresh(firm, on=TODAY, at=NOW)
    return firm


def test_each_window_says_what_its_statement_will_show_and_how_that_stands_to_the_line(world: World) -> None:
    windows(world)
    cultivated(world, "海丰县云谷软件有限公司", "1200", "1590")  # 130 a month since June: 1,850 in November
    cultivated(world, "海丰县青梅软件有限公司", "1100", "1640")  # 180 a month since June: exactly 2,000 in November
    told = {
        line.outlook.firm.name[3:5]: [
            (one.month, one.amount / 10_000, one.foretold, str(one.stands)) for one in line.statements
        ]
        for line in chance(world).crossing
    }
    assert told == {
        "云谷": [(9, Decimal(1590), False, "below"), (11, Decimal(1850), True, "below")],
        "青梅": [(9, Decimal(1640), False, "below"), (11, Decimal(2000), True, "exactly")],
    }


def test_the_interval_is_counted_from_the_rows(world: World) -> None:
    windows(world)
    cultivated(world, "海丰县云谷软件有限公司", "1200", "1590")  # likely too late, at best in time
    cultivated(world, "海丰县青梅软件有限公司", "1100", "1940")  # likely in time
    found = chance(world)
    assert [(line.outlook.firm.name[3:5], line.worst, line.likely, line.best) for line in found.crossing] == [
        ("青梅", True, True, True), ("云谷", False, False, True),
    ]  # fmt: skip
    assert (found.count("worst"), found.count("likely"), found.count("best"), found.lacking) == (1, 1, 2, 1)
    assert found.verdict == "possible"


def test_a_firm_over_the_line_is_to_file_and_one_under_way_is_counted_as_such(world: World) -> None:
    windows(world)
    filed(world)
    over = cultivated(world, "海丰县青梅软件有限公司", "1500", "2100")
    found = chance(world)
    assert ([line.outlook.firm.id for line in found.to_file], found.sure, found.verdict) == ([over.id], 1, "likely")


def test_a_firm_of_another_trade_or_that_was_in_before_is_not_waited_for(world: World) -> None:
    windows(world)
    firm = cultivated(world, "海丰县青梅软件有限公司", "1100", "1940")
    firm.first_time = False
    db.session.flush()
    assert chance(world).crossing == ()
    firm.first_time, firm.industry = True, "7011"
    db.session.flush()
    assert chance(world).crossing == ()


@pytest.mark.parametrize(
    "amount, stands", [("19999999.99", "below"), ("20000000", "exactly"), ("20000000.01", "above")]
)
def test_exactly_on_the_line_is_said_as_such(amount: str, stands: str) -> None:
    assert against_line(Decimal(amount), Decimal(20_000_000)) is AgainstLine(stands)


def test_the_page_is_marked_as_a_forecast_and_names_the_windows(app: Flask, build: Build) -> None:
    def city(world: World) -> int:
        windows(world)
        cultivated(world, "海丰县青梅软件有限公司", "1100", "1640")
        return db.session.scalars(select(Plan)).one().id

    plan = build(city)
    page = signed_in(app, "leader").get(f"/plans/{plan}/targets/T1/outlook").get_data(as_text=True)
    assert [
        said
        for said in ("预测", "年度第二批（11 月报表）：2,000.00", "正好等于四上标准", "培育参考，不作统计上报依据")
        if said not in page
    ] == []
    assert "青梅" not in signed_in(app, "lufeng").get(f"/plans/{plan}/targets/T1/outlook").get_data(as_text=True)
    assert signed_in(app, "leader").get(f"/plans/{plan}/targets/T3/outlook").status_code == 404
