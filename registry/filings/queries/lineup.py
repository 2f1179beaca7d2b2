"""The firms that have to file, in the order in which they can: ready, one paper short, waiting for a window, far off.

Judged by the guards of the pathway's table, all firms at once: what the list calls ready, the filing takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_
from registry.base.vocabulary import Action, Stage
from registry.filings.models import LevelResult
from registry.filings.queries import filings, readiness
from registry.filings.queries.readiness import Readiness
from registry.filings.rules.intake import PaperStatus
from registry.firms.models.firms import Firm
from registry.pathway.queries import facts, positions
from registry.pathway.rules.shortfall import Ahead
from registry.pathway.rules.transitions import Guard, blockers, step


class LineupState(StrEnum):
    """In the order of the list."""

    READY = "ready"
    SHORT = "short"
    WAITING = "waiting"
    FAR = "far"


LINEUP_LABELS: Mapping[str, str] = MappingProxyType(
    {
        LineupState.READY: N_("可以申报"),
        LineupState.SHORT: N_("只差一项"),
        LineupState.WAITING: N_("待窗口开放"),
        LineupState.FAR: N_("条件不足"),
    }
)
LINEUP_TONES: Mapping[str, str] = MappingProxyType(
    {LineupState.READY: "ok", LineupState.SHORT: "warn", LineupState.WAITING: "info", LineupState.FAR: "bad"}
)


@dataclass(frozen=True)
class Candidate:
    """A firm beside the next window it may use, and every guard in the way of its filing.

    `sent_back`: what a level said of its last filing, where that was sent back.
    """

    firm: Firm
    ready: Readiness
    unmet: tuple[Guard, ...]
    sent_back: LevelResult | None = None

    @property
    def state(self) -> LineupState:
        codes = {guard.code for guard in self.unmet}
        if not codes:
            return LineupState.READY
        if codes == {"window"} and self.ready.window is not None:
            return LineupState.WAITING
        if codes <= {"materials", "window"} and (len(self.ready.lacking) == 1 or self.only_seals):
            return LineupState.SHORT
        return LineupState.FAR

    @property
    def obstacles(self) -> int:
        """How many things are in the way beside the window itself: the papers, else any other guard."""
        return len(self.ready.lacking) or int(any(guard.code != "window" for guard in self.unmet))

    def ahead(self, on: date, *, due: int = 0, warn_days: int = 0) -> Ahead:
        """What the light of the firm goes by (`pathway.rules.shortfall`); `warn_days`: from when on to press."""
        left = self.ready.window.days_left(on) if self.ready.window is not None else None
        pressing = left is not None and left <= warn_days
        return Ahead(due=due, lacking=self.obstacles, days_left=left, pressing=pressing)

    @property
    def only_seals(self) -> bool:
        """All papers are there, and nobody has looked at the seals of some."""
        return bool(self.ready.lacking) and all(e.item.status is PaperStatus.UNSEALED for e in self.ready.lacking)


def of(firms: Sequence[Firm], *, on: date) -> list[Candidate]:
    """Those that can file first; within one state by the end of their window and the day they qualified."""
    ready, back = readiness.of_next(firms, on=on), filings.sent_back([firm.id for firm in firms])
    found = [Candidate(firm, ready[firm.id], _unmet(firm, ready[firm.id], on), back.get(firm.id)) for firm in firms]
    return sorted(found, key=_order)


def counted(candidates: Iterable[Candidate]) -> dict[LineupState, int]:
    counts = dict.fromkeys(LineupState, 0)
    for one in candidates:
        counts[one.state] += 1
    return counts


def _unmet(firm: Firm, ready: Readiness, on: date) -> tuple[Guard, ...]:
    transition = step(Action.FILE, Stage.QUALIFIED)
    assert transition is not None  # noqa: S101 - a row of the pathway's table
    return blockers(transition, facts.of_filing(firm, positions.judged(ready.facts, on=on), ready.grounds))


def _order(one: Candidate) -> tuple[int, int, date, date, int]:
    window = one.ready.window
    return (
        list(LineupState).index(one.state),
        len(one.unmet),
        window.closes_on if window else date.max,
        one.firm.stage_on,
        one.firm.id,
    )
