"""The months of a firm: three figures at once, never what is held, never from the direct-reporting system."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from registry.base.extensions import db
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.figures.models import Figure
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.reference.models import Parameter
from tests.dossier.test_pages import text_of
from tests.figures.test_pages import upload
from tests.world import NOW, TODAY, World, post, sign_in


def whole(**changes: Any) -> dict[str, Any]:
    return {
        "revenue_amount": "1,500", "revenue_source": "income_statement", "revenue_file": upload(),
        "vat_sales_amount": "1490", "vat_sales_source": "vat_return", "vat_sales_file": upload("申报表.pdf"),
        "employees_amount": "35", "employees_source": "payroll", "employees_file": upload("社保明细.pdf"),
    } | changes  # fmt: skip


def only(**changes: Any) -> dict[str, Any]:
    """The form as a browser sends it with the other cells left empty."""
    return {"vat_sales_source": "", "employees_source": "", "revenue_source": "income_statement"} | changes


def held(firm_id: int) -> list[tuple[str, int, str, int, str | None]]:
    db.session.rollback()
    rows = figures.figures_of(db.session.get_one(Firm, firm_id))
    return [(f.kind, f.month, str(f.amount), f.revision, f.document.material if f.document else None) for f in rows]


@pytest.fixture
def lead(world: World) -> int:
    firm = world.firm()
    db.session.commit()
    return firm.id


def at(firm_id: int, month: int = 9) -> str:
    return f"/firms/{firm_id}/months/new?year=2021&month={month}"


def test_three_figures_of_a_month_are_taken_at_once_each_with_its_paper(client: FlaskClient, lead: int) -> None:
    sign_in(client, "haifeng")
    assert post(client, at(lead), whole()).status_code == 302
    assert held(lead) == [
        ("employees", 9, "35.00", 1, "M15"),
        ("revenue", 9, "15000000.00", 1, "M04"),
        ("vat_sales", 9, "14900000.00", 1, "M05"),
    ]
    page = text_of(client.get(f"/firms/{lead}/months?year=2021"))
    assert "9月 1,500.00 利润表 凭证" in page
    assert "35 工资或社保缴费明细 凭证" in page
    assert "有差异，须附差异说明 上传差异说明" in page


def test_what_is_held_and_current_is_not_asked_for_and_counted(client: FlaskClient, world: World) -> None:
    firm = world.firm()
    world.figure(firm, "1500")
    db.session.commit()
    sign_in(client, "haifeng")
    page = client.get(at(firm.id)).get_data(as_text=True)
    assert "已有且最新的 1 格免填：营业收入 1,500.00 万元" in re.sub(r"\s+", " ", page)
    assert 'name="revenue_amount"' not in page
    assert re.findall(r'name="(\w+_amount)"[^>]*value="([^"]*)"', page) == [
        ("vat_sales_amount", ""),
        ("employees_amount", ""),
    ]
    smuggled = whole(revenue_reason="更正", employees_amount="", employees_file=None)
    del smuggled["employees_file"]
    assert post(client, at(firm.id), smuggled).status_code == 302
    assert [row[:4] for row in held(firm.id)] == [
        ("revenue", 9, "15000000.00", 1),
        ("vat_sales", 9, "14900000.00", 1),
    ]


def test_a_figure_whose_paper_was_voided_is_asked_for_again_with_a_reason(client: FlaskClient, world: World) -> None:
    firm = world.firm()
    world.figure(firm, "1500")
    attachments.void(world.actor("haifeng"), firm, documents.documents_of(firm)[0], at=NOW, on=TODAY, reason="盖章不全")
    db.session.commit()
    sign_in(client, "haifeng")
    assert "已登记的数没有有效的同期凭证（未证）" in text_of(client.get(at(firm.id)))
    bare = only(revenue_amount="1600", revenue_file=upload())
    assert "更正已登记的数，请填写理由。" in text_of(post(client, at(firm.id), bare))
    again = only(revenue_amount="1600", revenue_file=upload(), revenue_reason="漏记")
    assert post(client, at(firm.id), again).status_code == 302
    assert [row[2:4] for row in held(firm.id)] == [("16000000.00", 2), ("15000000.00", 1)]


def test_a_cell_that_somebody_gave_while_it_was_typed_is_not_dropped_unseen(
    client: FlaskClient, world: World, lead: int
) -> None:
    sign_in(client, "haifeng")
    opened = client.get(at(lead)).get_data(as_text=True)
    carried = dict(re.findall(r'name="(\w+_seen)"[^>]*value="([^"]*)"', opened))
    world.figure(db.session.get_one(Firm, lead), "1550")
    db.session.commit()
    answer = post(client, at(lead), only(revenue_amount="1600", revenue_file=upload()) | carried)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, [row[2:4] for row in held(lead)]) == (409, [("15500000.00", 1)])
    assert "-- 1,550.00 万元 · 利润表 · 陈晓 · 2021-10-15 1,600.00 万元" in text_of(answer)
    paper = re.search(r'name="revenue_document".*?<option selected value="(\d+)"', page, re.DOTALL)
    assert paper is not None
    anew = dict(re.findall(r'name="(\w+_seen)"[^>]*value="([^"]*)"', page))
    mine = only(revenue_amount="1600", revenue_document=paper[1], revenue_reason="汇总有误") | anew
    answer = post(client, at(lead), mine)
    assert answer.status_code == 302
    assert [row[2:4] for row in held(lead)] == [("16000000.00", 2), ("15500000.00", 1)]


def test_one_wrong_cell_keeps_all_back_and_all_papers(client: FlaskClient, lead: int) -> None:
    sign_in(client, "haifeng")
    answer = post(client, at(lead), whole(employees_amount="三十"))
    assert (answer.status_code, held(lead)) == (422, [])
    assert "期末从业人员" in text_of(answer)
    assert len(documents.documents_of(db.session.get_one(Firm, lead))) == 3
    assert answer.get_data(as_text=True).count("社保明细.pdf") == 1


def test_an_empty_month_is_nothing_to_record(client: FlaskClient, lead: int) -> None:
    sign_in(client, "haifeng")
    assert "请至少填写一项" in text_of(post(client, at(lead), {}))


def test_figures_of_the_direct_reporting_system_are_refused_with_the_law(client: FlaskClient, lead: int) -> None:
    sign_in(client, "haifeng")
    assert "统计联网直报" in text_of(client.get(at(lead)))
    by_source = post(client, at(lead), whole(revenue_source="direct_reporting"))
    by_name = post(client, at(lead), whole(revenue_file=upload("F203财务状况.pdf")))
    single = {"kind": "revenue", "year": "2021", "month": "9", "amount": "1500", "source": "direct_reporting"}
    by_single = post(client, f"/firms/{lead}/figures/new", {**single, "file": upload()})
    by_paper = post(
        client,
        f"/firms/{lead}/documents/new",
        {"material": "M04", "year": "2021", "month": "9", "file": upload("一套表导出.pdf")},
    )
    for answer in (by_source, by_name, by_single, by_paper):
        assert answer.status_code == 422
        assert "不接收统计联网直报数据" in text_of(answer)
        assert "《统计法》" in text_of(answer)
    assert held(lead) == []


def test_the_papers_of_the_filing_itself_may_bear_the_systems_name(client: FlaskClient, lead: int) -> None:
    sign_in(client, "haifeng")
    form = {"material": "M01", "year": "", "month": "", "file": upload("一套表调查单位申报表.pdf")}
    assert post(client, f"/firms/{lead}/documents/new", form).status_code == 302


def test_a_doubtful_month_asks_for_a_tick_and_names_the_likely_cause(client: FlaskClient, world: World) -> None:
    firm = world.firm()
    world.figure(firm, "1300", period="2021-08")
    db.session.commit()
    sign_in(client, "haifeng")
    answer = post(client, at(firm.id), only(revenue_amount="15000000", revenue_file=upload()))
    assert answer.status_code == 422
    assert "约为按 2021-08 的 1,300.00 万元 推算的一万倍，像是把元当成了万元" in text_of(answer)
    sure = post(client, at(firm.id), only(revenue_amount="15000000", revenue_file=upload(), assurance="一次性大额合同"))
    assert sure.status_code == 302


def test_a_tolerance_set_for_the_day_lets_a_small_difference_pass(client: FlaskClient, world: World) -> None:
    firm = world.firm()
    db.session.add(Parameter(key="crosscheck.tolerance", valid_from=date(2021, 1, 2), value="0.01", source="会议纪要"))
    db.session.commit()
    sign_in(client, "haifeng")
    post(client, at(firm.id), whole())
    assert "差异在容许范围内" in text_of(client.get(f"/firms/{firm.id}/months"))
    assert "差 10.00 万元，在容许的 1% 以内" in text_of(client.get(f"/firms/{firm.id}"))


def test_corrections_stand_beside_what_they_replaced(client: FlaskClient, world: World) -> None:
    firm = world.admitted(wan="1500")
    world.figure(firm, "1600", reason="漏记")
    db.session.commit()
    sign_in(client, "leader")
    page = text_of(client.get(f"/firms/{firm.id}/months"))
    assert "1,500.00 第 1 次登记，更正理由：漏记" in page
    assert "登记一个月" not in page


@pytest.mark.few(2)
@pytest.mark.parametrize("username", ["industry", "cityoffice", "statistics", "leader", "auditor", "lufeng"])
def test_only_the_proposing_office_records_a_month(client: FlaskClient, world: World, username: str) -> None:
    firm = world.admitted()
    db.session.commit()
    sign_in(client, username)
    assert client.get(at(firm.id)).status_code in (403, 404)
    assert post(client, at(firm.id), whole()).status_code in (403, 404)
    assert db.session.query(Figure).count() == 1
