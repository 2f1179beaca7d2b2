"""The province's file: what is plainly said is recorded, what is assumed or doubted is told, nothing is guessed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook

from registry.base.errors import FieldError, FileRefused, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.filings.models import Filing, LevelResult
from registry.firms.models.firms import Firm
from registry.levelfiles import texts
from registry.levelfiles.models import LevelLoad
from registry.levelfiles.services import judging, loading
from registry.notices.models import Notice
from registry.people.queries import people
from registry.trail.models import TrailEntry
from tests.filed import filed, passed, qualified
from tests.world import NOW, TODAY, Build, World, credit_code, post, signed_in, token_in

NAMES = ("海丰县云谷软件有限公司", "海丰县白鹭软件有限公司", "海丰县红树林软件有限公司", "海丰县公平物联网有限公司")
HEADS = ("企业名称", "统一社会信用代码", "审核结果", "退回原因", "审核日期", "文号")


def table(*rows: Sequence[Any], heads: Sequence[str] = HEADS) -> bytes:
    book = Workbook()
    book.active.append(["2021年9月纳统审核结果"])
    book.active.append(list(heads))
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def brought(
    world: World, sent: bytes, *, day: date | None = None, reference: str = "", name: str = "省局.xlsx"
) -> LevelLoad:
    return loading.bring(
        world.actor("statistics"), people.user("statistics").office, sent, filename=name, level="province", day=day,
        reference=reference, at=NOW, on=TODAY,
    )  # fmt: skip


def judged(world: World, *rows: Sequence[Any], **about: Any) -> list[judging.JudgedAnswer]:
    load = brought(world, table(*rows), **about)
    return loading.judged(world.actor("statistics"), load, TODAY)


def told(answers: Sequence[judging.JudgedAnswer]) -> list[tuple[str, list[str]]]:
    return [(one.outcome.value, [finding.template for finding in one.findings]) for one in answers]


def at_province(world: World, *names: str) -> list[Filing]:
    rows = [filed(world, qualified(world, name)) for name in names]
    for row in rows:
        passed(world, row, "county", "city")
    return rows


def row(
    filing: Filing, result: str = "通过", why: str = "", day: Any = TODAY, reference: str = "粤统〔2021〕7号"
) -> tuple[Any, ...]:
    return filing.firm.name, filing.firm.credit_code, result, why, day, reference


# -- what is recorded --------------------------------------------------------------------------------
def test_who_passed_and_who_was_sent_back_is_recorded_as_if_typed_in(world: World) -> None:
    one, two, three = at_province(world, *NAMES[:3])
    reason = "R07 材料不符"
    load = brought(world, table(row(one), row(two, "退回", reason), row(three, "审核通过")))
    actor = world.actor("statistics")
    found = loading.judged(actor, load, TODAY)
    assert [answer.outcome.value for answer in found] == ["passed", "returned", "passed"]
    counts = loading.apply(
        actor, load, seen=judging.digest(found), reason="", reason_code=None, at=NOW, on=TODAY
    )  # fmt: skip
    assert dict(counts) == {"passed": 2, "returned": 1}
    results = db.session.scalars(db.select(LevelResult).where(LevelResult.level == "province").order_by(LevelResult.id))
    assert [(r.filing_id, r.passed, r.on, r.reference, r.reason_code, r.note) for r in results] == [
        (one.id, True, TODAY, "粤统〔2021〕7号", None, ""),
        (two.id, False, TODAY, "粤统〔2021〕7号", "R07", reason),
        (three.id, True, TODAY, "粤统〔2021〕7号", None, ""),
    ]
    assert (two.firm.stage, two.outcome) == ("qualified", "returned")
    (notice,) = db.session.scalars(db.select(Notice).where(Notice.kind.startswith("filing_returned")))
    assert (notice.office_id, notice.values["firm"]) == (two.firm.office_id, two.firm.name)
    assert (notice.values["level"], notice.values["note"]) == ("省统计局", reason)
    acts = list(
        db.session.scalars(db.select(TrailEntry.verb).where(TrailEntry.verb.in_(("record_level", "load_level_file"))))
    )
    assert (acts.count("record_level"), acts.count("load_level_file")) == (6 + 3, 1)
    again = loading.judged(actor, brought(world, table(row(one), row(two, "退回", reason), row(three))), TODAY)
    assert [answer.outcome.value for answer in again] == ["same"] * 3


def test_a_file_that_says_no_day_and_no_reference_takes_those_of_the_form_and_says_so(world: World) -> None:
    (one,) = at_province(world, NAMES[0])
    (answer,) = judged(world, row(one, day=None, reference=""), day=TODAY, reference="粤统函〔2021〕88号")
    assert (answer.day, answer.reference) == (TODAY, "粤统函〔2021〕88号")
    assert [finding.template for finding in answer.assumed] == [texts.ASSUMED_DAY, texts.ASSUMED_REFERENCE]
    (bare,) = judged(world, row(one, day=None))
    assert told([bare]) == [("refused", [texts.DAY_NEEDED])]


# -- faults that were planted ------------------------------------------------------------------------
def test_every_planted_fault_is_refused_or_asked_about_and_none_is_guessed(world: World) -> None:
    one, two, three, four = at_province(world, *NAMES[:3], NAMES[3])
    waits = filed(world, qualified(world, "海丰县可塘软件有限公司"))
    idle = world.firm("海丰县梅陇软件有限公司")
    found = judged(
        world,
        (one.firm.name, one.firm.credit_code[:-1] + "X", "通过", "", TODAY, ""),
        (NAMES[0], credit_code(99), "通过", "", TODAY, ""),
        row(two, "差不多"),
        row(three, day=TODAY + timedelta(days=1)),
        row(waits),
        (idle.name, idle.credit_code, "通过", "", TODAY, ""),
        (three.firm.name, four.firm.credit_code, "通过", "", TODAY, ""),
        ("海丰县没有这家有限公司", "", "通过", "", TODAY, ""),
        ("", "", "通过", "", TODAY, ""),
        (one.firm.name, one.firm.credit_code, "", "", TODAY, ""),
        (two.firm.name, two.firm.credit_code, "通过", "", date(2021, 10, 14), ""),
    )  # fmt: skip
    templates = [templates[0] for _outcome, templates in told(found)]
    assert [answer.outcome.value for answer in found] == ["refused"] * 11
    assert templates[1:] == [
        texts.FIRM_UNKNOWN, texts.RESULT_UNCLEAR, texts.DAY_FUTURE, texts.LEVEL_OTHER, texts.NO_FILING,
        texts.NAMED_AS_ANOTHER, texts.NAME_UNKNOWN, texts.FIRM_NEEDED, texts.RESULT_NEEDED, texts.DAY_EARLY,
    ]  # fmt: skip


def test_a_firm_that_stands_twice_is_taken_in_none_of_its_rows(world: World) -> None:
    one, two = at_province(world, *NAMES[:2])
    found = judged(world, row(one), row(two), (one.firm.name, "", "退回", "R07", TODAY, ""))
    assert told(found) == [("refused", [texts.FIRM_TWICE]), ("passed", []), ("refused", [texts.FIRM_TWICE])]
    assert found[0].findings[0].values == {"rows": "3、5"}


def test_a_name_alone_or_another_name_is_a_doubt_that_somebody_answers_for(world: World) -> None:
    one, two = at_province(world, *NAMES[:2])
    load = brought(
        world,
        table((one.firm.name, "", "通过", "", TODAY, ""), ("别的名称", two.firm.credit_code, "通过", "", TODAY, "")),
    )
    actor = world.actor("statistics")
    found = loading.judged(actor, load, TODAY)
    assert told(found) == [("passed", [texts.BY_NAME]), ("passed", [texts.NAMED_OTHERWISE])]
    assert all(answer.doubtful for answer in found)
    seen = judging.digest(found)
    with pytest.raises(FieldError) as refused:
        loading.apply(actor, load, seen=seen, reason="", reason_code=None, at=NOW, on=TODAY)
    assert refused.value.field == "reason"
    loading.apply(actor, load, seen=seen, reason="已电话核对", reason_code=None, at=NOW, on=TODAY)
    assert (one.firm.stage, two.firm.stage) == ("in_chain", "in_chain")
    assert load.reason == "已电话核对"


def test_two_firms_of_one_name_are_told_apart_by_the_code_alone(world: World) -> None:
    (one,) = at_province(world, NAMES[0])
    world.firm(NAMES[0])
    bare, coded = judged(world, (NAMES[0], "", "通过", "", TODAY, "")), judged(world, row(one))
    assert (told(bare), told(coded)) == ([("refused", [texts.NAME_TWICE])], [("passed", [])])


def test_a_reason_without_a_code_asks_for_one_and_keeps_its_words(world: World) -> None:
    one, two = at_province(world, *NAMES[:2])
    load = brought(world, table(row(one, "不通过", "营业执照模糊"), row(two, "退回")))
    actor = world.actor("statistics")
    found = loading.judged(actor, load, TODAY)
    assert told(found) == [("returned", [texts.REASON_UNKNOWN]), ("returned", [texts.REASON_NONE])]
    seen = judging.digest(found)
    with pytest.raises(FieldError) as refused:
        loading.apply(actor, load, seen=seen, reason="已核对", reason_code=None, at=NOW, on=TODAY)
    assert refused.value.field == "reason_code"
    loading.apply(actor, load, seen=seen, reason="已核对", reason_code="R07", at=NOW, on=TODAY)
    rows = db.session.scalars(db.select(LevelResult).where(LevelResult.passed.is_(False)).order_by(LevelResult.id))
    assert [(r.reason_code, r.note) for r in rows] == [("R07", "营业执照模糊"), ("R07", "")]


def test_what_moved_since_it_was_shown_is_looked_at_again(world: World) -> None:
    (one,) = at_province(world, NAMES[0])
    load = brought(world, table(row(one)))
    actor = world.actor("statistics")
    seen = judging.digest(loading.judged(actor, load, TODAY))
    passed(world, one, "province")
    with pytest.raises(RegistryError):
        loading.apply(actor, load, seen=seen, reason="", reason_code=None, at=NOW, on=TODAY)
    assert len(one.results) == 3


@pytest.mark.parametrize("heads", [("企业名称", "意见"), ("审核结果", "日期")])
def test_a_table_without_result_or_without_firm_is_not_such_a_file(world: World, heads: tuple[str, ...]) -> None:
    with pytest.raises(FileRefused):
        brought(world, table(("通过", "2021-10-15"), heads=heads))


def test_nobody_else_brings_or_settles_it(world: World) -> None:
    (one,) = at_province(world, NAMES[0])
    load = brought(world, table(row(one)))
    for name in ("cityoffice", "haifeng", "industry"):
        actor = world.actor(name)
        with pytest.raises(NotAllowed):
            loading.apply(actor, load, seen="", reason="", reason_code=None, at=NOW, on=TODAY)
        with pytest.raises(NotAllowed):
            loading.bring(
                actor, people.user(name).office, table(row(one)), filename="a.xlsx", level="province", day=None,
                reference="", at=NOW, on=TODAY,
            )  # fmt: skip


# -- pages -------------------------------------------------------------------------------------------
def test_the_file_by_its_pages_and_the_rows_that_were_not_taken_come_back(app: Flask, build: Build) -> None:
    def make(world: World) -> bytes:
        one, two = at_province(world, *NAMES[:2])
        return table(row(one), (two.firm.name, credit_code(99), "通过", "", TODAY, ""))

    sent = build(make)
    client = signed_in(app, "statistics")
    page = client.get("/level-loads").get_data(as_text=True)
    assert "用上级文件登记结果" in client.get("/filings?view=open").get_data(as_text=True)
    data = {"csrf_token": token_in(page), "level": "province", "file": (io.BytesIO(sent), "省局.xlsx")}
    answer = client.post("/level-loads", data=data)
    assert answer.status_code == 302
    shown = client.get(answer.location).get_data(as_text=True)
    for said in ("将登记 1 家的结果。", "名录库没有代码为", "省统计局"):
        assert said in shown
    seen = shown.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    assert post(client, answer.location, {"seen": seen}, page=answer.location).status_code == 302
    settled = client.get(answer.location).get_data(as_text=True)
    assert "下载未收的行" in settled
    book = load_workbook(io.BytesIO(post(client, f"{answer.location}/refused", page="/level-loads").data))
    cells = [[cell for cell in each if cell is not None] for each in book.active.iter_rows(values_only=True)]
    assert next(each for each in cells if each and each[0] == "4")[1:3] == [NAMES[1], credit_code(99)]
    with app.app_context():
        stages = dict(db.session.execute(db.select(Firm.name, Firm.stage)).all())
        assert db.session.scalar(db.select(db.func.count(LevelResult.id)).where(LevelResult.level == "province")) == 1
        assert stages[NAMES[1]] == "in_chain"
    other = signed_in(app, "cityoffice")
    assert (other.get("/level-loads").status_code, other.get(answer.location).status_code) == (403, 404)
