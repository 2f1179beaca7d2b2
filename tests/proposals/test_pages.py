"""Proposing by form: the look into the directory, the draft, the check before submitting, the case."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.entries.services import entries
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries.firms import with_code
from registry.pathway.models import PathwayEvent
from registry.proposals.models import Proposal
from registry.proposals.services import proposals, reviews
from registry.trail.models import TrailEntry
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, credit_code, post, signed_in, token_in

NAME = "海丰县云谷软件有限公司"


def text_of(answer: Any, path: str = ".//main") -> str:
    return " ".join(html.fromstring(answer.get_data(as_text=True)).find(path).text_content().split())


def details(**changed: Any) -> dict[str, Any]:
    return {
        "name": NAME,
        "credit_code": credit_code(1),
        "division": "441521",
        "registered_address": "海丰县海城镇人民路1号",
        "operating_address": "海丰县海城镇人民路1号",
        "industry": "6513",
        "unit_kind": "legal_person",
        "contact_name": "陈小明",
        "contact_phone": "13800135678",
        **changed,
    }


def ids_of(firm: Firm) -> tuple[int, str | None]:
    return firm.id, firm.credit_code


def case_of(proposal: Proposal) -> tuple[int, int]:
    return proposal.id, proposal.firm_id


def counted(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


# -- hints ----------------------------------------------------------------------------------------
def test_a_hint_of_the_own_firm_has_link_stage_sentence_and_parts(app: Flask, build: Build) -> None:
    firm_id, code = build(lambda world: ids_of(world.firm(NAME)))
    body = signed_in(app, "haifeng").get("/proposals/hints?name=海豐縣雲谷軟件有限公司").get_data(as_text=True)
    shown = html.fromstring(f"<main>{body}</main>")
    assert [(a.get("href"), a.text) for a in shown.iter("a")] == [
        (f"/firms/{firm_id}", NAME),
        (f"/firms/{firm_id}", "打开档案"),
        (f"/firms/{firm_id}/nomination", "就是这家，继续提名"),
    ]
    words = " ".join(shown.text_content().split())
    assert "线索" in words
    assert code in words
    assert "名称相同" in words
    assert [part.text for part in shown.findall(".//div[@class='parts']/span")] == [
        "海丰县",
        "云谷",
        "软件",
        "有限公司",
    ]
    assert [part.findtext("small") for part in shown.findall(".//span[@class='differs']")] == [
        "区划（写法不同）",
        "字号（写法不同）",
        "行业（写法不同）",
    ]


def test_a_hint_of_another_county_s_firm_says_that_where_and_whom_and_no_more(app: Flask, build: Build) -> None:
    canary = "海丰县金丝雀软件有限公司"

    def make(world: World) -> str:
        firm = world.admitted(
            canary, registered_address="海丰县海城镇金丝雀路9号", wan="1234.56", activity="金丝雀业务"
        )
        return str(firm.credit_code)

    code = build(make)
    body = (
        signed_in(app, "lufeng")
        .get(f"/proposals/hints?name={canary}&credit_code={credit_code(99)}")
        .get_data(as_text=True)
    )
    assert " ".join(html.fromstring(f"<main>{body}</main>").text_content().split()) == (
        "代码校验通过 他处已有 海丰县已有名称相同的企业，请联系海丰县核实。"
    )
    for secret in ("金丝雀", code, code[8:17], "在库培育", "1,234.56", "1234", "/firms/", "陈", "13800"):
        assert secret not in body


@pytest.mark.parametrize("typed", ["云谷软件有限公司", "陆丰市云谷软件有限公司", "海丰县云谷"])
def test_a_firm_elsewhere_that_is_merely_alike_gives_no_hint(app: Flask, build: Build, typed: str) -> None:
    build(lambda world: world.firm(NAME).id)
    body = signed_in(app, "lufeng").get(f"/proposals/hints?name={typed}").get_data(as_text=True)
    assert html.fromstring(f"<main>{body}</main>").text_content().strip() == "名录中没有发现相同或相似的企业。"


def test_the_number_of_firms_elsewhere_does_not_show(app: Flask, build: Build) -> None:
    def once(world: World) -> None:
        world.firm(NAME, credit_code=None, no_code_reason="正在办理")

    build(once)
    client = signed_in(app, "lufeng")
    alone = client.get(f"/proposals/hints?name={NAME}").data
    build(once)
    assert client.get(f"/proposals/hints?name={NAME}").data == alone


@pytest.mark.parametrize(
    "code,sentence",
    [
        ("91441521MA0000O156", "统一社会信用代码第 15 位不能是“O”"),
        ("9144152", "统一社会信用代码应为18位，现为 7 位"),
        ("440301103097413", "这是原15位工商注册号"),
        (credit_code(1)[:17] + "A", "统一社会信用代码第18位校验不符"),
    ],
    ids=["letter", "length", "old number", "check"],
)
def test_the_code_check_says_what_is_wrong_and_where(app: Flask, code: str, sentence: str) -> None:
    body = signed_in(app, "haifeng").get(f"/proposals/hints?name=&credit_code={code}").get_data(as_text=True)
    assert sentence in body


def test_a_confusable_letter_is_suggested_and_never_applied(app: Flask) -> None:
    code = credit_code(1)
    typed = code[:2] + code[2:].replace("0", "O")
    body = signed_in(app, "haifeng").get(f"/proposals/hints?credit_code={typed}").get_data(as_text=True)
    assert f"是否为 {code}？" in body


def test_a_firm_that_asks_for_itself_is_not_its_own_hint(app: Flask, build: Build) -> None:
    firm_id = build(lambda world: world.firm(NAME).id)
    own, foreign = signed_in(app, "haifeng"), signed_in(app, "lufeng")
    assert NAME not in own.get(f"/firms/{firm_id}/hints?name={NAME}").get_data(as_text=True)
    hidden = foreign.get(f"/firms/{firm_id}/hints?name={NAME}").data
    assert (
        hidden == foreign.get(f"/proposals/hints?name={NAME}").data
    )  # an id tells nothing to who may not see the firm


def test_administrators_and_readers_get_no_hints(app: Flask, build: Build) -> None:
    build(lambda world: world.firm(NAME).id)
    answers = {
        who: signed_in(app, who).get(f"/proposals/hints?name={NAME}").status_code
        for who in ("sysadmin", "leader", "auditor", "industry")
    }
    assert answers == {"sysadmin": 403, "leader": 403, "auditor": 403, "industry": 200}


# -- step one -------------------------------------------------------------------------------------
def test_without_script_the_same_is_told_after_sending(app: Flask, build: Build) -> None:
    build(lambda world: world.firm(NAME).id)
    own = text_of(signed_in(app, "haifeng").get(f"/proposals/new?name={NAME}&credit_code="))
    other = text_of(signed_in(app, "lufeng").get(f"/proposals/new?name={NAME}&credit_code="))
    assert "名称相同" in own
    assert "不是上列企业，继续填报" in own
    assert "海丰县已有名称相同的企业，请联系海丰县核实。" in other
    assert "线索" not in other


def test_a_wrong_code_stops_at_its_field_and_keeps_what_was_typed(app: Flask) -> None:
    answer = signed_in(app, "haifeng").get(f"/proposals/new?name={NAME}&credit_code=9144")
    page = html.fromstring(answer.get_data(as_text=True))
    assert (
        page.get_element_by_id("credit_code-error").text_content().strip()
        == "统一社会信用代码应为18位，现为 4 位，请核对营业执照"
    )
    assert [page.get_element_by_id(name).get("value") for name in ("name", "credit_code")] == [NAME, "9144"]
    assert page.xpath("//a[contains(@href, '/proposals/new/details')]") == []


def test_a_name_is_needed(app: Flask) -> None:
    assert "请填写企业名称。" in text_of(signed_in(app, "haifeng").get("/proposals/new?name=&credit_code="))


# -- step two -------------------------------------------------------------------------------------
def test_a_draft_is_a_lead_of_the_own_office(app: Flask) -> None:
    client = signed_in(app, "haifeng")
    answer = post(client, "/proposals/new/details", details(draft="1", former_names="海丰县旧名软件有限公司"))
    assert (answer.status_code, answer.location) == (302, "/proposals?state=draft")
    with app.app_context():
        firm = with_code(credit_code(1))
        assert firm is not None
        assert (firm.stage, firm.office.code, firm.name, firm.lead_bureau.code) == ("lead", "441521", NAME, "industry")
        assert [former.name for former in db.session.scalars(db.select(FormerName))] == ["海丰县旧名软件有限公司"]
    assert NAME in text_of(client.get("/proposals?state=draft"))


def test_going_on_leads_to_the_check(app: Flask) -> None:
    answer = post(signed_in(app, "haifeng"), "/proposals/new/details", details(next="1"))
    assert (answer.status_code, answer.location) == (302, "/firms/1/nomination")


def test_a_faulty_form_keeps_everything_that_was_typed(app: Flask) -> None:
    given = details(industry="不知道", founded_on="去年", contact_phone="abc")
    answer = post(signed_in(app, "haifeng"), "/proposals/new/details", given)
    page = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 422
    kept = {
        key: page.get_element_by_id(key).get("value")
        for key in ("name", "credit_code", "industry", "founded_on", "contact_phone")
    }
    assert kept == {key: given[key] for key in kept}
    links = [a.get("href") for a in page.xpath("//div[@class='error-summary']//a")]
    assert sorted(links) == ["#contact_phone", "#founded_on", "#industry"]
    assert counted(app, Firm) == 0


def test_a_town_that_shenzhen_runs_is_refused_with_the_reason(app: Flask) -> None:
    with app.app_context():
        town = db.session.execute(
            db.text("select code, excluded_reason from division where excluded_reason <> '' order by code")
        ).first()
    answer = post(signed_in(app, "haifeng"), "/proposals/new/details", details(town=town.code))
    assert answer.status_code == 422
    error = html.fromstring(answer.get_data(as_text=True)).get_element_by_id("town-error").text_content()
    assert town.excluded_reason in error
    assert counted(app, Firm) == 0


def test_another_county_s_division_is_refused(app: Flask) -> None:
    answer = post(signed_in(app, "haifeng"), "/proposals/new/details", details(division="441581"))
    assert (answer.status_code, counted(app, Firm)) == (422, 0)


def test_an_equal_name_is_shown_before_anything_is_kept_and_needs_a_word(app: Flask, build: Build) -> None:
    build(lambda world: world.firm(NAME, credit_code=None, no_code_reason="正在办理").id)
    client = signed_in(app, "haifeng2")
    given = details(credit_code="", no_code_reason="正在办理登记")
    first = post(client, "/proposals/new/details", given)
    assert (first.status_code, counted(app, Firm)) == (422, 1)
    assert "名录中有相似的企业，请先核对，确认不是同一家后勾选。" in text_of(first)
    second = post(client, "/proposals/new/details", {**given, "checked": "y"})
    assert (second.status_code, counted(app, Firm)) == (302, 2)
    with app.app_context():
        asked = select(TrailEntry.reason).where(TrailEntry.verb == "create").order_by(TrailEntry.seq)
        created = db.session.scalars(asked).all()
    assert [bool(reason) for reason in created] == [False, True]


def test_the_same_word_is_asked_where_the_other_firm_is_another_county_s(app: Flask, build: Build) -> None:
    build(lambda world: world.firm("海丰县星河数据有限公司", credit_code=None, no_code_reason="正在办理").id)
    given = details(name="海丰县星河数据有限公司", division="441581", registered_address="", operating_address="")
    answer = post(signed_in(app, "lufeng"), "/proposals/new/details", given)
    assert answer.status_code == 422
    assert "海丰县已有名称相同的企业" in text_of(answer)


def test_a_code_held_by_the_own_office_links_to_its_firm(app: Flask, build: Build) -> None:
    firm_id, code = build(lambda world: ids_of(world.firm("海丰县老名字软件有限公司")))
    answer = post(signed_in(app, "haifeng"), "/proposals/new/details", details(credit_code=code, checked="y"))
    page = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert (
        page.get_element_by_id("credit_code-error").text_content().strip()
        == f"统一社会信用代码 {code} 已在名录中，不能重复登记。"
    )
    assert page.xpath("//section[@id='found']//a/@href") == [
        f"/firms/{firm_id}", f"/firms/{firm_id}", f"/firms/{firm_id}/nomination",
    ]  # fmt: skip


def test_a_code_held_by_another_office_leads_to_a_claim(app: Flask, build: Build) -> None:
    code = build(lambda world: world.firm("海丰县老名字软件有限公司").credit_code)
    given = details(
        name="陆丰市新名字软件有限公司",
        credit_code=code,
        division="441581",
        registered_address="",
        operating_address="",
        checked="y",
    )
    answer = post(signed_in(app, "lufeng"), "/proposals/new/details", given)
    page = html.fromstring(answer.get_data(as_text=True))
    assert (answer.status_code, counted(app, Firm)) == (422, 1)
    assert page.xpath("//section[@id='found']//a/@href") == [f"/claims/new?credit_code={code}"]
    assert "老名字" not in answer.get_data(as_text=True)
    assert page.get_element_by_id("name").get("value") == "陆丰市新名字软件有限公司"


def test_the_button_pressed_twice_makes_one_firm(app: Flask) -> None:
    client = signed_in(app, "haifeng")
    for _ in range(2):
        answer = post(client, "/proposals/new/details", details(next="1", form_key="one key for both presses"))
        assert (answer.status_code, answer.location) == (302, "/firms/1/nomination")
    assert counted(app, Firm) == 1


def test_a_tick_is_for_the_firms_that_were_shown_and_no_later_one(app: Flask, build: Build) -> None:
    client = signed_in(app, "haifeng")
    given = details(name="海丰县南湖网络有限公司", credit_code="", no_code_reason="正在办理")
    build(lambda world: world.firm("海丰县南湖网络有限责任公司", credit_code=None).id)
    asked = html.fromstring(post(client, "/proposals/new/details", given).get_data(as_text=True))
    given |= {"looked": asked.get_element_by_id("looked").get("value"), "checked": "y"}
    build(lambda world: world.firm(given["name"], credit_code=None, by="haifeng2").id)
    again = post(client, "/proposals/new/details", given)
    page = html.fromstring(again.get_data(as_text=True))
    assert (again.status_code, counted(app, Firm)) == (422, 2)
    assert page.get_element_by_id("checked").get("checked") is None
    given |= {"looked": page.get_element_by_id("looked").get("value")}
    assert (post(client, "/proposals/new/details", given).status_code, counted(app, Firm)) == (302, 3)


# -- check and submit -----------------------------------------------------------------------------
def test_every_unmet_guard_is_listed_with_the_way_to_mend_it(app: Flask, build: Build) -> None:
    firm_id = build(lambda world: world.firm(NAME, industry="65", contact_name="", contact_phone="").id)
    page = html.fromstring(signed_in(app, "haifeng").get(f"/firms/{firm_id}/nomination").get_data(as_text=True))
    guards = {a.text: a.get("href") for a in page.xpath("//section[h2='能否提交']//a")}
    assert guards == {
        "请填写四位行业代码。": f"/firms/{firm_id}/edit#industry",
        "请填写联系人和电话。": f"/firms/{firm_id}/edit#contact_name",
        "请登记至少一期营业收入，并附利润表等凭证。": f"/firms/{firm_id}/figures/new",
    }


def test_submitting_all_the_same_lists_them_on_top_and_changes_nothing(app: Flask, build: Build) -> None:
    firm_id = build(lambda world: world.firm(NAME).id)
    client = signed_in(app, "haifeng")
    answer = post(client, f"/firms/{firm_id}/nomination", {"note": "请尽快"})
    page = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert page.xpath("//div[@class='error-summary']//a/text()") == ["请登记至少一期营业收入，并附利润表等凭证。"]
    assert page.get_element_by_id("note").text.strip() == "请尽快"
    assert counted(app, Proposal) == 0


def test_the_check_shows_what_goes_to_the_bureau_with_contacts_masked(app: Flask, build: Build) -> None:
    def make(world: World) -> int:
        firm = world.firm(NAME)
        world.figure(firm, "1500.50")
        return firm.id

    body = text_of(signed_in(app, "haifeng").get(f"/firms/{build(make)}/nomination"))
    for shown in (
        NAME,
        "6513 应用软件开发",
        "海丰县",
        "法人单位",
        "1,500.50",
        "2021-09",
        "利润表",
        "可以提交",
        "提交后由市工信局核查。",
        "138****5678",
    ):
        assert shown in body
    assert "13800135678" not in body


def test_a_firm_is_submitted_once_however_often_the_button_is_pressed(app: Flask, build: Build) -> None:
    def make(world: World) -> int:
        firm = world.firm(NAME)
        world.figure(firm, "1500")
        return firm.id

    firm_id = build(make)
    client = signed_in(app, "haifeng")
    first = post(client, f"/firms/{firm_id}/nomination", {"note": "材料已核对"})
    second = post(client, f"/firms/{firm_id}/nomination", {"note": "材料已核对"})
    assert [(a.status_code, a.location) for a in (first, second)] == [(302, "/proposals/1")] * 2
    with app.app_context():
        steps = db.session.scalars(db.select(PathwayEvent.action).order_by(PathwayEvent.id)).all()
    assert steps == ["create", "submit"]


def test_two_presses_at_the_same_instant_make_one_nomination(app: Flask, build: Build) -> None:
    def make(world: World) -> int:
        firm = world.firm(NAME)
        world.figure(firm, "1500")
        return firm.id

    path = f"/firms/{build(make)}/nomination"
    clients = [signed_in(app, who) for who in ("haifeng", "haifeng2")]
    tokens = [token_in(client.get("/password").get_data(as_text=True)) for client in clients]
    start, answers = threading.Barrier(2), []

    def press(client: FlaskClient, token: str) -> None:
        start.wait()
        answers.append(client.post(path, data={"csrf_token": token}).status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in zip(clients, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) in ([302, 302], [302, 409], [302, 422])
    with app.app_context():
        proposal = db.session.scalars(db.select(Proposal)).unique().one()
        assert (proposal.rounds, len(proposal.submissions)) == (1, 1)


def test_another_county_cannot_check_submit_or_read_it(app: Flask, build: Build) -> None:
    proposal_id, firm_id = build(lambda world: case_of(world.submitted(NAME)))
    client = signed_in(app, "lufeng")
    paths = [f"/firms/{firm_id}/nomination", f"/proposals/{proposal_id}", f"/proposals/{proposal_id}/withdrawal"]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    assert post(client, f"/firms/{firm_id}/nomination").status_code == 404
    assert post(client, f"/proposals/{proposal_id}/withdrawal").status_code == 404
    with app.app_context():
        refused = db.session.scalars(
            db.select(TrailEntry.reason).where(TrailEntry.verb == "refused").order_by(TrailEntry.seq)
        ).all()
        assert refused == ["firm.read", "proposal.read", "proposal.read", "firm.read", "proposal.read"]
        assert db.session.scalars(db.select(Proposal)).unique().one().outcome is None


def test_a_bureau_that_reads_a_case_cannot_submit_or_withdraw_it(app: Flask, build: Build) -> None:
    proposal_id, firm_id = build(lambda world: case_of(world.submitted(NAME)))
    client = signed_in(app, "industry")
    assert client.get(f"/proposals/{proposal_id}").status_code == 200
    assert post(client, f"/firms/{firm_id}/nomination").status_code == 404
    assert post(client, f"/proposals/{proposal_id}/withdrawal").status_code == 404


# -- the case -------------------------------------------------------------------------------------
def test_a_returned_case_shows_cells_notes_rounds_and_what_changed(app: Flask, build: Build) -> None:
    def make(world: World) -> tuple[int, int]:
        proposal = world.under_review(NAME)
        reviews.send_back(
            world.actor("industry"),
            proposal,
            reason_code="R02",
            cells={"industry": "与主营业务不符"},
            note="请补正",
            at=NOW,
            on=TODAY,
        )
        return proposal.id, proposal.firm_id

    proposal_id, firm_id = build(make)
    client = signed_in(app, "haifeng")
    page = html.fromstring(client.get(f"/proposals/{proposal_id}").get_data(as_text=True))
    cells = page.xpath("//section[h2='退回的栏目']//dt/text()"), page.xpath("//section[h2='退回的栏目']//dd/text()")
    assert ([t.strip() for t in cells[0]], [t.strip() for t in cells[1] if t.strip()]) == (
        ["行业代码"],
        ["与主营业务不符"],
    )
    assert page.xpath("//section[h2='退回的栏目']//a/@href") == [f"/firms/{firm_id}/edit#industry"]
    assert page.xpath("//section[h2='办理过程']//q/text()") == ["请补正"]

    unmended = post(client, f"/firms/{firm_id}/nomination")
    assert unmended.status_code == 422
    assert "退回的栏目还没有修改，不能重新提交：行业代码。" in text_of(unmended)

    def mend(world: World) -> None:
        entries.edit(world.actor("haifeng"), db.session.get_one(Firm, firm_id), {"industry": "6531"}, at=NOW, on=TODAY)

    build(mend)
    assert post(client, f"/firms/{firm_id}/nomination").location == f"/proposals/{proposal_id}"
    page = html.fromstring(client.get(f"/proposals/{proposal_id}").get_data(as_text=True))
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//section[h2='各次提交的改动']//tbody/tr")]
    assert rows == [["行业代码（有变化）", "与主营业务不符", "6513 应用软件开发", "6531 信息系统集成服务"]]


def test_a_case_is_withdrawn_with_its_reason_and_only_once(app: Flask, build: Build) -> None:
    proposal_id = build(lambda world: world.submitted(NAME).id)
    client = signed_in(app, "haifeng")
    assert client.get(f"/proposals/{proposal_id}/withdrawal").status_code == 200
    answers = [post(client, f"/proposals/{proposal_id}/withdrawal", {"note": "企业要求"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    with app.app_context():
        events = db.session.execute(db.select(PathwayEvent.action, PathwayEvent.note).order_by(PathwayEvent.id)).all()
    assert [tuple(event) for event in events][1:] == [("submit", ""), ("withdraw", "企业要求")]


def test_the_form_of_a_withdrawal_is_not_offered_after_take_up(app: Flask, build: Build) -> None:
    proposal_id = build(lambda world: world.under_review(NAME).id)
    client = signed_in(app, "haifeng")
    answer = client.get(f"/proposals/{proposal_id}/withdrawal")
    assert (answer.status_code, answer.location) == (302, f"/proposals/{proposal_id}")
    page = client.get(answer.location)
    assert "部门已受理，不能撤回" in text_of(page)
    assert f"/proposals/{proposal_id}/withdrawal" not in page.get_data(as_text=True)


def test_a_case_taken_up_meanwhile_is_not_withdrawn(app: Flask, build: Build) -> None:
    proposal_id = build(lambda world: world.under_review(NAME).id)
    answer = post(signed_in(app, "haifeng"), f"/proposals/{proposal_id}/withdrawal")
    assert answer.status_code == 409
    assert "当前阶段是“部门核查”，不能执行“撤回”。" in text_of(answer)


# -- the list -------------------------------------------------------------------------------------
def test_the_list_counts_states_and_keeps_the_search_in_the_address(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        world.firm(NAME)
        world.submitted("海丰县星河数据有限公司")
        world.submitted("陆丰市甲子软件有限公司", by="lufeng", operating_address="陆丰市东海镇人民路1号")

    build(make)
    client = signed_in(app, "haifeng")
    page = html.fromstring(client.get("/proposals?q=海丰").get_data(as_text=True))
    strip = {
        a.text_content()[1:].strip(): (a.findtext("strong"), a.get("href"))
        for a in page.xpath("//ul[@class='strip']//a")
    }
    assert {key: value[0] for key, value in strip.items() if value[0] != "0"} == {
        "全部": "2",
        "草稿（线索）": "1",
        "已提名": "1",
    }
    assert strip["已提名"][1] == "/proposals?q=%E6%B5%B7%E4%B8%B0&state=proposed"
    named = page.xpath("//td[@class='firm-name']/a/text()")
    assert named == ["海丰县星河数据有限公司", NAME]
    assert "陆丰市甲子" not in client.get("/proposals").get_data(as_text=True)
    assert "没有符合条件的提名" in text_of(client.get("/proposals?q=没有这个名字"))
    assert client.get("/proposals?state=nonsense&page=-3&per_page=7").status_code == 200


def test_an_empty_list_says_how_to_begin(app: Flask) -> None:
    assert "还没有提名" in text_of(signed_in(app, "haifeng").get("/proposals"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_statements_for_three_rows_as_for_one(app: Flask, build: Build, rows: int) -> None:
    def make(world: World) -> None:
        for name in (NAME, "海丰县星河数据有限公司", "海丰县南湖网络有限公司")[:rows]:
            world.submitted(name)

    build(make)
    client = signed_in(app, "haifeng")
    client.get("/proposals")
    with queries_counted(app) as seen:
        client.get("/proposals")
    assert len(seen) == LIST_STATEMENTS


LIST_STATEMENTS = 7


def test_a_submission_leads_through_to_the_directory(app: Flask) -> None:
    """The whole way by the pages alone, but for figure and paper, which have pages of their own."""
    clerk, officer = signed_in(app, "haifeng"), signed_in(app, "industry")
    post(
        clerk,
        "/proposals/new/details",
        details(next="1", accounting="enterprise", founded_on="2018-05-20", activity="应用软件开发"),
    )
    with app.app_context():
        world = World()
        world.figure(db.session.get_one(Firm, 1), "1500")
        db.session.commit()
    assert post(clerk, "/firms/1/nomination").location == "/proposals/1"
    assert post(officer, "/reviews/1/take-up").location == "/reviews/1"
    answer = post(officer, "/reviews/1/admission", {"admit-industry_checked": "y", "admit-opinion": "同意"})
    assert (answer.status_code, answer.location) == (302, "/reviews?last=1")
    with app.app_context():
        firm = db.session.get_one(Firm, 1)
        assert (firm.stage, firm.industry_confirmed) == ("admitted", True)
    assert "审核通过" in text_of(clerk.get("/proposals/1"))


def test_the_service_is_the_judge_where_a_page_is_passed_by(app: Flask, build: Build) -> None:
    """A withdrawn firm has nothing to submit: the page is not there, and nothing is written."""

    def make(world: World) -> int:
        proposal = world.submitted(NAME)
        proposals.withdraw(world.actor("haifeng"), proposal, at=NOW, on=TODAY)
        return proposal.firm_id

    firm_id = build(make)
    assert post(signed_in(app, "haifeng"), f"/firms/{firm_id}/nomination").status_code == 404
    assert counted(app, Proposal) == 1
