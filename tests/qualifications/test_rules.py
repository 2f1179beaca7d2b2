"""Numbers, states, warnings and test items, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from registry.base.errors import FieldError
from registry.qualifications import texts
from registry.qualifications.rules.items import ScopeItem, items_text, read_items
from registry.qualifications.rules.numbers import folded, odd_points, refuse_impossible
from registry.qualifications.rules.states import WarningDays, days_left, renew_by, state_of, warning_due
from tests.world import credit_code

CMA = SimpleNamespace(name="CMA", number_pattern=r"\d{12}", number_form="12位数字", years_valid=6)
OTHER = SimpleNamespace(name="软件企业", number_pattern="", number_form="", years_valid=None)
ON = date(2021, 10, 15)
DAYS = WarningDays(90, 30)


@pytest.mark.parametrize(
    "one, other",
    [("２０２１１９１１０００１", "202119110001"), ("gr 2021-4400 1234", "GR202144001234"), ("L 1234", "l1234")],
)
def test_width_case_spaces_and_dashes_say_nothing(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    "number, why",
    [
        ("  ", texts.NUMBER_NEEDED),
        ("粤字第号", texts.NUMBER_EMPTY),
        ("2021****0001", texts.NUMBER_MASKED),
        (credit_code(1), texts.NUMBER_IS_CODE),
        ("1" * 61, texts.NUMBER_LONG),
    ],
)
def test_what_is_no_number_at_all_is_refused(number: str, why: str) -> None:
    with pytest.raises(FieldError) as refused:
        refuse_impossible(number)
    assert refused.value.template == why


def points(kind: Any, number: str, start: date = date(2021, 3, 1), end: date | None = date(2027, 2, 28)) -> list[str]:
    return [one.template for one in odd_points(kind, number, start, end, ON)]


def test_a_number_or_term_unlike_its_kind_is_doubted_and_an_unknown_form_never() -> None:
    assert points(CMA, "202119110001") == []
    assert points(CMA, "CMA2021") == [texts.DOUBT_NUMBER]
    assert points(CMA, "202119110001", end=date(2027, 3, 1)) == []
    assert points(CMA, "202119110001", end=date(2027, 3, 2)) == [texts.DOUBT_TERM]
    assert points(CMA, "202119110001", date(2015, 3, 1), date(2021, 2, 28)) == [texts.DOUBT_PAST]
    assert points(OTHER, "粤R-2021-0001", end=None) == []


@pytest.mark.parametrize(
    "left, state, warning",
    [
        (91, "valid", None), (90, "first", "first"), (31, "first", "first"), (30, "last", "last"), (0, "last", "last"),
        (-1, "expired", None),
    ],
)  # fmt: skip
def test_the_state_and_the_warning_turn_on_the_same_days(left: int, state: str, warning: str | None) -> None:
    to = ON + timedelta(days=left)
    row = SimpleNamespace(ended=None, valid_from=date(2021, 1, 1), valid_to=to)
    assert (state_of(row, ON, DAYS), warning_due(to, ON, DAYS), days_left(to, ON)) == (state, warning, left)


def test_what_has_ended_has_no_other_state_and_what_has_not_begun_is_not_valid() -> None:
    row = SimpleNamespace(ended="renewed", valid_from=date(2021, 1, 1), valid_to=date(2021, 1, 2))
    assert state_of(row, ON, DAYS) == "renewed"
    assert state_of(SimpleNamespace(ended=None, valid_from=date(2022, 1, 1), valid_to=None), ON, DAYS) == "future"
    assert state_of(SimpleNamespace(ended=None, valid_from=ON, valid_to=None), ON, DAYS) == "valid"


def test_a_renewal_is_to_be_applied_for_so_many_months_before() -> None:
    assert renew_by(date(2027, 2, 28), 3) == date(2026, 11, 28)
    assert renew_by(date(2027, 5, 31), 3) == date(2027, 2, 28)
    assert renew_by(date(2028, 5, 31), 3) == date(2028, 2, 29)
    assert (renew_by(None, 3), renew_by(date(2027, 5, 31), None)) == (None, None)


def test_test_items_are_read_line_by_line_and_say_themselves_again() -> None:
    text = "土工 | 含水率 | GB/T 50123-2019\n\n水泥｜安定性\n沥青\t\tJTG E20\n"
    found = read_items(text)
    assert found == (
        ScopeItem("土工", "含水率", "GB/T 50123-2019"), ScopeItem("水泥", "安定性"), ScopeItem("沥青", "", "JTG E20"),
    )  # fmt: skip
    assert read_items(items_text(found)) == found


@pytest.mark.parametrize(
    "text, why, line",
    [
        ("土工\n | 含水率", texts.ITEM_EMPTY, 2),
        ("a | b | c | d", texts.ITEM_PARTS, 1),
        ("长" * 201, texts.ITEM_LONG, 1),
    ],
)
def test_a_line_that_is_no_item_is_refused_with_its_number(text: str, why: str, line: int) -> None:
    with pytest.raises(FieldError) as refused:
        read_items(text)
    assert (refused.value.template, refused.value.values["line"]) == (why, line)
