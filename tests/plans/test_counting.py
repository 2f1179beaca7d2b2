"""What counts toward each target: real rows, before and after a confirmation, a merge and an exit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import Action, Stage, UndoGround
from registry.entries.services import entries
from registry.filings.services import filing as filings
from registry.merges.services import merging, unmerging
from registry.merges.services.merging import MergeChoice
from registry.pathway.services import pathway
from registry.plans.models import Plan
from registry.plans.queries import plans
from registry.plans.queries.standing import TargetStanding, standing
from registry.plans.services import recording
from tests.filed import ALL_LEVELS, enrolled, filed, passed, qualified
from tests.world import NOW, TODAY, World


def target(code: str, on: date = TODAY, world: World | None = None, by: str = "") -> TargetStanding:
    actor = world.actor(by) if world else None
    found = standing(db.session.scalars(select(Plan)).one(), on, actor)
    assert found is not None
    one = found.target(code)
    assert one is not None
    return one


def names(code: str, on: date = TODAY) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Names of the firms that count, those left out with the reason, and those under way."""
    one = target(code, on)
    return (
        [row.name for row in one.counted],
        [(row.name, str(row.reason)) for row in one.left_out],
        [row.name for row in one.under_way],
    )


CLOUD = "海丰县云谷软件有限公司"


def test_a_filing_is_under_way_until_its_confirmation_and_counts_from_then_on(world: World) -> None:
    filing = filed(world)
    assert names("T1") == ([], [], [CLOUD])
    passed(world, filing, *ALL_LEVELS)
    assert names("T1") == ([], [], [CLOUD])
    filings.confirm(world.actor("statistics"), filing, Period(2021, 11), reference_no="国统批9号", at=NOW, on=TODAY)
    assert names("T1") == ([CLOUD], [], [])
    assert (target("T1").needed, target("T1").counted[0].proof) == (1, "国统批9号")
    assert names("T1", TODAY - timedelta(days=1)) == ([], [], [])  # the day before it was neither


def test_a_firm_confirmed_before_the_plans_year_is_left_out_and_seen(world: World) -> None:
    firm = qualified(world)
    for action, stage in (
        (Action.FILE, Stage.FILED),
        (Action.PASS_LEVEL, Stage.IN_CHAIN),
        (Action.CONFIRM, Stage.ENROLLED),
    ):
        pathway.take_over(
            world.actor("statistics"), firm, stage, action=action, at=NOW, on=date(2020, 12, 8), note="纸质台账"
        )
    assert names("T1") == ([], [(CLOUD, "earlier")], [])
    assert [row.name for row in target("T1").before] == []  # December of last year is not yet over a year ago
    assert [row.name for row in target("T1", date(2021, 12, 31)).before] == [CLOUD]


def test_the_month_from_which_it_holds_decides_about_the_year(world: World) -> None:
    filing = passed(world, filed(world), *ALL_LEVELS)
    filings.confirm(world.actor("statistics"), filing, Period(2022, 1), reference_no="国统批9号", at=NOW, on=TODAY)
    assert names("T1") == ([], [(CLOUD, "later")], [])


def test_an_exit_takes_the_firm_out_of_the_number_from_its_day_on(world: World) -> None:
    filing = enrolled(world)
    later = TODAY + timedelta(days=30)
    entries.delist(
        world.actor("statistics"),
        filing.firm,
        exit_reason="X02",
        reason="迁往外市",
        at=NOW + timedelta(days=30),
        on=later,
    )
    assert names("T1", later) == ([], [(CLOUD, "delisted")], [])
    assert names("T1", later - timedelta(days=1)) == ([CLOUD], [], [])


def test_a_firm_of_another_industry_is_left_out(world: World) -> None:
    filing = enrolled(world)
    filing.firm.industry = "7011"
    db.session.flush()
    assert names("T1") == ([], [(CLOUD, "other_industry")], [])


def test_a_merged_entry_counts_as_the_one_that_stays_and_once(world: World) -> None:
    kept, folded = world.admitted(), world.admitted("海丰县云谷数据有限公司", industry="6550")
    for firm in (kept, folded):
        recording.mark(world.actor("industry"), firm, "cultivated", since=TODAY, source="粤科函1号", at=NOW, on=TODAY)
    assert names("T3")[0] == [kept.name, folded.name]
    choice = MergeChoice(reason="同一企业重复登记", code_ground="mistyped", code_checked=True)
    merge = merging.merge(world.actor("cityoffice"), kept, folded, choice, at=NOW, on=TODAY)
    assert names("T3") == ([kept.name], [(kept.name, "same_firm")], [])
    unmerging.unmerge(
        world.actor("cityoffice"), merge, ground=UndoGround.AGAIN, reason="不是同一企业", at=NOW, on=TODAY
    )
    assert names("T3")[0] == [kept.name, folded.name]


def test_a_mark_counts_by_its_way_and_day_and_no_longer_once_taken_back(world: World) -> None:
    firm, officer = world.admitted(), world.actor("industry")
    early = recording.mark(officer, firm, "introduced", since=date(2020, 6, 1), source="协议1号", at=NOW, on=TODAY)
    assert (names("T4"), names("T3")) == (([], [(CLOUD, "earlier")], []), ([], [], []))
    recording.void(officer, early, reason="日期有误", at=NOW)
    recording.mark(officer, firm, "introduced", since=TODAY, source="协议2号", at=NOW, on=TODAY)
    assert names("T4") == ([CLOUD], [(CLOUD, "voided")], [])


