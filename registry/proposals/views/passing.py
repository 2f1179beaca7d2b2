"""Cases that can be passed together: clean ones, of which as many as the sample rule asks for were looked at before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select

from registry.base.extensions import clock, db
from registry.pathway.rules.facts import ConditionCode
from registry.pathway.views import explained
from registry.proposals.models import Proposal
from registry.proposals.views import attention, looks, review_page
from registry.proposals.views.attention import Attention
from registry.reference.queries import parameters
from registry.site.many import Line

SHOWN = 50
"""So many are judged for one page; each by everything a decision rests on."""
SHARE = "review.look_share"


@dataclass(frozen=True)
class Passing:
    """A case that waits for the reader; `why` it is not passed with others, `drawn`: it must have been opened."""

    proposal: Proposal
    attention: Attention
    drawn: bool
    seen: bool

    @property
    def why(self) -> str:
        if not self.attention.clean:
            return str(_("、")).join(self.attention.reasons)
        return "" if self.seen or not self.drawn else str(_("尚未打开看过"))

    @property
    def line(self) -> str:
        """What the firm has reached of the admission line, in a sentence."""
        return explained.sentence_of(self.attention.position.condition(ConditionCode.ADMISSION_LINE))


@dataclass(frozen=True)
class Together:
    """`clean` cases, each on one line; those `left` out; how many were not judged; how many in a hundred are drawn."""

    clean: tuple[Passing, ...]
    left: tuple[Passing, ...]
    more: int
    share: int

    @property
    def ready(self) -> int:
        return sum(1 for one in self.clean if not one.why)


def of() -> Together:
    """What waits for the reader in the queue of the address, the longest waiting first."""
    waiting, share = review_page.waiting_here(), share_now()
    judged = [of_case(one, share) for one in waiting[:SHOWN]]
    clean = tuple(one for one in judged if one.attention.clean)
    return Together(
        clean, tuple(one for one in judged if not one.attention.clean), len(waiting) - len(judged), share
    )  # fmt: skip


def judged(statement: Select[Proposal]) -> Iterable[Line]:
    """The cases of `statement` as `site/many.py` takes them; one that waits for somebody else is not there."""
    share = share_now()
    for one in db.session.scalars(statement).unique():
        if review_page.waits_for(one):
            yield _line(of_case(one, share))


def of_case(proposal: Proposal, share: int) -> Passing:
    return Passing(proposal, attention.of(proposal), is_drawn(proposal, share), looks.has_seen(proposal))


def share_now() -> int:
    """How many in a hundred must have been opened."""
    return parameters.integer(SHARE, clock.today())


def is_drawn(proposal: Proposal, share: int) -> bool:
    """Whether the case belongs to the sample: nobody chooses which, and it stays the same until the next round."""
    digest = hashlib.sha256(f"{proposal.id}:{proposal.rounds}".encode()).digest()
    return int.from_bytes(digest[:4]) % 100 < share


def _line(one: Passing) -> Line:
    firm = one.proposal.firm
    will: Any = _("审核通过，入库培育；行业代码 %(industry)s", industry=firm.industry or "--")
    return Line(
        one.proposal.id, firm.name, one.proposal, review_page.leads(one.proposal.id), firm.credit_code or "",
        str(will), one.why, mark=f"{one.proposal.version}.{firm.version}",
    )  # fmt: skip
