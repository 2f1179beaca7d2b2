"""The parts of a name: division, trade name (字号), industry words, legal form, and a branch's tail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, groupby, islice
from typing import NamedTuple

from registry.matching import places
from registry.matching.lexicon import branch_tails, industry_words, legal_forms
from registry.matching.lexicons import CLOSING, NUMERALS, OPENING, ORDINAL_MARK
from registry.matching.normalise import fold, surface
from registry.matching.places import Division

Segment = tuple[str, str]  # kind (one of the six below), text

DIVISION, TRADE_NAME, INDUSTRY = "division", "trade_name", "industry"
LEGAL_FORM, BRANCH_TAIL, MARK = "legal_form", "branch_tail", "mark"


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart; texts are folded (`normalise.fold`), '' or () where the name has no such part.

    `divisions` holds the most exact link of each chain ('广东省汕尾市' is 汕尾市); `legal_form_class` is a class of
    `lexicons/legal_forms.csv`; `branch_tail` is what follows the legal person's own name ('汕尾分公司'), and
    `parent_key` that person's `name_key`, '' where the name does not give it in full; `numerals` in reading order.
    """

    divisions: tuple[Division, ...]
    trade_name: str
    industry_words: tuple[str, ...]
    legal_forms: tuple[str, ...]
    legal_form_class: str
    branch_tail: str
    parent_key: str
    numerals: tuple[str, ...]
    shown: str
    kinds: tuple[str, ...]  # of each folded character

    @property
    def division(self) -> str:
        return "".join(division.text for division in self.divisions)

    @property
    def legal_form(self) -> str:
        return "".join(self.legal_forms)

    @property
    def own_text(self) -> str:
        """Trade name and industry words: what is left without place, form and branch."""
        return self.trade_name + "".join(self.industry_words)

    @property
    def is_branch(self) -> bool:
        return self.branch_tail != ""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The name as shown, cut by kind, in its own script and order: the joined texts give `normalise.surface`."""
        return tuple(_segments(self.shown, self.kinds))


@lru_cache(maxsize=4_096)
def parse(name: str) -> Parts:
    """Take `name` apart. Never fails on odd names: what fits no part is trade name. Raises NameTooLong."""
    shown = surface(name)
    runs = _runs(shown)
    body = "".join(run.text for run in runs if not run.kind)
    own_end, has_parent = _split_branch(body)
    forms, form_start = _legal_forms(body, own_end)
    first, start = places.leading(body[:form_start])
    late, own_text_end = None, form_start
    if first is None and not any(run.division for run in runs):
        late, own_text_end = places.trailing(body, start + _SHORTEST_TRADE_NAME, form_start)
    trade_name, words = _split_industry(body[start:own_text_end], placed=first is not None)
    return Parts(
        divisions=tuple(found for found in (first, late, *(run.division for run in runs)) if found),
        trade_name=trade_name,
        industry_words=words,
        legal_forms=(*forms, *(run.text for run in runs if run.kind == LEGAL_FORM)),
        legal_form_class=_form_class(forms),
        branch_tail=body[own_end:],
        parent_key="".join(run.text for run in runs).removesuffix(body[own_end:]) if has_parent else "",
        numerals=tuple(_NUMERAL.findall(body)),
        shown=shown,
        kinds=_kinds(runs, _cut(start, len(trade_name), own_text_end, form_start, own_end, len(body))),
    )


class _Run(NamedTuple):
    """A stretch of the name inside or outside of brackets; `kind` is set where the brackets hold one whole part."""

    text: str
    kind: str
    division: Division | None


_BRACKETS = re.compile(f"[{OPENING}{CLOSING}]")


def _runs(shown: str) -> list[_Run]:
    pieces = _BRACKETS.split(shown)
    return [_run(fold(piece), bracketed=number % 2 == 1) for number, piece in enumerate(pieces)]


def _run(text: str, *, bracketed: bool) -> _Run:
    division = places.whole(text) if bracketed else None
    form = legal_forms().get(text) if bracketed and division is None else None
    is_form = form is not None and form.kind in _INNER_FORMS
    return _Run(text, DIVISION if division else LEGAL_FORM if is_form else "", division)


def _split_branch(body: str) -> tuple[int, bool]:
    """Where the branch's tail begins (the end where there is none), and whether a whole name stands before it."""
    for found in _parent_end().finditer(body):
        rest = body[found.end() :]
        if rest and rest not in legal_forms() and _tail_word(rest):
            return found.end(), True
    outer = _OUTER_BRANCH.search(body, _SHORTEST_PARENT)
    if outer and _tail_word(body[outer.end() :]):
        end = outer.start()
    else:
        end = len(body) - len(word := _tail_word(body))
        if not branch_tails().get(word) or end < _SHORTEST_PARENT:
            return len(body), False
    _, start = places.trailing(body, _SHORTEST_PARENT, end)
    ordinal = _ORDINAL.search(body, 0, start)
    return (ordinal.start() if ordinal and ordinal.start() >= _SHORTEST_PARENT else start), False


