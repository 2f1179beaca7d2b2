"""A firm's dossier in the reader's words: its path, its figures beside their lines, its papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from flask import url_for
from flask_babel import gettext as _

from registry.domain import pathway
from registry.domain.facts import ConditionCode
from registry.domain.labels import N_
from registry.domain.periods import Period
from registry.domain.position import Position
from registry.domain.proof import Counted, counting
from registry.domain.vocabulary import FIGURE_SOURCE_LABELS, STAGE_LABELS, FigureKind, Stage, TaxpayerKind, Verdict
from registry.models import Dispute, Document, Figure, Firm, PathwayEvent
from registry.queries import reference
from registry.web.display import day


# -- the path ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """One place on the strip; `state` as in components/steps.html."""

    label: str
    state: str
    note: str | None = None


def steps(firm: Firm, events: Sequence[PathwayEvent]) -> list[Step]:
    """The main path with the days it was walked, since the firm was last named; where it left the path, that too."""
    start = max((i for i, event in enumerate(events) if event.target == Stage.LEAD), default=0)
    reached = {Stage(event.target): event.on for event in events[start:]}
    last = max((i for i, stage in enumerate(pathway.MAIN_PATH) if stage in reached), default=0)
    on_path = firm.stage in pathway.MAIN_PATH
    now = pathway.MAIN_PATH.index(Stage(firm.stage)) if on_path else last
    strip = [_step(stage, number, now, reached, on_path) for number, stage in enumerate(pathway.MAIN_PATH)]
    if not on_path:
        strip.insert(now + 1, Step(_(STAGE_LABELS[firm.stage]), "off", day(firm.stage_on)))
    return strip


def _step(stage: Stage, number: int, now: int, reached: Mapping[Stage, date], on_path: bool) -> Step:
    state = "todo" if number > now else "now" if number == now and on_path else "done"
    note = day(reached[stage]) if stage in reached and number <= now else None
    return Step(_(STAGE_LABELS[stage]), state, note)


HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        Stage.QUALIFIED: N_("已达标应入：各项条件和还差什么"),
        Stage.FILED: N_("已申报纳统：各项条件现况"),
        Stage.IN_CHAIN: N_("逐级审核中：各项条件现况"),
        Stage.ENROLLED: N_("已入库（四上）：各项条件现况"),
        Stage.REMOVED: N_("已出库：各项条件现况"),
        Stage.DELISTED: N_("已退库：各项条件现况"),
        Stage.MERGED: N_("已并入另一家企业：本条登记的各项条件"),
        Stage.REJECTED: N_("未通过核查：为什么还不是四上，还差什么"),
        Stage.WITHDRAWN: N_("提名已撤回：为什么还不是四上，还差什么"),
    }
)
"""What the list of conditions is headed, where the question is another than why the firm is not four-above yet."""


def heading(stage: str) -> str:
    return str(_(HEADINGS.get(stage, N_("为什么还不是四上，还差什么"))))


# -- figures ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FigureRow:
    """A figure beside the line of its own period.

    `revisions` are those it replaced, `beside` those given since that no paper proves, the latest first.
    """

    figure: Figure
    period: Period
    kind: str
    source: str
    line: Decimal | None
    rate: Decimal | None
    proven: bool
    revisions: Sequence[Figure] = ()
    beside: Sequence[Figure] = ()
    disputes: list[Dispute] = field(default_factory=list)


def figure_rows(
    firm: Firm, figures: Iterable[Figure], disputes: Iterable[Dispute], documents: Iterable[Document]
) -> list[FigureRow]:
    """The figures that count, the latest period first, revenue before VAT sales, each with all its revisions.

    Of `figures` and `documents` those that are void are passed over.
    """
    papers = [document for document in documents if document.voided_at is None]
    counted = counting((figure for figure in figures if figure.voided_at is None), papers)
    doubts: dict[int, list[Dispute]] = {}
    for dispute in disputes:
        doubts.setdefault(dispute.figure_id, []).append(dispute)
    rows = [_figure_row(firm, one, doubts) for one in counted]
    rows.sort(key=lambda row: row.kind != FigureKind.REVENUE)
    return sorted(rows, key=lambda row: row.period, reverse=True)


def _figure_row(firm: Firm, counted: Counted[Figure], doubts: Mapping[int, list[Dispute]]) -> FigureRow:
    figure = counted.line
    period, every = Period(figure.year, figure.month), (*counted.beside, figure, *counted.older)
    line = _line(firm, period) if figure.kind == FigureKind.REVENUE else None
    return FigureRow(
        figure,
        period,
        figure.kind,
        FIGURE_SOURCE_LABELS[figure.source],
        line,
        figure.amount / line if line else None,
        counted.proven,
        counted.older,
        counted.beside,
        [dispute for revision in every for dispute in doubts.get(revision.id, [])],
    )


def _line(firm: Firm, period: Period) -> Decimal | None:
    if not firm.industry:
        return None
    section = reference.classification().section_of(firm.industry) or ""
    rule = reference.rules().statutory(firm.industry, period, section=section)
    return rule.amount_yuan if rule else None


def months(rows: Iterable[FigureRow], year: int) -> list[tuple[int, Decimal]]:
    """(month, cumulative yuan) of a year, for the chart."""
    found = [
        (row.period.month, row.figure.amount)
        for row in rows
        if row.kind == FigureKind.REVENUE and row.period.year == year
    ]
    return sorted(pair for pair in found if pair[0])


# -- papers -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Paper:
    """One line of components/file_list.html: a paper at hand, or a material that is not."""

    label: str
    href: str | None
    note: str | None
    required: bool = False


def papers(firm: Firm, documents: Iterable[Document], position: Position) -> list[Paper]:
    """Papers by material, and what a filing asks for and is not there; what is asked on request shows once it is."""
    held: dict[str, list[Document]] = {}
    for document in documents:
        if document.voided_at is None:
            held.setdefault(document.material, []).append(document)
    lines = []
    for code, material in reference.materials().items():
        lines += [_held(_(material.name), document) for document in held.get(code, [])]
        if code not in held and (wanted := _wanted(material.requirement, firm, position)) is not None:
            lines.append(Paper(_(material.name), None, None, wanted))
    return lines


def progress(firm: Firm, documents: Iterable[Document], position: Position) -> tuple[int, int]:
    """How many of the required materials are at hand, and how many there are."""
    held = {document.material for document in documents if document.voided_at is None}
    required = {m.code for m in reference.materials().values() if _wanted(m.requirement, firm, position)}
    return len(held & required), len(required)


def _held(name: str, document: Document) -> Paper:
    period = Period(document.year, document.month or 0).label if document.year else ""
    label = name + _("（%(note)s）", note=period) if period else name
    return Paper(label, url_for("documents.download", document_id=document.id), day(document.at))


def _wanted(requirement: str, firm: Firm, position: Position) -> bool | None:
    """Whether a material is required here (True), may be added (False), or is not asked for (None)."""
    if requirement == "if_general_taxpayer":
        return firm.taxpayer_kind == TaxpayerKind.GENERAL if firm.taxpayer_kind else False
    if requirement == "if_mismatch":
        return True if position.condition(ConditionCode.CROSS_CHECK).verdict is Verdict.UNMET else None
    if requirement == "if_unclear":
        return True if position.condition(ConditionCode.ACCOUNTING).verdict is Verdict.UNMET else None
    return True if requirement == "always" else None
