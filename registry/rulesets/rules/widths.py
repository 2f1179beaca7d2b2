"""What is wrong with the widths of forecasts: every month once, low below high, none far from its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.files import WIDTHS

_MONTHS = WIDTHS.cells["month"]
_JUMP = 2
"""From one month to the next a width changes by less: more is a decimal point in the wrong place."""


def width_checks(table: FileTable) -> Iterator[FileFault]:
    by_method: dict[str, dict[int, FileRow]] = {}
    for row in table.rows:
        low, high = row.values.get("low"), row.values.get("high")
        if low is not None and high is not None and low >= high:
            yield table.fault(row.number, "high", "width_turned", low=low, text=high)
        if "method" in row.values and "month" in row.values:
            by_method.setdefault(row.values["method"], {})[row.values["month"]] = row
    for method, rows in by_method.items():
        yield from _months(table, method, rows)
        yield from _jumps(table, [row for _month, row in sorted(rows.items())])


def _months(table: FileTable, method: str, rows: dict[int, FileRow]) -> Iterator[FileFault]:
    missing = [month for month in range(_MONTHS.least, _MONTHS.most + 1) if month not in rows]
    if missing:
        yield table.fault(0, "month", "width_missing", method=method, month="、".join(map(str, missing)))


def _jumps(table: FileTable, rows: list[FileRow]) -> Iterator[FileFault]:
    """Of two that lie far apart, the one is said that lies far from its other neighbour as well."""
    for heading in ("low", "high"):
        told = [(row, row.values[heading]) for row in rows if heading in row.values]
        far = [max(one, other) >= _JUMP * min(one, other) for (_, one), (_, other) in pairwise(told)]
        for at, (row, value) in enumerate(told):
            beside = far[max(0, at - 1) : at + 1]
            if beside and all(beside):
                other = told[at - 1 if at else 1][1]
                yield table.fault(row.number, heading, "width_beside", text=value, other=other)
