"""`python -m bench [ledger|names|import|turns|export|close|quarters|portal|lists|peers|real|recall|forecast|tasks|all]`: each figure beside a named floor, in one run, on one machine."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import (
    closing,
    exporting,
    forecasting,
    importing,
    lists,
    names,
    peers,
    portal,
    quarters,
    reading,
    real,
    recall,
    tasks,
    turns,
)

PARTS: dict[str, Callable[[Path, int], Iterator[str]]] = {
    "ledger": reading.figures,
    "names": names.figures,
    "import": importing.figures,
    "turns": turns.figures,
    "export": exporting.figures,
    "close": closing.figures,
    "quarters": quarters.figures,
    "portal": portal.figures,
}

ON_NAMES: dict[str, Callable[[argparse.Namespace], Iterator[str]]] = {
    "lists": lambda asked: lists.figures(asked.data),
    "peers": lambda asked: peers.figures(asked.data, asked.rows),
    "real": lambda asked: real.figures(asked.data, asked.drawn),
    "recall": lambda _asked: recall.figures(),
    "forecast": lambda asked: forecasting.figures(asked.write),
    "tasks": lambda asked: tasks.figures(asked.base, asked.password, prepare=asked.prepare) if asked.base else iter(()),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("part", nargs="?", default="all", choices=[*PARTS, *ON_NAMES, "all"])
    parser.add_argument("--firms", type=int, default=1_000_000, help="firms in the ledger (default 1,000,000)")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the import and the export (default 100,000)")
    parser.add_argument("--data", type=Path, help="folder of labelled lists of names, for `lists` and `peers`")
    parser.add_argument("--drawn", type=Path, help="with `real`: folder of the lists drawn beside the pairs")
    parser.add_argument("--write", action="store_true", help="with `forecast`: write the widths into the seeds")
    parser.add_argument("--base", default="", help="with `tasks`: address of a registry that serves the invented city")
    parser.add_argument("--password", default="", help="with `tasks`: the password of its accounts")
    parser.add_argument("--prepare", action="store_true", help="with `tasks`: make the firms and cases they need first")
    asked = parser.parse_args()
    for name, figures in PARTS.items():
        if asked.part in (name, "all"):
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                for line in figures(Path(folder), asked.firms if name in ("ledger", "names", "portal") else asked.rows):
                    print(line, flush=True)
    for name, told in ON_NAMES.items():
        if asked.part in (name, "all"):
            for line in told(asked):
                print(line, flush=True)


if __name__ == "__main__":
    main()
