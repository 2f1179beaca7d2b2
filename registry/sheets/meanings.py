"""What one heading means: the column of the directory, its unit, the period it is of, and what its brackets add."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from registry.sheets.columns import COLUMNS
from registry.sheets.kindred import CODED, industry_rank, of_kind
from registry.sheets.phrases import key_of_phrase
from registry.sheets.units import Unit, bracketed, read_unit, split_off
from registry.sheets.words import OPTIONAL_WORDS, TRADITIONAL

_OPTIONAL = re.compile(rf"[(\[{{【〔<《](?:{'|'.join(OPTIONAL_WORDS)})[)\]}}】〕>》]")
_HARMLESS = re.compile(
    r"(?:加盖)?(?:单位)?公?章?盖?公?章|全称|文字|中文?|人|个|名|家|户|\d+位(?:数字?|码)?|必填项?|选填项?|按?执照填?写?|以(?:营业)?执照为准"
    r"|与(?:营业)?执照一致|国民经济行业(?:分类|门类|大类|中类|小类|代码)?|[门大中小]类|.{0,8}gb/t4754.{0,6}|万?元|万|亿元?"
    r"|yyyy.{0,6}|年[-/.、]?月[-/.、]?日?|[二两三四]位(?:数字?|码)?|详细|详细到.{1,8}|示?例.{0,20}"
)
_LEADING_NUMBER = re.compile(
    r"^(?:\[[\d.\-]{1,8}\]|[(（]?\d{1,2}[)）.、]|[一二三四五六七八九十]{1,3}、|[①-⑳])(?=[一-鿿])"
)
_YEAR = re.compile(r"(20\d{2})(?:年度?|\.(?=\d)|(?!\d))")
_RUN = re.compile(r"(?<![\d.])(?:0?1月?(?:份)?[-—–~～至到])(1[0-2]|0?[1-9])(?:月(?:份)?|(?=[累营实]))")
_MONTH = re.compile(r"(1[0-2]|0?[1-9])月(?:份|底|末)?")
_SPANS = {"上半年": 6, "前三季度": 9, "前3季度": 9, "1-3季度": 9, "一季度": 3, "第一季度": 3, "1季度": 3}
_UPTO = re.compile(r"截[至止]|累计|期末|月末|月底")
_FILLERS = re.compile(
    r"截[至止]到?|累计|期末|实现|完成|情况|[末底初]$|^的|的$|^[年末底,:_\-]+|[,:_\-]+$|企业|公司|单位"
)
_LAST, _THIS = re.compile(r"上一?个?(?:会计)?年度?|去年(?:度|全年)?"), re.compile(r"本年度?|今年|当年|本期")
_RELATIVE = re.compile(r"(?=.)(?:上年度?|去年|上一年度?|本年度?|今年|当年)?(?:同期)?(?:全年|累计)?")
_OF_SOME_MONTH = re.compile(r"本期(?!.*累计)")
_SUM = "合计"
_WHOLE = re.compile(rf"全年度?|年度|{_SUM}")
_SAME = re.compile(r"同期")
_REVENUE = re.compile(r"(?:实际)?总?(?:营业收入|营收)(?:总额|总计|额|数)?")
_CODE_WORDS = frozenset(("代码", "名称", "编码"))
"""In brackets behind a place or an industry, which is read by either."""
_ANOTHER = re.compile(
    r"法定代表|法人(?!单位|企业|资格)|负责人|财务|实际控制|母公司|总公司|集团|上级|股东|投资|担保|开户|填报人|推荐"
)
_OF_SOMEBODY = frozenset(
    ("name", "credit_code", "registered_address", "operating_address", "contact_name", "contact_phone")
)
_ADDRESSES = ("registered_address", "operating_address")
_DETAIL = re.compile(r"(?:详细)?地址|详细|全称")
_DETAILED = re.compile(r"(.+?)(?:-{1,3}|[—–]{1,3}|>)(.+)")
_VERSION = re.compile(r"(?:gb/t4754[-—–]?)?(2011|2017)年?版?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """`rank`: how near to our own heading (0). `qualified`: a word in brackets makes it another thing than `key`.

    `year`, `month`: what the heading says of the period; month 0 is a whole year. `last`: it is of the year before;
    `same`: of that year as far as this year's figure runs.
    """

    key: str
    rank: int
    unit: Unit | None = None
    qualified: bool = False
    year: int | None = None
    month: int | None = None
    single: bool = False
    last: bool | None = None
    same: bool = False


def plain(text: str) -> str:
    """A heading as it is compared: NFKC, lower case, no spaces, no mark of a required column, no colon at its end."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[\s\u200b-\u200d\ufeff*]+", "", folded).translate(TRADITIONAL).replace("\\", "/")
    return _OPTIONAL.sub("", folded).strip(":")


