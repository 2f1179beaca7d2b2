"""What the name of a file says: whose paper it is, which one and of which period; who may bring papers in bulk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from registry.base import credit_code
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.permissions import can, of_own_office
from registry.bundles.texts import FULL_YEAR, OTHER_YEAR, PAPER_WORDS, QUARTERS, QUARTERS_FIRST
from registry.merges.rules import Fate, Treatment
from registry.trail.texts import Words

LIMIT_FILES = 500
LIMIT_UNPACKED_MB = 300

_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_MATERIAL = re.compile(r"(?<![0-9A-Za-z])[Mm](0[1-9]|1[0-5])(?![0-9A-Za-z])")
_TO = r"\s*(?:[-~\u2010-\u2015\u2500]{1,2}|\u81f3|\u5230)\s*"  # 1-9, 1 to 9, in every dash there is
_YEAR = r"(?<!\d)(20\d{2})"
_AFTER_YEAR = r"\s*(?:[-./_]|\u5e74)\s*"
_MONTHS = r"\s*(?:\u6708(?:\u4efd)?)?"  # the month's word, which a number may do without
# Not a month where another number goes on with it: a day, a span that does not begin in January, two months.
_ALONE_THERE = rf"(?!\d)(?!{_MONTHS}{_TO}\d)(?!{_MONTHS}\s*[./_,\u3001\u548c]\s*\d)(?!\u6708\d)"
_JANUARY = rf"(?:0?1{_MONTHS}{_TO})?"
_MONTH = rf"(0?[1-9]|1[0-2]){_ALONE_THERE}"
_TO_MONTH = re.compile(rf"{_YEAR}{_AFTER_YEAR}{_JANUARY}{_MONTH}{_MONTHS}")
_COMPACT = re.compile(rf"{_YEAR}(0[1-9]|1[0-2])(?!\d)(?!{_TO}\d)")
_DAY = re.compile(
    rf"{_YEAR}(?:\d{{4}}|[-./_]\d{{1,2}}[-./_]\d{{1,2}}|\u5e74\d{{1,2}}\u6708\d{{1,2}}\u65e5)(?!\d)"
    r"|\d{1,2}\u6708\d{1,2}\u65e5"
)
_QUARTER = re.compile(
    rf"{_YEAR}\s*\u5e74?\s*(?:-\s*)?"
    rf"(?:(?:\u524d|(?:\u7b2c?[1{QUARTERS_FIRST}]){_TO})?\u7b2c?([1-4{''.join(QUARTERS)}])\u4e2a?\u5b63\u5ea6?|[-_]?[Qq]([1-4]))(?!\d)"
)
_ALONE = re.compile(rf"(?<![\d\u5e74]){_JANUARY}{_MONTH}\s*\u6708")
_LEFT_OVER = re.compile(rf"{_YEAR}{_AFTER_YEAR}\d|{_YEAR}\d{{2}}(?!\d)")  # a month that was not plain enough to be read
_MONTH_LEFT = re.compile(r"\d\s*\u6708")
_YEAR_ALONE = re.compile(rf"{_YEAR}(?!\d)\s*({FULL_YEAR.pattern})?")
_OTHER_YEAR = re.compile(OTHER_YEAR.pattern + r"|(?<!\d)\d{2}\u5e74")


@dataclass(frozen=True)
class ReadName:
    """What the place of a file in a zip says; several of a kind are no answer, and are told.

    `texts`: its folders and its name without what was read, the file's own first: where a firm's name would stand.
    """

    codes: tuple[str, ...]
    materials: tuple[str, ...]
    periods: tuple[Period, ...]
    texts: tuple[str, ...]


def read(place: str) -> ReadName:
    """Read `folder/name.pdf`; what the file's own name says goes before what its folders say.

    A name with a year of its own takes no month or period from a folder, and one that speaks of last year none at all.
    """
    parts = [part for part in unicodedata.normalize("NFKC", place).replace("\\", "/").split("/") if part.strip()]
    parts = [*parts[:-1], re.sub(r"\.[A-Za-z0-9]{1,5}$", "", parts[-1])] if parts else []
    inner_first = [_read_part(part) for part in reversed(parts)]
    return ReadName(
        _first(one.codes for one in inner_first),
        _first(one.materials for one in inner_first),
        _periods_of(list(reversed(parts)), inner_first),
        tuple(text for one in inner_first for text in one.texts),
    )


def _periods_of(parts: Sequence[str], inner_first: Sequence[ReadName]) -> tuple[Period, ...]:
    if not parts or any(_OTHER_YEAR.search(_DAY.sub(" ", part)) for part in parts):
        return ()
    if inner_first[0].periods:
        return inner_first[0].periods
    if _YEAR_ALONE.search(_DAY.sub(" ", parts[0])):
        return ()
    return _first(one.periods for one in inner_first) or _joined([one.texts[0] for one in inner_first])


def _first(found: Iterator[Any]) -> Any:
    return next((one for one in found if one), ())


def _read_part(part: str) -> ReadName:
    """Code and period are taken out before the words of papers are looked for, which stand around them."""
    codes = tuple(dict.fromkeys(_CODE.findall(part.upper())))
    rest = part
    for code in codes:
        rest = re.sub(re.escape(code), " ", rest, flags=re.IGNORECASE)
    periods, rest = _periods(rest)
    materials, rest = _materials(rest)
    return ReadName(codes, materials, periods, (rest,))


def _materials(text: str) -> tuple[tuple[str, ...], str]:
    """A code (M04) says which paper it is; else the words do."""
    if codes := tuple(dict.fromkeys(f"M{number}" for number in _MATERIAL.findall(text))):
        return codes, _MATERIAL.sub(" ", text)
    found = []
    for code, pattern in PAPER_WORDS.items():
        if pattern.search(text):
            found.append(code)
            text = pattern.sub(" ", text)
    return tuple(found), text


def _periods(text: str) -> tuple[tuple[Period, ...], str]:
    """The day something was scanned or signed is no period; a quarter is one to its last month, as reports are."""
    text = _DAY.sub(" ", text)
    found: list[Period] = []
    for pattern in (_QUARTER, _TO_MONTH, _COMPACT):
        found += [_period(pattern, match) for match in pattern.finditer(text)]
        text = pattern.sub(" ", text)
    if _LEFT_OVER.search(text):
        return (), text
    if not found and (years := [m for m in _YEAR_ALONE.finditer(text) if m[2]]) and not _ALONE.search(text):
        found = [Period(int(match[1]), 0) for match in years]
    return tuple(dict.fromkeys(found)), text


def _period(pattern: re.Pattern[str], match: re.Match[str]) -> Period:
    if pattern is _QUARTER:
        number = match[3] or str(QUARTERS.get(match[2], match[2]))
        return Period(int(match[1]), int(number) * 3)
    return Period(int(match[1]), int(match[2]))


def _joined(texts: Sequence[str]) -> tuple[Period, ...]:
    """`2021/9/..`: the month of the one, the year of another; of each the nearest to the file, and only one of it."""
    months = _first(_months_of(text) for text in texts)
    years = _first(tuple(dict.fromkeys(int(found[0]) for found in _YEAR_ALONE.findall(text))) for text in texts)
    if len(months) == 1 and len(years) == 1:
        return (Period(years[0], months[0]),)
    return ()


def _months_of(text: str) -> tuple[int, ...]:
    found = tuple(dict.fromkeys(int(month) for month in _ALONE.findall(text)))
    return () if _MONTH_LEFT.search(_ALONE.sub(" ", text)) else found


def wrong_code(codes: Sequence[str]) -> str | None:
    """A code of the name that cannot be one; an issued code whose check character does not fit is one."""
    return next((code for code in codes if (c := credit_code.check(code)).fault and not c.is_wrongly_checked), None)


def period_of(text: str) -> Period | None:
    """What a person typed; None where nothing. Raises PeriodRefused."""
    return Period.parse(text) if text.strip() else None


PERMISSIONS = {
    "bundle.bring": lambda actor, _: can(actor, "import.create"),
    "bundle.settle": of_own_office,
}
WORDS = Words(
    verbs={"file_bundle": N_("批量归集材料"), "give_up_bundle": N_("放弃一批材料")},
    subjects={"document_bundle": N_("材料批次")},
    fields={("document_bundle", "files"): N_("文件数"), ("document_bundle", "filed"): N_("归档数")},
    permissions={
        "bundle.bring": N_("批量上传材料"),
        "bundle.settle": N_("归档或放弃一批材料"),
    },
)
COVERAGE = {
    ("bundle_file", "firm_id"): Treatment(
        Fate.STAYS, N_("待归集的文件"), N_("归档前按代码重新核对；归档后的材料随企业并入。")
    )
}
