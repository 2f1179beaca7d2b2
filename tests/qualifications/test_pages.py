"""Pages of qualifications: entered in a firm's dossier, listed with their state, read by those in whose reach they are."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.qualifications.models import Qualification
from registry.qualifications.services import recording
from tests.qualifications.entered import ITEMS, certificate
from tests.world import NOW, TODAY, Build, World, signed_in, token_in

SENT = {
    "kind": "cma", "number": "202119110001", "issuer": "广东省市场监督管理局", "valid_from": "2021-03-01",
    "valid_to": "2027-02-28", "scope": "建设工程材料检测", "items": "土工 | 含水率 | GB/T 50123-2019",
}  # fmt: skip


def send(client: FlaskClient, path: str, **values: Any) -> Any:
    page = client.get(path).get_data(as_text=True)
    return client.post(path, data={"csrf_token": token_in(page), **values})


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(html.fromstring(answer.get_data(as_text=True)).text_content().split())


def cells(client: FlaskClient, path: str) -> list[list[str]]:
    page = html.fromstring(client.get(path).get_data(as_text=True))
    rows = page.xpath("//table[contains(@class, 'data')]//tbody/tr")
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row.xpath("td|th")] for row in rows]


def test_a_clerk_enters_a_certificate_with_its_paper_and_finds_it_in_the_dossier(app: Flask, build: Build) -> None:
    firm = build(lambda world: world.admitted().id)
    client = signed_in(app, "haifeng")
    assert "还没有登记资质" in text(client, f"/firms/{firm}/holdings")
    path = f"/firms/{firm}/qualifications/new"
    upload = (io.BytesIO(b"%PDF-1.4 a certificate"), "CMA证书.pdf")
    answer = send(client, path, **SENT, file=upload)
    assert (answer.status_code, answer.location) == (302, f"/firms/{firm}#qualifications")
    with app.app_context():
        row = db.session.scalars(select(Qualification)).unique().one()
        paper = db.session.get_one(Document, row.document_id)
        number = row.id
        assert (row.valid_to, paper.material, paper.filename) == (date(2027, 2, 28), "M16", "CMA证书.pdf")
    said = text(client, f"/firms/{firm}/holdings")
    assert [part for part in ("CMA 202119110001", "有效") if part not in said] == []
    shown = text(client, f"/qualifications/{number}")
    assert [
        part for part in ("含水率", "GB/T 50123-2019", "应申请延续 2026-11-28 前", "CMA证书.pdf") if part not in shown
    ] == []


def test_a_form_says_what_is_missing_and_what_is_doubted_and_keeps_what_was_typed(app: Flask, build: Build) -> None:
    firm = build(lambda world: world.admitted().id)
    client = signed_in(app, "haifeng")
    path = f"/firms/{firm}/qualifications/new"
    answer = send(client, path, **(SENT | {"number": "", "valid_to": ""}))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert [part for part in ("请填写证书编号。", "请填写有效期截止日期") if part not in page] == []
    answer = send(client, path, **(SENT | {"number": "CMA-1"}), file=(io.BytesIO(b"%PDF-1.4 x"), "证书.pdf"))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "常见的样式不同" in page, 'value="CMA-1"' in page) == (422, True, True)
    with app.app_context():
        assert db.session.scalars(select(Document).where(Document.material == "M16")).all() == []
    assert send(client, path, **(SENT | {"number": "CMA-1", "doubt_reason": "已核对原件"})).status_code == 302
    assert "已核对原件" in text(client, f"/firms/{firm}/qualifications")


def test_renewing_correcting_and_voiding_leave_what_was_there_before(app: Flask, build: Build) -> None:
    number = build(lambda world: certificate(world, world.admitted(), items=ITEMS).id)
    client = signed_in(app, "industry")
    sent = SENT | {"number": "202119110002", "valid_from": "2021-10-01", "valid_to": "2027-09-30"}
    answer = send(client, f"/qualifications/{number}/renew", **sent)
    assert answer.status_code == 302
    listing = answer.location
    with app.app_context():
        new = db.session.scalars(select(Qualification).where(Qualification.ended.is_(None))).unique().one().id
    again = send(client, f"/qualifications/{new}/correct", **(sent | {"scope": "食品检测", "reason": "抄错范围"}))
    assert again.status_code == 302
    with app.app_context():
        newest = db.session.scalars(select(Qualification).where(Qualification.ended.is_(None))).unique().one().id
    assert send(client, f"/qualifications/{newest}/void", reason="").status_code == 422
    assert send(client, f"/qualifications/{newest}/void", reason="并未换证").status_code == 302
    rows = cells(client, listing)
    assert [(row[0], row[3][:5]) for row in rows] == [
        ("CMA 202119110001", "有效"), ("CMA 202119110002", "已作废 并"), ("CMA 202119110002", "已更正"),
    ]  # fmt: skip
    assert client.get(f"/qualifications/{newest}/renew").status_code == 404


def test_another_county_neither_reads_nor_writes(app: Flask, build: Build) -> None:
    firm = build(lambda world: world.admitted().id)
    number = build(lambda world: certificate(world, db.session.get_one(Firm, firm)).id)
    client = signed_in(app, "lufeng")
    paths = (f"/qualifications/{number}", f"/qualifications/{number}/renew", f"/qualifications/{number}/correct", f"/qualifications/{number}/void", f"/firms/{firm}/qualifications", f"/firms/{firm}/qualifications/new")  # fmt: skip
    assert [client.get(path).status_code for path in paths] == [404] * 6
    assert "202119110001" not in text(client, "/qualifications")
    reader = signed_in(app, "statistics")
    assert "202119110001" in text(reader, "/qualifications")
    assert [reader.get(path).status_code for path in paths] == [200, 404, 404, 404, 200, 404]


def town(world: World) -> None:
    first, second = world.admitted(), world.admitted("陆丰市碣石检测有限公司", by="lufeng")
    certificate(world, first, items=ITEMS)
    certificate(world, first, "L1234", kind="cnas", valid_to=TODAY + timedelta(days=60), issuer="认可委")
    certificate(world, first, "GR202144000001", kind="high_tech", valid_to=TODAY + timedelta(days=20), issuer="厅局")
    certificate(world, second, "202119110009", by="lufeng", valid_to=TODAY - timedelta(days=1), doubt="旧证")
    gone = certificate(world, second, "软-1", kind="software", by="lufeng", valid_to=None)
    recording.void(world.actor("lufeng"), gone, reason="登记错了", at=NOW)


def numbers(client: FlaskClient, query: str) -> list[str]:
    return [row[1].split()[-1] for row in cells(client, f"/qualifications?{query}")]


def test_the_list_shows_states_and_finds_by_kind_state_county_and_text(app: Flask, build: Build) -> None:
    build(town)
    client = signed_in(app, "statistics")
    rows = cells(client, "/qualifications")
    assert [(row[1].split()[-1], row[5].split()[0]) for row in rows] == [
        ("202119110009", "已过期"), ("GR202144000001", "30日内到期"), ("L1234", "90日内到期"), ("202119110001", "有效"),
    ]  # fmt: skip
    asked = {
        "kind=cma": ["202119110009", "202119110001"],
        "state=first": ["L1234"],
        "state=last": ["GR202144000001"],
        "state=expired": ["202119110009"],
        "state=valid": ["202119110001"],
        "state=voided": ["软-1"],
        "state=future": [],
        "state=replaced": [],
        "division=441581": ["202119110009"],
        "q=含水率": ["202119110001"],
        "q=gb/t 50123": ["202119110001"],
        "q=碣石": ["202119110009"],
        "q=gr2021-4400": ["GR202144000001"],
        "q=认可委": ["L1234"],
    }
    assert {query: numbers(client, query) for query in asked} == asked


def test_a_query_that_finds_nothing_and_one_that_is_wrong_say_so(app: Flask, build: Build) -> None:
    client = signed_in(app, "haifeng")
    assert "还没有登记资质" in text(client, "/qualifications")
    assert "没有符合条件的资质" in text(client, "/qualifications?kind=cma")
    assert "没有这个选项" in text(client, "/qualifications?kind=iso")


def test_paper_holds_what_the_query_found(app: Flask, build: Build) -> None:
    build(town)
    said = text(signed_in(app, "haifeng"), "/qualifications/print?state=last")
    held = ("资质证书表", "GR202144000001", "状态：30日内到期", "共 1 份", "审核人", "培育参考，不作统计上报依据")
    assert [part for part in held if part not in said] == []
    assert "202119110001" not in said


def test_what_a_body_may_test_is_searched_on_its_page(app: Flask, build: Build) -> None:
    number = build(lambda world: certificate(world, world.admitted(), items=ITEMS).id)
    client = signed_in(app, "leader")
    page = f"/qualifications/{number}"
    assert [row[1:] for row in cells(client, f"{page}?q=安定性")][:1] == [["水泥", "安定性", "GB/T 1346-2011"]]
    assert "没有符合条件的检测项目" in text(client, f"{page}?q=钢筋")


def test_kinds_are_shown_with_their_source_and_what_nobody_verified(app: Flask, world: World) -> None:
    db.session.commit()
    rows = {row[0].split()[-1]: row for row in cells(signed_in(app, "leader"), "/qualifications/kinds")}
    assert (len(rows), "※" in rows["CMA"][5], "※" in rows["CNAS"][5]) == (7, False, True)
    assert rows["CMA"][3:5] == ["6 年", "3 个月"]
