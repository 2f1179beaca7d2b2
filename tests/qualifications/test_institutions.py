"""Certificates of an institution: entered, read, brought in a workbook and warned of as those of a firm; its own paper."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed
from registry.base.extensions import db
from registry.institutions import services as institutions
from registry.institutions.models import Institution
from registry.ledger.queries import ledger
from registry.ledger.queries.ledger import LedgerQuery
from registry.notices.models import Notice
from registry.qualifications import texts
from registry.qualifications.models import Qualification
from registry.qualifications.queries import held, qualifications
from registry.qualifications.queries.kinds import warning_days
from registry.qualifications.queries.qualifications import QualificationQuery
from registry.qualifications.rules.rights import records
from registry.qualifications.services import recording, warning
from registry.qualifications.services.recording import CertificateEntry
from registry.trail.models import TrailEntry
from tests.institutions.test_institutions import entered
from tests.qualifications.entered import ITEMS, certificate, facts
from tests.qualifications.test_pages import cells, text
from tests.qualifications.test_workbook import applied, brought, content, exported, judged, outcomes, table
from tests.world import NOW, TODAY, Build, World, credit_code, signed_in, token_in

PDF = b"%PDF-1.4 invented"
STATION = "海丰县青禾院士工作站"


def seen_by(world: World, by: str, **asked: str) -> list[str]:
    statement = qualifications.matching(world.actor(by), QualificationQuery(**asked), TODAY, warning_days(TODAY))
    return [row.number for row in db.session.scalars(statement).unique()]


def test_whoever_keeps_the_institution_enters_for_it_and_the_trail_names_it(world: World) -> None:
    station = entered(world)
    row = certificate(world, station, items=ITEMS)
    assert (row.firm_id, row.institution_id, row.holder) == (None, station.id, station)
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.subject_kind == "qualification")).one()
    assert (entry.verb, entry.subject_label) == ("record_qualification", f"{STATION} 202119110001")
    may = {name for name in ("haifeng", "science", "cityoffice", "lufeng", "industry", "statistics", "leader", "auditor") if records(world.actor(name), station)}  # fmt: skip
    assert may == {"haifeng", "science", "cityoffice"}
    with pytest.raises(NotAllowed):
        certificate(world, station, "202119110009", by="lufeng")


def test_it_is_renewed_corrected_and_voided_as_a_firms(world: World) -> None:
    row, who = certificate(world, entered(world)), world.actor("haifeng")
    later = CertificateEntry(facts("202119110002", valid_from=date(2021, 10, 1), valid_to=date(2027, 9, 30)))
    new = recording.renew(who, row, later, at=NOW, on=TODAY)
    fixed = CertificateEntry(facts("202119110002", scope="食品", valid_from=date(2021, 10, 1), valid_to=date(2027, 9, 30)))  # fmt: skip
    newest = recording.correct(who, new, fixed, reason="抄错", at=NOW, on=TODAY)
    assert [one.id for one in qualifications.chain_of(newest)] == [newest.id, new.id, row.id]
    recording.void(who, newest, reason="没有办成", at=NOW)
    assert (newest.ended, newest.institution_id) == ("voided", row.institution_id)


def test_a_county_reads_its_own_and_no_other_and_it_counts_for_no_firm(world: World) -> None:
    firm = world.admitted()
    certificate(world, entered(world, firm=firm, body_name=""))
    assert {by: seen_by(world, by) for by in ("haifeng", "lufeng", "statistics")} == {
        "haifeng": ["202119110001"], "lufeng": [], "statistics": ["202119110001"],
    }  # fmt: skip
    assert seen_by(world, "haifeng", text="青禾") == ["202119110001"]
    assert seen_by(world, "haifeng", division="441521") == ["202119110001"]
    assert seen_by(world, "statistics", division="441581") == []
    assert ledger.tally(world.actor("haifeng"), LedgerQuery(qualification=held.ANY)).total.firms == 0


def test_a_number_of_a_firm_is_refused_for_an_institution_and_the_other_way_round(world: World) -> None:
    firm, station = world.admitted(), entered(world)
    certificate(world, firm)
    with pytest.raises(FieldError) as refused:
        certificate(world, station)
    assert (refused.value.template, refused.value.values["name"]) == (texts.HELD_HERE, firm.name)
    certificate(world, station, "202119110007")
    with pytest.raises(FieldError) as refused:
        certificate(world, firm, "2021 1911 0007")
    assert refused.value.values["name"] == STATION
    other = world.admitted("陆丰市碣石检测有限公司", by="lufeng")
    with pytest.raises(FieldError) as refused:
        certificate(world, other, "202119110007", by="lufeng")
    assert refused.value.template == texts.HELD_ELSEWHERE


@pytest.mark.parametrize("both", [True, False])
def test_the_database_itself_wants_exactly_one_holder(world: World, both: bool) -> None:
    firm, station = world.admitted(), entered(world)
    row = Qualification(
        firm_id=firm.id if both else None, institution_id=station.id if both else None, kind="cma", number="x",
        number_key="x", issuer="x", valid_from=TODAY, office_id=station.office_id, by_id=world.user("haifeng").id,
        by_name="x", at=NOW,
    )  # fmt: skip
    db.session.add(row)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_voided_institution_takes_none_and_shows_none(world: World) -> None:
    station, who = entered(world), world.actor("haifeng")
    certificate(world, station)
    institutions.void(who, station, at=NOW, on=TODAY, reason="已撤销")
    assert seen_by(world, "haifeng") == []
    with pytest.raises((FieldError, NotAllowed)):
        certificate(world, station, "202119110002")


def test_its_office_is_told_before_it_expires_once_a_threshold(world: World) -> None:
    row = certificate(world, entered(world), valid_to=TODAY + timedelta(days=60))
    assert [warning.warn(at=NOW, on=TODAY) for _again in range(2)] == [1, 0]
    notice = db.session.scalars(select(Notice).where(Notice.kind == "qualification_first")).one()
    assert (notice.office_id, notice.firm_id, notice.values["firm"], notice.subject_id) == (
        row.office_id, None, STATION, row.id,
    )  # fmt: skip


def test_the_workbook_holds_both_and_takes_them_back(world: World) -> None:
    code = credit_code(77)
    firm, station = world.admitted(), entered(world, credit_code=code)
    certificate(world, firm)
    certificate(world, station, "202119110002", items=ITEMS)
    book = exported(world)
    sheet = book["资质"]
    head = [cell.value for cell in sheet[4]]
    named = {row[head.index("证书编号")]: (row[head.index("企业名称")], row[head.index("持证单位类别")]) for row in sheet.iter_rows(min_row=5, values_only=True)}  # fmt: skip
    assert named["202119110001"] == (firm.name, "企业")
    assert named["202119110002"] == (STATION, "平台机构")
    assert outcomes(judged(world, content(book))) == [("same", False), ("same", False)]
    tail = ("某局", date(2021, 1, 1), date(2026, 12, 31), None)
    sent = table((STATION, None, "CMA", "202119110003", *tail), (None, code, "CNAS", "L1234", *tail))
    load = brought(world, sent)
    assert applied(world, load, reason="已核对")["new"] == 2
    assert {row.number for row in qualifications.of_holder(station)} == {"202119110002", "202119110003", "L1234"}


def test_one_legal_person_as_firm_and_as_institution_is_told_apart_by_the_name(world: World) -> None:
    firm = world.admitted()
    station = entered(world, credit_code=firm.credit_code, apart=True)
    tail = ("某局", date(2021, 1, 1), date(2026, 12, 31), None)
    rows = judged(
        world,
        table(
            (STATION, firm.credit_code, "CMA", "202119110003", *tail),
            (firm.name, firm.credit_code, "CMA", "202119110004", *tail),
            (None, firm.credit_code, "CMA", "202119110005", *tail),
        ),
    )
    assert [one.holder for one in rows] == [station, firm, None]
    assert rows[2].findings[0].template == texts.HOLDER_SEVERAL


def test_by_the_pages_with_a_scan_that_only_those_in_reach_open(app: Flask, build: Build) -> None:
    number = build(lambda world: entered(world).id)
    client, at = signed_in(app, "haifeng"), f"/institutions/{number}/qualifications"
    assert "还没有登记资质" in text(client, at)
    sent = {"kind": "cma", "number": "202119110001", "issuer": "广东省市场监督管理局", "valid_from": "2021-03-01", "valid_to": "2027-02-28"}  # fmt: skip
    page = client.get(f"{at}/new").get_data(as_text=True)
    answer = client.post(
        f"{at}/new",
        data={"csrf_token": token_in(page), **sent, "file": (io.BytesIO(PDF), "证书.pdf")},
        content_type="multipart/form-data",
    )
    assert (answer.status_code, answer.location) == (302, at)
    assert [row[0] for row in cells(client, at)] == ["CMA 202119110001"]
    assert "202119110001" in text(client, f"/institutions/{number}")
    with app.app_context():
        row = db.session.scalars(select(Qualification)).unique().one().id
    scan = client.get(f"/qualifications/{row}/paper")
    assert (scan.status_code, scan.data, scan.headers["Content-Disposition"].split(";")[0]) == (200, PDF, "attachment")
    stranger = signed_in(app, "lufeng")
    paths = (at, f"{at}/new", f"/qualifications/{row}", f"/qualifications/{row}/paper", f"/qualifications/{row}/renew")
    assert [stranger.get(path).status_code for path in paths] == [404] * 5
    page = client.get(f"/qualifications/{row}/correct").get_data(as_text=True)
    with app.app_context():
        paper = db.session.scalars(select(Qualification)).unique().one().paper_id
    fixed = {**sent, "issuer": "市场监督管理局", "document": str(paper), "reason": "抄错机关"}
    answer = client.post(f"/qualifications/{row}/correct", data={"csrf_token": token_in(page), **fixed})
    assert answer.status_code == 302
    with app.app_context():
        newest = db.session.scalars(select(Qualification).where(Qualification.ended.is_(None))).unique().one()
        assert (newest.issuer, newest.paper_id) == ("市场监督管理局", paper)


def test_another_holders_paper_is_no_proof(world: World) -> None:
    one, other = entered(world), entered(world, name="海丰县白鹭博士后工作站", kind="postdoc", apart=True)
    paper = recording.attach(world.actor("haifeng"), other, filename="证书.pdf", content=PDF, at=NOW)
    with pytest.raises(FieldError) as refused:
        recording.add(world.actor("haifeng"), one, CertificateEntry(facts(), paper), at=NOW, on=TODAY)
    assert refused.value.template == texts.NOT_THIS_PAPER
    assert isinstance(one, Institution)
