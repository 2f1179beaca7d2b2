"""The same digits, another trade: a code of 2011 is never taken for one of 2017, in a list or on a form."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from tests.entries.test_conflicts import open_form
from tests.uploads import codes, listed, rows, uploaded
from tests.world import Build, World, credit_code, signed_in

HEADINGS = ("企业名称", "统一社会信用代码", "行业代码", "分类版本")
# 2011 -> 2017; 7250 was intellectual property, 7520 science intermediaries, 6520 system integration, 6550 chip design.
MAPPED = (("7250", "7520"), ("7520", "7530"), ("6520", "6531"), ("6550", "6520"), ("6530", "6560"), ("6540", "6550"))


@pytest.mark.parametrize("given, meant", MAPPED)
def test_a_list_that_says_2011_is_read_as_2011(world: World, tmp_path: Path, given: str, meant: str) -> None:
    row = rows(uploaded(tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), given, "2011")], HEADINGS)))[0]
    assert (row.kind, row.values["fields"]["industry"], row.values["fields"]["industry_year"]) == ("new", meant, 2017)
    assert codes(row.notices) == [("C", "industry", "industry_mapped")]


def test_a_code_that_only_2011_had_needs_no_question(world: World, tmp_path: Path) -> None:
    """2017 has 7251 and 7259 and no 7250: it can only be the intellectual property of 2011."""
    row = rows(uploaded(tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), "7250", "")], HEADINGS)))[0]
    assert (row.kind, row.values["fields"]["industry"]) == ("new", "7520")
    assert codes(row.notices) == [("C", "industry", "industry_mapped")]


@pytest.mark.parametrize("given", ["7520", "6520", "6550"])
def test_a_list_that_does_not_say_is_read_as_2017_and_told_what_2011_had(
    world: World, tmp_path: Path, given: str
) -> None:
    row = rows(uploaded(tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), given, "")], HEADINGS)))[0]
    assert (row.kind, row.values["fields"].get("industry")) == ("new", given)
    assert codes(row.notices) == [("C", "industry", "industry_both_years")]


@pytest.mark.parametrize("given", ["7520", "6520", "6550"])
def test_a_list_that_says_2017_is_taken_at_its_word(world: World, tmp_path: Path, given: str) -> None:
    row = rows(uploaded(tmp_path, listed([("海丰县青梅科技有限公司", credit_code(1), given, "2017")], HEADINGS)))[0]
    assert (row.kind, row.values["fields"]["industry"]) == ("new", given)


@pytest.mark.parametrize("given, year, stored", [
    *((given, "2011", meant) for given, meant in MAPPED), ("7520", "2017", "7520"), ("7250", "", "7520"), ("7520", "", ""),
    ("6520", "", ""),
])  # fmt: skip
def test_the_form_maps_a_code_of_2011_and_asks_where_the_year_is_not_said(
    app: Flask, build: Build, given: str, year: str, stored: str
) -> None:
    number = build(lambda world: world.firm(industry="6513").id)
    form = open_form(signed_in(app, "haifeng"), number)
    answer = form.send(industry=given, industry_year=year, reason="核对营业执照")
    with app.app_context():
        held = db.session.scalar(select(Firm.industry).where(Firm.id == number))
    assert (answer.status_code, held) == ((302, stored) if stored else (422, "6513"))


@pytest.mark.parametrize("meant", ["6520", "6531"])
def test_the_form_asks_with_both_meanings_and_takes_the_one_that_is_chosen(
    app: Flask, build: Build, meant: str
) -> None:
    number = build(lambda world: world.firm(industry="6513").id)
    form = open_form(signed_in(app, "haifeng"), number)
    asked = form.follow(industry="6520", industry_year="", reason="核对营业执照")
    assert "2017版是“集成电路设计”，2011版是“信息系统集成服务”" in unescape(asked.html)
    assert [
        text for text in ("按2017版：6520 集成电路设计", "现为 6531 信息系统集成服务") if text not in asked.html
    ] == []
    assert asked.send(industry_meant=meant, reason="核对营业执照").status_code == 302
    with app.app_context():
        assert db.session.scalar(select(Firm.industry).where(Firm.id == number)) == meant


@pytest.mark.parametrize("given, meant", MAPPED)
def test_the_line_and_the_bureau_follow_what_was_meant(world: World, given: str, meant: str) -> None:
    """Intellectual property moved from section L to M; system integration and chip design stay in I."""
    resolved = reference.classification().resolve(given, 2011)
    section = reference.classification().section_of(meant)
    firm = world.firm(industry=resolved.code_2017)
    lines = {"I": 20_000_000, "M": 10_000_000}
    assert resolved.code_2017 == meant
    assert firm.statutory_line == lines[section or ""]
