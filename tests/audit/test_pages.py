"""The trail's pages: found by who, what and when, told in words, and silent to administrators about business."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from registry.base.extensions import db
from registry.base.permissions import PERMISSIONS
from registry.entries.services import entries
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from registry.trail.texts import PERMISSION_LABELS
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, World, post, sign_in, signed_in, token_in

NAME = "海丰县云谷软件有限公司"


@pytest.fixture
def acts(world: World) -> int:
    """A firm made, corrected and given a figure; its id."""
    firm = world.firm(activity="")
    entries.edit(
        world.actor("haifeng"), firm, {"activity": "软件开发", "employees": 12}, at=NOW, on=TODAY, reason="照营业执照"
    )
    world.figure(firm, "1234.56")
    trail.record(world.actor("lufeng"), "refused", "page", at=NOW + timedelta(days=3), reason="user.list")
    db.session.commit()
    return firm.id


def rows(client: FlaskClient, query: str = "") -> list[list[str]]:
    page = html.fromstring(client.get(f"/trail?per_page=100{query}").get_data(as_text=True))
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in page.xpath("//tbody/tr")]


def body(answer: TestResponse) -> str:
    """A file that was sent, and closed as a server would."""
    with answer:
        return answer.get_data().decode("utf-8-sig")


def verbs(client: FlaskClient, query: str) -> list[str]:
    return [row[3] for row in rows(client, query)]


# -- finding --------------------------------------------------------------------------------------
def test_acts_are_listed_the_newest_first_with_who_what_and_when(client: FlaskClient, acts: int) -> None:
    sign_in(client, "auditor")
    listed = rows(client, "&kind=firm")
    assert [row[1:5] for row in listed] == [
        ["2021-10-15 09:30", "陈晓 海丰县", verb, f"企业 {acts} {NAME}"]
        for verb in ("登记营业收入", "上传材料", "更正", "登记线索")
    ]
    assert [int(row[0]) for row in listed] == sorted((int(row[0]) for row in listed), reverse=True)
    assert (listed[0][5], listed[2][5]) == (
        "金额（万元）：1,234.56；材料编号：1；等 6 项",
        "主营业务：软件开发；从业人员：12 理由：照营业执照",
    )


@pytest.mark.parametrize(
    "query, found",
    [
        ("&actor=陈晓&kind=firm", ["登记营业收入", "上传材料", "更正", "登记线索"]),
        ("&actor=haifeng&kind=firm", ["登记营业收入", "上传材料", "更正", "登记线索"]),
        ("&actor=林海", ["越权被拒"]),
        ("&actor=%", []),
        ("&verb=edit", ["更正"]),
        ("&verb=nothing", []),
        ("&kind=page", ["越权被拒"]),
        ("&kind=firm&id=1&verb=edit", ["更正"]),
        ("&kind=firm&id=4711", []),
        ("&label=云谷&verb=edit", ["更正"]),
        ("&label=云_", []),
        ("&office=441581", ["越权被拒"]),
        ("&since=2021-10-18", ["越权被拒"]),
        ("&until=2021-10-14", []),
        ("&since=2021-10-18&until=2021-10-18", ["越权被拒"]),
    ],
)
def test_acts_are_found_by_actor_verb_subject_office_and_day(
    client: FlaskClient, acts: int, query: str, found: list[str]
) -> None:
    sign_in(client, "auditor")
    assert verbs(client, quote(query, safe="&=")) == found


@pytest.mark.parametrize("query", ["since=2021-13-01", "id=x", "id=99999999999999999999", "id=-1"])
def test_a_condition_that_cannot_be_read_is_said_and_restricts_nothing(
    client: FlaskClient, acts: int, query: str
) -> None:
    sign_in(client, "auditor")
    answer = client.get(f"/trail?{query}")
    page = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert len(page.xpath("//div[@class='error-summary']//li")) == 1
    assert page.xpath("//tbody/tr")


def test_nothing_found_says_so_and_offers_the_whole(client: FlaskClient, acts: int) -> None:
    sign_in(client, "auditor")
    page = html.fromstring(client.get("/trail?actor=nobody").get_data(as_text=True))
    assert page.xpath("string(//div[@class='empty']/h2)") == "没有符合条件的记录"


def test_the_list_asks_as_much_for_a_hundred_acts_as_for_one(app: Flask, client: FlaskClient, acts: int) -> None:
    sign_in(client, "auditor")
    with queries_counted(app) as one:
        client.get("/trail?verb=create_account&label=" + quote("林海"))
    with queries_counted(app) as many:
        client.get("/trail?verb=create_account&per_page=100")
    assert (len(one), len(many)) == (8, 8)


def test_one_act_shows_before_and_after_field_by_field(client: FlaskClient, acts: int) -> None:
    sign_in(client, "auditor")
    seq = db.session.scalars(select(TrailEntry.seq).where(TrailEntry.verb == "edit")).one()
    page = html.fromstring(client.get(f"/trail/{seq}").get_data(as_text=True))
    shown = [[" ".join(cell.text_content().split()) for cell in row] for row in page.xpath("//tbody/tr")]
    assert shown == [
        ["主营业务（有变化）", "--", "软件开发"],
        ["从业人员（有变化）", "--", "12"],
    ]


def test_roles_are_told_in_words(client: FlaskClient, world: World) -> None:
    sign_in(client, "auditadmin")
    assert [row[5] for row in rows(client, "&verb=create_account&label=%E5%B8%82")] == []
    seq = db.session.scalars(select(TrailEntry.seq).where(TrailEntry.subject_label == "陈晓")).first()
    page = html.fromstring(client.get(f"/trail/{seq}").get_data(as_text=True))
    told = {
        row[0].text_content().removesuffix("（有变化）"): " ".join(row[2].text_content().split())
        for row in page.xpath("//tbody/tr")
    }
    assert told == {"用户名": "haifeng", "姓名": "陈晓", "单位": "海丰县", "角色": "经办员", "启用": "是"}


# -- what administrators do not see ---------------------------------------------------------------
def test_an_administrator_sees_that_a_firm_was_acted_on_and_not_what(client: FlaskClient, acts: int) -> None:
    sign_in(client, "auditadmin")
    listed = rows(client, "&kind=firm")
    assert [(row[2], row[4], row[5]) for row in listed] == [("陈晓 海丰县", f"企业 {acts}", "不显示")] * 4
    seqs = [row[0] for row in listed]
    pages = [client.get(f"/trail/{seq}").get_data(as_text=True) for seq in seqs]
    export = body(post(client, "/trail/export"))
    whole = "".join([*pages, export, client.get("/trail?per_page=100").get_data(as_text=True)])
    assert [word for word in ("云谷", "软件开发", "1,234.56", "照营业执照", "利润表") if word in whole] == []


def test_an_administrator_cannot_search_by_what_he_does_not_see(client: FlaskClient, acts: int) -> None:
    sign_in(client, "auditadmin")
    assert rows(client, "&label=" + quote("云谷")) == []
    assert [row[3] for row in rows(client, "&label=" + quote("陈晓"))] == ["新建账号"]


def test_the_auditor_sees_all_of_it(client: FlaskClient, acts: int) -> None:
    sign_in(client, "auditor")
    export = body(post(client, "/trail/export?kind=firm"))
    assert [word for word in ("云谷", "软件开发", "1,234.56", "照营业执照", "利润表") if word not in export] == []


@pytest.mark.parametrize("username", ["haifeng", "cityoffice", "leader", "sysadmin", "secadmin"])
def test_nobody_else_reads_the_trail(client: FlaskClient, world: World, username: str) -> None:
    sign_in(client, username)
    assert [client.get(path).status_code for path in ("/trail", "/trail/1", "/trail/verification")] == [403] * 3
    assert [post(client, path).status_code for path in ("/trail/export", "/trail/verification")] == [403] * 2


# -- verifying and exporting ----------------------------------------------------------------------
def test_verifying_says_what_to_note_down_and_is_an_act_itself(client: FlaskClient, acts: int) -> None:
    sign_in(client, "auditadmin")
    before = trail.verify()
    answer = post(client, "/trail/verification")
    act = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert act is not None
    assert before.anchor in answer.get_data(as_text=True)
    assert "全部相符" in answer.get_data(as_text=True)
    assert (act.verb, act.actor_name, act.after) == (
        "verify", "审管员", {"rows": before.rows, "head": before.anchor, "fault": None, "broken": None},
    )  # fmt: skip
    assert "全部相符" in post(client, "/trail/verification", {"anchor": f" {before.anchor.upper()} "}).get_data(
        as_text=True
    )


def test_a_broken_chain_is_named_in_words(client: FlaskClient, acts: int) -> None:
    _unguard()
    db.session.execute(text("update trail_entry set reason = 'x' where seq = 5"))
    sign_in(client, "auditadmin")
    told = post(client, "/trail/verification").get_data(as_text=True)
    assert [word for word in ("第 5 条不符", "本条内容被改动", "4 条") if word not in told] == []


@pytest.mark.parametrize("anchor", ["5", "x:y", "5:" + "g" * 64, "0:" + "a" * 64, "5:" + "a" * 63])
def test_a_head_that_is_none_is_refused_at_the_field(client: FlaskClient, world: World, anchor: str) -> None:
    sign_in(client, "auditadmin")
    answer = post(client, "/trail/verification", {"anchor": anchor})
    assert answer.status_code == 422
    assert "应为“序号:摘要”" in answer.get_data(as_text=True)


def test_the_export_is_exactly_the_filter_and_is_recorded(client: FlaskClient, acts: int) -> None:
    sign_in(client, "auditor")
    answer = post(client, "/trail/export?kind=firm&verb=edit")
    file = body(answer)
    table = list(csv.reader(io.StringIO(file)))
    act = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert act is not None
    assert [row[1:10] for row in table[1:-1]] == [
        [
            "2021-10-15 09:30:00",
            "陈晓",
            "441521",
            "更正",
            "企业",
            str(acts),
            NAME,
            "主营业务：软件开发；从业人员：12",
            "照营业执照",
        ]
    ]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    facts = {"rows": 1, "filter": {"kind": "firm", "verb": "edit"}, "sha256": _sha256(file)}
    assert (act.verb, act.subject_kind, act.after) == ("export", "trail", facts)


def test_no_cell_of_the_export_is_a_formula(client: FlaskClient, world: World) -> None:
    for reason in ("=1+1", "+1", "-1", "@x", "\tx", "\rx"):
        trail.record(world.actor("haifeng"), "edit", "reference", at=NOW, reason=reason)
    sign_in(client, "auditor")
    answer = post(client, "/trail/export?verb=edit")
    table = list(csv.reader(io.StringIO(body(answer), newline="")))
    assert [row[9][0] for row in table[1:-1]] == ["'"] * 6


def test_the_notice_stands_under_the_page(client: FlaskClient, world: World) -> None:
    sign_in(client, "auditadmin")
    page = html.fromstring(client.get("/trail").get_data(as_text=True))
    assert page.xpath("string(//footer)").strip() == "培育参考，不作统计上报依据"


def _sha256(file: str) -> str:
    return hashlib.sha256(file.encode("utf-8-sig")).hexdigest()


def _unguard() -> None:
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("drop trigger trail_entry_no_update"))
    else:
        db.session.execute(text("alter table trail_entry disable trigger user"))
    db.session.commit()


def test_a_refused_attempt_is_told_in_words(client: FlaskClient, world: World) -> None:
    """Which permission was lacking is said as people say it, on the list, on the entry and in the file."""
    assert set(PERMISSION_LABELS) == set(PERMISSIONS)
    sign_in(client, "haifeng")
    assert client.get("/trail").status_code == 403
    post(client, "/sign-out")
    sign_in(client, "auditor")
    listed = client.get("/trail?verb=refused").get_data(as_text=True)
    seq = re.findall(r'href="/trail/(\d+)"', listed)[0]
    for shown in (
        listed,
        client.get(f"/trail/{seq}").get_data(as_text=True),
        body(post(client, "/trail/export?verb=refused")),
    ):
        assert ("没有“查看操作留痕”的权限" in shown, "trail.read" in shown) == (True, False)


def test_every_row_is_checked_on_demand_and_the_page_says_what_was_found(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "auditor")
    page = client.get("/trail/verification").get_data(as_text=True)
    assert "还没有逐行核对过" in page
    answer = client.post("/trail/recount", data={"csrf_token": token_in(page)})
    assert answer.status_code == 302
    page = client.get("/trail/verification").get_data(as_text=True)
    assert ("全部相符" in page, "还没有逐行核对过" in page) == (True, False)
    with app.app_context():
        db.session.execute(text("update office set short_name = 'x' where id = 1"))
        db.session.commit()
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("update office set short_name = 'y' where id = 1"))
    client.post("/trail/recount", data={"csrf_token": token_in(page)})
    page = client.get("/trail/verification").get_data(as_text=True)
    assert ("有数据行与封记不符" in page, "short_name" in page, "被绕开系统改动" in page) == (True, True, True)
    assert signed_in(app, "statistics").post("/trail/recount").status_code in (400, 403)
