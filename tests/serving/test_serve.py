"""`registry serve` as an administrator starts it: its worker may die, its pages go on, its end is clean."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from registry.config import ROOT
from registry.serving import supervising
from tests.journeys.serving import free_port
from tests.terminal import Said, registry

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Served:
    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port = free_port()
        self.record = folder / "serving.json"
        self._log = (folder / "serve.log").open("wb+")
        command = [sys.executable, "-m", "registry", "serve", "--port", str(self.port), *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=self._log, stderr=self._log, start_new_session=True)

    def page(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in", timeout=30) as answer:
            text: str = answer.read().decode()
        return text

    def wait(self) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError):
                self.page()
                return
            time.sleep(0.2)
        raise AssertionError(self.said())

    def programs(self) -> dict[str, dict[str, Any]]:
        return {one["name"]: one for one in json.loads(self.record.read_text())["programs"]}

    def said(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def family(self) -> set[int]:
        """Every process below this one."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}

    def close(self) -> None:
        left = self.family()
        self.process.kill()
        self.process.wait()
        assert survivors(left) == set()
        self._log.close()


def survivors(pids: set[int], seconds: float = 40) -> set[int]:
    """Which of these processes still run after a while that is ample for ending in order."""
    until = time.monotonic() + seconds
    while (alive := {pid for pid in pids if supervising.is_alive(pid)}) and time.monotonic() < until:
        time.sleep(0.1)
    return alive


@pytest.fixture
def served(installed: Path) -> Iterator[Served]:
    served = Served(installed, "--no-demo")
    try:
        served.wait()
        yield served
    finally:
        served.close()


def test_a_killed_worker_comes_back_while_the_pages_go_on_and_the_doctor_counts_it(served: Served) -> None:
    before = served.programs()
    os.kill(before["job worker"]["pid"], signal.SIGKILL)
    until = time.monotonic() + 60
    while served.programs()["job worker"]["pid"] in (before["job worker"]["pid"], None) and time.monotonic() < until:
        assert "登录" in served.page()
        time.sleep(0.2)
    after = served.programs()
    assert (after["web server"], after["job worker"]["ended"]) == (before["web server"], 1)
    assert "the job worker was killed by SIGKILL (1 time since the start)" in served.said()
    lines = registry("doctor").out.splitlines()
    assert [line for line in lines if line.startswith("serving: job worker")] == [
        f"serving: job worker: process {after['job worker']['pid']}; ended 1 time, last {after['job worker']['last_end']}"
    ]
    served.process.terminate()
    assert served.process.wait(timeout=60) == 0
    assert not served.record.exists()


@pytest.mark.once
def test_the_end_of_the_web_server_is_the_end_of_all_with_an_exit_code(served: Served) -> None:
    programs = served.programs()
    os.kill(programs["web server"]["pid"], signal.SIGKILL)
    assert served.process.wait(timeout=60) == 1
    assert "the web server was killed by SIGKILL: everything stops" in served.said()
    with pytest.raises(ProcessLookupError):
        os.kill(programs["job worker"]["pid"], 0)


@pytest.mark.once
def test_a_second_start_names_the_first_and_a_terminal_that_closes_ends_all_of_it_in_order(served: Served) -> None:
    family = whole(served)
    said = registry("serve", "--no-demo", "--port", str(served.port))
    there = f"address already in use: `registry serve` runs on this instance already (process {served.process.pid})"
    assert said == Said(1, "", f"error: cannot listen at 127.0.0.1:{served.port}: {there}\n")
    os.killpg(served.process.pid, signal.SIGHUP)
    assert served.process.wait(timeout=60) == 0
    assert (survivors(family, 1), served.record.exists()) == (set(), False)
    assert "ended" not in served.said()


@pytest.mark.once
def test_nothing_goes_on_where_serve_was_killed_and_the_next_one_says_what_is_still_there(served: Served) -> None:
    family = whole(served)
    programs = served.programs()
    web = programs["web server"]["pid"]
    os.kill(web, signal.SIGSTOP)  # a web server that takes its time to end
    served.process.kill()
    served.process.wait()
    said = registry("serve", "--no-demo", "--port", str(served.port))
    os.kill(web, signal.SIGCONT)
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith(
        f"error: cannot listen at 127.0.0.1:{served.port}: address already in use: a `registry serve` on this instance"
        f" was killed, and what it kept running is still ending (web server {web}"
    )
    assert survivors(family) == set()
    assert "serving: no `registry serve` runs on this instance" in registry("doctor").out


def whole(served: Served) -> set[int]:
    """All processes, once there are as many as there will be: web server and two of its own, keeper and two lanes."""
    until = time.monotonic() + 60
    while len(found := served.family()) < 6 and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    assert len(found) == 6
    return found


def test_an_address_that_is_taken_is_refused_before_anything_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    monkeypatch.setenv("REGISTRY_INSTANCE", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = registry("serve", "--port", str(port))
    error = f"error: cannot listen at 127.0.0.1:{port}: address already in use: another program is there\n"
    assert (said.status, said.out, said.err) == (1, "", error)
    with sqlite3.connect(tmp_path / "empty.db") as database:
        assert database.execute("select name from sqlite_master").fetchall() == []
    database.close()


@pytest.mark.once
def test_an_address_that_is_none_of_this_machine_is_refused_in_a_line(installed: Path) -> None:
    said = registry("serve", "--host", "192.0.2.1")
    assert (said.status, said.err) == (1, "error: cannot listen at 192.0.2.1:8000: cannot assign requested address\n")


@pytest.mark.once
def test_the_start_says_whose_word_about_addresses_is_taken(served: Served) -> None:
    assert (
        "a client's address is the connection's own (REGISTRY_PROXIES=0: no reverse proxy stands before it)"
        in served.said()
    )
    assert "demo accounts" not in served.said()
