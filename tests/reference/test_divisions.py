from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from registry.reference.rules.divisions import ELSEWHERE, Place, Territory, find_division

SHARED = Path(__file__).parents[2].parent / "shared"


@pytest.mark.parametrize(
    "address, code",
    [
        ("广东省汕尾市城区红草镇埔边工业区", "441502100"),
        ("汕尾市城区红草镇", "441502100"),
        ("汕尾市区大马路115号", "441502"),
        ("海丰县海城镇广富路1118号", "441521115"),
        ("海丰县城红城大道西", "441521"),
        ("海丰海城镇红城大道", "441521115"),
        ("海城镇北门市场商品街", "441521115"),
        ("陆丰市东海镇广汕路", "441581001"),
        ("陆丰市东海南堤路4号", "441581001"),
        ("陆丰市甲子镇城西区西北环城路", "441581101"),
        ("陆丰市城东镇东环大道", "441581003"),
        ("海丰县城东镇金园工业区", "441521120"),
        ("陆丰市铜锣湖农场", "441581450"),
        ("陆河县河口镇河口圩", "441523102"),
        ("汕尾市红海湾田墘人民西路224号", "441502004"),
        ("红海湾经济开发区遮浪街道", "441502006"),
        ("陆丰市华侨管理区奎池路", "441581-Z1"),
        ("汕尾高新区红草园区", "441502-Z2"),
        ("汕尾市汕尾大道中段", "441500"),
        ("汕尾", "441500"),
        ("海 丰 县（可塘镇）圆山岭", "441521110"),
    ],
)
def test_an_address_names_its_closest_division(territory: Territory, address: str, code: str) -> None:
    assert find_division(address, territory) == code


@pytest.mark.parametrize(
    "address",
    ["", "城东镇东环大道", "人民路海丰大厦", "科技园海城镇商会", "海城穿城公路南侧", "—"],
)
def test_an_address_that_does_not_say_is_not_guessed(territory: Territory, address: str) -> None:
    assert territory.place(address) == Place(None, elsewhere=False)


@pytest.mark.parametrize(
    "address",
    [
        "深圳市福田区海丰大厦",
        "广东省东莞市东坑镇",
        "广州市南沙区东涌镇",
        "广东省惠州市惠东县",
        "北京市海淀区",
        "湖南省长沙市",
    ],
)
def test_towns_of_the_same_name_in_other_cities_are_elsewhere(territory: Territory, address: str) -> None:
    assert territory.place(address) == Place(None, elsewhere=True)


@pytest.mark.parametrize(
    "address, town",
    [
        ("海丰县鹅埠镇创元路", "441521103"),
        ("海丰县赤石镇墟内", "441521104"),
        ("海丰县后门镇内", "441521105"),
        ("海丰县鮜门镇", "441521105"),
        ("小漠镇旺官路", "441521102"),
        ("广东省深汕特别合作区鹅埠镇创元路9栋", "441521103"),
        ("深圳市深汕特别合作区赤石镇", "441521104"),
    ],
)
def test_the_four_towns_run_by_shenzhen_are_known_and_excluded(territory: Territory, address: str, town: str) -> None:
    assert territory.place(address).code == town
    assert territory.excluded_reason(town) == "由深汕特别合作区（深圳市）管理"
    assert territory.operating_division(address) == ELSEWHERE


def test_only_those_four_towns_are_excluded(territory: Territory) -> None:
    assert territory.excluded_reason("441521115") == ""
    assert territory.excluded_reason(None) == ""
    assert territory.operating_division("海丰县海城镇") == "441521115"
    assert territory.operating_division("深圳市福田区") == ELSEWHERE
    assert territory.operating_division("人民路1号") is None


@pytest.mark.parametrize(
    "text, code",
    [
        ("城区", "441502"),
        ("汕尾市城区", "441502"),
        ("海丰", "441521"),
        ("海豐縣", "441521"),
        ("汕尾市海丰县", "441521"),
        ("陆河县", "441523"),
        ("陆丰市", "441581"),
        ("陸豐市政府", "441581"),
        ("红海湾", "441502-Z1"),
        ("紅海灣開發區", "441502-Z1"),
        ("侨区", "441581-Z1"),
        ("華僑管理區", "441581-Z1"),
        ("高新区", "441502-Z2"),
        ("汕尾高新區", "441502-Z2"),
        ("高新區(產業園區)", "441502-Z2"),
        ("高新区（产业园区）", "441502-Z2"),
        ("汕尾", "441500"),
        ("海丰县可塘镇", "441521"),
        ("遮浪街道", "441502-Z1"),
        ("广州", None),
        ("福田区", None),
        ("", None),
    ],
)
def test_the_column_of_the_county_is_read_under_every_name_in_use(
    territory: Territory, text: str, code: str | None
) -> None:
    assert territory.named(text) == code


@pytest.mark.parametrize(
    "office, division, covered",
    [
        ("441521", "441521115", True),
        ("441521", "441521", True),
        ("441521", "441581001", False),
        ("441521", "441581", False),
        ("441521", None, None),
        ("441521", "441500", None),
        ("441502", "441502100", True),
        ("441502", "441502004", False),
        ("441502", "441502-Z1", False),
        ("441502-Z1", "441502004", True),
        ("441502-Z1", "441502-Z1", True),
        ("441502-Z1", "441502100", False),
        ("441502-Z1", "441502", None),
        ("441502-Z1", "441581001", False),
        ("441502-Z2", "441502100", None),
        ("441502-Z2", "441523100", False),
        ("441581-Z1", "441581400", True),
        ("441581", "441581400", False),
        ("441500", "441523107", True),
    ],
)
def test_a_territory_is_a_list_of_towns(
    territory: Territory, office: str, division: str | None, covered: bool | None
) -> None:
    assert territory.covers(office, division) is covered


def test_a_zone_counts_in_its_county(territory: Territory) -> None:
    counties = {code: territory.county_of(code) for code in ("441502-Z1", "441581-Z1", "441502004", "441521", "441500")}
    assert counties == {
        "441502-Z1": "441502",
        "441581-Z1": "441581",
        "441502004": "441502",
        "441521": "441521",
        "441500": None,
    }
    assert [territory.zone_of(town) for town in ("441502004", "441502100")] == ["441502-Z1", None]


@pytest.mark.skipif(not SHARED.exists(), reason="the real addresses are not beside the checkout")
def test_nearly_every_real_address_of_the_city_is_placed_in_it(territory: Territory) -> None:
    with (SHARED / "data" / "shanwei_firms.csv").open(encoding="utf-8-sig", newline="") as file:
        places = [territory.place(row["注册地址"]) for row in csv.DictReader(file)]
    found = Counter("placed" if place.code else "elsewhere" if place.elsewhere else "silent" for place in places)
    assert len(places) == 850
    assert found["elsewhere"] == 0
    assert found["silent"] <= 10