@lru_cache(maxsize=4_096)
def meaning_of(heading: str, parent: str = "") -> Meaning | None:
    """What a heading as written means, under `parent` where the table has two rows of headings; None for nothing."""
    own, above = plain(heading), plain(parent)
    if not above:
        return _read(own)
    base, unit = split_off(above)
    found = _read(own)
    if found is None or (found.rank and _is_period(own)):
        found = _first(_joined(own, base), _joined(base, own))
    over = _read(base)
    if found is None and own and over is not None:
        return Meaning(over.key, over.rank, unit, qualified=True)
    if found is not None and found.unit is None and unit is not None:
        found = replace(found, unit=unit)
    return _under(base, over, own, found) if found is not None else None


def _under(base: str, over: Meaning | None, own: str, found: Meaning) -> Meaning:
    """What a heading means under one that makes it another's: the phone of 法定代表人, the place of 经营地址."""
    if _ANOTHER.search(base) and found.key in _OF_SOMEBODY:
        return replace(found, qualified=True)
    if over is None or over.key not in _ADDRESSES:
        return found
    if _DETAIL.fullmatch(own):
        return replace(over, rank=over.rank + 1)
    return replace(found, qualified=True) if over.key != _ADDRESSES[0] and found.key in ("division", "town") else found


def _first(*found: Meaning | None) -> Meaning | None:
    return next((one for one in found if one is not None), None)


def _joined(first: str, second: str) -> Meaning | None:
    rest, unit = split_off(first)
    other, more = split_off(second)
    found = _read(rest + other)
    if found is None or found.qualified:
        return None
    return replace(found, unit=unit or more or found.unit)


def _is_period(text: str) -> bool:
    return bool(_YEAR.match(text) or _RUN.match(text) or _WHOLE.fullmatch(text))


def _read(text: str) -> Meaning | None:
    if not text:
        return None
    if text in _table():
        return Meaning(*_table()[text])
    rest, unit = split_off(text)
    rest = _LEADING_NUMBER.sub("", rest)
    if rest in _table():
        return Meaning(*_table()[rest], unit)
    if (parts := _DETAILED.fullmatch(rest)) is not None and _DETAIL.fullmatch(parts[2]):
        return _read(parts[1])
    return _with_brackets(rest, unit)


def _with_brackets(rest: str, unit: Unit | None) -> Meaning | None:
    """What a heading without its unit means, by what stands in its brackets, by its period, by its kind."""
    bare, inside = bracketed(rest)
    bare = bare.strip(":")
    version = next((match[1] for word in inside if (match := _VERSION.fullmatch(word))), None)
    if version is not None and _key(bare) == "industry":
        return Meaning("industry", 1 + industry_rank(bare), unit, year=int(version))
    added = [word for word in inside if not _says_the_same(word, bare)]
    periods = [word for word in added if _is_period(word) or word in _SPANS or _RELATIVE.fullmatch(word)]
    qualified = len(periods) < len(added)
    if bare in _table() and not periods:
        key, rank = _table()[bare]
        return Meaning(key, rank + 1, unit, qualified and not _is_whole(rest, key, added))
    found = _periodic("".join(periods) + bare, unit)
    if found is not None:
        return Meaning(found.key, found.rank, unit, qualified=True) if qualified else found
    look = _table().get
    if (kind := of_kind(rest, look)) is not None:  # its brackets are part of it
        return Meaning(*kind, unit)
    kind = None if periods else of_kind(bare, look)
    return Meaning(*kind, unit, qualified) if kind is not None else None


