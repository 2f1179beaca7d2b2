"""One table says what is required at which step: form, workbook, page of checks and guards say the same of each field."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from lxml import html

from registry.base import requirements
from registry.base.errors import Blocked
from registry.base.extensions import db
from registry.base.firm_fields import FIGURE_FIELDS
from registry.base.requirements import REQUIRED, FieldRule
from registry.base.vocabulary import Action, Missing, Stage
from registry.entries.forms.firms import COLUMNS
from registry.entries.services import entries
from registry.filings.forms.filings import Confirm
from registry.filings.services import filing as filings
from registry.imports.services.returning import reference_lists
from registry.pathway.queries import facts
from registry.pathway.rules.transitions import GUARDS, step
from registry.proposals.services import proposals, reviews
from registry.sheets.columns import by_key, has_key
from registry.sheets.template import HEADING_ROW, write_template
from tests.filed import complete, qualified, window
from tests.world import NOW, TODAY, Build, World, signed_in

OF_FORM = [rule for rule in REQUIRED if rule.field in COLUMNS and rule.field not in FIGURE_FIELDS]
WANTED = [rule for rule in OF_FORM if rule.step in (Action.CREATE, Action.SUBMIT) and rule.field != "name"]
MARKED = [rule for rule in OF_FORM if rule is requirements.first(rule.field) and rule.step is not Action.CREATE]


def named(rule: FieldRule) -> str:
    return f"{rule.field}-{rule.step}"


def without(rule: FieldRule) -> dict[str, Any]:
    """The values of a firm that lacks what the rule requires, and nothing else."""
    values: dict[str, Any] = {rule.only[0]: rule.only[1]} if rule.only else {}
    text = rule.field in ("registered_address", "activity", "deemed_approval", "contact_name", "contact_phone")
    values[rule.field] = "" if text else None
    return values | ({rule.instead: ""} if rule.instead else {})


@pytest.mark.parametrize("rule", WANTED, ids=named)
def test_a_nomination_without_it_is_refused_by_its_guard_alone(world: World, rule: FieldRule) -> None:
    firm = world.firm()
    for key, value in without(rule).items():
        setattr(firm, key, value)
    world.figure(firm, "1500")
    with pytest.raises(Blocked) as refused:
        proposals.submit(world.actor("haifeng"), firm, at=NOW, on=TODAY)
    assert refused.value.blockers == (GUARDS[rule.guard].sentence,)


@pytest.mark.parametrize("rule", WANTED, ids=named)
def test_the_page_before_submitting_leads_to_the_very_field(app: Flask, build: Build, rule: FieldRule) -> None:
    def make(world: World) -> None:
        firm = world.firm()
        world.figure(firm, "1500")
        for key, value in without(rule).items():
            setattr(firm, key, value)

    build(make)
    page = html.fromstring(signed_in(app, "haifeng").get("/firms/1/nomination").data)
    links = page.xpath("//section[h2='能否提交']//li/a")
    required = [(a.get("href"), a.text_content()) for a in links if GUARDS[rule.guard].sentence == a.text_content()]
    assert required == [(f"/firms/1/edit#{rule.field}", GUARDS[rule.guard].sentence)]


@pytest.mark.parametrize("rule", MARKED, ids=named)
def test_the_form_marks_the_field_with_its_step(app: Flask, build: Build, rule: FieldRule) -> None:
    build(lambda world: world.firm())
    page = html.fromstring(signed_in(app, "haifeng").get("/firms/1/edit").data)
    (hint,) = page.xpath(f"//*[@id='{rule.field}-hint']")
    assert requirements.MARKS[rule.step] in hint.text_content()


def test_a_field_that_nothing_requires_is_marked_nowhere(app: Flask, build: Build) -> None:
    build(lambda world: world.firm())
    page = html.fromstring(signed_in(app, "haifeng").get("/firms/1/edit").data)
    marks = [mark.rstrip("。") for mark in requirements.MARKS.values()]
    said = {hint.get("id").removesuffix("-hint") for hint in page.xpath("//p[@class='field-hint']")
            if any(mark in hint.text_content() for mark in marks)}  # fmt: skip
    assert said == {rule.field for rule in MARKED}


def test_the_template_bears_the_same_marks(world: World) -> None:
    file, office = BytesIO(), world.user("haifeng").office
    write_template(file, reference=reference_lists(office), rows=(), office_name=office.name)
    sheet = openpyxl.load_workbook(file)["填报"]
    marks = {sheet.cell(HEADING_ROW, n).value: sheet.cell(HEADING_ROW - 1, n).value for n in range(1, sheet.max_column)}
    of_step = {Action.CREATE: "提交前必填", Action.SUBMIT: "提交前必填", Action.FILE: "申报前必填"}
    expected = {
        by_key(rule.field).heading_with_unit: "必填" if rule.field == "name" else of_step[rule.step]
        for rule in REQUIRED
        if rule is requirements.first(rule.field) and has_key(rule.field) and by_key(rule.field).in_template
    }
    assert {heading: mark for heading, mark in marks.items() if mark and mark != "选填"} == {
        heading: mark for heading, mark in expected.items() if heading in marks
    }


@pytest.mark.parametrize("action,stage", [(Action.SUBMIT, Stage.LEAD), (Action.FILE, Stage.QUALIFIED), (Action.CONFIRM, Stage.IN_CHAIN)])  # fmt: skip
def test_every_step_asks_by_the_guards_of_the_table(action: Action, stage: Stage) -> None:
    transition = step(action, stage)
    assert transition is not None
    assert set(requirements.guards(action)) <= set(transition.guards)
    others = {rule.guard for rule in REQUIRED if rule.step is not action} - {"name", "credit_code"}
    assert others & set(transition.guards) == set()


def test_what_admission_looks_at_was_asked_for_before_the_nomination() -> None:
    asked = {rule.field for rule in REQUIRED if rule.step in (Action.CREATE, Action.SUBMIT)}
    assert {"unit_kind", "deemed_approval", "industry", "activity", "registered_address", "revenue_to_date"} <= asked


@pytest.mark.parametrize("field", [rule.field for rule in REQUIRED if rule.step is Action.CONFIRM])
def test_the_confirmation_marks_what_it_requires(app: Flask, field: str) -> None:
    with app.test_request_context():
        form = Confirm(on=TODAY, year=TODAY.year)
        names = {"effective_month": "month", "reference": "reference"}
        assert form[names[field]].flags.required


def test_a_case_that_came_back_may_be_given_what_is_required_and_was_never_asked_for(app: Flask, build: Build) -> None:
    """A nomination of before this table: only the industry was sent back, and its main business is empty."""

    def make(world: World) -> None:
        proposal = world.under_review()
        reviews.send_back(
            world.actor("industry"),
            proposal,
            reason_code="R02",
            cells={"industry": "请核对"},
            note="",
            at=NOW,
            on=TODAY,
        )
        proposal.firm.activity = ""

    build(make)
    page = html.fromstring(signed_in(app, "haifeng").get("/firms/1/edit").data)
    assert [page.xpath(f"boolean(//*[@name='{key}'])") for key in ("activity", "industry", "founded_on")] == [
        True,
        True,
        False,
    ]


def test_blank_names_every_field_that_is_empty(world: World) -> None:
    firm = world.firm(activity="", founded_on=None, contact_phone="")
    assert facts.blank(firm) == {"activity", "founded_on", "contact_phone"}
    entries.edit(world.actor("haifeng"), firm, {"activity": "软件开发"}, at=NOW, on=TODAY)
    db.session.flush()
    assert facts.blank(firm) == {"founded_on", "contact_phone"}


@pytest.mark.parametrize("rule", requirements.at(Action.FILE), ids=named)
def test_a_filing_without_it_is_refused_by_its_guard_alone(world: World, rule: FieldRule) -> None:
    firm = qualified(world)
    number = window(world).id
    complete(world, firm)
    setattr(firm, rule.field, "" if rule.field == "operating_address" else None)
    firm.no_code_reason = "正在办理"
    complete(world, firm)
    with pytest.raises(Blocked) as refused:
        filings.file(world.actor("statistics"), firm, number, at=NOW, on=TODAY)
    assert refused.value.blockers == (GUARDS[rule.guard].sentence,)


def test_what_the_dossier_says_is_missing_is_asked_for_at_some_step() -> None:
    fields = {Missing.CONTACT: "contact_name", Missing.REVENUE: "revenue_to_date", Missing.DOCUMENT: "revenue_to_date"}
    asked = {rule.field for rule in REQUIRED}
    assert [code for code in Missing if fields.get(code, code.value) not in asked] == []
