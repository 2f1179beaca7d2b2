"""Whether a process that signed itself on is still there: a number alone may be another's by now."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_STARTED, _STATE = 19, 0
"""Places in /proc/N/stat, counted behind the name in brackets: ticks from boot to start, and whether it is dead."""


def mark(pid: int) -> str:
    """Boot, room of numbers and moment of start of a living process; empty where it is not there, or cannot be told."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return "" if fields[_STATE] in "ZX" else f"{_room()}:{fields[_STARTED]}"
    except (OSError, IndexError):
        return ""


def is_there(pid: int, known: str) -> bool | None:
    """Whether the process that `mark` called `known` lives; None where that cannot be told from here."""
    room = known.rpartition(":")[0]
    try:
        if not room or room != _room():
            return None
    except OSError:
        return None
    return mark(pid) == known


def is_running(pid: int) -> bool:
    """Whether any process of this machine has the number, but for our own, which is a new one."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _room() -> str:
    """Two machines, or two containers of one, may bear one name and count their processes alike."""
    boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}:{(_PROC / 'self/ns/pid').readlink()}"
