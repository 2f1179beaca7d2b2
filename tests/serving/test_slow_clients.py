"""Strangers who send a byte now and then, or take none, hold up nobody: real sockets against the server as it is served."""

from __future__ import annotations

import re
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.serving.clients import FORM, Drips, Server, drain, form
from tests.serving.conftest import Serve

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.timeout(300)]
MANY = (8, 40, 200)
CUT = {"HTTP/1.1 408 Request Timeout": 1}
STYLES = "/bootstrap/static/css/bootstrap.min.css"


def answered(server: Server, times: int = 5) -> list[int]:
    return [server.page()[0] for _ in range(times)]


@pytest.mark.parametrize("kind", ["head", "body", "silence"])
def test_pages_are_answered_while_strangers_drip_and_each_of_these_is_cut_off(serve: Serve, kind: str) -> None:
    server = serve(REGISTRY_REQUESTS_OF_AN_ADDRESS="1000")
    for number in MANY:
        drips = Drips(server, number, kind)
        drips.drip()
        assert (answered(server), len(drips.open)) == ([200] * 5, number), f"{number} dripped, and were still there"
        drips.drip_until_cut()
        assert (len(drips.open), sum(drips.told.values())) == (0, number)
        # A stranger whose byte crosses our last word may find the line closed without having read it.
        assert set(drips.told) <= ({""} if kind == "silence" else {"", *CUT})
        assert kind == "silence" or drips.told.get(*CUT, 0) > 0
        drips.close()
    assert kind == "silence" or "requests that did not come whole in time were cut off" in server.service.log()


def test_of_one_addresses_bodies_the_slowest_gives_way_and_an_honest_one_beside_them_arrives(serve: Serve) -> None:
    server = serve(REGISTRY_REQUESTS_OF_AN_ADDRESS="10", REGISTRY_REQUEST_SECONDS="60")
    drips = Drips(server, 40, "body")
    for _ in range(20):
        drips.drip()
        time.sleep(0.05)
        if len(drips.heard) >= 30:
            break
    assert len(drips.open) == 10
    assert set(drips.told) <= {"", "HTTP/1.1 429 Too Many Requests"}
    assert upload(server, 300_000, pieces=30, pause=0.05) == 401
    assert (len(drips.open), answered(server)) == (10, [200] * 5)
    drips.close()


def test_behind_a_proxy_it_is_the_clients_address_that_counts(serve: Serve) -> None:
    server = serve(REGISTRY_PROXIES="1", REGISTRY_REQUESTS_OF_AN_ADDRESS="2", REGISTRY_REQUEST_SECONDS="60")
    lines = {}
    for address in ("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.1"):
        line = server.connect()
        line.sendall(
            f"POST /sign-in HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\nContent-Length: 900\r\n\r\nx".encode()
        )
        lines[line] = address
        time.sleep(0.1)
    told = {}
    for line in lines:
        line.settimeout(0.5)
        try:
            told[line] = line.recv(4096)[:12]
        except TimeoutError:
            told[line] = b""
        line.close()
    assert [(lines[line], what) for line, what in told.items() if what] == [("10.0.0.1", b"HTTP/1.1 429")]


def test_an_upload_at_a_modest_speed_arrives_though_it_takes_longer_than_a_drip_may(serve: Serve) -> None:
    server = serve(REGISTRY_REQUEST_SECONDS="1", REGISTRY_REQUEST_RATE_LEAST="20000")
    assert upload(server, 400_000, pieces=40, pause=0.1) == 401


def test_a_file_too_large_is_told_so_by_the_page_after_it_was_sent_whole(serve: Serve) -> None:
    server = serve()
    line = server.connect()
    size = 33 * 1024 * 1024
    line.sendall(
        f"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: {size}\r\n\r\n".encode()
    )
    for _ in range(33):
        line.sendall(b"x" * (1024 * 1024))
    line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    said = drain(line)
    assert re.findall(rb"HTTP/1\.1 (\d+)", said) == [b"413", b"200"]
    assert "文件太大" in said.decode()


@pytest.mark.parametrize(
    "head, status",
    [(b"Transfer-Encoding: chunked", b"411"), (b"Content-Length: 1\r\nContent-Length: 2", b"400")],
)
def test_a_request_whose_end_is_not_told_is_refused_and_the_line_is_closed(
    serve: Serve, head: bytes, status: bytes
) -> None:
    line = serve().connect()
    line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    assert re.findall(rb"HTTP/1\.1 (\d+)", drain(line)) == [status]


def test_one_line_brings_many_requests_also_before_the_first_is_answered(serve: Serve) -> None:
    line = serve().connect()
    wanted = b"GET /sign-in HTTP/1.1\r\nHost: x\r\n"
    line.sendall((wanted + b"\r\n") * 4 + wanted + b"Connection: close\r\n\r\n")
    said = drain(line)
    assert re.findall(rb"HTTP/1\.1 (\d+)", said) == [b"200"] * 5
    assert re.findall(rb"Connection: ([a-z-]+)", said) == [b"keep-alive"] * 4 + [b"close"]


