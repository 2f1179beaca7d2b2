"""Who is told what, in which words, and who reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.base.extensions import db
from registry.base.vocabulary import Action, Role, Stage, UndoGround
from registry.claims.services import claiming
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.merges.queries import plans
from registry.merges.rules import Pick
from registry.merges.services import merging, unmerging
from registry.merges.services.merging import MergeChoice
from registry.notices.models import Notice
from registry.notices.queries import received
from registry.notices.services import notices
from registry.notices.texts import SENTENCES
from registry.nudges.services import nudging
from registry.pathway.services import pathway
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of
from registry.proposals.services import proposals, reviews
from tests.world import NOW, TODAY, World

NAME = "海丰县云谷软件有限公司"


def read(world: World, who: str) -> list[str]:
    """What a person finds in their list, the oldest first."""
    rows = reversed(db.session.scalars(received.visible_to(world.actor(who))).all())
    return [SENTENCES[row.kind] % row.values for row in rows]


def test_a_nomination_tells_each_side_what_the_other_did(world: World) -> None:
    proposal = world.under_review(NAME)
    office, bureau = world.actor("haifeng"), world.actor("industry")
    reviews.send_back(
        bureau, proposal, reason_code="R02", cells={"employees": "请核对"}, note="", at=NOW, on=TODAY
    )  # fmt: skip
    entries.edit(office, proposal.firm, {"employees": 12}, at=NOW, on=TODAY)
    proposals.submit(office, proposal.firm, at=NOW, on=TODAY)
    reviews.take_up(bureau, proposal, at=NOW, on=TODAY)
    reviews.admit(bureau, proposal, industry_checked=True, opinion="", at=NOW, on=TODAY)
    seen = {who: read(world, who) for who in ("haifeng", "haifeng2", "industry", "industry2", "science", "lufeng")}
    of_office = [f"市工信局退回“{NAME}”，请补正 1 处", f"“{NAME}”通过市工信局核查，入库培育"]
    of_bureau = [f"海丰县提交了“{NAME}”，请核查", f"海丰县补正后重新提交了“{NAME}”，请核查"]
    assert seen == {
        "haifeng": of_office, "haifeng2": of_office, "industry": of_bureau, "industry2": of_bureau, "science": [],
        "lufeng": [],
    }  # fmt: skip


def test_a_rejection_and_a_withdrawal_are_told(world: World) -> None:
    rejected = world.under_review(NAME)
    reviews.reject(world.actor("industry"), rejected, reason_code="R05", note="不在本市", at=NOW, on=TODAY)
    withdrawn = world.submitted("海丰县星河数据有限公司")
    proposals.withdraw(world.actor("haifeng"), withdrawn, at=NOW, on=TODAY)
    assert read(world, "haifeng") == [f"市工信局对“{NAME}”作出不予通过的决定"]
    assert read(world, "industry")[-1] == "海丰县撤回了“海丰县星河数据有限公司”的提名"


def test_of_a_claim_both_offices_and_the_city_office_are_told_by_its_code_alone(world: World) -> None:
    firm = world.firm(NAME)
    code = firm.credit_code
    claim = claiming.claim(world.actor("lufeng"), firm, world.user("lufeng").office, ground="在东海镇", at=NOW)
    claiming.add_evidence(
        world.actor("haifeng"), claim, world.user("haifeng").office, kind="tax_county", text="在海丰纳税", at=NOW
    )
    nudging.nudge_claim(world.actor("lufeng"), claim, at=NOW, on=TODAY)
    claiming.decide(world.actor("cityoffice"), claim, granted=True, decision="属实", at=NOW)
    granted = f"代码 {code} 的认领争议已裁定：支持陆丰市认领"
    seen = {who: read(world, who) for who in ("haifeng", "lufeng", "cityoffice", "science", "luhe")}
    assert seen == {
        "haifeng": [f"陆丰市认领代码为 {code} 的企业", granted],
        "lufeng": [f"海丰县为代码 {code} 的认领争议补充了举证", granted],
        "cityoffice": [
            f"陆丰市认领代码为 {code} 的企业",
            f"海丰县为代码 {code} 的认领争议补充了举证",
            f"陆丰市催办：请裁定代码 {code} 的认领争议",
        ],
        "science": [],
        "luhe": [],
    }
    assert NAME not in "".join(str(row.values) for row in db.session.scalars(db.select(Notice)))


def test_a_nudge_is_told_to_whom_it_asks_by_whom_it_comes_from(world: World) -> None:
    proposal = world.submitted(NAME)
    nudging.nudge_case(world.actor("cityoffice"), proposal, at=NOW, on=TODAY)
    nudging.overdue(at=NOW + timedelta(days=7), on=TODAY + timedelta(days=7))
    assert read(world, "industry")[1:] == [
        f"市科技局催办：请核查“{NAME}”",
        f"“{NAME}”的核查已逾期 2 个工作日，系统自动催办",
    ]


def test_a_role_a_person_and_an_office_are_told_apart(world: World) -> None:
    science = people.office("science").id
    for kind, more in (
        ("letter_test", {"user": world.user("science")}),
        ("admitted", {"role": Role.OFFICER}),
        ("rejected", {"role": Role.CITY_OFFICE}),
        ("withdrawn", {}),
    ):
        notices.tell(science, kind, {"office": "x", "firm": "y"}, at=NOW, **more)  # type: ignore[arg-type]
    kinds = {
        who: [row.kind for row in db.session.scalars(received.visible_to(world.actor(who)))]
        for who in ("science", "cityoffice", "industry", "leader", "sysadmin")
    }
    assert kinds == {
        "science": ["withdrawn", "admitted", "letter_test"],
        "cityoffice": ["withdrawn", "rejected"],
        "industry": [],
        "leader": [],
        "sysadmin": [],
    }


def test_the_city_s_role_is_reached_in_whatever_office_it_sits(world: World) -> None:
    notices.tell(people.office("science").id, "claim_raised", {"office": "x", "code": "y"}, at=NOW, role="city_office")
    world.user("cityoffice").office = people.office("industry")
    db.session.flush()
    assert len(read(world, "cityoffice")) == 1


def test_who_changes_office_leaves_its_notices_behind(world: World) -> None:
    world.under_review(NAME)
    moved = world.user("industry")
    moved.office = people.office("market")
    db.session.flush()
    assert db.session.scalars(received.visible_to(actor_of(moved))).all() == []


def test_the_scope_is_the_same_in_python_and_in_sql(world: World) -> None:
    test_of_a_claim_both_offices_and_the_city_office_are_told_by_its_code_alone(world)
    everything = db.session.scalars(db.select(Notice).order_by(Notice.id)).all()
    for who in ("haifeng", "lufeng", "cityoffice", "science", "industry", "statistics", "leader", "sysadmin"):
        by_sql = sorted(row.id for row in db.session.scalars(received.visible_to(world.actor(who))))
        assert by_sql == [row.id for row in everything if received.reaches(row, world.user(who))]


def test_reading_is_each_person_s_own_and_reading_twice_is_once(world: World) -> None:
    world.submitted(NAME)
    world.submitted("海丰县星河数据有限公司")
    one = db.session.scalars(received.visible_to(world.actor("industry"))).first()
    assert one is not None
    for _ in range(2):
        notices.mark_read(world.actor("industry"), one, at=NOW)
    left = {who: len(db.session.scalars(received.unread(world.actor(who))).all()) for who in ("industry", "industry2")}
    assert left == {"industry": 1, "industry2": 2}
    assert received.read_by(world.actor("industry"), [one]) == {one.id}
    for _ in range(2):
        notices.mark_all_read(world.actor("industry"), at=NOW)
    left = {who: len(db.session.scalars(received.unread(world.actor(who))).all()) for who in ("industry", "industry2")}
    assert left == {"industry": 0, "industry2": 2}


def test_nobody_marks_what_is_not_theirs(world: World) -> None:
    world.submitted(NAME)
    one = db.session.scalars(db.select(Notice)).one()
    notices.mark_read(world.actor("lufeng"), one, at=NOW)
    assert received.read_by(world.actor("lufeng"), [one]) == set()


def test_a_kind_without_a_sentence_is_an_error(world: World) -> None:
    with pytest.raises(KeyError):
        notices.tell(1, "hearsay", {}, at=NOW)


# -- what others do to an entry -------------------------------------------------------------------
def apart(world: World) -> tuple[Firm, Firm]:
    """One firm that two counties listed, each under its own name for it."""
    ours = world.admitted(NAME, wan="1500")
    theirs = world.admitted("陆丰市云谷软件有限公司", by="lufeng", division="441581", wan="1200")
    return ours, theirs


def merged(world: World, winner: Firm, folded: Firm) -> Merge:
    plan = plans.plan(winner, folded)
    picks = {clash.key: Pick.WINNER for clash in plan.clashes}
    choice = MergeChoice("同一企业重复登记", picks, code_ground="mistyped", code_checked=True)
    return merging.merge(world.actor("cityoffice"), winner, folded, choice, at=NOW, on=TODAY)


def since(world: World, *people_of: str) -> dict[str, list[str]]:
    return {who: [text for text in read(world, who) if "核查" not in text] for who in people_of}


def test_of_a_merge_each_county_learns_of_the_other_s_entry_only_where_it_is_and_whose(world: World) -> None:
    ours, theirs = apart(world)
    merge = merged(world, ours, theirs)
    two = f"市科技局将“陆丰市云谷软件有限公司”并入“{NAME}”"
    assert since(world, "haifeng", "lufeng", "industry", "luhe", "science") == {
        "haifeng": [f"市科技局将陆丰市的另一条登记（填报单位：陆丰市）并入“{NAME}”"],
        "lufeng": ["市科技局将“陆丰市云谷软件有限公司”并入海丰县的另一条登记（填报单位：海丰县）"],
        "industry": [two], "luhe": [], "science": [],
    }  # fmt: skip
    unmerging.unmerge(
        world.actor("cityoffice"), merge, reason="两家企业", ground=UndoGround.APART, at=NOW, on=TODAY
    )  # fmt: skip
    last = {who: texts[-1] for who, texts in since(world, "haifeng", "lufeng", "industry").items()}
    back = "市科技局撤销合并，“陆丰市云谷软件有限公司”恢复为单独一条"
    gave = f"市科技局撤销合并，原先并入“{NAME}”的一条登记恢复为单独一条"
    assert last == {"haifeng": gave, "lufeng": back, "industry": back}


def test_no_notice_of_a_county_holds_a_word_of_the_other_s_firm(world: World) -> None:
    ours, theirs = world.admitted(NAME), world.admitted("陆丰市星河数据有限公司", by="lufeng", division="441581")
    words = {"haifeng": ("星河", theirs.credit_code), "lufeng": ("云谷", ours.credit_code)}
    unmerging.unmerge(
        world.actor("cityoffice"), merged(world, ours, theirs), reason="两家", ground=UndoGround.APART, at=NOW, on=TODAY
    )
    for who, hidden in words.items():
        rows = [row.values for row in db.session.scalars(received.visible_to(world.actor(who)))]
        assert (len(rows), [word for word in hidden if str(word) in str(rows)]) == (3, [])


def test_who_did_it_themselves_is_told_nothing(world: World) -> None:
    firm = world.firm(NAME)
    entries.edit(world.actor("haifeng"), firm, {"employees": 12}, at=NOW, on=TODAY)
    entries.edit(world.actor("haifeng2"), firm, {"employees": 13}, at=NOW, on=TODAY)
    assert since(world, "haifeng", "haifeng2", "industry") == {"haifeng": [], "haifeng2": [], "industry": []}


def test_a_correction_by_a_bureau_or_the_city_office_is_told_to_the_office_that_proposed(world: World) -> None:
    firm = world.admitted(NAME)
    entries.edit(
        world.actor("industry"), firm, {"employees": 12, "activity": "软件开发"}, at=NOW, on=TODAY, reason="核对"
    )  # fmt: skip
    entries.rename(
        world.actor("cityoffice"), firm, "海丰县云谷数字有限公司", at=NOW, on=TODAY, effective=TODAY, reason="执照"
    )
    renamed = f"市科技局将“{NAME}”更名为“海丰县云谷数字有限公司”"
    assert since(world, "haifeng", "industry", "lufeng") == {
        "haifeng": [f"市工信局修改了“{NAME}”的 2 项内容", renamed], "industry": [renamed], "lufeng": [],
    }  # fmt: skip


def test_leaving_the_directory_and_coming_back_are_told_to_office_and_bureau(world: World) -> None:
    firm = world.admitted(NAME)
    city = world.actor("cityoffice")
    entries.remove(city, firm, at=NOW, on=TODAY, exit_reason="X03", reason="停业")
    entries.reopen(city, firm, at=NOW, on=TODAY, reason="复业")
    both = [f"市科技局将“{NAME}”出库", f"市科技局将“{NAME}”重新列为线索"]
    assert since(world, "haifeng", "industry", "lufeng") == {"haifeng": both, "industry": both, "lufeng": []}


def test_leaving_four_above_is_told(world: World) -> None:
    firm = world.admitted(NAME)
    pathway.take_over(
        world.actor("statistics"), firm, Stage.ENROLLED, action=Action.CONFIRM, at=NOW, on=TODAY, note="国统批1号"
    )
    entries.delist(world.actor("statistics"), firm, at=NOW, on=TODAY, exit_reason="X03", reason="停业")
    assert since(world, "haifeng")["haifeng"] == [f"市统计局将“{NAME}”退库"]


def test_the_county_where_a_zone_s_firm_counts_is_told_too(world: World) -> None:
    firm = world.admitted("汕尾市云谷软件有限公司", by="gaoxin", division="441502-Z2")
    entries.remove(world.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X03", reason="停业")
    told = ["市科技局将“汕尾市云谷软件有限公司”出库"]
    assert since(world, "gaoxin", "chengqu", "haifeng") == {"gaoxin": told, "chengqu": told, "haifeng": []}
