"""Headings that no list names, but their kind does: words around a listed one, levels of places and of industry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Lookup = Callable[[str], tuple[str, int] | None]
"""Key and rank of a heading that is listed."""

_FAR = 100
"""How much plainer a listed heading is than one that is only of its kind."""
_BEFORE = re.compile(r"^(?:本|该)?(?:企业|单位|公司|主体)(?:的)?|^(?:日常|主要|详细|工商|营业执照|执照)(?:的)?")
_SUBJECT = re.compile(r"^(?:企业|单位|公司|机构)")
_PLACED = re.compile(r"^(?:所在|所处|注册|登记|隶属|属)")
_SAME_WORDS = (("类别", "类型"), ("类型", "类别"), ("年月日", "日期"), ("姓名", ""), ("数量", "数"))
_COUNTY = re.compile(r"(?:县级市|自治县|功能区|开发区|管委会|县|市|区|旗)")
_TOWN = re.compile(r"(?:街道办事处|街道办|街办|街道|乡镇|镇街|乡|镇|苏木|街)")
_HOME = re.compile(r"^(?:所属|所在|注册地?|登记地?|住所地?|属地)-?")
_JOINT = re.compile(r"[、/,()或和及]+")
_LEVEL = {"小类": 0, "中类": 2, "大类": 3, "门类": 4}
_INDUSTRY = re.compile(
    r"(?:企业|单位)?(?:所属|所在|主要|主营|主|从事)?的?(?:国标|国民经济)?(?P<industry>行业)?(?:分类|类)?(?P<level>门类|大类|中类|小类|类别|类型|分类)?"
    r"(?:代码|名称|编码)?(?:[及和、/]?(?:代码|名称))?"
)
_PHONE = re.compile(
    r"(?:日常|主要)?(?:联系人|联络人|联系人员|经办人|对接人)?的?(?:联系|联络|办公|固定|移动)?"
    r"(?:电话|手机|手机号|座机|号码)(?:号码?)?(?:[、/或及和](?:电话|手机|座机)(?:号码?)?)*"
)
_ACTIVITY = re.compile(
    r"(?:企业|公司)?(?:主营|主要|经营)(?:产品|业务|服务)(?:[及和与或、/()]|主营|主要|经营|产品|业务|服务|活动|名称|描述|内容)*"
)
_SUBJECTS = ("企业", "单位", "公司")
_KINDS = ("accounting", "taxpayer_kind", "legal_form", "unit_kind", "door")
"""Columns whose words are kinds of something, so that one more word for kind adds nothing."""
CODED = ("division", "industry")
"""What is read by its code as by its name."""
_PLACES = (*CODED, "town")
_SUFFIX = re.compile(r"(?:代码|编码|名称)$")


def of_kind(text: str, look: Lookup) -> tuple[str, int] | None:
    """Key and rank of a plain heading without its unit, brackets kept; None where it is of no kind that is known."""
    text = text.strip("_-:,.")
    if _ACTIVITY.fullmatch(text):
        return "activity", _FAR
    return _level(text) or _industry(text) or _phone(text) or _reworded(text, look) or _listed(text, look)


def _level(text: str) -> tuple[str, int] | None:
    """Levels of places side by side: two or more words for a county's level, or for a town's, and nothing else."""
    bare = _HOME.sub("", _SUFFIX.sub("", text))
    for key, words, telling in (("division", _COUNTY, re.compile("[县旗]")), ("town", _TOWN, re.compile("乡|镇|街"))):
        found = words.findall(bare)
        if len(found) > 1 and telling.search(bare) and not _JOINT.sub("", words.sub("", bare)):
            return key, _FAR
    return None


def _industry(text: str) -> tuple[str, int] | None:
    match = _INDUSTRY.fullmatch(text.replace("(代码)", "代码").replace("(名称)", "名称"))
    if match is None or not (match["industry"] or (match["level"] in _LEVEL and "国民经济" in text)):
        return None
    return "industry", _FAR + industry_rank(text)


def industry_rank(text: str) -> int:
    """How far a level of the classification is from the classes that are stored; a code is nearer than a name."""
    level = next((rank for word, rank in _LEVEL.items() if word in text), 1)
    return 10 * level + (0 if "代码" in text else 1)


def _phone(text: str) -> tuple[str, int] | None:
    match = _PHONE.fullmatch(text)
    return ("contact_phone", _FAR) if match and text not in ("号码",) else None


def _reworded(text: str, look: Lookup) -> tuple[str, int] | None:
    """A listed heading with a word before or after it that adds nothing, or with another word for the same."""
    for other, keys in _rewordings(text):
        found = look(other) if other and other != text else None
        if found is not None and (not keys or found[0] in keys):
            return found[0], found[1] + _FAR
    return None


def _rewordings(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the heading may stand for, and for which columns alone that holds."""
    if (subject := _SUBJECT.match(text)) is not None:
        yield from ((word + text[subject.end() :], ()) for word in _SUBJECTS)
    yield from ((text.removesuffix(word), _KINDS) for word in ("类型", "类别"))
    for _ in range(3):
        text = _BEFORE.sub("", text)
        yield text, ()
    yield from ((text.replace(old, new), ()) for old, new in _SAME_WORDS)
    placed = _PLACED.sub("", text)
    yield from ((other, _PLACES) for other in (f"所属{placed}", placed, _SUFFIX.sub("", placed), _SUFFIX.sub("", text)))


def _listed(text: str, look: Lookup) -> tuple[str, int] | None:
    """Several names of one column side by side."""
    parts = [part for part in re.split(r"[、/]", text) if part]
    found = [look(part) for part in parts]
    keys = {one[0] if one else None for one in found}
    if len(parts) < 2 or len(keys) != 1 or None in keys:
        return None
    return next(one for one in found if one)[0], _FAR
