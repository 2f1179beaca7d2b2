"""What happened to a firm, for `components/timeline.html`: steps with their opinion, figures, doubts, claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from flask_babel import gettext as _

from registry.base.periods import Period
from registry.base.vocabulary import FIGURE_KIND_LABELS, FIGURE_SOURCE_LABELS, FigureKind
from registry.claims.models import Claim
from registry.figures import texts
from registry.figures.models import Dispute, Figure
from registry.firms.models.merges import Merge
from registry.pathway.models import PathwayEvent
from registry.pathway.views.timeline import step_taken
from registry.site.display import bare, called_then
from registry.site.timeline import Happening, by_line
from registry.trail.texts import VERB_LABELS

# Whether persons or money; and whether one month or several.
_RECORDED = MappingProxyType(
    {
        (False, False): texts.FIGURE_RECORDED,
        (False, True): texts.FIGURES_RECORDED,
        (True, False): texts.PERSONS_RECORDED,
        (True, True): texts.PERSONS_RECORDED_ALL,
    }
)
_CORRECTED = MappingProxyType({False: texts.FIGURE_CORRECTED, True: texts.PERSONS_CORRECTED})
_CLAIMED, _DECIDED = VERB_LABELS["claim"], VERB_LABELS["decide_claim"]


def of(
    events: Iterable[PathwayEvent],
    figures: Sequence[Figure],
    disputes: Iterable[Dispute],
    claims: Iterable[Claim],
    merged: Iterable[tuple[Merge, str]] = (),
    came: Mapping[int, int] = MappingProxyType({}),
) -> list[Happening]:
    """Everything that happened to the firm, the newest first: steps with their opinion, figures, doubts, claims.

    `merged`: the merges into it, each with what the reader may call the entry; `came`: figure -> the merge it came by.
    """
    found = [step_taken(event) for event in events]
    names = {merge.id: name for merge, name in merged}
    found += [_folded(merge, name) for merge, name in merged]
    found += _recorded([figure for figure in figures if figure.id not in came])
    found += [_brought(figure, names[came[figure.id]]) for figure in figures if figure.id in came]
    found += [_disputed(dispute) for dispute in disputes]
    found += [line for claim in claims for line in _claimed(claim)]
    return sorted(found, key=lambda line: line.moment, reverse=True)


def _recorded(figures: Sequence[Figure]) -> list[Happening]:
    """Corrections one by one; what was transcribed from one paper on one day is one happening."""
    first = sorted((f for f in figures if f.revision == 1), key=lambda f: (*_sitting(f), f.year, f.month))
    lines = [_series(list(rows)) for _sat, rows in groupby(first, key=_sitting)]
    return lines + [_corrected(figure, figures) for figure in figures if figure.revision > 1]


def _sitting(figure: Figure) -> tuple[str, str, int, str]:
    return figure.kind, figure.at.date().isoformat(), figure.document_id or 0, figure.by_name


def _series(rows: Sequence[Figure]) -> Happening:
    first, last = rows[0], rows[-1]
    values = {
        "kind": _(FIGURE_KIND_LABELS[last.kind]),
        "period": _period(last),
        "first": _period(first),
        "last": _period(last),
        "amount": bare(last.amount, last.kind),
    }
    template = _RECORDED[last.kind == FigureKind.EMPLOYEES, len(rows) > 1]
    return Happening(
        _(template) % values,
        by_line(called_then(last.office, last.at), last.by_name),
        max(row.at for row in rows),
        last.reason,
        _(FIGURE_SOURCE_LABELS[last.source]),
    )


def _corrected(row: Figure, figures: Sequence[Figure]) -> Happening:
    before = max(
        (
            f
            for f in figures
            if (f.kind, f.year, f.month) == (row.kind, row.year, row.month) and f.revision < row.revision
        ),
        key=lambda f: f.revision,
        default=row,
    )
    values = {
        "kind": _(FIGURE_KIND_LABELS[row.kind]),
        "period": _period(row),
        "before": bare(before.amount, row.kind),
        "amount": bare(row.amount, row.kind),
    }
    text = _(_CORRECTED[row.kind == FigureKind.EMPLOYEES]) % values
    return Happening(
        text,
        by_line(called_then(row.office, row.at), row.by_name),
        row.at,
        row.reason,
        _(FIGURE_SOURCE_LABELS[row.source]),
        "warn",
    )


def _folded(merge: Merge, name: str) -> Happening:
    return Happening(_("“%(name)s”并入本企业", name=name), merge.by_name, merge.at, merge.reason)


def _brought(row: Figure, name: str) -> Happening:
    """What the folded entry's office had transcribed, and not a correction of the firm's own."""
    values = {"kind": _(FIGURE_KIND_LABELS[row.kind]), "period": _period(row), "amount": bare(row.amount, row.kind)}
    told = _("来自并入的“%(name)s”", name=name)
    by = by_line(called_then(row.office, row.at), row.by_name)
    return Happening(_(_RECORDED[row.kind == FigureKind.EMPLOYEES, False]) % values, by, row.at, row.reason, told)


def _disputed(dispute: Dispute) -> Happening:
    values = {"kind": _(FIGURE_KIND_LABELS[dispute.figure.kind]), "period": _period(dispute.figure)}
    text = _(texts.FIGURE_DISPUTED) % values
    return Happening(
        text, by_line(called_then(dispute.office, dispute.at), dispute.by_name), dispute.at, dispute.reason, tone="warn"
    )


def _claimed(claim: Claim) -> list[Happening]:
    lines = [Happening(_(_CLAIMED), called_then(claim.office, claim.at), claim.at, claim.ground, tone="warn")]
    if claim.decided_at is not None:
        lines.append(Happening(_(_DECIDED), "", claim.decided_at, claim.decision))
    return lines


def _period(figure: Figure) -> str:
    return Period(figure.year, figure.month).label
