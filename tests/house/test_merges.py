"""The plan of a merge covers every foreign key to a firm: a new table breaks the build until it says what it does."""

from __future__ import annotations

from registry.base.tables import Base
from registry.firms.models.firms import Firm
from registry.merges.queries.tables import ASKED, MOVABLE
from registry.merges.rules import ALONG, CHOSEN, COVERAGE, KEPT, Fate
from tests.world import World

# Columns of a firm that a merge leaves alone: whose it is, where it stands, and what is derived or kept by the system.
LEFT = {
    "id", "stage", "stage_on", "office_id", "parent_id", "merged_into_id", "batch_id", "created_at", "created_by_id",
    "voided_at", "version",
}  # fmt: skip
DERIVED = {
    "name_key", "parts_key", "core_key", "sound_key", "initials_key", "organisation_code", "statistical_county", "lead_bureau_id",
    "co_bureaus", "standing_year", "revenue_last_year", "revenue_to_date", "to_month", "revenue_same_period",
    "vat_sales", "statutory_line", "admission_line", "rate", "tier", "missing", "unproven", "doubted",
}  # fmt: skip


def to_a_firm() -> set[tuple[str, str]]:
    return {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "firm"
    }


def test_every_foreign_key_to_a_firm_is_in_the_plan_of_a_merge() -> None:
    assert to_a_firm() == set(COVERAGE), "say in merges/rules.py what a merge does with it, and why"


def test_every_treatment_says_why() -> None:
    assert [key for key, treatment in COVERAGE.items() if not (treatment.label and len(treatment.why) > 5)] == []


def test_what_moves_is_what_the_service_writes_to() -> None:
    written = {table for (table, _column), one in COVERAGE.items() if one.fate in (Fate.MOVES, Fate.COPIED)}
    assert written == set(MOVABLE)
    asked = {model.__tablename__ for model in ASKED}
    settled = {table for (table, _column), one in COVERAGE.items() if one.fate is Fate.CLOSES}
    assert asked == (written - {"firm"}) | settled, "later rows of these tables are asked about when a merge is undone"


def test_every_column_of_a_firm_is_chosen_kept_or_derived(world: World) -> None:
    columns = {column.name for column in Firm.__table__.columns}
    assert columns == {*KEPT, *LEFT, *DERIVED}
    assert {*CHOSEN, *(key for group in ALONG.values() for key in group)} == {*KEPT} - {
        "first_time",
        "industry_confirmed",
    }
    assert not LEFT & DERIVED
    assert {*KEPT}.isdisjoint(LEFT | DERIVED)
