"""Work over a list on every core: processes forked from this one share what it holds; results keep their order."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_held: Any = None


def cores() -> int:
    """How many processes may run at once: those of this process's cores; 1 where processes cannot be forked."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[Any, Task], Result], held: Any, tasks: Iterable[Task], processes: int) -> Iterator[Result]:
    """`work(held, task)` of each task, in the order of the tasks, whatever the number of processes.

    `held` is not copied: forked processes read it where it lies. An error in `work` is raised here.
    """
    if processes == 1:
        for task in tasks:
            yield work(held, task)
        return
    global _held  # noqa: PLW0603 - the one way to hand a forked process what must not be pickled
    _held = held
    gc.collect()
    gc.freeze()  # so that collecting in the processes touches, and copies, nothing of it
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            yield from pool.imap(_Work(work), tasks)
    finally:
        gc.unfreeze()
        _held = None


class _Work:
    def __init__(self, work: Callable[[Any, Any], Any]) -> None:
        self.work = work

    def __call__(self, task: Any) -> Any:
        return self.work(_held, task)
