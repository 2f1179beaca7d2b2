"""A suspected pair as its page shows it: both records with what differs, the evidence as bars, what people said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from registry.base import contacts
from registry.base.vocabulary import PAIRING_STATE_LABELS, RULING_LABELS
from registry.duplicates.models import Pairing, PairVerdict
from registry.duplicates.queries import certificates
from registry.duplicates.queries.pairs import PairPlace
from registry.duplicates.rules import TOLD
from registry.duplicates.views.matches import OUT_OF_USE, Part, parts
from registry.firms.models.firms import Firm
from registry.firms.views import values
from registry.matching import sentences
from registry.matching.judgement import Evidence
from registry.matching.normalise import LONGEST_NAME, fold
from registry.site.display import day, wan
from registry.site.timeline import Happening

FIELDS = (
    "credit_code", "registered_address", "operating_address", "industry", "legal_form", "unit_kind", "founded_on",
)  # fmt: skip
ALWAYS = frozenset({"credit_code", "registered_address", "industry"})
"""Shown though neither record has it: that it is missing is part of the picture."""
CUT = frozenset({"registered_address", "operating_address", "former_names"})
"""Texts in which the differing characters are marked; of a code or a name of a person the whole."""
TONES = {"same": "ok", "review": "warn", "different": "info"}
RULING_TONES = {"same": "ok", "different": "plain", "unsure": "warn"}


# -- both records -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Run:
    """Characters of a name; `differs` from the other name, or only in their writing (`script`)."""

    text: str
    differs: bool | str = False


@dataclass(frozen=True)
class Piece:
    """A part of the name with what differs inside it."""

    part: Part
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class PairFact:
    """A field of both records, cut where they differ; `differs` as in `Run`, false where one of them is empty."""

    label: str
    runs: tuple[tuple[Run, ...], tuple[Run, ...]]
    differs: bool | str


@dataclass(frozen=True)
class PairSide:
    firm: Firm
    pieces: tuple[Piece, ...]
    out_of_use: bool


def sides(pairing: Pairing) -> tuple[PairSide, PairSide]:
    first, second = pairing.first, pairing.second
    return _side(first, second), _side(second, first)


def _side(firm: Firm, other: Firm) -> PairSide:
    counterparts: dict[str, str] = {}
    for part in parts(other.name, firm.name):
        counterparts[part.kind] = counterparts.get(part.kind, "") + part.text
    pieces = [Piece(part, _runs(part, counterparts.get(part.kind, ""))) for part in parts(firm.name, other.name)]
    return PairSide(firm, tuple(pieces), firm.stage in OUT_OF_USE)


def _runs(part: Part, other: str) -> tuple[Run, ...]:
    if not part.differs:
        return (Run(part.text),)
    return tuple(_cut(part.text, other))


def _cut(text: str, other: str) -> Iterator[Run]:
    """`text` in runs that `other` has too, has in another writing, or has not."""
    for kind, start, end, from_, to in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
        run = text[start:end]
        if run:
            alike = kind != "equal" and fold(run) == fold(other[from_:to])
            yield Run(run, "script" if alike else kind != "equal")


def facts(pairing: Pairing) -> list[PairFact]:
    """The fields that speak for or against, contacts masked."""
    firms = pairing.first, pairing.second
    rows = [(key, values.label(key), *(values.shown(key, getattr(firm, key)) for firm in firms)) for key in FIELDS]
    rows.insert(1, ("former_names", values.label("former_names"), *map(_former, firms)))
    rows.insert(4, ("contact", _("联系人"), *map(_contact, firms)))
    rows.append(("revenue", _("本年累计（万元）"), *map(_revenue, firms)))
    rows.append(("named", _("登记"), *(f"{day(firm.created_at)} · {firm.office.short_name}" for firm in firms)))
    shown = [row for row in rows if row[0] in ALWAYS or row[2] or row[3]]
    return [_fact(*row) for row in shown if row[0] != "unit_kind" or row[2] != row[3]]


def _fact(key: str, label: str, first: str, second: str) -> PairFact:
    differs = _differs(key, first, second)
    if differs and key in CUT:
        return PairFact(label, (tuple(_cut(first, second)), tuple(_cut(second, first))), differs)
    return PairFact(label, ((Run(first, differs),), (Run(second, differs),)), differs)


def _former(firm: Firm) -> str:
    return str(_("、")).join(former.name for former in firm.former_names)


def _contact(firm: Firm) -> str:
    return " ".join(filter(None, contacts.masked_of(firm).values()))


def _revenue(firm: Firm) -> str:
    if firm.revenue_to_date is None:
        return ""
    return str(_("%(amount)s（至 %(month)s 月）", amount=wan(firm.revenue_to_date), month=firm.to_month))


def _differs(key: str, first: str, second: str) -> bool | str:
    """What a firm does or when it was named is no sign of who it is."""
    if key in ("revenue", "named") or not first or not second or first == second:
        return False
    return "script" if fold(first[:LONGEST_NAME]) == fold(second[:LONGEST_NAME]) else True


# -- what the engine says ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Bar:
    """One piece of evidence; the bar runs from `start` for `width`, in the units of `Evidence.span`."""

    label: str
    seen: str
    weight: float
    start: float
    width: float


@dataclass(frozen=True)
class Opinion:
    """The engine's: a word and its tone, the sentence, and the sum it comes from."""

    band: str
    tone: str
    score: Decimal
    sentence: str
    rows: tuple[tuple[str, str, float], ...]

    SPAN = 200

    @cached_property
    def zero(self) -> float:
        """Where the bars begin: room to the left for what speaks against."""
        return self._scale * max((-weight for _label, _seen, weight in self.rows if weight < 0), default=0)

    @cached_property
    def _scale(self) -> float:
        weights = [weight for _label, _seen, weight in self.rows]
        extent = max(weights, default=0) - min(weights, default=0)
        widest = max([extent, *(abs(weight) for weight in weights)], default=0)
        return self.SPAN / widest if widest else 0

    @property
    def bars(self) -> list[Bar]:
        return [
            Bar(label, seen, weight, self.zero + min(0, weight) * self._scale, abs(weight) * self._scale)
            for label, seen, weight in self.rows
        ]


