"""The road of one firm: what is missing, each with where it is mended; what others have to do; what holds already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from flask import url_for
from flask_babel import gettext as _

from registry.base import requirements
from registry.base.contacts import RESTRICTED
from registry.base.contacts import read as contact
from registry.base.firm_fields import DOCUMENTS, FIGURE_FIELDS
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.permissions import can
from registry.base.vocabulary import Action, FigureKind, Stage, Verdict
from registry.figures.rules.proof import STATEMENTS
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.queries.readiness import Readiness
from registry.firms.models.firms import Firm
from registry.firms.views import values
from registry.pathway.queries import facts
from registry.pathway.rules.facts import Condition, ConditionCode
from registry.pathway.rules.position import Position
from registry.pathway.views import explained
from registry.pathway.views.explained import ConditionRow
from registry.proposals.models import ReturnedCell
from registry.reference.queries import reference
from registry.site.access import actor

ASKED = frozenset({Stage.LEAD, Stage.RETURNED, Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.ADMITTED, Stage.QUALIFIED})
"""Stages in which something is still asked of the firm's office before the next step; else conditions are only told."""
COLLECTING = frozenset({Stage.ADMITTED, Stage.QUALIFIED, Stage.FILED, Stage.IN_CHAIN})
"""Stages in which the papers of a filing are looked at."""
CODE, NOTE_OF_DIFFERENCE = "credit_code", "M07"
_FIELDS: Mapping[ConditionCode, str] = MappingProxyType(
    {
        ConditionCode.CREDIT_CODE: "credit_code",
        ConditionCode.UNIT_KIND: "unit_kind",
        ConditionCode.STANDING: "operating_state",
        ConditionCode.LOCATION: "operating_address",
        ConditionCode.ACCOUNTING: "accounting",
        ConditionCode.INDUSTRY: "industry",
    }
)
_OF_NOBODY = frozenset({"ask_registrant", "no_rule", "qualification", "main_revenue"})
"""What no field and no paper of ours settles: it is told, and not shown as missing."""
_LOOKED_FIRST = (ConditionCode.INCOME_STATEMENT, ConditionCode.CROSS_CHECK)
FILL = N_("填写")


@dataclass(frozen=True)
class Link:
    label: str
    href: str


@dataclass(frozen=True)
class Drop:
    """A file that is put into the row itself (components/paper_drop.html)."""

    material: str
    name: str
    period: str = "any"


@dataclass(frozen=True)
class Need:
    """One thing that is missing; `key` says what it is, so that it is asked for once.

    `link` or `drop`: where this reader mends it, neither where it is another office's to do.
    """

    key: tuple[str, ...]
    verdict: str
    sentence: str
    source: str = ""
    link: Link | None = None
    drop: Drop | None = None

    @property
    def is_mended_here(self) -> bool:
        return self.link is not None or self.drop is not None


@dataclass
class Road:
    """`needs`: what to mend; `stands`: conditions that do not hold and that nobody fills in; `met`: those that hold.

    `untold`: what nobody has filled in and nobody is asked for in this stage; `waits`: what lies with others.
    """

    needs: list[Need] = field(default_factory=list)
    stands: list[ConditionRow] = field(default_factory=list)
    met: list[ConditionRow] = field(default_factory=list)
    untold: list[ConditionRow] = field(default_factory=list)
    waits: list[Need] = field(default_factory=list)

    @property
    def mine(self) -> list[Need]:
        return [need for need in self.needs if need.is_mended_here]

    @property
    def theirs(self) -> list[Need]:
        return [need for need in self.needs if not need.is_mended_here]

    def ask(self, need: Need) -> None:
        """Once for each thing, whoever asks first."""
        if need.key not in {one.key for one in self.needs}:
            self.needs.append(need)


def of(firm: Firm, position: Position, ready: Readiness | None, cells: Sequence[ReturnedCell]) -> Road:
    """`ready`: how ready the firm is for its next window, None where no papers are looked at yet."""
    road, mends = Road(), Mends(firm)
    for cell in cells:
        road.ask(mends.cell(cell))
    ranked = sorted(position.conditions, key=lambda condition: condition.code not in _LOOKED_FIRST)
    for condition in ranked:
        _place(road, mends, condition, position, asks=firm.stage in ASKED)
    if firm.stage in ASKED:
        for name in _blank(firm):
            road.ask(mends.field(name, _("“%(field)s”未填", field=values.label(name))))
    if ready is not None:
        for need in _of_filing(mends, ready):
            road.ask(need)
        road.waits += _seals(firm, ready)
    road.waits += _reviews(firm)
    return road


