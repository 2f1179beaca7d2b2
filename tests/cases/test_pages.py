"""Cases on their pages: what each role reads and does, what waits for whom, what is printed and taken away."""

from __future__ import annotations

import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.base.extensions import clock, db
from registry.cases.models import Case, CaseKind
from registry.cases.services import nudging
from registry.cases.services.entering import ForWhom
from registry.home.queries import inbox
from registry.notices.models import Notice, Nudge
from registry.trail.models import TrailEntry
from tests.cases.worlds import PDF, CaseWorld, fill
from tests.world import NOW, TODAY, post, sign_in, signed_in


def kind_id(code: str) -> int:
    found = select(CaseKind.id).where(CaseKind.code == code, CaseKind.state == "published")
    return db.session.scalars(found).one()


def bring(client: FlaskClient, case_id: int, *papers: str) -> None:
    for paper in papers:
        file = io.BytesIO(PDF + f"{case_id} {paper}".encode())
        answer = fill(client, f"/cases/{case_id}/papers/new", {"paper": paper, "file": (file, f"{paper}.pdf")})
        assert answer.status_code == 302, answer.get_data(as_text=True)


def test_a_voucher_is_walked_from_entry_to_approval_by_forms(
    city: CaseWorld, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = city.world.firm()
    db.session.commit()
    clerk = signed_in(app, "haifeng")
    begun = {"cohort": str(city.cohorts[2021].id), "firm": firm.credit_code or ""}
    assert fill(clerk, f"/cases/new/{kind_id('voucher-service')}", begun).status_code == 302
    case = db.session.scalars(select(Case)).one()
    rows = {
        "number": "12345678",
        "code": "044001900111",
        "day": "2021-08-12",
        "seller": "广东质检公司",
        "amount": "8,600,000",
    }
    typed = {f"invoices-0-{name}": value for name, value in rows.items()}
    wrong = fill(clerk, f"/cases/{case.id}/edit", typed | {"invoices-0-day": "八月", "service": "检验检测"})
    assert (wrong.status_code, "第 1 行“开票日期”" in wrong.get_data(as_text=True)) == (422, True)
    values = {"service": "检验检测", "uses_facilities": "是", "legal_person": "陈云谷"}
    assert fill(clerk, f"/cases/{case.id}/edit", typed | values).status_code == 302
    early = fill(clerk, f"/cases/{case.id}/steps/submit", {})
    assert (early.status_code, "缺材料“服务合同”" in early.get_data(as_text=True)) == (422, True)
    bring(clerk, case.id, "form", "licence", "contract", "report", "invoices")
    assert fill(clerk, f"/cases/{case.id}/steps/submit", {}).status_code == 302
    bureau = signed_in(app, "science")
    back = {"cell_report": "y", "reason_report": "报告缺页"}
    assert fill(bureau, f"/cases/{case.id}/steps/return", back).status_code == 302
    assert "报告缺页" in clerk.get(f"/cases/{case.id}").get_data(as_text=True)
    bring(clerk, case.id, "report")
    fill(clerk, f"/cases/{case.id}/steps/submit", {})
    fill(bureau, f"/cases/{case.id}/steps/pass", {})
    office = signed_in(app, "cityoffice")
    posting = {"first_day": TODAY.isoformat(), "cases": str(case.id)}
    assert fill(office, f"/case-notices/new/{kind_id('voucher-service')}", posting).status_code == 302
    monkeypatch.setattr(clock, "today", lambda: date(2021, 10, 27))
    fill(office, f"/cases/{case.id}/steps/approve", {})
    fill(signed_in(app, "cityoffice2"), f"/cases/{case.id}/steps/confirm", {})
    db.session.expire_all()
    assert (case.state, str(case.amount), case.round) == ("approved", "430000.00", 2)
    slip = office.get(f"/cases/{case.id}/slip").get_data(as_text=True)
    assert all(
        part in slip for part in ("8,600,000.00", "5.00%", "肆拾叁万元整", "方案未载明", "培育参考，不作统计上报依据")
    )
    acts = select(TrailEntry.verb).where(TrailEntry.subject_kind == "case_file").order_by(TrailEntry.seq)
    assert list(db.session.scalars(acts)).count("step_case") == 6


def test_an_objection_and_an_appeal_are_cases_about_a_case(city: CaseWorld, app: Flask) -> None:
    case = city.service("100000")
    city.take(case, "submit", "haifeng")
    city.take(case, "refuse", "science", reason="服务与研发无关")
    db.session.commit()
    clerk = signed_in(app, "haifeng")
    fill(clerk, f"/cases/new/{kind_id('appeal')}?about={case.id}", {})
    appeal = db.session.scalars(select(Case).where(Case.code == "appeal")).one()
    assert (appeal.about_id, appeal.applicant) == (case.id, case.applicant)
    fill(clerk, f"/cases/{appeal.id}/edit", {"received_on": "2021-10-14", "grounds": "属于检测", "asks": "重新审核"})
    bring(clerk, appeal.id, "letter")
    fill(clerk, f"/cases/{appeal.id}/steps/submit", {})
    office = signed_in(app, "cityoffice")
    bare = fill(office, f"/cases/{appeal.id}/steps/reopen", {})
    assert bare.status_code == 422
    fill(office, f"/cases/{appeal.id}/steps/reopen", {"reason": "经复核属于检验检测"})
    db.session.expire_all()
    assert appeal.state == "reopened"
    assert appeal.number in clerk.get(f"/cases/{case.id}").get_data(as_text=True)


def test_a_county_reads_and_takes_away_its_own_cases_alone(city: CaseWorld, app: Flask) -> None:
    mine, theirs = city.service("100000"), city.service("200000", by="lufeng", firm="陆丰市海潮检测有限公司")
    db.session.commit()
    client = signed_in(app, "haifeng")
    page = client.get("/cases").get_data(as_text=True)
    assert (mine.number in page, theirs.number in page, "陆丰市海潮" in page) == (True, False, False)
    for path in (f"/cases/{theirs.id}", f"/cases/{theirs.id}/slip", f"/cases/{theirs.id}/papers/{theirs.papers[0].id}"):
        assert client.get(path).status_code == 404
    taken = post(client, "/cases/export").get_data().decode("utf-8-sig")
    assert (mine.number in taken, theirs.number in taken) == (True, False)
    assert client.get(f"/cases/{mine.id}/papers/{theirs.papers[0].id}").status_code == 404


@pytest.mark.parametrize(
    "query, found", [("?q=云谷", 1), ("?q=没有", 0), ("?kind=introduction", 0), ("?state=open", 2), ("?mine=1", 2), ("?state=bad", 0)]
)  # fmt: skip
def test_the_list_is_narrowed_by_its_address(city: CaseWorld, client: FlaskClient, query: str, found: int) -> None:
    city.service("100000")
    city.service("200000", firm="海丰县海潮检测有限公司")
    db.session.commit()
    sign_in(client, "haifeng")
    page = client.get(f"/cases{query}").get_data(as_text=True)
    assert sum(name in page for name in ("服务2021-0001", "服务2021-0002")) == found


def test_what_waits_stands_in_the_inbox_of_whoever_goes_on(city: CaseWorld) -> None:
    def waiting(username: str) -> list[tuple[str, str]]:
        found = inbox.tasks(city.world.actor(username))
        return [(task.kind, task.origin) for task in found if task.kind.startswith("case")]

    case = city.service("100000")
    assert waiting("haifeng") == [("case_mend", case.number)]
    city.take(case, "submit", "haifeng")
    assert (waiting("haifeng"), waiting("science"), waiting("lufeng")) == ([], [("case", case.number)], [])
    city.take(case, "pass", "science")
    assert (waiting("science"), waiting("cityoffice")) == ([], [("case", case.number)])
    assert inbox.counts(city.world.actor("cityoffice"))["inbox"] == 1


def test_whoever_waits_nudges_once_a_day_and_the_system_when_it_is_late(city: CaseWorld, app: Flask) -> None:
    case = city.service("100000")
    city.take(case, "submit", "haifeng")
    db.session.commit()
    client = signed_in(app, "haifeng")
    for _time in range(2):
        post(client, f"/cases/{case.id}/nudge", {"note": "请尽快"})
    rows = list(db.session.scalars(select(Nudge).where(Nudge.subject_kind == "case")))
    assert [(row.office.code, row.automatic) for row in rows] == [("science", False)]
    late = date(2021, 11, 8)
    assert (nudging.overdue(at=NOW, on=late), nudging.overdue(at=NOW.replace(month=11, day=8), on=late)) == (1, 1)
    assert nudging.overdue(at=NOW.replace(month=11, day=8), on=late) == 0
    told = db.session.scalars(select(Notice.kind).where(Notice.subject_kind == "case").order_by(Notice.id)).all()
    assert told == ["case_moved", "nudged_case", "overdue_case", "overdue_case"]
    city.take(case, "pass", "science")
    assert all(row.answered_at for row in db.session.scalars(select(Nudge).where(Nudge.subject_kind == "case")))


def test_a_firm_that_is_brought_in_has_its_next_step_with_a_day(city: CaseWorld, app: Flask) -> None:
    case = city.begun("introduction", ForWhom(body={"name": "深圳市知桥知识产权代理有限公司"}))
    db.session.commit()
    client = signed_in(app, "haifeng")
    fill(client, f"/cases/{case.id}/next", {"step": "约谈", "day": "2021-10-22"})
    assert "约定 2021-10-22：约谈" in client.get("/cases").get_data(as_text=True)
    unknown = fill(client, f"/cases/{case.id}/firm", {"firm": "没有的公司"})
    assert (unknown.status_code, "名录中没有找到" in unknown.get_data(as_text=True)) == (422, True)
