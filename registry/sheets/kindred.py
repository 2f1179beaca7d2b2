"""Headings that no list names, but their kind does: put together from its words, or with words around a listed one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from registry.sheets.phrases import key_of_phrase, unbracketed

Lookup = Callable[[str], tuple[str, int] | None]
"""Key and rank of a heading that is listed."""

_FAR = 100
"""How much plainer a listed heading is than one that is only of its kind."""
_BEFORE = re.compile(
    r"^(?:本|该)?(?:企业|单位|公司|主体)(?:的)?|^(?:日常|主要|详细|工商|营业执照|执照)(?:的)?(?!名称$)"
)
_PLACED = re.compile(r"^(?:所在|所处|注册|登记|隶属|属)")
_SAME_WORDS = (("年月日", "日期"), ("姓名", ""), ("数量", "数"))
_COUNTY = re.compile(r"(?:县级市|自治县|功能区|开发区|管委会|县|市|区|旗)")
_TOWN = re.compile(r"(?:街道办事处|街道办|街办|街道|乡镇|镇街|乡|镇|苏木|街)")
_HOME = re.compile(r"^(?:所属|所在|注册地?|登记地?|住所地?|属地)-?")
_JOINT = re.compile(r"[、/,()或和及]+")
_LEVEL = {"小类": 0, "中类": 2, "大类": 3, "门类": 4}
_KINDS = ("accounting", "taxpayer_kind", "legal_form", "unit_kind", "door")
"""Columns whose words are kinds of something, so that one more word for kind adds nothing."""
CODED = ("division", "industry")
"""What is read by its code as by its name."""
_PLACES = (*CODED, "town")
_SUFFIX = re.compile(r"(?:代码|编码|名称)$")


def of_kind(text: str, look: Lookup) -> tuple[str, int] | None:
    """Key and rank of a plain heading without its unit, brackets kept; None where it is of no kind that is known."""
    text = text.strip("_-:,.")
    return _level(text) or _phrase(text) or _reworded(text, look) or _listed(text, look)


def _phrase(text: str) -> tuple[str, int] | None:
    key = key_of_phrase(text) or key_of_phrase(unbracketed(text))
    return (key, _FAR + (industry_rank(text) if key == "industry" else 0)) if key else None


def _level(text: str) -> tuple[str, int] | None:
    """Levels of places side by side: two or more words for a county's level, or for a town's, and nothing else."""
    bare = _HOME.sub("", _SUFFIX.sub("", text))
    for key, words, telling in (("division", _COUNTY, re.compile("[县旗]")), ("town", _TOWN, re.compile("乡|镇|街"))):
        found = words.findall(bare)
        if len(found) > 1 and telling.search(bare) and not _JOINT.sub("", words.sub("", bare)):
            return key, _FAR
    return None


def industry_rank(text: str) -> int:
    """How far a level of the classification is from the classes that are stored; a code is nearer than a name."""
    level = next((rank for word, rank in _LEVEL.items() if word in text), 1)
    return 10 * level + (0 if "代码" in text else 1)


def _reworded(text: str, look: Lookup) -> tuple[str, int] | None:
    """A listed heading with a word before or after it that adds nothing, or with another word for the same."""
    for other, keys in _rewordings(text):
        found = look(other) if other and other != text else None
        if found is not None and (not keys or found[0] in keys):
            return found[0], found[1] + _FAR
    return None


def _rewordings(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the heading may stand for, and for which columns alone that holds."""
    yield from ((text.removesuffix(word), _KINDS) for word in ("类型", "类别"))
    for _ in range(3):
        text = _BEFORE.sub("", text)
        yield text, ()
    yield from ((text.replace(old, new), ()) for old, new in _SAME_WORDS)
    placed = _PLACED.sub("", text)
    yield from ((other, _PLACES) for other in (f"所属{placed}", placed, _SUFFIX.sub("", placed), _SUFFIX.sub("", text)))


def _listed(text: str, look: Lookup) -> tuple[str, int] | None:
    """Several names of one column side by side."""
    parts = [part for part in re.split(r"[、/及和与或]", text) if part]
    found = [look(part) for part in parts]
    keys = {one[0] if one else None for one in found}
    if len(parts) < 2 or len(keys) != 1 or None in keys:
        return None
    return next(one for one in found if one)[0], _FAR
