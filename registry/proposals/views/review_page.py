"""A case as its reviewer sees it: the queue, what is to be looked at first, values that can be sent back, its paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from registry.base.extensions import db
from registry.base.firm_fields import DOCUMENTS
from registry.base.labels import N_
from registry.base.permissions import can
from registry.base.vocabulary import Outcome, Stage
from registry.documents.models import Document
from registry.documents.views import beside
from registry.figures.rules.proof import STATEMENTS
from registry.firms.models.firms import Firm
from registry.firms.views import values
from registry.pathway.views import evidence, explained
from registry.proposals.forms.proposals import QueueQuery
from registry.proposals.forms.reviews import Admission, Rejection, SendingBack
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations, waiting
from registry.proposals.views import attention, cases
from registry.site.access import actor
from registry.site.walks import Walk, just_left, rows_of, walk_of

CARRIED = ("q", "county", "state")
"""The filter of the queue, which goes along from case to case."""
JUDGED = ("industry", "activity", "revenue_to_date")
"""Values a decision always rests on: shown first even where nothing is odd about them."""
REVIEWED_STAGES = frozenset({Stage.PROPOSED, Stage.UNDER_REVIEW})


def carried() -> dict[str, Any]:
    return {key: request.args[key] for key in CARRIED if request.args.get(key)}


def leads(number: int) -> str:
    """The page of a case, with the filter of its queue."""
    return url_for("reviews.show", proposal_id=number, **carried())


def queue(query: QueueQuery | None = None) -> Any:
    """The queue the address narrows."""
    query = query or QueueQuery(request.args)
    return waiting.narrowed(
        waiting.queue(actor()),
        text=(query.q.data or "").strip(),
        office=query.county.data or "",
        stage=query.state.data or "",
    )


def walk(current: int | None) -> Walk:
    return walk_of(queue(), Proposal.id, current)


def waits_for(proposal: Proposal) -> bool:
    """Whether the case waits for the reader: nobody else has begun it, and the reader may decide it."""
    taken = proposal.firm.stage == Stage.UNDER_REVIEW and proposal.reviewer_id not in (None, actor().user_id)
    return proposal.firm.stage in REVIEWED_STAGES and not taken and can(actor(), "review.decide", proposal)


def waiting_here() -> list[Proposal]:
    """Of the queue in the address those that wait for the reader, in its order."""
    return [row for row in db.session.scalars(queue()).unique() if waits_for(row)]


@dataclass(frozen=True)
class QueueLine:
    id: int
    title: str
    office: str
    days: str
    note: str
    wait: Any


def lines(walk: Walk) -> list[QueueLine]:
    found = []
    for row in rows_of(queue(), Proposal.id, walk):
        wait = cases.wait(row)
        days = _("%(days)s 日", days=wait.days) if wait else ""
        note = _("在办") if row.firm.stage == Stage.UNDER_REVIEW else ""
        found.append(QueueLine(row.id, row.firm.name, row.office.short_name, str(days), str(note), wait))
    return found


def of(proposal: Proposal, form: Any = None) -> dict[str, Any]:
    """`form` is the decision that was refused, with what was typed."""
    firm, going = proposal.firm, walk(proposal.id)
    decides = can(actor(), "review.decide", proposal) and proposal.outcome is None and firm.stage in REVIEWED_STAGES
    forms = {
        key: form if form is not None and isinstance(form, kind) else kind(None, prefix=key)
        for key, kind in _FORMS.items()
    }
    seen = attention.of(proposal)
    papers = evidence.papers_of(firm)
    given = evidence.given_figures(firm)
    back = forms["return"]
    opened = {*JUDGED, *seen.changed, *seen.marked, *back.marked()}
    facts = cases.submitted(proposal)
    rows = explained.rows(seen.position)
    return {
        **cases.of(proposal),
        "attention": seen,
        "conditions": [row for row in rows if row.verdict != "met"],
        "met": [row for row in rows if row.verdict == "met"],
        "figures": given,
        "documents": papers,
        "found": seen.found,
        "obstacles": seen.obstacles if decides else (),
        "decides": decides,
        "forms": forms,
        "form": form,
        "judged": _marks(facts, back, opened, papers),
        "others": _marks(facts, back, {fact.key for fact in facts} - opened, None),
        "owner": "return-form" if decides else "",
        "beside": beside(firm, lambda held: _proof(firm, held)),
        "walk": going,
        "lines": lines(going),
        "carried": carried(),
        "leads": leads,
        "last": last(),
    }


def _marks(
    facts: list[Any], form: SendingBack, keys: Collection[str], papers: list[Any] | None
) -> list[tuple[Any, ...]]:
    """Rows of components/marked_facts.html; where papers are given, they come last and are sent back like a value."""
    found = [(one.label, one.text, None, *form.of(one.key)) for one in facts if one.key in keys]
    if papers is not None:
        held = sum(1 for paper in papers if paper.href)
        told = _("%(held)s 份", held=held)
        found.append((values.label(DOCUMENTS), str(told), None, *form.of(DOCUMENTS)))
    return found


def _proof(firm: Firm, held: list[Document]) -> Document | None:
    """The statement of the latest month: what the decision rests on."""
    statements = [one for one in held if one.material in STATEMENTS.values() and one.year]
    return max(statements, key=lambda one: (one.year or 0, one.month or 12), default=None)


def last() -> dict[str, Any] | None:
    """What was decided a moment ago, about which firm, so that one can take another look."""
    row: Proposal | None = just_left(lambda number: nominations.one(actor(), number))
    said = _SAID.get(str(row.outcome or row.firm.stage)) if row is not None else None
    if row is None or said is None or not can(actor(), "review.read", row):
        return None
    return {"id": row.id, "name": row.firm.name, "said": _(said)}


_SAID: dict[str, str] = {
    Outcome.ADMITTED: N_("已审核通过，入库培育"),
    Outcome.REJECTED: N_("已作出不予通过的决定"),
    Stage.RETURNED: N_("已退回补正，提名单位会在待办中看到"),
}
_FORMS = {"admit": Admission, "return": SendingBack, "reject": Rejection}
