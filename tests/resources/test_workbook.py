"""The workbook of resources: out, back unchanged without any difference, and back with changes, doubts, faults."""

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
from registry.qualifications import texts as brought_texts
from registry.resources import texts
from registry.resources.models import Resource, ResourceLoad
from registry.resources.queries.resources import ResourceQuery
from registry.resources.services import exporting, judging, loading
from registry.resources.services.judging import JudgedResource
from registry.resources.sheets import COLUMNS
from registry.trail.models import TrailEntry
from tests.resources.offered import institution, resource
from tests.world import NOW, TODAY, Build, World, signed_in, token_in

HEAD = 4
"""The row of headings in our own workbook."""
PLAIN = (
    "仪器名称",
    "资源类别",
    "所属单位",
    "所在县区",
    "型号",
    "序列号",
    "主要功能",
    "收费",
    "有效期自",
    "有效期至",
    "是否公开",
)


def exported(world: World, by: str = "haifeng") -> Any:
    db.session.commit()
    taken = exporting.take(world.actor(by), ResourceQuery(), filter_text="", at=NOW, on=TODAY)
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


def brought(world: World, sent: bytes, by: str = "haifeng") -> ResourceLoad:
    return loading.bring(
        world.actor(by), people.user(by).office, sent, filename="资源.xlsx", at=NOW, on=TODAY
    )  # fmt: skip


def judged(world: World, sent: bytes, by: str = "haifeng") -> list[JudgedResource]:
    return loading.judged(world.actor(by), brought(world, sent, by), TODAY)


def outcomes(rows: list[JudgedResource]) -> list[tuple[str, bool]]:
    return [(str(one.outcome), one.doubtful) for one in rows]


def applied(world: World, load: ResourceLoad, reason: str = "", by: str = "haifeng") -> Any:
    seen = judging.digest(loading.judged(world.actor(by), load, TODAY))
    return loading.apply(world.actor(by), load, seen=seen, reason=reason, at=NOW, on=TODAY)


def cell(sheet: Any, row: int, key: str) -> Any:
    return sheet.cell(row, 2 + [column.key for column in COLUMNS].index(key))


def offered(world: World) -> None:
    firm = world.admitted()
    resource(world, firm, released=True)
    resource(world, firm, "建材检测", kind="testing", valid_to=None)
    resource(world, institution(world), "疲劳试验台", serial="BT-90", wishes_release=False)


def test_the_workbook_holds_texts_days_and_words_to_choose_from_and_no_contact(world: World) -> None:
    offered(world)
    book = exported(world)
    sheet = book["科技资源"]
    assert [c.value for c in sheet[HEAD]][1:] == [column.heading for column in COLUMNS]
    last = HEAD + 3  # the newest first
    assert (cell(sheet, last, "serial").value, cell(sheet, last, "serial").data_type) == ("O-2020 1234", "s")
    assert (cell(sheet, last, "valid_from").value, cell(sheet, last, "valid_from").is_date) == (
        datetime(2021, 3, 1), True,
    )  # fmt: skip
    assert cell(sheet, HEAD + 2, "valid_to").value == "长期"
    assert [cell(sheet, HEAD + row, "wishes_release").value for row in (1, 2, 3)] == ["否", "是", "是"]
    assert [cell(sheet, HEAD + row, "state").value for row in (1, 2, 3)] == ["不公开", "待发布", "已发布"]
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(rules) == 4
    assert any("科技查新" in words for words in rules.values())
    written = {c.value for row in sheet.iter_rows() for c in row}
    assert "培育参考，不作统计上报依据" in written
    assert [secret for secret in ("林晓燕", "13812345678") if any(secret in str(value) for value in written)] == []


def test_what_comes_back_unchanged_changes_nothing(world: World) -> None:
    offered(world)
    sent = content(exported(world))
    assert outcomes(judged(world, sent)) == [("same", False)] * 3
    with pytest.raises(RegistryError) as refused:
        applied(world, brought(world, sent))
    assert refused.value.template == brought_texts.NOTHING_TO_APPLY


