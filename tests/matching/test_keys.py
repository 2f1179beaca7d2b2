"""The three keys by which a database finds candidates."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from registry.matching.keys import keys

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.mark.parametrize(
    "rule, one, other, equal",
    [
        ("3.1", "北京红光酒业发展有限公司", "北京红光酒业发展有限公司", (True, True, True)),
        ("3.2", "北京红光酒业发展有限公司", "红光（北京）酒业发展有限公司", (False, True, True)),
        ("3.2", "北京红光酒业发展有限公司", "红光酒业发展（北京）有限公司", (False, True, True)),
        ("3.3", "北京红光酒业有限公司", "红光酒业有限公司", (False, False, True)),
        ("3.3", "北京红光酒业有限公司", "北京红光酒厂", (False, False, True)),
        ("3.3", "汕尾市善美科技有限公司", "汕尾市善美科技有限责任公司", (False, False, True)),
        ("4.1", "万青地产", "万青置业", (False, False, False)),
        ("4.2", "北京牛栏山酒业", "北京牛兰山酒业", (False, False, False)),
        ("-", "汕尾市善美科技有限公司", "汕尾市善美科技有限公司海丰分公司", (False, False, False)),
        ("-", "海丰县善美酒店一分店", "海丰县善美酒店二分店", (False, False, False)),
        ("-", "汕尾市晟达科技有限公司", "汕尾市盛达科技有限公司", (False, False, False)),
        ("-", "汕尾市善美科技有限公司", "汕尾善美科技有限公司", (False, True, True)),
        ("-", "汕尾市善美科技有限公司", "廣東省汕尾市善美科技有限公司", (False, True, True)),
        ("-", "汕尾市善美（集团）有限公司", "汕尾市善美集团有限公司", (True, True, True)),
    ],
)
def test_rules_of_2017_as_equal_keys(rule: str, one: str, other: str, equal: tuple[bool, bool, bool]) -> None:
    assert tuple(a == b for a, b in zip(keys(one)[:3], keys(other)[:3], strict=True)) == equal


@pytest.mark.parametrize("name", ["陆丰市建筑工程公司", "陆丰市第二建筑工程公司", "汕尾市土产公司"])
def test_a_name_without_trade_name_has_no_core(name: str) -> None:
    assert keys(name).core_key == ""


@pytest.mark.parametrize("name", ["", "★", "有限公司"])
def test_a_name_that_says_nothing_has_no_parts(name: str) -> None:
    assert keys(name)[1:3] == ("", "")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the registration data lie beside the checkout")
def test_distinct_registered_firms_of_shanwei_have_distinct_name_keys() -> None:
    with (SHARED / "shanwei_firms.csv").open(encoding="utf-8-sig", newline="") as lines:
        names = [row["企业名称"] for row in csv.DictReader(lines)]
    assert len({keys(name).name_key for name in names}) == len(set(names)) == len(names)
