"""The line of one firm in a quarter that is not closed, and the tables from which it follows."""

from __future__ import annotations

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
    digest: str
    row: str
    changes: str
    rules: str
