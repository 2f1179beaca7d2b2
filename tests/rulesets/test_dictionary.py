"""Reference data with valid dates: read by day, drafted by one person, published by another, and never edited."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from registry.base.errors import NotAllowed, RegistryError
from registry.base.extensions import db
from registry.reference.queries import dated, reference, rules
from registry.reference.rules.versions import RuleSetKind
from registry.rulesets.models import RuleDraft
from registry.rulesets.services import drafting
from registry.rulesets.services.rulechecks import DraftFaults
from registry.rulesets.texts.columns import FILE_LABELS
from registry.trail.models import TrailEntry
from tests.world import NOW, TODAY, World, sign_in, signed_in, token_in

NEXT = date(2021, 11, 1)


def item(file: str, *, base: str = "-", ended: bool = False, **values: str) -> dict[str, str]:
    """A row as the form makes it: what is not said stays as it is in force."""
    key = dated.key_of(values, dated.DATED[file].key)
    versions = dated.editions(file).get(key)
    held = versions[-1].contents if versions and base else {}
    kept = {name: ("yes" if v else "no") if isinstance(v, bool) else str(v or "") for name, v in held.items()}
    proof = {"source": "市培育办通知〔2021〕9号", "clause": "第一条", "checked_on": "2021-10-15"}
    return {
        "file": file,
        "valid_from": "",
        "valid_to": "",
        **kept,
        **proof,
        **values,
        "base": base,
        "ended": "yes" if ended else "",
    }


def drafted(world: World, *items: dict[str, str], by: str = "statistics", start: date = NEXT) -> RuleDraft:
    """A draft of these rows, submitted."""
    actor = world.actor(by)
    draft = drafting.prepare(actor, RuleSetKind.REFERENCE, title="基础数据改动", at=NOW, on=TODAY)
    draft.source, draft.valid_from = "市培育办通知〔2021〕9号", start
    db.session.flush()
    drafting.write_rows(actor, draft, items, seen=draft.version, at=NOW)
    drafting.submit(actor, draft, seen=draft.version, at=NOW, on=TODAY)
    return draft


def published(world: World, *items: dict[str, str], by: str = "cityoffice", **more: Any) -> RuleDraft:
    draft = drafted(world, *items, **more)
    drafting.publish(world.actor(by), draft, opinion="与通知一致", seen=draft.version, at=NOW, on=TODAY)
    db.session.commit()
    return draft


def refusals(world: World, *items: dict[str, str], **more: Any) -> list[str]:
    with pytest.raises(DraftFaults) as refused:
        drafted(world, *items, **more)
    db.session.rollback()
    return [str(fault) for fault in refused.value.faults]


# -- what is in force on a day --------------------------------------------------------------------
def test_without_later_versions_everything_is_in_force_on_every_day(world: World) -> None:
    for day in (date(2019, 1, 1), TODAY, date(2030, 1, 1)):
        assert list(reference.materials(day)) == list(reference.materials())
        assert list(reference.return_reasons(day)) == list(reference.return_reasons())
        assert {code: reference.bureaus_of(code, day)[0].code for code in ("6513", "7320", "7450", "8010")} == {
            "6513": "industry", "7320": "science", "7450": "market", "8010": "science",
        }  # fmt: skip


def test_a_published_version_holds_from_its_day_and_the_one_before_until_the_day_before(world: World) -> None:
    draft = published(world, item("return_reasons.csv", code="R07", reason="材料不全"))
    before, after = reference.return_reasons(date(2021, 10, 31))["R07"], reference.return_reasons(NEXT)["R07"]
    assert (before.reason, before.valid_to) == ("材料缺页、未盖章、期别不一致或截图不完整", date(2021, 10, 31))
    assert (after.reason, after.valid_from, after.source) == ("材料不全", NEXT, "市培育办通知〔2021〕9号")
    assert reference.return_reasons()["R07"].reason == before.reason  # today's words
    assert reference.reason_told("R07", NEXT) == "材料不全"
    assert [one.draft_id for one in dated.editions("return_reasons.csv")["R07"]] == [None, draft.id]
    assert rules.checks("return_reasons.csv")[f"R07 {NEXT}"].clause == "第一条"


def test_what_has_ended_is_offered_no_more_and_still_told(world: World) -> None:
    published(world, item("exit_reasons.csv", code="X07", ended=True))
    assert "X07" in reference.exit_reasons(date(2021, 10, 31))
    assert "X07" not in reference.exit_reasons(NEXT)
    assert reference.exit_reasons()["X07"].reason == reference.reason_told("X07", date(2022, 1, 1))


def test_a_new_row_is_there_from_its_day_on(world: World) -> None:
    published(world, item("return_reasons.csv", base="", code="R15", reason="材料过期", verified="yes"))
    assert "R15" not in reference.return_reasons(TODAY)
    assert reference.return_reasons(NEXT)["R15"].reason == "材料过期"


def test_who_reviews_follows_the_routing_of_the_day(world: World) -> None:
    published(
        world,
        item("routing.csv", industry_prefix="65", lead="commerce", co_bureaus="science industry"),
        item("routing.csv", base="", industry_prefix="6531", lead="market", co_bureaus=""),
        item("routing.csv", industry_prefix="745", ended=True),
    )
    lead, helping = reference.bureaus_of("6513", NEXT)
    assert (lead.code if lead else None, helping) == ("commerce", ("science", "industry"))
    told = {code: [reference.bureaus_of(code, day)[0].code for day in (TODAY, NEXT)] for code in ("6531", "7450")}
    assert told == {"6531": ["industry", "market"], "7450": ["market", "science"]}


def test_a_notice_of_a_later_day_off_moves_the_terms_across_it_only(world: World) -> None:
    before = reference.calendar()
    published(world, item("holidays.csv", base="", day="2021-11-05", name="临时放假", working="no",
                          source="汕尾市人民政府2021年通知"), start=TODAY)  # fmt: skip
    after = reference.calendar()
    assert (before.due_day(date(2021, 11, 4), 1), after.due_day(date(2021, 11, 4), 1)) == (
        date(2021, 11, 5), date(2021, 11, 8),
    )  # fmt: skip
    assert before.due_day(date(2021, 11, 5), 3) == after.due_day(date(2021, 11, 5), 3)


# -- what is refused ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "row,said",
    [
        ({"file": "return_reasons.csv", "code": "R07"}, "没有差别"),
        ({"file": "return_reasons.csv", "code": "R07", "reason": "营业收入未达标（截至申报期）"}, "同名"),
        ({"file": "return_reasons.csv", "base": "", "code": "R07", "reason": "另一句", "verified": "no"}, "已经有了"),
        ({"file": "routing.csv", "industry_prefix": "", "ended": True}, "其余行业"),
        ({"file": "routing.csv", "industry_prefix": "63", "lead": "441521"}, "只能是市直部门"),
        ({"file": "divisions.csv", "code": "441521", "ended": True}, "须填写接替的区划"),
        ({"file": "divisions.csv", "code": "441521", "parent": "441581"}, "只能改名称"),
        ({"file": "offices.csv", "code": "441521", "ended": True, "successor": "441581"}, "在同一份草稿里终止其区划"),
        ({"file": "offices.csv", "code": "market", "ended": True, "successor": "441521"}, "须是 bureau"),
        ({"file": "holidays.csv", "base": "", "day": "2021-10-01", "name": "国庆节", "working": "no", "source": "2021年通知"}, "已经有了"),
        ({"file": "holidays.csv", "base": "", "day": "2021-10-14", "name": "补休", "working": "no", "source": "2021年通知"}, "早于施行日期"),
        ({"file": "holidays.csv", "base": "", "day": "2021-12-01", "name": "上班", "working": "yes", "source": "2021年通知"}, "本来就上班"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused_with_the_reason(world: World, row: dict[str, Any], said: str) -> None:
    assert any(said in sentence for sentence in refusals(world, item(**row)))


def test_a_version_published_meanwhile_is_not_written_over(world: World) -> None:
    first = drafted(world, item("return_reasons.csv", code="R07", reason="材料不全"))
    second = drafted(world, item("return_reasons.csv", code="R07", reason="材料有误"), by="sysadmin")
    city = world.actor("cityoffice")
    drafting.publish(city, first, opinion="一致", seen=first.version, at=NOW, on=TODAY)
    with pytest.raises(DraftFaults, match="又发布了新版本"):
        drafting.publish(city, second, opinion="一致", seen=second.version, at=NOW, on=TODAY)


def test_a_day_that_has_passed_is_no_first_day(world: World) -> None:
    assert any("不得早于" in said for said in refusals(
        world, item("return_reasons.csv", code="R07", reason="材料不全"), start=date(2021, 10, 1)
    ))  # fmt: skip


def test_one_person_prepares_and_another_publishes_and_the_administrator_only_prepares(world: World) -> None:
    own = drafted(world, item("return_reasons.csv", code="R07", reason="材料不全"))
    with pytest.raises(RegistryError, match="起草人不能核对"):
        drafting.publish(world.actor("statistics"), own, opinion="一致", seen=own.version, at=NOW, on=TODAY)
    with pytest.raises(NotAllowed):
        drafting.publish(world.actor("sysadmin"), own, opinion="一致", seen=own.version, at=NOW, on=TODAY)
    with pytest.raises(NotAllowed):
        drafting.prepare(world.actor("haifeng"), RuleSetKind.REFERENCE, title="x", at=NOW, on=TODAY)
    with pytest.raises(NotAllowed):
        drafting.prepare(world.actor("sysadmin"), RuleSetKind.TIERS, title="x", at=NOW, on=TODAY)


@pytest.mark.parametrize(
    "statement", ["update reference_version set source = 'x'", "delete from reference_version"]
)  # fmt: skip
def test_the_database_refuses_to_change_a_published_version(world: World, statement: str) -> None:
    published(world, item("return_reasons.csv", code="R07", reason="材料不全"))
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


# -- the pages ------------------------------------------------------------------------------------
def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(html.fromstring(answer.get_data(as_text=True)).text_content().split())


def press(client: FlaskClient, page: str, path: str, **fields: str) -> str:
    """Post as from a page; where it leads."""
    token = token_in(client.get(page).get_data(as_text=True))
    answer = client.post(path, data={"csrf_token": token, **fields})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location


def test_a_change_goes_from_the_list_to_a_second_person_and_into_force(app: Flask) -> None:
    author = signed_in(app, "sysadmin")
    assert "R07" in shown(author, "/reference?kind=return_reasons")
    row = press(author, "/reference?kind=return_reasons", "/reference/drafts", kind="return_reasons", key="R07")
    with app.app_context():
        draft = db.session.scalars(select(RuleDraft)).one()
        number, version = draft.id, str(draft.version)
    page = f"/rulesets/drafts/{number}"
    press(author, row, row, version=version, reason="材料不全", source="市培育办通知〔2021〕9号", clause="第一条",
          checked_on="2021-10-15")  # fmt: skip
    press(author, page, f"{page}/edit", version="2", title="退回原因改动", valid_from="2021-10-15",
          source="市培育办通知〔2021〕9号", note="")  # fmt: skip
    told = shown(author, page)
    assert all(word in told for word in ("退回原因 R07", "材料缺页", "材料不全", "提交核对"))
    press(author, page, f"{page}/submission", version="3")
    second = signed_in(app, "cityoffice")
    assert "材料不全" in shown(second, page)
    press(second, page, f"{page}/decision", version="4", outcome="publish", opinion="与通知一致")
    history = shown(signed_in(app, "haifeng"), "/reference/return_reasons/history?key=R07")
    assert all(word in history for word in ("第2版", "材料不全", "2021-10-15 起", "至 2021-10-14", "第一条"))
    with app.app_context():
        verbs = [entry.verb for entry in db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq))]
    assert [verb for verb in verbs if "rules" in verb][-5:] == [
        "draft_rules", "edit_rules", "edit_rules", "submit_rules", "publish_rules",
    ]  # fmt: skip


def test_the_list_tells_what_is_in_force_on_the_day_asked_for(app: Flask, build: Any) -> None:
    build(lambda world: published(world, item("return_reasons.csv", code="R07", reason="材料不全")))
    client = signed_in(app, "haifeng")
    now = shown(client, "/reference?kind=return_reasons&q=R07")
    assert all(word in now for word in ("尚未生效", "生效", "材料不全", "2021-11-01 起", "至 2021-10-31"))
    then = shown(client, "/reference?kind=return_reasons&q=R07&on=2021-12-01&state=in_force")
    assert ("材料不全" in then, "材料缺页" in then) == (True, False)
    assert "没有符合条件的内容" in shown(client, "/reference?kind=return_reasons&q=没有的")
    assert "请按 2021-10-15 的格式填写日期" in shown(client, "/reference?kind=return_reasons&on=明天")


def test_the_list_is_taken_as_csv_and_who_took_it_is_on_the_trail(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    token = token_in(client.get("/reference?kind=holidays").get_data(as_text=True))
    answer = client.post("/reference/holidays/export?state=&q=2021-10-0", data={"csrf_token": token})
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert any("日期,名称,是否上班" in line for line in lines)
    assert any(line.startswith("2021-10-09,国庆节调休上班,上班") for line in lines)
    with app.app_context():
        entry = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export_reference")).one()
        assert (entry.after["file"], entry.after["rows"]) == ("holidays.csv", 8)


def test_the_notice_of_a_year_is_pasted_whole_and_read_day_by_day(app: Flask) -> None:
    author = signed_in(app, "statistics")
    page = press(author, "/reference", "/reference/drafts", kind="holidays", add="notice")
    token = token_in(author.get(page).get_data(as_text=True))
    fields = {"csrf_token": token, "version": "1", "source": "2022年节假日安排（国办发明电〔2021〕11号）"}
    wrong = NOTICE.replace("12日（星期日）", "12日（星期一）")
    answer = author.post(page, data={**fields, "text": wrong})
    assert (answer.status_code, "是星期日" in answer.get_data(as_text=True)) == (422, True)
    assert author.post(page, data={**fields, "text": NOTICE}).status_code == 302
    with app.app_context():
        rows = db.session.scalars(select(RuleDraft)).one().contents["rows"]
    assert [(row["day"], row["name"], row["working"], row["clause"]) for row in rows] == [
        ("2023-03-10", "踏青节", "no", "第一条"), ("2023-03-11", "踏青节", "no", "第一条"),
        ("2023-03-12", "踏青节", "no", "第一条"), ("2023-03-18", "踏青节调休上班", "yes", "第一条"),
    ]  # fmt: skip


@pytest.mark.parametrize("file", FILE_LABELS)
def test_every_kind_has_a_list_a_history_and_a_form_that_takes_what_it_shows(app: Flask, file: str) -> None:
    kind = file.removesuffix(".csv")
    author = signed_in(app, "statistics")
    assert FILE_LABELS[file] in shown(author, f"/reference?kind={kind}")
    with app.app_context():
        key = next(key for key in dated.editions(file) if key)
    assert "第1版" in shown(author, f"/reference/{kind}/history?key={quote(key)}")
    fresh = press(author, "/reference", "/reference/drafts", kind=kind, add="row")
    assert "新增一条" in shown(author, fresh)
    row = press(author, "/reference", "/reference/drafts", kind=kind, key=key)
    page = html.fromstring(author.get(row).get_data(as_text=True))
    form = next(one for one in page.forms if "clause" in one.fields)
    given = {name: text for name, text in form.fields.items() if text is not None}
    given |= {"source": "市培育办2021年通知", "clause": "第一条"}
    assert author.post(row, data=given).status_code == 302
    with app.app_context():
        draft = db.session.scalars(select(RuleDraft)).one()
        ((stored,), newest) = draft.contents["rows"], dated.editions(file)[key][-1]
    assert (stored["file"], stored["base"], stored["ended"], stored["source"]) == (file, "-", "", "市培育办2021年通知")
    same = {name: stored[name] for name in newest.contents if name != "successor"}
    assert same == {
        name: "yes" if v is True else "no" if v is False else str(v or "")
        for name, v in newest.contents.items()
        if name != "successor"
    }


def test_a_row_that_names_what_is_not_there_is_told_on_the_page(app: Flask) -> None:
    """Whoever posts past the choices gets sentences, not an error page."""
    author = signed_in(app, "statistics")
    row = press(author, "/reference", "/reference/drafts", kind="offices", key="labour")
    given = {
        "name": "市人社局",
        "short_name": "市人社局",
        "source": "批复",
        "clause": "待核",
        "checked_on": "2021-10-15",
    }
    press(author, row, row, version="1", ended="y", successor="nobody", **given)
    page = row.partition("/reference")[0] + "/rulesets/drafts/1"
    token = token_in(author.get(page).get_data(as_text=True))
    answer = author.post(f"{page}/submission", data={"csrf_token": token, "version": "2"})
    assert (answer.status_code, "“nobody”在 offices.csv 中没有" in answer.get_data(as_text=True)) == (422, True)
    bad = author.post(row, data={"csrf_token": token, "version": "2", "name": "人社局  二", "short_name": "１２",
                                 "source": "12", "clause": "待核", "checked_on": "2021-10-15"})  # fmt: skip
    told = bad.get_data(as_text=True)
    assert (bad.status_code, "不是文字" in told, "全角字符" in told) == (422, True, True)


NOTICE = """关于2023年部分节假日安排的通知
一、踏青节：3月10日（星期五）至12日（星期日）放假调休，共3天。3月18日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。"""


def test_the_administrator_reads_reference_data_and_its_drafts_and_no_other(app: Flask, build: Any) -> None:
    def make(world: World) -> tuple[int, int]:
        own = drafted(world, item("return_reasons.csv", code="R07", reason="材料不全"))
        other = drafting.prepare(world.actor("statistics"), RuleSetKind.TIERS, title="分档", at=NOW, on=TODAY)
        return own.id, other.id

    data, tiers = build(make)
    admin = signed_in(app, "sysadmin")
    assert admin.get(f"/rulesets/drafts/{data}").status_code == 200
    assert admin.get(f"/rulesets/drafts/{tiers}").status_code == 404
    assert admin.get("/rulesets").status_code == 403
    clerk = signed_in(app, "haifeng")
    assert clerk.get(f"/rulesets/drafts/{data}").status_code == 404
