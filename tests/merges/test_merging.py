"""Two entries of one firm become one and two again: what moves, what is refused, and that nothing is lost."""

from __future__ import annotations

import re
import threading
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from registry.base.errors import FieldError, MergeBlocked, MergeMoved, NotAllowed, RegistryError, UnmergeRefused
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.tables import Base
from registry.base.vocabulary import Action, Ruling, Stage, UndoGround
from registry.claims.services import claiming
from registry.documents.queries import documents
from registry.duplicates.models import Pairing
from registry.duplicates.services import judging, pairings
from registry.duplicates.services.judging import RecordedVerdict
from registry.entries.services import entries
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge, MergeMove
from registry.firms.queries import firms, merged
from registry.merges.queries import merges, plans, undo_plans
from registry.merges.rules import Pick
from registry.merges.services import merging, unmerging
from registry.merges.services.merging import MergeChoice
from registry.proposals.services import proposals
from registry.quarters.queries import quarters
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.lives import listed, moment
from tests.world import NOW, TODAY, World, credit_code

W, F = Pick.WINNER, Pick.FOLDED
NAMES = ("海丰县云谷软件有限公司", "海丰县雲谷軟件有限公司")


def pair(world: World, **folded: Any) -> tuple[Firm, Firm]:
    """An entry with a code, and one typed again without."""
    winner = world.firm(NAMES[0], industry="6513", employees=30)
    other = world.firm(NAMES[1], **{"credit_code": None, "no_code_reason": "未取得执照复印件", **folded})
    return winner, other


def merge(world: World, winner: Firm, folded: Firm, *, on: date = TODAY, **choice: Any) -> Merge:
    chosen = MergeChoice(**{"reason": "同一企业重复登记", **choice})
    return merging.merge(world.actor("cityoffice"), winner, folded, chosen, at=moment(on), on=on)


def unmerge(world: World, merge: Merge, *, on: date = TODAY, **more: Any) -> None:
    unmerging.unmerge(
        world.actor("cityoffice"), merge, **{"reason": "误并", "ground": UndoGround.AGAIN, **more}, at=moment(on), on=on
    )


def dump(*leave_out: str) -> dict[str, list[Any]]:
    """Every table, without what only tells that something was done."""
    db.session.flush()
    db.session.expire_all()
    said = {"merge", "merge_move", "trail_entry", "trail_head", "pathway_event", "notice", "quarter_touch", *leave_out}
    contents = {}
    for table in Base.metadata.sorted_tables:
        if table.name in said:
            continue
        columns = [column for column in table.c if column.name not in ("version", "compared_at")]
        contents[table.name] = [tuple(row) for row in db.session.execute(select(*columns).order_by(*table.primary_key))]
    return contents


def amounts(firm: Firm) -> dict[str, str]:
    """What counts, by period, in yuan."""
    return {f"{f.year}-{f.month:02}": str(f.amount) for f in figures.current_figures(firm)}


# -- merging --------------------------------------------------------------------------------------
def test_a_merge_fills_what_is_empty_and_keeps_the_winners_own(world: World) -> None:
    winner, folded = pair(world, employees=55, activity="应用软件开发")
    winner.activity = ""
    merge(world, winner, folded)
    assert (winner.name, winner.employees, winner.activity) == (NAMES[0], 30, "应用软件开发")
    assert (folded.stage, folded.merged_into_id) == (Stage.MERGED, winner.id)


def test_the_folded_names_lead_to_the_winner_as_dated_former_names(world: World) -> None:
    winner, folded = pair(world)
    merge(world, winner, folded)
    names = [(one.name, one.valid_to, one.reason) for one in winner.former_names]
    assert names == [(NAMES[1], TODAY, "同一企业重复登记")]
    assert folded.name == NAMES[1]


def test_a_name_that_gives_way_is_kept_with_its_dates(world: World) -> None:
    winner, folded = pair(world)
    merge(world, winner, folded, picks={"name": F})
    assert winner.name == NAMES[1]
    assert [(one.name, one.valid_to) for one in winner.former_names] == [(NAMES[0], TODAY - timedelta(days=1))]


