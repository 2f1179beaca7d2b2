"""Will the target be reached: firms that have still to file and may, foretold from their own figures, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from registry.base.permissions import Actor
from registry.base.vocabulary import Stage
from registry.filings.rules.intake import Window
from registry.firms.models.firms import Firm
from registry.forecasts.queries import forecasts
from registry.forecasts.queries.forecasts import ForecastQuery, Outlook
from registry.plans.queries.bearing import industries_of, of_industries
from registry.plans.queries.standing import TargetStanding


class AgainstLine(StrEnum):
    """A statement's amount beside the statutory line; what stands exactly on it has reached it."""

    BELOW = "below"
    EXACTLY = "exactly"
    ABOVE = "above"


@dataclass(frozen=True)
class StatementValue:
    """What the statement that a window asks for will show of one firm; `foretold`: no figure of that month yet."""

    window: Window
    month: int
    amount: Decimal
    foretold: bool
    stands: AgainstLine


@dataclass(frozen=True)
class ChanceLine:
    """A firm that may still come: by the likely path, at the worst and at the best in time for a window."""

    outlook: Outlook
    statements: tuple[StatementValue, ...]
    worst: bool
    likely: bool
    best: bool


@dataclass(frozen=True)
class TargetChance:
    """Firms over the line that have not filed, and those the forecast sees crossing; each count is of lines."""

    standing: TargetStanding
    to_file: tuple[ChanceLine, ...]
    crossing: tuple[ChanceLine, ...]

    def count(self, which: str) -> int:
        return sum(getattr(line, which) for line in (*self.to_file, *self.crossing))

    @property
    def sure(self) -> int:
        """What counts or is under way."""
        return len(self.standing.counted) + len(self.standing.under_way)

    @property
    def verdict(self) -> str:
        """One of `texts.CHANCES`."""
        aim = self.standing.target.amount
        if len(self.standing.counted) >= aim:
            return "done"
        if self.sure >= aim:
            return "under_way"
        if self.sure + self.count("worst") >= aim:
            return "likely"
        return "possible" if self.sure + self.count("best") >= aim else "unlikely"

    @property
    def lacking(self) -> int:
        """How many more than those foretold the target needs."""
        return max(0, self.standing.target.amount - self.sure - self.count("likely"))


def of_target(actor: Actor, standing: TargetStanding, on: date) -> TargetChance:
    """For a target that counts firms confirmed for the first time."""
    among = (
        Firm.stage.in_((Stage.ADMITTED, Stage.QUALIFIED)), Firm.first_time,
        of_industries(industries_of(standing.target)),
    )  # fmt: skip
    lines = [_line(outlook, on) for outlook in forecasts.outlooks(actor, ForecastQuery(), on, *among)]
    lines.sort(key=lambda line: (not line.worst, not line.likely, line.outlook.firm.name))
    over = tuple(line for line in lines if line.outlook.firm.stage == Stage.QUALIFIED)
    coming = tuple(line for line in lines if line.outlook.firm.stage == Stage.ADMITTED and _may_cross(line))
    return TargetChance(standing, over, coming)


def _may_cross(line: ChanceLine) -> bool:
    crossed = line.outlook.crossed
    return crossed is not None and crossed.earliest is not None


def _line(outlook: Outlook, on: date) -> ChanceLine:
    crossed = outlook.crossed
    worst, likely, best = (
        _in_time(outlook, month, on)
        for month in ((crossed.latest, crossed.likely, crossed.earliest) if crossed else (None, None, None))
    )
    return ChanceLine(outlook, _statements(outlook, on), worst, likely, best)


def _in_time(outlook: Outlook, month: int | None, on: date) -> bool:
    """Whether a window that is still to close asks for a statement of that month or a later one."""
    if month is None:
        return False
    return any(w.statement is not None and w.closes_on >= on and w.statement.month >= month for w in outlook.windows)


def _statements(outlook: Outlook, on: date) -> tuple[StatementValue, ...]:
    path = {point.month: point.point for point in outlook.forecast.path}
    found = []
    for window in outlook.windows:
        month = window.statement.month if window.statement else 0
        amount = outlook.known.get(month, path.get(month))
        if window.closes_on >= on and amount is not None and outlook.line is not None:
            stands = against_line(amount, outlook.line)
            found.append(StatementValue(window, month, amount, month not in outlook.known, stands))
    return tuple(found)


def against_line(amount: Decimal, line: Decimal) -> AgainstLine:
    if amount == line:
        return AgainstLine.EXACTLY
    return AgainstLine.ABOVE if amount > line else AgainstLine.BELOW
