"""Divisions of a file lie in each other as their codes say, and only bureaus lead an industry."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.base.extensions import db
from registry.reference.rules.versions import DraftState
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.seeding.services import seeds
from tests.seeding.test_faults import refused
from tests.seeding.test_seeds import add, change, differing, folder
from tests.world import World

__all__ = ["folder"]

MEILONG = "441521101,梅陇镇,梅陇,town,441521,441521,"
HAIFENG = "441521,海丰县,海丰县,county,441500,441521,"
GAOXIN = "441502-Z2,汕尾高新区,高新区,zone,441502,441502,"
ZONE_TOWN = "441581-Z1,441581400,"
FOR_A_COUNTY = "这里须填 level 为 county 的代码。"
SWAPPED = "两列是否写反？"


@pytest.mark.once
@pytest.mark.parametrize(
    "name, before, after, said",
    [
        # codes
        ("divisions.csv", HAIFENG, f"{HAIFENG},市\n440103,荔湾区,荔湾,county,441500,440103,",
         "divisions.csv 5:A code: “440103”的开头不是“4415”，与上级 441500 的代码不符。"),
        ("divisions.csv", MEILONG, MEILONG.replace("town,441521,441521", "town,441523,441523"),
         "divisions.csv 20:A code: “441521101”的开头不是“441523”，与上级 441523 的代码不符。"),
        ("divisions.csv", GAOXIN, GAOXIN.replace("zone,441502,", "zone,441521,"),
         "divisions.csv 8:A code: “441502-Z2”的开头不是“441521”，与上级 441521 的代码不符。"),
        ("divisions.csv", GAOXIN, GAOXIN.replace("zone", "town"),
         "divisions.csv 8:A code: “441502-Z2”不是 level 为 town 的代码，请核对代码和级别。"),
        ("divisions.csv", MEILONG, MEILONG.replace("town", "county"),
         "divisions.csv 20:A code: “441521101”不是 level 为 county 的代码，请核对代码和级别。"),
        # levels
        ("divisions.csv", MEILONG, MEILONG.replace("town,441521,", "town,441500,"),
         "divisions.csv 20:E parent: “441500”的级别是 city，town 的上级须是 county。"),
        ("divisions.csv", MEILONG, MEILONG.replace("town,441521,", "town,441521103,"),
         "divisions.csv 20:E parent: “441521103”的级别是 town，town 的上级须是 county。"),
        ("divisions.csv", GAOXIN, GAOXIN.replace("zone,441502,", "zone,441500,"),
         "divisions.csv 8:E parent: “441500”的级别是 city，zone 的上级须是 county。"),
        ("divisions.csv", HAIFENG, HAIFENG.replace("county,441500,", "county,441523,"),
         "divisions.csv 4:E parent: “441523”的级别是 county，county 的上级须是 city。"),
        ("divisions.csv", "441500,汕尾市,汕尾,city,,", "441500,汕尾市,汕尾,city,441502,",
         "divisions.csv 2:E parent: 城市没有上级，请留空。"),
        # counties that count
        ("divisions.csv", "441500,汕尾市,汕尾,city,,", "441500,汕尾市,汕尾,city,,441502",
         "divisions.csv 2:F statistical_county: 城市没有统计所在县，请留空。"),
        ("divisions.csv", MEILONG, MEILONG.replace("town,441521,441521", "town,441521,441500"),
         f"divisions.csv 20:F statistical_county: “441500”的级别是 city，{FOR_A_COUNTY}"),
        ("divisions.csv", GAOXIN, GAOXIN.replace("zone,441502,441502", "zone,441502,441581-Z1"),
         f"divisions.csv 8:F statistical_county: “441581-Z1”的级别是 zone，{FOR_A_COUNTY}"),
        ("divisions.csv", MEILONG, MEILONG.replace("town,441521,441521", "town,441521,441523"),
         "divisions.csv 20:F statistical_county: “441523”与上级 441521 不同：不属功能区的镇街由上级县统计。"),
        ("divisions.csv", HAIFENG, HAIFENG.replace("441500,441521", "441500,441523"),
         "divisions.csv 4:F statistical_county: 县（市、区）由本身统计，这里须填“441521”，不是“441523”。"),
        ("divisions.csv", MEILONG, MEILONG.replace("town,441521,441521", "town,441521,"),
         "divisions.csv 20:F statistical_county: 不能为空。"),
        # zones and their towns
        ("zone_towns.csv", "zone,town,", "town,zone,",
         f"zone_towns.csv 2:B zone: “441502004”的级别是 town，这一列须填 level 为 zone 的代码，{SWAPPED}"),
        ("zone_towns.csv", "zone,town,", "town,zone,",
         f"zone_towns.csv 2:A town: “441502-Z1”的级别是 zone，这一列须填 level 为 town 的代码，{SWAPPED}"),
        ("zone_towns.csv", ZONE_TOWN, "441581-Z1,441581,",
         f"zone_towns.csv 5:B town: “441581”的级别是 county，这一列须填 level 为 town 的代码，{SWAPPED}"),
        ("zone_towns.csv", ZONE_TOWN, "441581-Z1,441521101,",
         "zone_towns.csv 5:B town: “441521101”由 441521 统计，功能区 441581-Z1 由 441581 统计，须一致。"),
        ("zone_towns.csv", ZONE_TOWN, f"441502-Z2,441502004,某文\n{ZONE_TOWN}",
         "zone_towns.csv 5:A zone: “441502004”已归 441502-Z1，一个镇街只能归一个功能区。"),
        # routing
        ("routing.csv", "63,industry,", "63,system,",
         "routing.csv 3:B lead: “system”的 kind 是 system，牵头和协办只能是市直部门（kind 为 bureau）。"),
        ("routing.csv", "72,science,commerce,", "72,science,commerce 441521,",
         "routing.csv 6:C co_bureaus: “441521”的 kind 是 county，牵头和协办只能是市直部门（kind 为 bureau）。"),
    ],
)  # fmt: skip
def test_a_place_or_office_that_cannot_be_is_refused_with_its_place(
    world: World, folder: Path, name: str, before: str, after: str, said: str
) -> None:
    change(folder, name, before, after)
    assert said in refused(folder)


def test_a_town_of_a_zone_is_counted_by_the_county_of_the_zone(world: World, folder: Path) -> None:
    add(folder, "divisions.csv", "441581-Z2,滨海新区,滨海,zone,441581,441521,,,,,市政府批复")
    add(folder, "divisions.csv", "441581460,滨海街道,滨海街,town,441581,441521,,,,,市政府批复")
    add(folder, "zone_towns.csv", "441581-Z2,441581460,,,市政府批复")
    assert {difference.outcome for difference in differing(seeds.load(folder))} == {"waits"}
    (draft,) = db.session.query(RuleDraft).all()
    assert drafts.state_of(draft) is DraftState.WAITING