def test_figures_papers_and_branches_move_and_each_cell_is_on_record(world: World) -> None:
    winner, folded = pair(world)
    world.figure(folded, "800", period="2021-06")
    branch = world.firm("海丰县云谷软件有限公司第一分公司", unit_kind="branch")
    entries.link_parent(world.actor("haifeng"), branch, folded, at=NOW)
    row = merge(world, winner, folded)
    assert amounts(winner) == {"2021-06": "8000000.00"}
    assert amounts(folded) == {}
    assert branch.parent_id == winner.id
    moved = {(m.table_name, m.column, m.before, m.after) for m in merges.moves_of(row) if m.column}
    assert moved == {
        ("figure", "firm_id", folded.id, winner.id),
        ("document", "firm_id", folded.id, winner.id),
        ("firm", "parent_id", folded.id, winner.id),
    }


def test_two_figures_of_one_period_are_both_kept_and_the_chosen_one_counts(world: World) -> None:
    winner, folded = pair(world)
    world.figure(winner, "700", period="2021-06")
    world.figure(folded, "800", period="2021-06")
    with pytest.raises(FieldError) as refused:
        merge(world, winner, folded)
    assert refused.value.field == "revenue 2021-06"
    db.session.expire_all()
    merge(world, winner, folded, picks={"revenue 2021-06": F})
    assert amounts(winner) == {"2021-06": "8000000.00"}
    assert [(f.revision, str(f.amount)) for f in figures.figures_of(winner)] == [(2, "8000000.00"), (1, "7000000.00")]


def test_a_figure_that_was_not_chosen_stays_with_its_entry(world: World) -> None:
    winner, folded = pair(world)
    world.figure(winner, "700", period="2021-06")
    world.figure(folded, "800", period="2021-06")
    merge(world, winner, folded, picks={"revenue 2021-06": W})
    assert (amounts(winner), amounts(folded)) == ({"2021-06": "7000000.00"}, {"2021-06": "8000000.00"})


def test_equal_figures_need_no_choice(world: World) -> None:
    winner, folded = pair(world)
    for firm in (winner, folded):
        world.figure(firm, "700", period="2021-06")
    merge(world, winner, folded)
    assert amounts(winner) == {"2021-06": "7000000.00"}


def test_the_standing_follows_and_the_winner_may_be_due_at_once(world: World) -> None:
    winner = listed(world, NAMES[0], 1).firm
    folded = world.firm(NAMES[1], credit_code=None, no_code_reason="未取得")
    world.figure(folded, "2600", period="2021-09")
    foreseen = plans.effects(plans.plan(winner, folded), {}, on=TODAY)
    merge(world, winner, folded)
    assert winner.stage == Stage.QUALIFIED
    assert {e.what: e.after for e in foreseen if e.what in ("stage", "rate")} == {
        "stage": "qualified",
        "rate": winner.rate,
    }
    assert folded.revenue_to_date is None


def test_the_code_of_the_folded_entry_leads_to_the_winner_through_a_chain(world: World) -> None:
    codes = [credit_code(number) for number in (1, 2, 3)]
    a, b, c = (
        world.firm(f"海丰县云谷{n}软件有限公司", credit_code=code) for n, code in zip("甲乙丙", codes, strict=True)
    )
    ground = {"code_ground": "mistyped", "code_checked": True}
    merge(world, b, a, **ground)
    merge(world, c, b, **ground)
    assert [firms.with_code(code) for code in codes] == [c, c, c]
    assert {one.name for one in c.former_names} == {a.name, b.name}
    assert db.session.scalars(merged.led_to(Firm.credit_code == codes[0])).all() == [b.id, c.id]


def test_a_chosen_code_changes_places_with_the_winners(world: World) -> None:
    winner, folded = pair(world, credit_code=credit_code(9))
    own = winner.credit_code
    merge(world, winner, folded, picks={"credit_code": F}, code_ground="reissued", code_checked=True)
    assert (winner.credit_code, folded.credit_code) == (credit_code(9), own)
    assert firms.with_code(own or "") == winner
    assert winner.organisation_code == credit_code(9)[8:17]


def test_both_firms_have_the_act_on_the_trail_and_the_chain_holds(world: World) -> None:
    winner, folded = pair(world)
    world.figure(folded, "800", period="2021-06")
    row = merge(world, winner, folded, picks={"industry": F})
    acts = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "merge").order_by(TrailEntry.seq)).all()
    assert [(act.subject_id, act.reason) for act in acts] == [
        (folded.id, "同一企业重复登记"), (winner.id, "同一企业重复登记")
    ]  # fmt: skip
    assert acts[0].after == {"stage": "merged"}
    assert acts[1].after == {
        "merge": row.id, "folded": NAMES[1], "figure_rows": 1, "document_rows": 1, "former_name_rows": 1,
    }  # fmt: skip
    assert trail.verify().broken is None


