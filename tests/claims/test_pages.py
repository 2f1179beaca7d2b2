"""Claims by their pages: what each side may see, who decides, and that it happens once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from lxml import html

from registry.base.extensions import db
from registry.claims.models import Claim
from registry.claims.services import claiming
from registry.firms.models.firms import Firm
from tests.queries_counted import queries_counted
from tests.world import NOW, Build, World, credit_code, post, signed_in, token_in

NAME = "海丰县金丝雀软件有限公司"
GROUND = "实际经营地在陆丰市东海镇"


def words(answer: Any) -> str:
    return " ".join(html.fromstring(answer.get_data(as_text=True)).find(".//main").text_content().split())


def raised(world: World, name: str = NAME) -> str:
    firm = world.admitted(name)
    claiming.claim(world.actor("lufeng"), firm, world.user("lufeng").office, ground=GROUND, at=NOW)
    return str(firm.credit_code)


def test_the_claiming_office_is_told_where_the_firm_is_and_no_more(app: Flask, build: Build) -> None:
    code = build(lambda world: world.admitted(NAME, wan="1234.56").credit_code)
    client = signed_in(app, "lufeng")
    asked = client.get(f"/claims/new?credit_code={code}")
    made = post(client, "/claims/new", {"credit_code": code, "ground": GROUND})
    assert (asked.status_code, made.status_code, made.location) == (200, 302, "/claims/1")
    for answer in (asked, client.get("/claims/1"), client.get("/claims")):
        body = answer.get_data(as_text=True)
        assert code in body
        for secret in ("金丝雀", "在库培育", "1,234.56", "6513", "人民路", "/firms/1"):
            assert secret not in body
    assert "海丰县" in words(asked)


def test_a_claim_without_a_ground_keeps_its_page(app: Flask, build: Build) -> None:
    code = build(lambda world: world.firm(NAME).credit_code)
    answer = post(signed_in(app, "lufeng"), "/claims/new", {"credit_code": code, "ground": ""})
    assert answer.status_code == 422
    assert "请说明认领理由" in words(answer)


def test_a_claim_raised_twice_is_one(app: Flask, build: Build) -> None:
    code = build(lambda world: world.firm(NAME).credit_code)
    client = signed_in(app, "lufeng")
    answers = [post(client, "/claims/new", {"credit_code": code, "ground": GROUND}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert "本单位已就该企业提出认领" in words(answers[1])
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Claim.id))) == 1


@pytest.mark.parametrize("code", [credit_code(900), "没有代码", ""], ids=["unknown", "nonsense", "empty"])
def test_a_code_the_directory_does_not_hold_is_proposed_instead(app: Flask, code: str) -> None:
    answer = signed_in(app, "lufeng").get(f"/claims/new?credit_code={code}")
    assert answer.status_code == 404
    assert "名录中没有该代码的企业" in words(answer)


def test_one_s_own_firm_is_not_claimed(app: Flask, build: Build) -> None:
    code = build(lambda world: world.firm(NAME).credit_code)
    answer = post(signed_in(app, "haifeng"), "/claims/new", {"credit_code": code, "ground": GROUND})
    assert answer.status_code == 422
    assert "该企业已由本单位登记，无需认领。" in words(answer)


def test_both_offices_and_those_who_see_all_read_a_claim(app: Flask, build: Build) -> None:
    build(raised)
    codes = {
        who: signed_in(app, who).get("/claims/1").status_code
        for who in ("haifeng", "lufeng", "luhe", "industry", "cityoffice", "leader", "auditor", "sysadmin")
    }
    assert codes == {
        "haifeng": 200, "lufeng": 200, "luhe": 404, "industry": 404, "cityoffice": 200, "leader": 200, "auditor": 200, "sysadmin": 404,
    }  # fmt: skip


def test_the_city_office_sees_both_sides_on_one_page(app: Flask, build: Build) -> None:
    build(raised)
    body = words(signed_in(app, "cityoffice").get("/claims/1"))
    for shown in ("认领单位：陆丰市", GROUND, "现登记单位：海丰县", "海丰县海城镇人民路1号", "1,500.00", "在库培育"):
        assert shown in body


def test_a_granted_claim_moves_the_firm_and_is_decided_once(app: Flask, build: Build) -> None:
    build(raised)
    client = signed_in(app, "cityoffice")
    assert post(client, "/claims/1/decision", {"granted": "yes", "decision": "租赁合同在陆丰"}).status_code == 302
    again = post(client, "/claims/1/decision", {"granted": "no", "decision": "再想想"})
    assert again.status_code == 409
    assert "不能再次裁定" in words(again)
    with app.app_context():
        assert db.session.scalars(db.select(Firm)).unique().one().office.code == "441581"
    assert NAME in signed_in(app, "lufeng").get("/claims/1").get_data(as_text=True)
    assert "租赁合同在陆丰" in words(signed_in(app, "lufeng").get("/claims/1"))


def test_a_decision_needs_an_outcome_and_a_reason(app: Flask, build: Build) -> None:
    build(raised)
    answer = post(signed_in(app, "cityoffice"), "/claims/1/decision", {"decision": "属实"})
    page = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert page.xpath("//div[@class='error-summary']//a/@href") == ["#granted-0"]
    assert page.get_element_by_id("decision").text.strip() == "属实"


def test_neither_side_decides(app: Flask, build: Build) -> None:
    build(raised)
    codes = [
        post(signed_in(app, who), "/claims/1/decision", {"granted": "yes", "decision": "属实"}).status_code
        for who in ("haifeng", "lufeng", "industry", "leader")
    ]
    assert codes == [404, 404, 404, 404]
    with app.app_context():
        assert db.session.get_one(Claim, 1).decided_at is None


def test_whoever_raised_a_claim_is_told_to_leave_it_to_another(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        firm = world.firm(NAME)
        claiming.claim(world.actor("cityoffice"), firm, world.user("cityoffice").office, ground=GROUND, at=NOW)

    build(make)
    client = signed_in(app, "cityoffice")
    assert "提出认领的人不能裁定自己的认领。" in words(client.get("/claims/1"))
    assert post(client, "/claims/1/decision", {"granted": "yes", "decision": "属实"}).status_code == 422


def test_the_list_is_of_one_s_own_claims_by_state(app: Flask, build: Build) -> None:
    build(raised)
    seen = {
        who: NAME in signed_in(app, who).get("/claims").get_data(as_text=True)
        for who in ("haifeng", "cityoffice", "luhe", "lufeng")
    }
    assert seen == {"haifeng": True, "cityoffice": True, "luhe": False, "lufeng": False}
    client = signed_in(app, "cityoffice")
    assert "没有符合条件的认领" in words(client.get("/claims?state=granted"))
    assert "没有认领争议" in words(signed_in(app, "luhe").get("/claims"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_statements_for_three_rows_as_for_one(app: Flask, build: Build, rows: int) -> None:
    def make(world: World) -> None:
        for name in (NAME, "海丰县星河数据有限公司", "海丰县南湖网络有限公司")[:rows]:
            raised(world, name)

    build(make)
    client = signed_in(app, "cityoffice")
    client.get("/claims")
    with queries_counted(app) as seen:
        client.get("/claims")
    assert len(seen) == LIST_STATEMENTS


LIST_STATEMENTS = 7


# -- one page for both ----------------------------------------------------------------------------
def facts(answer: Any) -> str:
    """What a page tells, without buttons and forms, and without who printed it."""
    page = html.fromstring(answer.get_data(as_text=True))
    for part in page.xpath("//*[contains(@class, 'no-print') or contains(@class, 'print-head')]"):
        part.drop_tree()
    return " ".join(page.find(".//main").text_content().split())


def disputed(world: World) -> None:
    raised(world)
    for who, kind, division, text in (
        ("lufeng", "operating_address", "441581", "东海镇租赁合同"),
        ("haifeng", "tax_county", "441521", "在海丰县税务局纳税"),
    ):
        claiming.add_evidence(
            world.actor(who), db.session.get_one(Claim, 1), world.user(who).office, kind=kind, text=text,
            division=division, filename=f"{text}.pdf", content=b"%PDF-1.4 x", at=NOW,
        )  # fmt: skip


def test_both_offices_read_the_same_facts(app: Flask, build: Build) -> None:
    build(disputed)
    told = {who: facts(signed_in(app, who).get("/claims/1")) for who in ("haifeng", "lufeng")}
    for shown in (GROUND, "东海镇租赁合同", "在海丰县税务局纳税", "2021-10-29", "海丰县", "陆丰市"):
        assert shown in told["haifeng"]
    assert told["haifeng"] == told["lufeng"]
    assert NAME not in told["haifeng"]


def test_they_read_the_same_after_the_decision_too(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        disputed(world)
        claim = db.session.get_one(Claim, 1)
        claiming.decide(world.actor("cityoffice"), claim, granted=True, decision="租赁合同在陆丰", at=NOW)

    build(make)
    told = {who: facts(signed_in(app, who).get("/claims/1")) for who in ("haifeng", "lufeng")}
    assert "租赁合同在陆丰" in told["haifeng"]
    assert told["haifeng"] == told["lufeng"]


def test_neither_office_stands_first_for_having_asked(app: Flask, build: Build) -> None:
    build(disputed)
    page = html.fromstring(signed_in(app, "lufeng").get("/claims/1").get_data(as_text=True))
    heads = [head.text_content() for head in page.xpath("//table[caption='双方举证']/thead//th")]
    assert heads == ["种类", "海丰县（现登记单位）", "陆丰市（认领单位）"]


def test_what_a_decision_changes_is_shown_before(app: Flask, build: Build) -> None:
    build(raised)
    page = html.fromstring(signed_in(app, "cityoffice").get("/claims/1").get_data(as_text=True))
    table = page.xpath("//table[caption='裁定将改变什么']")[0]
    assert [[cell.text_content() for cell in row] for row in table.xpath(".//tbody/tr")] == [
        ["填报单位", "海丰县", "陆丰市", "海丰县"],
        ["所属县区", "海丰县", "陆丰市", "海丰县"],
        ["统计县区", "海丰县", "陆丰市", "海丰县"],
        ["名录中的户数", "1 家", "1 家", "1 家"],
    ]


def test_a_county_puts_its_evidence_by_the_form(app: Flask, build: Build) -> None:
    build(raised)
    client = signed_in(app, "haifeng")
    given = {
        "evidence-kind": "registered_address", "evidence-division": "441521", "evidence-text": "营业执照所载住所",
        "evidence-file": (io.BytesIO(b"%PDF-1.4 x"), "执照.pdf"),
    }  # fmt: skip
    token = token_in(client.get("/claims/1").get_data(as_text=True))
    made = client.post("/claims/1/evidence", data={"evidence-csrf_token": token, "csrf_token": token, **given})
    assert (made.status_code, made.location) == (302, "/claims/1")
    assert "海丰县：营业执照所载住所 执照.pdf 陈晓" in words(signed_in(app, "lufeng").get("/claims/1"))
    empty = post(client, "/claims/1/evidence", {"evidence-csrf_token": token})
    assert empty.status_code == 422
    assert "请写明事实和依据。" in words(empty)


def test_the_file_is_for_both_sides_and_those_who_see_all_and_for_nobody_else(app: Flask, build: Build) -> None:
    build(disputed)
    people = ("haifeng", "lufeng", "luhe", "industry", "cityoffice", "auditor", "sysadmin")
    codes = {}
    for who in people:
        with signed_in(app, who).get("/claims/1/evidence/1") as answer:
            codes[who] = answer.status_code
    assert codes == {
        "haifeng": 200, "lufeng": 200, "luhe": 404, "industry": 404, "cityoffice": 200, "auditor": 200, "sysadmin": 404,
    }  # fmt: skip
    with signed_in(app, "haifeng").get("/claims/1/evidence/1") as answer:
        assert answer.data == b"%PDF-1.4 x"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    for who in ("haifeng", "industry"):
        assert "租赁合同" not in signed_in(app, who).get("/firms/1/documents").get_data(as_text=True)


def test_only_the_two_offices_put_evidence_and_not_after_the_decision(app: Flask, build: Build) -> None:
    build(raised)
    given = {"evidence-kind": "other", "evidence-text": "在此"}
    codes = {
        who: post(signed_in(app, who), "/claims/1/evidence", given).status_code
        for who in ("luhe", "industry", "leader", "cityoffice")
    }
    assert set(codes.values()) == {404}
    post(signed_in(app, "cityoffice"), "/claims/1/decision", {"granted": "no", "decision": "证据不足"})
    assert post(signed_in(app, "lufeng"), "/claims/1/evidence", given).status_code == 404


def test_several_claims_of_one_firm_are_shown_together(app: Flask, build: Build) -> None:
    def make(world: World) -> None:
        raised(world)
        firm = db.session.scalars(db.select(Firm)).unique().one()
        claiming.claim(world.actor("luhe"), firm, world.user("luhe").office, ground="陆河的理由", at=NOW)

    build(make)
    told = {who: facts(signed_in(app, who).get("/claims/1")) for who in ("haifeng", "lufeng")}
    assert "同一企业的其他认领 陆河县" in told["lufeng"]
    assert told["haifeng"] == told["lufeng"]
    assert "陆河的理由" not in told["haifeng"]


def test_the_city_office_names_the_place_and_cannot_name_one_the_office_cannot_hold(app: Flask, build: Build) -> None:
    build(raised)
    client = signed_in(app, "cityoffice")
    wrong = post(client, "/claims/1/decision", {"granted": "yes", "decision": "属实", "division": "441523"})
    assert wrong.status_code == 422
    assert "“陆河县”不在本单位管辖范围内。" in words(wrong)
    right = post(client, "/claims/1/decision", {"granted": "yes", "decision": "属实", "division": "441581"})
    assert right.status_code == 302
    with app.app_context():
        assert db.session.scalars(db.select(Firm)).unique().one().statistical_county == "441581"
