"""The one definition of a column."""

from __future__ import annotations

from registry.base.vocabulary import CHOICES
from registry.sheets.columns import (
    CLOSING_WORDS,
    COLUMNS,
    FAULTS_HEADING,
    IGNORED_HEADINGS,
    ColumnKind,
    by_key,
    export_columns,
    ledger_columns,
    template_columns,
)
from registry.sheets.headings import plain, split_unit

# docs/domain.md 4, as it stands there.
PLACES = """
name TFLE, credit_code TFLE, former_names FE, division TFLE, town TF, registered_address TFE, operating_address TFE,
industry TFLE, industry_year TF, activity TFE, legal_form TF, unit_kind TFE, founded_on TFE, opened_on TF, capital TF,
accounting TF, taxpayer_kind TF, operating_state TFLE, employees TFE, revenue_last_year TFLE, revenue_to_date TFLE, to_month TFLE,
revenue_same_period TF, vat_sales TF, statutory_line LE, rate LE, tier LE, lead_bureau LE, contact_name TF,
contact_phone TF, door FE, qualifications FE, held_qualifications L, issue TF, missing LE, stage LE, stage_on E, proposer LE
"""


def test_the_columns_stand_where_the_decisions_put_them() -> None:
    assert [f"{column.key} {column.places}" for column in COLUMNS] == [entry.strip() for entry in PLACES.split(",")]


def test_no_two_columns_share_a_heading_or_an_alias() -> None:
    headings = [plain(heading) for column in COLUMNS for heading in (column.heading, *column.aliases)]
    assert sorted(headings) == sorted(set(headings))


def test_nothing_that_we_add_beside_the_data_is_taken_for_a_column() -> None:
    headings = {plain(heading) for column in COLUMNS for heading in (column.heading, *column.aliases)}
    assert headings & {plain(heading) for heading in IGNORED_HEADINGS} == set()
    assert FAULTS_HEADING not in CLOSING_WORDS


def test_contacts_are_in_no_export_unless_asked_for() -> None:
    restricted = [column.key for column in COLUMNS if column.restricted]
    assert restricted == ["contact_name", "contact_phone"]
    for columns in (ledger_columns, export_columns):
        assert [column.key for column in columns() if column.restricted] == []
        assert [column.key for column in columns(contacts=True) if column.restricted] == restricted


def test_a_heading_with_its_unit_is_read_back() -> None:
    assert by_key("capital").heading_with_unit == "注册资本(万元)"
    assert by_key("name").heading_with_unit == "企业名称"
    for column in COLUMNS:
        assert split_unit(plain(column.heading_with_unit))[0] == plain(column.heading)


def test_only_money_has_a_unit_and_every_choice_has_its_words() -> None:
    assert {column.key for column in COLUMNS if column.unit} == {
        column.key for column in COLUMNS if column.kind is ColumnKind.MONEY
    }
    assert {column.choices for column in COLUMNS if column.choices} - {"office"} <= set(CHOICES)
    assert {column.fallback for column in COLUMNS if column.fallback} <= set(CHOICES["legal_form"])


def test_every_column_a_person_fills_in_says_how() -> None:
    assert [column.key for column in COLUMNS if column.in_form and not column.note.endswith("。")] == []
    assert [column.key for column in template_columns() if column.derived] == []