class Mends:
    """Where this reader puts right what a firm lacks."""

    def __init__(self, firm: Firm) -> None:
        who = actor()
        self.firm = firm
        self.edits, self.adds = can(who, "firm.edit", firm), can(who, "document.add", firm)
        self.records = can(who, "figure.record", firm)

    def cell(self, cell: ReturnedCell) -> Need:
        said = _("退回：%(field)s", field=values.label(cell.field))
        sentence = f"{said}{_('：')}{cell.note}" if cell.note else said
        if cell.field in FIGURE_FIELDS:
            return self.figure(FigureKind.REVENUE, None, sentence, verdict="unmet")
        if cell.field == DOCUMENTS:
            link = Link(_("补材料"), url_for("documents.listing", firm_id=self.firm.id)) if self.adds else None
            return Need(("documents",), "unmet", sentence, link=link)
        return self.field(cell.field, sentence, verdict="unmet")

    def field(self, name: str, sentence: str, source: str = "", verdict: str = "unknown") -> Need:
        link = None
        if self.edits:
            word = _("补正") if verdict == "unmet" else _(FILL)
            link = Link(word, url_for("firms.edit", firm_id=self.firm.id, _anchor=name))
        return Need(("field", name), verdict, sentence, source, link=link)

    def figure(
        self, kind: FigureKind, period: Period | None, sentence: str, source: str = "", verdict: str = "unknown"
    ) -> Need:
        asked = {"kind": kind.value, "year": period.year, "month": period.month} if period else {}
        href = url_for("figures.new", firm_id=self.firm.id, **asked)  # type: ignore[arg-type]  # plain words
        link = Link(_("登记"), href) if self.records else None
        return Need(("figure", kind.value), verdict, sentence, source, link=link)

    def paper(
        self, material: str, period: Period | None, sentence: str, source: str = "", verdict: str = "unknown"
    ) -> Need:
        name = _(reference.materials()[material].name)
        label = period.label if period else "any"
        drop = Drop(material, name, label) if self.adds else None
        return Need(("paper", material, label), verdict, sentence, source, drop=drop)


def _place(road: Road, mends: Mends, condition: Condition, position: Position, *, asks: bool) -> None:
    """Where a condition belongs: to what holds, to what is asked for, or to what is only told."""
    row = explained.row_of(condition)
    if condition.verdict is Verdict.MET:
        road.met.append(row)
    elif condition.verdict is Verdict.UNKNOWN and condition.note in _OF_NOBODY:
        road.stands.append(ConditionRow("note", row.sentence, row.source))
    elif condition.code is ConditionCode.CROSS_CHECK and condition.note == "unconfirmed":
        road.waits.append(_to_confirm(mends.firm, row))
    elif not asks:
        (road.stands if condition.verdict is Verdict.UNMET else road.untold).append(row)
    elif need := _need(mends, condition, position, row):
        road.ask(need)
    else:
        road.stands.append(row)


def _need(mends: Mends, condition: Condition, position: Position, row: ConditionRow) -> Need | None:
    """What fills in this condition; None where it stands as it is."""
    if condition.verdict is Verdict.UNMET:
        return _mended(mends, condition, position, row)
    if condition.code in _FIELDS:
        return mends.field(_FIELDS[condition.code], row.sentence, row.source)
    if condition.note == "ask_employees":
        return mends.field("employees", row.sentence, row.source)
    return _proof(mends, condition, position, row)


def _mended(mends: Mends, condition: Condition, position: Position, row: ConditionRow) -> Need | None:
    """What is wrong and can be put right: a mistyped code, a difference that nothing explains."""
    figure = position.year_to_date or position.last_year
    if condition.code is ConditionCode.CREDIT_CODE:
        return mends.field(CODE, row.sentence, row.source, row.verdict)
    if condition.code is ConditionCode.CROSS_CHECK and figure:
        return mends.paper(NOTE_OF_DIFFERENCE, figure.period, row.sentence, row.source, row.verdict)
    return None


