"""The seeds load any number of times without change, follow their files, and leave what refers to them alone."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from sqlalchemy import func, select

from registry.config import ROOT
from registry.extensions import db
from registry.models import Office, TrailEntry
from registry.services import seeds
from registry.services.seeds import SEEDS, Loaded
from tests.world import World

FOLDER = ROOT / "seeds"


def rows_in(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _row in csv.DictReader(file))


def acts() -> int:
    return db.session.scalar(select(func.count(TrailEntry.seq))) or 0


def test_loading_again_changes_nothing_and_is_no_act(world: World) -> None:
    before = acts()
    loaded = seeds.load(FOLDER)
    assert loaded == [Loaded(seed.file, 0, 0, rows_in(FOLDER / seed.file)) for seed in SEEDS]
    assert (len(db.session.dirty), acts()) == (0, before)


def test_every_file_is_in_its_table_row_by_row(world: World) -> None:
    held = {seed.file: db.session.scalar(select(func.count()).select_from(seed.model)) for seed in SEEDS}
    assert held == {seed.file: rows_in(FOLDER / seed.file) for seed in SEEDS}


def test_every_file_of_the_folder_is_loaded() -> None:
    read_where_used = {"forecast_widths.csv"}  # by queries.forecasts: it is what the bench measured, and no table
    assert {path.name for path in FOLDER.glob("*.csv")} - read_where_used == {seed.file for seed in SEEDS}


def test_a_changed_line_changes_its_row_and_is_one_act(world: World, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "seeds"))
    file, before = folder / "offices.csv", acts()
    file.write_text(file.read_text(encoding="utf-8").replace("海丰县", "海丰县（改）"), encoding="utf-8")
    loaded = {row.file: row for row in seeds.load(folder)}
    office = db.session.scalars(select(Office).where(Office.code == "441521")).one()
    act = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert (loaded["offices.csv"].added, loaded["offices.csv"].changed) == (0, 1)
    assert "（改）" in office.name
    assert act is not None
    assert (acts() - before, act.verb, act.after) == (1, "seed", {"offices.csv": 1})


def test_a_line_that_is_gone_leaves_its_row_for_entries_may_refer_to_it(world: World, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "seeds"))
    file = folder / "return_reasons.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), encoding="utf-8")
    loaded = {row.file: row for row in seeds.load(folder)}
    assert loaded["return_reasons.csv"] == Loaded("return_reasons.csv", 0, 0, len(lines) - 2)
    reasons = next(seed.model for seed in SEEDS if seed.file == "return_reasons.csv")
    assert db.session.scalar(select(func.count()).select_from(reasons)) == len(lines) - 1