# -- refused --------------------------------------------------------------------------------------
def test_only_the_city_office_merges(world: World) -> None:
    winner, folded = pair(world)
    with pytest.raises(NotAllowed):
        merging.merge(world.actor("haifeng"), winner, folded, MergeChoice("重复"), at=NOW, on=TODAY)


def test_two_valid_codes_are_two_firms_until_a_ground_and_a_second_word(world: World) -> None:
    winner, folded = pair(world, credit_code=credit_code(9))
    for choice, missing in (({}, "code_ground"), ({"code_ground": "mistyped"}, "code_checked")):
        with pytest.raises(FieldError) as refused:
            merge(world, winner, folded, **choice)
        assert refused.value.field == missing
    assert merge(world, winner, folded, code_ground="mistyped", code_checked=True).code_ground == "mistyped"


def test_an_open_nomination_and_an_open_claim_are_settled_first(world: World) -> None:
    winner = world.submitted(NAMES[0]).firm
    folded = world.firm(NAMES[1], credit_code=None, no_code_reason="未取得")
    claiming.claim(world.actor("chengqu"), folded, world.user("chengqu").office, ground="实际经营地在城区", at=NOW)
    with pytest.raises(MergeBlocked) as refused:
        merge(world, winner, folded)
    assert [str(error) for error in refused.value.obstacles] == [
        "“海丰县云谷软件有限公司”的提名还没有办结（已提名），请先撤回或审结。",
        "“海丰县雲谷軟件有限公司”有 1 件认领争议未裁定，请先裁定。",
    ]


def test_whoever_is_further_along_stays(world: World) -> None:
    further = listed(world, NAMES[0], 1)
    lead = world.firm(NAMES[1], credit_code=None, no_code_reason="未取得")
    with pytest.raises(MergeBlocked, match="还有 1 个问题"):
        merge(world, lead, further.firm)
    further.take_over(Action.FILE, Stage.FILED, on=TODAY)
    other = listed(world, "海丰县云谷科技有限公司", 2).take_over(Action.FILE, Stage.FILED, on=TODAY).firm
    for one, two in ((further.firm, other), (other, further.firm)):
        with pytest.raises(MergeBlocked) as refused:
            merge(world, one, two, code_ground="mistyped", code_checked=True)
        assert "只能由统计部门确认" in str(refused.value.obstacles[0])


def test_of_two_who_merge_at_once_the_second_is_told(world: World) -> None:
    winner, folded = pair(world)
    seen = plans.plan(winner, folded).digest
    world.figure(folded, "800", period="2021-06")
    with pytest.raises(MergeMoved):
        merging.merge(world.actor("cityoffice"), winner, folded, MergeChoice("重复"), at=NOW, on=TODAY, seen=seen)
    merge(world, winner, folded)
    with pytest.raises(MergeBlocked):
        merge(world, winner, folded)


