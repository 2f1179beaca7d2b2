"""Correcting a firm: the form, its locked fields, and two officers at once who lose nothing."""

from __future__ import annotations

import re
import threading
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.proposals.services import reviews
from registry.trail.models import TrailEntry
from tests.world import NOW, TODAY, World, sign_in


class Page:
    """A form as a browser holds it: its address, its values as they stand, and what the person changes."""

    def __init__(self, client: FlaskClient, answer: Any, path: str) -> None:
        self.client, self.path, self.status = client, path, answer.status_code
        self.html: str = answer.get_data(as_text=True)
        form = self.html.split('<form class="form-body"')[1].split("</form>")[0] if "form-body" in self.html else ""
        self.values = _values(form)

    def send(self, **changes: str) -> Any:
        return self.client.post(self.path, data={**self.values, **changes})

    def follow(self, **changes: str) -> Page:
        return Page(self.client, self.send(**changes), self.path)

    def rows(self) -> dict[str, tuple[str, ...]]:
        """The table of a conflict: field -> original, theirs, mine."""
        table = self.html.split("<tbody>")[1].split("</tbody>")[0]
        found = {}
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL):
            cells = [_words(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
            found[cells[0].replace("（有变化）", "")] = tuple(cells[1:])
        return found


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html))).strip()


def _values(form: str) -> dict[str, str]:
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or "checked" in tag):
            values[name[1]] = unescape(value[1]) if value else ""
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', inner)
        values[name] = chosen[1] if chosen else ""
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        values[name] = unescape(inner).lstrip("\r\n")
    return values


def open_form(client: FlaskClient, firm_id: int) -> Page:
    path = f"/firms/{firm_id}/edit"
    return Page(client, client.get(path), path)


def stored(firm_id: int) -> Firm:
    db.session.rollback()
    return db.session.get_one(Firm, firm_id)


@pytest.fixture
def firm_id(world: World) -> int:
    firm = world.admitted()
    db.session.commit()
    return firm.id


@pytest.fixture
def first(app: Flask, firm_id: int) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "haifeng")
    return client


@pytest.fixture
def second(app: Flask, firm_id: int) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "haifeng2")
    return client


# -- the form ---------------------------------------------------------------------------------------
def test_an_untouched_form_saves_nothing(first: FlaskClient, firm_id: int) -> None:
    before, version = stored(firm_id), stored(firm_id).version
    answer = open_form(first, firm_id).send(reason="看看")
    assert (answer.status_code, stored(firm_id).version, before.stage) == (302, version, Stage.ADMITTED)


def test_every_kind_of_field_is_saved_in_its_own_type(first: FlaskClient, firm_id: int) -> None:
    typed = {
        "employees": "43人", "capital": "1,000.5", "opened_on": "2018-06-01", "taxpayer_kind": "general", "industry": "6520 集成电路设计",
        "qualifications": "高新技术企业、双软认证", "activity": "软件　开发", "town": "441521115", "reason": "年报核对",
    }  # fmt: skip
    assert open_form(first, firm_id).send(**typed).status_code == 302
    firm = stored(firm_id)
    assert (firm.employees, str(firm.capital), str(firm.opened_on), firm.taxpayer_kind) == (
        43,
        "10005000.00",
        "2018-06-01",
        "general",
    )
    assert (firm.industry, firm.industry_confirmed, firm.town) == ("6520", False, "441521115")
    assert (firm.qualifications, firm.activity) == ("高新技术企业；双软认证", "软件 开发")
    assert (firm.contact_name, firm.contact_phone) == ("陈小明", "13800135678")


def test_a_listed_firm_needs_a_reason_and_keeps_what_was_typed(first: FlaskClient, firm_id: int) -> None:
    page = open_form(first, firm_id).follow(employees="43")
    assert (page.status, page.values["employees"], stored(firm_id).employees) == (422, "43", None)
    assert "更正理由：请填写理由。" in unescape(page.html)
    assert page.follow(reason="年报核对").status == 302


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("credit_code", "91441521MA0000011Z", "统一社会信用代码第 18 位"),
        ("credit_code", "", "没有统一社会信用代码时，请说明原因。"),
        ("founded_on", "2021-10-16", "日期不能晚于今天。"),
        ("capital", "约1000", "不是确定的金额"),
        ("employees", "许多", "不是整数"),
        ("contact_phone", "138****5678", "隐去了部分内容"),
        ("division", "441581", "不在本单位管辖范围内"),
        ("town", "441521103", "不在本名录范围"),
        ("industry", "6520", "含义不同"),
        ("industry", "软件", "没有填代码。按文字找到下列行业"),
        ("industry", "不清楚", "没有读到行业代码"),
        ("activity", "软件\u202e开发", "会改变文字的显示方向"),
    ],
)
def test_a_value_that_cannot_stand_is_said_at_its_field_and_nothing_is_lost(
    first: FlaskClient, firm_id: int, field: str, typed: str, sentence: str
) -> None:
    version = stored(firm_id).version
    year = {"industry_year": ""} if field == "industry" else {}
    page = open_form(first, firm_id).follow(**{"employees": "43", "reason": "年报核对", **year, field: typed})
    place = field if typed else "no_code_reason"
    near = page.html.split(f'id="{place}-error"')
    assert (page.status, len(near), stored(firm_id).version) == (422, 2, version)
    assert sentence in unescape(near[1].split("</p>")[0])
    assert page.values[field] == typed


