"""Possible duplicates as a page shows them: what is alike in a sentence, the name by its parts, and where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock
from registry.base.vocabulary import Stage
from registry.duplicates.models import PairVerdict
from registry.duplicates.queries import duplicates, verdicts
from registry.duplicates.queries.duplicates import Elsewhere, Match, Seen
from registry.duplicates.rules import TOLD
from registry.duplicates.services import judging
from registry.firms.models.firms import Firm
from registry.matching.judgement import Band
from registry.matching.normalise import fold
from registry.matching.parse import MARK, parse
from registry.site.access import actor

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
    """One firm in reach; `tone` says how grave the likeness is.

    `apart_since`: the day since which it stands that this is another firm than the one that asks; `apart_told`: who
    said so at a form, where nobody has judged it.
    """

    firm: Firm
    match: Match
    sentence: str
    tone: str
    parts: tuple[Part, ...]
    out_of_use: bool
    apart_since: date | None = None
    apart_told: str = ""


@dataclass(frozen=True)
class Shortlist:
    """What a person is shown of the check: `asked` is the name by its parts, as it was given."""

    matches: tuple[Shown, ...]
    elsewhere: Elsewhere | None
    asked: tuple[Part, ...]

    def __bool__(self) -> bool:
        return bool(self.matches or self.elsewhere)


def shortlist(name: str, seen: Seen, firm: Firm | None = None) -> Shortlist:
    """`firm` asks for itself as it stands: what is known to be another firm comes last, and says so."""
    apart = verdicts.apart_from(firm) if firm and seen.matches else {}
    shown = [_shown(name, match, apart.get(match.firm.id)) for match in seen.matches]
    shown.sort(key=lambda one: one.apart_since is not None)
    return Shortlist(tuple(shown), seen.elsewhere, tuple(parts(name, "")))


def is_judged(form: Any, seen: Seen) -> bool:
    """Whether the tick at `checked` is about these very firms; one that came up since is shown, and asked about."""
    alike = [str(match.firm.id) for match in seen.matches if match.needs_decision]
    mark = ",".join([*sorted(alike), *([seen.elsewhere.office] if seen.elsewhere else [])])
    if form.looked.data and form.looked.data != mark:
        form.checked.data = False
    form.looked.data = mark
    return bool(form.checked.data)


def set_apart(firm: Firm, reason: str) -> None:
    """Somebody ticked that none of the firms shown is this one: it stands, and nobody is asked again."""
    seen = duplicates.visible(actor(), duplicates.of_firm(firm))
    others = [match.firm for match in seen.matches if match.needs_decision]
    judging.set_apart(actor(), firm, others, at=clock.now(), reason=reason)


def _shown(name: str, match: Match, apart: PairVerdict | None) -> Shown:
    judgement = match.judgement
    return Shown(
        firm=match.firm,
        match=match,
        sentence=judgement.sentence(_),
        tone="plain" if apart else _tone(match),
        parts=tuple(parts(match.firm.name, name)),
        out_of_use=match.firm.stage in OUT_OF_USE,
        apart_since=apart.at.date() if apart else None,
        apart_told=_who(apart) if apart and apart.source == TOLD else "",
    )


def _who(said: PairVerdict) -> str:
    return " ".join(filter(None, (said.office.short_name if said.office else "", said.by_name)))


def _tone(match: Match) -> str:
    if match.is_link:
        return "info"
    if match.judgement.band is Band.SAME:
        return "bad"
    return "warn" if match.is_notable else "plain"


def parts(name: str, other: str) -> Iterator[Part]:
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
