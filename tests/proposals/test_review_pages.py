"""The bureau's side by its pages: the queue, the case, three decisions, and two reviewers at once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import db
from registry.base.vocabulary import Outcome
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.proposals.models import Proposal, ReturnedCell
from registry.proposals.services import proposals, reviews
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, post, signed_in, token_in

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司")


def page_of(answer: Any) -> Any:
    return html.fromstring(answer.get_data(as_text=True))


def words(answer: Any) -> str:
    return " ".join(page_of(answer).find(".//main").text_content().split())


def stage(app: Flask, proposal_id: int = 1) -> str:
    with app.app_context():
        return db.session.get_one(Proposal, proposal_id).firm.stage


def steps(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(PathwayEvent.action).order_by(PathwayEvent.id)))


# -- the queue ------------------------------------------------------------------------------------
def test_the_queue_is_by_age_with_a_word_and_a_shape_for_the_term(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        for name, days in zip(NAMES, (1, 9, 3), strict=True):
            world.submitted(name).waiting_since = NOW - timedelta(days=days)

    build(make)
    page = page_of(signed_in(app, "industry").get("/reviews"))
    rows = [
        (row.findtext(".//td[@class='firm-name']/a"), row[-2].text, row[-1].text_content().strip())
        for row in page.xpath("//tbody/tr")
    ]
    assert rows == [(NAMES[1], "7", "逾期 4 个工作日"), (NAMES[2], "3", "今日到期"), (NAMES[0], "1", "正常")]
    assert len(page.xpath("//tbody//svg[@class='shape']")) == 3


def test_the_queue_is_filtered_by_county_name_and_state(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.submitted(NAMES[0])
        world.under_review("陆丰市甲子软件有限公司", by="lufeng", operating_address="陆丰市东海镇人民路1号")

    build(make)
    client = signed_in(app, "industry")
    found = {
        query: page_of(client.get(f"/reviews?{query}")).xpath("//td[@class='firm-name']/a/text()")
        for query in ("", "county=441581", "q=云谷", "state=under_review", "q=没有")
    }
    assert found == {
        "": [NAMES[0], "陆丰市甲子软件有限公司"],
        "county=441581": ["陆丰市甲子软件有限公司"],
        "q=云谷": [NAMES[0]],
        "state=under_review": ["陆丰市甲子软件有限公司"],
        "q=没有": [],
    }
    assert "没有符合条件的提名" in words(client.get("/reviews?q=没有"))


def test_each_bureau_has_its_own_queue_and_a_county_has_none(app: Flask, build: Build) -> None:
    build(lambda world: world.submitted(NAMES[0]).id)
    answers = {
        who: signed_in(app, who).get("/reviews") for who in ("industry", "market", "leader", "haifeng", "sysadmin")
    }
    assert {who: answer.status_code for who, answer in answers.items()} == {
        "industry": 200, "market": 200, "leader": 200, "haifeng": 403, "sysadmin": 403,
    }  # fmt: skip
    assert [NAMES[0] in answers[who].get_data(as_text=True) for who in ("industry", "market", "leader")] == [
        True,
        False,
        True,
    ]
    assert "没有待核查的提名" in words(answers["market"])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_takes_nine_statements_whatever_its_length(app: Flask, build: Build, rows: int) -> None:
    def make(world: World) -> None:
        for name in NAMES[:rows]:
            world.submitted(name)

    build(make)
    client = signed_in(app, "industry")
    client.get("/reviews")
    with queries_counted(app) as seen:
        client.get("/reviews")
    assert len(seen) == QUEUE_STATEMENTS


QUEUE_STATEMENTS = 9


# -- the case -------------------------------------------------------------------------------------
def test_the_case_has_everything_a_decision_rests_on(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.firm("云谷（海丰）软件有限公司")
        world.under_review(NAMES[0])

    build(make)
    body = words(signed_in(app, "industry").get("/reviews/1"))
    for shown in (
        "查重结果",
        "名称的组成部分相同",
        "为什么还不是四上，还差什么",
        "1,500.00",
        "四上标准 2,000.00",
        "利润表",
        "办理过程",
        "提交的内容",
        "6513 应用软件开发",
    ):
        assert shown in body
    assert "13800135678" not in body


def test_only_the_bureau_of_the_case_and_those_who_see_all_open_it(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    codes = {
        who: signed_in(app, who).get("/reviews/1").status_code
        for who in ("industry", "industry2", "market", "haifeng", "lufeng", "leader", "auditor", "sysadmin")
    }
    assert codes == {
        "industry": 200, "industry2": 200, "market": 404, "haifeng": 404, "lufeng": 404, "leader": 200, "auditor": 200, "sysadmin": 404,
    }  # fmt: skip


def test_readers_see_no_buttons_and_cannot_decide(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    for who in ("leader", "cityoffice", "statistics", "haifeng", "market", "science"):
        client = signed_in(app, who)
        if client.get("/reviews/1").status_code == 200:
            forms = page_of(client.get("/reviews/1")).xpath("//main//form/@action")
            assert forms == (["/proposals/1/nudge"] if who == "cityoffice" else [])
        for action in ("take-up", "admission", "return", "rejection"):
            assert post(client, f"/reviews/1/{action}").status_code == 404
    assert stage(app) == "under_review"


# -- decisions ------------------------------------------------------------------------------------
def test_a_case_is_taken_up_once_by_one_person(app: Flask, build: Build) -> None:
    build(lambda world: world.submitted(NAMES[0]).id)
    first, second = signed_in(app, "industry"), signed_in(app, "industry2")
    assert [post(first, "/reviews/1/take-up").status_code for _ in range(2)] == [302, 302]
    late = post(second, "/reviews/1/take-up")
    assert late.status_code == 409
    assert "当前阶段是“部门核查”，不能执行“受理”。" in words(late)
    assert steps(app) == ["create", "submit", "take_up"]


def test_admitting_needs_the_industry_box_and_keeps_the_opinion(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    client = signed_in(app, "industry")
    refused = post(client, "/reviews/1/admission", {"admit-opinion": "材料齐全"})
    assert refused.status_code == 422
    assert page_of(refused).get_element_by_id("admit-opinion").text.strip() == "材料齐全"
    assert page_of(refused).xpath("//div[@class='error-summary']//a/@href") == ["#admit-industry_checked"]
    done = post(client, "/reviews/1/admission", {"admit-opinion": "材料齐全", "admit-industry_checked": "y"})
    assert (done.status_code, stage(app)) == (302, "admitted")
    with app.app_context():
        proposal = db.session.get_one(Proposal, 1)
        assert (proposal.outcome, proposal.opinion, proposal.reviewer.name) == (Outcome.ADMITTED, "材料齐全", "吴工")


def test_every_unmet_guard_of_admitting_is_listed_before_and_after(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.under_review("海丰县云谷软件有限公司汕尾分公司", unit_kind="branch", wan="800")

    build(make)
    client = signed_in(app, "industry")
    unmet = [
        "须为法人单位，或经批准的视同法人单位；分公司随其法人单位统计。",
        "营业收入未达入库线；可保留为线索并注明关注原因。",
    ]
    assert page_of(client.get("/reviews/1")).xpath("//details[@id='admission']//li/text()") == unmet
    refused = post(client, "/reviews/1/admission", {"admit-industry_checked": "y"})
    assert (refused.status_code, stage(app)) == (422, "under_review")
    assert [li.strip() for li in page_of(refused).xpath("//div[@class='error-summary']//li/a/text()")] == unmet


def test_sending_back_names_the_very_cells_with_a_note_each(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    client = signed_in(app, "industry")
    answer = post(
        client,
        "/reviews/1/return",
        {
            "return-reason_code": "R02",
            "return-cell_industry": "y",
            "return-note_industry": "与主营业务不符",
            "return-note_documents": "利润表缺第二页",  # a note alone ticks its box
            "return-note": "请三日内补正",
        },
    )
    assert (answer.status_code, stage(app)) == (302, "returned")
    with app.app_context():
        cells = db.session.execute(
            db.select(ReturnedCell.round, ReturnedCell.field, ReturnedCell.note).order_by(ReturnedCell.id)
        ).all()
        assert [tuple(cell) for cell in cells] == [
            (1, "industry", "与主营业务不符"),
            (1, "documents", "利润表缺第二页"),
        ]
        event = db.session.scalars(db.select(PathwayEvent).order_by(PathwayEvent.id.desc())).first()
        assert (event.reason_code, event.note) == ("R02", "请三日内补正")


def test_sending_back_without_reason_cells_or_notes_loses_nothing(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    client = signed_in(app, "industry")
    bare = post(client, "/reviews/1/return", {"return-note": "请补正"})
    assert (bare.status_code, stage(app)) == (422, "under_review")
    assert "请勾选需要补正的栏目。" in words(bare)
    assert page_of(bare).get_element_by_id("return-note").text.strip() == "请补正"
    half = page_of(post(client, "/reviews/1/return", {"return-reason_code": "R02", "return-cell_industry": "y"}))
    assert half.get_element_by_id("return-cell_industry").get("checked") is not None
    assert half.xpath("//select[@id='return-reason_code']/option[@selected]/@value") == ["R02"]
    assert half.xpath("//div[@class='error-summary']//a/@href") == ["#return-note_industry"]


def test_an_invented_reason_code_is_refused(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    answer = post(
        signed_in(app, "industry"), "/reviews/1/rejection", {"reject-reason_code": "R99", "reject-opinion": "不符合"}
    )
    assert (answer.status_code, stage(app)) == (422, "under_review")


def test_rejecting_needs_reason_and_opinion_and_closes_the_case(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    client = signed_in(app, "industry")
    assert post(client, "/reviews/1/rejection", {"reject-reason_code": "R04"}).status_code == 422
    assert (
        post(client, "/reviews/1/rejection", {"reject-reason_code": "R04", "reject-opinion": "分公司"}).status_code
        == 302
    )
    with app.app_context():
        proposal = db.session.get_one(Proposal, 1)
        assert (proposal.outcome, proposal.opinion, proposal.firm.stage) == (Outcome.REJECTED, "分公司", "rejected")


def test_a_decision_pressed_twice_has_one_effect(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    client = signed_in(app, "industry")
    codes = [post(client, "/reviews/1/admission", {"admit-industry_checked": "y"}).status_code for _ in range(2)]
    assert codes == [302, 409]
    assert steps(app) == ["create", "submit", "take_up", "admit"]


@pytest.mark.parametrize("attempt", range(2))
def test_of_two_reviewers_at_the_same_instant_one_decides(app: Flask, build: Build, attempt: int) -> None:
    build(lambda world: world.under_review(NAMES[0]).id)
    clients = [signed_in(app, who) for who in ("industry", "industry2")]
    tokens = [token_in(client.get("/password").get_data(as_text=True)) for client in clients]
    acts = [
        ("/reviews/1/admission", {"admit-industry_checked": "y"}),
        ("/reviews/1/rejection", {"reject-reason_code": "R04", "reject-opinion": "不符合"}),
    ]
    start, answers = threading.Barrier(2), []

    def press(client: FlaskClient, token: str, path: str, data: dict[str, str]) -> None:
        start.wait()
        answers.append(client.post(path, data={"csrf_token": token, **data}).status_code)

    threads = [
        threading.Thread(target=press, args=(client, token, *act))
        for client, token, act in zip(clients, tokens, acts, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409]
    assert len(steps(app)) == 4
    assert stage(app) in ("admitted", "rejected")


def test_the_proposer_and_their_office_cannot_review(app: Flask, build: Build) -> None:
    """The same person in another office, and another person of the same office."""

    def make(world: World) -> None:
        world.submitted(NAMES[0])
        clerk, colleague = world.user("haifeng"), world.user("haifeng2")
        clerk.office, clerk.roles = world.user("industry").office, ["officer"]
        colleague.roles = ["officer"]

    build(make)
    assert post(signed_in(app, "haifeng"), "/reviews/1/take-up").status_code == 404
    assert post(signed_in(app, "haifeng2"), "/reviews/1/take-up").status_code == 404
    assert stage(app) == "proposed"


def test_the_difference_to_the_last_round_is_shown(app: Flask, build: Build) -> None:
    build(lambda world: again(world, 1))
    page = page_of(signed_in(app, "industry").get("/reviews/1"))
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//section[h2='与上次提交相比']//tbody/tr")]
    assert rows == [["主营业务（有变化）", "请写具体", "软件开发和信息技术服务", "应用软件开发 1"]]


def test_after_three_returns_the_case_is_to_be_taken_to_the_city(app: Flask, build: Build) -> None:
    warning = "已退回 3 次，达到上限 3 次：请报市培育办协调，不宜再次退回。"
    build(lambda world: again(world, 2))
    client = signed_in(app, "industry")
    assert "请报市培育办协调" not in words(client.get("/reviews/1"))
    build(lambda world: one_more(world, 3))
    assert warning in words(client.get("/reviews/1"))


def again(world: World, times: int) -> None:
    world.submitted(NAMES[0])
    for number in range(1, times + 1):
        one_more(world, number)


def one_more(world: World, number: int) -> None:
    """Taken up, returned, mended and submitted once more."""
    proposal = db.session.get_one(Proposal, 1)
    officer, clerk = world.actor("industry"), world.actor("haifeng")
    reviews.take_up(officer, proposal, at=NOW, on=TODAY)
    reviews.send_back(officer, proposal, reason_code="R13", cells={"activity": "请写具体"}, note="", at=NOW, on=TODAY)
    entries.edit(
        clerk, db.session.get_one(Firm, proposal.firm_id), {"activity": f"应用软件开发 {number}"}, at=NOW, on=TODAY
    )
    proposals.submit(clerk, proposal.firm, at=NOW, on=TODAY)


def status(client: FlaskClient, page: str) -> int:
    with client.get(page) as answer:
        return answer.status_code


# -- a bureau that stands in ----------------------------------------------------------------------
def test_a_bureau_that_stands_in_for_the_lead_bureau_sees_the_firm_while_the_case_is_open(
    app: Flask, build: Build
) -> None:
    def make(world: World) -> tuple[int, int, int]:
        values = {"industry": "7310", "division": "441521", "operating_address": "海丰县海城镇人民路1号"}
        proposal = world.submitted("海丰县深蓝海洋研究有限公司", by="cityoffice", **values)
        return proposal.id, proposal.firm_id, world.document(proposal.firm, by="cityoffice").id

    proposal_id, firm_id, document_id = build(make)
    pages = (f"/reviews/{proposal_id}", f"/firms/{firm_id}", f"/documents/{document_id}", f"/firms/{firm_id}/contact")
    officer, other = signed_in(app, "industry"), signed_in(app, "market")
    assert [status(officer, page) for page in pages] == [200, 200, 200, 200]
    assert [status(other, page) for page in pages] == [404, 404, 404, 404]
    told = words(post(officer, pages[3], {"purpose": "实地走访"}))
    assert "13800135678" in told
    post(officer, f"/reviews/{proposal_id}/take-up")
    refusal = {"reject-reason_code": "R05", "reject-opinion": "实际经营地不在本市"}
    assert post(officer, f"/reviews/{proposal_id}/rejection", refusal).status_code == 302
    assert [status(officer, page) for page in pages] == [200, 404, 404, 404]


def test_an_opinion_with_a_character_that_turns_the_line_is_refused_and_kept(app: Flask, build: Build) -> None:
    build(lambda world: world.under_review())
    answer = post(signed_in(app, "industry"), "/reviews/1/rejection", {
        "reject-reason_code": "R05", "reject-opinion": "企业已\u202e迁出",
    })  # fmt: skip
    assert (answer.status_code, stage(app)) == (422, "under_review")
    assert "第4个字符" in words(answer)
    assert "企业已\u202e迁出" in answer.get_data(as_text=True)
