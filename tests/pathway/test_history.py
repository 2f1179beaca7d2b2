"""Where a firm stood on a day, and when it came and went."""

from __future__ import annotations

from datetime import date

from registry.base.vocabulary import Stage
from registry.pathway.rules.history import Course, Step

FIRST, LAST = date(2021, 7, 1), date(2021, 9, 30)


def course(*steps: tuple[str, Stage]) -> Course:
    return Course(
        Step(date.fromisoformat(f"2021-{day}"), number, "step", stage) for number, (day, stage) in enumerate(steps, 1)
    )


def test_the_stage_of_a_day_is_that_of_the_last_step_up_to_it() -> None:
    taken = course(("05-01", Stage.LEAD), ("09-30", Stage.ADMITTED), ("10-01", Stage.QUALIFIED))
    assert [taken.stage(day) for day in (date(2021, 4, 30), date(2021, 9, 29), LAST, date(2021, 10, 1))] == [
        None,
        Stage.LEAD,
        Stage.ADMITTED,
        Stage.QUALIFIED,
    ]


def test_steps_of_one_day_follow_each_other_as_they_were_recorded() -> None:
    assert course(("08-01", Stage.ADMITTED), ("08-01", Stage.QUALIFIED)).stage(LAST) is Stage.QUALIFIED


def test_a_step_recorded_late_counts_on_its_own_day() -> None:
    taken = course(("05-01", Stage.ADMITTED), ("10-08", Stage.FILED), ("09-20", Stage.QUALIFIED))
    assert taken.stage(LAST) is Stage.QUALIFIED


def test_a_firm_that_left_in_the_quarter_is_held_and_one_that_left_before_is_not() -> None:
    gone = course(("05-01", Stage.ADMITTED), ("08-01", Stage.REMOVED))
    assert gone.held(FIRST, LAST)
    assert not gone.held(date(2021, 10, 1), date(2021, 12, 31))


def test_a_lead_folded_into_another_firm_was_never_in_the_directory() -> None:
    assert not course(("05-01", Stage.LEAD), ("08-01", Stage.MERGED)).held(FIRST, LAST)


def test_a_firm_that_left_and_is_a_lead_again_is_not_held_but_its_exit_is_known() -> None:
    taken = course(("05-01", Stage.ADMITTED), ("08-01", Stage.REMOVED), ("08-20", Stage.LEAD))
    assert not taken.held(FIRST, LAST)
    assert [(crossing.before, crossing.entered) for crossing in taken.crossings(FIRST, LAST)] == [
        (Stage.ADMITTED, False)
    ]


def test_steps_within_the_directory_cross_nothing() -> None:
    taken = course(("05-01", Stage.UNDER_REVIEW), ("07-02", Stage.ADMITTED), ("08-01", Stage.QUALIFIED))
    assert [crossing.step.on for crossing in taken.crossings(FIRST, LAST)] == [date(2021, 7, 2)]
