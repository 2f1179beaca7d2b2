"""Nothing that waits for somebody is missing from their home: every list that a feature declares, for everybody."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import pytest
from flask import Flask, current_app
from lxml import html

import registry
from registry.base.extensions import db, forget
from registry.base.permissions import ADMINISTRATORS, Actor
from registry.home.queries import inbox
from tests.home.planted import PLANTED, Counts
from tests.queries_counted import queries_counted
from tests.world import PEOPLE, Build, World, signed_in

OTHER_LISTS = {
    "accounts.queries.requests.waiting": "to_confirm narrows it to whom it waits for",
    "accounts.queries.requests.to_confirm": "declared as approval",
    "bulletins.queries.bulletins.to_do": "declared as bulletin",
    "bundles.queries.to_settle": "declared as bundle",
    "cases.queries.cases.waiting_for": "declared as case",
    "duplicates.queries.pairs.waiting": "declared as pair, for who may judge",
    "filings.queries.filings.due": "declared as file; to others it is a list to read",
    "filings.queries.filings.under_way": "declared as level; to others it is a list to read",
    "filings.queries.rechecks.undecided": "declared as recheck",
    "imports.queries.to_confirm": "declared as batch",
    "levelfiles.queries.to_settle": "declared as level_load",
    "notices.queries.received.unread": "declared as notice",
    "plans.queries.tasks.nudged_of": "declared as task",
    "proposals.queries.waiting.to_review": "declared as review",
    "proposals.queries.waiting.to_mend": "declared as mend",
    "quarters.queries.due.unspoken": "declared as certify",
    "rulesets.queries.drafts.to_check": "declared as rule",
    "rulesets.queries.drafts.own_open": "declared as own_rule, of every kind",
    "workbooks.queries.to_write": "declared as workbook",
}
"""Queries with the name of something that waits, and how home knows of them."""
SUSPICIOUS = (
    "to_",
    "waiting",
    "unread",
    "open_of_actor",
    "due",
    "under_way",
    "undecided",
    "unspoken",
    "nudged",
    "own_open",
)


def counted(world: World, name: str) -> Counts:
    """For whom there is something on the list, and how much."""
    pending = inbox.named(name)
    assert pending is not None
    found = {who: inbox.count_of(world.actor(who), pending) for who in PEOPLE}
    return {who: number for who, number in found.items() if number}


@pytest.mark.parametrize("name", PLANTED)
def test_what_waits_is_counted_for_those_who_can_do_it_and_for_nobody_else(world: World, name: str) -> None:
    before = counted(world, name)
    added = PLANTED[name](world)
    db.session.flush()
    forget("money_states")  # a kind may be among what was planted
    expected = {who: before.get(who, 0) + added.get(who, 0) for who in PEOPLE}
    assert counted(world, name) == {who: number for who, number in expected.items() if number}


def test_every_list_that_is_declared_is_planted_here_and_told_apart(world: World) -> None:
    names = [one.name for one in inbox.declared()]
    assert sorted(names) == sorted(PLANTED), "a list that waits needs a row in tests/home/planted.py"
    assert len({one.label for one in inbox.declared()}) == len(names)
    assert all((one.rows is None) is not (one.found is None) for one in inbox.declared())
    assert all(one.where or one.tasks for one in inbox.declared())


def test_a_query_of_something_that_waits_is_declared() -> None:
    """By its name: whoever writes the next one declares it, or says in this file why home need not know of it."""
    found = set()
    for module in pkgutil.walk_packages(registry.__path__, "registry."):
        if ".queries" not in module.name or module.name.endswith(".pending"):
            continue
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if function.__module__ == module.name and name.startswith(SUSPICIOUS) and _is_list(function):
                found.add(f"{module.name.removeprefix('registry.')}.{name}")
    assert found == set(OTHER_LISTS)


def _is_list(function: Any) -> bool:
    """Of one actor, and a statement."""
    signature = inspect.signature(function)
    first = next(iter(signature.parameters.values()), None)
    is_select = str(signature.return_annotation).startswith("Select[")
    return first is not None and first.annotation in (Actor, "Actor") and is_select


@pytest.mark.parametrize("who", ["haifeng", "industry", "statistics", "cityoffice", "finance2", "sysadmin", "secadmin"])
def test_home_names_every_list_with_its_count_and_a_page_that_opens(app: Flask, build: Build, who: str) -> None:
    def make(world: World) -> dict[str, int]:
        for name in (
            "mend",
            "lead",
            "claim",
            "bundle",
            "file",
            "rule",
            "task_overdue",
            "case",
            "batch_check",
            "notice",
        ):
            PLANTED[name](world)
        for name in ("approval", "token", "job", "appraisal", "doubt", "story", "explanation", "qualification_load"):
            PLANTED[name](world)
        db.session.commit()
        return {one.pending.name: one.count for one in inbox.queues(world.actor(who))}

    expected = build(make)
    assert expected
    client = signed_in(app, who)
    page = html.fromstring(client.get("/inbox").get_data(as_text=True))
    links = {a.get("data-waiting"): a for a in page.xpath("//a[@data-waiting]")}
    assert {name: int(a.xpath("string(strong)").replace(",", "")) for name, a in links.items()} == expected
    for name, link in links.items():
        answer = client.get(link.get("href"))
        assert answer.status_code == 200, name
        if link.get("href").startswith("/waiting?"):
            rows = html.fromstring(answer.get_data(as_text=True)).xpath("//tbody/tr")
            assert len(rows) == expected[name], name


@pytest.mark.parametrize(
    "who,name,code", [("haifeng", "lead", 200), ("industry", "lead", 404), ("sysadmin", "mend", 404)]
)
def test_a_list_that_is_somebody_else_s_is_not_there(app: Flask, world: World, who: str, name: str, code: int) -> None:
    assert signed_in(app, who).get(f"/waiting?list={name}").status_code == code


def test_no_list_of_the_directory_concerns_an_administrator(world: World) -> None:
    administrative = {"approval", "token", "job"}
    for who in PEOPLE:
        actor = world.actor(who)
        mine = {one.name for one in inbox.declared() if inbox.concerns(actor, one)}
        assert bool(mine & administrative) is actor.holds(*ADMINISTRATORS), who
        if actor.holds(*ADMINISTRATORS):
            assert mine <= administrative | {"own_rule"}, who


@pytest.mark.parametrize("who", ["haifeng", "cityoffice", "finance", "sysadmin"])
def test_all_counts_are_one_statement(world: World, who: str) -> None:
    actor = world.actor(who)
    with queries_counted(current_app._get_current_object()) as seen:  # type: ignore[attr-defined]
        inbox.counts(actor)
        inbox.counts(actor)
    assert len(seen) == 1
