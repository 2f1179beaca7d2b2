"""What is pressed twice is done once: every further press gets the answer of the first, and says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError

from registry.base import waiting
from registry.base.extensions import db
from registry.base.tables import Base
from registry.claims.models import ClaimEvidence
from registry.claims.services import claiming
from registry.documents.models import Document
from registry.figures.models import Dispute, Figure
from registry.filings.models import IntakeWindow
from registry.firms.models.firms import Firm
from registry.imports.models import ImportBatch
from registry.notices.models import Nudge
from registry.people.models import User
from registry.people.queries import people
from registry.rulesets.models import RuleDraft
from registry.site import formkeys
from registry.site.models import FormKey
from registry.trail.models import TrailEntry
from registry.workbooks.models import IssuedWorkbook, WorkbookReturn
from tests.world import NOW, Build, World, sign_in, signed_in, token_in

KEY = "a key that stands in one page"
PDF = b"%PDF-1.4 invented"
SENT = "这张表已提交过，没有重复办理。下面是当时的结果。"
PRESSES = 10
# Written beside what a form does: when a session was last seen, and the keys themselves.
BESIDE = {"web_session", "form_key"}


def same_browser(client: FlaskClient) -> FlaskClient:
    """Another connection of the same browser, for a request that does not wait for the first."""
    other = client.application.test_client()
    kept = client.get_cookie("registry")
    assert kept is not None
    other.set_cookie("registry", kept.value)
    return other


def press(client: FlaskClient, path: str, data: dict[str, Any], key: str | None = KEY) -> Any:
    token = token_in(client.get("/password").get_data(as_text=True))
    return client.post(path, data={"csrf_token": token, "form_key": key, **data})


def press_at_once(client: FlaskClient, path: str, data: Callable[[], dict[str, Any]], keys: list[str]) -> list[Any]:
    """Ten presses of the same browser at the same moment; what each of them was answered."""
    token = token_in(client.get("/password").get_data(as_text=True))
    browsers = [(same_browser(client), key) for key in keys]

    def one(browser: FlaskClient, key: str) -> Any:
        return browser.post(path, data={"csrf_token": token, "form_key": key, **data()})

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(lambda given: one(*given), browsers))


def body(answer: Any) -> bytes:
    with answer:
        content: bytes = answer.get_data()
    return content


def rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        tables = [table for table in Base.metadata.sorted_tables if table.name not in BESIDE]
        return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def counted(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def nomination(**given: str) -> dict[str, str]:
    return {
        "name": "海丰县南湖网络有限公司",
        "no_code_reason": "正在办理登记",
        "division": "441521",
        "next": "1",
        **given,
    }


# -- at once --------------------------------------------------------------------------------------
@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told that the database is busy because this machine is: tests/site/test_busy.py is about that."""
    monkeypatch.setattr(waiting, "SAVES", waiting.Patience(full=60_000, worn=60_000))


