"""`registry close`, `registry diff` and `registry verify-quarter`: one object for a machine, lines for a person."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from registry.base.extensions import db
from tests.lives import listed
from tests.quarters.certified import options
from tests.terminal import registry
from tests.world import World

YUNGU, MEILONG = "海丰县云谷软件有限公司", "海丰县梅陇检测技术有限公司"
NOTE = ("--note", "按期冻结")


@pytest.fixture
def city(world: World, installed: Path) -> World:
    """A firm that left in August, one that came then, and one that reported nothing this year."""
    listed(world, "海丰县可塘设计有限公司", 3)
    listed(world, YUNGU, 1).remove(on=date(2021, 8, 12))
    listed(world, MEILONG, 2, industry="7452", wan="1001", on=date(2021, 8, 20))
    db.session.commit()
    return world


def test_quarters_are_closed_compared_and_checked(city: World) -> None:
    first = registry("close", "2021Q2", "--as", "cityoffice", *NOTE, *options("2021Q2"), "--json")
    told = json.loads(first.out)
    assert (first.status, told["quarter"], told["rows"], told["changes"], told["open"]) == (
        0,
        "2021Q2",
        2,
        2,
        {"figures": 1},
    )
    second = registry("close", "2021Q3", "--as", "cityoffice", *NOTE, *options("2021Q3"))
    assert (second.status, second.out.splitlines()[0]) == (
        0,
        "2021Q3 closed: 3 firms, 2 changes, open: figures 2",
    )
    compared = registry("diff", "2021Q2", "2021Q3", "--json")
    found = json.loads(compared.out)
    assert (compared.status, found["listed"]) == (0, {"from": 2, "to": 2})
    assert [(line["kind"], line["name"], line["on"]) for line in found["lines"]] == [
        ("came", MEILONG, "2021-08-20"),
        ("left", YUNGU, "2021-08-12"),
    ]
    assert registry("diff", "2021Q2", "2021Q3").out.splitlines()[1:] == [
        f"came\t{MEILONG}\t{found['lines'][0]['credit_code']}\t海丰县\t是否在库\t不在库 -> 在库培育",
        f"left\t{YUNGU}\t{found['lines'][1]['credit_code']}\t海丰县\t是否在库\t在库培育 -> 出库\t企业迁往外市",
    ]
    checked = registry("verify-quarter")
    assert (checked.status, [line.split(",")[0] for line in checked.out.splitlines()]) == (
        0,
        ["ok: 2021Q2", "ok: 2021Q3"],
    )
    checked = registry("verify-quarter", "--json")
    assert (checked.status, [(line["quarter"], line["rows"], line["fault"]) for line in json.loads(checked.out)]) == (
        0,
        [("2021Q2", 2, ""), ("2021Q3", 3, "")],
    )


def test_a_person_sees_their_part(city: World) -> None:
    for quarter in ("2021Q2", "2021Q3"):
        registry("close", quarter, "--as", "cityoffice", *NOTE, *options(quarter))
    seen = {name: registry("diff", "2021Q2", "2021Q3", "--as", name, "--json") for name in ("market", "lufeng")}
    assert {name: [line["name"] for line in json.loads(said.out)["lines"]] for name, said in seen.items()} == {
        "market": [MEILONG],
        "lufeng": [],
    }


@pytest.mark.parametrize(
    "arguments, status, said",
    [
        (("close", "2021Q2"), 2, "Missing option '--as'"),
        (("close", "2021Q2", "--as", "leader", *NOTE), 1, "您没有执行此操作的权限。"),
        (("close", "2021Q2", "--as", "cityoffice"), 1, "还有未办结事项，请写明为什么现在冻结。"),
        (("close", "2021Q3", "--as", "cityoffice", *NOTE), 1, "2021Q3 不能冻结：请先冻结 2021Q2，季度须按顺序冻结。"),
        (("close", "2021Q4", "--as", "cityoffice", *NOTE), 1, "2021Q4 到 2021-12-31 才结束"),
        (("close", "2021", "--as", "cityoffice", *NOTE), 1, "“2021”不是可识别的季度"),
        (("diff", "2021Q2", "2021Q3"), 1, "2021Q2 尚未冻结。"),
        (("diff", "2021Q3", "2021Q2"), 1, "的先后不对"),
        (("verify-quarter", "2021Q2"), 1, "2021Q2 尚未冻结。"),
    ],
)
def test_what_is_wrong_is_one_line(city: World, arguments: tuple[str, ...], status: int, said: str) -> None:
    found = registry(*arguments)
    assert (found.status, found.out, len(found.err.splitlines()), said in found.err) == (status, "", 1, True)
