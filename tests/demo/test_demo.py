"""The demo world's calendar: told without playing it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

from registry.demo import city, story

FOLDER = Path(__file__).parents[2] / "seeds" / "demo"
LINES: defaultdict[str, Decimal] = defaultdict(lambda: Decimal(10_000_000))


def days() -> list[date]:
    return [day for day, _ in story.steps(city.firms(FOLDER, LINES))]


def test_nothing_happens_on_the_demos_day_or_later() -> None:
    assert max(days()) < city.TODAY


def test_the_calendar_is_the_same_every_time() -> None:
    assert days() == days()