def test_changes_in_our_workbook_are_corrections_and_new_rows_and_an_empty_cell_says_nothing(world: World) -> None:
    offered(world)
    book = exported(world)
    sheet = book["科技资源"]
    cell(sheet, HEAD + 3, "price").value = "300元/样"
    cell(sheet, HEAD + 2, "place").value = None
    new = {
        "title": "科技查新", "kind": "科技查新", "name": "海丰县云谷软件有限公司", "division": "海丰县", "capability": "立项查新",
        "valid_from": "2021-01-01", "valid_to": "长期", "contact_name": "余工", "contact_phone": "13700000001",
        "contact_public": "否", "wishes_release": "是",
    }  # fmt: skip
    for key, value in new.items():
        cell(sheet, HEAD + 4, key).value = value
    load = brought(world, content(book))
    rows = loading.judged(world.actor("haifeng"), load, TODAY)
    assert outcomes(rows) == [("same", False), ("same", False), ("corrected", False), ("new", False)]
    assert [one.ends_release for one in rows] == [False, False, True, False]
    with pytest.raises(FieldError) as refused:
        applied(world, load)
    assert (refused.value.field, refused.value.template) == ("reason", brought_texts.REASON_NEEDED)
    assert dict(applied(world, load, "单位来函")) == {"same": 2, "corrected": 1, "new": 1}
    found = db.session.scalars(select(Resource).order_by(Resource.id)).unique().all()
    assert [(row.name, row.price, row.released_at is None, row.contact_phone) for row in found] == [
        ("气相色谱质谱联用仪", "300元/样", True, "13812345678"), ("建材检测", "200元/样", True, "13812345678"),
        ("疲劳试验台", "200元/样", True, "13812345678"), ("科技查新", "", True, "13700000001"),
    ]  # fmt: skip
    assert load.rows == [], "what was read, contacts among it, is kept no longer than it is needed"
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "load_resources")).one()
    assert ((entry.after or {})["corrected"], entry.reason) == (1, "单位来函")
    assert outcomes(judged(world, content(exported(world)))) == [("same", False)] * 4


TAIL = ("有机物分析", "200元/样", "2021-01-01", "2026-12-31", "是")


def test_a_list_of_others_is_read_by_its_headings_and_owners_are_found_by_name(world: World) -> None:
    firm = world.admitted()
    other = world.admitted("陆丰市碣石检测有限公司", by="lufeng")
    resource(world, firm, serial="SN-1")
    institution(world, "汕尾海上风电研究院")
    rows = judged(
        world,
        table(
            ("质谱仪", "科学仪器设备", firm.name, "海丰县", "Q1", "SN-2", *TAIL),
            ("试验台", "科学仪器设备", "汕尾海上风电研究院", "海丰县", "B1", "SN-3", *TAIL),
            ("检测", "检验检测", "汕尾海上风电研究院", "海丰县", None, None, *TAIL),
            ("质谱仪", "科学仪器设备", other.name, "陆丰市", "Q1", "SN-4", *TAIL),
            ("天平", "科学仪器设备", "海丰县没有软件有限公司", "海丰县", "Q1", "SN-5", *TAIL),
            ("气相色谱质谱联用仪", "科学仪器设备", firm.name, "海丰县", "QP2020", "sn 1", *TAIL),
        ),
    )
    assert [str(one.outcome) for one in rows] == ["new", "new", "new", "refused", "refused", "corrected"]
    assert [one.findings[0].template for one in rows[3:5]] == [texts.OWNER_UNKNOWN] * 2
    facts = rows[0].facts
    assert facts is not None
    assert (facts.division, facts.wishes_release, facts.valid_to) == ("441521", True, date(2026, 12, 31))


def test_rows_that_cannot_be_taken_say_where_and_why(world: World) -> None:
    name = world.admitted().name
    rows = judged(
        world,
        table(
            ("天平", "望远镜", name, "海丰县", None, "S1", *TAIL),
            (None, "科学仪器设备", name, "海丰县", None, "S2", *TAIL),
            ("天平", "科学仪器设备", name, "广州市", None, "S3", *TAIL),
            ("检测", "检验检测", name, "海丰县", "M1", None, *TAIL),
            ("天平", "科学仪器设备", name, "海丰县", None, "S4", "称量", "面议", "2021-05-01", None, "是"),
            ("天平", "科学仪器设备", name, "海丰县", None, "S5", "称量", "面议", "2021-05-01", "2021-01-01", "是"),
            ("天平", "科学仪器设备", name, "海丰县", None, "S6", "称量", "面议", "2021-05-01", "长期", "也许"),
            ("天平一", "科学仪器设备", name, "海丰县", None, "S7", *TAIL),
            ("天平二", "科学仪器设备", name, "海丰县", None, "s-7", *TAIL),
        ),
    )
    told = [(str(one.outcome), *((f.letter, f.template) for f in one.findings[:1])) for one in rows]
    assert told == [
        ("refused", ("B", texts.KIND_UNKNOWN)), ("refused", ("A", texts.NAME_NEEDED)),
        ("refused", ("D", texts.DIVISION_UNKNOWN)), ("refused", ("E", texts.NUMBERED_ONLY)),
        ("refused", ("J", texts.TO_NEEDED)), ("refused", ("J", texts.TO_BEFORE_FROM)), ("refused", ("K", texts.YES_OR_NO)),
        ("new",), ("refused", ("F", texts.TWICE)),
    ]  # fmt: skip


