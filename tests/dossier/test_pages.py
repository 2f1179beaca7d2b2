"""The dossier: why, path, identity, figures, papers, course; and the upkeep of a firm."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import SHANGHAI, db
from registry.base.vocabulary import Stage
from registry.entries.services import entries
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.proposals.services import proposals, reviews
from registry.trail.models import TrailEntry
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, World, post, sign_in, token_in

TABS = ("", "/facts", "/figures", "/papers", "/cases", "/holdings", "/course")
PATHS = (*TABS, "/history", "/documents", "/months")


def text_of(answer: object) -> str:
    """The words of a page, without its tags and with single spaces."""
    page = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def listed(world: World, **values: object) -> int:
    firm = world.admitted(**values)
    db.session.commit()
    return firm.id


def labels(page: str) -> list[str]:
    """The actions at the top of a page, in order."""
    head = page.split('<div class="page-head">')[1].split("<section", maxsplit=1)[0]
    return re.findall(r'<a class="btn[^>]*>([^<>]+)</a>', head)


def needs_of(page: str) -> list[tuple[str, str]]:
    """What is missing, each with where it is mended: an address of a form, of a row's own upload, or none."""
    found = []
    for line in html.fromstring(page).xpath('(//ul[@class="needs"])[1]/li'):
        said = line.xpath("./span")[-1 if not line.xpath('./span[@class="no-print"]') else -2]
        places = line.xpath(".//form/@action | .//a/@href")
        found.append(((said.text or "").strip(), places[0] if places else ""))
    return found


def test_the_dossier_opens_with_what_is_missing(client: FlaskClient, world: World) -> None:
    firm_id = listed(world, wan="1500")
    sign_in(client, "haifeng")
    page = client.get(f"/firms/{firm_id}").get_data(as_text=True)
    found = html.fromstring(page)
    stands, met = (section.xpath("./li") for section in found.xpath('//section[@id="why"]//ul[@class="why"]'))
    assert [re.sub(r"\n *", "", line.text_content()) for line in stands] == [
        (
            "不符合营业收入 1,500.00 万元（2021-09），四上标准 2,000.00 万元，缺口 500.00 万元利润表 2021-09 · "
            "规模以上服务业（信息传输、软件和信息技术服务业）（第1版）"
        )
    ]
    assert (len(met), "7 项已符合" in page) == (7, True)
    assert needs_of(page) == [
        ("没有同期增值税销售额，未能与利润表核对", f"/firms/{firm_id}/figures/new?kind=vat_sales&year=2021&month=9"),
        ("经营状态未核实", f"/firms/{firm_id}/edit#operating_state"),
        ("缺调查单位年度（月度）纳入申报表（2021-09）", f"/firms/{firm_id}/papers/M01/2021-09"),
        ("缺调查单位基本情况表", f"/firms/{firm_id}/papers/M02/any"),
        ("缺营业执照（证书）复印件", f"/firms/{firm_id}/papers/M03/any"),
        ("缺增值税纳税申报表（2021-09）", f"/firms/{firm_id}/papers/M05/2021-09"),
        ("缺上年同期分月营业收入（2021-09）", f"/firms/{firm_id}/papers/M12/2021-09"),
    ]
    assert "依据：规模以上服务业（信息传输、软件和信息技术服务业）（第1版）　国统字〔2019〕101号" in page
    assert "依据：名录库入库线（第1版）" in page
    assert "培育参考，不作统计上报依据" in page


def test_an_old_day_is_replayed_under_a_banner(client: FlaskClient, world: World) -> None:
    firm = world.admitted(wan="1500")
    later = datetime(2021, 10, 15, 9, 31, tzinfo=SHANGHAI)
    entries.edit(world.actor("haifeng"), firm, {"accounting": "other"}, at=later, on=TODAY, reason="核实")
    firm.created_at = datetime(2021, 3, 2, tzinfo=SHANGHAI)
    db.session.commit()
    sign_in(client, "haifeng")
    now, then = (text_of(client.get(f"/firms/{firm.id}{query}")) for query in ("", "?on=2021-10-14"))
    assert ("未执行企业会计制度" in now, "重放" in now.replace("按历史日期重放", "")) == (True, False)
    assert "按 2021年10月14日 重放：只看当日已登记的数据和材料，用当日有效的规则。" in then
    assert "执行企业会计制度" in then
    assert "未执行企业会计制度" not in then
    assert "没有可比的营业收入，不能判断是否达到四上标准" in then


