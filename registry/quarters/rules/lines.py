"""The line of one firm in a quarter that is not closed, and the tables from which it follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

WATCHED = {
    "firm": ("id",),
    "former_name": ("firm_id",),
    "pathway_event": ("firm_id",),
    "figure": ("firm_id",),
    "document": ("firm_id",),
    "merge": ("winner_id", "folded_id"),
    "trail_entry": ("subject_id",),
    "merge_move": (),
    "import_batch": (),
}
"""Tables with what is known of a firm, and the columns that name it; the last two name a merge and an import."""
COMMON = (
    "division",
    "industry",
    "industry_mapping",
    "office",
    "office_alias",
    "parameter",
    "reference_version",
    "routing",
    "snapshot",
    "threshold",
    "zone_town",
)
"""Tables that are the same for every firm: a change of them is another basis."""
FROZEN = ("snapshot_row", "snapshot_change")
"""What never changes once `snapshot` says that it is sealed."""


class FirmLine(NamedTuple):
    """What a quarter says of one firm: its row as it would be frozen ("" where it has none), its changes, its rules.

    What the summaries count stands beside the text; `industry` by its first two digits.
    """

    firm_id: int
    office_id: int | None
    lead_bureau_id: int | None
    listed: bool
    held: bool
    county: str | None
    division: str | None
    industry: str
    stage: str | None
    tier: str | None
    division_code: str | None
    revenue: Decimal | None
    proposer: str | None
    lead_bureau: str | None
    digest: str
    place: str
    sought: str
    traits: str
    rules: str
    row: str
    changes: str


class LineChange(NamedTuple):
    """One change of a line, by its number in it; `text` is the change itself."""

    firm_id: int
    number: int
    kind: str
    way: str
    listed: int
    division: str | None
    place: str
    sought: str
    traits: str
    text: str


# -- how rows and changes are looked for, and in which order they stand --------------------------
def placed(*parts: str) -> str:
    """Parts of an order in one text: it sorts as the tuple does, for no part holds a sign before the space."""
    return "\t".join(parts)


def sought_in(name: str, credit_code: str | None) -> str:
    """What a search looks through."""
    return f"{name} {credit_code or ''}".casefold()


def told(traits: Iterable[tuple[str, str | None]]) -> str:
    """Pairs of a filter's name and a value, as they are kept; a value that is missing is none."""
    return "".join(f"\n{name}={value}\n" for name, value in traits if value)


class SliceQuery(NamedTuple):
    """What somebody looks for: words in the name or the code, and traits that all have to be there."""

    words: str = ""
    traits: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, words: str | None, traits: Mapping[str, str]) -> SliceQuery:
        return cls((words or "").strip().casefold(), tuple(traits.items()))

    def fits(self, sought: str, traits: str) -> bool:
        return self.words in sought and all(told([trait]) in traits for trait in self.traits)


EVERYTHING = SliceQuery()