def test_what_is_doubted_waits_for_a_reason(world: World) -> None:
    resource(world, world.admitted("海丰县青梅检测有限公司"), serial="SN-1")
    name = world.admitted().name
    load = brought(world, table(("质谱仪", "科学仪器设备", name, "海丰县", "Q1", "SN-1", *TAIL)))
    (one,) = loading.judged(world.actor("haifeng"), load, TODAY)
    assert [(finding.letter, finding.template) for finding in one.findings] == [("F", texts.SAME_SERIAL)]
    with pytest.raises(FieldError):
        applied(world, load)
    applied(world, load, "两台，已核对铭牌")
    stored = db.session.scalars(select(Resource).where(Resource.name == "质谱仪")).unique().one()
    assert stored.doubt_reason == "两台，已核对铭牌"


def test_what_changed_since_the_preview_is_shown_again_and_not_written(world: World) -> None:
    firm = world.admitted()
    load = brought(world, table(("质谱仪", "科学仪器设备", firm.name, "海丰县", "Q1", "SN-1", *TAIL)))
    seen = judging.digest(loading.judged(world.actor("haifeng"), load, TODAY))
    resource(world, firm, serial="SN-1")
    with pytest.raises(RegistryError) as refused:
        loading.apply(world.actor("haifeng"), load, seen=seen, reason="x", at=NOW, on=TODAY)
    assert refused.value.template == brought_texts.MOVED


def test_a_row_of_another_office_that_is_released_is_not_changed_by_a_workbook(world: World) -> None:
    resource(world, world.admitted(), released=True)
    book = exported(world, by="lufeng")
    sheet = book["科技资源"]
    assert (cell(sheet, HEAD + 1, "serial").value, cell(sheet, HEAD + 1, "credit_code").value) == (None, None)
    assert outcomes(judged(world, content(book), by="lufeng")) == [("same", False)]
    for key, value in (("serial", "O-2020 1234"), ("contact_phone", "13812345678"), ("price", "1元/样")):
        kept, cell(sheet, HEAD + 1, key).value = cell(sheet, HEAD + 1, key).value, value
        (row,) = judged(world, content(book), by="lufeng")
        assert (str(row.outcome), row.findings[0].template) == ("refused", texts.NOT_OURS), (
            "nothing is guessed that way"
        )
        cell(sheet, HEAD + 1, key).value = kept


def test_a_list_without_the_headings_of_resources_is_refused(world: World) -> None:
    with pytest.raises(RegistryError) as refused:
        brought(world, table(("海丰县云谷软件有限公司", "x"), headings=("企业名称", "统一社会信用代码")))
    assert refused.value.template == texts.HEADINGS_MISSING


# -- by hand --------------------------------------------------------------------------------------
def upload(client: FlaskClient, sent: bytes, name: str = "资源.xlsx") -> Any:
    token = token_in(client.get("/resource-loads").get_data(as_text=True))
    return client.post("/resource-loads", data={"csrf_token": token, "file": (io.BytesIO(sent), name)})


