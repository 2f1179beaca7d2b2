"""The directory takes no figure of the statistical direct-reporting system: the words that name it, and the law."""

from __future__ import annotations

import re
import unicodedata

from registry.base.labels import N_

SOURCE = "direct_reporting"
SOURCE_LABEL = N_("统计联网直报")
"""Offered as a source only to be refused with the reason: it is never recorded."""

# How the system and its forms are named on papers and in headings; compared without spaces, dashes and case.
# Forms 101-1 are not among them: a filing itself asks for that paper (M02).
WORDS = (
    N_("联网直报"), N_("直报平台"), N_("直报系统"), N_("统计直报"), N_("一套表"), "F203", "F103",
    N_("103-1表"), N_("203-1表"), N_("规模以上服务业财务状况"),
)  # fmt: skip
# The papers of a filing are forms of the statistics bureau by nature; they carry no monthly figures.
FILING_PAPERS = frozenset({"M01", "M02", "M03", "M09", "M10", "M14"})

_WARNING = frozenset(chr(code) for code in (0x4E0D, 0x52FF, 0x975E, 0x7981))  # no, do not, non-, forbidden
_REACH = 6

REFUSED = N_(
    "不接收统计联网直报数据（%(word)s）：《统计法》规定，能够识别单个统计调查对象的资料应当保密，"
    "不得用于统计以外的目的（2009年修订版第九条、第二十五条，条号待核）。"
    "请改用企业提供的利润表、增值税纳税申报表等凭证"
)


def named_in(text: str) -> str | None:
    """The word by which `text` names the direct-reporting system, as it is listed; None where it names none."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return next((word for word, pattern in _PATTERNS.items() if _names(folded, pattern)), None)


def _names(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether the word stands in `text` other than to be warned against, as in 不填联网直报数据."""
    return any(not warned_against(text[: match.start()]) for match in pattern.finditer(text))


def warned_against(before: str) -> bool:
    """Whether what stands before a word says that it is not meant, or must not be."""
    return bool(set(_bare(before)[-_REACH:]) & _WARNING)


def refused_paper(filename: str, material: str) -> str | None:
    """As `named_in`, of a paper filed as `material`."""
    return None if material in FILING_PAPERS else named_in(filename)


def _bare(text: str) -> str:
    return re.sub(_BETWEEN, "", text)


def _pattern(word: str) -> re.Pattern[str]:
    """The word with whatever may stand between its characters.

    A form's number has nothing but a year's digits before it and no letter or digit after it: the same characters
    come up by chance inside credit codes, and inside the tokens of our own workbooks.
    """
    letters = rf"{_BETWEEN}*".join(re.escape(letter) for letter in _bare(word.casefold()))
    return re.compile(rf"(?<![0-9a-z])[0-9]*{letters}(?![0-9a-z])" if word.isascii() else letters)


_BETWEEN = r"[\s\-_—–·.、《》()（）【】\[\]“”\"']"
_PATTERNS = {word: _pattern(word) for word in WORDS}
