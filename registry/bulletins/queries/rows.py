"""The rows of a closed quarter that a bulletin counts: a number is the length of such a list, and no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from registry.base.periods import Quarter
from registry.base.permissions import Actor
from registry.base.vocabulary import ACTION_LABELS, LISTED_STAGES, STAGE_LABELS, Action, Stage
from registry.bulletins.queries import kept
from registry.quarters.models import Snapshot
from registry.quarters.queries import concerned, snapshots
from registry.quarters.sheets.summaries import ChangeKind
from registry.sheets.columns import by_key


class RowBehind(NamedTuple):
    """One thing that a number counts: of a firm, unless it has none; `what`: what happened, or where it stands."""

    firm_id: int | None
    name: str
    code: str
    what: str


FIRM_STAGES: Mapping[str, tuple[Stage, ...]] = {
    "listed": LISTED_STAGES,
    "admitted": (Stage.ADMITTED,),
    "qualified": (Stage.QUALIFIED,),
    "under_way": (Stage.FILED, Stage.IN_CHAIN),
    "enrolled": (Stage.ENROLLED,),
}
STEPS: Mapping[str, Action] = {
    "crossed": Action.QUALIFY,
    "filed": Action.FILE,
    "refused": Action.RETURN_FILING,
    "confirmed": Action.CONFIRM,
}
_NAME = by_key("name").heading
_MERGED = STAGE_LABELS[Stage.MERGED]
_CHANGES: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "entered": lambda row: row["kind"] == ChangeKind.ENTERED,
    "left": lambda row: row["kind"] == ChangeKind.LEFT,
    "merged": lambda row: row["kind"] == ChangeKind.LEFT and row["after"].startswith(_MERGED),
    "renamed": lambda row: row["kind"] == ChangeKind.ALTERED and row["what"] == _NAME,
    "corrected": lambda row: row["kind"] == ChangeKind.CORRECTED,
    "put_right": lambda row: row["kind"] == ChangeKind.CORRECTED and bool(row["listed"]),
}
WHOLE = None
"""Instead of a place: the city."""


class QuarterRows:
    """The rows of one closed quarter by what they count as and where; of all firms, or of those `actor` may see."""

    def __init__(self, snapshot: Snapshot, actor: Actor | None = None) -> None:
        self.snapshot = snapshot
        self.kept = kept.of(snapshot) or {"places": [], "steps": [], "plans": []}
        self.places: dict[str, str] = {row["code"]: row["name"] for row in self.kept["places"]}
        self._known: dict[int, tuple[str, RowBehind]] = {}
        self._stages: defaultdict[tuple[str, str], list[RowBehind]] = defaultdict(list)
        self._found: defaultdict[tuple[str, str], list[RowBehind]] = defaultdict(list)
        self.merged: dict[int, int] = {}
        """A firm that was merged within the quarter -> the one that stands for it."""
        self._read(actor)

    def _read(self, actor: Actor | None) -> None:
        for row in snapshots.rows(self.snapshot, actor):
            place = self._place(row.get("division_code") or row["county"] or "", row["division"] or "")
            told = RowBehind(row["firm_id"], row["name"], row["credit_code"] or "", STAGE_LABELS[Stage(row["stage"])])
            self._known[row["firm_id"]] = place, told
            self._stages[place, row["stage"]].append(told)
        for change in snapshots.changes(self.snapshot, actor):
            self._change(change)
        names = {str(action): name for name, action in STEPS.items()}
        for action, firm_id in self.kept["steps"]:
            if firm_id in self._known:
                place, told = self._known[firm_id]
                self._found[place, names[action]].append(told._replace(what=ACTION_LABELS[Action(action)]))
            elif actor is None:  # a step of a firm that the quarter does not hold any more
                self._found["", names[action]].append(RowBehind(firm_id, "", "", ACTION_LABELS[Action(action)]))

    def _change(self, row: Mapping[str, Any]) -> None:
        known = self._known.get(row["firm_id"])
        place = known[0] if known else self._place(row["county"] or "", row["division"] or "")
        told = _change_row(row)
        if row["into_id"] and row["firm_id"]:
            self.merged[row["firm_id"]] = row["into_id"]
        for name, test in _CHANGES.items():
            if test(row):
                self._found[place, name].append(told)

    def _place(self, code: str, name: str) -> str:
        if code not in self.places:
            self.places[code] = name
        return code

    def named(self, firms: Iterable[int], what: str, actor: Actor | None) -> list[RowBehind]:
        """Firms by their numbers; one that the quarter does not hold (a lead, say) by the name it bears today."""
        held = {firm_id: row for firm_id, (_place, row) in self._known.items()}
        today = concerned.names_of([firm_id for firm_id in firms if firm_id not in held], actor)
        found = (held.get(firm_id) or RowBehind(firm_id, today.get(firm_id, ""), "", what) for firm_id in firms)
        return [row for row in found if row.name or actor is None]

    def sees(self, firm_id: int) -> bool:
        """Whether the quarter has the firm among the rows that were read."""
        return firm_id in self._known

    def firms(self, name: str, place: str | None = WHOLE) -> list[RowBehind]:
        """Firms of the directory on the last day, by the names of `FIRM_STAGES`."""
        return self._sum(self._stages, [str(stage) for stage in FIRM_STAGES[name]], place)

    def at(self, stage: Stage) -> list[RowBehind]:
        """Firms at one stage, those too that left the directory within the quarter."""
        return self._sum(self._stages, [str(stage)], WHOLE)

    def happened(self, name: str, place: str | None = WHOLE) -> list[RowBehind]:
        """What happened within the quarter: changes of its book, and steps."""
        return self._sum(self._found, [name], place)

    def _sum(
        self, found: Mapping[tuple[str, str], list[RowBehind]], names: Iterable[str], place: str | None
    ) -> list[RowBehind]:
        places = [*self.places, ""] if place is WHOLE else [place]
        return [row for code in dict.fromkeys(places) for name in names for row in found.get((code, name), ())]


def of_year(snapshot: Snapshot) -> list[Snapshot]:
    """The year's closed quarters up to this one."""
    year = Quarter.parse(snapshot.quarter).year
    found = (row for row in snapshots.closed() if row.quarter <= snapshot.quarter)
    return [row for row in found if Quarter.parse(row.quarter).year == year]


def over_year(name: str, last: QuarterRows, actor: Actor | None = None) -> list[RowBehind]:
    """What happened since the year began, as the last of its quarters knows it.

    Steps stand with that quarter, those too that were put down after the quarter of their day was closed; a firm is
    counted once, as it may have been returned and come again.
    """
    if name in STEPS:
        action = STEPS[name]
        firms = [firm_id for step, firm_id in last.kept.get("year_steps", ()) if step == action]
        return [row._replace(what=ACTION_LABELS[action]) for row in last.named(firms, "", actor)]
    earlier = (one for one in of_year(last.snapshot) if one.id != last.snapshot.id)
    found = (row for one in earlier for row in snapshots.changes(one, actor) if _CHANGES[name](row))
    return [*map(_change_row, found), *last.happened(name)]


def _change_row(row: Mapping[str, Any]) -> RowBehind:
    return RowBehind(row["firm_id"], row["name"], row["credit_code"] or "", _told(row))


def _told(row: Mapping[str, Any]) -> str:
    words = [row["what"], *(part for part in (row["before"], row["after"]) if part)]
    return " ".join([words[0], " → ".join(words[1:])]).strip()