@pytest.mark.usefixtures("patient")
def test_ten_presses_at_once_make_one_firm_and_get_one_answer(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    answers = press_at_once(client, "/proposals/new/details", nomination, [KEY] * PRESSES)
    assert [(a.status_code, a.location) for a in answers] == [(302, "/firms/1/nomination")] * PRESSES
    assert counted(app, Firm) == 1


@pytest.mark.usefixtures("patient")
def test_ten_presses_at_once_make_one_account_and_all_show_its_password(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "sysadmin")
    before = counted(app, User)
    given = {"username": "chenguang", "name": "陈光", "office": "441521"}
    answers = press_at_once(client, "/users/new", lambda: given, [KEY] * PRESSES)
    shown = {re.findall(r'<strong class="mono">([^<]+)</strong>', a.get_data(as_text=True))[0] for a in answers}
    assert {a.status_code for a in answers} == {200}
    assert (counted(app, User) - before, len(shown)) == (1, 1)


@pytest.mark.usefixtures("patient")
def test_ten_presses_at_once_keep_one_paper_and_one_file(app: Flask, client: FlaskClient, build: Build) -> None:
    firm_id = build(lambda world: world.firm().id)
    sign_in(client, "haifeng")

    def paper() -> dict[str, Any]:
        return {"material": "M04", "year": "2021", "month": "9", "file": (BytesIO(PDF), "利润表.pdf")}

    answers = press_at_once(client, f"/firms/{firm_id}/documents/new", paper, [KEY] * PRESSES)
    assert {(a.status_code, a.location) for a in answers} == {(302, f"/firms/{firm_id}/documents")}
    assert (counted(app, Document), len(list(app.config["FILES"].iterdir()))) == (1, 1)


@pytest.mark.usefixtures("patient")
def test_ten_lists_sent_at_once_are_one_import(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "haifeng")

    def file() -> dict[str, Any]:
        return {"year": "2021", "file": (BytesIO("企业名称\n海丰县南湖网络有限公司\n".encode()), "名单.csv")}

    answers = press_at_once(client, "/imports", file, [KEY] * PRESSES)
    assert {(a.status_code, a.location) for a in answers} == {(302, "/imports/1")}
    assert (counted(app, ImportBatch), len(list(app.config["UPLOADS"].iterdir()))) == (1, 1)


@pytest.mark.usefixtures("patient")
def test_one_name_given_by_ten_people_at_once_stands_once_in_its_county(app: Flask, client: FlaskClient) -> None:
    """Ten tabs, each with a key of its own: what stops them is the name."""
    sign_in(client, "haifeng")
    keys = [f"the key of tab {number:02d}" for number in range(PRESSES)]
    answers = press_at_once(client, "/proposals/new/details", nomination, keys)
    assert sorted(a.status_code for a in answers) == [302, *[422] * (PRESSES - 1)]
    assert counted(app, Firm) == 1
    refused = next(a for a in answers if a.status_code == 422)
    assert "名录中有相似的企业" in refused.get_data(as_text=True)


# -- one after the other --------------------------------------------------------------------------
def made(world: World) -> dict[str, str]:
    """A city in which every form below may be sent, and the words its addresses and fields need."""
    firm = world.admitted()
    figure = db.session.scalars(select(Figure).where(Figure.firm_id == firm.id)).one()
    waiting = world.submitted("海丰县青云检测有限公司")
    ground = "实际经营地在城区"
    claim = claiming.claim(world.actor("chengqu"), firm, people.office("441502"), ground=ground, at=NOW)
    paper = world.document(firm, month=8)
    return {
        "firm": str(firm.id),
        "figure": str(figure.id),
        "case": str(waiting.id),
        "claim": str(claim.id),
        "paper": str(paper.id),
    }


WINDOW = {
    "year": "2021", "door": "annual_first", "batch": "第一批", "opens_on": "2021-10-01", "closes_on": "2021-11-30",
    "statement_year": "2021", "statement_month": "9", "source": "示例通知",
}  # fmt: skip
FORMS: dict[str, tuple[str, str, dict[str, Any], Any]] = {
    "a paper": (
        "haifeng", "/firms/{firm}/documents/new",
        {"material": "M04", "year": "2021", "month": "7", "file": ("利润表.pdf", PDF)}, Document,
    ),
    "a figure": (
        "haifeng", "/firms/{firm}/figures/new",
        {"kind": "revenue", "year": "2021", "month": "8", "amount": "1400", "source": "income_statement", "document": "{paper}"},
        Figure,
    ),
    "a dispute": ("industry", "/firms/{firm}/figures/{figure}/dispute", {"reason": "与纳税申报不符"}, Dispute),
    "evidence": (
        "chengqu", "/claims/{claim}/evidence",
        {
            "evidence-kind": "operating_address",
            "evidence-text": "租赁合同所载地址",
            "evidence-division": "441502",
            "evidence-csrf_token": "{token}",
        }, ClaimEvidence,
    ),
    "a nudge": ("haifeng", "/proposals/{case}/nudge", {"note": "企业急需"}, Nudge),
    "a list": ("haifeng", "/imports", {"year": "2021", "file": ("名单.csv", "企业名称\n海丰县南湖网络有限公司\n".encode())}, ImportBatch),
    "a workbook": ("haifeng", "/workbooks", {"period": "2021-09"}, IssuedWorkbook),
    "a workbook given back": ("haifeng", "/workbooks/returns", {"file": ("工作簿.xlsx", b"PK\x03\x04 x")}, WorkbookReturn),
    "a window": ("statistics", "/windows/new", WINDOW, IntakeWindow),
    "a rule draft": ("statistics", "/rulesets/drafts", {"kind": "admission", "from": ""}, RuleDraft),
    "a nomination": ("haifeng", "/proposals/new/details", nomination(), Firm),
    "an account": ("sysadmin", "/users/new", {"username": "chenguang", "name": "陈光", "office": "441521"}, User),
    "a password": ("sysadmin", "/users/1/password", {"reason": "本人忘记密码"}, TrailEntry),
}  # fmt: skip


def filled(data: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """The fields with the city's words in them; of a file, a fresh stream."""
    return {
        name: value.format(**words) if isinstance(value, str) else (BytesIO(value[1]), value[0])
        for name, value in data.items()
    }


@pytest.mark.parametrize("what", FORMS)
def test_a_form_sent_twice_has_one_effect_and_one_answer(
    app: Flask, client: FlaskClient, build: Build, what: str
) -> None:
    username, path, data, model = FORMS[what]
    words = build(made)
    sign_in(client, username)
    words["token"] = token_in(client.get("/password").get_data(as_text=True))
    before = counted(app, model)
    first = press(client, path.format(**words), filled(data, words))
    first_body, after = body(first), rows(app)
    assert (first.status_code in (200, 302), counted(app, model) - before) == (True, 1), first_body.decode(
        errors="replace"
    )
    second = press(client, path.format(**words), filled(data, words))
    assert (second.status_code, second.location) == (first.status_code, first.location)
    assert rows(app) == after
    if second.status_code == 200:
        told = body(second)
        assert told == first_body or SENT in told.decode()


def test_a_repeated_press_says_that_nothing_was_done_again(client: FlaskClient, build: Build) -> None:
    firm_id = build(lambda world: world.firm().id)
    path = f"/firms/{firm_id}/watch"
    sign_in(client, "haifeng")
    told = []
    for again in range(2):
        page = html.fromstring(
            client.get(press(client, path, {"watch_reason": "近期达标"}).location).get_data(as_text=True)
        )
        told.append(
            [item.text_content().strip() for item in page.xpath("//main/div[@role='status']/span")][: 1 + again]
        )
    assert told == [["已保存。"], [SENT, "已保存。"]]


def test_a_form_sent_again_with_other_words_changes_nothing_and_says_so(
    app: Flask, client: FlaskClient, build: Build
) -> None:
    firm_id = build(lambda world: world.firm().id)
    path = f"/firms/{firm_id}/watch"
    sign_in(client, "haifeng")
    press(client, path, {"watch_reason": "近期达标"})
    second = press(client, path, {"watch_reason": "改了主意"})
    assert "这次改动的内容没有保存" in client.get(second.location).get_data(as_text=True)
    with app.app_context():
        assert db.session.get_one(Firm, firm_id).watch_reason == "近期达标"


# -- the key --------------------------------------------------------------------------------------
def test_a_form_without_a_key_changes_nothing(app: Flask, client: FlaskClient, build: Build) -> None:
    firm_id = build(lambda world: world.firm().id)
    sign_in(client, "haifeng")
    before = rows(app)
    for key in (None, "", "short", "x" * 200):
        assert press(client, f"/firms/{firm_id}/watch", {"watch_reason": "近期达标"}, key).status_code == 400
    assert rows(app) == before


def test_a_refused_form_leaves_its_key_as_fresh_as_before(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "sysadmin")
    given = {"username": "Not A Name", "name": "陈光", "office": "441521"}
    assert press(client, "/users/new", given).status_code == 422
    assert counted(app, FormKey) == 0
    assert press(client, "/users/new", {**given, "username": "chenguang"}).status_code == 200


def test_a_key_is_of_one_session_and_one_address(app: Flask, build: Build) -> None:
    first, second = build(lambda world: (world.firm().id, world.firm("海丰县青云检测有限公司").id))
    one, other = signed_in(app, "haifeng"), signed_in(app, "haifeng2")
    for client, firm_id in ((one, first), (one, second), (other, first)):
        press(client, f"/firms/{firm_id}/watch", {"watch_reason": f"{firm_id}"})
    assert counted(app, FormKey) == 3


def test_every_page_has_a_key_of_its_own_for_each_form(client: FlaskClient, build: Build) -> None:
    firm_id = build(lambda world: world.firm().id)
    sign_in(client, "haifeng")
    pages = [client.get(f"/firms/{firm_id}/watch").get_data(as_text=True) for _ in range(2)]
    found = [re.findall(r'name="form_key" value="([^"]+)" autocomplete="off"', page) for page in pages]
    assert [len(keys) for keys in found] == [1, 1]
    assert found[0] != found[1]


# -- what is kept ---------------------------------------------------------------------------------
def test_the_table_of_keys_tells_nothing(app: Flask, client: FlaskClient) -> None:
    """Neither the one-time password nor the key that would open it is in the database."""
    sign_in(client, "sysadmin")
    page = press(client, "/users/new", {"username": "chenguang", "name": "陈光", "office": "441521"})
    password = re.findall(r'<strong class="mono">([^<]+)</strong>', page.get_data(as_text=True))[0]
    with app.app_context():
        kept = db.session.scalars(select(FormKey)).one()
        told = kept.digest.encode() + (kept.answer or b"")
    assert [secret for secret in (password, KEY, "chenguang", "users") if secret.encode() in told] == []


def test_a_password_is_shown_again_for_some_minutes_and_never_after(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formkeys, "SHOWN", timedelta(0))
    sign_in(client, "sysadmin")
    given = {"username": "chenguang", "name": "陈光", "office": "441521"}
    assert press(client, "/users/new", given).status_code == 200
    late = press(client, "/users/new", given)
    assert late.status_code == 409
    assert "当时的结果页不再保留" in late.get_data(as_text=True)
    press(client, "/users/new", {**given, "username": "chenming"}, "another key, another account")
    with app.app_context():
        assert [key.answer for key in db.session.scalars(select(FormKey))] == [None, None]


def test_a_workbook_is_the_same_one_for_a_moment_and_a_new_one_after(
    app: Flask, client: FlaskClient, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page stays after a download, and its button may be used again."""
    build(lambda world: world.admitted().id)
    sign_in(client, "haifeng")
    given = {"period": "2021-09"}
    first, second = (body(press(client, "/workbooks", given)) for _ in range(2))
    assert (first == second, first[:2], counted(app, IssuedWorkbook)) == (True, b"PK", 1)
    monkeypatch.setattr(formkeys, "MOMENT", timedelta(0))
    for _ in range(2):
        body(press(client, "/workbooks", {"period": "2021-08"}))
    assert counted(app, IssuedWorkbook) == 3


def test_an_answer_that_cannot_be_kept_takes_nothing_from_the_first_press(
    app: Flask, client: FlaskClient, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is busy just after the commit: the firm is made and shown, the second press makes no other."""
    sign_in(client, "haifeng")
    monkeypatch.setattr(formkeys, "PATIENCE", 0.0)

    def busy(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE form_key"):
            raise OperationalError(statement, {}, Exception("database is locked"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", busy)
    first = press(client, "/proposals/new/details", nomination())
    second = press(client, "/proposals/new/details", nomination())
    event.remove(engine, "before_cursor_execute", busy)
    assert (first.status_code, first.location) == (302, "/firms/1/nomination")
    assert (second.status_code, counted(app, Firm)) == (409, 1)


def test_nobody_waits_for_an_answer_that_will_not_come(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was killed between its commit and its answer leaves such a key."""
    sign_in(client, "haifeng")
    press(client, "/proposals/new/details", nomination())
    with app.app_context():
        db.session.execute(update(FormKey).values(answer=None, answer_until=None, at=NOW - timedelta(days=1)))
        db.session.commit()
    monkeypatch.setattr(formkeys, "sleep", lambda seconds: pytest.fail("it waits"))
    assert press(client, "/proposals/new/details", nomination()).status_code == 409
    assert counted(app, Firm) == 1


def test_another_file_of_the_same_name_and_size_is_another_form(app: Flask, client: FlaskClient, build: Build) -> None:
    firm_id = build(lambda world: world.firm().id)
    sign_in(client, "haifeng")

    def paper(content: bytes) -> dict[str, Any]:
        return {"material": "M04", "year": "2021", "month": "9", "file": (BytesIO(content), "利润表.pdf")}

    press(client, f"/firms/{firm_id}/documents/new", paper(PDF))
    second = press(client, f"/firms/{firm_id}/documents/new", paper(PDF.replace(b"invented", b"reversed")))
    assert "这次改动的内容没有保存" in client.get(second.location).get_data(as_text=True)
    assert counted(app, Document) == 1


def test_old_keys_are_cleared_away(app: Flask, client: FlaskClient, build: Build) -> None:
    firm_id = build(lambda world: world.firm().id)
    sign_in(client, "haifeng")
    with app.app_context():
        db.session.add_all([FormKey(digest=str(number), at=NOW - timedelta(days=3)) for number in range(5)])
        db.session.commit()
    press(client, f"/firms/{firm_id}/watch", {"watch_reason": "近期达标"})
    assert counted(app, FormKey) == 1
