"""Possible duplicates as a page shows them: what is alike in a sentence, the name by its parts, and where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.domain.errors import RegistryError
from registry.domain.vocabulary import Stage
from registry.matching.judgement import Band
from registry.matching.normalise import fold
from registry.matching.parse import MARK, parse
from registry.models import Firm
from registry.queries.duplicates import Elsewhere, Match, Seen

OUT_OF_USE = frozenset({Stage.REMOVED, Stage.DELISTED, Stage.MERGED, Stage.REJECTED, Stage.WITHDRAWN})


@dataclass(frozen=True)
class Part:
    """A stretch of a name; `kind` as in `matching.parse`, `differs` from the same part of the other name.

    `reads_alike`: the two differ in script, width or marks only (雲谷, 云谷).
    """

    text: str
    kind: str
    differs: bool
    reads_alike: bool = False


@dataclass(frozen=True)
class Shown:
    """One firm in reach; `tone` says how grave the likeness is."""

    firm: Firm
    match: Match
    sentence: str
    tone: str
    parts: tuple[Part, ...]
    out_of_use: bool


@dataclass(frozen=True)
class Shortlist:
    """What a person is shown of the check: `asked` is the name by its parts, as it was given."""

    matches: tuple[Shown, ...]
    elsewhere: Elsewhere | None
    asked: tuple[Part, ...]

    def __bool__(self) -> bool:
        return bool(self.matches or self.elsewhere)


def shortlist(name: str, seen: Seen) -> Shortlist:
    return Shortlist(tuple(_shown(name, match) for match in seen.matches), seen.elsewhere, tuple(_parts(name, "")))


def _shown(name: str, match: Match) -> Shown:
    judgement = match.judgement
    return Shown(
        firm=match.firm,
        match=match,
        sentence=_(judgement.template) % judgement.values if judgement.values else _(judgement.template),
        tone=_tone(match),
        parts=tuple(_parts(match.firm.name, name)),
        out_of_use=match.firm.stage in OUT_OF_USE,
    )


def _tone(match: Match) -> str:
    if match.is_link:
        return "info"
    if match.judgement.band is Band.SAME:
        return "bad"
    return "warn" if match.is_notable else "plain"


def _parts(name: str, other: str) -> Iterator[Part]:
    """`name` cut by kind; without another name to compare with nothing differs."""
    others = defaultdict(set)
    for kind, text in _segments(other):
        others[kind].add(text)
    for kind, text in _segments(name):
        if kind != MARK:
            alike = fold(text) in {fold(one) for one in others[kind]}
            yield Part(text, kind, bool(other) and text not in others[kind], alike)


def _segments(name: str) -> tuple[tuple[str, str], ...]:
    try:
        return parse(name).segments if name else ()
    except RegistryError:  # too long to be taken apart: it is shown whole elsewhere
        return ()
