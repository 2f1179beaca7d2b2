"""Processes kept running side by side: which is started again when it ends, and which ends all the others."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from registry.base import following
from registry.base.clocks import SHANGHAI

LOOKS_EVERY = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a process that ended is started again; doubled each time, until one has lived `LONGEST_PAUSE`."""
STOPS_WITHIN = 40
"""A little longer than the web server lets running requests go on."""


@dataclass(frozen=True)
class Program:
    """A process to be kept running; without an `essential` one there is nothing left to serve."""

    name: str
    command: tuple[str, ...]
    essential: bool = False


class RunningProgram:
    """One program and the process it has at present."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.ends: list[str] = []
        self._pause = FIRST_PAUSE
        self._due = 0.0
        self._start()

    def _start(self) -> None:
        self._started = time.monotonic()
        self._running = True
        self.process = following.start(self.program.command, own_group=True)

    def ended(self) -> str | None:
        """How the process ended, once, if it has."""
        status = self.process.poll()
        if status is None or not self._running:
            return None
        self._running = False
        if time.monotonic() - self._started >= LONGEST_PAUSE:
            self._pause = FIRST_PAUSE
        self._due = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with exit code {status}"
        self.ends.append(f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M:%S} {how}")
        return how

    def start_again_when_due(self) -> bool:
        if self._running or time.monotonic() < self._due:
            return False
        self._start()
        return True

    def told(self) -> dict[str, Any]:
        return {
            "name": self.program.name,
            "pid": self.process.pid if self._running else None,
            "ended": len(self.ends),
            "last_end": self.ends[-1] if self.ends else "",
        }

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def run(programs: Iterable[Program], *, say: Callable[[str], None], record: Path) -> int:
    """Keep the programs running until a signal (0) or the end of an essential one (its exit code, never 0).

    What is running, and how often each has ended, stands in the file `record` as long as anything runs.
    """
    with _stopping() as asked:
        kept = [RunningProgram(program) for program in programs]
        try:
            return _watch(kept, asked, say, record)
        finally:
            _stop(kept, asked)
            record.unlink(missing_ok=True)


def _watch(kept: list[RunningProgram], asked: list[int], say: Callable[[str], None], record: Path) -> int:
    _write(record, kept)
    while not asked:
        for one in kept:
            if how := one.ended():
                if one.program.essential:
                    say(f"the {one.program.name} {how}: everything stops")
                    return max(one.process.returncode, 0) or 1
                times = f"{len(one.ends)} time{'s' if len(one.ends) > 1 else ''}"
                say(f"the {one.program.name} {how} ({times} since the start); it is started again, the pages go on")
                _write(record, kept)
            elif one.start_again_when_due():
                say(f"the {one.program.name} runs again (process {one.process.pid})")
                _write(record, kept)
        time.sleep(LOOKS_EVERY)
    return 0


@contextmanager
def _stopping() -> Iterator[list[int]]:
    """The signals that asked for the end so far; as it was before, afterwards."""
    asked: list[int] = []
    before = {
        each: signal.signal(each, lambda number, _: asked.append(number)) for each in following.stopping_signals()
    }
    try:
        yield asked
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _stop(kept: list[RunningProgram], asked: list[int]) -> None:
    """Let what is under way come to its end; another Ctrl-C waits for nobody."""
    _tell(kept, signal.SIGTERM)
    until, heard = time.monotonic() + STOPS_WITHIN, len(asked)
    while time.monotonic() < until and any(one.process.poll() is None for one in kept):
        if signal.SIGINT in asked[heard:]:
            _tell(kept, signal.SIGINT)
            heard = len(asked)
        time.sleep(LOOKS_EVERY / 2)
    for one in kept:
        one.kill()


def _tell(kept: list[RunningProgram], number: int) -> None:
    for one in kept:
        with suppress(ProcessLookupError):
            one.process.send_signal(number)


def _write(record: Path, kept: list[RunningProgram]) -> None:
    whole = {"pid": os.getpid(), "programs": [one.told() for one in kept]}
    fresh = record.with_suffix(".new")
    with suppress(OSError):  # a full disk must not end what is running
        fresh.write_text(json.dumps(whole), encoding="ascii")
        fresh.replace(record)


def place(instance: Path) -> Path:
    """Where `serve` writes down what it keeps running, for `registry doctor`."""
    return instance / "serving.json"


def recorded(record: Path) -> list[dict[str, Any]]:
    """What `run` keeps running at present, as it wrote it down; nothing where nothing runs."""
    keeper, programs = written(record)
    return programs if keeper and is_alive(keeper) else []


def written(record: Path) -> tuple[int, list[dict[str, Any]]]:
    """The process of the last `run` that did not end in order, if any, and what it kept running, dead or alive."""
    try:
        whole = json.loads(record.read_text(encoding="ascii"))
        return int(whole["pid"]), list(whole["programs"])
    except (OSError, ValueError, KeyError):
        return 0, []


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
