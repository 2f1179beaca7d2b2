"""What `serve` keeps running: a worker that dies is started again, the web server takes everything with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from registry.config import ROOT
from registry.serving import supervising

KEEP = """
import sys
from pathlib import Path
from registry.serving import supervising
from registry.serving.supervising import Program

supervising.FIRST_PAUSE = 0.1
web, worker, record = sys.argv[1:]
programs = (Program("web server", ("sh", "-c", web), essential=True), Program("job worker", ("sh", "-c", worker)))
say = lambda line: print(line, flush=True)
sys.exit(supervising.run(programs, say=say, record=Path(record)))
"""
STAYS = "exec sleep 600"


class Keeper:
    """`supervising.run` in a process of its own, over two shell commands."""

    def __init__(self, folder: Path, web: str, worker: str) -> None:
        self.record = folder / "serving.json"
        self.process = subprocess.Popen(
            [sys.executable, "-c", KEEP, web, worker, str(self.record)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def programs(self, wanted: Callable[[list[dict[str, Any]]], bool] = lambda _: True) -> list[dict[str, Any]]:
        """What is written down, once it is as `wanted`."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError, ValueError):
                programs: list[dict[str, Any]] = json.loads(self.record.read_text())["programs"]
                if wanted(programs):
                    return programs
            time.sleep(0.05)
        raise AssertionError(f"never so: {self.record.read_text()}")

    def ended(self) -> tuple[int, str]:
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said

    def close(self) -> None:
        _, programs = supervising.written(self.record)
        for pid in (self.process.pid, *(one["pid"] for one in programs if one["pid"])):
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        self.process.communicate()


Keep = Callable[[str, str], Keeper]


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Keep]:
    keepers: list[Keeper] = []

    def start(web: str, worker: str) -> Keeper:
        keepers.append(Keeper(tmp_path, web, worker))
        return keepers[-1]

    yield start
    for keeper in keepers:
        keeper.close()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_worker_is_started_again_counted_and_said_and_the_web_server_goes_on(keep: Keep) -> None:
    keeper = keep(STAYS, STAYS)
    web, worker = keeper.programs()
    os.kill(worker["pid"], signal.SIGKILL)
    again = keeper.programs(lambda now: now[1]["ended"] == 1 and now[1]["pid"] is not None)
    assert again[0] == web
    assert again[1]["pid"] != worker["pid"]
    assert is_alive(web["pid"])
    assert again[1]["last_end"].endswith("was killed by SIGKILL")
    keeper.process.terminate()
    status, said = keeper.ended()
    assert (status, said.splitlines()) == (
        0,
        [
            "the job worker was killed by SIGKILL (1 time since the start); it is started again, the pages go on",
            f"the job worker runs again (process {again[1]['pid']})",
        ],
    )


def test_a_worker_that_cannot_start_is_tried_again_and_again(keep: Keep) -> None:
    keeper = keep(STAYS, "exit 7")
    _, worker = keeper.programs(lambda now: now[1]["ended"] >= 3)
    assert worker["last_end"].endswith("ended with exit code 7")
    assert keeper.process.poll() is None


@pytest.mark.parametrize("end, status", [("exit 3", 3), ("exit 0", 1), ("kill -9 $$", 1)])
def test_with_the_web_server_everything_ends_and_says_so(keep: Keep, end: str, status: int) -> None:
    keeper = keep(f"sleep 1; {end}", STAYS)
    worker = keeper.programs()[1]
    code, said = keeper.ended()
    assert code == status
    assert said.startswith("the web server ")
    assert said.endswith(": everything stops\n")
    assert not is_alive(worker["pid"])
    assert not keeper.record.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_of_them_and_leaves_no_record(keep: Keep, number: int) -> None:
    keeper = keep(STAYS, STAYS)
    programs = keeper.programs()
    keeper.process.send_signal(number)
    assert keeper.ended() == (0, "")
    assert [one["name"] for one in programs if is_alive(one["pid"])] == []
    assert not keeper.record.exists()


TELLS = 'for each in TERM HUP INT; do trap "echo $each >>$0; exit" $each; done; while :; do sleep 0.1; done'
"""Writes down by which signal it ended."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_what_the_terminal_sends_to_everybody_reaches_the_keeper_alone_which_stops_the_others_in_order(
    keep: Keep, tmp_path: Path, number: int
) -> None:
    ends = tmp_path / "ends"
    keeper = keep(TELLS.replace("$0", str(ends)), TELLS.replace("$0", str(ends)))
    keeper.programs()
    time.sleep(0.5)
    os.killpg(keeper.process.pid, number)
    assert keeper.ended() == (0, "")
    assert ends.read_text().split() == ["TERM", "TERM"]


def test_a_second_interrupt_waits_for_nobody(keep: Keep) -> None:
    keeper = keep("trap '' TERM; trap 'exit' INT; while :; do sleep 0.1; done", STAYS)
    keeper.programs()
    time.sleep(0.5)
    for _ in range(2):
        os.killpg(keeper.process.pid, signal.SIGINT)
        time.sleep(0.5)
    assert keeper.process.wait(timeout=10) == 0


def test_with_nohup_the_end_of_the_terminal_is_nobodys_end(keep: Keep) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        keeper = keep(STAYS, STAYS)
    finally:
        signal.signal(signal.SIGHUP, before)
    keeper.programs()
    os.killpg(keeper.process.pid, signal.SIGHUP)
    time.sleep(1)
    assert keeper.process.poll() is None
    keeper.process.terminate()
    assert keeper.ended() == (0, "")


def test_a_record_that_a_killed_server_left_behind_tells_of_nothing_that_runs(tmp_path: Path) -> None:
    record = supervising.place(tmp_path)
    gone = subprocess.Popen(["true"])
    gone.wait()
    record.write_text(json.dumps({"pid": gone.pid, "programs": [{"name": "web server"}]}))
    assert supervising.recorded(record) == []
    assert supervising.recorded(tmp_path / "none.json") == []
