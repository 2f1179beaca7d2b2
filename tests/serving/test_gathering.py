"""Where a request ends, until when it must be whole, and whose it is: bytes in, no socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry.serving.sockets.gathering import HEAD_MOST, Gathering
from registry.serving.sockets.limits import Limits

LIMITS = Limits(
    head_seconds=10,
    body_seconds=20,
    longest_seconds=600,
    least_rate=4096,
    bodies_of_an_address=20,
    body_most=1000,
    proxies=0,
)
BEHIND_TWO = Limits(
    head_seconds=10,
    body_seconds=20,
    longest_seconds=600,
    least_rate=4096,
    bodies_of_an_address=20,
    body_most=1000,
    proxies=2,
)
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def post(length: object, *more: str) -> bytes:
    lines = ("POST / HTTP/1.1", "Host: x", f"Content-Length: {length}", *more)
    return "\r\n".join((*lines, "", "")).encode()


OPEN: list[Gathering] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def gathered(*pieces: bytes, limits: Limits = LIMITS) -> tuple[Gathering, bytes]:
    """A request that has been fed with these pieces, and what was left of the last."""
    request, rest = Gathering(limits, "10.0.0.9", 100.0), b""
    OPEN.append(request)
    for piece in pieces:
        rest = request.feed(piece)
    return request, rest


def test_a_request_without_a_body_ends_with_its_head_and_leaves_the_next_one_alone() -> None:
    request, rest = gathered(GET + b"GET /next HTTP/1.1\r\n")
    assert (request.whole, request.length, request.refused, rest) == (True, 0, None, b"GET /next HTTP/1.1\r\n")
    assert b"".join(request.source()) == GET


def test_a_head_that_comes_byte_by_byte_is_whole_with_its_last_byte() -> None:
    request, _ = gathered(*(bytes([byte]) for byte in GET[:-1]))
    assert (request.whole, request.length) == (False, None)
    request.feed(GET[-1:])
    assert (request.whole, b"".join(request.source())) == (True, GET)


def test_a_body_ends_where_its_length_says() -> None:
    request, rest = gathered(post(5) + b"ab", b"cdefg")
    assert (request.whole, rest) == (True, b"fg")
    assert b"".join(request.source()) == post(5) + b"abcde"


def test_a_body_too_large_for_the_application_is_awaited_but_not_kept() -> None:
    request, rest = gathered(post(1001), b"x" * 1001 + b"GET")
    assert (request.whole, request.refused, rest) == (True, None, b"GET")
    assert b"".join(request.source()) == post(1001)


@pytest.mark.parametrize(
    "head, status",
    [
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding : chunked\r\n\r\n", 411),
        (post(3, "content-length: 4"), 400),
        (post(-3), 400),
        (post("3, 3"), 400),
        (post("1" * 16), 400),
        (b"GET / HTTP/1.1\r\nCookie: " + b"x" * HEAD_MOST, 431),
    ],
    ids=["chunked", "chunked and long", "two lengths", "below nothing", "a list", "beyond reason", "endless head"],
)
def test_a_head_that_leaves_the_end_open_is_refused(head: bytes, status: int) -> None:
    assert gathered(head)[0].refused == status


def test_the_head_has_its_time_and_the_body_gets_more_the_more_has_come() -> None:
    request, _ = gathered(post(900)[:-1])
    assert request.until == 110.0
    request.feed(b"\n")
    head = len(post(900))
    assert request.until == 100.0 + 20 + head / 4096
    request.feed(b"x" * 800)
    assert request.until == 100.0 + 20 + (head + 800) / 4096


def test_no_body_gets_more_than_the_most() -> None:
    assert LIMITS.body_until(100.0, 10**9) == 700.0


def test_the_address_is_the_connections_own_unless_proxies_are_trusted() -> None:
    told = "X-Forwarded-For: 1.1.1.1, 2.2.2.2, 3.3.3.3"
    assert gathered(post(3, told))[0].address == "10.0.0.9"
    assert gathered(post(3, told), limits=BEHIND_TWO)[0].address == "2.2.2.2"
    assert (
        gathered(post(3, "X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 4.4.4.4"), limits=BEHIND_TWO)[0].address
        == "1.1.1.1"
    )
    assert gathered(post(3, "X-Forwarded-For: 1.1.1.1"), limits=BEHIND_TWO)[0].address == "10.0.0.9"


def test_whoever_asks_before_sending_is_to_be_told_to_go_on() -> None:
    assert gathered(post(3, "Expect: 100-Continue"))[0].expects is True
    assert gathered(post(0, "Expect: 100-continue"))[0].expects is False
    assert gathered(post(3))[0].expects is False
