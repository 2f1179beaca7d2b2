"""Every data row of an uploaded list falls into exactly one of five kinds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from registry.base.extensions import db
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from tests.uploads import codes, counts, listed, rows, uploaded
from tests.world import NOW, TODAY, World, credit_code

ADDRESS = "海丰县海城镇人民路8号"


def test_the_five_counts_add_up_to_the_rows_of_the_file(world: World, tmp_path: Path) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    world.firm("海丰县正衡检测技术有限公司", credit_code=credit_code(2))
    content = listed(
        [
            ("海丰县青梅科技有限公司", credit_code(11), ADDRESS),
            ("海丰县云谷软件有限公司", credit_code(1), ADDRESS),
            ("海丰县正衡检测技术有限公司", credit_code(2), "海丰县海城镇人民路1号"),
            ("", "", ""),
            ("海丰县青梅科技有限公司", credit_code(11), ADDRESS),
            ("海丰县错码科技有限公司", credit_code(12)[:-1] + "%", ADDRESS),
        ]
    )
    batch = uploaded(tmp_path, content)
    assert counts(batch) == (1, 1, 1, 1, 1)
    assert [(row.number, row.kind) for row in rows(batch)] == [
        (2, "new"), (3, "changed"), (4, "unchanged"), (6, "duplicate"), (7, "faulty"),
    ]  # fmt: skip
    assert batch.blank == 1


def test_a_later_row_of_the_same_code_is_a_duplicate_of_the_first(world: World, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, listed([(f"海丰县梅陇{n}号科技有限公司", credit_code(5), ADDRESS) for n in range(3)]))
    assert counts(batch) == (1, 0, 0, 2, 0)
    assert [row.matches for row in rows(batch)[1:]] == [
        [{"kind": "row", "row": 2, "name": "海丰县梅陇0号科技有限公司"}]
    ] * 2


def test_a_row_without_a_code_and_with_a_known_name_asks_for_a_decision(world: World, tmp_path: Path) -> None:
    known = world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    batch = uploaded(tmp_path, listed([("海豐縣雲谷軟件有限公司", "", ADDRESS)]))
    assert counts(batch) == (0, 0, 0, 1, 0)
    assert rows(batch)[0].matches == [
        {"kind": "firm", "id": known.id, "name": known.name, "credit_code": known.credit_code, "office": "海丰县"}
    ]
    assert codes(rows(batch)[0].faults) == [("A", "name", "firm_same_name")]


def test_the_same_parts_in_another_order_ask_for_a_decision_too(world: World, tmp_path: Path) -> None:
    world.firm("云谷软件（海丰）有限公司", credit_code=credit_code(1))
    batch = uploaded(tmp_path, listed([("海丰云谷软件有限公司", "", ADDRESS)]))
    assert counts(batch) == (0, 0, 0, 1, 0)


@pytest.mark.parametrize("typed", ["海丰县芸谷软件有限公司", "云谷软件有限公司", "海丰县云谷软件科技有限公司"])
def test_a_row_without_a_code_and_with_a_near_name_asks_for_a_decision(
    world: World, tmp_path: Path, typed: str
) -> None:
    known = world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    batch = uploaded(tmp_path, listed([(typed, "", ADDRESS), ("海丰县星河网络科技有限公司", "", ADDRESS)]))
    assert counts(batch) == (1, 0, 0, 1, 0)
    assert [match["id"] for match in rows(batch)[0].matches] == [known.id]
    assert codes(rows(batch)[0].faults) == [("A", "name", "firm_same_name")]


def test_a_row_with_a_code_of_its_own_and_a_near_name_is_new(world: World, tmp_path: Path) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    batch = uploaded(tmp_path, listed([("海丰县芸谷软件有限公司", credit_code(2), ADDRESS)]))
    assert counts(batch) == (1, 0, 0, 0, 0)


def test_a_near_name_elsewhere_is_not_told(world: World, tmp_path: Path) -> None:
    world.firm("海丰县云谷软件有限公司", by="lufeng", credit_code=credit_code(1), registered_address="陆丰市东海镇1号")
    batch = uploaded(tmp_path, listed([("海丰县芸谷软件有限公司", "", ADDRESS)]))
    assert (counts(batch), rows(batch)[0].matches) == ((1, 0, 0, 0, 0), [])


def test_a_former_name_is_known_too(world: World, tmp_path: Path) -> None:
    firm = world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    entries.rename(
        world.actor("haifeng"),
        firm,
        "海丰县云海软件有限公司",
        at=NOW,
        on=TODAY,
        effective=date(2021, 9, 1),
        reason="换照",
    )
    batch = uploaded(tmp_path, listed([("海丰县云谷软件有限公司", "", ADDRESS)]))
    assert counts(batch) == (0, 0, 0, 1, 0)


def test_two_rows_without_codes_and_with_one_name_are_one_new_firm(world: World, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, listed([("海丰县云谷软件有限公司", "", ADDRESS)] * 2))
    assert counts(batch) == (1, 0, 0, 1, 0)
    assert codes(rows(batch)[1].faults) == [("A", "name", "row_same_name")]


def test_the_same_name_under_another_code_is_new_with_a_warning(world: World, tmp_path: Path) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    batch = uploaded(tmp_path, listed([("海丰县云谷软件有限公司", credit_code(2), ADDRESS)]))
    assert counts(batch) == (1, 0, 0, 0, 0)
    assert codes(rows(batch)[0].notices) == [("A", "name", "firm_same_name")]


def test_a_branch_is_no_duplicate_of_its_parent(world: World, tmp_path: Path) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1))
    batch = uploaded(tmp_path, listed([("海丰县云谷软件有限公司梅陇分公司", "", ADDRESS)]))
    assert counts(batch) == (1, 0, 0, 0, 0)


def test_one_organisation_code_under_another_prefix_is_a_hint(world: World, tmp_path: Path) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=credit_code(1, "441521"))
    batch = uploaded(tmp_path, listed([("海丰县云海软件有限公司", credit_code(1, "441500"), ADDRESS)]))
    assert counts(batch) == (1, 0, 0, 0, 0)
    assert codes(rows(batch)[0].notices) == [("B", "credit_code", "firm_same_organisation")]


def test_another_county_learns_only_that_the_firm_exists_where_and_whom_to_ask(world: World, tmp_path: Path) -> None:
    world.firm("陆丰市海创知识产权代理有限公司", by="lufeng", credit_code=credit_code(9, "441581"), contact_name="林一")
    content = listed(
        [("随便写的名称有限公司", credit_code(9, "441581"), ADDRESS), ("陆丰市海创知识产权代理有限公司", "", ADDRESS)]
    )
    batch = uploaded(tmp_path, content)
    assert counts(batch) == (0, 0, 0, 2, 0)
    assert [row.matches for row in rows(batch)] == [[{"kind": "elsewhere", "county": "陆丰市", "office": "陆丰市"}]] * 2
    assert [row.faults[0]["values"] for row in rows(batch)] == [
        {"heading": "统一社会信用代码", "county": "陆丰市", "office": "陆丰市"},
        {"heading": "企业名称", "county": "陆丰市", "office": "陆丰市"},
    ]


def test_a_firm_under_review_is_not_changed_by_a_list(world: World, tmp_path: Path) -> None:
    firm = world.under_review().firm
    batch = uploaded(tmp_path, listed([(firm.name, firm.credit_code, ADDRESS)]))
    assert counts(batch) == (0, 0, 0, 0, 1)
    assert codes(rows(batch)[0].faults) == [("C", "registered_address", "not_open")]


def test_of_a_returned_case_only_the_returned_cells_are_open(world: World, tmp_path: Path) -> None:
    from registry.proposals.services import reviews

    proposal = world.under_review()
    firm = proposal.firm
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R02", cells={"registered_address": "请核对"}, note="",
        at=NOW, on=TODAY,
    )  # fmt: skip
    db.session.commit()
    content = listed(
        [(firm.name, firm.credit_code, ADDRESS, "7")], ("企业名称", "统一社会信用代码", "注册地址", "从业人员")
    )
    batch = uploaded(tmp_path, content)
    assert codes(rows(batch)[0].faults) == [("D", "employees", "not_returned")]


def test_an_empty_cell_and_an_absent_column_erase_nothing(world: World, tmp_path: Path) -> None:
    firm = world.firm(credit_code=credit_code(1))
    batch = uploaded(tmp_path, listed([(firm.name, firm.credit_code, "")]))
    assert counts(batch) == (0, 0, 1, 0, 0)


@pytest.mark.parametrize(
    "heading, cell, expected",
    [
        ("电话", "138****5678", ("contact_phone", "masked")),
        ("成立日期", "2031-01-01", ("founded_on", "future_date")),
        ("所属县区", "陆丰市", ("division", "foreign_division")),
        ("实际经营地址", "海丰县鹅埠镇创新路1号", ("operating_address", "excluded_town")),
        ("乡镇街道", "小漠镇", ("town", "excluded_town")),
    ],
)
def test_what_cannot_stand_is_a_fault_at_its_cell(
    world: World, tmp_path: Path, heading: str, cell: str, expected: tuple[str, str]
) -> None:
    batch = uploaded(
        tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), cell)], ("企业名称", "统一社会信用代码", heading))
    )
    assert codes(rows(batch)[0].faults) == [("C", *expected)]


@pytest.mark.parametrize(
    "heading, cell, field, code",
    [
        ("行业代码", "9999", "industry", "unread_industry_unknown"),
        ("成立日期", "2019年5月", "founded_on", "unread_bad_date"),
        ("联系电话", "1380000000", "contact_phone", "unread_bad_phone"),
    ],
)
def test_an_optional_cell_that_cannot_be_read_costs_itself_and_not_the_row(
    world: World, tmp_path: Path, heading: str, cell: str, field: str, code: str
) -> None:
    batch = uploaded(
        tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), cell)], ("企业名称", "统一社会信用代码", heading))
    )
    assert counts(batch) == (1, 0, 0, 0, 0)
    assert ("C", field, code) in codes(rows(batch)[0].notices)
    assert field not in rows(batch)[0].values["fields"]


def test_an_address_elsewhere_is_a_warning_and_the_row_stands(world: World, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), "陆丰市东海镇迎仙街41号")]))
    assert counts(batch) == (1, 0, 0, 0, 0)
    assert codes(rows(batch)[0].notices) == [("C", "registered_address", "address_outside")]


def test_a_county_is_the_home_of_its_firms_and_the_city_reads_the_address(world: World, tmp_path: Path) -> None:
    own = uploaded(tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), ADDRESS)]))
    city = uploaded(
        tmp_path,
        listed(
            [("海丰县青梅科技有限公司", credit_code(1), ADDRESS, "汕尾")],
            ("企业名称", "统一社会信用代码", "注册地址", "地区"),
        ),
        by="cityoffice",
    )
    assert [rows(batch)[0].values["fields"]["division"] for batch in (own, city)] == ["441521", "441521"]
    assert codes(rows(city)[0].notices) == [("D", "division", "division_derived")]


FIGURES = (
    "企业名称",
    "统一社会信用代码",
    "上年营业收入(万元)",
    "本年累计营业收入(万元)",
    "截至月份",
    "上年同期(万元)",
    "增值税销售额(万元)",
)


@pytest.mark.parametrize(
    "cells, expected",
    [
        (("", "1500", "", "", ""), ("month_missing", "to_month")),
        (("", "1500", "11", "", ""), ("future_figure", "to_month")),
        (("", "1500", "2020-09", "", ""), ("month_year", "to_month")),
    ],
)
def test_a_figure_needs_a_month_that_is_over(
    world: World, tmp_path: Path, cells: tuple[str, ...], expected: tuple[str, str]
) -> None:
    batch = uploaded(tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), *cells)], FIGURES))
    assert codes(rows(batch)[0].faults) == [("E", expected[1], expected[0])]


def test_figures_are_compared_with_those_that_count(world: World, tmp_path: Path) -> None:
    firm = world.firm(credit_code=credit_code(1))
    world.figure(firm, "1204", period="2021-09")
    world.figure(firm, "1000", period="2020")
    db.session.commit()
    same = uploaded(tmp_path, listed([(firm.name, firm.credit_code, "1000", "1204", "9", "", "")], FIGURES))
    other = uploaded(tmp_path, listed([(firm.name, firm.credit_code, "1000", "1275", "9", "", "")], FIGURES))
    assert (counts(same), counts(other)) == ((0, 0, 1, 0, 0), (0, 1, 0, 0, 0))
    assert rows(other)[0].changes == [
        {"field": "revenue_to_date", "before": "12040000.00", "after": "12750000.00", "column": "D"}
    ]


def test_a_figure_without_its_month_is_taken_for_the_stored_one_it_equals(world: World, tmp_path: Path) -> None:
    firm = world.firm(credit_code=credit_code(1))
    world.figure(firm, "1204", period="2021-09")
    db.session.commit()
    content = listed(
        [(firm.name, firm.credit_code, "1204")], ("企业名称", "统一社会信用代码", "本年累计营业收入(万元)")
    )
    assert counts(uploaded(tmp_path, content)) == (0, 0, 1, 0, 0)


def test_a_figure_fifty_times_the_last_one_asks_about_its_unit(world: World, tmp_path: Path) -> None:
    firm = world.firm(credit_code=credit_code(1))
    world.figure(firm, "1204", period="2021-08")
    db.session.commit()
    batch = uploaded(tmp_path, listed([(firm.name, firm.credit_code, "", "12750000", "9", "", "")], FIGURES))
    assert counts(batch) == (0, 1, 0, 0, 0)
    assert codes(rows(batch)[0].notices) == [
        ("D", "revenue_to_date", "figure_ten_thousand_up"), ("D", "revenue_to_date", "figure_line"),
    ]  # fmt: skip


def test_the_2011_code_is_mapped_with_a_notice(world: World, tmp_path: Path) -> None:
    content = listed(
        [("海丰县青梅科技有限公司", credit_code(1), "6530", "2011")],
        ("企业名称", "统一社会信用代码", "行业代码", "分类版本"),
    )
    row = rows(uploaded(tmp_path, content))[0]
    assert (row.kind, row.values["fields"]["industry_year"]) == ("new", 2017)
    assert codes(row.notices) == [("C", "industry", "industry_mapped")]


def test_checking_changes_nothing(world: World, tmp_path: Path) -> None:
    uploaded(tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), ADDRESS)]))
    assert db.session.query(Firm).count() == 0


def test_amounts_are_yuan_inside(world: World, tmp_path: Path) -> None:
    content = listed(
        [("海丰县青梅科技有限公司", credit_code(1), "100(万人民币元)")], ("企业名称", "统一社会信用代码", "注册资金")
    )
    fields = rows(uploaded(tmp_path, content))[0].values["fields"]
    assert (Decimal(fields["capital"]), fields["capital_currency"]) == (Decimal(1_000_000), "CNY")


def test_what_submitting_requires_and_is_empty_is_open_beside_what_came_back(world: World, tmp_path: Path) -> None:
    from registry.proposals.services import reviews

    proposal = world.under_review()
    firm = proposal.firm
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R02", cells={"registered_address": "请核对"}, note="",
        at=NOW, on=TODAY,
    )  # fmt: skip
    firm.activity = ""
    db.session.commit()
    headings = ("企业名称", "统一社会信用代码", "注册地址", "主营业务", "从业人员")
    batch = uploaded(tmp_path, listed([(firm.name, firm.credit_code, ADDRESS, "软件开发", "")], headings))
    assert counts(batch) == (0, 1, 0, 0, 0)
    assert {change["field"] for change in rows(batch)[0].changes} == {"registered_address", "activity"}
    batch = uploaded(tmp_path, listed([(firm.name, firm.credit_code, ADDRESS, "软件开发", "7")], headings))
    assert codes(rows(batch)[0].faults) == [("E", "employees", "not_returned")]
