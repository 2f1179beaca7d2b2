"""The pages of the rules: read by all, drafted by one, checked by another, tried out without touching anything."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from registry.base.extensions import db
from registry.config import ROOT
from registry.reference.models import Threshold
from registry.reference.queries import reference
from registry.reference.rules.versions import RuleSetKind
from registry.rulesets.models import RuleDraft
from registry.seeding.services import seeds
from tests.queries_counted import queries_counted
from tests.rulesets.test_drafting import HEAD, begun, lowered, with_line
from tests.seeding.test_seeds import LOWER, add, change
from tests.world import Build, World, post, signed_in


def text(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", str(html.fromstring(answer.get_data(as_text=True)).xpath("string()")))


@pytest.fixture
def draft_id(build: Build) -> int:
    """A draft of the statistics office that lowers the line of software to 1500."""

    def make(world: World) -> int:
        draft = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
        world.admitted(wan="1600")
        return draft.id

    number: int = build(make)
    return number


def step(app: Flask, username: str, draft_id: int, what: str, **data: str) -> TestResponse:
    with app.app_context():
        version = db.session.get_one(RuleDraft, draft_id).version
    client = signed_in(app, username)
    answer: TestResponse = post(client, f"/rulesets/drafts/{draft_id}/{what}", {"version": str(version), **data})
    return answer


@pytest.mark.parametrize("kind, rule", [
    ("admission", "ADM-1000"), ("statutory", "SVC-2000-I"), ("tiers", "tier.a"), ("removal", "removal.years"),
    ("delisting", "delisting.month"), ("targets", "target.T1"), ("other", "review.days"),
])  # fmt: skip
def test_everybody_in_business_reads_the_versions_of_each_set(app: Flask, kind: str, rule: str) -> None:
    shown = text(signed_in(app, "haifeng").get(f"/rulesets?kind={kind}&per_page=50"))
    assert rule in shown
    assert "第1版" in shown
    assert ("起草新版本" in shown, "全部草稿" in shown) == (False, False)


def test_an_unknown_set_is_not_there(app: Flask) -> None:
    assert signed_in(app, "statistics").get("/rulesets?kind=nonsense").status_code == 404


def test_from_the_button_to_the_version_that_is_to_come(app: Flask) -> None:
    """Drafted and edited by the statistician through forms, checked and published by the city office."""
    statistics = signed_in(app, "statistics")
    answer = post(statistics, "/rulesets/drafts", {"kind": "statutory"})
    address = answer.headers["Location"]
    number = int(address.rsplit("/", 1)[1])
    head = {
        "title": "2022年四上标准", "valid_from": "2022-01-01", "annual_from": "2022", "source": "国统字〔2021〕1号",
        "note": "", "version": "1",
    }  # fmt: skip
    assert post(statistics, f"{address}/edit", head).status_code == 302
    line = {
        "label": "规模以上服务业（信息传输）", "prefixes": "I", "basis": "revenue", "amount": "1,500", "or_employees": "",
        "version": "2",
    }  # fmt: skip
    assert post(statistics, f"{address}/line?rule=SVC-2000-I", line).status_code == 302
    shown = text(statistics.get(address))
    assert "SVC-2000-I 标准（万元）（有变化） 2,000.00 1,500.00" in shown
    assert "其余 16 条不变" in shown
    assert step(app, "statistics", number, "submission").status_code == 302
    assert "待核对" in text(statistics.get(address))
    done = step(app, "cityoffice", number, "decision", outcome="publish", opinion="与文件一致")
    assert done.status_code == 302
    listed = text(signed_in(app, "luhe").get("/rulesets?kind=statutory"))
    assert "2020-01-01 至 2021-12-31" in listed
    assert "尚未生效" in listed
    with app.app_context():
        assert db.session.get_one(Threshold, ("SVC-2000-I", 2)).amount_yuan == Decimal(15_000_000)


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"amount": "很多"}, "请填写大于零的金额，按万元。"),
        ({"amount": ""}, "请填写大于零的金额，按万元。"),
        ({"prefixes": "I 9999"}, "2017 版行业分类中没有代码“9999”，请填写门类字母或 2 至 4 位代码。"),
        ({"prefixes": ""}, "请填写适用的行业代码；四上标准没有“所有行业”。"),
        ({"label": ""}, "请填写名称。"),
        ({"version": "1"}, "这条记录在您编辑期间被 赵统 改过，请逐项核对后再保存。"),
    ],
)
def test_a_line_that_cannot_stand_is_said_and_what_was_typed_stays(
    app: Flask, draft_id: int, changes: dict[str, str], said: str
) -> None:
    with app.app_context():
        version = str(db.session.get_one(RuleDraft, draft_id).version)
    given = {"label": "别的名称", "prefixes": "I", "basis": "revenue", "amount": "1800", "version": version} | changes
    answer = post(signed_in(app, "statistics"), f"/rulesets/drafts/{draft_id}/line?rule=SVC-2000-I", given)
    page = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert said in str(page.xpath('string(//div[@class="error-summary"])'))
    assert page.xpath('//input[@name="prefixes"]/@value') == [given["prefixes"]]


def test_settings_that_do_not_fall_are_said_at_their_field(app: Flask, build: Build) -> None:
    number = build(lambda world: begun(world, RuleSetKind.TIERS).id)
    given = {
        "title": "分档", "valid_from": "2022-01-01", "source": "会议纪要", "tier.a": "1.00", "tier.b": "1.20",
        "tier.c": "0.50", "version": "2",
    }  # fmt: skip
    answer = post(signed_in(app, "statistics"), f"/rulesets/drafts/{number}/edit", given)
    page = html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert page.xpath('//div[@class="error-summary"]//a/@href') == ["#tier.b"]


def test_nobody_checks_their_own_draft_and_others_do_not_see_it(app: Flask, draft_id: int) -> None:
    assert step(app, "statistics", draft_id, "submission").status_code == 302
    own = step(app, "statistics", draft_id, "decision", outcome="publish", opinion="行")
    assert own.status_code == 404
    seen = {
        name: signed_in(app, name).get(f"/rulesets/drafts/{draft_id}").status_code
        for name in ("haifeng", "industry", "cityoffice", "leader", "auditor")
    }
    assert seen == {"haifeng": 404, "industry": 404, "cityoffice": 200, "leader": 200, "auditor": 200}
    assert step(app, "leader", draft_id, "decision", outcome="publish", opinion="行").status_code == 404
    with app.app_context():
        assert reference.rules().version("SVC-2000-I", 2) is None


def test_a_draft_sent_back_shows_the_opinion_and_can_be_edited_again(app: Flask, draft_id: int) -> None:
    step(app, "statistics", draft_id, "submission")
    step(app, "cityoffice", draft_id, "decision", outcome="return", opinion="金额与文件不符")
    statistics = signed_in(app, "statistics")
    assert "退回意见：金额与文件不符" in text(statistics.get(f"/rulesets/drafts/{draft_id}"))
    assert statistics.get(f"/rulesets/drafts/{draft_id}/edit").status_code == 200
    assert step(app, "statistics", draft_id, "withdrawal").status_code == 302
    assert "已撤回" in text(statistics.get(f"/rulesets/drafts/{draft_id}"))


def test_a_decision_without_an_opinion_is_asked_for_one(app: Flask, draft_id: int) -> None:
    step(app, "statistics", draft_id, "submission")
    answer = step(app, "cityoffice", draft_id, "decision", outcome="publish", opinion=" ")
    assert answer.status_code == 422
    assert "请写明核对意见。" in text(answer)


def test_a_decision_pressed_twice_shows_the_outcome(app: Flask, draft_id: int) -> None:
    step(app, "statistics", draft_id, "submission")
    assert step(app, "cityoffice", draft_id, "decision", outcome="publish", opinion="一致").status_code == 302
    again = step(app, "cityoffice", draft_id, "decision", outcome="refuse", opinion="不一致")
    assert (again.status_code, again.location) == (302, f"/rulesets/drafts/{draft_id}")
    page = text(signed_in(app, "cityoffice").get(f"/rulesets/drafts/{draft_id}"))
    assert "已发布" in page
    assert "不一致" not in page
    assert step(app, "haifeng", draft_id, "decision", outcome="publish", opinion="行").status_code == 404


def test_a_draft_without_a_difference_says_why_it_is_not_submitted(app: Flask, build: Build) -> None:
    number = build(lambda world: begun(world).id)
    answer = step(app, "statistics", number, "submission")
    assert answer.status_code == 422
    assert "与现行版本没有差别，不必发布。" in text(answer)


# -- what if --------------------------------------------------------------------------------------
def test_the_trial_shows_firms_counties_and_targets_and_is_taken_as_a_file(app: Flask, draft_id: int) -> None:
    client = signed_in(app, "cityoffice")
    shown = text(client.get(f"/rulesets/drafts/{draft_id}/whatif"))
    assert "海丰县云谷软件有限公司" in shown
    assert "转为达标应入" in shown
    assert "不由名录推算" in shown
    taken = post(client, f"/rulesets/drafts/{draft_id}/whatif/export")
    rows = taken.get_data().decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert rows[1].split(",")[4:] == [
        "在库培育", "达标应入", "转为达标应入、换档、标准变动", "2000.00", "1500.00", "80.00%", "106.66%", "B", "A",
        "1000.00", "1000.00",
    ]  # fmt: skip


def test_a_trial_of_one_effect_shows_those_firms_only(app: Flask, draft_id: int) -> None:
    client = signed_in(app, "statistics")
    assert "没有这种影响" in text(client.get(f"/rulesets/drafts/{draft_id}/whatif?effect=below"))
    assert "海丰县云谷软件有限公司" in text(client.get(f"/rulesets/drafts/{draft_id}/whatif?effect=qualifies"))


@pytest.mark.parametrize("address", ["/rulesets?kind=statutory", "/rulesets/drafts"])
def test_the_lists_cost_the_same_with_one_draft_and_with_three(app: Flask, build: Build, address: str) -> None:
    client = signed_in(app, "statistics")
    counts = []
    for drafts in (1, 2):
        build(lambda world, number=drafts: [begun(world).id for _ in range(number)])  # type: ignore[misc]
        with queries_counted(app) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_dossier_of_a_past_day_names_the_rule_and_its_version(app: Flask, build: Build) -> None:
    def make(world: World) -> int:
        firm = world.admitted(wan="1600")
        lowered(world, HEAD)
        return firm.id

    number = build(make)
    app.config["TODAY"] = app.config["TODAY"].replace(year=2022, month=2)
    client = signed_in(app, "haifeng")
    then, now = text(client.get(f"/firms/{number}?on=2021-10-15")), text(client.get(f"/firms/{number}"))
    assert [("（第1版）" in page, "（第2版）" in page) for page in (then, now)] == [(True, False), (True, True)]


# -- what files propose ---------------------------------------------------------------------------
def test_what_a_file_proposed_is_checked_by_one_person_who_sees_source_and_difference(
    app: Flask, build: Build, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(ROOT / "seeds", tmp_path / "seeds"))
    change(folder, *LOWER)
    add(folder, "return_reasons.csv", "R15,材料过期,,,市培育办通知,yes")
    build(lambda _world: seeds.load(folder))
    with app.app_context():
        line, row = db.session.scalars(select(RuleDraft.id).order_by(RuleDraft.id))
    statistics = signed_in(app, "statistics")
    page = statistics.get(f"/rulesets/drafts/{line}")
    shown = text(page)
    words = ("系统（基础数据文件）", "国统字〔2019〕101号", "thresholds.csv 9", "2,000", "1,000", "待核对")
    assert [word for word in words if word not in shown] == []
    choices = html.fromstring(page.get_data(as_text=True)).xpath('//input[@name="outcome"]/@value')
    assert choices == ["publish", "refuse"]
    assert step(app, "statistics", line, "decision", outcome="return", opinion="改").status_code == 422
    assert step(app, "statistics", line, "decision", outcome="publish", opinion="一致").status_code == 302
    assert "R15" in text(statistics.get(f"/rulesets/drafts/{row}"))
    assert step(app, "cityoffice", row, "decision", outcome="publish", opinion="有通知").status_code == 302
    assert "材料过期" in text(signed_in(app, "haifeng").get("/rules/reasons"))
    told = text(statistics.get("/rulesets?kind=reference"))
    assert ("已发布" in told, "起草新版本" in told) == (True, False)


def test_new_rows_of_reference_data_are_not_drafted_by_hand(app: Flask) -> None:
    answer = post(signed_in(app, "statistics"), "/rulesets/drafts", {"kind": "reference"})
    assert answer.status_code == 404