def _is_whole(rest: str, key: str, added: list[str]) -> bool:
    """What stands in its brackets is part of the heading: it still says the same column when it is read on."""
    spoken = of_kind(rest, _table().get)
    return (key in CODED and not set(added) - _CODE_WORDS) or (spoken is not None and spoken[0] == key)


def _says_the_same(word: str, bare: str) -> bool:
    """What stands in brackets behind a heading adds nothing to it: how it is filled in, a unit, another name of it."""
    if _HARMLESS.fullmatch(word) or read_unit(word) is not None:
        return True
    return (key := _key(word)) is not None and key == _key(bare)


def _periodic(text: str, unit: Unit | None) -> Meaning | None:
    """A heading with a year or month in it: 2020年营业收入, 2021年1-9月营收, 2021年9月末从业人员."""
    said, rest, same = _period(text)
    if _key(rest) == "employees":
        if said is None:
            return Meaning("employees", 63) if _SUM in text else None
        rank = 62 - (said.month or 0)
        return None if same or said.last else Meaning("employees", rank, year=said.year, month=said.month)
    if said is None:
        return None
    if _key(rest) == "vat_sales":
        return replace(said, key="vat_sales", unit=unit)
    return replace(said, unit=unit) if _REVENUE.fullmatch(rest) else None


def period_of(heading: str) -> Meaning | None:
    """Of which period the figures under a heading are that is read by hand; None where it speaks of none."""
    return _period(split_off(plain(heading))[0])[0]


def _period(text: str) -> tuple[Meaning | None, str, bool]:
    """The period that a plain heading speaks of, as a cumulative figure; what else it says; whether 同期 is in it."""
    years = _YEAR.findall(text)
    rest = _YEAR.sub("", text, count=1)
    run, single = _RUN.search(rest), None
    month: int | None = None
    if run:
        month, rest = int(run[1]), _RUN.sub("", rest, count=1)
    elif (single := _MONTH.search(rest)) is not None:
        month, rest = int(single[1]), _MONTH.sub("", rest, count=1)
    else:
        for word, number in _SPANS.items():
            if word in rest:
                month, rest = number, rest.replace(word, "")
                break
    upto = bool(_UPTO.search(text)) or (run is not None) or month == 1
    whole, same = bool(_WHOLE.search(rest)), bool(_SAME.search(rest))
    last = True if _LAST.search(rest) else False if _THIS.search(rest) else None
    for pattern in (_LAST, _THIS, _WHOLE, _SAME, _FILLERS):
        rest = pattern.sub("", rest)
    if len(years) > 1 or _OF_SOME_MONTH.search(text) or not (years or month or last is not None or same):
        return None, rest, same
    year = int(years[0]) if years else None
    alone = single is not None and not upto
    of_month = 0 if whole and month is None else month
    last = True if same else last
    return Meaning("revenue_to_date", 40, None, False, year, of_month, alone, last, same), rest, same


def _key(text: str) -> str | None:
    """The column of a plain heading without anything around it."""
    return _table()[text][0] if text in _table() else key_of_phrase(text)


@cache
def _table() -> dict[str, tuple[str, int]]:
    return {
        plain(heading): (column.key, rank + (industry_rank(heading) if column.key == "industry" else 0))
        for column in COLUMNS
        for rank, heading in enumerate((column.heading, *column.aliases))
    }
