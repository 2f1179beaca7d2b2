"""Processes that end when the one that started them is gone, also where that was killed and could tell nobody."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

PARENT = "REGISTRY_PARENT"
"""Environment of a process that was started by `start`: the number of the process that it goes with."""
LOOKS_EVERY = 1.0
PR_SET_PDEATHSIG = 1


def start(command: Sequence[str], *, own_group: bool = False) -> subprocess.Popen[bytes]:
    """Start a process that goes with this one, if it calls `follow`.

    With `own_group` a terminal's Ctrl-C, or its end, reaches this process alone, which then stops the other in order.
    """
    environment = {**os.environ, PARENT: str(os.getpid())}
    return subprocess.Popen(command, env=environment, process_group=0 if own_group else None)  # noqa: S603


def follow() -> None:
    """From now on SIGTERM comes when the process that started this one has ended; nothing where nobody did."""
    parent = os.environ.pop(PARENT, "")
    if not parent.isdigit():
        return
    if not _kernel_tells():
        threading.Thread(target=_watch, args=(int(parent),), name="following", daemon=True).start()
    elif os.getppid() != int(parent):  # it ended before the kernel was asked
        _end()


def stopping_signals() -> tuple[signal.Signals, ...]:
    """What asks a process to stop in order; the end of the terminal too, unless `nohup` was said."""
    asked = (signal.SIGTERM, signal.SIGINT)
    return asked if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (*asked, signal.SIGHUP)


def _kernel_tells() -> bool:
    """Whether the kernel sends the signal by itself (Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        prctl: Callable[..., int] = ctypes.CDLL(None).prctl
        return prctl(PR_SET_PDEATHSIG, signal.SIGTERM) == 0
    except (OSError, AttributeError):
        return False


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOKS_EVERY)
    _end()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
