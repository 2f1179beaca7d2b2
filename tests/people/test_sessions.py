"""Sessions begin, are seen, and end; what opens nothing any more stays on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.base.errors import SessionOver
from registry.base.extensions import db
from registry.people.models import WebSession
from registry.people.queries.signed_in import open_session, open_sessions
from registry.people.services import sessions
from tests.world import NOW, World


def begin(world: World, username: str = "haifeng", minutes: int = 0) -> str:
    at = NOW + timedelta(minutes=minutes)
    token = sessions.begin(world.user(username), now=at, address="10.0.0.1", browser="Chromium")
    db.session.commit()
    return token


def opens(token: str, minutes: int) -> bool:
    return open_session(token, now=NOW + timedelta(minutes=minutes)) is not None


def test_a_session_opens_until_it_has_been_idle_too_long(world: World) -> None:
    token = begin(world)
    assert [opens(token, minutes) for minutes in (0, 30, 31)] == [True, True, False]


def test_being_seen_keeps_it_open_but_not_beyond_its_absolute_end(world: World) -> None:
    token = begin(world)
    for minutes in range(20, 12 * 60, 20):
        sessions.touch(token, now=NOW + timedelta(minutes=minutes))
    assert [opens(token, minutes) for minutes in (12 * 60 - 1, 12 * 60)] == [True, False]


def test_last_seen_is_written_at_most_once_a_minute(world: World) -> None:
    token = begin(world)
    seen = []
    for seconds in (30, 59, 60, 90, 120):
        sessions.touch(token, now=NOW + timedelta(seconds=seconds))
        db.session.expire_all()
        seen.append((db.session.scalars(select(WebSession.last_seen_at)).one() - NOW).seconds)
    assert seen == [0, 0, 60, 60, 120]


def test_an_ended_session_stays_on_record_and_opens_nothing(world: World) -> None:
    token = begin(world)
    sessions.end(token, now=NOW)
    assert not opens(token, 0)
    assert db.session.scalars(select(WebSession.revoked_at)).all() == [NOW]


def test_ending_all_but_one_leaves_other_people_alone(world: World) -> None:
    kept, other, colleague = begin(world), begin(world), begin(world, "haifeng2")
    sessions.end_all(world.user("haifeng"), now=NOW, keep=kept)
    assert [opens(token, 0) for token in (kept, other, colleague)] == [True, False, True]


def test_a_session_is_ended_by_its_mark_only_where_it_is_that_persons(world: World) -> None:
    token = begin(world)
    mark = open_sessions(world.user("haifeng"), now=NOW)[0].mark
    with pytest.raises(SessionOver):
        sessions.end_marked(world.user("lufeng"), mark, now=NOW)
    sessions.end_marked(world.user("haifeng"), mark, now=NOW)
    assert not opens(token, 0)


def test_open_sessions_are_listed_by_last_use_without_those_that_are_over(world: World) -> None:
    begin(world)
    late = begin(world, minutes=40)
    later = begin(world, minutes=50)
    shown = [kept.created_at for kept in open_sessions(world.user("haifeng"), now=NOW + timedelta(minutes=55))]
    assert shown == [NOW + timedelta(minutes=50), NOW + timedelta(minutes=40)]
    assert opens(late, 55)
    assert opens(later, 55)


def test_no_token_opens_nothing(world: World) -> None:
    begin(world)
    assert [open_session(token, now=NOW) for token in ("", "x", "' or 1=1")] == [None, None, None]