def test_who_asks_before_sending_is_told_to_go_on(serve: Serve) -> None:
    line = serve().connect()
    sent = (
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 5\r\n\r\n"
    )
    line.sendall(sent)
    assert line.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
    line.sendall(b"a=bcd")
    assert re.findall(rb"HTTP/1\.1 (\d+)", drain(line)) == [b"400"]


def test_where_the_disk_takes_no_body_it_is_told_so_and_the_pages_go_on(serve: Serve, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    server = serve(TMPDIR=str(spool))
    spool.rmdir()
    assert upload(server, 300_000, pieces=3, pause=0.1) == 503
    assert answered(server) == [200] * 5


def test_clients_that_take_no_answer_hold_up_nobody_and_get_it_whole_when_they_do(serve: Serve) -> None:
    server = serve()
    whole = server.page(STYLES)[1]
    lines = []
    for _ in range(40):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", server.port))
        line.sendall(f"GET {STYLES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        lines.append(line)
    assert answered(server) == [200] * 5
    said = drain(lines[0])
    assert said.partition(b"\r\n\r\n")[2] == whole
    for line in lines:
        line.close()


def test_more_connections_than_there_may_be_push_out_those_that_do_least(serve: Serve) -> None:
    server = serve(REGISTRY_CONNECTIONS="20", REGISTRY_REQUEST_HEAD_SECONDS="60")
    drips = Drips(server, 60, "silence")
    assert answered(server) == [200] * 5
    time.sleep(2)
    drips.drip()
    assert len(drips.open) <= 20
    drips.close()


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_half_sent_heads_without_number_keep_out_nobody_and_cut_off_no_upload_of_others(
    serve: Serve, proxies: str
) -> None:
    server = serve(REGISTRY_CONNECTIONS="50", REGISTRY_REQUEST_HEAD_SECONDS="60", REGISTRY_PROXIES=proxies)
    upload = server.connect("127.0.0.2")
    upload.sendall(
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.0.0.2\r\nContent-Length: 5\r\nConnection: close\r\n\r\na"
    )
    strangers: list[Drips] = []
    until = time.monotonic() + 4
    told: list[int] = []
    while time.monotonic() < until:
        strangers.append(Drips(server, 20, "letter"))
        told.append(server.page(source="127.0.0.2")[0])
        told.append(server.page()[0])
    assert set(told) == {200}
    assert sum(len(each.open) for each in strangers) > 100
    upload.sendall(b"=bcd")
    assert re.findall(rb"HTTP/1\.1 (\d+)", drain(upload)) == [b"400"]
    for each in strangers:
        each.close()


def test_a_stop_answers_what_has_arrived_and_waits_for_no_drip(serve: Serve) -> None:
    server = serve(REGISTRY_REQUEST_SECONDS="600", REGISTRY_REQUEST_HEAD_SECONDS="600")
    drips = Drips(server, 8, "body")
    line = server.connect()
    begun = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na"
    line.sendall(begun)
    time.sleep(0.5)
    server.service.signal(signal.SIGTERM)
    time.sleep(0.5)
    line.sendall(b"=bcd")
    said = drain(line)
    assert re.findall(rb"HTTP/1\.1 (\d+).*?Connection: ([a-z-]+)", said, re.DOTALL) == [(b"400", b"close")]
    assert server.service.wait(25) == 0
    drips.drip()
    drips.close()


def upload(server: Server, size: int, *, pieces: int, pause: float) -> int:
    """Sign in wrongly with a file beside it, sent piece by piece; the status of the answer says that all arrived."""
    line = server.connect()
    line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n")
    page = line.recv(65536).decode()
    while "</html>" not in page:
        page += line.recv(65536).decode()
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
    cookie = re.findall(r"Set-Cookie: ([^;]+);", page)[0]
    parts = [
        f'--end\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (("csrf_token", token), ("username", "nobody"), ("password", "Wrong-2021-Wrong"))
    ]
    parts.append(b'--end\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n' + b"x" * size)
    body = b"".join((*parts, b"\r\n--end--\r\n"))
    head = (
        "POST /sign-in HTTP/1.1",
        "Host: x",
        f"Cookie: {cookie}",
        "Connection: close",
        f"Content-Length: {len(body)}",
    )
    line.sendall("\r\n".join((*head, "Content-Type: multipart/form-data; boundary=end", "", "")).encode())
    piece = -(-len(body) // pieces)
    for start in range(0, len(body), piece):
        line.sendall(body[start : start + piece])
        time.sleep(pause)
    status: bytes = re.findall(rb"HTTP/1\.1 (\d+)", drain(line))[0]
    return int(status)


def test_a_form_is_what_it_was_before(serve: Serve) -> None:
    line = serve().connect()
    body = form(username="nobody", password="Wrong-2021-Wrong")
    head = f"POST /sign-in HTTP/1.0\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n"
    line.sendall(head.encode() + body)
    assert "页面已过期" in drain(line).decode()
