"""`python -m registry.upperforms.sheets.child PATH`: looks at a form, or fills it, under memory and CPU limits.

The library that keeps a workbook's looks holds all of it in memory and was not made for files that mean harm: so it
runs here, after the guard. Without `--orders` one line of JSON for each sheet (`looking.sheet_of`), last
`{"end": true, "lost": [...]}`. With `--orders` (a file of JSON, `writing.fill`) and `--out` the filled form is
written there, last `{"end": true}`. A refusal as in `registry.sheets.child`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from registry.base.errors import FileRefused
from registry.sheets.child import Emit, report
from registry.sheets.container import open_container
from registry.sheets.guard import inspect
from registry.sheets.limits import limit_process
from registry.sheets.shape import MEGABYTE, Limits, Shape
from registry.upperforms import texts

LIMITS = Limits(workbook_bytes=5 * MEGABYTE, unpacked_bytes=60 * MEGABYTE, rows=20_000, sheets=50)
_WRITTEN = 100 * MEGABYTE


def main(arguments: list[str] | None = None) -> int:
    """Look at the form named on the command line, or fill it; 0 whether it was done or refused with a reason."""
    parser = argparse.ArgumentParser(prog="python -m registry.upperforms.sheets.child", description="Fill a form.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--cpu", type=int, default=15, help="seconds of processor time")
    parser.add_argument("--orders", type=Path, help="what to write, as JSON")
    parser.add_argument("--out", type=Path, help="the filled form")
    options = parser.parse_args(arguments)
    limit_process(LIMITS.memory_bytes, options.cpu, _WRITTEN)
    try:
        report(partial(_look, options.path) if options.orders is None else partial(_write, options))
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(1)
    return 0


def _shape(path: Path) -> Shape:
    shape = inspect(path, LIMITS)
    if shape.format != "xlsx":
        raise FileRefused(texts.NOT_A_WORKBOOK)
    return shape


def _look(path: Path, emit: Emit) -> None:
    from registry.upperforms.sheets import looking, losses

    shape = _shape(path)
    with open_container(path, LIMITS) as container:
        lost = losses.of(container)
    book = looking.opened(path)
    for sheet in shape.sheets:
        emit(looking.sheet_of(book[sheet.name], sheet))
    emit({"end": True, "lost": lost})


def _write(options: Any, emit: Emit) -> None:
    from registry.upperforms.sheets import looking, writing

    _shape(options.path)
    orders = json.loads(options.orders.read_text("utf-8"))
    book = looking.opened(options.path)
    writing.fill(book, orders)
    book.save(options.out)
    emit({"end": True})


if __name__ == "__main__":
    sys.exit(main())
