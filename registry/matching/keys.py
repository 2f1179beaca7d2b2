"""What a database stores of a name so that it can be asked for by equality."""

from __future__ import annotations

import re
from typing import NamedTuple

from registry.matching.initials import initials_key
from registry.matching.lexicons import NUMERALS, ORDINAL_MARK, TRADE_ENDING
from registry.matching.normalise import name_key
from registry.matching.parse import Parts, parse
from registry.matching.sound import sound_key

LONGEST_PARTS = 240  # characters a database stores; a place's code is longer than the place


class Keys(NamedTuple):
    """Texts of one name, from strict to loose; '' means that the name has no such key and equals nothing by it.

    `name_key`: equal as written (rule 3.1). `parts_key`: equal parts in any order, places by their codes (3.2).
    `core_key`: equal trade name and industry, whatever place and legal form (3.3); a branch keeps its tail, so that it
    never equals its parent. `sound_key`: the name key as it sounds, as long as that (`sound.sound_key`).
    Rules: 企业名称相同相近比对规则, 工商企注字〔2017〕133号.
    """

    name_key: str
    parts_key: str
    core_key: str
    sound_key: str
    initials_key: str


def keys(name: str) -> Keys:
    """The keys of a current or former name. Raises NameTooLong."""
    parts, key = parse(name), name_key(name)
    return Keys(key, parts_key(parts), core_key(parts), sound_key(key), initials_key(key, parts))


def parts_key(parts: Parts) -> str:
    tokens = [*(division.token for division in parts.divisions), parts.own_text, *parts.legal_forms]
    if len(tokens) == len(parts.legal_forms) + 1 and not parts.own_text:
        return ""
    key = "|".join(sorted(filter(None, tokens)) + ([parts.branch_tail] if parts.is_branch else []))
    return key if len(key) <= LONGEST_PARTS else ""


def core_key(parts: Parts) -> str:
    """'' without a distinctive trade name: '陆丰市第二建筑工程公司' has nothing by which to know it elsewhere."""
    if not parts.trade_name or _ORDINAL.fullmatch(parts.trade_name):
        return ""
    text = parts.own_text
    if parts.industry_words and len(text) > 3:
        text = text.removesuffix(TRADE_ENDING)
    return f"{text}|{parts.branch_tail}" if parts.is_branch else text


_ORDINAL = re.compile(f"{ORDINAL_MARK}?[{NUMERALS}]+")
