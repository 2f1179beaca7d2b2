"""`registry serve` as an administrator starts it: its worker may die, its pages go on, its end is clean."""

from __future__ import annotations

import json
import os
import signal
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
from tests.cli.terminal import registry
from tests.journeys.serving import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Served:
    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port = free_port()
        self.record = folder / "serving.json"
        self._log = (folder / "serve.log").open("wb+")
        command = [sys.executable, "-m", "registry.cli", "serve", "--port", str(self.port), *arguments]
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

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._log.close()


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


def test_the_end_of_the_web_server_is_the_end_of_all_with_an_exit_code(served: Served) -> None:
    programs = served.programs()
    os.kill(programs["web server"]["pid"], signal.SIGKILL)
    assert served.process.wait(timeout=60) == 1
    assert "the web server was killed by SIGKILL: everything stops" in served.said()
    with pytest.raises(ProcessLookupError):
        os.kill(programs["job worker"]["pid"], 0)


def test_the_start_says_whose_word_about_addresses_is_taken(served: Served) -> None:
    assert (
        "a client's address is the connection's own (REGISTRY_PROXIES=0: no reverse proxy stands before it)"
        in served.said()
    )
    assert "demo accounts" not in served.said()
