"""Notices, nudges and one's own mail by their pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from lxml import html

from registry.base.extensions import db
from registry.claims.services import claiming
from registry.entries.services import entries
from registry.merges.queries import plans
from registry.merges.rules import Pick
from registry.merges.services import merging
from registry.merges.services.merging import MergeChoice
from registry.notices.models import Letter, Notice, NoticeRead, Nudge
from registry.proposals.models import Proposal
from registry.proposals.services import proposals, reviews
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, post, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")


def words(answer: Any) -> str:
    return " ".join(html.fromstring(answer.get_data(as_text=True)).find(".//main").text_content().split())


def rows(answer: Any) -> list[list[str]]:
    page = html.fromstring(answer.get_data(as_text=True))
    return [[" ".join(c.text_content().split()) for c in row][1:3] for row in page.xpath("//main//table//tbody/tr")]


def submitted(world: World) -> int:
    return world.submitted(NAMES[0]).id


def returned(world: World) -> int:
    proposal = world.under_review(NAMES[0])
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R02", cells={"employees": "请核对"}, note="", at=NOW, on=TODAY
    )
    return proposal.id


def test_a_notice_is_counted_in_the_menu_shown_in_the_inbox_and_leads_to_its_case(app: Flask, build: Build) -> None:
    build(submitted)
    client = signed_in(app, "industry")
    page = html.fromstring(client.get("/inbox").get_data(as_text=True))
    entry = page.xpath("//nav[@aria-label='工作台']//a[@href='/notices']")[0]
    assert entry.text_content() == "消息1项"
    assert f"海丰县提交了“{NAMES[0]}”，请核查" in page.xpath("//section[.//h2='消息']")[0].text_content()
    assert rows(client.get("/notices")) == [["未读", f"海丰县提交了“{NAMES[0]}”，请核查"]]
    opened = post(client, "/notices/1/read", {"open": "1"}, page="/notices")
    assert (opened.status_code, opened.location) == (302, "/reviews/1")
    assert rows(client.get("/notices")) == [["已读", f"海丰县提交了“{NAMES[0]}”，请核查"]]
    assert "没有未读消息" in words(client.get("/notices?state=unread"))
    assert "消息1项" not in client.get("/inbox").get_data(as_text=True)


def test_what_one_has_read_a_colleague_has_not(app: Flask, build: Build) -> None:
    build(submitted)
    first, second = signed_in(app, "industry"), signed_in(app, "industry2")
    assert post(first, "/notices/read", page="/notices").location == "/notices"
    assert [rows(client.get("/notices"))[0][0] for client in (first, second)] == ["已读", "未读"]


def test_another_office_s_notice_is_not_there(app: Flask, build: Build) -> None:
    build(submitted)
    for who in ("lufeng", "science", "leader"):
        client = signed_in(app, who)
        assert post(client, "/notices/1/read", {"open": "1"}).status_code == 404
        assert "还没有消息" in words(client.get("/notices"))
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(NoticeRead.id))) == 0


def test_reading_the_list_marks_nothing(app: Flask, build: Build) -> None:
    build(submitted)
    client = signed_in(app, "industry")
    client.get("/notices")
    client.get("/inbox")
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(NoticeRead.id))) == 0


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_as_many_statements_for_three_rows_as_for_one(app: Flask, build: Build, many: int) -> None:
    build(lambda world: [world.submitted(name) for name in NAMES[:many]] and None)
    client = signed_in(app, "industry")
    client.get("/notices")
    with queries_counted(app) as seen:
        client.get("/notices")
    assert len(seen) == 6


# -- nudges ---------------------------------------------------------------------------------------
def test_one_press_nudges_and_the_other_side_sees_it(app: Flask, build: Build) -> None:
    number = build(submitted)
    office = signed_in(app, "haifeng")
    page = f"/proposals/{number}"
    assert "催请市工信局核查" in words(office.get(page))
    pressed = post(office, f"{page}/nudge", {"note": "企业急需"}, page=page)
    assert (pressed.status_code, pressed.location) == (302, page)
    assert "催办：催请市工信局核查：企业急需" in words(office.get(page)).replace("“", "").replace("”", "")
    bureau = signed_in(app, "industry")
    assert "被催办 1 次" in words(bureau.get("/inbox"))
    told = sorted(text for _state, text in rows(bureau.get("/notices")))
    assert told == [f"海丰县催办：请核查“{NAMES[0]}”", f"海丰县提交了“{NAMES[0]}”，请核查"]


def test_a_second_press_on_one_day_is_refused_with_a_sentence(app: Flask, build: Build) -> None:
    number = build(submitted)
    client = signed_in(app, "haifeng")
    for _ in range(2):
        post(client, f"/proposals/{number}/nudge")
    assert "本单位已于 2021-10-15 催办，同一事项每个工作日只能催办一次。" in words(client.get("/proposals"))
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Nudge.id))) == 1


def test_who_may_nudge_whom(app: Flask, build: Build) -> None:
    people = ("haifeng", "lufeng", "industry", "market", "cityoffice", "leader", "statistics")
    at_review = build(submitted)
    codes = {who: post(signed_in(app, who), f"/proposals/{at_review}/nudge").status_code for who in people}
    assert codes == {
        "haifeng": 302, "lufeng": 404, "industry": 404, "market": 404, "cityoffice": 302, "leader": 404,
        "statistics": 404,
    }  # fmt: skip
    sent_back = build(lambda world: _sent_back(world, NAMES[1]))
    codes = {who: post(signed_in(app, who), f"/proposals/{sent_back}/nudge").status_code for who in people}
    assert codes == {
        "haifeng": 404, "lufeng": 404, "industry": 302, "market": 404, "cityoffice": 302, "leader": 404,
        "statistics": 404,
    }  # fmt: skip


def _sent_back(world: World, name: str) -> int:
    proposal = world.under_review(name)
    reviews.send_back(
        world.actor("industry"), proposal, reason_code="R02", cells={"employees": "请核对"}, note="", at=NOW, on=TODAY
    )
    return proposal.id


def test_a_claim_is_nudged_by_either_office_and_nobody_else(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        claiming.claim(
            world.actor("lufeng"), world.firm(NAMES[0]), world.user("lufeng").office, ground="在东海镇", at=NOW
        )

    build(make)
    codes = {
        who: post(signed_in(app, who), "/claims/1/nudge", {"note": f"{who}催"}).status_code
        for who in ("haifeng", "lufeng", "luhe", "industry", "cityoffice")
    }
    assert codes == {"haifeng": 302, "lufeng": 302, "luhe": 404, "industry": 404, "cityoffice": 404}
    city = signed_in(app, "cityoffice")
    assert "被催办 2 次" in words(city.get("/inbox"))
    for who in ("haifeng", "lufeng", "cityoffice"):
        shown = words(signed_in(app, who).get("/claims/1"))
        assert "haifeng催" in shown
        assert "lufeng催" in shown


def test_the_timeline_keeps_both_rounds_with_what_changed(app: Flask, build: Build) -> None:
    number = build(returned)
    client = signed_in(app, "haifeng")
    with app.app_context():
        world = World()
        firm = db.session.get_one(Proposal, number).firm
        entries.edit(world.actor("haifeng"), firm, {"employees": 12}, at=NOW, on=TODAY)
        proposals.submit(world.actor("haifeng"), firm, at=NOW, on=TODAY)
        db.session.commit()
    page = html.fromstring(client.get(f"/proposals/{number}").get_data(as_text=True))
    table = page.xpath("//table[caption='第 2 次提交的改动']")[0]
    heads = [head.text for head in table.xpath(".//thead//th")]
    cells = [" ".join(cell.text_content().split()) for cell in table.xpath(".//tbody/tr/*")]
    assert heads == ["栏目", "退回意见", "第 1 次提交", "第 2 次提交"]
    assert cells[1:] == ["请核对", "--", "12"]
    course = [" ".join(item.text_content().split()) for item in page.xpath("//ol[@class='timeline']/li")]
    assert [("12" in line, "请核对" in line) for line in course[:2]] == [(True, False), (False, True)]


# -- mail -----------------------------------------------------------------------------------------
def test_a_person_chooses_to_be_written_to(app: Flask) -> None:
    client = signed_in(app, "haifeng")
    assert "没有配置邮件服务器" in words(client.get("/account/mail"))
    saved = post(client, "/account/mail", {"email": "chen@example.gov.cn", "wanted": "y"})
    assert saved.status_code == 302
    field = html.fromstring(client.get("/account/mail").get_data(as_text=True)).get_element_by_id("email")
    assert field.get("value") == "chen@example.gov.cn"


def test_a_wrong_address_is_said_at_its_field(app: Flask) -> None:
    answer = post(signed_in(app, "haifeng"), "/account/mail", {"email": "chen", "wanted": "y"})
    page = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert page.xpath("//div[@class='error-summary']//a/@href") == ["#email"]


def test_a_test_letter_that_no_server_takes_says_so_on_the_page(app: Flask) -> None:
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=1, SMTP_FROM="registry@example.gov.cn", SMTP_TLS="none")
    client = signed_in(app, "haifeng")
    post(client, "/account/mail", {"email": "chen@example.gov.cn", "wanted": "y"})
    assert post(client, "/account/mail/test", page="/account/mail").status_code == 302
    shown = words(client.get("/account/mail"))
    assert "等待发送" in shown
    assert "ConnectionRefusedError" in shown
    with app.app_context():
        assert [letter.tries for letter in db.session.scalars(db.select(Letter))] == [1]
        assert [notice.kind for notice in db.session.scalars(db.select(Notice))] == ["letter_test"]


def test_administrators_have_no_notices_and_no_letters(app: Flask) -> None:
    client = signed_in(app, "sysadmin")
    assert [client.get(path).status_code for path in ("/notices", "/account/mail")] == [403, 403]


def test_a_notice_of_a_merge_leads_the_office_to_what_it_may_read_of_the_other_entry(app: Flask, build: Build) -> None:
    def make(world: World) -> str:
        ours = world.admitted(NAMES[0])
        theirs = world.admitted("陆丰市云帆数据有限公司", by="lufeng", division="441581")
        picks = {clash.key: Pick.WINNER for clash in plans.plan(ours, theirs).clashes}
        choice = MergeChoice("重复登记", picks, code_ground="mistyped", code_checked=True)
        merging.merge(world.actor("cityoffice"), ours, theirs, choice, at=NOW, on=TODAY)
        return str(ours.credit_code)

    code = build(make)
    lufeng = signed_in(app, "lufeng")
    page = lufeng.get("/notices")
    assert rows(page)[0][1] == "市科技局将“陆丰市云帆数据有限公司”并入海丰县的另一条登记（填报单位：海丰县）"
    number = re.findall(r"/notices/(\d+)/read", page.get_data(as_text=True))[0]
    shown = lufeng.get(post(lufeng, f"/notices/{number}/read", {"open": "1"}).location, follow_redirects=True)
    assert shown.status_code == 200
    assert [word for word in (NAMES[0], code) if word in page.get_data(as_text=True) + words(shown)] == []
