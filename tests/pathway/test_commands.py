"""`registry replay` and `registry whatif`: the same past whenever it is asked, one object on standard output."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from registry.base.clocks import AsOf
from registry.base.extensions import SHANGHAI, db
from registry.base.periods import Period
from registry.base.vocabulary import FigureSource
from registry.documents.services import attachments
from registry.entries.services import entries
from registry.figures.services import recording
from registry.merges.queries import plans
from registry.merges.rules import Pick
from registry.merges.services import merging
from registry.merges.services.merging import MergeChoice
from registry.pathway.queries import past_verdicts, positions
from tests.rulesets.test_drafting import HEAD, begun, lowered, with_line
from tests.terminal import registry
from tests.world import NOW, TODAY, World, credit_code

NOVEMBER = datetime(2021, 11, 2, 9, 30, tzinfo=SHANGHAI)


def told(world: World, on: date = TODAY) -> list[dict[str, Any]]:
    db.session.commit()
    db.session.expire_all()
    return [past_verdicts.plain(firm) for firm in past_verdicts.listed(None, AsOf(on))]


def city(world: World) -> Any:
    firm = world.admitted(wan="1600")
    world.figure(firm, "1200", period="2020")
    world.admitted("海丰县正衡检测技术有限公司", industry="7452", wan="1080", reviewer="market")
    world.firm("海丰县未申报软件有限公司")
    return firm


def test_the_directory_of_a_day_is_told_with_rules_and_versions(world: World) -> None:
    city(world)
    first, second = told(world)
    lines = {c["code"]: c for c in first["conditions"]}
    assert (first["name"], first["stage"], first["rate"], first["tier"]) == (
        "海丰县云谷软件有限公司", "admitted", "0.8000", "B",
    )  # fmt: skip
    assert lines["statutory_line"] == {
        "code": "statutory_line", "verdict": "unmet", "note": None, "period": "2021-09", "amount": "16000000.00",
        "line": "20000000.00", "rule": "SVC-2000-I", "version": 1,
    }  # fmt: skip
    assert (second["name"], second["stage"], second["tier"]) == ("海丰县正衡检测技术有限公司", "qualified", "A")


def test_whatever_happens_later_the_day_is_told_the_same(world: World) -> None:
    """Later figures, corrections, papers, fields, a contact, a name, a new rule, another firm, a merge."""
    firm = city(world)
    twin = world.admitted("海丰县云谷信息软件有限公司", wan="1700")
    before = told(world)
    clerk = world.actor("haifeng")
    later: dict[str, Any] = {"at": NOVEMBER, "on": NOVEMBER.date()}
    recording.record(
        clerk, firm, Period(2021, 9), Decimal(19_000_000), source=FigureSource.INCOME_STATEMENT,
        document=world.document(firm), reason="原数有误", **later,
    )  # fmt: skip
    recording.record(
        clerk, firm, Period(2021, 10), Decimal(21_000_000), source=FigureSource.INCOME_STATEMENT,
        document=world.document(firm, month=10), **later,
    )  # fmt: skip
    attachments.attach(
        clerk, firm, filename="说明.pdf", content=b"%PDF-1.4 x", material="M07", at=NOVEMBER, year=2021, month=9
    )
    entries.edit(clerk, firm, {"accounting": "other", "industry": "7452", "contact_phone": ""}, reason="核实", **later)
    entries.rename(clerk, firm, "海丰县云谷数据有限公司", effective=TODAY, reason="更名", **later)
    lowered(world, replace(HEAD, valid_from=date(2022, 1, 1)))
    assert told(world) == before
    plan = plans.plan(firm, twin)
    keys = [*(one.key for one in plan.differences), *(one.key for one in plan.clashes)]
    choice = MergeChoice("同一家企业", dict.fromkeys(keys, Pick.WINNER), code_ground="mistyped", code_checked=True)
    merging.merge(world.actor("cityoffice"), firm, twin, choice, **later)
    assert told(world) == before
    assert [row["id"] for row in told(world, NOVEMBER.date())] == [row["id"] for row in before if row["id"] != twin.id]


def test_the_whole_directory_and_one_dossier_say_the_same(world: World) -> None:
    firm = city(world)
    world.figure(firm, "1650", reason="更正")
    db.session.commit()
    for row in past_verdicts.listed(None, AsOf(TODAY)):
        assert row.position == positions.replayed(db.session.get_one(type(firm), row.firm_id), as_of=AsOf(TODAY))


def test_a_firm_of_a_later_day_is_not_in_the_directory_of_an_earlier_one(world: World) -> None:
    city(world)
    assert told(world, date(2021, 10, 14)) == []


def test_a_county_replays_its_own_firms_only(world: World) -> None:
    city(world)
    db.session.commit()
    assert [
        len(list(past_verdicts.listed(world.actor(who), AsOf(TODAY)))) for who in ("haifeng", "lufeng", "statistics")
    ] == [
        2,
        0,
        2,
    ]
    assert past_verdicts.one(world.actor("lufeng"), credit_code(1), AsOf(TODAY)) is None


# -- the command ----------------------------------------------------------------------------------
def test_json_is_one_object_on_standard_output_and_the_same_later(
    installed: Path, app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    city(world)
    db.session.commit()
    said = registry("replay", "--as-of", "2021-10-15", "--json")
    assert (said.status, said.err) == (0, "")
    answer = json.loads(said.out)
    assert (answer["as_of"], len(answer["firms"])) == ("2021-10-15", 2)
    monkeypatch.setenv("REGISTRY_TODAY", "2024-02-01")
    assert registry("replay", "--as-of", "2021-10-15", "--json").out == said.out


def test_one_firm_by_code_or_number_listed_or_not(installed: Path, app: Flask, world: World) -> None:
    firm = city(world)
    db.session.commit()
    by_code = registry("replay", "--as-of", "2021-10-15", "--firm", credit_code(1), "--json")
    by_number = registry("replay", "--as-of", "2021-10-15", "--firm", str(firm.id), "--json")
    assert by_code == by_number
    assert [row["id"] for row in json.loads(by_code.out)["firms"]] == [firm.id]
    lead = json.loads(registry("replay", "--as-of", "2021-10-15", "--firm", credit_code(3), "--json").out)
    assert lead["firms"][0]["stage"] == "lead"
    plain = registry("replay", "--as-of", "2021-10-15", "--firm", str(firm.id)).out.splitlines()
    assert plain[0] == f"{firm.id} {credit_code(1)} 海丰县云谷软件有限公司 admitted rate 80.00% tier B"
    assert "  statutory_line: unmet 1,600.00 of 2,000.00 (10,000 yuan) by SVC-2000-I v1" in plain


@pytest.mark.parametrize(
    "arguments, status",
    [
        (("--as-of", "2021-10-16"), 2),
        (("--as-of", "gestern"), 2),
        ((), 2),
        (("--as-of", "2021-10-15", "--firm", "9"), 1),
        (("--as-of", "2021-10-15", "--as", "nobody"), 1),
    ],
)
def test_what_cannot_be_replayed_is_one_line(
    installed: Path, app: Flask, world: World, arguments: tuple[str, ...], status: int
) -> None:
    said = registry("replay", *arguments)
    assert (said.status, said.out, len(said.err.strip().splitlines())) == (status, "", 1)


def test_what_if_tells_the_effects_and_changes_nothing(installed: Path, app: Flask, world: World) -> None:
    city(world)
    draft = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    number = draft.id
    db.session.commit()
    said = registry("whatif", str(number), "--json")
    answer = json.loads(said.out)
    assert (said.status, said.err, answer["looked_at"]) == (0, "", 3)
    assert answer["counts"] == {"line": 2, "qualifies": 1, "tier": 1}
    first = answer["targets"][0]
    assert (first["target"], first["before"], first["after"]) == ("T1", 1, 2)
    assert registry("whatif", str(number), "--json").out == said.out
    assert registry("whatif", "99").status == 1
    assert registry("whatif", str(number), "--as", "haifeng").status == 1
    assert NOW.date() == TODAY


def test_as_known_now_a_firm_that_came_later_is_judged_at_no_stage(installed: Path, world: World) -> None:
    world.firm()
    db.session.commit()
    told = registry("replay", "--as-of", "2021-10-14", "--known", "now", "--firm", credit_code(1), "--json")
    report = json.loads(told.out)
    assert (told.status, report["known"], [firm["stage"] for firm in report["firms"]]) == (0, "now", [None])


def test_a_day_before_a_firm_was_registered_says_that_nothing_was_known(
    installed: Path, app: Flask, world: World
) -> None:
    world.firm()
    db.session.commit()
    sentence = f"nothing was known of {credit_code(1)} on 2021-10-14: it was registered on 2021-10-15"
    plain = registry("replay", "--as-of", "2021-10-14", "--firm", credit_code(1))
    assert (plain.status, plain.out, sentence in plain.err) == (1, "", True)
    told = registry("replay", "--as-of", "2021-10-14", "--firm", credit_code(1), "--json")
    assert (told.status, json.loads(told.out)) == (
        1,
        {"as_of": "2021-10-14", "known": "then", "firms": [], "nothing_known": sentence, "known_since": "2021-10-15"},
    )
    nobody = registry("replay", "--as-of", "2021-10-14")
    assert "nothing was known on 2021-10-14: the first firm was registered on 2021-10-15" in nobody.err
