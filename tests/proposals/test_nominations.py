"""Lists of nominations: whose, in which state, and what each round changed."""

from __future__ import annotations

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.proposals.queries import nominations
from registry.proposals.services import proposals, reviews
from tests.world import NOW, TODAY, World

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")


def listed(world: World, who: str, **narrowed: object) -> list[str]:
    statement = nominations.matching(nominations.nominated(world.actor(who)), **narrowed).order_by(Firm.id)  # type: ignore[arg-type]
    return [firm.name for firm in db.session.scalars(statement)]


def test_drafts_are_the_own_office_s_and_nominations_those_in_reach(world: World) -> None:
    world.firm(NAMES[0])
    world.submitted(NAMES[1])
    world.submitted("陆丰市甲子软件有限公司", by="lufeng", operating_address="陆丰市东海镇人民路1号")
    seen = {who: listed(world, who) for who in ("haifeng", "haifeng2", "lufeng", "industry", "market", "leader")}
    assert seen == {
        "haifeng": [NAMES[0], NAMES[1]],
        "haifeng2": [NAMES[0], NAMES[1]],
        "lufeng": ["陆丰市甲子软件有限公司"],
        "industry": [NAMES[1], "陆丰市甲子软件有限公司"],
        "market": [],
        "leader": [NAMES[1], "陆丰市甲子软件有限公司"],
    }


def test_a_county_does_not_list_the_nominations_of_the_zone_it_counts(world: World) -> None:
    world.submitted("汕尾高新区星河软件有限公司", by="gaoxin")
    assert (listed(world, "gaoxin"), listed(world, "chengqu")) == (["汕尾高新区星河软件有限公司"], [])


def test_the_list_is_narrowed_by_stage_and_by_a_part_of_name_or_code(world: World) -> None:
    world.firm(NAMES[0])
    case = world.submitted(NAMES[1])
    assert listed(world, "haifeng", stages=(Stage.PROPOSED,)) == [NAMES[1]]
    assert listed(world, "haifeng", text="云谷") == [NAMES[0]]
    assert listed(world, "haifeng", text=case.firm.credit_code[8:].lower()) == [NAMES[1]]
    assert listed(world, "haifeng", text="%") == []


def test_counts_by_stage_are_of_what_is_listed(world: World) -> None:
    world.firm(NAMES[0])
    world.submitted(NAMES[1])
    world.submitted(NAMES[2])
    counts = nominations.count_by_stage(nominations.nominated(world.actor("haifeng")))
    assert counts == {"lead": 1, "proposed": 2}


def test_the_newest_nomination_of_a_firm_is_the_one_shown(world: World) -> None:
    first = world.submitted(NAMES[0])
    clerk, firm = world.actor("haifeng"), first.firm
    proposals.withdraw(clerk, first, at=NOW, on=TODAY)
    entries.reopen(clerk, firm, at=NOW, on=TODAY, reason="补齐材料")
    second = proposals.submit(clerk, firm, at=NOW, on=TODAY)
    assert nominations.latest_of([firm.id]) == {firm.id: second}
    assert nominations.of_firm(firm) == [second, first]


def test_a_round_names_what_it_changed_and_nothing_else(world: World) -> None:
    proposal = world.under_review(NAMES[0])
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R02", cells={"industry": "请核对"}, note="", at=NOW, on=TODAY
    )
    entries.edit(world.actor("haifeng"), proposal.firm, {"industry": "6531"}, at=NOW, on=TODAY)
    proposals.submit(world.actor("haifeng"), proposal.firm, at=NOW, on=TODAY)
    changed = [(one.field, one.before, one.after) for one in nominations.changed_in_round(proposal, 2)]
    assert changed == [("industry", "6513", "6531")]
    assert nominations.changed_in_round(proposal, 1) == []
    assert nominations.times_returned(proposal) == 1
