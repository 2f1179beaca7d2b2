"""The invented city's bulletins: the first quarter's is issued, the second's waits for the word of some offices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from registry.base.extensions import SHANGHAI
from registry.base.periods import Quarter
from registry.bulletins.models import Bulletin
from registry.bulletins.queries import bulletins
from registry.bulletins.services import deciding, drafting

if TYPE_CHECKING:
    from registry.demo.story import Teller

ISSUED, WAITING = Quarter(2021, 1), Quarter(2021, 2)
SILENT = ("441581", "441502-Z1")
"""Of the second quarter's these have not said anything yet."""
_DRAFTED, _ISSUED_ON, _SENT = date(2021, 4, 26), date(2021, 4, 29), date(2021, 10, 13)


def steps() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    yield _DRAFTED, _draft_first
    yield _ISSUED_ON, _issue_first
    yield _SENT, _send_second


def _draft_first(teller: Teller) -> None:
    _confirmed(teller, _sent(teller, ISSUED, time(9, 30)), but=())


def _issue_first(teller: Teller) -> None:
    bulletin = bulletins.open_of(ISSUED)
    if bulletin is None:
        return
    checker, at = teller.person("statistics"), _at(teller, time(10, 0))
    deciding.approve(checker, bulletin, without="", seen=bulletin.revision, at=at, on=teller.day)
    at = _at(teller, time(15, 0))
    deciding.issue(
        teller.person("cityoffice"), bulletin, teller.day, seen=bulletin.revision, at=at, on=teller.day
    )  # fmt: skip


def _send_second(teller: Teller) -> None:
    _confirmed(teller, _sent(teller, WAITING, time(9, 30)), but=SILENT)


def _sent(teller: Teller, quarter: Quarter, hour: time) -> Bulletin:
    at, city_office = _at(teller, hour), teller.person("cityoffice")
    bulletin = drafting.draft(city_office, quarter, at=at, on=teller.day)
    drafting.submit(city_office, bulletin, long_reason="", seen=bulletin.revision, at=at, on=teller.day)
    return bulletin


def _confirmed(teller: Teller, bulletin: Bulletin, *, but: tuple[str, ...]) -> None:
    at = _at(teller, time(16, 0))
    for one in bulletins.concerned(bulletin):
        if one.office.code not in but:
            seen = deciding.seen_digest([one])
            deciding.confirm(teller.speaker(one.office), bulletin, seen=seen, at=at)


def _at(teller: Teller, hour: time) -> datetime:
    """Times of their own, so that the story's other moments stay what they were."""
    return datetime.combine(teller.day, hour, SHANGHAI)