def test_the_name_of_a_listed_firm_is_locked_whatever_is_sent(first: FlaskClient, firm_id: int) -> None:
    page = open_form(first, firm_id)
    assert "name" not in page.values
    assert page.send(name="海丰县暗礁有限公司", employees="43", reason="年报核对").status_code == 302
    assert (stored(firm_id).name, stored(firm_id).employees) == ("海丰县云谷软件有限公司", 43)


def test_a_returned_case_opens_the_returned_fields_only(app: Flask, world: World) -> None:
    proposal = world.under_review()
    cells = {"industry": "请核对主营业务", "revenue_to_date": "与申报表不一致", "documents": "缺申报表"}
    reviews.send_back(world.actor("industry"), proposal, reason_code="R02", cells=cells, note="", at=NOW, on=TODAY)
    firm_id = proposal.firm.id
    db.session.commit()
    client = app.test_client()
    sign_in(client, "haifeng")
    page = open_form(client, firm_id)
    assert set(page.values) - {"csrf_token", "form_key", "looked", "original"} == {"industry", "industry_year"}
    words = unescape(page.html)
    assert "退回意见：请核对主营业务" in words
    assert f'href="/firms/{firm_id}/figures/new"' in page.html
    assert f'href="/firms/{firm_id}/documents/new"' in page.html
    assert "退回补正期间只开放退回的栏目。" in words
    assert page.send(industry="6531", employees="99", name="海丰县暗礁有限公司").status_code == 302
    firm = stored(firm_id)
    assert (firm.industry, firm.employees, firm.name) == ("6531", None, "海丰县云谷软件有限公司")


def test_a_case_under_review_is_open_to_nobody(app: Flask, world: World) -> None:
    firm_id = world.under_review().firm.id
    db.session.commit()
    for username in ("haifeng", "industry", "cityoffice"):
        client = app.test_client()
        sign_in(client, username)
        assert (username, client.get(f"/firms/{firm_id}/edit").status_code) == (username, 404)


def test_a_code_that_another_firm_holds_is_said_at_its_field(app: Flask, world: World) -> None:
    held, firm = world.firm("海丰县鹿境软件有限公司"), world.firm()
    code, firm_id = held.credit_code or "", firm.id
    db.session.commit()
    client = app.test_client()
    sign_in(client, "haifeng")
    page = open_form(client, firm_id).follow(credit_code=code, employees="43")
    assert (page.status, page.values["credit_code"], page.values["employees"]) == (422, code, "43")
    assert f"统一社会信用代码 {code} 已在名录中" in unescape(page.html)


# -- two officers -----------------------------------------------------------------------------------
def test_the_second_of_two_sees_original_theirs_and_mine_and_loses_nothing(
    first: FlaskClient, second: FlaskClient, firm_id: int
) -> None:
    mine, theirs = open_form(first, firm_id), open_form(second, firm_id)
    assert theirs.send(employees="20", issue="缺流动资金", reason="走访").status_code == 302
    conflict = mine.follow(employees="43", activity="软件开发", contact_phone="13911112222", reason="年报核对")
    assert conflict.status == 409
    assert conflict.rows() == {
        "从业人员": ("--", "20", "43"),
        "存在问题": ("--", "缺流动资金", "--"),
        "主营业务": ("软件开发和信息技术服务", "软件开发和信息技术服务", "软件开发"),
        "电话": ("****", "138****5678", "13911112222"),
    }
    assert "陈岚于 2021-10-15" in unescape(conflict.html)
    assert stored(firm_id).employees == 20
    assert {name: value for name, value in conflict.values.items() if name.startswith("keep-")} == {
        "keep-employees": "2", "keep-issue": "1", "keep-activity": "2", "keep-contact_phone": "2",
    }  # fmt: skip
    assert conflict.send().status_code == 302
    firm = stored(firm_id)
    assert (firm.employees, firm.issue, firm.activity, firm.contact_phone) == (
        43,
        "缺流动资金",
        "软件开发",
        "13911112222",
    )