def test_two_people_who_fold_each_others_winner_end_with_one_merge(app: Flask) -> None:
    """At the same moment and crosswise: both are locked in one order, so nobody waits for ever."""
    with app.app_context():
        ids = [firm.id for firm in pair(World())]
        db.session.commit()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def person(kept: int, gone: int) -> None:
        with app.app_context():
            start.wait()
            try:
                merge(World(), db.session.get_one(Firm, kept), db.session.get_one(Firm, gone))
                db.session.commit()
                outcomes.append("merged")
            except MergeBlocked:
                db.session.rollback()
                outcomes.append("blocked")

    threads = [threading.Thread(target=person, args=order) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert sorted(outcomes) == ["blocked", "merged"]
        assert len(db.session.scalars(select(Merge)).unique().all()) == 1
        assert trail.verify().broken is None


# -- past quarters --------------------------------------------------------------------------------
def printed(quarter: Quarter) -> str:
    """All that the book says, but for how often a record was written: a figure that moves with a merge is."""
    return re.sub(r"'revision': \d+", "'revision'", repr(quarters.book(quarter)))


def test_a_merge_leaves_the_quarter_before_it_as_it_was(world: World) -> None:
    winner = listed(world, NAMES[0], 1, wan="1200").figure("900", "2021-06", on=date(2021, 7, 5)).firm
    folded = listed(world, NAMES[1], 2, wan="1300").figure("950", "2021-06", on=date(2021, 7, 6))
    folded.rename("海丰县云谷新软件有限公司", on=date(2021, 8, 1), effective=date(2021, 8, 1))
    second, third = Quarter.parse("2021Q2"), Quarter.parse("2021Q3")
    before = [printed(quarter) for quarter in (second, third)]
    row = merge(
        world, winner, folded.firm, code_ground="mistyped", code_checked=True,
        picks={"revenue 2020-00": F, "revenue 2021-06": F, "revenue 2020": F, "name": F, "credit_code": F},
    )  # fmt: skip
    assert [printed(quarter) for quarter in (second, third)] == before
    fourth = quarters.book(Quarter.parse("2021Q4"))
    assert [(change.kind, change.what) for change in fourth.changes if change.kind == "left"] == [("left", "合并")]
    unmerge(world, row, on=date(2021, 11, 1))
    assert [printed(quarter) for quarter in (second, third)] == before


# -- taking it back -------------------------------------------------------------------------------
def test_unmerge_asks_and_gives_additions_to_whom_they_belong(world: World) -> None:
    winner, folded = pair(world)
    row = merge(world, winner, folded)
    world.figure(winner, "810", period="2021-07")
    world.figure(winner, "820", period="2021-08")
    world.document(winner, material="M01")
    entries.edit(world.actor("haifeng"), winner, {"activity": "后来填的业务", "employees": 77}, at=NOW, on=TODAY)
    asked = undo_plans.undoing(row)
    tables = [one.table for one in asked.additions]
    assert tables == ["figure", "figure", "document"]
    assert [edit.key for edit in asked.edits] == ["activity", "employees"]
    unmerge(world, row, picks={asked.additions[1].key: F, asked.additions[2].key: F, "activity": F})
    assert (amounts(winner), amounts(folded)) == ({"2021-07": "8100000.00"}, {"2021-08": "8200000.00"})
    assert [d.material for d in documents.documents_of(folded)] == ["M01", "M04"]
    assert (winner.activity, folded.activity, winner.employees) == ("软件开发和信息技术服务", "后来填的业务", 77)


def test_unmerge_works_more_than_once_and_both_entries_stay_on_the_trail(world: World) -> None:
    winner, folded = pair(world)
    world.figure(folded, "800", period="2021-06")
    before = dump("pairing")
    for _round in range(3):
        row = merge(world, winner, folded, picks={"name": F})
        unmerge(world, row)
        assert dump("pairing") == before
    acts = db.session.scalars(select(TrailEntry.verb).where(TrailEntry.verb.in_(("merge", "unmerge")))).all()
    assert acts == ["merge", "merge", "unmerge", "unmerge"] * 3
    assert db.session.scalars(select(Merge.undone_by_name)).all() == ["王培"] * 3
    assert trail.verify().broken is None
    with pytest.raises(UnmergeRefused, match="已于 2021-10-15 撤销"):
        unmerge(world, row)


def test_a_stage_comes_back_even_where_it_rested_on_the_others_figures(world: World) -> None:
    life = listed(world, NAMES[0], 1)
    folded = world.firm(NAMES[1], credit_code=None, no_code_reason="未取得")
    world.figure(folded, "2600", period="2021-09")
    before = dump("pairing")
    row = merge(world, life.firm, folded)
    assert life.firm.stage == Stage.QUALIFIED
    unmerge(world, row)
    assert dump("pairing") == before


def test_merges_are_taken_back_in_the_opposite_order(world: World) -> None:
    a, b, c = (
        world.firm(f"海丰县云谷{n}软件有限公司", credit_code=None, no_code_reason="未取得") for n in "甲乙丙"
    )  # fmt: skip
    first, second = merge(world, b, a), merge(world, c, b)
    with pytest.raises(UnmergeRefused, match="后来又并入了“海丰县云谷丙软件有限公司”"):
        unmerge(world, first)
    unmerge(world, second)
    unmerge(world, first)
    assert [firm.stage for firm in (a, b, c)] == ["lead", "lead", "lead"]
    third, fourth = merge(world, c, a), merge(world, c, b)
    with pytest.raises(UnmergeRefused, match="相反的次序"):
        unmerge(world, third)
    unmerge(world, fourth)
    unmerge(world, third)


def judged_same(world: World, winner: Firm, folded: Firm) -> Pairing:
    pairing = pairings.find(winner, at=NOW)[0]
    judging.judge(world.actor("cityoffice"), pairing, RecordedVerdict(Ruling.SAME, "见同一营业执照"), rounds=0, at=NOW)
    return pairing


def test_two_firms_that_were_merged_by_mistake_are_no_longer_judged_the_same(world: World) -> None:
    """Whoever takes the merge back for two firms thereby judges the pair, with that reason and by their own name."""
    winner, folded = pair(world)
    pairing = judged_same(world, winner, folded)
    row = merge(world, winner, folded)
    unmerge(world, row, reason="两张执照", ground=UndoGround.APART)
    said = [(one.ruling, one.source, one.reason, one.by_name) for one in pairing.verdicts]
    assert said == [("same", "queue", "见同一营业执照", "王培"), ("different", "unmerge", "两张执照", "王培")]
    assert (pairing.state, pairing.rounds, row.undo_ground) == ("different", 2, "apart")
    act = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert act is not None
    assert (act.verb, act.subject_id, act.reason) == ("judge_pair", pairing.id, "两张执照")
    again = merge(world, winner, folded)
    unmerge(world, again, ground=UndoGround.APART)
    assert pairing.rounds == 2, "that they are two is said already"


def test_a_merge_taken_back_to_be_done_again_leaves_the_verdict(world: World) -> None:
    winner, folded = pair(world)
    pairing = judged_same(world, winner, folded)
    unmerge(world, merge(world, winner, folded))
    assert [one.ruling for one in pairing.verdicts] == ["same"]
    assert pairing.state == "same"


def test_two_firms_that_the_engine_never_saw_as_a_pair_need_no_verdict(world: World) -> None:
    winner, folded = world.firm(NAMES[0]), world.firm("陆河县螺洞梅园酒店", credit_code=None, no_code_reason="未取得")
    unmerge(world, merge(world, winner, folded), ground=UndoGround.APART)
    assert db.session.scalars(select(Pairing)).all() == []


def test_the_winner_under_review_is_let_be(world: World) -> None:
    winner, folded = pair(world)
    world.figure(winner, "1500")
    row = merge(world, winner, folded)
    proposals.submit(world.actor("haifeng"), winner, at=NOW, on=TODAY)
    with pytest.raises(UnmergeRefused, match="正在办理"):
        unmerge(world, row)


def test_the_database_itself_keeps_what_a_merge_moved(world: World) -> None:
    winner, folded = pair(world)
    world.figure(folded, "800", period="2021-06")
    merge(world, winner, folded)
    db.session.commit()
    for statement in (update(MergeMove).values(before=None), delete(MergeMove)):
        with pytest.raises(DatabaseError, match="moves of a merge are append-only"):
            db.session.execute(statement)
        db.session.rollback()
    assert db.session.scalars(select(MergeMove.before).where(MergeMove.table_name == "figure")).all() != []


def test_a_code_is_not_given_up_for_none(world: World) -> None:
    winner, folded = pair(world)
    code = winner.credit_code
    merge(world, winner, folded, picks={"credit_code": F})
    assert (winner.credit_code, folded.credit_code) == (code, None)


def test_undoing_the_import_of_a_merged_firm_leaves_it(world: World) -> None:
    """Whatever was done to a firm after its batch keeps it; a merge is something done, to both."""
    winner, folded = pair(world)
    merge(world, winner, folded)
    verbs = select(TrailEntry.subject_id).where(TrailEntry.verb == "merge", TrailEntry.subject_kind == "firm")
    assert set(db.session.scalars(verbs)) == {winner.id, folded.id}


# -- any two entries ------------------------------------------------------------------------------
TEXTS: dict[str, tuple[Any, ...]] = {
    "employees": (None, 10, 20),
    "activity": ("", "软件开发", "系统集成"),
    "industry": ("6513", "7452", None),
    "contact_phone": ("", "13800135678"),
    "qualifications": ("", "高新技术企业"),
}
PERIODS = ("2020", "2021-03", "2021-06", "2021-09")


@pytest.mark.parametrize("seed", range(8))
def test_merge_then_unmerge_leaves_every_table_as_it_was(world: World, seed: int) -> None:
    """But for merges, moves, events and the trail; for entries with figures, papers, names, branches and codes."""
    random = Random(seed)
    winner, folded = _any_pair(world, random)
    plan = plans.plan(winner, folded)
    keys = [row.key for row in plan.differences if row.is_open] + [clash.key for clash in plan.clashes]
    picks = {key: random.choice((W, F)) for key in keys}
    before, periods = dump("pairing"), amounts(winner).keys() | amounts(folded).keys()
    for _round in range(2):
        row = merge(world, winner, folded, picks=picks, code_ground="mistyped", code_checked=True)
        assert amounts(winner).keys() == periods
        unmerge(world, row)
        assert dump("pairing") == before
    assert trail.verify().broken is None


def _any_pair(world: World, random: Random) -> tuple[Firm, Firm]:
    first, second = ({key: random.choice(choices) for key, choices in TEXTS.items()} for _ in range(2))
    coded: dict[str, Any] = {} if random.random() < 0.5 else {"credit_code": None, "no_code_reason": "未取得"}
    winner, folded = world.firm(NAMES[0], **first), world.firm(NAMES[1], **{**second, **coded})
    for firm in (winner, folded):
        for period in random.sample(PERIODS, random.randrange(4)):
            world.figure(firm, str(random.randrange(100, 3000)), period=period)
            if random.random() < 0.5:
                world.figure(firm, str(random.randrange(100, 3000)), period=period, reason="更正")
    clerk = world.actor("haifeng")
    if random.random() < 0.5:
        new = "海丰县新谷软件有限公司"
        entries.rename(clerk, folded, new, at=NOW, on=TODAY, effective=date(2021, 5, 1), reason="核准变更")
    if random.random() < 0.5:
        branch = world.firm("海丰县新谷软件有限公司一分公司", unit_kind="branch")
        entries.link_parent(clerk, branch, folded, at=NOW)
    return winner, folded


# -- what a merge leaves open ---------------------------------------------------------------------
def test_a_name_that_a_merge_brought_does_not_date_the_winners_own(world: World) -> None:
    winner, folded = pair(world)
    merge(world, winner, folded)
    old = entries.rename(
        world.actor("haifeng"), winner, "海丰县云谷科技有限公司", at=NOW, on=TODAY, effective=date(2021, 9, 1), reason="核准"
    )  # fmt: skip
    assert (old.name, old.valid_to) == (NAMES[0], date(2021, 8, 31))


def test_a_code_that_another_entry_holds_by_now_is_not_given_back(world: World) -> None:
    winner = world.firm(NAMES[0], credit_code=None, no_code_reason="未取得")
    folded = world.firm(NAMES[1], credit_code=credit_code(50))
    row = merge(world, winner, folded)
    clerk = world.actor("haifeng")
    entries.edit(clerk, winner, {"credit_code": credit_code(60)}, at=NOW, on=TODAY, reason="更正")
    world.firm("海丰县新港数据有限公司", credit_code=credit_code(50))
    with pytest.raises(UnmergeRefused, match="现由另一条登记持有"):
        unmerge(world, row)


def test_nothing_is_recorded_with_a_merged_firm(world: World) -> None:
    winner, folded = pair(world)
    merge(world, winner, folded)
    with pytest.raises(RegistryError, match="请在保留企业登记"):
        world.figure(folded, "900")
    lufeng = world.firm("陆丰市朱雀软件有限公司", by="lufeng").office
    with pytest.raises(RegistryError, match="请在保留企业登记"):
        claiming.claim(world.actor("lufeng"), folded, lufeng, ground="在我市", at=NOW)


def test_an_industry_edited_since_is_not_confirmed_by_taking_back(world: World) -> None:
    winner, folded = pair(world, industry="3913")
    winner.industry_confirmed = True
    row = merge(world, winner, folded, picks={"industry": F})
    entries.edit(world.actor("haifeng"), winner, {"industry": "3922"}, at=NOW, on=TODAY)
    unmerge(world, row)
    assert (winner.industry, winner.industry_confirmed) == ("3922", False)
