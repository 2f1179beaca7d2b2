"""`python -m bench [ledger|names|import|turns|export|close|lists|peers|forecast|all]`: each figure beside a named floor, in one run, on one machine."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import closing, exporting, forecasting, importing, lists, names, peers, reading, turns

PARTS: dict[str, Callable[[Path, int], Iterator[str]]] = {
    "ledger": reading.figures,
    "names": names.figures,
    "import": importing.figures,
    "turns": turns.figures,
    "export": exporting.figures,
    "close": closing.figures,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("part", nargs="?", default="all", choices=[*PARTS, "lists", "peers", "forecast", "all"])
    parser.add_argument("--firms", type=int, default=1_000_000, help="firms in the ledger (default 1,000,000)")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the import and the export (default 100,000)")
    parser.add_argument("--data", type=Path, help="folder of labelled lists of names, for `lists` and `peers`")
    parser.add_argument("--write", action="store_true", help="with `forecast`: write the widths into the seeds")
    asked = parser.parse_args()
    for name, figures in PARTS.items():
        if asked.part in (name, "all"):
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                for line in figures(Path(folder), asked.firms if name in ("ledger", "names") else asked.rows):
                    print(line, flush=True)
    if asked.part in ("lists", "all"):
        for line in lists.figures(asked.data):
            print(line, flush=True)
    if asked.part in ("peers", "all"):
        for line in peers.figures(asked.data, asked.rows):
            print(line, flush=True)
    if asked.part in ("forecast", "all"):
        for line in forecasting.figures(asked.write):
            print(line, flush=True)


if __name__ == "__main__":
    main()
