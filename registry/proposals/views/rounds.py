"""The rounds of a nomination beside each other: what was sent back, and what it said before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext as _

from registry.base.firm_fields import DOCUMENTS
from registry.base.vocabulary import Action
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.firms.views import values
from registry.pathway.models import PathwayEvent
from registry.proposals.models import Proposal, ReturnedCell
from registry.proposals.queries import nominations


@dataclass(frozen=True)
class RoundCell:
    """One field in two rounds: `note` says what was to be mended, None where nobody sent it back."""

    label: str
    note: str | None
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def beside(proposal: Proposal) -> list[tuple[int, list[RoundCell]]]:
    """From the second round on, the newest first: every cell sent back, then what else was changed."""
    papers = documents.documents_of(proposal.firm) if proposal.rounds > 1 else []
    return [(number, _cells(proposal, number, papers)) for number in range(proposal.rounds, 1, -1)]


def told(events: Sequence[PathwayEvent], proposals: Iterable[Proposal]) -> dict[int, list[RoundCell]]:
    """By step of a firm: what a return asked for, and what a resubmission changed."""
    found: dict[int, list[RoundCell]] = {}
    for proposal in proposals:
        changes, round_ = dict(beside(proposal)), 0
        for event in (event for event in events if event.proposal_id == proposal.id):
            round_ += event.action == Action.SUBMIT
            if event.action == Action.SUBMIT and round_ in changes:
                found[event.id] = changes[round_]
            elif event.action == Action.SEND_BACK:
                found[event.id] = [
                    RoundCell(values.label(cell.field), cell.note, "", "") for cell in _marked(proposal, round_)
                ]
    return found


def _cells(proposal: Proposal, number: int, papers: list[Document]) -> list[RoundCell]:
    changed = {one.field: one for one in nominations.changed_in_round(proposal, number)}
    marked = {cell.field: cell.note for cell in _marked(proposal, number - 1)}
    payload = next((one.payload for one in proposal.submissions if one.round == number), {})
    cells = []
    for field in [*marked, *(one for one in changed if one in values.SUBMITTED and one not in marked)]:
        before, after = payload.get(field), payload.get(field)
        if field in changed:
            before, after = changed[field].before, changed[field].after
        texts = values.shown(field, before), values.shown(field, after)
        if field == DOCUMENTS:
            texts = "", _added(proposal, number, papers)
        cells.append(RoundCell(values.label(field), marked.get(field), *texts))
    return cells


def _marked(proposal: Proposal, number: int) -> list[ReturnedCell]:
    return [cell for cell in proposal.returned_cells if cell.round == number]


def _added(proposal: Proposal, number: int, papers: list[Document]) -> str:
    """The papers that came between the two submissions."""
    for last, this in pairwise(proposal.submissions):
        if this.round == number:
            return str(_("、")).join(paper.filename for paper in papers if last.at < paper.at <= this.at)
    return ""
