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
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.bundles.texts import FULL_YEAR, PAPER_WORDS, QUARTERS
from registry.merges.rules import Fate, Treatment
from registry.trail.texts import Words

LIMIT_FILES = 500
LIMIT_UNPACKED_MB = 300
OUTCOMES = ("filed", "given_up")

_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_MATERIAL = re.compile(r"(?<![0-9A-Za-z])[Mm](\d{2})(?![0-9A-Za-z])")
_YEAR = r"(?<!\d)(20\d{2})"
_JANUARY = r"(?:0?1\s*(?:\u6708)?\s*[-~\u81f3\u2014]\s*)?"  # 1-9, 1 to 9
_TO_MONTH = re.compile(rf"{_YEAR}\s*[-./_\u5e74]\s*{_JANUARY}(0?[1-9]|1[0-2])(?!\d)(?!\s*[-./_]\s*\d)\s*\u6708?")
_COMPACT = re.compile(rf"{_YEAR}(0[1-9]|1[0-2])(?!\d)")
_DAY = re.compile(rf"{_YEAR}(?:\d{{4}}|[-./_]\d{{1,2}}[-./_]\d{{1,2}}|\u5e74\d{{1,2}}\u6708\d{{1,2}}\u65e5)(?!\d)")
_QUARTER = re.compile(rf"{_YEAR}\s*\u5e74?\s*(?:\u7b2c?([1-4{''.join(QUARTERS)}])\u5b63\u5ea6?|[-_]?[Qq]([1-4]))(?!\d)")
_ALONE = re.compile(rf"(?<!\d){_JANUARY}(0?[1-9]|1[0-2])\s*\u6708")
_YEAR_ALONE = re.compile(rf"{_YEAR}(?!\d)\s*({FULL_YEAR.pattern})?")


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
    """Read `folder/name.pdf`; what the file's own name says goes before what its folders say."""
    parts = [part for part in unicodedata.normalize("NFKC", place).replace("\\", "/").split("/") if part.strip()]
    parts = [*parts[:-1], re.sub(r"\.[A-Za-z0-9]{1,5}$", "", parts[-1])] if parts else []
    inner_first = [_read_part(part) for part in reversed(parts)]
    return ReadName(
        _first(one.codes for one in inner_first),
        _first(one.materials for one in inner_first),
        _first(one.periods for one in inner_first) or _joined([one.texts[0] for one in inner_first]),
        tuple(text for one in inner_first for text in one.texts),
    )


def _first(found: Iterator[Any]) -> Any:
    return next((one for one in found if one), ())


def _read_part(part: str) -> ReadName:
    codes = tuple(dict.fromkeys(_CODE.findall(part.upper())))
    rest = part
    for code in codes:
        rest = re.sub(re.escape(code), " ", rest, flags=re.IGNORECASE)
    materials, rest = _materials(rest)
    periods, rest = _periods(rest)
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
    """The day something was scanned or signed is no period."""
    text = _DAY.sub(" ", text)
    found: list[Period] = []
    for pattern in (_TO_MONTH, _COMPACT, _QUARTER):
        found += [_period(pattern, match) for match in pattern.finditer(text)]
        text = pattern.sub(" ", text)
    if not found and (years := [m for m in _YEAR_ALONE.finditer(text) if m[2]]) and not _ALONE.search(text):
        found = [Period(int(match[1]), 0) for match in years]
    return tuple(dict.fromkeys(found)), text


def _period(pattern: re.Pattern[str], match: re.Match[str]) -> Period:
    if pattern is _QUARTER:
        number = match[3] or str(QUARTERS.get(match[2], match[2]))
        return Period(int(match[1]), int(number) * 3)
    return Period(int(match[1]), int(match[2]))


def _joined(parts: Sequence[str]) -> tuple[Period, ...]:
    """`2021/9月/..`, `2021年海丰/1-9月利润表`: the month of the one, the year of another."""
    months = _first(tuple(dict.fromkeys(int(month) for month in _ALONE.findall(part))) for part in parts)
    years = _first(tuple(dict.fromkeys(int(found[0]) for found in _YEAR_ALONE.findall(part))) for part in parts)
    if len(months) == 1 and len(years) == 1:
        return (Period(years[0], months[0]),)
    return ()


def wrong_code(codes: Sequence[str]) -> str | None:
    """A code of the name that cannot be one; an issued code whose check character does not fit is one."""
    return next((code for code in codes if (c := credit_code.check(code)).fault and not c.is_wrongly_checked), None)


def period_of(text: str) -> Period | None:
    """What a person typed; None where nothing. Raises PeriodRefused."""
    return Period.parse(text) if text.strip() else None


def _brings(actor: Actor, _subject: Any) -> bool:
    return actor.holds(Role.CLERK, Role.CITY_OFFICE)


def _of_own_office(actor: Actor, bundle: Any) -> bool:
    return actor.holds(Role.CLERK, Role.CITY_OFFICE) and actor.office_id == bundle.office_id


PERMISSIONS = {"bundle.bring": _brings, "bundle.settle": _of_own_office}
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