def opinion(pairing: Pairing) -> Opinion:
    rows = tuple((sentences.evidence(one.kind, _), _seen(one.a, one.b), one.weight) for one in _evidence(pairing))
    return Opinion(pairing.band, TONES[pairing.band], pairing.score, sentence(pairing), rows)


def sentence(pairing: Pairing) -> str:
    """The engine's one sentence in the reader's language."""
    return sentences.said(pairing.template, pairing.sentence, _evidence(pairing), _)


def _evidence(pairing: Pairing) -> list[Evidence]:
    return [Evidence(str(kind), str(a), str(b), float(weight)) for kind, a, b, weight in pairing.evidence]


def _seen(a: str, b: str) -> str:
    if not a and not b:
        return ""
    if not a:
        return str(_("左侧未填；%(text)s", text=b))
    if not b:
        return str(_("%(text)s；右侧未填", text=a))
    return f"{a} = {b}" if fold(a) == fold(b) else f"{a} / {b}"


# -- what people said -------------------------------------------------------------------------------
def rounds(verdicts: Iterable[PairVerdict], *, scores: bool = True) -> list[Happening]:
    """Every word on the pair, the newest first; without `scores` what the engine said then stays hidden."""
    return [_said(verdict, scores) for verdict in sorted(verdicts, key=lambda one: one.round, reverse=True)]


def ruling_of(verdict: PairVerdict) -> str:
    """What was said, in words: what a clerk told at a form is never called a verdict."""
    if verdict.source == TOLD:
        return str(_("填报人说明不是同一企业（不是判定，待判定）"))
    return str(_(RULING_LABELS[verdict.ruling]))


def _said(verdict: PairVerdict, scores: bool) -> Happening:
    ways = {
        "queue": "",
        "group": _("成组判定"),
        "bulk": _("成批判定"),
        "form": _("填报时核对"),
        TOLD: "",
        "unmerge": _("撤销合并"),
    }
    then = _("当时系统评 %(score)s 分", score=verdict.score) if scores else ""
    notes = [ways[verdict.source], _("独立判定") if verdict.blind else "", then]
    office = verdict.office.short_name if verdict.office else ""
    return Happening(
        title=_("第 %(round)s 次：%(ruling)s", round=verdict.round, ruling=ruling_of(verdict)),
        by=" ".join(filter(None, (office, verdict.by_name))),
        moment=verdict.at,
        opinion=verdict.reason,
        detail=" · ".join(filter(None, notes)),
        tone="warn" if verdict.ruling == "unsure" else None,
    )


def lines(pairings: Iterable[Pairing]) -> list[dict[str, Any]]:
    """Rows of a list of pairs; `hidden`: drawn for blind judging, so that the engine's opinion is not shown."""
    drawn = certificates.waiting()
    return [
        {"pairing": one, "tone": TONES[one.band], "sentence": sentence(one), "hidden": one.id in drawn}
        for one in pairings
    ]


# -- the queue beside it ----------------------------------------------------------------------------
@dataclass(frozen=True)
class PairWalk:
    """Where one stands in the queue, as `components/case_queue.html` wants it."""

    current: int
    place: int | None
    total: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class PairLine:
    """A pair of the queue; nothing of the engine's opinion, so that it may stand beside one that is judged blind."""

    id: int
    title: str
    office: str
    days: str
    note: str
    wait: None = None


def walk(pairing: Pairing, place: PairPlace, *, sampled: bool, hidden: bool) -> PairWalk:
    """In the queue only a suspected pair has a place, so that of one whose opinion is `hidden` nothing is said; in the
    sample (`sampled`) every pair has one."""
    stands = sampled or (pairing.suspected and not hidden and place.number <= place.total)
    return PairWalk(pairing.id, place.number if stands else None, place.total, place.before, place.after)


def beside(pairings: Iterable[Pairing]) -> list[PairLine]:
    return [
        PairLine(
            one.id,
            f"{one.first.name} / {one.second.name}",
            " / ".join(dict.fromkeys(firm.office.short_name for firm in (one.first, one.second))),
            "",
            str(_(PAIRING_STATE_LABELS[one.state])),
        )
        for one in pairings
    ]
