"""The files of `seeds/` and the tables they fill speak of the same columns, and load any number of times unchanged."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlalchemy import func, select

from registry.base.extensions import db
from registry.bulletins.services.files import FILE as WORDING
from registry.config import ROOT
from registry.plans.rules.files import files_of
from registry.qualifications.services.files import FILE as KINDS
from registry.resources.services.files import FILE as RESOURCE_KINDS
from registry.rulesets.queries.published import MODELS
from registry.rulesets.rules.files import FILES
from registry.rulesets.rules.loaded import Loaded
from registry.seeding.services import seeds
from registry.trail.models import TrailEntry
from tests.world import World

FOLDER = ROOT / "seeds"
CASES = sorted(path.parent.name for path in (FOLDER / "cases").glob("*/kind.toml"))
OURS = {"office": {"id"}, "threshold": {"draft_id"}, "parameter": {"draft_id"}}
"""Columns that no file fills."""


def rows_in(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _row in csv.DictReader(file))


def test_loading_again_changes_nothing_and_is_no_act(world: World) -> None:
    acts = select(func.count(TrailEntry.seq))
    before = db.session.scalar(acts)
    loaded = seeds.load(FOLDER)
    assert loaded == [
        *(Loaded(file.name, 0, rows_in(FOLDER / file.name)) for file in (*FILES, KINDS)),
        *(Loaded(f"cases/{name}/kind.toml", 0, 1) for name in CASES),
        Loaded(RESOURCE_KINDS.name, 0, rows_in(FOLDER / RESOURCE_KINDS.name)),
        *(Loaded(file.name, 0, rows_in(FOLDER / file.name)) for file in (*files_of("2021").values(), WORDING)),
    ]
    assert (len(db.session.dirty), db.session.scalar(acts)) == (0, before)


def test_every_file_is_in_its_table_row_by_row(world: World) -> None:
    held = {name: db.session.scalar(select(func.count()).select_from(model)) for name, model in MODELS.items()}
    assert held == {name: rows_in(FOLDER / name) for name in MODELS}


def test_every_file_of_the_folder_is_loaded() -> None:
    read_where_used = {
        "forecast_widths.csv"
    }  # by forecasts.queries.forecasts: it is what the bench measured, and no table
    files = {file.name for file in (*FILES, KINDS, RESOURCE_KINDS)}
    assert {path.name for path in FOLDER.glob("*.csv")} - read_where_used == files


def test_a_file_has_the_columns_of_its_table_and_its_key_is_unique_there() -> None:
    for file in FILES:
        table = MODELS[file.name].__table__
        assert set(file.cells) == {column.name for column in table.columns} - OURS.get(str(table.name), set()), (
            file.name
        )
        unique = [{column.name for column in table.primary_key}, *({c.name} for c in table.columns if c.unique)]
        assert set(file.key) in unique, file.name


def test_what_a_file_may_leave_empty_its_table_may_lack_or_keep_as_empty_text() -> None:
    for file in FILES:
        for name, cell in file.cells.items():
            column = MODELS[file.name].__table__.columns[name]
            text = column.type.python_type is str
            assert not cell.optional or column.nullable or text, (file.name, name)