def test_a_row_that_counts_under_two_targets_says_so_on_both(world: World) -> None:
    firm = enrolled(world).firm
    recording.mark(world.actor("industry"), firm, "cultivated", since=TODAY, source="粤科函1号", at=NOW, on=TODAY)
    assert [(row.also) for row in (*target("T1").counted, *target("T3").counted)] == [("T3",), ("T1",)]


def test_nothing_is_said_of_institutions_of_which_nothing_is_on_record(world: World) -> None:
    assert (target("T2").has_rows, target("T2").counted) == (False, ())


def test_an_office_sees_the_rows_of_its_reach(world: World) -> None:
    enrolled(world)
    assert [len(target("T1", world=world, by=name).counted) for name in ("haifeng", "lufeng", "leader")] == [1, 0, 1]


def test_a_zones_firm_counts_under_the_zone_and_not_in_its_county(world: World) -> None:
    firm = world.admitted("汕尾高新区红树林软件有限公司", by="gaoxin")
    recording.mark(world.actor("industry"), firm, "cultivated", since=TODAY, source="粤科函1号", at=NOW, on=TODAY)
    assert target("T3").by_division() == {"441502-Z2": (1, 0)}


def test_only_the_bureau_in_charge_marks_and_never_twice_nor_ahead(world: World) -> None:
    firm = world.admitted()
    with pytest.raises(NotAllowed):
        recording.mark(world.actor("market"), firm, "cultivated", since=TODAY, source="x", at=NOW, on=TODAY)
    with pytest.raises(FieldError, match="不能晚于今天"):
        recording.mark(
            world.actor("industry"), firm, "cultivated", since=TODAY + timedelta(days=1), source="x", at=NOW, on=TODAY
        )
    recording.mark(world.actor("industry"), firm, "cultivated", since=TODAY, source="粤科函1号", at=NOW, on=TODAY)
    with pytest.raises(FieldError, match="不必重复"):
        recording.mark(world.actor("industry"), firm, "cultivated", since=TODAY, source="粤科函2号", at=NOW, on=TODAY)


# -- the light ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "done, on, expected, light",
    [
        (0, date(2021, 6, 30), 0, "on_track"),  # 181 days of 365: 0.99 of 2 were due
        (0, date(2021, 7, 2), 1, "behind"),
        (1, date(2021, 7, 2), 1, "on_track"),
        (1, date(2021, 12, 31), 2, "behind"),
        (1, date(2022, 1, 1), 2, "overdue"),
        (2, date(2021, 1, 5), 0, "done"),
    ],
)
def test_the_light_is_what_the_published_formula_says(done: int, on: date, expected: int, light: str) -> None:
    from registry.plans.rules.counting import pace

    found = pace(2, done, date(2021, 1, 1), date(2021, 12, 31), on)
    assert (found.expected, str(found.light)) == (expected, light)


# -- splits ---------------------------------------------------------------------------------------
def test_a_target_is_split_by_a_document_and_again_by_a_later_one(world: World) -> None:
    plan, city = db.session.scalars(select(Plan)).one(), world.actor("cityoffice")
    first = {"document_no": "汕科〔2021〕1号", "document_name": "任务分解表", "valid_from": date(2021, 3, 1), "at": NOW}
    recording.split(city, plan, "T1", {"441521": 1, "441502-Z2": 1}, **first)
    assert target("T1", date(2021, 2, 28)).shares == {}
    assert target("T1").shares == {"441502-Z2": 1, "441521": 1}
    again = first | {"document_no": "汕科〔2021〕9号", "valid_from": date(2021, 9, 1)}
    recording.split(city, plan, "T1", {"441581": 3}, **again)  # entered as the document says, whatever it sums to
    assert (target("T1").shares, target("T1", date(2021, 8, 31)).shares) == (
        {"441581": 3},
        {"441502-Z2": 1, "441521": 1},
    )
    with pytest.raises(FieldError, match="须晚于"):
        recording.split(city, plan, "T1", {"441581": 1}, **first)
    with pytest.raises(NotAllowed):
        recording.split(world.actor("statistics"), plan, "T1", {"441581": 1}, **again | {"valid_from": TODAY})


# -- the turn of the year -------------------------------------------------------------------------
def test_a_confirmation_after_the_turn_of_the_year_counts_in_the_year_whose_month_it_is_of(world: World) -> None:
    filing, on = passed(world, filed(world), *ALL_LEVELS), date(2022, 1, 10)
    at = NOW.replace(year=2022, month=1, day=10)
    assert (target("T1", date(2022, 1, 9)).counted, str(target("T1", date(2022, 1, 9)).pace.light)) == ((), "overdue")
    filings.confirm(world.actor("statistics"), filing, Period(2021, 12), reference_no="国统批9号", at=at, on=on)
    assert names("T1", on) == ([CLOUD], [], [])
    assert names("T1", date(2021, 12, 31)) == ([], [], [CLOUD])  # what the year's last day knew


def test_a_plan_that_is_over_is_still_shown_until_the_next_one_runs(world: World) -> None:
    plan = db.session.scalars(select(Plan)).one()
    assert (plans.current(date(2022, 1, 10)), plans.state_of(plan, date(2022, 1, 10))) == (plan, "ended")
