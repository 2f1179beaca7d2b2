"""Forms of the statistical reporting system: by which words on their head they are known, and why none is filled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from registry.base import independence
from registry.base.labels import N_

REFUSED = N_(
    "这是统计报表制度的表（写有“%(word)s”），不能回填：统计调查表由统计调查对象独立填报、统计机构布置，"
    "名录库是培育参考，不作统计上报依据，也不替企业和统计机构填数。"
)
# On the head of such a form stand its number, who laid it down and by which letter: 表号：F203表, 制定机关：国家统计局,
# 文号：国统字〔2019〕101号 (docs/decisions/0047-upper-forms.md names where this was seen). Compared without spaces.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"统计报表制度|统计调查制度|统计调查项目|普查.{0,6}表",
        r"(?:制定|批准|制表|布置|备案)机关(?:名称)?[:：]?.{0,12}统计(?:局|厅|机构|调查队)",
        r"(?:批准|备案|制定)?文号[:：]?.{0,10}[国省市]?统[字制函办]",
        r"国统[字制函办]",
        # with a label any number, without one those that the system itself bears
        r"表号[:：]?[A-Za-z]{0,4}\d{2,3}(?:-\d{1,2})?表?(?![0-9A-Za-z])",
        r"(?<![0-9A-Za-z])(?:[A-Za-z]{1,4}\d{3}(?:-\d{1,2})?|[1-6]\d{2}-\d{1,2})表",
    )
)
_SPACES = re.compile(r"[\s\u3000_—–]+")


def named_in(texts: Iterable[str]) -> str | None:
    """The words by which the head of a form shows it to be of the system, as they stand there; None for another form.

    `texts`: title, lines above the table, headings, names of sheets and of the file, foot; never rows of firms.
    """
    for text in texts:
        folded = unicodedata.normalize("NFKC", text)
        bare = _SPACES.sub("", folded)
        for pattern in _PATTERNS:
            found = pattern.search(bare)
            if found is not None and not independence.warned_against(bare[: found.start()]):
                return found[0][:40]
        if word := independence.named_in(text):
            return word
    return None