def test_a_blank_workbook_is_taken_filled_in_and_brought(app: Flask, build: Build) -> None:
    name = build(lambda world: world.admitted().name)
    client = signed_in(app, "haifeng")
    token = token_in(client.get("/resource-loads").get_data(as_text=True))
    answer = client.post("/resource-loads/template", data={"csrf_token": token})
    assert (answer.status_code, answer.mimetype.endswith("sheet")) == (200, True)
    book = load_workbook(io.BytesIO(answer.get_data()))
    sheet = book["科技资源"]
    given = {"title": "科技查新", "kind": "科技查新", "name": name, "division": "海丰县", "capability": "立项查新", "valid_from": "2021-01-01", "valid_to": "长期"}  # fmt: skip
    for key, value in given.items():
        cell(sheet, HEAD + 1, key).value = value
    shown = upload(client, content(book))
    assert shown.status_code == 302
    page = client.get(shown.location).get_data(as_text=True)
    assert [part for part in ("新增", "科技查新", "将写入 1 条") if part not in page] == []
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert client.post(shown.location, data={"csrf_token": token_in(page), "seen": seen}).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count(Resource.id)).where(Resource.name == "科技查新")) == 1
    assert "已写入" in client.get(shown.location).get_data(as_text=True)


def test_a_workbook_goes_out_and_comes_back_by_the_page(app: Flask, build: Build) -> None:
    build(offered)
    client = signed_in(app, "haifeng")
    token = token_in(client.get("/resources").get_data(as_text=True))
    answer = client.post("/resources/export?kind=testing", data={"csrf_token": token})
    assert (answer.status_code, answer.mimetype.endswith("sheet")) == (200, True)
    book = load_workbook(io.BytesIO(answer.get_data()))
    assert (book["科技资源"].max_row, "种类：检验检测" in str(book["科技资源"]["A2"].value)) == (HEAD + 1, True)
    cell(book["科技资源"], HEAD + 1, "price").value = "90元/样"
    shown = upload(client, content(book))
    page = client.get(shown.location).get_data(as_text=True)
    assert [part for part in ("更正", "收费标准：200元/样 → 90元/样") if part not in page] == []
    with app.app_context():
        exports = select(func.count(TrailEntry.seq)).where(TrailEntry.verb == "export")
        assert db.session.scalar(exports.where(TrailEntry.subject_kind == "resource")) == 1


def test_rows_that_are_not_taken_leave_as_a_workbook_with_what_is_wrong(app: Flask, build: Build) -> None:
    name = build(lambda world: world.admitted().name)
    client = signed_in(app, "haifeng")
    good = ("质谱仪", "科学仪器设备", name, "海丰县", "Q1", "SN-1", *TAIL)
    bad = ("天平", "望远镜", name, "海丰县", "Q2", "SN-2", *TAIL)
    shown = upload(client, table(good, bad))
    assert "没有资源种类“望远镜”" in client.get(f"{shown.location}?kind=refused").get_data(as_text=True)
    token = token_in(client.get(shown.location).get_data(as_text=True))
    answer = client.post(f"{shown.location}/refused", data={"csrf_token": token})
    sheet = load_workbook(io.BytesIO(answer.get_data()))["未收的行"]
    head, row = [c.value for c in sheet[3]], [c.value for c in sheet[4]]
    said = dict(zip(head, row, strict=True))
    assert (sheet.max_row, said["原行号"], said["资源名称"], said["出厂编号"], said["同意发布"]) == (
        4,
        "3",
        "天平",
        "SN-2",
        "是",
    )
    assert "没有资源种类“望远镜”" in said["问题"]
    again = load_workbook(io.BytesIO(answer.get_data()))
    again["未收的行"].cell(4, 1 + head.index("资源种类")).value = "科学仪器设备"
    page = client.get(upload(client, content(again)).location).get_data(as_text=True)
    assert "将写入 1 条" in page


def test_a_file_that_is_no_list_is_refused_and_a_workbook_is_given_up(app: Flask, build: Build) -> None:
    name = build(lambda world: world.admitted().name)
    client = signed_in(app, "haifeng")
    assert upload(client, b"%PDF-1.4 x", "资源.pdf").status_code == 422
    shown = upload(client, table(("质谱仪", "科学仪器设备", name, "海丰县", "Q1", "SN-1", *TAIL)))
    token = token_in(client.get(f"{shown.location}/give-up").get_data(as_text=True))
    assert client.post(f"{shown.location}/give-up", data={"csrf_token": token}).status_code == 302
    assert "没有写入任何内容" in client.get(shown.location).get_data(as_text=True)
    assert signed_in(app, "haifeng2").get(shown.location).status_code == 404
    with app.app_context():
        assert db.session.scalar(select(func.count(Resource.id))) == 0
