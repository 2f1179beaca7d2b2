"""A process ends in order when the one that started it is gone, whether or not the kernel tells it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from registry.config import ROOT

PARENT = """
import sys
from registry.base import following

following.start([sys.executable, "-c", *sys.argv[1:]])
sys.stdin.read()
"""
CHILD = """
import signal, sys, time
from pathlib import Path
from registry.base import following

following.LOOKS_EVERY = 0.1
told, kernel, late = sys.argv[1:]
if kernel == "silent":
    following._kernel_tells = lambda: False

def end(number, frame):
    Path(told).write_text("ended in order")
    sys.exit()

signal.signal(signal.SIGTERM, end)
Path(told).write_text("starts")
time.sleep(float(late))
following.follow()
Path(told).write_text("follows")
time.sleep(60)
"""


def until_it_says(told: Path, wanted: str) -> str:
    until = time.monotonic() + 20
    while time.monotonic() < until and not (told.exists() and told.read_text() == wanted):
        time.sleep(0.05)
    return told.read_text()


@pytest.mark.parametrize("late", ["0", "1"], ids=["in time", "late"])
@pytest.mark.parametrize("kernel", ["telling", "silent"])
def test_a_child_ends_when_its_parent_was_killed_also_before_it_could_ask(
    tmp_path: Path, kernel: str, late: str
) -> None:
    told = tmp_path / "told"
    command = [sys.executable, "-c", PARENT, CHILD, str(told), kernel, late]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as parent:
        started = until_it_says(told, "starts" if late != "0" else "follows")
        assert started == ("starts" if late != "0" else "follows")
        parent.kill()
    assert until_it_says(told, "ended in order") == "ended in order"
