"""Which of too many connections gives way: by age, by address, by what it does; sockets without a server."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest

from registry.serving.sockets.connections import Connection
from registry.serving.sockets.gathering import Gathering
from registry.serving.sockets.yielding import giving_way, pushed_out
from tests.serving.test_gathering import BEHIND_TWO, LIMITS, post

HALF = b"G"
NOW = time.monotonic()

Make = Callable[..., Connection]


@pytest.fixture
def make() -> Iterator[Make]:
    """A connection of an address that has sent `data` for so many seconds; without data it is idle."""
    ends: list[socket.socket] = []
    made: list[Connection] = []

    def connect(address: str, data: bytes = b"", *, age: float = 5, proxied: bool = False) -> Connection:
        ours, theirs = socket.socketpair()
        ends.append(theirs)
        one = Connection(ours, (address, 1), ("127.0.0.1", 2), lambda _: None, proxied=proxied)
        one.since = NOW - age
        if data:
            one.gathering = Gathering(BEHIND_TWO if proxied else LIMITS, address, NOW - age)
            one.gathering.feed(data)
            one.sender = one.gathering.address if one.gathering.length is not None else ""
        made.append(one)
        return one

    yield connect
    for one in made:
        one.close()
    for end in ends:
        end.close()


def test_nobody_gives_way_where_there_are_not_too_many(make: Make) -> None:
    assert giving_way([make("a") for _ in range(10)], 10, NOW) == []


def test_the_young_never_do_and_the_idle_do_before_those_that_are_at_something(make: Make) -> None:
    young = [make("a", age=0.5), make("a", HALF, age=0.9)]
    idle, slow = make("b"), make("b", HALF)
    assert giving_way([*young, slow, idle], 3, NOW) == [idle]
    assert giving_way([*young, slow, idle], 1, NOW) == [idle, slow]


def test_one_that_is_answered_never_does(make: Make) -> None:
    answering = make("a", HALF)
    answering.answering = True
    assert giving_way([answering], 0, NOW) == pushed_out([answering], 1, NOW) == []


def test_an_address_that_crowds_gives_way_before_one_that_does_less(make: Make) -> None:
    crowd = [make("a", post(900) + b"x" * 800) for _ in range(15)]
    other = make("b", HALF, age=9)
    chosen = giving_way([other, *crowd], 10, NOW)
    assert (len(chosen), other in chosen) == (6, False)


def test_an_address_that_does_not_crowd_is_as_good_as_any_other(make: Make) -> None:
    office = [make("a", post(900) + b"x" * 800) for _ in range(10)]
    slow = [make(f"b{number}", HALF) for number in range(91)]
    assert set(giving_way([*office, *slow], 100, NOW)) <= set(slow)


def test_nobody_else_gives_way_while_a_crowd_is_still_young(make: Make) -> None:
    crowd = [make("a", HALF, age=0.5) for _ in range(15)]
    upload, idle = make("b", post(900)), make("c")
    assert giving_way([*crowd, upload], 10, NOW) == []
    assert giving_way([*crowd, upload, idle], 10, NOW) == [idle]


def test_two_crowds_become_equal(make: Make) -> None:
    large, small = [make("a", HALF) for _ in range(20)], [make("b", HALF) for _ in range(14)]
    chosen = giving_way([*large, *small], 24, NOW)
    assert [one.address for one in chosen].count("a") == 8


def test_behind_a_proxy_a_head_half_sent_goes_before_every_upload_and_these_count_for_the_client(make: Make) -> None:
    told = [post(900, f"X-Forwarded-For: {client}, 10.0.0.9") for client in ("1.1.1.1",) * 15 + ("2.2.2.2",)]
    of_one = [make("proxy", head + b"x" * 800, proxied=True) for head in told[:-1]]
    of_other = make("proxy", told[-1], proxied=True)
    half = make("proxy", HALF, proxied=True)
    assert giving_way([*of_one, of_other, half], 16, NOW) == [half]
    assert of_other not in giving_way([*of_one, of_other, half], 10, NOW)
    young = [make("proxy", HALF, age=0.5, proxied=True) for _ in range(15)]
    assert giving_way([*young, of_other], 10, NOW) == []


def test_where_there_is_no_room_at_all_the_oldest_of_the_largest_address_goes_though_it_is_young(make: Make) -> None:
    flood = [make("a", HALF, age=0.1 * number) for number in range(1, 6)]
    others = [make("b", age=60), make("c", HALF, age=60)]
    assert pushed_out([*others, *flood], 2, NOW) == [flood[4], flood[3]]
