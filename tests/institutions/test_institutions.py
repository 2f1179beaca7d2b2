"""The directory of institutions: who sees and enters what, what is alike is said before it is stored, nothing leaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed, OutOfTerritory, ReasonNeeded, StaleRecord
from registry.base.extensions import db
from registry.institutions import queries, services, views
from registry.institutions.models import Institution
from registry.institutions.queries import InstitutionFilter
from registry.institutions.rules.kinds import KIND_LABELS
from registry.institutions.rules.rights import sees
from registry.trail.models import TrailEntry
from tests.world import NOW, PEOPLE, TODAY, Build, World, credit_code, signed_in, token_in

GIVEN = {
    "kind": "academician", "name": "海丰县青禾院士工作站", "credit_code": None, "firm": None, "body_name": "海丰县人民医院",
    "division": "441521", "address": "海城镇人民路2号", "field": "海洋生物", "founded_on": TODAY, "head": "吴青",
    "contact_name": "陈小明", "contact_phone": "13800135678", "source": "粤科函〔2021〕1号",
}  # fmt: skip


def entered(world: World, by: str = "haifeng", apart: bool = False, **values: Any) -> Institution:
    given = {**GIVEN, **values}
    row = services.enter(world.actor(by), world.user(by).office, given, at=NOW, on=TODAY, apart=apart)
    db.session.commit()
    return row


def listed(world: World, by: str, **asked: str) -> list[str]:
    found = queries.matching(world.actor(by), InstitutionFilter(**asked), TODAY)
    return [row.name for row in db.session.scalars(found).unique()]


def send(client: FlaskClient, path: str, **values: Any) -> Any:
    page = client.get(path).get_data(as_text=True)
    return client.post(path, data={"csrf_token": token_in(page), **values})


def form_of(**values: Any) -> dict[str, Any]:
    """What a person would send for `GIVEN`."""
    plain = {key: value for key, value in GIVEN.items() if key not in ("firm", "credit_code")}
    return {**plain, "founded_on": TODAY.isoformat(), "owner_code": "", "credit_code": "", **values}


# -- who sees and who may ---------------------------------------------------------------------------
@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_the_row_scope_is_the_same_in_python_and_in_sql(world: World, username: str) -> None:
    for number, (by, place) in enumerate(
        [("haifeng", "441521"), ("chengqu", "441502"), ("gaoxin", "441502-Z2"), ("science", "441521")]
    ):
        entered(world, by, name=f"示例{number}号研究院", division=place)
    actor = world.actor(username)
    rows = db.session.scalars(select(Institution).order_by(Institution.id)).unique().all()
    seen = db.session.scalars(queries.visible_to(actor).order_by(Institution.id)).unique().all()
    assert [row.id for row in seen] == [row.id for row in rows if sees(actor, row)]


def test_a_county_sees_its_own_and_what_the_bureau_entered_there(world: World) -> None:
    entered(world)
    entered(world, "science", name="粤东新材料研究院", kind="new_rd")
    entered(world, "lufeng", name="陆丰海智计划工作站", kind="overseas", division="441581")
    assert set(listed(world, "haifeng")) == {"海丰县青禾院士工作站", "粤东新材料研究院"}
    assert listed(world, "lufeng") == ["陆丰海智计划工作站"]
    assert len(listed(world, "science")) == len(listed(world, "leader")) == 3
    assert listed(world, "market") == []


@pytest.mark.parametrize("by", ["market", "leader", "statistics", "auditor", "sysadmin"])
def test_only_counties_and_the_bureau_in_charge_enter(world: World, by: str) -> None:
    with pytest.raises(NotAllowed):
        services.enter(world.actor(by), world.user(by).office, GIVEN, at=NOW, on=TODAY)


def test_a_county_enters_no_institution_of_another(world: World) -> None:
    with pytest.raises(OutOfTerritory):
        services.enter(world.actor("lufeng"), world.user("lufeng").office, GIVEN, at=NOW, on=TODAY)


# -- entering -----------------------------------------------------------------------------------------
WRONG = [
    ({"kind": ""}, "kind"), ({"kind": "firm"}, "kind"), ({"name": ""}, "name"), ({"division": ""}, "division"),
    ({"source": ""}, "source"), ({"body_name": ""}, "owner_code"), ({"founded_on": TODAY.replace(year=2022)}, "founded_on"),
]  # fmt: skip


@pytest.mark.parametrize("values, field", WRONG)
def test_what_is_missing_is_said_at_its_field(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldError) as refused:
        entered(world, **values)
    assert refused.value.field == field


def test_it_belongs_to_a_firm_or_a_body_and_never_to_both(world: World) -> None:
    firm = world.firm()
    with pytest.raises(FieldError) as refused:
        entered(world, firm=firm)
    assert refused.value.field == "body_name"
    row = entered(world, firm=firm, body_name="")
    assert (row.owner_name, queries.of_firm(world.actor("haifeng"), firm)) == (firm.name, [row])


def test_a_code_is_held_once_and_free_again_when_voided(world: World) -> None:
    code = credit_code(77)
    first = entered(world, credit_code=code)
    with pytest.raises(FieldError) as refused:
        entered(world, name="汕尾海洋产业研究院", credit_code=code)
    assert refused.value.field == "credit_code"
    services.void(world.actor("haifeng"), first, at=NOW, on=TODAY, reason="重复登记")
    assert entered(world, name="汕尾海洋产业研究院", credit_code=code).credit_code == code


def test_the_trail_names_kind_and_owner_and_masks_the_contact(world: World) -> None:
    row = entered(world)
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "enter_institution")).one()
    assert act.after is not None
    told = {key: act.after[key] for key in ("kind", "owner", "contact_phone", "contact_name")}
    assert told == {
        "kind": "院士工作站",
        "owner": "海丰县人民医院",
        "contact_phone": "138****5678",
        "contact_name": "陈*",
    }
    assert (act.subject_id, act.source) == (row.id, "粤科函〔2021〕1号")


# -- what is alike ------------------------------------------------------------------------------------
def test_the_same_name_is_stored_only_once_somebody_has_looked(world: World) -> None:
    entered(world)
    with pytest.raises(FieldError) as refused:
        entered(world, name="海豐縣青禾院士工作站")
    assert refused.value.field == "checked"
    assert entered(world, name="海豐縣青禾院士工作站", apart=True).id


def test_institutions_and_firms_that_are_alike_are_told_but_not_the_owner(world: World) -> None:
    entered(world, name="海丰县云谷软件研究院")
    firm = world.firm("海丰县云谷软件研究院有限公司")
    found = queries.alike(world.actor("haifeng"), "海丰縣云谷软件研究院", None)
    assert [one.institution.name for one in found.matches] == ["海丰县云谷软件研究院"]
    assert found.needs_decision
    same = queries.alike(world.actor("haifeng"), firm.name, None, exclude=found.matches[0].institution.id)
    assert [match.firm.id for match in same.firms.matches] == [firm.id]
    own = queries.alike(world.actor("haifeng"), firm.name, None, exclude=found.matches[0].institution.id, owner=firm)
    assert (own.firms.matches, bool(own)) == ((), False)


def test_of_one_out_of_reach_only_its_office_is_told(world: World) -> None:
    entered(world, "lufeng", name="粤东电子信息研究院", division="441581")
    found = queries.alike(world.actor("haifeng"), "粤东电子信息研究院", None)
    assert (found.matches, len(found.elsewhere), found.needs_decision) == ((), 1, True)
    near = queries.alike(world.actor("haifeng"), "粤东电子信息研究中心", None)
    assert (near.matches, near.elsewhere) == ((), ())


def test_a_page_asks_about_what_is_alike_and_stores_once_ticked(app: Flask, build: Build) -> None:
    build(lambda world: entered(world).id)
    client = signed_in(app, "haifeng")
    asked = send(client, "/institutions/new", **form_of(name="海豐縣青禾院士工作站"))
    page = asked.get_data(as_text=True)
    assert (asked.status_code, "相同或相似的机构、企业" in page, "请核对后勾选确认" in page) == (422, True, True)
    (mark,) = html.fromstring(page).xpath("//input[@name='looked']/@value")
    sent = form_of(name="海豐縣青禾院士工作站", checked="y", looked=mark)
    assert send(client, "/institutions/new", **sent).status_code == 302
    with app.app_context():
        assert len(db.session.scalars(select(Institution.id)).all()) == 2


def test_a_tick_about_others_is_asked_for_again(app: Flask, build: Build) -> None:
    build(lambda world: entered(world).id)
    sent = form_of(name="海豐縣青禾院士工作站", checked="y", looked="i999")
    assert send(signed_in(app, "haifeng"), "/institutions/new", **sent).status_code == 422


def test_hints_say_what_is_alike_while_a_name_is_typed(app: Flask, build: Build) -> None:
    build(lambda world: entered(world).id)
    client = signed_in(app, "haifeng")
    assert "海丰县青禾院士工作站" in client.get("/institutions/hints?name=海丰县青禾院士工作站").get_data(as_text=True)
    assert "没有发现" in client.get("/institutions/hints?name=陆河县梅花所").get_data(as_text=True)
    assert client.get("/institutions/hints").get_data(as_text=True).strip() == ""


SENT = [
    ({"credit_code": "91441521MA0000001"}, "统一社会信用代码"),
    ({"owner_code": credit_code(55), "body_name": ""}, "名录中没有代码为"), ({"body_name": ""}, "请填写依托单位"),
    ({"contact_phone": "138****5678"}, "隐去了部分内容"), ({"source": ""}, "请写明依据"),
]  # fmt: skip


@pytest.mark.parametrize("values, said", SENT)
def test_a_form_says_what_is_wrong(app: Flask, build: Build, values: dict[str, str], said: str) -> None:
    build(lambda world: None)
    answer = send(signed_in(app, "haifeng"), "/institutions/new", **form_of(**values))
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (422, True)


# -- correcting, voiding ------------------------------------------------------------------------------
def test_a_correction_says_why_and_what_changed(world: World) -> None:
    row, who = entered(world), world.actor("haifeng")
    change = {**GIVEN, "field": "海洋药物"}
    with pytest.raises(ReasonNeeded):
        services.edit(who, row, change, seen=row.revision, at=NOW, on=TODAY, reason=" ")
    assert services.edit(who, row, change, seen=row.revision, at=NOW, on=TODAY, reason="核对文件") == {
        "field": "海洋药物"
    }
    assert services.edit(who, row, change, seen=row.revision, at=NOW, on=TODAY, reason="") == {}
    act = queries.history(row)[0]
    assert (act.before, act.after, act.reason) == ({"field": "海洋生物"}, {"field": "海洋药物"}, "核对文件")


def test_whoever_saves_second_is_told_who_was_first(world: World) -> None:
    row, who = entered(world), world.actor("haifeng")
    services.edit(who, row, {**GIVEN, "field": "甲"}, seen=row.revision, at=NOW, on=TODAY, reason="核对")
    with pytest.raises(StaleRecord) as refused:
        services.edit(who, row, {**GIVEN, "field": "乙"}, seen=1, at=NOW, on=TODAY, reason="核对")
    assert refused.value.values == {"who": "陈晓"}


def test_voided_is_kept_listed_no_more_and_changed_no_more(world: World) -> None:
    row, who = entered(world), world.actor("haifeng")
    services.void(who, row, at=NOW, on=TODAY, reason="认错了机构")
    assert listed(world, "haifeng") == []
    assert db.session.scalars(queries.one(who, row.id)).unique().one().void_reason == "认错了机构"
    for act in (
        lambda: services.void(who, row, at=NOW, on=TODAY, reason="再来"),
        lambda: services.edit(who, row, GIVEN, seen=row.revision, at=NOW, on=TODAY, reason="再来"),
    ):
        with pytest.raises(FieldError):
            act()


def test_a_page_corrects_without_losing_the_contact(app: Flask, build: Build) -> None:
    number = build(lambda world: entered(world).id)
    client = signed_in(app, "haifeng")
    path = f"/institutions/{number}/edit"
    assert "138****5678" in client.get(path).get_data(as_text=True)
    sent = form_of(field="海洋药物", contact_name="", contact_phone="", seen="1", reason="核对文件")
    assert send(client, path, **sent).status_code == 302
    with app.app_context():
        row = db.session.get_one(Institution, number)
        assert (row.field, row.revision, services.contacts.read(row, "contact_phone")) == ("海洋药物", 2, "13800135678")
    assert signed_in(app, "lufeng").get(path).status_code == 404


def test_a_contact_is_masked_and_shown_for_a_purpose_on_the_trail(app: Flask, build: Build) -> None:
    number = build(lambda world: entered(world).id)
    client = signed_in(app, "science")
    page = client.get(f"/institutions/{number}").get_data(as_text=True)
    assert ("138****5678" in page, "13800135678" in page) == (True, False)
    path = f"/institutions/{number}/contact"
    assert send(client, path, purpose="").status_code == 422
    assert send(client, path, purpose="other", other="").status_code == 422
    assert "13800135678" in send(client, path, purpose="实地走访").get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(TrailEntry.reason).where(TrailEntry.verb == "reveal")).all() == ["实地走访"]
    assert signed_in(app, "leader").get(path).status_code == 404


# -- what lies beyond ---------------------------------------------------------------------------------
def test_an_owner_out_of_reach_is_not_named(app: Flask, build: Build) -> None:
    def city(world: World) -> int:
        firm = world.firm("陆丰市碧海生物科技有限公司", by="lufeng", registered_address="陆丰市东海街道1号")
        return entered(world, "science", firm=firm, body_name="").id

    number = build(city)
    for path in (f"/institutions/{number}", "/institutions", "/institutions/print", f"/institutions/{number}/edit"):
        page = signed_in(app, "haifeng").get(path)
        text = page.get_data(as_text=True)
        assert "碧海" not in text
        assert "本单位范围外的企业" in text or page.status_code == 404
    assert "碧海" in signed_in(app, "science").get(f"/institutions/{number}").get_data(as_text=True)
    assert signed_in(app, "haifeng").get("/institutions?owner=碧海").get_data(as_text=True).count("青禾") == 0
    assert "青禾" in signed_in(app, "science").get("/institutions?owner=碧海").get_data(as_text=True)


def test_what_a_merged_firm_had_is_its_successors(world: World) -> None:
    from registry.merges.services import merging

    kept, folded = (
        world.firm(),
        world.firm("海丰县云谷软件有限责任公司", credit_code=None, no_code_reason="正在办理登记"),
    )
    row = entered(world, firm=folded, body_name="")
    merging.merge(world.actor("cityoffice"), kept, folded, merging.MergeChoice(reason="重复登记"), at=NOW, on=TODAY)
    db.session.expire_all()
    assert (queries.owner_of(row), queries.of_firm(world.actor("haifeng"), kept)) == (kept, [row])
    assert views.owner_shown(world.actor("haifeng"), row) == kept.name


# -- the list and its files ---------------------------------------------------------------------------
def test_the_list_is_filtered_by_what_is_asked(world: World) -> None:
    entered(world, credit_code=credit_code(9))
    entered(world, name="汕尾海洋产业研究院", kind="new_rd", body_name="示例大学")
    for asked, count in (
        ({"text": "青禾"}, 1), ({"text": "海豐縣"}, 1), ({"text": credit_code(9)[:10].lower()}, 1), ({"kind": "new_rd"}, 1),
        ({"division": "441521"}, 2), ({"division": "441502"}, 0), ({"owner": "大学"}, 1), ({"text": "海"}, 2),
        ({"recognised": "yes"}, 0), ({"recognised": "no"}, 2),
    ):  # fmt: skip
        assert len(listed(world, "science", **asked)) == count, asked


def test_a_search_of_one_character_says_so(app: Flask, build: Build) -> None:
    build(lambda world: entered(world).id)
    page = signed_in(app, "haifeng").get("/institutions?q=青").get_data(as_text=True)
    assert ("请至少输入两个字" in page, "青禾" in page) == (True, True)


def test_an_empty_directory_says_what_to_do(app: Flask, build: Build) -> None:
    build(lambda world: None)
    page = signed_in(app, "haifeng").get("/institutions").get_data(as_text=True)
    assert ("还没有登记研发平台机构" in page, "登记机构" in page) == (True, True)
    assert "没有符合条件的机构" in signed_in(app, "haifeng").get("/institutions?kind=postdoc").get_data(as_text=True)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_holds_what_the_filter_shows_and_no_contact(app: Flask, build: Build, kind: str) -> None:
    build(lambda world: [entered(world).id, entered(world, name="汕尾海洋产业研究院", kind="new_rd").id])
    client = signed_in(app, "haifeng")
    answer = send(client, "/institutions/export?kind=academician", kind=kind)
    content = answer.get_data()
    if kind == "csv":
        text = content.decode("utf-8-sig")
        assert ("青禾" in text, "产业研究院" in text, "13800135678" in text, "陈小明" in text) == (
            True,
            False,
            False,
            False,
        )
        assert "培育参考，不作统计上报依据" in text
    assert content.startswith(b"PK" if kind == "xlsx" else b"\xef\xbb\xbf")
    with app.app_context():
        act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export")).one()
        assert act.after is not None
        assert (act.subject_kind, act.after["rows"]) == ("institution", 1)


def test_features_above_say_what_an_institution_has(app: Flask, build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    number = build(lambda world: entered(world).id)
    section = views.PanelTable("认定情况", ("编号", "办件"), [("示例1号", ("打开", "/institutions"))])
    told: dict[str, list[Callable[..., Any]]] = {
        "institution_sections": [lambda actor, row: [section]],
        "institutions_recognised": [lambda on: {number}],
    }
    monkeypatch.setattr(views, "provided", lambda name: told[name])
    monkeypatch.setattr(queries, "provided", lambda name: told[name])
    page = signed_in(app, "haifeng").get(f"/institutions/{number}").get_data(as_text=True)
    assert ("认定情况" in page, "示例1号" in page, "已认定" in page) == (True, True, True)


def test_each_kind_has_its_words() -> None:
    assert len(KIND_LABELS) == 8
    assert len(set(KIND_LABELS.values())) == 8
