"""A new version of a rule: copied, edited by one, checked by another, published; and what follows from it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.base.errors import NotAllowed, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.permissions import can
from registry.base.turns import Pace
from registry.base.vocabulary import FigureSource, Stage, Tier
from registry.config import ROOT
from registry.figures.services import recording
from registry.home.queries import inbox
from registry.pathway.queries import events
from registry.reference.models import Parameter, Threshold
from registry.reference.queries import parameters, reference
from registry.reference.rules.thresholds import RuleKind
from registry.reference.rules.versions import DraftState, RuleSetKind, VersionLine
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.rulesets.services import drafting, effects
from registry.rulesets.services.drafting import Head
from registry.rulesets.services.rulechecks import DraftFaults
from registry.seeding.services import seeds
from registry.trail.models import TrailEntry
from tests.world import NOW, TODAY, World

HEAD = Head("2022年四上标准调整", date(2022, 1, 1), 2022, "国统字〔2021〕1号", True, "")
JANUARY = date(2022, 1, 1)
NOVEMBER = datetime(2021, 11, 1, 0, 10, tzinfo=NOW.tzinfo)
DECEMBER = datetime(2021, 12, 5, 10, 0, tzinfo=NOW.tzinfo)
IN_JANUARY = datetime(2022, 1, 1, 0, 10, tzinfo=NOW.tzinfo)


def begun(world: World, kind: RuleSetKind = RuleSetKind.STATUTORY, head: Head = HEAD) -> RuleDraft:
    draft = drafting.prepare(world.actor("statistics"), kind, title=head.title, at=NOW, on=TODAY)
    if kind is not RuleSetKind.STATUTORY:
        head = replace(head, annual_from=None)
    drafting.revise(
        world.actor("statistics"), draft, head, drafts.values_of(draft), seen=draft.version, at=NOW, on=TODAY
    )
    return draft


def with_line(world: World, draft: RuleDraft, rule_id: str, **changes: object) -> RuleDraft:
    line = next(one for one in drafts.lines_of(draft) if one.rule_id == rule_id)
    changed: VersionLine = replace(line, **changes)  # type: ignore[arg-type]
    drafting.write_line(world.actor("statistics"), draft, changed, seen=draft.version, at=NOW)
    return draft


def with_values(world: World, draft: RuleDraft, head: Head, **values: str) -> RuleDraft:
    given = drafts.values_of(draft) | {key.replace("_", ".", 1): text for key, text in values.items()}
    drafting.revise(world.actor("statistics"), draft, head, given, seen=draft.version, at=NOW, on=TODAY)
    return draft


def published(world: World, draft: RuleDraft, *, on: date = TODAY, at: datetime = NOW) -> RuleDraft:
    drafting.submit(world.actor("statistics"), draft, seen=draft.version, at=at, on=on)
    drafting.publish(world.actor("cityoffice"), draft, opinion="与文件一致", seen=draft.version, at=at, on=on)
    return draft


def lowered(world: World, head: Head = HEAD, wan: str = "1500") -> RuleDraft:
    draft = with_line(world, begun(world, head=head), "SVC-2000-I", amount_yuan=Decimal(wan) * 10000)
    return published(world, draft)


def faults(refused: pytest.ExceptionInfo[DraftFaults]) -> list[str]:
    return [fault.field for fault in refused.value.faults]


# -- preparing and editing ------------------------------------------------------------------------
def test_a_draft_is_a_copy_of_the_rules_in_force_and_changes_none_of_them(world: World) -> None:
    before = reference.rules().all()
    draft = drafting.prepare(world.actor("cityoffice"), RuleSetKind.STATUTORY, title="试拟", at=NOW, on=TODAY)
    lines = drafts.lines_of(draft)
    assert [line.rule_id for line in lines] == sorted(
        rule.rule_id for rule in before if rule.kind is RuleKind.STATUTORY and not rule.rule_id.startswith("OLD")
    )
    assert (drafts.changed_lines(draft), draft.valid_from, draft.annual_from) == ([], JANUARY, 2022)
    assert reference.rules().all() == before


@pytest.mark.parametrize("username", ["haifeng", "industry", "leader", "auditor", "sysadmin"])
def test_others_prepare_no_draft(world: World, username: str) -> None:
    with pytest.raises(NotAllowed):
        drafting.prepare(world.actor(username), RuleSetKind.TIERS, title="试拟", at=NOW, on=TODAY)


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"amount_yuan": None}, "amount"),
        ({"amount_yuan": Decimal(0)}, "amount"),
        ({"prefixes": ("65", "9999")}, "prefixes"),
        ({"prefixes": ()}, "prefixes"),
        ({"prefixes": ("65", "65")}, "prefixes"),
        ({"label": ""}, "label"),
        ({"or_employees": 0}, "or_employees"),
    ],
)
def test_a_line_that_cannot_stand_is_refused_at_its_field(world: World, changes: dict[str, object], field: str) -> None:
    with pytest.raises(DraftFaults) as refused:
        with_line(world, begun(world), "SVC-2000-I", **changes)
    assert faults(refused) == [field]


@pytest.mark.parametrize(
    "head, field",
    [
        (replace(HEAD, valid_from=date(2021, 10, 1)), "valid_from"),
        (replace(HEAD, valid_from=date(2021, 12, 15)), "valid_from"),
        (replace(HEAD, annual_from=2020), "annual_from"),
        (replace(HEAD, annual_from=None), "annual_from"),
        (replace(HEAD, source=" "), "source"),
        (replace(HEAD, title=""), "title"),
    ],
)
def test_a_head_that_cannot_stand_is_refused_at_its_field(world: World, head: Head, field: str) -> None:
    with pytest.raises(DraftFaults) as refused:
        begun(world, head=head)
    assert faults(refused) == [field]


@pytest.mark.parametrize(
    "values, field",
    [
        ({"tier_b": "1.2"}, "tier.b"),
        ({"tier_c": "0.9"}, "tier.b"),
        ({"tier_a": ""}, "tier.a"),
        ({"tier_a": "abc"}, "tier.a"),
        ({"tier_c": "0"}, "tier.c"),
        ({"tier_c": "NaN"}, "tier.c"),
        ({"tier_c": "0_5"}, "tier.c"),
        ({"tier_c": "5e-1"}, "tier.c"),
        ({"tier_a": "1.5"}, "tier.a"),
    ],
)
def test_tiers_fall_from_a_to_c(world: World, values: dict[str, str], field: str) -> None:
    head = replace(HEAD, annual_from=None)
    with pytest.raises(DraftFaults) as refused:
        with_values(world, begun(world, RuleSetKind.TIERS), head, **values)
    assert faults(refused) == [field]


def test_two_lines_may_not_name_the_same_industry(world: World) -> None:
    draft = with_line(world, begun(world), "SVC-1000-M", prefixes=("M", "I"))
    with pytest.raises(DraftFaults) as refused:
        drafting.submit(world.actor("statistics"), draft, seen=draft.version, at=NOW, on=TODAY)
    assert faults(refused) == ["lines"]


def test_a_draft_that_changes_nothing_is_not_submitted(world: World) -> None:
    draft = begun(world)
    with pytest.raises(DraftFaults) as refused:
        drafting.submit(world.actor("statistics"), draft, seen=draft.version, at=NOW, on=TODAY)
    assert faults(refused) == ["contents"]


def test_of_two_who_edit_at_once_the_second_is_told(world: World) -> None:
    draft = begun(world)
    opened = draft.version
    with_line(world, draft, "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    line = replace(drafts.lines_of(draft)[0], label="别名")
    with pytest.raises(StaleRecord):
        drafting.write_line(world.actor("statistics"), draft, line, seen=opened, at=NOW)


# -- two people -----------------------------------------------------------------------------------
def test_nobody_checks_the_draft_they_prepared_and_nobody_else_edits_it(world: World) -> None:
    draft = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    author, second = world.actor("statistics"), world.actor("cityoffice")
    assert (can(author, "ruleset.edit", draft), can(second, "ruleset.edit", draft)) == (True, False)
    drafting.submit(author, draft, seen=draft.version, at=NOW, on=TODAY)
    assert (can(author, "ruleset.publish", draft), can(second, "ruleset.publish", draft)) == (False, True)
    with pytest.raises(RegistryError):
        drafting.publish(author, draft, opinion="行", seen=draft.version, at=NOW, on=TODAY)
    with pytest.raises(NotAllowed):
        drafting.publish(world.actor("leader"), draft, opinion="行", seen=draft.version, at=NOW, on=TODAY)
    assert reference.rules().version("SVC-2000-I", 2) is None


def test_a_draft_sent_back_is_mended_and_submitted_again_and_every_step_is_on_the_trail(world: World) -> None:
    draft = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    author, second = world.actor("statistics"), world.actor("cityoffice")
    drafting.submit(author, draft, seen=draft.version, at=NOW, on=TODAY)
    with pytest.raises(RegistryError):
        with_line(world, draft, "SVC-2000-I", amount_yuan=Decimal(1))
    drafting.give_back(second, draft, opinion="金额与文件不符", seen=draft.version, at=NOW)
    assert (drafts.state_of(draft), draft.opinion) == (DraftState.DRAFT, "金额与文件不符")
    published(world, with_line(world, draft, "SVC-2000-I", amount_yuan=Decimal(16_000_000)))
    verbs = select(TrailEntry.verb).where(TrailEntry.subject_kind == "rule_draft").order_by(TrailEntry.seq)
    assert list(db.session.scalars(verbs)) == [
        "draft_rules", "edit_rules", "edit_rules", "submit_rules", "return_rules", "edit_rules", "submit_rules",
        "publish_rules",
    ]  # fmt: skip


def test_a_refused_and_a_withdrawn_draft_publish_nothing(world: World) -> None:
    before = db.session.scalars(select(Threshold)).all()
    refused = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    drafting.submit(world.actor("statistics"), refused, seen=refused.version, at=NOW, on=TODAY)
    drafting.refuse(world.actor("cityoffice"), refused, opinion="文件未正式印发", seen=refused.version, at=NOW)
    let_go = begun(world)
    drafting.withdraw(world.actor("statistics"), let_go, seen=let_go.version, at=NOW)
    assert [drafts.state_of(one) for one in (refused, let_go)] == [DraftState.REFUSED, DraftState.WITHDRAWN]
    assert db.session.scalars(select(Threshold)).all() == before
    with pytest.raises(RegistryError):
        drafting.withdraw(world.actor("statistics"), refused, seen=refused.version, at=NOW)


# -- publishing -----------------------------------------------------------------------------------
def test_a_published_version_follows_the_former_one_which_is_not_rewritten(world: World) -> None:
    old = db.session.get_one(Threshold, ("SVC-2000-I", 1))
    stored = {column.key: getattr(old, column.key) for column in Threshold.__table__.columns}
    draft = lowered(world)
    db.session.expire(old)
    assert {key: getattr(old, key) for key in stored} == stored
    first, second = (reference.rules().version("SVC-2000-I", number) for number in (1, 2))
    assert first is not None
    assert second is not None
    assert (first.periodic_to, first.annual_to) == (date(2021, 12, 31), 2021)
    assert (second.amount_yuan, second.periodic_from, second.annual_from, second.source, second.verified) == (
        Decimal(15_000_000), JANUARY, 2022, "国统字〔2021〕1号", True,
    )  # fmt: skip
    assert db.session.get_one(Threshold, ("SVC-2000-I", 2)).draft_id == draft.id
    assert db.session.get(Threshold, ("SVC-1000-M", 2)) is None


def test_a_line_that_ends_holds_no_more_from_its_day_on(world: World) -> None:
    published(world, with_line(world, begun(world), "SVC-500-R", ended=True))
    book = reference.rules()
    assert book.statutory("8710", Period(2021, 12), section="R") is not None
    assert book.statutory("8710", Period(2022, 1), section="R") is None
    assert "SVC-500-R" not in {rule.rule_id for rule in drafts.newest_lines(RuleSetKind.STATUTORY, TODAY)}


def test_a_new_line_of_a_narrower_industry_wins_over_the_section(world: World) -> None:
    draft = begun(world)
    line = VersionLine(
        "SVC-800-6450", 0, "互联网数据服务", ("6450",), drafts.lines_of(draft)[-1].basis, Decimal(8_000_000), None
    )
    drafting.write_line(world.actor("statistics"), draft, line, seen=draft.version, at=NOW, adding=True)
    published(world, draft)
    found = [reference.rules().statutory("6450", period, section="I") for period in (Period(2021, 12), Period(2022, 1))]
    assert [rule.rule_id for rule in found if rule] == ["SVC-2000-I", "SVC-800-6450"]


def test_a_rule_that_was_published_since_stops_a_draft_made_before(world: World) -> None:
    earlier = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(12_000_000))
    lowered(world)
    with pytest.raises(DraftFaults) as refused:
        published(world, earlier)
    assert faults(refused) == ["valid_from", "contents"]


def test_what_waited_too_long_is_not_published_for_a_day_that_is_past(world: World) -> None:
    draft = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    drafting.submit(world.actor("statistics"), draft, seen=draft.version, at=NOW, on=TODAY)
    with pytest.raises(DraftFaults) as refused:
        drafting.publish(
            world.actor("cityoffice"), draft, opinion="一致", seen=draft.version, at=IN_JANUARY, on=date(2022, 1, 2)
        )
    assert faults(refused) == ["valid_from"]


def test_settings_get_a_new_row_from_their_day_on(world: World) -> None:
    head = replace(HEAD, title="分档调整", annual_from=None, valid_from=date(2021, 11, 1))
    published(world, with_values(world, begun(world, RuleSetKind.TIERS, head), head, tier_c="0.60"))
    told = [parameters.value("tier.c", day) for day in (TODAY, date(2021, 10, 31), date(2021, 11, 1))]
    assert told == ["0.50", "0.50", "0.60"]
    assert [row.valid_to for row in drafts.versions(RuleSetKind.TIERS, TODAY) if row.key == "tier.c"] == [
        date(2021, 10, 31), None,
    ]  # fmt: skip
    assert db.session.scalars(select(Parameter).where(Parameter.draft_id.is_not(None))).one().key == "tier.c"


def test_loading_the_seeds_again_neither_undoes_nor_doubles_what_was_published(world: World) -> None:
    lowered(world)
    db.session.commit()
    loaded = seeds.load(ROOT / "seeds")
    assert [(row.file, row.added, row.differs) for row in loaded if row.added or row.differs] == []
    assert [(rule.version, rule.amount_yuan) for rule in reference.rules().all() if rule.rule_id == "SVC-2000-I"] == [
        (1, Decimal(20_000_000)),
        (2, Decimal(15_000_000)),
    ]


def test_a_later_edition_of_the_seeds_does_not_overwrite_what_two_people_published(
    world: World, tmp_path: Path
) -> None:
    lowered(world)
    db.session.commit()
    folder = Path(shutil.copytree(ROOT / "seeds", tmp_path / "seeds"))
    with (folder / "thresholds.csv").open("a", encoding="utf-8") as file:
        file.write("SVC-2000-I,2,statutory,别的,I,revenue,99000000.00,,2023,,2023-01-01,,别的,yes,第一条,2021-10-01\n")
    seeds.load(folder)
    assert db.session.get_one(Threshold, ("SVC-2000-I", 2)).amount_yuan == Decimal(15_000_000)


# -- taking effect --------------------------------------------------------------------------------
def test_a_lower_line_judges_the_figures_from_its_month_on_and_no_earlier_one(world: World) -> None:
    firm = world.admitted(wan="1600")
    lowered(world, replace(HEAD, valid_from=date(2021, 11, 1), annual_from=2021))
    db.session.commit()
    assert list(effects.take(Pace(), on=date(2021, 10, 31), at=NOW)) == []
    assert list(effects.take(Pace(), on=date(2021, 11, 1), at=NOVEMBER)) == [1, 0]
    assert (firm.stage, firm.rate) == (Stage.ADMITTED, Decimal("0.8000")), "September is judged by its own rule"
    recording.record(
        world.actor("haifeng"), firm, Period(2021, 11), Decimal(16_600_000), source=FigureSource.INCOME_STATEMENT,
        document=world.document(firm, month=11), at=DECEMBER, on=DECEMBER.date(),
    )  # fmt: skip
    assert (firm.stage, firm.statutory_line) == (Stage.QUALIFIED, Decimal(15_000_000))
    assert [event.actor_name for event in events.events_of(firm)][-1] == "system"


def test_a_firm_without_a_figure_shows_the_new_line_from_its_day_on(world: World) -> None:
    firm = world.firm()
    lowered(world, replace(HEAD, valid_from=date(2021, 11, 1), annual_from=2021))
    db.session.commit()
    before = firm.statutory_line
    assert list(effects.take(Pace(), on=date(2021, 11, 1), at=NOVEMBER)) == [1, 0]
    assert (before, firm.statutory_line) == (Decimal(20_000_000), Decimal(15_000_000))


def test_new_tiers_are_in_the_ledger_from_their_day_on_and_are_applied_once(world: World) -> None:
    head = replace(HEAD, title="分档调整", annual_from=None, valid_from=TODAY)
    firm = world.admitted(wan="1600")
    before = firm.tier
    draft = published(world, with_values(world, begun(world, RuleSetKind.TIERS, head), head, tier_b="0.85"))
    db.session.commit()
    assert list(effects.take(Pace(), on=TODAY, at=NOW)) == [1, 0]
    assert (before, firm.tier, draft.effected_at) == (Tier.B, Tier.C, NOW)
    assert list(effects.take(Pace(), on=TODAY, at=NOW)) == []


def test_a_draft_that_waits_is_counted_for_those_who_may_check_it(world: World) -> None:
    draft = with_line(world, begun(world), "SVC-2000-I", amount_yuan=Decimal(15_000_000))
    drafting.submit(world.actor("statistics"), draft, seen=draft.version, at=NOW, on=TODAY)
    people = ("cityoffice", "statistics", "leader", "haifeng")
    assert [inbox.counts(world.actor(name))["rules"] for name in people] == [1, 0, 0, 0]
