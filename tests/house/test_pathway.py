"""The pathway's table is whole: no stage out of reach, none without a way out, no word without its label."""

from __future__ import annotations

import itertools
import re

import pytest

from registry.base.permissions import ROLE_OFFICES
from registry.base.vocabulary import ACTION_LABELS, LISTED_STAGES, OPEN_STAGES, STAGE_LABELS, Action, Role, Stage
from registry.firms.models.firms import STAGES
from registry.pathway.rules.transitions import GUARDS, MAIN_PATH, SYSTEM, TRANSITIONS, available, step

FIRST, FINAL = Stage.LEAD, {Stage.MERGED}
# `create` and `import` begin a firm; `unmerge` restores what the merge recorded (pathway/rules/transitions.py).
BEYOND_THE_TABLE = {Action.CREATE, Action.IMPORT, Action.UNMERGE, Action.UNDO_IMPORT}


def reached_from(start: Stage) -> set[Stage]:
    seen, waiting = {start}, [start]
    while waiting:
        stage = waiting.pop()
        found = {row.target for row in TRANSITIONS if row.source == stage} - seen
        seen |= found
        waiting += found
    return seen


def test_every_stage_is_reached_from_the_first() -> None:
    assert reached_from(FIRST) == set(Stage)


def test_every_stage_but_the_last_has_a_way_out_that_is_no_merger() -> None:
    stuck = {
        stage
        for stage in Stage
        if not any(row.source == stage and row.action is not Action.MERGE for row in TRANSITIONS)
    }
    assert stuck == FINAL


def test_from_every_stage_but_the_last_a_firm_can_still_become_four_above() -> None:
    assert {stage for stage in Stage if Stage.ENROLLED not in reached_from(stage)} == FINAL


def test_every_transition_is_by_a_role_that_exists_and_somebody_may_hold() -> None:
    strange = {role for row in TRANSITIONS for role in row.roles} - {SYSTEM, *Role}
    assert strange == set()
    assert all(row.roles for row in TRANSITIONS)
    assert {role for row in TRANSITIONS for role in row.roles} - {SYSTEM} <= set(ROLE_OFFICES)


def test_every_guard_that_is_named_exists_and_every_guard_is_named() -> None:
    assert {code for row in TRANSITIONS for code in row.guards} == set(GUARDS)


def test_one_action_leads_from_one_stage_to_one_stage() -> None:
    steps = [(row.action, row.source) for row in TRANSITIONS]
    assert len(steps) == len(set(steps))
    assert all(step(row.action, row.source) is row for row in TRANSITIONS)


def test_every_action_and_stage_has_its_label_and_its_place() -> None:
    assert set(ACTION_LABELS) == set(Action)
    assert set(STAGE_LABELS) == set(Stage)
    assert {row.action for row in TRANSITIONS} | BEYOND_THE_TABLE == set(Action)


def test_the_database_knows_the_same_stages() -> None:
    assert re.findall(r"'(\w+)'", STAGES) == [stage.value for stage in Stage]


@pytest.mark.parametrize(
    "action",
    [
        Action.SEND_BACK,
        Action.REJECT,
        Action.REMOVE,
        Action.DELIST,
        Action.MERGE,
        Action.DISQUALIFY,
        Action.RETURN_FILING,
        Action.REOPEN,
    ],
)
def test_what_goes_against_a_firm_needs_a_reason(action: Action) -> None:
    assert {row.needs_reason for row in TRANSITIONS if row.action is action} == {True}


def test_nobody_who_proposes_decides() -> None:
    """The two roles never meet in one transition, and every decision guards that the two sides differ."""
    decisions = [
        row for row in TRANSITIONS if row.action in (Action.TAKE_UP, Action.SEND_BACK, Action.REJECT, Action.ADMIT)
    ]
    assert {row.roles for row in decisions} == {frozenset({Role.OFFICER})}
    assert all("two_sides" in row.guards for row in decisions)
    assert {row.roles for row in TRANSITIONS if row.action is Action.SUBMIT} == {frozenset({Role.CLERK})}


def test_only_statistics_confirms_four_above() -> None:
    assert {row.roles for row in TRANSITIONS if row.target is Stage.ENROLLED} == {frozenset({Role.STATISTICIAN})}


def test_nobody_is_admitted_below_the_line_or_filed_below_the_statutory_one() -> None:
    assert "admission_line" in step(Action.ADMIT, Stage.UNDER_REVIEW).guards  # type: ignore[union-attr]
    assert "statutory_line" in step(Action.FILE, Stage.QUALIFIED).guards  # type: ignore[union-attr]


def test_the_main_path_is_walked_step_by_step() -> None:
    for source, target in itertools.pairwise(MAIN_PATH):
        assert any((row.source, row.target) == (source, target) for row in TRANSITIONS), (source, target)


def test_leaders_auditors_and_administrators_take_no_step() -> None:
    readers = (Role.LEADER, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    assert [available(stage, readers) for stage in Stage if available(stage, readers)] == []


def test_a_case_is_open_exactly_while_somebody_has_to_act_on_it() -> None:
    assert {Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.RETURNED} == OPEN_STAGES
    assert OPEN_STAGES.isdisjoint(LISTED_STAGES)