_SHORTEST_PARENT = 4
_OUTER_BRANCH = re.compile("分行|支行|分公司|支公司")  # a branch may have units: 长沙分行 + 营业部
_NUMERAL = re.compile(f"[{NUMERALS}]+")
_ORDINAL = re.compile(f"{ORDINAL_MARK}?[{NUMERALS}]+$")


@cache
def _parent_end() -> re.Pattern[str]:
    ends = sorted((text for text, form in legal_forms().items() if form.ends_parent), key=len, reverse=True)
    return re.compile("|".join(ends))


def _tail_word(text: str) -> str:
    """The longest ending of `text` that a branch's name can have, or ''."""
    if text[-1:] not in _tail_endings():
        return ""
    return next((text[at:] for at in range(max(0, len(text) - 6), len(text)) if text[at:] in branch_tails()), "")


@cache
def _tail_endings() -> frozenset[str]:
    return frozenset(tail[-1] for tail in branch_tails())


def _legal_forms(text: str, end: int) -> tuple[tuple[str, ...], int]:
    """The legal forms that close `text[:end]`, outermost last ('集团', '有限公司'), and where they begin."""
    found: tuple[str, ...] = ()
    while form := _closing_form(text, end, inner=bool(found)):
        found = (form, *found)
        end -= len(form)
    return found, end


def _closing_form(text: str, end: int, *, inner: bool) -> str:
    known = legal_forms()
    if text[end - 1 : end] not in _form_endings():
        return ""
    for at in range(max(0, end - _LONGEST_FORM), end):
        form = known.get(text[at:end])
        if form is None or (inner and form.kind not in _INNER_FORMS):
            continue
        alone = end - at == 1  # a single character: '厂' closes '机械厂', but '店' is part of '酒店'
        if not alone or (at >= _SHORTEST_TRADE_NAME and text[at - 1 : end] not in industry_words()):
            return text[at:end]
    return ""


@cache
def _form_endings() -> frozenset[str]:
    return frozenset(form[-1] for form in legal_forms())


_INNER_FORMS = frozenset({"group", "partnership", "sole_owner", "qualifier", "firm_office"})
_LONGEST_FORM = 10
_SHORTEST_TRADE_NAME = 2


def _form_class(forms: tuple[str, ...]) -> str:
    return legal_forms()[forms[-1]].kind if forms else ""


def _split_industry(text: str, *, placed: bool) -> tuple[str, tuple[str, ...]]:
    """Trade name and industry words of what stands between place and form.

    Words are taken from the end while at least two characters stay before them; only a name with a division may
    consist of industry words alone ('陆丰市' + '建筑工程').
    """
    end, words = len(text), []
    while word := _closing_word(text[:end], may_empty=placed):
        words.append(word)
        end -= len(word)
    return text[:end], tuple(reversed(words))


def _closing_word(text: str, *, may_empty: bool) -> str:
    known = industry_words()
    if text[-2:] not in _word_endings():
        return ""
    for at in range(max(0, len(text) - _LONGEST_WORD), len(text) - 1):
        if (at >= _SHORTEST_TRADE_NAME or (at == 0 and may_empty)) and text[at:] in known:
            return text[at:]
    return ""


_LONGEST_WORD = 6


@cache
def _word_endings() -> frozenset[str]:
    return frozenset(word[-2:] for word in industry_words())


def _cut(start: int, trade: int, own_text_end: int, form_start: int, own_end: int, end: int) -> list[str]:
    """The kind of each character of the running text."""
    return (
        [DIVISION] * start
        + [TRADE_NAME] * trade
        + [INDUSTRY] * (own_text_end - start - trade)
        + [DIVISION] * (form_start - own_text_end)
        + [LEGAL_FORM] * (own_end - form_start)
        + [BRANCH_TAIL] * (end - own_end)
    )


def _kinds(runs: list[_Run], cut: list[str]) -> tuple[str, ...]:
    """The kind of each folded character of the whole name, brackets' contents in their places."""
    if len(runs) == 1 and not runs[0].kind:
        return tuple(cut)
    rest = iter(cut)
    of_runs = ([run.kind] * len(run.text) if run.kind else islice(rest, len(run.text)) for run in runs)
    return tuple(chain.from_iterable(of_runs))


def _segments(shown: str, kinds: tuple[str, ...]) -> Iterator[Segment]:
    folded = [len(fold(character)) for character in shown]
    if sum(folded) != len(kinds):  # characters that only compose together: show the name whole
        yield TRADE_NAME, shown
        return
    ahead = iter(kinds)
    labelled = [([*islice(ahead, count)] or [MARK])[0] for count in folded]
    for kind, group in groupby(zip(labelled, shown, strict=True), key=lambda pair: pair[0]):
        yield kind, "".join(character for _, character in group)