def test_theirs_can_be_chosen_for_one_field_and_mine_for_another(
    first: FlaskClient, second: FlaskClient, firm_id: int
) -> None:
    mine, theirs = open_form(first, firm_id), open_form(second, firm_id)
    theirs.send(employees="20", activity="软件销售", reason="走访")
    conflict = mine.follow(employees="43", activity="软件开发", reason="年报核对")
    assert conflict.send(**{"keep-employees": "1", "keep-activity": "2"}).status_code == 302
    assert (stored(firm_id).employees, stored(firm_id).activity) == (20, "软件开发")


def test_a_third_save_between_is_seen_as_well(first: FlaskClient, second: FlaskClient, firm_id: int) -> None:
    mine, theirs = open_form(first, firm_id), open_form(second, firm_id)
    theirs.send(employees="20", reason="走访")
    conflict = mine.follow(employees="43", reason="年报核对")
    open_form(second, firm_id).send(employees="21", reason="再次走访")
    again = conflict.follow()
    assert (again.status, again.rows()) == (409, {"从业人员": ("20", "21", "43")})
    assert again.send().status_code == 302
    assert stored(firm_id).employees == 43
    db.session.rollback()
    written = [
        (row.before, row.after) for row in db.session.query(TrailEntry).filter_by(verb="edit").order_by(TrailEntry.seq)
    ]
    assert written == [
        ({"employees": None}, {"employees": 20}),
        ({"employees": 20}, {"employees": 21}),
        ({"employees": 21}, {"employees": 43}),
    ]


def test_an_error_beside_a_conflict_comes_first_and_the_conflict_is_not_forgotten(
    first: FlaskClient, second: FlaskClient, firm_id: int
) -> None:
    mine, theirs = open_form(first, firm_id), open_form(second, firm_id)
    theirs.send(employees="20", reason="走访")
    wrong = mine.follow(employees="许多", activity="软件开发", reason="年报核对")
    assert wrong.status == 422
    conflict = wrong.follow(employees="43")
    assert (conflict.status, conflict.rows()["从业人员"]) == (409, ("--", "20", "43"))


def test_a_figure_recorded_meanwhile_is_no_conflict(first: FlaskClient, firm_id: int, world: World) -> None:
    page = open_form(first, firm_id)
    world.figure(stored(firm_id), "1400", period="2021-08")
    db.session.commit()
    assert page.send(employees="43", reason="年报核对").status_code == 302
    assert (stored(firm_id).employees, len(figures.current_figures(stored(firm_id)))) == (43, 2)


@pytest.mark.parametrize("picture", ["", "forged", "eyJmaXJtIjoxfQ.c2lnbmF0dXJl"])
def test_a_picture_that_is_not_ours_is_refused(first: FlaskClient, firm_id: int, picture: str) -> None:
    answer = open_form(first, firm_id).send(original=picture, employees="43", reason="年报核对")
    assert (answer.status_code, stored(firm_id).employees) == (400, None)


def test_the_picture_of_one_firm_does_not_open_another(first: FlaskClient, firm_id: int, world: World) -> None:
    other = world.admitted("海丰县鹿境软件有限公司")
    db.session.commit()
    answer = open_form(first, firm_id).send(
        original=open_form(first, other.id).values["original"], employees="43", reason="x"
    )
    assert (answer.status_code, stored(firm_id).employees) == (400, None)


def test_the_form_carries_no_contact_in_any_wrapping(first: FlaskClient, firm_id: int) -> None:
    import base64
    import zlib

    page = open_form(first, firm_id)
    packed = page.values["original"].rsplit(".", 1)[0].lstrip(".")
    opened = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    opened = zlib.decompress(opened) if page.values["original"].startswith(".") else opened
    assert (b"13800135678" in opened, "13800135678" in page.html, b"6513" in opened) == (False, False, True)


def test_of_two_who_press_save_at_the_same_moment_one_is_asked(
    app: Flask, first: FlaskClient, second: FlaskClient, firm_id: int
) -> None:
    """True threads: one saves, the other gets the page of conflict, and after their choice both changes stand."""
    pages = [open_form(first, firm_id), open_form(second, firm_id)]
    changes = [{"employees": "43", "reason": "年报核对"}, {"activity": "软件开发", "reason": "走访"}]
    start, answers = threading.Barrier(2), [None, None]
    db.session.rollback()

    def press(number: int) -> None:
        start.wait()
        answers[number] = pages[number].send(**changes[number])

    threads = [threading.Thread(target=press, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [302, 409]  # type: ignore[attr-defined]
    loser = next(i for i, answer in enumerate(answers) if answer.status_code == 409)  # type: ignore[attr-defined]
    assert Page(pages[loser].client, answers[loser], pages[loser].path).send().status_code == 302
    assert (stored(firm_id).employees, stored(firm_id).activity) == (43, "软件开发")
