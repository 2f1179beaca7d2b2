"""What of a case is to be looked at: in the way, failing, differing or doubted. Without any of it the case is clean."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.vocabulary import Verdict
from registry.duplicates.queries import duplicates
from registry.duplicates.views.matches import Shortlist, shortlist
from registry.pathway.queries import positions
from registry.pathway.rules.facts import ConditionCode
from registry.pathway.rules.position import Position
from registry.proposals.models import Proposal
from registry.proposals.queries import nominations
from registry.proposals.views import cases
from registry.proposals.views.cases import Obstacle
from registry.site.access import actor

_OF_A_FILING = frozenset({ConditionCode.STATUTORY_LINE, ConditionCode.CROSS_CHECK})
"""What only a filing asks for: a firm that is admitted need not meet it."""
_ALIKE = frozenset({"bad", "warn"})


@dataclass(frozen=True)
class Attention:
    """`changed`: fields that this round says otherwise than the last one; `marked`: those that were sent back then."""

    position: Position
    obstacles: tuple[Obstacle, ...]
    found: Shortlist
    changed: tuple[str, ...]
    marked: tuple[str, ...]

    @property
    def alike(self) -> bool:
        """Whether another firm may be the same one."""
        return bool(self.found.elsewhere) or any(one.tone in _ALIKE for one in self.found.matches)

    @property
    def open_conditions(self) -> tuple[ConditionCode, ...]:
        """Conditions of a firm in the directory that are not met, or of which nobody knows."""
        of = self.position.conditions
        return tuple(one.code for one in of if one.code not in _OF_A_FILING and one.verdict is not Verdict.MET)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the case is not clean, each in a few words."""
        position = self.position
        said = (
            (self.obstacles, _("有未满足的条件")),
            (not self.obstacles and self.open_conditions, _("有不符合或缺数据的条件")),
            (self.alike, _("有相同或相似的企业")),
            (self.changed or self.marked, _("与上次提交有差异")),
            (position.doubted, _("营业收入存疑")),
            (position.unproven, _("营业收入未证")),
        )
        return tuple(str(text) for there, text in said if there)

    @property
    def clean(self) -> bool:
        return not self.reasons


def of(proposal: Proposal) -> Attention:
    firm = proposal.firm
    changed = [one.field for one in nominations.changed_in_round(proposal, proposal.rounds)]
    last = proposal.rounds - 1
    return Attention(
        positions.of(firm, on=clock.today()),
        tuple(cases.obstacles_to_admit(proposal)),
        shortlist(firm.name, duplicates.visible(actor(), duplicates.of_firm(firm)), firm),
        tuple(changed),
        tuple(cell.field for cell in proposal.returned_cells if cell.round == last),
    )
