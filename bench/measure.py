"""One measurement: wall seconds, CPU seconds and peak memory of a function, in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cost:
    """`wall` and `cpu` in seconds (children included), `peak` in MB of the largest single process."""

    wall: float
    cpu: float
    peak: float
    result: Any = None


def cost(work: Callable[..., Any], *arguments: Any) -> Cost:
    """Run `work` in a fresh process and report what it cost; an error in it is raised here."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sending, work, arguments))
    process.start()
    sending.close()
    try:
        outcome = receiving.recv()
    except EOFError:
        outcome = RuntimeError(f"{work.__name__} ended with exit code {process.exitcode}")
    process.join()
    if isinstance(outcome, Exception):
        raise outcome
    return Cost(*outcome)


def median_ms(work: Callable[[], Any], times: int) -> float:
    """The median wall time of `times` calls in milliseconds, after two calls to warm up."""
    work(), work()
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spans.append(time.perf_counter() - start)
    return sorted(spans)[times // 2] * 1000


def _run(sending: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        start, before = time.perf_counter(), _cpu()
        result = work(*arguments)
        wall, cpu = time.perf_counter() - start, _cpu() - before
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
        sending.send((wall, cpu, peak, result))
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent reports it
        sending.send(RuntimeError(f"{work.__name__}: {type(error).__name__}: {error}"))


def _cpu() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )
