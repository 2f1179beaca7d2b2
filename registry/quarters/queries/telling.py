"""How firms and changes of a quarter are told apart: their place in the book, what searches and filters look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from registry.base.periods import Quarter
from registry.quarters.queries import changes
from registry.quarters.rules.frozen import canonical, thawed, thawed_all
from registry.quarters.rules.lines import FirmLine, LineChange, placed, sought_in, told
from registry.quarters.sheets.summaries import Change, ChangeKind, change_traits, move_of, traits_of
from registry.reference.queries import reference
from registry.reference.rules.industries import IndustryLevel
from registry.sheets.wording import COUNTY_UNKNOWN


class Telling:
    """For the rows of one quarter, whose counties and trades are called as on its last day."""

    def __init__(self, quarter: Quarter) -> None:
        self._counties = {code: (f"{rank:02}", label) for rank, (code, label) in enumerate(counties(quarter.last))}
        self._divisions = divisions()

    def of_row(self, row: Mapping[str, Any]) -> tuple[str, str, str]:
        """Place, sought, traits; nothing of a firm that has no row."""
        if not row:
            return "", "", ""
        rank, label = self._counties.get(row["county"], ("~", COUNTY_UNKNOWN))
        *ordered, _number = place_in_group(row)
        return (
            placed(rank, *ordered), sought_in(row["name"], row["credit_code"]),
            told(traits_of(self._divisions, label, row)),
        )  # fmt: skip


def changes_of(line: FirmLine) -> Iterator[LineChange]:
    """The changes of a line one by one."""
    for number, row in enumerate(thawed_all(line.changes)):
        change = change_of(row)
        move = move_of(change)
        kind, on, name, firm_id, what = changes.order_of(change)
        yield LineChange(
            line.firm_id, number, change.kind, move.way, move.listed, change.division,
            placed(str(kind), on.isoformat(), name, f"{firm_id:012}", what), sought_in(change.name, change.credit_code),
            told(change_traits(change)), canonical(row),
        )  # fmt: skip


def change_of(kept: Mapping[str, Any]) -> Change:
    return Change(**{**kept, "kind": ChangeKind(kept["kind"])})


def thawed_change(text: str) -> Change:
    return change_of(thawed(text))


def counties(on: date) -> list[tuple[str, str]]:
    """Code and printed label of every county of the day, in their order."""
    return [(row.code, row.short_name) for row in reference.counties(on)]


def divisions() -> dict[str, tuple[str, str]]:
    """The printed section and division of each two-digit code."""
    table = reference.classification()
    return {
        row.code: (f"{row.section} {table.name_of(row.section)}", f"{row.code} {row.name}")
        for row in table.all()
        if row.level == IndustryLevel.DIVISION
    }


def place_in_group(row: Mapping[str, Any]) -> tuple[str, str, str, int]:
    return (
        row.get("division_code") or "", row.get("industry") or "~", row.get("credit_code") or "~", row.get("firm_id", 0)
    )  # fmt: skip
