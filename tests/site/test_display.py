"""How values look: cut, never flattered; masked, never guessable; links that stay on this host."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

from registry.base.vocabulary import Stage
from registry.site import display


@pytest.mark.parametrize(
    "yuan,shown",
    [
        (Decimal("15000000.00"), "1,500.00"),
        (Decimal("12754950.00"), "1,275.50"),
        (Decimal("50.00"), "0.01"),
        (Decimal("-3000000.00"), "-300.00"),
        (Decimal("0.00"), "0.00"),
        (None, "--"),
    ],
)
def test_money_is_shown_in_units_of_ten_thousand_with_two_decimals(yuan: Decimal | None, shown: str) -> None:
    assert display.wan(yuan) == shown


@pytest.mark.parametrize(
    "yuan,shown",
    [
        (Decimal("5000000.00"), "500.00"),
        (Decimal("40.00"), "0.004"),
        (Decimal("0.01"), "0.000001"),
        (Decimal("127050.50"), "12.70505"),
        (None, "--"),
    ],
)
def test_an_open_gap_is_shown_to_the_fen(yuan: Decimal | None, shown: str) -> None:
    assert display.wan_exact(yuan) == shown


@pytest.mark.parametrize(
    "ratio,places,shown",
    [
        (Decimal("0.75"), 0, "75%"),
        (Decimal("0.99999"), 0, "99%"),
        (Decimal("0.99999"), 1, "99.9%"),
        (Decimal("1"), 0, "100%"),
        (Decimal("12.5"), 0, "1,250%"),
        (Decimal("-0.129"), 0, "-12%"),
        (None, 0, "--"),
    ],
)
def test_a_rate_is_cut_and_not_rounded_up(ratio: Decimal | None, places: int, shown: str) -> None:
    assert display.percent(ratio, places) == shown


@given(st.decimals(min_value=0, max_value="0.999999999", places=9))
def test_no_rate_below_the_line_reads_a_hundred(ratio: Decimal) -> None:
    assert int(display.percent(ratio).rstrip("%")) < 100


def test_days_are_written_short_long_and_in_the_language_of_the_reader() -> None:
    app = Flask("display")
    Babel(app, default_locale="zh_Hans_CN")
    day = date(2021, 9, 30)
    with app.test_request_context():
        assert (display.day(day), display.day(None)) == ("2021-09-30", "--")
        assert (display.day_long(day), display.month_name(9), display.html_lang()) == ("2021年9月30日", "9月", "zh-CN")
        with force_locale("en"):
            assert (display.day_long(day), display.month_name(9), display.html_lang()) == (
                "September 30, 2021",
                "Sep",
                "en",
            )


def test_age_counts_days_and_not_hours() -> None:
    assert display.age_days(date(2021, 10, 6), date(2021, 10, 15)) == 9
    assert display.age_days(datetime(2021, 10, 14, 23, 50), datetime(2021, 10, 15, 0, 10)) == 1


def test_every_stage_has_a_tone_that_the_style_sheet_knows() -> None:
    css = (Path(display.__file__).parents[1] / "static" / "app.css").read_text(encoding="utf-8")
    assert list(display.STAGE_TONES) == list(Stage)
    assert [tone for tone in display.STAGE_TONES.values() if tone != "plain" and f".tag-{tone}" not in css] == []


@pytest.mark.parametrize(
    "asked,changes,address",
    [
        ("/firms?q=海创&county=441581&page=3", {"page": 4}, "/firms?q=%E6%B5%B7%E5%88%9B&county=441581&page=4"),
        ("/firms?stage=lead&stage=admitted&page=3", {"page": None}, "/firms?stage=lead&stage=admitted"),
        ("/firms?page=2", {"page": None}, "/firms"),
        ("/firms?_external=1&_scheme=javascript", {}, "/firms?_external=1&_scheme=javascript"),
        ("/files/a%3Fb", {"page": 1}, "/files/a%3Fb?page=1"),
    ],
)
def test_a_link_to_here_keeps_the_query(asked: str, changes: dict[str, object], address: str) -> None:
    with Flask("display").test_request_context(asked):
        assert display.here(**changes) == address


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example/x", "\\/evil.example/x"])
def test_a_link_to_here_never_names_another_host(path: str) -> None:
    with Flask("display").test_request_context(environ_overrides={"PATH_INFO": path}):
        assert display.here(page=2) == "/evil.example/x?page=2"


def test_a_share_among_settings_is_shown_to_its_last_digit() -> None:
    assert [display.setting(*pair) for pair in (("0.805", "tier.b"), ("0.00", "crosscheck.tolerance"), ("10", "claim.days"))] == [
        "80.5%", "0%", "10",
    ]  # fmt: skip
