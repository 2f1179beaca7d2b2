"""The directory of a quarter: as of its last day, whatever happened since; changes firm by firm."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask, g

from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.vocabulary import Action, Stage
from registry.claims.services import claiming
from registry.figures.models import Figure
from registry.people.queries import people
from registry.quarters.queries import quarters
from registry.quarters.sheets.summaries import ChangeKind, QuarterBook, by_county
from registry.reference.models import Parameter
from registry.sheets.columns import export_columns
from tests.lives import Life, listed, moment
from tests.queries_counted import queries_counted
from tests.world import World

Q2, Q3, Q4 = (Quarter.parse(text) for text in ("2021Q2", "2021Q3", "2021Q4"))
AUGUST, OCTOBER = date(2021, 8, 12), date(2021, 10, 8)
YUNGU, MEILONG = "海丰县云谷软件有限公司", "海丰县梅陇检测技术有限公司"


def only(book: QuarterBook) -> Any:
    (row,) = book.rows()
    return row


def changes(book: QuarterBook) -> list[tuple[ChangeKind, str, str, str, str]]:
    return [(change.kind, change.name, change.what, change.before, change.after) for change in book.changes]


def test_the_stage_is_that_of_the_last_day_whatever_followed(world: World) -> None:
    life = listed(world, YUNGU, 1).figure("2100", "2021-09", on=OCTOBER)
    assert life.firm.stage == Stage.QUALIFIED
    row = only(quarters.book(Q3))
    assert (row["stage"], row["stage_on"]) == (Stage.ADMITTED, date(2021, 5, 10))
    assert only(quarters.book(Q4))["stage"] == Stage.QUALIFIED


def test_a_firm_admitted_later_is_not_in_it(world: World) -> None:
    listed(world, YUNGU, 1, on=OCTOBER)
    assert quarters.book(Q3).rows() == []


def test_a_lead_and_a_case_under_review_are_not_in_it(world: World) -> None:
    Life(world, YUNGU, 1, on=AUGUST)
    assert quarters.book(Q3).rows() == []


def test_a_later_name_does_not_reach_back(world: World) -> None:
    listed(world, YUNGU, 1).rename("海丰县云谷数字科技有限公司", on=OCTOBER, effective=date(2021, 10, 1))
    assert (only(quarters.book(Q3))["name"], only(quarters.book(Q3))["former_names"]) == (YUNGU, ())
    row = only(quarters.book(Q4))
    assert (row["name"], row["former_names"]) == ("海丰县云谷数字科技有限公司", (YUNGU,))


def test_a_name_counts_from_the_day_it_took_effect_though_told_later(world: World) -> None:
    listed(world, YUNGU, 1).rename("海丰县云谷数字科技有限公司", on=OCTOBER, effective=date(2021, 9, 30))
    assert only(quarters.book(Q3))["name"] == "海丰县云谷数字科技有限公司"
    assert changes(quarters.book(Q3)) == [
        (ChangeKind.ALTERED, "海丰县云谷数字科技有限公司", "企业名称", YUNGU, "海丰县云谷数字科技有限公司")
    ]
    assert quarters.book(Q3).changes[0].on == date(2021, 9, 30)
    assert only(quarters.book(Q2))["name"] == YUNGU


def test_names_of_three_quarters_each_stand_in_their_own(world: World) -> None:
    life = listed(world, "海丰县云谷一号软件有限公司", 1)
    life.rename("海丰县云谷二号软件有限公司", on=AUGUST, effective=AUGUST)
    life.rename("海丰县云谷三号软件有限公司", on=OCTOBER, effective=OCTOBER)
    names = [only(quarters.book(quarter))["name"] for quarter in (Q2, Q3, Q4)]
    assert names == ["海丰县云谷一号软件有限公司", "海丰县云谷二号软件有限公司", "海丰县云谷三号软件有限公司"]


def test_fields_corrected_later_are_taken_back(world: World) -> None:
    life = listed(world, YUNGU, 1)
    life.edit(on=OCTOBER, employees=55, industry="7452", operating_address="海丰县梅陇镇中山路9号")
    row = only(quarters.book(Q3))
    assert (row["employees"], row["industry"], row["lead_bureau"], row["operating_address"], row["statutory_line"]) == (
        30,
        "6513 应用软件开发",
        "市工信局",
        "海丰县海城镇人民路1号",
        Decimal("20000000.00"),
    )
    later = only(quarters.book(Q4))
    assert (later["employees"], later["lead_bureau"]) == (55, "市市场监管局")


def test_a_contact_is_missing_only_where_there_was_none(world: World) -> None:
    life = listed(world, YUNGU, 1)
    life.edit(on=OCTOBER, contact_name="", contact_phone="")
    assert only(quarters.book(Q3))["missing"] == ()
    assert only(quarters.book(Q4))["missing"] == ("联系人、电话",)


def test_no_contact_is_in_any_row(world: World) -> None:
    listed(world, YUNGU, 1)
    assert {"contact_name", "contact_phone"} & only(quarters.book(Q3)).keys() == set()
    assert "13800135678" not in repr(quarters.book(Q3))


def test_figures_end_with_the_quarters_last_month_and_corrections_count(world: World) -> None:
    life = listed(world, YUNGU, 1, wan="1100")
    life.figure("700", "2021-06", on=date(2021, 7, 12)).figure("1500", "2021-09", on=OCTOBER)
    life.figure("1600", "2021-10", on=date(2021, 11, 9))
    life.figure("1450", "2021-09", on=date(2021, 11, 9), reason="利润表更正")
    row = only(quarters.book(Q3))
    assert (row["revenue_last_year"], row["revenue_to_date"], row["to_month"], row["rate"], row["tier"]) == (
        Decimal("11000000.00"),
        Decimal("14500000.00"),
        (2021, 9),
        Decimal("0.7250"),
        "C",
    )
    assert only(quarters.book(Q2))["revenue_to_date"] == Decimal("7000000.00")


def test_a_voided_figure_does_not_count(world: World) -> None:
    life = listed(world, YUNGU, 1).figure("700", "2021-06", on=date(2021, 7, 12)).figure("1500", "2021-09", on=OCTOBER)
    db.session.query(Figure).filter_by(firm_id=life.firm.id, month=9).one().voided_at = moment(OCTOBER)
    row = only(quarters.book(Q3))
    assert (row["revenue_to_date"], row["to_month"]) == (Decimal("7000000.00"), (2021, 6))


def test_december_of_last_year_stands_for_the_full_year_and_november_does_not(world: World) -> None:
    Life(world, YUNGU, 1, on=AUGUST).figure("1300", "2020-12", on=AUGUST).admit(on=AUGUST)
    Life(world, MEILONG, 2, on=AUGUST).figure("1300", "2020-11", on=AUGUST).admit(on=AUGUST)
    found = {row["name"]: row["revenue_last_year"] for row in quarters.book(Q3).rows()}
    assert found == {YUNGU: Decimal("13000000.00"), MEILONG: None}


def test_the_tiers_are_those_of_the_quarters_last_day(world: World) -> None:
    listed(world, YUNGU, 1).figure("1500", "2021-09", on=OCTOBER)
    db.session.add(Parameter(key="tier.b", valid_from=date(2021, 10, 1), value="0.70", source="市培育办2021年10月"))
    db.session.flush()
    assert only(quarters.book(Q3))["tier"] == "C"
    assert only(quarters.book(Q4))["tier"] == "B"


def test_the_book_names_the_versions_its_verdicts_used(world: World) -> None:
    listed(world, YUNGU, 1)
    listed(world, MEILONG, 2, industry="7452", wan="1001")
    assert [rule.version for rule in quarters.book(Q3).rules] == [
        "ADM-1000 第1版",
        "SVC-1000-M 第1版",
        "SVC-2000-I 第1版",
        "2021-01-01",
    ]
    assert quarters.book(Q3).rules[-1].source.endswith("（未核实）")


def test_one_in_and_one_out_are_two_changes(world: World) -> None:
    listed(world, YUNGU, 1).remove(on=AUGUST)
    listed(world, MEILONG, 2, industry="7452", wan="1001", on=AUGUST)
    book = quarters.book(Q3)
    assert changes(book) == [
        (ChangeKind.ENTERED, MEILONG, "审核通过（入库培育）", "部门核查", "在库培育"),
        (ChangeKind.LEFT, YUNGU, "出库", "在库培育", "出库"),
    ]
    assert [change.reason for change in book.changes] == ["", "企业迁往外市"]
    assert {row["name"]: row["stage"] for row in book.rows()} == {YUNGU: Stage.REMOVED, MEILONG: Stage.ADMITTED}
    assert [row["name"] for row in quarters.book(Q4).rows()] == [MEILONG]


def test_a_firm_in_and_out_within_the_quarter_is_both(world: World) -> None:
    listed(world, YUNGU, 1, on=AUGUST).remove(on=date(2021, 9, 1))
    assert [(kind, after) for kind, *_, after in changes(quarters.book(Q3))] == [
        (ChangeKind.ENTERED, "在库培育"),
        (ChangeKind.LEFT, "出库"),
    ]


def test_a_firm_that_left_and_is_a_lead_again_has_left(world: World) -> None:
    listed(world, YUNGU, 1).remove(on=AUGUST).reopen(on=date(2021, 9, 1))
    book = quarters.book(Q3)
    assert (book.rows(), [kind for kind, *_ in changes(book)]) == ([], [ChangeKind.LEFT])


def test_a_new_firm_that_went_further_is_new_and_nothing_else(world: World) -> None:
    life = listed(world, MEILONG, 1, industry="7452", wan="1001", on=AUGUST)
    life.figure("1080", "2021-07", on=date(2021, 9, 3))
    assert changes(quarters.book(Q3)) == [(ChangeKind.ENTERED, MEILONG, "审核通过（入库培育）", "部门核查", "达标应入")]


def test_a_step_between_stages_is_told_from_where_it_started(world: World) -> None:
    life = listed(world, YUNGU, 1)
    life.take_over(Action.FILE, Stage.FILED, on=AUGUST).take_over(
        Action.PASS_LEVEL, Stage.IN_CHAIN, on=date(2021, 9, 2)
    )
    assert changes(quarters.book(Q3)) == [(ChangeKind.MOVED, YUNGU, "逐级审核通过", "在库培育", "逐级审核")]


def test_altered_fields_are_named_with_day_and_reason(world: World) -> None:
    listed(world, YUNGU, 1).edit(on=AUGUST, employees=41, door="annual_first").edit(on=OCTOBER, employees=50)
    book = quarters.book(Q3)
    assert changes(book) == [
        (ChangeKind.ALTERED, YUNGU, "从业人员", "30", "41"),
        (ChangeKind.ALTERED, YUNGU, "申报通道", "", "年度第一批"),
    ]
    assert {(change.on, change.reason, change.firm_id) for change in book.changes} == {
        (AUGUST, "企业报告变更", only(book)["firm_id"])
    }


def test_a_claim_granted_later_leaves_the_quarter_to_the_office_that_held_it(world: World) -> None:
    life = listed(world, "汕尾市云谷软件有限公司", 1, by="chengqu", registered_address="汕尾市城区香洲街道红海路1号",
                  operating_address="汕尾市城区香洲街道红海路1号")  # fmt: skip
    office = people.office("441502-Z2")
    claim = claiming.claim(world.actor("gaoxin"), life.firm, office, ground="在红草园区", at=moment(OCTOBER))
    claiming.decide(world.actor("cityoffice"), claim, granted=True, decision="实际经营地在高新区", at=moment(OCTOBER))
    assert only(quarters.book(Q3))["proposer"] == "城区"
    assert only(quarters.book(Q4))["proposer"] == "高新区"


def test_a_zones_firm_counts_once_in_its_county(world: World) -> None:
    zone = {"registered_address": "汕尾市城区红草镇1号", "operating_address": "汕尾市城区红草镇1号"}
    listed(world, "汕尾高新云帆软件有限公司", 1, by="gaoxin", **zone)
    listed(world, YUNGU, 2)
    lines = [(line.label, line.depth, line.firms) for line in by_county(quarters.book(Q3))]
    assert lines == [("城区", 0, 1), ("高新区", 1, 1), ("海丰县", 0, 1), ("陆河县", 0, 0), ("陆丰市", 0, 0)]


def test_each_reader_sees_the_part_within_reach(world: World) -> None:
    listed(world, YUNGU, 1)
    listed(world, MEILONG, 2, industry="7452", wan="1001")
    people_of = ("haifeng", "lufeng", "industry", "market", "science", "leader", "sysadmin")
    seen = {name: sorted(r["name"] for r in quarters.book(Q3, world.actor(name)).rows()) for name in people_of}
    assert seen == {
        "haifeng": [YUNGU, MEILONG],
        "lufeng": [],
        "industry": [YUNGU],
        "market": [MEILONG],
        "science": [YUNGU],
        "leader": [YUNGU, MEILONG],
        "sysadmin": [],
    }


def test_a_county_without_firms_is_listed_for_the_city_only(world: World) -> None:
    listed(world, YUNGU, 1)
    assert [group.label for group in quarters.book(Q3).groups] == ["城区", "海丰县", "陆河县", "陆丰市"]
    assert [group.label for group in quarters.book(Q3, world.actor("haifeng")).groups] == ["海丰县"]


def test_a_firm_of_an_undone_import_is_nobodys(world: World) -> None:
    listed(world, YUNGU, 1).firm.voided_at = moment(OCTOBER)
    db.session.flush()
    assert quarters.book(Q3).rows() == []


def test_quarters_run_from_the_first_entry_to_the_last_that_is_over(world: World) -> None:
    listed(world, YUNGU, 1, on=date(2021, 2, 20)).remove(on=AUGUST)
    listed(world, MEILONG, 2, industry="7452", wan="1001", on=OCTOBER)
    lines = [
        (str(line.quarter), line.listed, line.entered, line.left)
        for line in quarters.finished(world.actor("leader"), clock.today())
    ]
    assert lines == [("2021Q3", 0, 0, 1), ("2021Q2", 1, 0, 0), ("2021Q1", 1, 1, 0)]
    assert quarters.finished(world.actor("lufeng"), clock.today()) == []


def test_entries_less_exits_are_what_the_directory_grew_by(world: World) -> None:
    listed(world, YUNGU, 1, on=date(2021, 2, 20)).remove(on=AUGUST).reopen(on=date(2021, 9, 1)).admit(
        on=date(2021, 9, 9)
    )
    listed(world, MEILONG, 2, industry="7452", wan="1001", on=AUGUST)
    lines = quarters.finished(world.actor("leader"), date(2022, 2, 1))
    for line in lines:
        book = quarters.book(line.quarter)
        kinds = [change.kind for change in book.changes]
        assert sum(part.listed for part in by_county(book) if part.depth == 0) == line.listed
        assert (kinds.count(ChangeKind.ENTERED), kinds.count(ChangeKind.LEFT)) == (line.entered, line.left)
    assert [line.listed for line in lines] == [2, 2, 1, 1]


def test_rows_hold_every_column_of_the_export(world: World) -> None:
    listed(world, YUNGU, 1)
    assert [column.key for column in export_columns() if column.key not in only(quarters.book(Q3))] == []


def test_three_firms_cost_no_more_queries_than_one(app: Flask, world: World) -> None:
    seen = []
    for number in (1, 2, 3):
        listed(world, f"海丰县云谷{number}号软件有限公司", number).edit(on=OCTOBER, employees=40 + number)
        db.session.flush()
        for name in [name for name in vars(g) if name.startswith("reference_")]:
            g.pop(name)
        with queries_counted(app) as statements:
            quarters.book(Q3)
        seen.append(len(statements))
    assert seen == [29, 29, 29]
