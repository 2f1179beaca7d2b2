"""What is wrong with the classifications and their map between each other: lengths of codes, parents, relations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.files import INDUSTRY, PRESENT

_DIGITS: Mapping[str, int] = MappingProxyType({"section": 1, "division": 2, "group": 3, "class": 4})
"""How many characters the code of a level has (GB/T 4754, coding)."""


def industry_checks(table: FileTable) -> Iterator[FileFault]:
    sections = {
        (row.values.get("year"), row.values["code"]): row.values.get("section")
        for row in table.rows
        if "code" in row.values
    }
    for row in table.rows:
        yield from _code(table, row)
        yield from _section(table, row, sections)


def _code(table: FileTable, row: FileRow) -> Iterator[FileFault]:
    """A code has the length of its level, and but for the top ones begins with the code of what it lies in."""
    code, level, year = (row.values.get(name) for name in ("code", "level", "year"))
    if year is not None and "source" in row.values and str(year) not in row.values["source"]:
        yield table.fault(row.number, "year", "industry_year", year=year)
    if code is None or level is None:
        return
    if len(code) != _DIGITS[level] or (level == "section") != code.isalpha():
        yield table.fault(row.number, "code", "industry_level", text=code, digits=len(code), level=level)
        return
    if "parent" in row.values:
        above = {"section": None, "division": row.values.get("section")}
        wanted, parent = above.get(level, code[:-1]), row.values["parent"]
        if parent != wanted and (wanted is not None or level == "section"):
            values = {"code": code, "text": parent or "", "wanted": wanted or ""}
            yield table.fault(row.number, "parent", "industry_parent", **values)


def _section(table: FileTable, row: FileRow, sections: Mapping[tuple[Any, Any], str | None]) -> Iterator[FileFault]:
    """A section is its own, everything below it is of the section of what it lies in."""
    code, parent, section = (row.values.get(name) for name in ("code", "parent", "section"))
    above = code if row.values.get("level") == "section" else sections.get((row.values.get("year"), parent))
    if section is not None and above is not None and section != above:
        values = {"parent": parent or code, "wanted": above, "text": section}
        yield table.fault(row.number, "section", "industry_section", **values)


def present_sections(table: FileTable) -> dict[str, str]:
    """The section of every code of the present classification."""
    rows = (row.values for row in table.rows)
    return {str(row.get("code")): str(row.get("section")) for row in rows if f"{INDUSTRY} {row.get('year')}" == PRESENT}


def relation_checks(table: FileTable) -> Iterator[FileFault]:
    """`same` and `renumbered` are one to one, `split` and `merged` say of which code there are several rows."""
    pairs = [(row.values.get("code_2011"), row.values.get("code_2017")) for row in table.rows]
    olds, news = Counter(old for old, _ in pairs), Counter(new for _, new in pairs)
    for row, (old, new) in zip(table.rows, pairs, strict=True):
        relation = row.values.get("relation")
        if None in (old, new, relation):
            continue
        if olds[old] > 1 or news[new] > 1:
            wanted = {"split"} if news[new] == 1 else {"merged"} if olds[old] == 1 else {"split", "merged"}
        else:
            wanted = {"same"} if old == new else {"renumbered"}
        if relation not in wanted:
            yield table.fault(row.number, "relation", "relation", text=relation, wanted="、".join(sorted(wanted)))
