"""The `registry` command as a person at a terminal runs it: what it said on each stream, and how it ended."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from contextvars import Context
from dataclasses import dataclass
from io import StringIO

from registry.commands import main


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str


def registry(*arguments: str) -> Said:
    """Run the command in the environment that the test has set; nothing is asked on the terminal."""
    out, err, status = StringIO(), StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            Context().run(main, list(arguments))
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Said(status, out.getvalue(), err.getvalue())