def _proof(mends: Mends, condition: Condition, position: Position, row: ConditionRow) -> Need:
    """A figure that nobody has given, or the paper that proves it."""
    figure = position.year_to_date or position.last_year
    if figure is None:
        return mends.figure(FigureKind.REVENUE, None, _("营业收入尚未登记"), row.source)
    if condition.code is ConditionCode.CROSS_CHECK:
        if position.figure(FigureKind.VAT_SALES, figure.period) is None:
            return mends.figure(FigureKind.VAT_SALES, figure.period, row.sentence, row.source)
        return mends.paper(STATEMENTS[FigureKind.VAT_SALES], figure.period, row.sentence, row.source)
    if condition.note == "last_year" or position.year_to_date is None:
        return mends.figure(FigureKind.REVENUE, None, row.sentence, row.source)
    return mends.paper(STATEMENTS[FigureKind.REVENUE], figure.period, row.sentence, row.source)


def _blank(firm: Firm) -> Iterator[str]:
    """The fields that the next step requires and that are empty, in the order of the form."""
    if firm.stage in (Stage.ADMITTED, Stage.QUALIFIED):
        lacking = requirements.blank(lambda name: getattr(firm, name), Action.FILE)
    else:
        lacking = facts.blank(firm)
    yield from (name for name in values.SUBMITTED if name in lacking and not _is_known(firm, name))


def _is_known(firm: Firm, name: str) -> bool:
    return name in RESTRICTED and bool(contact(firm, name))


def _of_filing(mends: Mends, ready: Readiness) -> Iterator[Need]:
    """The statement of the window and the papers that go with it."""
    if mends.firm.stage == Stage.QUALIFIED and not ready.statement_known and not ready.statement_unproven:
        sentence = _("%(period)s 的营业收入未登记，申报须用这一期", period=ready.statement.label)
        yield mends.figure(FigureKind.REVENUE, ready.statement, sentence)
    for entry in ready.to_bring:
        yield _paper(mends, ready, entry)


def _paper(mends: Mends, ready: Readiness, entry: ChecklistRow) -> Need:
    period = ready.statement if entry.row.periodic else None
    name = _(entry.row.name) + (_("（%(note)s）", note=period.label) if period else "")
    remark = entry.record.remark if entry.record is not None else ""
    sentence = _("缺%(paper)s", paper=name) + (_("（%(note)s）", note=remark) if remark else "")
    return mends.paper(entry.row.code, period, sentence, _(entry.row.rule))


def _seals(firm: Firm, ready: Readiness) -> Iterator[Need]:
    if count := ready.papers.to_seal:
        looks = can(actor(), "paper.seal", firm)
        link = Link(_("核对印章"), url_for("checklists.seals", firm_id=firm.id, month=ready.month.label))
        sentence = _("%(count)s 份材料待主管部门或统计部门核对印章", count=count)
        yield Need(("seals",), "note", sentence, link=link if looks else None)


def _to_confirm(firm: Firm, row: ConditionRow) -> Need:
    link = Link(_("确认差异说明"), url_for("documents.listing", firm_id=firm.id))
    return Need(("note",), "note", row.sentence, link=link if can(actor(), "document.confirm", firm) else None)


def _reviews(firm: Firm) -> Iterator[Need]:
    """The case that lies with a bureau."""
    proposal = firm.open_proposal if firm.stage in (Stage.PROPOSED, Stage.UNDER_REVIEW) else None
    if proposal is None:
        return
    office = proposal.reviewing_office.short_name if proposal.reviewing_office else ""
    said = (
        _("待%(office)s受理", office=office) if firm.stage == Stage.PROPOSED else _("%(office)s核查中", office=office)
    )
    reads = can(actor(), "review.read", proposal)
    endpoint, word = ("reviews.show", _("去核查")) if reads else ("proposals.show", _("看提名"))
    link = Link(word, url_for(endpoint, proposal_id=proposal.id))
    yield Need(
        ("review",), "note", said % {"office": office}, link=link if can(actor(), "proposal.read", proposal) else None
    )
