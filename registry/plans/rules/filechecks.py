"""What is wrong with the files of a plan between each other: what the text prints, and what the rows make of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from registry.plans.rules.counting import Counting
from registry.plans.rules.files import HEAD, MEASURES, OFFICES, RULES, SUBSIDIES, TARGETS, TEXT
from registry.plans.texts import COLLECTIVE, DUTY, PLAN_FAULTS
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable

_DUTY = re.compile(DUTY)


def plan_checks(
    tables: Mapping[str, FileTable], folder: str, aliases: Mapping[str, str], counties: frozenset[str]
) -> Iterator[FileFault]:
    """`tables`: by the files' short names; `aliases`: printed name -> office; `counties`: codes of their offices."""
    yield from _head(tables[HEAD], folder)
    text = {row.values.get("place"): row.values.get("text") or "" for row in tables[TEXT].rows}
    for name in (MEASURES, SUBSIDIES, RULES):
        for row in tables[name].rows:
            if (place := row.values.get("code")) is not None and tables[TEXT].rows and place not in text:
                yield _fault(tables[name], row, "code", "no_paragraph", text=place)
    for row in tables[TARGETS].rows:
        if row.values.get("kind") == Counting.ENROLMENT and row.values.get("industries", "") is None:
            yield _fault(tables[TARGETS], row, "industries", "no_industries")
    yield from _offices(tables, aliases, counties)
    yield from _printed(tables, text)
    yield from _counties(tables, counties)


def printed_in(text: str) -> list[str]:
    """The offices that a measure's paragraph names at its end as answering for it, in their order."""
    found = _DUTY.search(text.replace(COLLECTIVE, "#"))
    return [name.replace("#", COLLECTIVE) for name in found[1].split("、")] if found else []


def _head(table: FileTable, folder: str) -> Iterator[FileFault]:
    for row in table.rows[1:]:
        yield _fault(table, row, "code", "one_plan")
    for row in table.rows[:1]:
        code, first, last = (row.values.get(name) for name in ("code", "first_year", "last_year"))
        if code is not None and code != folder:
            yield _fault(table, row, "code", "other_folder", text=code, folder=folder)
        if first is not None and last is not None and last < first:
            yield _fault(table, row, "last_year", "years_turned", first=first, text=last)


def _offices(
    tables: Mapping[str, FileTable], aliases: Mapping[str, str], counties: frozenset[str]
) -> Iterator[FileFault]:
    table, measures = tables[OFFICES], {row.values.get("code") for row in tables[MEASURES].rows}
    for row in table.rows:
        measure, printed, office = (row.values.get(name) for name in ("measure", "printed", "office"))
        if measure is not None and tables[MEASURES].rows and measure not in measures:
            yield _fault(table, row, "measure", "no_measure", text=measure)
        if printed is None or office is None:
            continue
        if printed == COLLECTIVE:
            if office not in counties:
                yield _fault(table, row, "office", "no_county", text=office, printed=printed)
        elif printed not in aliases:
            yield _fault(table, row, "printed", "no_alias", text=printed)
        elif aliases[printed] != office:
            yield _fault(table, row, "office", "other_alias", text=office, printed=printed, office=aliases[printed])


def _printed(tables: Mapping[str, FileTable], text: Mapping[str | None, str]) -> Iterator[FileFault]:
    """Every office that the text prints has its row, in the order of the text, and no other has one."""
    table, rows = tables[OFFICES], defaultdict(list)
    for row in table.rows:
        rows[row.values.get("measure")].append(row)
    for measure in tables[MEASURES].rows:
        code = measure.values.get("code")
        told = list(dict.fromkeys(row.values.get("printed") for row in rows[code]))
        wanted = printed_in(text.get(code, ""))
        if code in text and table.rows and None not in told and told != wanted:
            lacking = [name for name in wanted if name not in told]
            more = [name for name in told if name not in wanted]
            at = next((row for row in rows[code] if row.values["printed"] in more), None)
            values = {"measure": code, "lacking": "、".join(lacking) or "--", "more": "、".join(map(str, more)) or "--"}
            yield (
                _fault(table, at, "printed", "not_printed", **values)
                if at
                else _fault(tables[MEASURES], measure, "code", "not_printed", **values)
            )


def _counties(tables: Mapping[str, FileTable], counties: frozenset[str]) -> Iterator[FileFault]:
    """Where the text prints the counties together, each of them has its row."""
    table = tables[OFFICES]
    for measure in tables[MEASURES].rows:
        code = measure.values.get("code")
        rows = [row for row in table.rows if row.values.get("measure") == code]
        told = {row.values.get("office") for row in rows if row.values.get("printed") == COLLECTIVE}
        if told and (lacking := sorted(counties - told)):
            values = {"measure": code, "printed": COLLECTIVE, "lacking": "、".join(lacking)}
            yield _fault(tables[MEASURES], measure, "code", "counties_lacking", **values)


def _fault(table: FileTable, row: FileRow, heading: str, about: str, **values: object) -> FileFault:
    letter = table.letters.get(heading, "")
    return FileFault(table.file.name, PLAN_FAULTS[about], values, row.number, letter, heading)
