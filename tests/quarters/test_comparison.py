"""Two closed quarters compared by identity: one in and one out are two lines, in the same order every time."""

from __future__ import annotations

from datetime import date

import pytest

from registry.base.errors import QuarterNotClosed, QuarterOrder
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import Action, Stage
from registry.merges.queries import plans
from registry.merges.rules import Pick
from registry.merges.services import merging
from registry.merges.services.merging import MergeChoice
from registry.quarters.models import Snapshot
from registry.quarters.queries import comparison
from registry.quarters.queries.comparison import QuarterDifference
from registry.quarters.services import freezing
from tests.lives import Life, listed, moment
from tests.quarters.certified import without_all
from tests.world import World, credit_code

Q2, Q3, Q4 = (Quarter.parse(text) for text in ("2021Q2", "2021Q3", "2021Q4"))
AUGUST = date(2021, 8, 12)
YUNGU, MEILONG, KETANG, TWIN = (
    "海丰县云谷软件有限公司", "海丰县梅陇检测技术有限公司", "海丰县可塘设计有限公司", "海丰县可塘设计院有限公司",
)  # fmt: skip


def close(world: World, quarter: Quarter, day: date) -> Snapshot:
    db.session.commit()
    snapshot = freezing.close(
        world.actor("cityoffice"), quarter, note="按期冻结", at=moment(day), on=day, without=without_all(quarter)
    )
    db.session.commit()
    return snapshot


@pytest.fixture
def lives(world: World) -> dict[str, Life]:
    """Four firms at the end of June; what follows happens after the second quarter was closed."""
    lives = {
        YUNGU: listed(world, YUNGU, 1).figure("700", "2021-06", on=date(2021, 7, 12)),
        MEILONG: listed(world, MEILONG, 2, industry="7452", wan="1001"),
        KETANG: listed(world, KETANG, 3, wan="1800"),
        TWIN: listed(world, TWIN, 4, wan="1500"),
    }
    close(world, Q2, date(2021, 7, 20))
    return lives


def lines(actor: object = SYSTEM_ACTOR, earlier: Quarter = Q2, later: Quarter = Q3) -> list[tuple[str, ...]]:
    found = comparison.between(earlier, later, actor)  # type: ignore[arg-type]
    return [(line.kind, line.name, line.before, line.told_after, line.reason) for line in found.lines]


def test_one_in_and_one_out_are_two_lines(world: World, lives: dict[str, Life]) -> None:
    lives[YUNGU].remove(on=AUGUST)
    listed(world, "海丰县新来软件有限公司", 9, on=AUGUST)
    close(world, Q3, date(2021, 10, 15))
    assert lines() == [
        (QuarterDifference.CAME, "海丰县新来软件有限公司", "不在库", "在库培育", ""),
        (QuarterDifference.LEFT, YUNGU, "在库培育", "出库", "企业迁往外市"),
    ]
    found = comparison.between(Q2, Q3, SYSTEM_ACTOR)
    assert (found.listed_before, found.listed_after) == (4, 4)
    assert {kind for kind, count in found.counts.items() if count} == {QuarterDifference.CAME, QuarterDifference.LEFT}


def test_every_way_to_differ_is_told(world: World, lives: dict[str, Life]) -> None:
    lives[YUNGU].figure("650", "2021-06", on=AUGUST, reason="利润表更正")
    lives[YUNGU].rename("海丰县云谷数字科技有限公司", on=AUGUST, effective=AUGUST)
    lives[MEILONG].edit(on=AUGUST, credit_code=credit_code(88), reason="代码抄录有误")
    lives[MEILONG].take_over(Action.FILE, Stage.FILED, on=AUGUST)
    close(world, Q3, date(2021, 10, 15))
    assert [(kind, before, after) for kind, _, before, after, _ in lines()] == [
        (QuarterDifference.STAGE, "在库培育", "已申报纳统"),
        (QuarterDifference.NAME, YUNGU, "海丰县云谷数字科技有限公司"),
        (QuarterDifference.CODE, credit_code(2), credit_code(88)),
        (QuarterDifference.CORRECTED, "700.00", "650.00"),
        (QuarterDifference.CORRECTED, credit_code(2), credit_code(88)),
    ]


def test_a_merged_firm_has_left_into_the_other_also_two_quarters_later(world: World, lives: dict[str, Life]) -> None:
    plan = plans.plan(lives[KETANG].firm, lives[TWIN].firm)
    picks = {clash.key: Pick.WINNER for clash in plan.clashes}
    merging.merge(
        world.actor("cityoffice"), lives[KETANG].firm, lives[TWIN].firm,
        MergeChoice("重复登记", picks, code_ground="mistyped", code_checked=True), at=moment(AUGUST), on=AUGUST,
    )  # fmt: skip
    close(world, Q3, date(2021, 10, 15))
    close(world, Q4, date(2022, 1, 15))
    expected = [(QuarterDifference.LEFT, TWIN, "在库培育", f"已合并（并入{KETANG}）", "重复登记")]
    assert (lines(), lines(later=Q4), lines(earlier=Q3, later=Q4)) == (expected, expected, [])


def test_the_same_quarters_give_the_same_lines_whatever_happens_next(world: World, lives: dict[str, Life]) -> None:
    lives[YUNGU].remove(on=AUGUST)
    close(world, Q3, date(2021, 10, 15))
    first = lines()
    lives[MEILONG].remove(on=date(2021, 10, 15))
    lives[KETANG].edit(on=date(2021, 10, 15), employees=99)
    lives[YUNGU].firm.voided_at = moment(date(2021, 10, 15))
    db.session.commit()
    assert lines() == first


def test_each_reader_sees_the_lines_of_what_was_theirs(world: World, lives: dict[str, Life]) -> None:
    place = {"registered_address": "陆丰市东海镇1号", "operating_address": "陆丰市东海镇1号"}
    listed(world, "陆丰市碣石软件有限公司", 7, by="lufeng", on=AUGUST, **place)
    lives[MEILONG].remove(on=AUGUST)
    close(world, Q3, date(2021, 10, 15))
    seen = {
        name: [line[1] for line in lines(world.actor(name))]
        for name in ("leader", "haifeng", "lufeng", "industry", "market", "sysadmin")
    }
    assert seen == {
        "leader": ["陆丰市碣石软件有限公司", MEILONG],
        "haifeng": [MEILONG],
        "lufeng": ["陆丰市碣石软件有限公司"],
        "industry": ["陆丰市碣石软件有限公司"],
        "market": [MEILONG],
        "sysadmin": [],
    }


def test_only_closed_quarters_are_compared_the_earlier_first(world: World, lives: dict[str, Life]) -> None:
    with pytest.raises(QuarterNotClosed):
        comparison.between(Q2, Q3, SYSTEM_ACTOR)
    for pair in ((Q3, Q2), (Q2, Q2)):
        with pytest.raises(QuarterOrder):
            comparison.between(*pair, SYSTEM_ACTOR)
