"""What is wrong with the definition of a kind: keys, types and what its parts say of each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from registry.cases.rules.awards import ROUNDINGS
from registry.cases.rules.kinds import (
    APPLICANT,
    COUNTS,
    TABLES,
    Applicant,
    Doer,
    Effect,
    FieldType,
    Guard,
    KeyRule,
    Outcome,
    StateKind,
)
from registry.cases.rules.verdicts import OPERATIONS, PLAIN, SIGNS, VALUE
from registry.institutions.rules.kinds import InstitutionKind

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_KIND = re.compile(r"[a-z][a-z0-9-]{0,31}")


class KindFault(NamedTuple):
    """`place`: `step[3].who`; `why` of `KIND_FAULTS`."""

    place: str
    why: str
    text: str = ""


_TEXT, _FLAG, _LIST, _VALUE = (str,), (bool,), (list,), (str, int, float)
_HEAD: Mapping[str, tuple[tuple[type, ...], bool]] = {
    "code": (_TEXT, True), "name": (_TEXT, True), "group": (_TEXT, True), "applicants": (_LIST, True),
    "bureau": (_TEXT, True), "outcome": (_TEXT, True), "source": (_TEXT, True), "clause": (_TEXT, True),
    "valid_from": (_TEXT, True), "about": (_TEXT, False), "institutions": (_LIST, False),
    "cohorts": (_FLAG, False), "counts": (_TEXT, False), "title": (_TEXT, False),
    "text": ((dict,), False),
}  # fmt: skip
_ROWS: Mapping[str, Mapping[str, tuple[tuple[type, ...], bool]]] = {
    "field": {
        "code": (_TEXT, True), "name": (_TEXT, True), "type": (_TEXT, False), "list": (_TEXT, False),
        "unit": (_TEXT, False), "required": (_FLAG, False), "choices": (_LIST, False), "help": (_TEXT, False),
    },
    "list": {"code": (_TEXT, True), "name": (_TEXT, True), "paper": (_TEXT, False), "required": (_FLAG, False)},
    "condition": {
        "code": (_TEXT, True), "name": (_TEXT, True), "value": (_TEXT, True), "op": (_TEXT, True),
        "line": (_VALUE, True), "source": (_TEXT, True), "verified": (_FLAG, False), "paper": (_TEXT, False),
    },
    "paper": {
        "code": (_TEXT, True), "name": (_TEXT, True), "required": (_FLAG, False), "period": (_TEXT, False),
        "condition": (_TEXT, False), "source": (_TEXT, False),
    },
    "state": {"code": (_TEXT, True), "name": (_TEXT, True), "kind": (_TEXT, False), "aside": (_FLAG, False)},
    "step": {
        "verb": (_TEXT, True), "name": (_TEXT, True), "from": (_LIST, True), "to": (_TEXT, True), "who": (_TEXT, True),
        "guards": (_LIST, False), "effects": (_LIST, False), "term": (_VALUE, False),
    },
    "setting": {
        "code": (_TEXT, True), "name": (_TEXT, True), "value": (_VALUE, True), "unit": (_TEXT, False),
        "stated": (_FLAG, False), "source": (_TEXT, False),
    },
    "award": {
        "basis": (_TEXT, False), "rate": (_TEXT, False), "cap": (_TEXT, False), "lump": (_TEXT, False),
        "when": (_LIST, False),
    },
    "once": {"space": (_TEXT, True), "rule": (_TEXT, True), "list": (_TEXT, False), "fields": (_LIST, False)},
    "criterion": {"code": (_TEXT, True), "name": (_TEXT, True), "most": ((int,), True)},
}  # fmt: skip
_WORDS: Mapping[tuple[str, str], frozenset[str]] = {
    ("", "outcome"): frozenset(Outcome), ("", "counts"): COUNTS, ("", "applicants"): frozenset(Applicant),
    ("", "about"): frozenset({"noticed", "refused"}), ("", "institutions"): frozenset(InstitutionKind),
    ("field", "type"): frozenset(FieldType),
    ("condition", "op"): frozenset(OPERATIONS), ("paper", "period"): frozenset({"none", "cohort", "last"}),
    ("state", "kind"): frozenset(StateKind), ("step", "who"): frozenset(Doer), ("step", "guards"): frozenset(Guard),
    ("step", "effects"): frozenset(Effect), ("once", "rule"): frozenset(KeyRule),
}  # fmt: skip


def faults(definition: Mapping[str, Any], folder: str) -> Iterator[KindFault]:
    """Every fault of one definition; nothing where it can be used. `folder`: the name it must bear."""
    found = list(_shape(definition))
    yield from found
    if not found:
        if definition["code"] != folder or not _KIND.fullmatch(folder):
            yield KindFault("code", "folder", definition["code"])
        yield from _meaning(definition)


# -- keys and types -------------------------------------------------------------------------------
def _shape(definition: Mapping[str, Any]) -> Iterator[KindFault]:
    yield from _row("", {key: value for key, value in definition.items() if key not in TABLES}, _HEAD)
    for table in TABLES:
        rows = definition.get(table, [])
        if not isinstance(rows, list):
            yield KindFault(table, "type", type(rows).__name__)
            continue
        for number, row in enumerate(rows, 1):
            yield from _row(f"{table}[{number}]", row, _ROWS[table])
        codes = [row.get("code") for row in rows if "code" in _ROWS[table] and isinstance(row, dict)]
        if table == "field":
            codes = [(row.get("list"), row.get("code")) for row in rows]
        for code in {one for one in codes if codes.count(one) > 1}:
            yield KindFault(table, "twice", str(code))


def _row(place: str, row: Mapping[str, Any], known: Mapping[str, tuple[tuple[type, ...], bool]]) -> Iterator[KindFault]:
    table = place.partition("[")[0]

    def at(key: str) -> str:
        return f"{place}.{key}" if place else key

    for key, value in row.items():
        if why := _cell(value, known.get(key)):
            yield KindFault(at(key), why, key if why == "unknown" else str(value))
        elif words := _WORDS.get((table, key)):
            for one in value if isinstance(value, list) else (value,):
                if one not in words:
                    yield KindFault(at(key), "word", f"{one}（{'、'.join(sorted(words))}）")
    for key, (_types, required) in known.items():
        if required and key not in row:
            yield KindFault(at(key), "lacking", key)
    code = row.get("code")
    if place and isinstance(code, str) and not _CODE.fullmatch(code):
        yield KindFault(at("code"), "code", code)


def _cell(value: Any, known: tuple[tuple[type, ...], bool] | None) -> str:
    """What is wrong with a value by itself; "" where nothing is."""
    if known is None:
        return "unknown"
    types, required = known
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        return "type"
    return "empty" if value == "" and required else ""


# -- what the parts say of each other -------------------------------------------------------------
def _meaning(definition: Mapping[str, Any]) -> Iterator[KindFault]:
    rows = {table: definition.get(table, []) for table in TABLES}
    codes = {table: {row.get("code") for row in rows[table]} for table in TABLES}
    own = {row["code"]: row.get("type", "text") for row in rows["field"] if not row.get("list")}
    columns = {(row["list"], row["code"]): row.get("type", "text") for row in rows["field"] if row.get("list")}
    settings = {row["code"]: str(row["value"]) for row in rows["setting"]}
    for number, row in enumerate(rows["field"], 1):
        if row.get("list") and row["list"] not in codes["list"]:
            yield KindFault(f"field[{number}].list", "reference", row["list"])
        if (row.get("type") == FieldType.CHOICE) != bool(row.get("choices")):
            yield KindFault(f"field[{number}].choices", "choices", row["code"])
    for table, key, among in (
        ("list", "paper", "paper"), ("condition", "paper", "paper"), ("paper", "condition", "condition"),
    ):  # fmt: skip
        for number, row in enumerate(rows[table], 1):
            if row.get(key) and row[key] not in codes[among]:
                yield KindFault(f"{table}[{number}].{key}", "reference", row[key])
    for number, row in enumerate(rows["condition"], 1):
        place = f"condition[{number}]"
        yield from _measured(f"{place}.value", row["value"], own, columns)
        if row["op"] in SIGNS and not is_number(settings.get(str(row["line"]), str(row["line"]))):
            yield KindFault(f"{place}.line", "number", str(row["line"]))
    yield from _steps(rows, settings)
    yield from _awards(rows["award"], own, columns, settings)
    yield from _ranges(rows, settings)
    yield from _once(rows["once"], own, columns, codes["list"])
    if settings.get("rounding", "half_up") not in ROUNDINGS:
        yield KindFault("setting.rounding", "word", "、".join(sorted(ROUNDINGS)))


def _measured(
    place: str, text: str, own: Mapping[str, str], columns: Mapping[tuple[str, str], str]
) -> Iterator[KindFault]:
    """A value is a field of the case, or a sum or such of what there is."""
    if PLAIN.fullmatch(text):
        if text not in own:
            yield KindFault(place, "reference", text)
        return
    match = VALUE.fullmatch(text)
    if match is None:
        yield KindFault(place, "value", text)
        return
    word, first, column, other = match["word"], match["first"], match["column"], match["other"]
    lists = {name for name, _code in columns}
    fits = {
        "count": first in lists and not column,
        "sum": columns.get((first, column or "")) in ("yuan", "number", "whole"),
        "oldest": columns.get((first, column or "")) == "day",
        "age": own.get(first) == "day",
        "part": own.get(first) in ("yuan", "number", "whole") and own.get(other or "") in ("yuan", "number", "whole"),
    }
    if not fits[word]:
        yield KindFault(place, "reference", text)


def _steps(rows: Mapping[str, list[dict[str, Any]]], settings: Mapping[str, str]) -> Iterator[KindFault]:
    states = {row["code"]: row.get("kind", "open") for row in rows["state"]}
    if not states or next(iter(states.values())) != StateKind.DRAFT:
        yield KindFault("state", "no_draft")
        return
    for number, row in enumerate(rows["step"], 1):
        place, guards, term = f"step[{number}]", row.get("guards", ()), str(row.get("term", ""))
        yield from (KindFault(place, "reference", str(one)) for one in (*row["from"], row["to"]) if one not in states)
        if term and not settings.get(term, term).isdigit():
            yield KindFault(f"{place}.term", "number", term)
        for guard, setting, there in (
            (Guard.ABOVE, "second_above", True), (Guard.OPINIONS, "experts", bool(rows["criterion"])),
        ):  # fmt: skip
            if guard in guards and not (setting in settings and there):
                yield KindFault(f"{place}.guards", "setting", setting)
    pairs = [(start, row["verb"], tuple(row.get("guards", ()))) for row in rows["step"] for start in row["from"]]
    for one in {pair for pair in pairs if pairs.count(pair) > 1}:
        yield KindFault("step", "twice", f"{one[0]} {one[1]}")
    reached = {next(iter(states))}
    while more := {row["to"] for row in rows["step"] if reached & set(row["from"])} - reached:
        reached |= more
    for code in states.keys() - reached:
        yield KindFault("state", "unreached", code)


def _awards(
    awards: list[dict[str, Any]], own: Mapping[str, str], columns: Mapping[tuple[str, str], str],
    settings: Mapping[str, str],
) -> Iterator[KindFault]:  # fmt: skip
    for number, row in enumerate(awards, 1):
        place = f"award[{number}]"
        if bool(row.get("lump")) == bool(row.get("basis") and row.get("rate")):
            yield KindFault(place, "award")
        if row.get("basis"):
            yield from _measured(f"{place}.basis", row["basis"], own, columns)
        for key in ("rate", "cap", "lump"):
            if row.get(key) and not is_number(settings.get(row[key], "")):
                yield KindFault(f"{place}.{key}", "setting", row[key])
        if row.get("when") and (len(row["when"]) != 2 or row["when"][0] not in own):
            yield KindFault(f"{place}.when", "reference", str(row["when"]))


_FROM_ONE = ("notice_days", "experts")
_NOT_BELOW = ("second_above", "cap_per_year", "cap_of_kind", "claw_back_interest", "valid_years", "invoice_months")


def _ranges(rows: Mapping[str, list[dict[str, Any]]], settings: Mapping[str, str]) -> Iterator[KindFault]:
    """A share is more than nothing and no more than all, an amount more than nothing, a term at least a day."""
    least = {row["rate"]: (Decimal("0.0001"), Decimal(1)) for row in rows["award"] if row.get("rate")}
    cent, most = Decimal("0.01"), Decimal(10**12)
    least |= {row[key]: (cent, most) for row in rows["award"] for key in ("cap", "lump") if row.get(key)}
    least |= {"rounding_unit": (cent, Decimal(10_000))}
    least |= {str(row["term"]): (Decimal(1), Decimal(1000)) for row in rows["step"] if row.get("term")}
    least |= dict.fromkeys(_FROM_ONE, (Decimal(1), Decimal(1000))) | dict.fromkeys(_NOT_BELOW, (Decimal(0), most))
    for code, (low, high) in least.items():
        text = settings.get(code)
        if text is not None and not (is_number(text) and low <= Decimal(text) <= high):
            yield KindFault(f"setting.{code}", "range", f"{text}（{low:f} – {high:f}）")


def _once(
    rules: list[dict[str, Any]], own: Mapping[str, str], columns: Mapping[tuple[str, str], str], lists: set[str]
) -> Iterator[KindFault]:
    for number, row in enumerate(rules, 1):
        place = f"once[{number}]"
        if row.get("list") and row["list"] not in lists:
            yield KindFault(f"{place}.list", "reference", row["list"])
        if not row.get("list") and not row.get("fields"):
            yield KindFault(place, "lacking", "list")
        known = {code for name, code in columns if name == row["list"]} if row.get("list") else {*own, APPLICANT}
        for one in row.get("fields", ()):
            if one not in known:
                yield KindFault(f"{place}.fields", "reference", one)


def is_number(text: str) -> bool:
    """Whether a setting, a line or a rate is a number."""
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
