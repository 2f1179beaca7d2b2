"""Pages of upper-level forms: brought, corrected by hand, downloaded; seen by the own office alone; the command."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.imports.models import ColumnChoice
from registry.trail.models import TrailEntry
from registry.upperforms.models import UpperForm
from tests.upperforms import made
from tests.upperforms.made import MEILONG, YUNGU, cells, read
from tests.world import Build, World, post, signed_in, token_in

HEADS = ["序号", "企业名称", "统一社会信用代码", "所属条线", "上年营业收入（万元）"]


@pytest.fixture
def city(build: Build) -> None:
    def make(world: World) -> None:
        made.lives(world)
        made.closed(world)

    build(make)


def send(client: Any, book: Any, **fields: str) -> Any:
    token = token_in(client.get("/upper-forms").get_data(as_text=True))
    file = (io.BytesIO(made.content(book)), "推荐汇总表.xlsx")
    data = {"csrf_token": token, "quarter": "2021Q3", "unit": "", **fields, "file": file}
    return client.post("/upper-forms", data=data, content_type="multipart/form-data")


def test_a_form_is_brought_corrected_and_downloaded(app: Flask, city: None) -> None:
    clerk = signed_in(app, "haifeng")
    assert "还没有回填过上级表" in clerk.get("/upper-forms").get_data(as_text=True)
    answer = send(clerk, made.plain(HEADS, title="2021年推荐汇总表"))
    assert answer.status_code == 302
    page = clerk.get("/upper-forms/1").get_data(as_text=True)
    assert ("从第 3 行起添 2 行" in page, "名录库没有这一栏，或表头不认识" in page) == (True, True)
    changed = {f"use_{number}": "heading" for number in range(5)} | {"use_3": "read:activity"}
    assert post(clerk, "/upper-forms/1/headings", changed).status_code == 302
    assert "填“主营业务” 2 格" in clerk.get("/upper-forms/1").get_data(as_text=True)
    file = post(clerk, "/upper-forms/1/file")
    assert "attachment" in file.headers["Content-Disposition"]
    sheet = read(file.data).worksheets[0]
    assert cells(sheet, 3)[1:2] + cells(sheet, 3)[3:] == [YUNGU, "应用软件开发", 1200]
    assert cells(sheet, 4)[1] == MEILONG
    page = clerk.get("/upper-forms").get_data(as_text=True)
    assert ("推荐汇总表.xlsx" in page, "2021Q3" in page) == (True, True)
    told = clerk.get("/upper-forms/headings").get_data(as_text=True)
    assert ("所属条线" in told, "填“主营业务”" in told, "2021年推荐汇总表" in told) == (True, True, True)
    with app.app_context():
        number = db.session.scalars(select(ColumnChoice.id)).one()
    assert post(clerk, f"/upper-forms/headings/{number}/withdrawal").status_code == 302
    assert "还没有指定过上级表的表头" in clerk.get("/upper-forms/headings").get_data(as_text=True)
    with app.app_context():
        verbs = list(db.session.scalars(select(TrailEntry.verb).where(TrailEntry.verb.like("%form"))))
    assert verbs == ["bring_form", "fill_form"]


def test_another_office_sees_neither_the_form_nor_what_was_said_of_it(app: Flask, city: None) -> None:
    clerk, other = signed_in(app, "haifeng"), signed_in(app, "lufeng")
    send(clerk, made.plain(HEADS))
    post(
        clerk,
        "/upper-forms/1/headings",
        {f"use_{number}": "heading" for number in range(5)} | {"use_3": "read:activity"},
    )
    assert [other.get(path).status_code for path in ("/upper-forms/1",)] == [404]
    assert [post(other, f"/upper-forms/1/{act}").status_code for act in ("file", "discard", "order", "headings")] == [
        404
    ] * 4
    with app.app_context():
        number = db.session.scalars(select(ColumnChoice.id)).one()
    assert post(other, f"/upper-forms/headings/{number}/withdrawal").status_code == 404
    assert "推荐汇总表.xlsx" not in other.get("/upper-forms").get_data(as_text=True)
    colleague = signed_in(app, "haifeng2")
    assert colleague.get("/upper-forms/1").status_code == 200


@pytest.mark.parametrize("who", ["leader", "auditor", "statistics", "finance", "sysadmin"])
def test_who_reports_to_no_upper_level_has_no_such_page(app: Flask, city: None, who: str) -> None:
    assert signed_in(app, who).get("/upper-forms").status_code == 403


def test_what_is_wrong_with_a_form_is_said_at_its_field(app: Flask, city: None) -> None:
    clerk = signed_in(app, "haifeng")
    page = send(clerk, made.plain([*HEADS, "一套表单位"])).get_data(as_text=True)
    assert "不能回填" in page
    assert "请写明用途" in send(clerk, made.plain(HEADS), contacts="y").get_data(as_text=True).replace(
        "请写明用途", "请写明用途"
    )
    assert "没有找到表头" in send(clerk, made.plain(["甲", "乙"])).get_data(as_text=True)
    with app.app_context():
        assert list(db.session.scalars(select(UpperForm))) == []


def test_settings_are_changed_and_a_form_is_given_up(app: Flask, city: None) -> None:
    clerk = signed_in(app, "haifeng")
    send(clerk, made.plain(["企业名称", "上年营业收入"]))
    assert "金额没有写明单位" in clerk.get("/upper-forms/1").get_data(as_text=True)
    assert post(clerk, "/upper-forms/1/order", {"quarter": "", "unit": "千元"}).status_code == 302
    page = clerk.get("/upper-forms/1").get_data(as_text=True)
    assert ("单位千元（表里没有写，由贵单位指定）" in page, "名录库现状（未冻结" in page) == (True, True)
    assert post(clerk, "/upper-forms/1/order", {"quarter": "2021Q4", "unit": ""}).status_code == 422
    assert post(clerk, "/upper-forms/1/discard").status_code == 302
    assert "请重新上传" in clerk.get("/upper-forms/1").get_data(as_text=True)
    assert "已放弃" in clerk.get("/upper-forms").get_data(as_text=True)


# -- the command -------------------------------------------------------------------------------------
def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["fill", *arguments])


def test_the_command_fills_a_form_and_lists_what_it_could_not(app: Flask, city: None, tmp_path: Path) -> None:
    form, out = tmp_path / "FORM.xlsx", tmp_path / "out.xlsx"
    form.write_bytes(made.content(made.plain(HEADS, title="2021年推荐汇总表")))
    done = run(app, str(form), "--quarter", "2021Q3", "--out", str(out))
    assert (done.exit_code, "3 firms, 12 cells filled" in done.output) == (0, True), done.output
    assert "D  所属条线  名录库没有这一栏，或表头不认识" in done.output
    assert cells(read(out.read_bytes()).worksheets[0], 3)[1] == YUNGU
    done = run(app, str(form), "--quarter", "2021Q3", "--as", "haifeng", "--column", "所属条线=主营业务")
    assert "2 firms, 10 cells filled" in done.output
    assert (tmp_path / "FORM_filled.xlsx").is_file()
    done = run(app, str(form), "--as", "haifeng")
    assert "2 firms, 10 cells filled" in done.output  # what was said is remembered
    with app.app_context():
        labels = [e.source or e.subject_label for e in db.session.scalars(select(TrailEntry)) if e.verb == "fill_form"]
    assert labels == ["FORM.xlsx"] * 3


def test_what_the_command_cannot_do_it_says_and_writes_nothing(app: Flask, city: None, tmp_path: Path) -> None:
    form = tmp_path / "FORM.xlsx"
    form.write_bytes(made.content(made.plain(HEADS)))
    closed = ("--quarter", "2021Q3")
    for arguments, said in (
        ((), "--as"),
        (("--quarter", "2021Q4"), "2021Q4"),
        ((*closed, "--column", "所属条线"), "HEADING=FIELD"),
        ((*closed, "--column", "没有的=主营业务"), "没有的"),
        ((*closed, "--unit", "分"), "--unit"),
        ((*closed, "--out", "x.csv"), "--out"),
        ((*closed, "--out", str(form)), "--out"),
        ((*closed, "--as", "leader"), ""),
    ):
        done = run(app, str(form), *arguments)
        told = f"{done.output}{done.exception}"
        assert (done.exit_code != 0, said in told) == (True, True), told
    assert [path.name for path in tmp_path.glob("*.xlsx")] == ["FORM.xlsx"]
    with app.app_context():
        assert db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "fill_form")).all() == []