@pytest.mark.parametrize(
    "asked, sentence",
    [
        ("2021-13-01", "“2021-13-01”不是日期，请按 2021-09-30 的格式填写。"),
        ("2021-10-16", "日期不能晚于今天。"),
    ],
)
def test_a_day_that_cannot_be_replayed_is_answered_with_the_reason(
    client: FlaskClient, world: World, asked: str, sentence: str
) -> None:
    firm_id = listed(world)
    sign_in(client, "haifeng")
    answer = client.get(f"/firms/{firm_id}?on={asked}")
    assert (answer.status_code, sentence in text_of(answer)) == (200, True)


def test_a_day_before_the_firm_was_registered_shows_no_verdict(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    sign_in(client, "haifeng")
    page = text_of(client.get(f"/firms/{firm_id}?on=2020-01-01"))
    assert "2020年1月1日 该企业尚未登记（2021-10-15 才登记），当日名录库对它一无所知，没有可重放的结论。" in page
    assert ("统一社会信用代码有效" in page, "达标率 75%" in page) == (False, False)


@pytest.mark.parametrize(
    "stage, heading",
    [
        ("lead", "为什么还不是四上，还差什么"),
        ("admitted", "为什么还不是四上，还差什么"),
        ("rejected", "未通过核查：为什么还不是四上，还差什么"),
        ("withdrawn", "提名已撤回：为什么还不是四上，还差什么"),
        ("qualified", "已达标应入：各项条件和还差什么"),
        ("filed", "已申报纳统：各项条件现况"),
        ("in_chain", "逐级审核中：各项条件现况"),
        ("enrolled", "已入库（四上）：各项条件现况"),
        ("removed", "已出库：各项条件现况"),
        ("delisted", "已退库：各项条件现况"),
        ("merged", "已并入另一家企业：本条登记的各项条件"),
    ],
)
def test_the_conditions_are_headed_by_the_stage(client: FlaskClient, world: World, stage: str, heading: str) -> None:
    firm = world.firm()
    firm.stage = stage
    db.session.commit()
    sign_in(client, "cityoffice")
    page = html.fromstring(client.get(f"/firms/{firm.id}").get_data(as_text=True))
    assert [head.text_content().strip() for head in page.xpath('//section[@id="why"]/h2')] == [heading]


def test_the_contact_is_masked_for_everybody_and_revealed_by_a_recorded_post(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    sign_in(client, "industry")
    for path in PATHS:
        body = client.get(f"/firms/{firm_id}{path}").get_data(as_text=True)
        assert ("13800135678" in body, "陈小明" in body) == (False, False)
    assert "陈* 138****5678" in text_of(client.get(f"/firms/{firm_id}/facts"))
    asked = client.get(f"/firms/{firm_id}/contact").get_data(as_text=True)
    assert "13800135678" not in asked
    unstated = post(client, f"/firms/{firm_id}/contact", {"purpose": ""})
    assert (unstated.status_code, "13800135678" in unstated.get_data(as_text=True)) == (422, False)
    other = post(client, f"/firms/{firm_id}/contact", {"purpose": "other", "other": " "})
    assert (other.status_code, "13800135678" in other.get_data(as_text=True)) == (422, False)
    shown = post(client, f"/firms/{firm_id}/contact", {"purpose": "实地走访"})
    assert "陈小明" in text_of(shown)
    assert "13800135678" in text_of(shown)
    db.session.rollback()
    looks = [(row.actor_name, row.reason) for row in db.session.query(TrailEntry).filter_by(verb="reveal")]
    assert looks == [("吴工", "实地走访")]


def test_the_leader_reads_the_dossier_and_cannot_reveal_the_contact(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    sign_in(client, "leader")
    page = client.get(f"/firms/{firm_id}").get_data(as_text=True)
    assert (labels(page), f"/firms/{firm_id}/contact" in page) == ([], False)
    assert post(client, f"/firms/{firm_id}/contact", {"purpose": "实地走访"}).status_code == 404


ACTIONS = {
    "haifeng": (["更正", "登记营业收入"], ["上传其他材料", "更名", "企业一页纸"]),
    "industry": (["更正"], ["上传其他材料", "更名", "企业一页纸", "登记高技术服务业企业"]),
    "cityoffice": (["更正"], ["上传其他材料", "更名", "企业一页纸", "登记高技术服务业企业", "合并", "出库"]),
    "statistics": ([], ["企业一页纸"]),
    "auditor": ([], ["企业一页纸"]),
}


@pytest.mark.parametrize("username", ACTIONS)
def test_each_person_finds_the_actions_they_may_take(client: FlaskClient, world: World, username: str) -> None:
    firm_id = listed(world)
    sign_in(client, username)
    page = client.get(f"/firms/{firm_id}").get_data(as_text=True)
    more = html.fromstring(page).xpath('//details[@class="more-menu"]//a/text()')
    assert (labels(page), more) == ACTIONS[username]


def test_another_county_finds_nothing_under_any_of_its_addresses(client: FlaskClient, world: World) -> None:
    firm = world.admitted("海丰县暗礁软件有限公司")
    paper, figure = recording.current(firm, "revenue", recording.Period(2021, 9)).document, 1  # type: ignore[arg-type, union-attr]
    db.session.commit()
    sign_in(client, "lufeng")
    below = (*PATHS, "/edit", "/name", "/removal", "/reopening", "/watch", "/parent", "/contact",
             "/figures/new", f"/figures/{figure}/dispute", "/documents/new", f"/documents/{paper.id}/void")  # fmt: skip
    for address in (*(f"/firms/{firm.id}{path}" for path in below), f"/documents/{paper.id}"):
        answer = client.get(address)
        assert (address, answer.status_code, "暗礁" in answer.get_data(as_text=True)) == (address, 404, False)


def test_the_path_shows_its_days_and_where_it_was_left(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    sign_in(client, "cityoffice")

    def strip() -> list[tuple[str, str]]:
        page = client.get(f"/firms/{firm_id}").get_data(as_text=True)
        steps = re.findall(r'<li class="(\w+)"[^>]*>([^<\s]+)', page.split('class="steps"')[1].split("</ol>")[0])
        return [(label, state) for state, label in steps]

    assert strip()[:5] == [
        ("线索", "done"), ("已提名", "done"), ("部门核查", "done"), ("在库培育", "now"), ("达标应入", "todo")
    ]  # fmt: skip
    assert post(client, f"/firms/{firm_id}/removal", {"exit_reason": "X02", "reason": "已迁出本市"}).status_code == 302
    assert strip()[3:6] == [("在库培育", "done"), ("出库", "off"), ("达标应入", "todo")]


def test_the_course_tells_steps_with_opinion_and_figures_the_newest_first(client: FlaskClient, world: World) -> None:
    proposal = world.under_review(wan="1500")
    reviews.send_back(
        world.actor("industry"),
        proposal,
        reason_code="R02",
        cells={"industry": "请核对"},
        note="行业不符",
        at=NOW,
        on=TODAY,
    )
    firm_id = proposal.firm.id
    db.session.commit()
    sign_in(client, "haifeng")
    page = client.get(f"/firms/{firm_id}/course").get_data(as_text=True)
    course = page.split('id="course"')[1].split("</section>")[0]
    told = [re.sub(r"<[^>]+>", "", line) for line in re.findall(r"<li[^>]*>(.*?)\s*<div", course, re.DOTALL)]
    assert sorted(told) == ["受理", "提交", "登记线索", "登记营业收入（2021-09）：1,500.00 万元", "退回补正：行业不符"]
    assert "R02 行业代码与主营业务不符，行业界定错误" in course


def test_a_lead_without_figures_says_what_to_do(client: FlaskClient, world: World) -> None:
    firm = world.firm(credit_code=None, no_code_reason="正在办理登记")
    db.session.commit()
    sign_in(client, "haifeng")
    page = text_of(client.get(f"/firms/{firm.id}"))
    assert "无代码：正在办理登记" in page
    assert "还没有登记营业收入" in page
    assert "尚无统一社会信用代码" in page


def test_the_dossier_asks_the_database_as_often_for_three_figures_as_for_one(
    app: Flask, client: FlaskClient, world: World
) -> None:
    firm = world.admitted()
    db.session.commit()
    sign_in(client, "haifeng")
    client.get(f"/firms/{firm.id}")  # whatever is read once a process
    counts = []
    for month in ("2021-08", "2021-07"):
        with queries_counted(app) as seen:
            client.get(f"/firms/{firm.id}")
        counts.append(own(seen))
        world.figure(firm, "1400" if month == "2021-08" else "1300", period=month)
        db.session.commit()
    with queries_counted(app) as seen:
        client.get(f"/firms/{firm.id}")
    assert ([*counts, own(seen)], len(seen)) == ([OWN, OWN, OWN], QUERIES)


OWN = 15  # of the first page, beside the reference data that any page may read once
QUERIES = 39
REFERENCE = frozenset(
    {"parameter", "division", "reference_version", "zone_town", "office", "office_alias", "industry",
     "industry_mapping", "threshold", "material"}
)  # fmt: skip


def own(seen: list[str]) -> int:
    """How many statements ask for something else than reference data."""
    tables = [re.search(r"FROM\s+\(?(\w+)", statement) for statement in seen]
    return sum(found is None or found[1] not in REFERENCE for found in tables)


def test_history_lists_every_field_with_before_and_after_and_can_be_narrowed(client: FlaskClient, world: World) -> None:
    firm = world.admitted()
    clerk = world.actor("haifeng")
    entries.edit(clerk, firm, {"employees": 12, "accounting": "small_enterprise"}, at=NOW, on=TODAY, reason="年报核对")
    db.session.commit()
    sign_in(client, "haifeng")
    page = text_of(client.get(f"/firms/{firm.id}/history"))
    assert "执行会计制度 企业会计准则 小企业会计准则" in page
    assert "阶段 部门核查 在库培育" in page
    narrowed = text_of(client.get(f"/firms/{firm.id}/history?field=employees"))
    assert "从业人员 -- 12 年报核对" in narrowed
    assert "小企业会计准则" not in narrowed
    assert "没有变更记录" in text_of(client.get(f"/firms/{firm.id}/history?field=door"))


# -- upkeep -----------------------------------------------------------------------------------------
def test_renaming_keeps_the_old_name_in_sight(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    sign_in(client, "haifeng")
    new = {"name": "海丰县云谷数字有限公司", "effective": "2021-06-01", "reason": "核准变更"}
    assert post(client, f"/firms/{firm_id}/name", new).status_code == 302
    page = text_of(client.get(f"/firms/{firm_id}"))
    assert "海丰县云谷数字有限公司 在库培育" in page
    assert "曾用名：海丰县云谷软件有限公司（至 2021-05-31）" in page


def test_a_refused_rename_keeps_what_was_typed(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    sign_in(client, "haifeng")
    typed = {"name": "海丰县云谷数字有限公司", "effective": "2021-11-01", "reason": "核准变更"}
    answer = post(client, f"/firms/{firm_id}/name", typed)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "启用日期：日期不能晚于今天。" in text_of(answer)) == (422, True)
    assert all(f'value="{value}"' in page or f">\r\n{value}</textarea>" in page for value in typed.values())


def test_removal_is_asked_first_and_done_by_the_city_office_only(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    sign_in(client, "haifeng")
    assert post(client, f"/firms/{firm_id}/removal", {"exit_reason": "X02", "reason": "已迁出本市"}).status_code == 404
    other = client.application.test_client()
    sign_in(other, "cityoffice")
    asked = other.get(f"/firms/{firm_id}/removal").get_data(as_text=True)
    assert "确认出库" in asked
    assert "海丰县云谷软件有限公司" in asked
    assert post(other, f"/firms/{firm_id}/removal", {"exit_reason": "X02", "reason": ""}).status_code == 422
    assert post(other, f"/firms/{firm_id}/removal", {"exit_reason": "X02", "reason": "已迁出本市"}).status_code == 302
    db.session.rollback()
    assert db.session.get_one(Firm, firm_id).stage == Stage.REMOVED
    again = post(other, f"/firms/{firm_id}/removal", {"exit_reason": "X02", "reason": "已迁出本市"})
    assert (again.status_code, "当前阶段是“出库”" in text_of(again)) == (422, True)


def test_a_withdrawn_nomination_can_become_a_lead_again(client: FlaskClient, world: World) -> None:
    proposal = world.submitted()
    proposals.withdraw(world.actor("haifeng"), proposal, at=NOW, on=TODAY, note="")
    firm_id = proposal.firm.id
    db.session.commit()
    sign_in(client, "haifeng")
    assert labels(client.get(f"/firms/{firm_id}").get_data(as_text=True)) == [
        "重新列为线索",
    ]
    assert post(client, f"/firms/{firm_id}/reopening", {"reason": "材料已备齐"}).status_code == 302
    db.session.rollback()
    assert db.session.get_one(Firm, firm_id).stage == Stage.LEAD


def test_a_lead_is_watched_with_a_reason_and_let_go_without(client: FlaskClient, world: World) -> None:
    firm = world.firm()
    db.session.commit()
    sign_in(client, "haifeng")
    for reason in ("增长快，预计明年达线", ""):
        assert post(client, f"/firms/{firm.id}/watch", {"watch_reason": reason}).status_code == 302
        assert (f"关注原因：{reason}" in text_of(client.get(f"/firms/{firm.id}"))) is bool(reason)


def test_a_branch_is_linked_by_the_code_of_its_legal_person(client: FlaskClient, world: World) -> None:
    parent = world.firm("海丰县云谷软件有限公司")
    branch = world.firm("海丰县云谷软件有限公司梅陇分公司", unit_kind="branch")
    foreign = world.firm("陆丰市暗礁咨询有限公司", by="lufeng")
    code, foreign_code = parent.credit_code, foreign.credit_code
    db.session.commit()
    sign_in(client, "haifeng")
    wrong = post(client, f"/firms/{branch.id}/parent", {"parent": "91441521MA5500001Z"})
    assert (wrong.status_code, "91441521MA5500001Z" in wrong.get_data(as_text=True)) == (422, True)
    assert post(client, f"/firms/{branch.id}/parent", {"parent": code}).status_code == 302
    assert "梅陇分公司" in text_of(client.get(f"/firms/{parent.id}/facts"))
    assert post(client, f"/firms/{branch.id}/parent", {"parent": foreign_code}).status_code == 302
    page = client.get(f"/firms/{branch.id}/facts").get_data(as_text=True)
    assert ("本单位范围外的企业" in page, "暗礁" in page) == (True, False)


def test_a_get_of_any_page_of_upkeep_changes_nothing(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    before = db.session.query(TrailEntry).count()
    db.session.commit()
    sign_in(client, "haifeng")
    for path in (*PATHS, "/edit", "/name", "/parent", "/contact", "/figures/new", "/documents/new"):
        assert client.get(f"/firms/{firm_id}{path}").status_code == 200
    db.session.rollback()
    assert db.session.query(TrailEntry).count() == before + 1  # the sign-in


def test_the_page_of_a_refused_form_carries_its_token(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{firm_id}/name", {"name": "", "effective": "", "reason": ""})
    assert token_in(answer.get_data(as_text=True))
    assert date(2021, 10, 15) == TODAY


# -- a firm that is alike -------------------------------------------------------------------------
def edited(client: FlaskClient, firm_id: int, **typed: str) -> Any:
    """The page of correction sent back with what it held but for what was `typed`."""
    form = html.fromstring(client.get(f"/firms/{firm_id}/edit").get_data(as_text=True)).forms[-1]
    return client.post(f"/firms/{firm_id}/edit", data={**dict(form.form_values()), **typed})


def test_a_name_that_another_firm_bears_is_saved_once_somebody_has_looked(client: FlaskClient, world: World) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=None, no_code_reason="正在办理")
    firm_id = world.firm("海丰县青梅软件有限公司").id
    db.session.commit()
    sign_in(client, "haifeng")
    asked = edited(client, firm_id, name="海丰縣雲谷軟件有限公司", activity="软件开发")
    assert asked.status_code == 422
    assert "名录中有相似的企业，请先核对，确认不是同一家后勾选。" in text_of(asked)
    assert "软件开发" in text_of(asked)
    assert db.session.get_one(Firm, firm_id).name == "海丰县青梅软件有限公司"
    saved = edited(client, firm_id, name="海丰縣雲谷軟件有限公司", activity="软件开发", checked="y")
    db.session.expire_all()
    assert (saved.status_code, db.session.get_one(Firm, firm_id).name) == (302, "海丰縣雲谷軟件有限公司")


def test_a_code_that_another_county_holds_is_refused_with_the_way_to_claim_it(
    client: FlaskClient, world: World
) -> None:
    held = world.firm("陆丰市甲子软件有限公司", by="lufeng").credit_code
    firm_id = world.firm("海丰县青梅软件有限公司").id
    db.session.commit()
    sign_in(client, "haifeng")
    answer = edited(client, firm_id, credit_code=held, checked="y")
    assert answer.status_code == 422
    assert "提出认领" in text_of(answer)
    assert "甲子" not in text_of(answer)


def test_a_correction_of_anything_else_asks_nothing_about_firms_alike(client: FlaskClient, world: World) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=None, no_code_reason="正在办理")
    firm_id = world.firm("海丰县云谷软件有限公司").id
    db.session.commit()
    sign_in(client, "haifeng")
    assert edited(client, firm_id, activity="软件开发").status_code == 302


def test_a_new_name_that_another_firm_bears_asks_first_too(client: FlaskClient, world: World) -> None:
    world.firm("海丰县云谷软件有限公司", credit_code=None, no_code_reason="正在办理")
    firm_id = listed(world, name="海丰县青梅软件有限公司")
    sign_in(client, "haifeng")
    change = {"name": "海丰县云谷软件有限公司", "effective": "2021-09-01", "reason": "登记机关核准变更名称"}
    assert post(client, f"/firms/{firm_id}/name", change).status_code == 422
    assert db.session.get_one(Firm, firm_id).name == "海丰县青梅软件有限公司"
    assert post(client, f"/firms/{firm_id}/name", {**change, "checked": "y"}).status_code == 302


def test_only_a_deemed_legal_person_has_an_approval(client: FlaskClient, world: World) -> None:
    firm_id = world.firm().id
    db.session.commit()
    sign_in(client, "haifeng")
    answer = edited(client, firm_id, deemed_approval="国统普查〔2021〕12号")
    assert "只有视同法人单位填写批准文号" in text_of(answer)
    given = {"unit_kind": "deemed_legal_person", "deemed_approval": "国统普查〔2021〕12号"}
    assert edited(client, firm_id, **given).status_code == 302
    assert "是经批准的视同法人单位" in text_of(client.get(f"/firms/{firm_id}"))


def test_a_replayed_day_is_said_on_paper_too(client: FlaskClient, world: World) -> None:
    firm_id = listed(world)
    sign_in(client, "haifeng")
    page = html.fromstring(client.get(f"/firms/{firm_id}?on=2021-10-15").get_data(as_text=True))
    (banner,) = page.xpath("//section[@id='why']//div[@role='status']")
    assert banner.get("class") == "alert alert-warning"
    paper = (Path(__file__).parents[2] / "registry" / "static" / "print.css").read_text(encoding="utf-8")
    assert [line for line in paper.splitlines() if ".alert" in line and "none !important" in line] == []


def test_a_code_whose_check_character_does_not_fit_is_marked_wherever_it_stands(
    client: FlaskClient, world: World
) -> None:
    code = world.firm().credit_code
    unfit = code[:-1] + ("0" if code[-1] != "0" else "1")
    number = world.firm("海丰县星河数据有限公司", credit_code=unfit).id
    db.session.commit()
    sign_in(client, "haifeng")
    assert "校验码不符，照执照登记" in text_of(client.get(f"/firms/{number}"))
    assert text_of(client.get("/firms?stage=lead")).count("校验码不符，照执照登记") == 1
