"""A moving bar on a terminal, else a line every few seconds; always on standard error."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

_EVERY_SECONDS = 5.0
_REFRESH_SECONDS = 0.1


class _Bar:
    """A moving bar where standard error is a terminal; `_bar` is None elsewhere."""

    _refreshes_itself = True

    def __init__(self) -> None:
        self._told_at = time.monotonic()
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich import console, progress

            self._bar = progress.Progress(
                console=console.Console(stderr=True), transient=True, auto_refresh=self._refreshes_itself
            )
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Steps(_Bar):
    """Progress through named steps; without a thread of its own, so that work may be given to forked processes."""

    _refreshes_itself = False

    def show(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if self._bar is None:
            if now - self._told_at >= _EVERY_SECONDS:
                self._told_at = now
                click.echo(f"{step} {done:,} of {total:,}", err=True)
            return
        if step not in self._tasks:
            self._tasks[step] = self._bar.add_task(step, total=total)
        self._bar.update(self._tasks[step], completed=done, total=total)
        if done == total or now - self._told_at >= _REFRESH_SECONDS:
            self._told_at = now
            self._bar.refresh()


class Progress(_Bar):
    """How many rows of about how many are done, whatever the verb."""

    def show(self, verb: str, done: int, total: int) -> None:
        if self._bar is not None:
            if verb not in self._tasks:
                self._tasks[verb] = self._bar.add_task(f"rows {verb}", total=total)
            self._bar.update(self._tasks[verb], completed=done, total=max(done, total))
        elif time.monotonic() - self._told_at >= _EVERY_SECONDS:
            self._told_at = time.monotonic()
            click.echo(f"{verb} {done:,} of about {max(done, total):,} rows", err=True)

    def restart(self) -> None:
        self._told_at = time.monotonic()
