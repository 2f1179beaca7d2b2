"""The guide: everybody signed in reads it; help, first days and words say the same on the page, on paper and in the docs."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.permissions import can
from registry.base.vocabulary import ROLE_LABELS, Role
from registry.config import ROOT
from registry.features import FEATURES, menu
from registry.guide.pages import PICTURES
from registry.guide.rules import help_at
from registry.guide.texts.firstdays import FIRST_DAYS
from registry.guide.texts.glossary import GLOSSARY
from registry.guide.texts.topics import TOPICS
from registry.papers.sheets.docx import read_docx
from tests.sweep.screenshots import SHOTS
from tests.world import World, sign_in


def words(answer: object) -> str:
    return " ".join(html.fromstring(answer.get_data(as_text=True)).text_content().split())  # type: ignore[attr-defined]


# -- what is said ---------------------------------------------------------------------------------
@pytest.mark.once
def test_the_page_and_the_docs_have_the_same_words_in_the_same_order() -> None:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    assert [row[:2] for row in table[1:]] == [[term.word, term.english] for term in GLOSSARY]
    assert [term.word for term in GLOSSARY if not term.meaning.endswith("。")] == []


@pytest.mark.once
def test_every_topic_names_pages_that_are_there_and_every_line_of_the_menu_has_help(app: Flask) -> None:
    blueprints = {endpoint.partition(".")[0] for endpoint in app.view_functions}
    named = [page for topic in TOPICS for page in topic.pages]
    assert len(named) == len(set(named)), "a page with two helps"
    assert [page for page in named if page not in blueprints and page not in app.view_functions] == []
    assert [entry.endpoint for entry in menu() if help_at(entry.endpoint) is None] == []


@pytest.mark.once
def test_every_role_has_a_first_day_that_its_people_can_do(app: Flask, world: World) -> None:
    assert set(FIRST_DAYS) == set(Role) == set(ROLE_LABELS)
    people = {
        "clerk": "haifeng", "officer": "industry", "city_office": "cityoffice", "statistician": "statistics",
        "leader": "leader", "auditor": "auditor", "system_admin": "sysadmin", "security_admin": "secadmin",
        "audit_admin": "auditadmin",
    }  # fmt: skip
    shut = [
        (role, step.endpoint)
        for role, username in people.items()
        for step in FIRST_DAYS[role]
        if not can(world.actor(username), app.view_functions[step.endpoint].permission)  # type: ignore[attr-defined]
    ]
    assert shut == []


# -- where it is said -----------------------------------------------------------------------------
def test_a_page_carries_the_help_of_its_kind_folded(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    page = html.fromstring(client.get("/proposals").get_data(as_text=True))
    (help_,) = page.xpath("//details[@class='help no-print']")
    topic = help_at("proposals.listing")
    assert topic is not None
    assert help_.get("open") is None
    assert [one.text_content() for one in help_.iter("dd")] == [topic.what, topic.do, topic.then]
    assert help_.xpath(".//a/@href") == [f"/guide#{topic.key}"]
    assert page.xpath("//header//a[text()='帮助']/@href") == ["/guide"]


def test_nobody_signed_in_reads_no_guide_and_no_help(client: FlaskClient) -> None:
    assert (client.get("/guide").location or "").startswith("/sign-in?")
    assert "这一页怎么用" not in client.get("/sign-in").get_data(as_text=True)


@pytest.mark.parametrize("username", ["haifeng", "leader", "sysadmin"])
def test_everybody_reads_the_guide_and_their_own_first_day(client: FlaskClient, world: World, username: str) -> None:
    sign_in(client, username)
    (role,) = world.actor(username).roles
    own = html.fromstring(client.get("/guide/first-day").get_data(as_text=True))
    steps = FIRST_DAYS[role]
    assert [" ".join(one.text_content().split()) for one in own.xpath("//ol[@class='first-steps']//strong")] == [
        step.title for step in steps
    ]
    assert len(own.xpath("//ol[@class='first-steps']//a")) == len(steps), "each step leads somewhere"
    every = words(client.get("/guide"))
    assert [topic.title for topic in TOPICS if topic.then not in every] == []


def test_the_first_day_of_another_role_is_read_without_links_that_are_shut(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    page = html.fromstring(client.get("/guide/first-day?role=system_admin").get_data(as_text=True))
    assert page.xpath("//ol[@class='first-steps']//a/@href") == ["/password"]
    assert "系统管理员的第一天" in page.xpath("//h1")[0].text_content()


def test_the_handbook_says_on_paper_what_the_pages_say(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    page = words(client.get("/guide/handbook"))
    file = client.get("/guide/handbook.docx")
    told = read_docx(io.BytesIO(file.get_data()).getvalue())
    texts = [text for topic in TOPICS for text in (topic.what, topic.do, topic.then)]
    texts += [step.text for steps in FIRST_DAYS.values() for step in steps] + [term.meaning for term in GLOSSARY]
    assert [text for text in texts if text not in page] == []
    assert [text for text in texts if not any(text in line for line in told)] == []
    assert f"{told[0]}" == "企业培育名录库使用手册"


def test_the_handbook_shows_the_pictures_that_were_taken(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    there = [topic.picture for topic in TOPICS if topic.picture and (PICTURES / f"{topic.picture}.png").is_file()]
    page = html.fromstring(client.get("/guide/handbook").get_data(as_text=True))
    addresses = page.xpath("//img/@src")
    assert len(addresses) == len(there) > 0
    for address, name in zip(addresses, there, strict=True):
        with client.get(address) as answer:
            assert (answer.mimetype, answer.get_data()) == ("image/png", (PICTURES / f"{name}.png").read_bytes())
    assert client.get(f"/guide/pictures/{len(there) + 1}").status_code == 404
    assert client.get("/guide/pictures/0").status_code == 404


@pytest.mark.once
def test_the_guide_stands_above_what_it_speaks_of() -> None:
    assert FEATURES.index("guide") > FEATURES.index("home")


@pytest.mark.once
def test_a_picture_of_a_topic_is_one_that_is_taken() -> None:
    assert {topic.picture for topic in TOPICS if topic.picture} == set(SHOTS)
