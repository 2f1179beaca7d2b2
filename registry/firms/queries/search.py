"""Firms by what somebody types of a name or a code."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

from sqlalchemy import ColumnElement, select, union_all

from registry.base import credit_code
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries import merged
from registry.matching import initials
from registry.matching.normalise import fold
from registry.names.queries import grams
from registry.names.queries.grams import Searched


def containing(text: str) -> ColumnElement[bool]:
    """Firms whose name, former name or code contains `text`, in whatever script, width or case it is typed; of three
    letters and more, those too whose name has them as its initials in pinyin.

    Exactly what a scan would find, answered by the index of names. A name is looked through as it was typed too: its
    key leaves remarks and lead numbers out.
    """
    folded = fold(text)
    wanted = [Searched("typed", text)]
    former: Any = []
    if folded:
        wanted.append(Searched("name", folded))
        names = grams.holding("former_name", [Searched("name", folded)])
        former = [select(FormerName.firm_id).where(FormerName.id.in_(names))]
    code = "".join(normalize("NFKC", text).upper().split())  # not folded: a name's key has no nought
    if code.isascii() and code.isalnum():
        wanted.append(Searched("code", code))
        if len(code) == credit_code.LENGTH:  # the code of an entry that was merged leads to the firm it became
            former.append(merged.led_to(Firm.credit_code == code))
    if letters := initials.spelt(text):
        wanted.append(Searched("initials", letters))
    return Firm.id.in_(union_all(grams.holding("firm", wanted), *former))
