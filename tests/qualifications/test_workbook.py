"""The workbook of qualifications: out, back unchanged without any difference, and back with changes, doubts, faults."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from registry.base.errors import FieldError, RegistryError
from registry.base.extensions import db
from registry.people.queries import people
from registry.qualifications import texts
from registry.qualifications.models import Qualification, QualificationLoad
from registry.qualifications.queries import qualifications
from registry.qualifications.queries.qualifications import QualificationQuery
from registry.qualifications.services import exporting, judging, loading, recording
from registry.qualifications.services.judging import JudgedRow
from registry.qualifications.sheets import COLUMNS
from registry.trail.models import TrailEntry
from tests.qualifications.entered import ITEMS, certificate
from tests.world import NOW, TODAY, Build, World, signed_in, token_in

HEAD = 4
"""The row of headings in our own workbook."""
PLAIN = ("企业名称", "统一社会信用代码", "资质种类", "证书编号", "发证机关", "有效期自", "有效期至", "检测项目")


def exported(world: World, by: str = "haifeng") -> Any:
    db.session.commit()
    taken = exporting.take(world.actor(by), QualificationQuery(), filter_text="", at=NOW, on=TODAY)
    with taken.file as file:
        return load_workbook(io.BytesIO(file.read()))


def content(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table(*rows: tuple[Any, ...], headings: tuple[str, ...] = PLAIN) -> bytes:
    book = Workbook()
    book.active.append(headings)
    for row in rows:
        book.active.append(row)
    return content(book)


def brought(world: World, sent: bytes, by: str = "haifeng") -> QualificationLoad:
    return loading.bring(
        world.actor(by), people.user(by).office, sent, filename="资质.xlsx", at=NOW, on=TODAY
    )  # fmt: skip


def judged(world: World, sent: bytes, by: str = "haifeng") -> list[JudgedRow]:
    return loading.judged(world.actor(by), brought(world, sent, by), TODAY)


def outcomes(rows: list[JudgedRow]) -> list[tuple[str, bool]]:
    return [(str(one.outcome), one.doubtful) for one in rows]


def applied(world: World, load: QualificationLoad, reason: str = "", by: str = "haifeng") -> Any:
    seen = judging.digest(loading.judged(world.actor(by), load, TODAY))
    return loading.apply(world.actor(by), load, seen=seen, reason=reason, at=NOW, on=TODAY)


def held(world: World) -> None:
    firm = world.admitted()
    certificate(world, firm, items=ITEMS)
    certificate(world, firm, "软-0001", kind="software", valid_to=None, issuer="协会", scope="")


def cell(sheet: Any, row: int, key: str) -> Any:
    return sheet.cell(row, 2 + [column.key for column in COLUMNS].index(key))


def test_the_workbook_holds_texts_as_texts_days_as_days_and_offers_the_kinds(world: World) -> None:
    held(world)
    sheet = exported(world)["资质"]
    assert [c.value for c in sheet[HEAD]][1:] == [column.heading for column in COLUMNS]
    number, start = cell(sheet, HEAD + 1, "number"), cell(sheet, HEAD + 1, "valid_from")
    assert (number.value, number.data_type, number.number_format) == ("202119110001", "s", "@")
    assert (start.value, start.is_date) == (datetime(2021, 3, 1), True)
    assert cell(sheet, HEAD + 2, "valid_to").value == "长期"
    assert cell(sheet, HEAD + 1, "items").value.splitlines()[0] == "土工 | 含水率 | GB/T 50123-2019"
    (rule,) = sheet.data_validations.dataValidation
    assert ("专利代理机构执业许可" in rule.formula1, rule.type) == (True, "list")
    assert str(rule.sqref).startswith("E5:E")
    assert "培育参考，不作统计上报依据" in {c.value for row in sheet.iter_rows(max_row=HEAD) for c in row}


def test_what_comes_back_unchanged_changes_nothing(world: World) -> None:
    held(world)
    sent = content(exported(world))
    assert outcomes(judged(world, sent)) == [("same", False), ("same", False)]
    with pytest.raises(RegistryError) as refused:
        applied(world, brought(world, sent))
    assert refused.value.template == texts.NOTHING_TO_APPLY


def test_an_unchanged_row_of_a_firm_that_others_act_for_is_the_same_and_a_changed_one_is_refused(world: World) -> None:
    zone = world.admitted("汕尾高新区红树林软件有限公司", by="gaoxin")
    certificate(world, zone, by="gaoxin")
    book = exported(world, by="chengqu")
    assert outcomes(judged(world, content(book), by="chengqu")) == [("same", False)]
    cell(book["资质"], HEAD + 1, "scope").value = "食品检测"
    (row,) = judged(world, content(book), by="chengqu")
    assert (str(row.outcome), row.findings[0].template) == ("refused", texts.NO_RIGHT)


def test_changes_in_our_workbook_are_renewals_corrections_and_new_rows(world: World) -> None:
    held(world)
    book = exported(world)
    sheet = book["资质"]
    cell(sheet, HEAD + 1, "number").value = "202119110002"
    cell(sheet, HEAD + 1, "valid_from").value, cell(sheet, HEAD + 1, "valid_to").value = (
        date(2021, 9, 1),
        date(2027, 8, 31),
    )
    cell(sheet, HEAD + 2, "issuer").value = "软件行业协会"
    new = {"name": "海丰县云谷软件有限公司", "kind": "高企", "number": "GR202144000001", "issuer": "科技厅", "valid_from": "2021-01-01", "valid_to": "2023年12月31日"}  # fmt: skip
    for key, value in new.items():
        cell(sheet, HEAD + 3, key).value = value
    load = brought(world, content(book))
    assert outcomes(loading.judged(world.actor("haifeng"), load, TODAY)) == [
        ("renewed", False), ("corrected", False), ("new", False),
    ]  # fmt: skip
    with pytest.raises(FieldError) as refused:
        applied(world, load)
    assert (refused.value.field, refused.value.template) == ("reason", texts.REASON_NEEDED)
    assert dict(applied(world, load, "已核对原件")) == {"renewed": 1, "corrected": 1, "new": 1}
    rows = db.session.execute(select(Qualification.number, Qualification.ended).order_by(Qualification.id)).all()
    assert [tuple(row) for row in rows] == [
        ("202119110001", "renewed"), ("软-0001", "corrected"), ("202119110002", None), ("软-0001", None),
        ("GR202144000001", None),
    ]  # fmt: skip
    renewed = db.session.scalars(select(Qualification).where(Qualification.number == "202119110002")).unique().one()
    assert qualifications.items_of([renewed.id])[renewed.id] == ITEMS
    assert outcomes(judged(world, content(exported(world)))) == [("same", False)] * 3
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "load_qualifications")).one()
    assert ((entry.after or {})["renewed"], entry.reason) == (1, "已核对原件")


def test_a_firm_is_found_by_its_code_or_its_exact_name_and_nobody_elses_is(world: World) -> None:
    own, other = world.admitted(), world.admitted("陆丰市碣石检测有限公司", by="lufeng")
    world.firm("海丰县青梅检测有限公司")
    twin = world.firm("海丰县青梅软件有限公司")
    twin.name = "海丰县青梅检测有限公司"
    db.session.flush()
    tail = ("市监局", "2021-01-01", "2026-12-31")
    rows = judged(
        world,
        table(
            (None, own.credit_code, "CMA", "202119110001", *tail),
            ("海丰县云谷软件有限公司", None, "CMA", "202119110002", *tail),
            ("另一个名称", own.credit_code, "CNAS", "L1234", *tail),
            ("海丰县青梅检测有限公司", None, "CMA", "202119110003", *tail),
            (other.name, other.credit_code, "CMA", "202119110004", *tail),
            ("海丰县没有软件有限公司", None, "CMA", "202119110005", *tail),
        ),
    )
    assert outcomes(rows) == [
        ("new", False), ("new", False), ("new", True), ("refused", False), ("refused", False), ("refused", False),
    ]  # fmt: skip
    assert [one.findings[0].template for one in rows[2:]] == [
        texts.HOLDER_NAMED, texts.HOLDER_SEVERAL, texts.HOLDER_UNKNOWN, texts.HOLDER_UNKNOWN,
    ]  # fmt: skip


def test_rows_that_cannot_be_taken_say_where_and_why(world: World) -> None:
    firm = world.admitted()
    certificate(world, firm)
    name, code = firm.name, firm.credit_code
    rows = judged(
        world,
        table(
            (name, code, "ISO9001", "1", "甲", "2021-01-01", "2026-12-31"),
            (name, code, "CMA", None, "甲", "2021-01-01", "2026-12-31"),
            (name, code, "CMA", "202119110007", "甲", "没有", "2026-12-31"),
            (name, code, "CNAS", "L1", "甲", "2021-01-01", None),
            (name, code, "CNAS", "L2", "甲", "2021-05-01", "2021-01-01"),
            (name, code, "软件企业", "软-1", "甲", "2021-01-01", "长期", "土工 | 含水率"),
            (name, code, "专精特新", "Z1", "甲", "2021-01-01", "长期"),
            (name, code, "专精特新", "z-1", "甲", "2021-01-01", "长期"),
        ),
    )
    told = [(str(one.outcome), *((f.letter, f.template) for f in one.findings[:1])) for one in rows]
    assert told[0] == ("refused", ("C", texts.KIND_UNKNOWN))
    assert told[1] == ("refused", ("D", texts.NUMBER_NEEDED))
    assert (told[2][0], told[2][1][0]) == ("refused", "F")
    assert told[3] == ("refused", ("G", texts.TO_NEEDED))
    assert told[4] == ("refused", ("G", texts.TO_BEFORE_FROM))
    assert told[5] == ("refused", ("H", texts.ITEMS_OF_NONE))
    assert told[6] == ("new",)
    assert told[7] == ("refused", ("D", texts.TWICE))


def test_what_is_doubted_waits_for_a_reason(world: World) -> None:
    firm = world.admitted()
    certificate(world, firm)
    row = (firm.name, firm.credit_code, "CMA", "粤检-7", "甲", "2021-01-01", "2026-12-31")
    load = brought(world, table(row))
    (one,) = loading.judged(world.actor("haifeng"), load, TODAY)
    assert [finding.template for finding in one.findings] == [texts.DOUBT_NUMBER, texts.DOUBT_SAME_KIND]
    with pytest.raises(FieldError):
        applied(world, load)
    applied(world, load, "两张证书，已核对")
    stored = db.session.scalars(select(Qualification).where(Qualification.number == "粤检-7")).unique().one()
    assert stored.doubt_reason == "两张证书，已核对"


def test_what_changed_since_the_preview_is_shown_again_and_not_written(world: World) -> None:
    firm = world.admitted()
    load = brought(world, table((firm.name, firm.credit_code, "CMA", "202119110001", "甲", "2021-01-01", "2026-12-31")))
    seen = judging.digest(loading.judged(world.actor("haifeng"), load, TODAY))
    certificate(world, firm)
    with pytest.raises(RegistryError) as refused:
        loading.apply(world.actor("haifeng"), load, seen=seen, reason="x", at=NOW, on=TODAY)
    assert refused.value.template == texts.MOVED


def test_a_record_that_was_renewed_meanwhile_is_refused_by_its_number(world: World) -> None:
    held(world)
    sent = content(exported(world))
    row = db.session.scalars(select(Qualification).where(Qualification.kind == "cma")).unique().one()
    recording.void(world.actor("haifeng"), row, reason="登记错了", at=NOW)
    rows = judged(world, sent)
    assert [(str(one.outcome), *(f.template for f in one.findings)) for one in rows] == [
        ("refused", texts.RECORD_GONE), ("same",),
    ]  # fmt: skip


def test_a_list_without_the_headings_of_certificates_is_refused(world: World) -> None:
    with pytest.raises(RegistryError) as refused:
        brought(world, table(("海丰县云谷软件有限公司", "x"), headings=("企业名称", "统一社会信用代码")))
    assert refused.value.template == texts.HEADINGS_MISSING


# -- by hand --------------------------------------------------------------------------------------
def upload(client: FlaskClient, sent: bytes, name: str = "资质.xlsx") -> Any:
    token = token_in(client.get("/qualification-loads").get_data(as_text=True))
    return client.post("/qualification-loads", data={"csrf_token": token, "file": (io.BytesIO(sent), name)})


def test_a_workbook_goes_out_and_comes_back_by_the_page(app: Flask, build: Build) -> None:
    build(held)
    client = signed_in(app, "haifeng")
    token = token_in(client.get("/qualifications").get_data(as_text=True))
    answer = client.post("/qualifications/export", data={"csrf_token": token})
    assert (answer.status_code, answer.mimetype.endswith("sheet")) == (200, True)
    book = load_workbook(io.BytesIO(answer.get_data()))
    cell(book["资质"], HEAD + 1, "scope").value = "食品检测"
    shown = upload(client, content(book))
    assert shown.status_code == 302
    page = client.get(shown.location).get_data(as_text=True)
    assert [part for part in ("更正", "建设工程材料检测 → 食品检测", "相同") if part not in page] == []
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    sent = {"csrf_token": token_in(page), "seen": seen}
    assert client.post(shown.location, data=sent).status_code == 422
    assert client.post(shown.location, data=sent | {"reason": "抄错范围"}).status_code == 302
    assert "抄错范围" in client.get(shown.location).get_data(as_text=True)
    with app.app_context():
        assert db.session.scalar(select(func.count(Qualification.id)).where(Qualification.scope == "食品检测")) == 1
        exports = select(func.count(TrailEntry.seq)).where(TrailEntry.verb == "export")
        assert db.session.scalar(exports.where(TrailEntry.subject_kind == "qualification")) == 1


def test_a_file_that_is_no_list_is_refused_and_a_workbook_is_given_up(app: Flask, build: Build) -> None:
    build(held)
    client = signed_in(app, "haifeng")
    assert upload(client, b"%PDF-1.4 x", "资质.pdf").status_code == 422
    name = build(lambda world: db.session.scalars(select(Qualification)).unique().first().firm.name)
    shown = upload(client, table((name, None, "CMA", "202119110009", "甲", "2021-01-01", "2026-12-31")))
    assert "存疑" in client.get(shown.location).get_data(as_text=True)
    token = token_in(client.get(f"{shown.location}/give-up").get_data(as_text=True))
    assert client.post(f"{shown.location}/give-up", data={"csrf_token": token}).status_code == 302
    assert "没有写入任何内容" in client.get(shown.location).get_data(as_text=True)
    assert signed_in(app, "haifeng2").get(shown.location).status_code == 404
