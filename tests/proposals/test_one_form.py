"""One firm by form: from nothing to a submitted nomination, with as few fields and presses as its case needs."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import db
from registry.documents.queries import documents
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.firms.queries.firms import with_code
from tests.world import World, credit_code, sign_in, signed_in

NAME = "海丰县云谷软件有限公司"
TYPED = {
    "founded_on": "2018-05-20",
    "unit_kind": "legal_person",
    "registered_address": "海丰县海城镇人民路1号",
    "industry": "6513 应用软件开发",
    "activity": "软件开发",
    "contact_name": "陈小明",
    "contact_phone": "13800135678",
    "revenue_period": "2021-09",
    "revenue_amount": "1500",
    "revenue_source": "income_statement",
}
PAPER = b"%PDF-1.4 invented statement"


def forms_of(answer: Any) -> Any:
    return html.fromstring(answer.get_data(as_text=True)).xpath("//main//form[@method='post' or @class='form-body']")


def asked(answer: Any) -> list[str]:
    """The names of the fields that a person sees on the page, in order."""
    fields = forms_of(answer)[-1].xpath(".//input[@type!='hidden'] | .//select | .//textarea | .//input[not(@type)]")
    return list(dict.fromkeys(field.get("name") for field in fields))


def sent(client: FlaskClient, answer: Any, path: str, **typed: Any) -> Any:
    """The form of the page sent back with what it holds and what was typed."""
    held = dict(forms_of(answer)[-1].form_values())
    return client.post(path, data={**held, **typed})


def figures_of(firm: Firm) -> list[tuple[int, int, str, bool]]:
    rows = figures.counted_figures(firm)
    return [(row.line.year, row.line.month, str(row.line.amount), row.proven) for row in rows]


def test_a_nomination_from_nothing_to_submitted_takes_22_fields_and_6_presses(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    listed = client.get("/proposals").get_data(as_text=True)  # 1: the room
    assert 'href="/proposals/new"' in listed
    first = client.get("/proposals/new")  # 2: nominate
    named = asked(first)
    onward = client.get("/proposals/new", query_string={"name": NAME, "credit_code": credit_code(1)})  # 3: look
    assert onward.status_code == 302  # nothing is alike and the register offers nothing: the form comes at once
    details = client.get(onward.location)
    filled = asked(details)
    saved = sent(client, details, onward.location, **TYPED, next="1", revenue_file=(BytesIO(PAPER), "利润表.pdf"))  # 4
    assert saved.status_code == 302, html.fromstring(saved.get_data(as_text=True)).xpath("string(//main)")
    check = client.get(saved.location)
    assert "可以提交" in check.get_data(as_text=True)
    noted = asked(check)
    done = sent(client, check, saved.location)  # 5: submit
    assert (done.status_code, done.location) == (302, "/proposals/1")
    assert [*named, *filled, *noted] == [
        "name", "credit_code", "name", "credit_code", "unit_kind", "founded_on", "division", "town",
        "registered_address", "operating_address", "industry", "activity", "accounting", "taxpayer_kind", "employees",
        "contact_name", "contact_phone", "revenue_period", "revenue_amount", "revenue_source", "revenue_file", "note",
    ]  # fmt: skip
    with app.app_context():
        firm = with_code(credit_code(1))
        assert firm is not None
        assert (firm.stage, figures_of(firm)) == ("proposed", [(2021, 9, "15000000.00", True)])
        assert [(one.material, one.year, one.month) for one in documents.documents_of(firm)] == [("M04", 2021, 9)]


def test_the_revenue_may_be_left_for_later(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    path = f"/proposals/new/details?name={NAME}&credit_code={credit_code(1)}"
    saved = sent(client, client.get(path), path, **{**TYPED, "revenue_amount": ""}, next="1")
    assert saved.status_code == 302
    with app.app_context():
        firm = with_code(credit_code(1))
        assert firm is not None
        assert (firm.stage, figures_of(firm), documents.documents_of(firm)) == ("lead", [], [])


@pytest.mark.parametrize(
    "typed, field",
    [
        ({"revenue_amount": "1500"}, "revenue_file"),
        ({"revenue_amount": "", "revenue_file": (BytesIO(PAPER), "a.pdf")}, "revenue_amount"),
        ({"revenue_amount": "约一千万", "revenue_file": (BytesIO(PAPER), "a.pdf")}, "revenue_amount"),
        ({"revenue_file": (BytesIO(b"<html>"), "a.pdf")}, "revenue_file"),
        ({"revenue_period": "2021-12", "revenue_file": (BytesIO(PAPER), "a.pdf")}, "revenue_period"),
    ],
)
def test_a_revenue_without_its_paper_or_amount_keeps_the_firm_out(
    app: Flask, client: FlaskClient, typed: dict[str, Any], field: str
) -> None:
    sign_in(client, "haifeng")
    path = f"/proposals/new/details?name={NAME}&credit_code={credit_code(1)}"
    answer = sent(client, client.get(path), path, **{**TYPED, **typed}, next="1")
    links = html.fromstring(answer.get_data(as_text=True)).xpath("//div[@class='error-summary']//a/@href")
    again = ["#revenue_file"] if "revenue_file" in typed and field != "revenue_file" else []  # no browser keeps it
    assert (answer.status_code, links) == (422, [f"#{field}", *again])
    with app.app_context():
        assert with_code(credit_code(1)) is None


def test_what_applies_only_to_some_is_asked_of_those(client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    without = asked(client.get(f"/proposals/new/details?name={NAME}"))
    with_one = asked(client.get(f"/proposals/new/details?name={NAME}&credit_code={credit_code(1)}"))
    assert ([name for name in without if name not in with_one], "deemed_approval" in with_one) == (
        ["no_code_reason"],
        False,
    )
    path = f"/proposals/new/details?name={NAME}&credit_code={credit_code(1)}"
    typed = {**TYPED, "unit_kind": "deemed_legal_person", "founded_on": "去年"}
    assert "deemed_approval" in asked(sent(client, client.get(path), path, **typed, next="1"))


def test_an_industry_is_found_by_its_words_and_chosen_by_a_person(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    path = f"/proposals/new/details?name={NAME}&credit_code={credit_code(1)}"
    typed = {**TYPED, "industry": "应用软件", "revenue_amount": ""}
    answer = sent(client, client.get(path), path, **typed, next="1")
    page = html.fromstring(answer.get_data(as_text=True))
    offered = [label.text_content().strip() for label in page.xpath("//*[@id='industry_meant']//label")]
    assert (answer.status_code, offered) == (422, ["6513 应用软件开发"])
    assert page.xpath("//*[@id='industry_meant']//input[@checked]") == []
    saved = sent(client, answer, path, **typed, industry_meant="6513", next="1")
    assert saved.status_code == 302
    with app.app_context():
        firm = with_code(credit_code(1))
        assert firm is not None
        assert firm.industry == "6513"


def test_the_form_suggests_no_figure(app: Flask, world: World) -> None:
    world.admitted("海丰县白鹭软件有限公司")
    db.session.commit()
    page = html.fromstring(signed_in(app, "haifeng").get("/proposals/new/details").get_data(as_text=True))
    assert page.xpath("string(//input[@name='revenue_amount']/@value)") == ""
