"""Faults planted into the files of a plan are refused with file, row and column, and then nothing is loaded."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.base.extensions import db
from registry.config import ROOT
from registry.plans.models import Plan
from registry.rulesets.rules.cells import FileFault
from registry.seeding.services import seeds
from registry.seeding.services.seeds import SeedsRefused
from tests.world import World

FOLDER = "plans/2021"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path / "seeds"


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def change(folder: Path, name: str, row: int, heading: str, text: str) -> None:
    """`row` as a spreadsheet counts, its headings being row 1."""
    path = folder / FOLDER / f"{name}.csv"
    rows = rows_of(path)
    rows[row - 1][rows[0].index(heading)] = text
    write(path, rows)


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def told(folder: Path, *, alone: bool = True) -> set[tuple[str, int, str]]:
    found: list[FileFault] = seeds.check(folder, alone=alone)[1]
    return {(fault.file, fault.row, fault.heading) for fault in found}


def test_the_files_as_they_are_have_no_fault(world: World, folder: Path) -> None:
    files, found = seeds.check(folder, alone=True)
    assert [fault.sentence() for fault in found] == []
    assert len([one for one in files if one.file.startswith("plans/")]) == 7


@pytest.mark.few(4)
@pytest.mark.parametrize(
    "name, row, heading, text",
    [
        ("measure_offices", 2, "office", "sciences"),  # no such office
        ("measure_offices", 2, "office", "reform"),  # another office than the name printed
        ("measure_offices", 2, "printed", "市科学局"),  # a name that nobody bears
        ("measure_offices", 2, "source", ""),
        ("measure_offices", 2, "clause", ""),
        ("measure_offices", 2, "measure", "三（九）1"),
        ("measure_offices", 17, "office", "science"),  # among the counties
        ("measures", 2, "code", "三（一）9"),  # no such paragraph
        ("measures", 2, "title", ""),
        ("targets", 2, "source", ""),
        ("targets", 2, "amount", "二"),
        ("targets", 2, "kind", "enrolments"),
        ("targets", 2, "industries", "I 999"),
        ("targets", 2, "industries", ""),
        ("targets", 3, "code", "T1"),
        ("subsidies", 2, "share", "30"),
        ("subsidies", 2, "cap", "50万"),
        ("working_rules", 2, "checked_on", ""),
        ("paragraphs", 3, "text", ""),
        ("plan", 2, "code", "2022"),
        ("plan", 2, "last_year", "2020"),
        ("plan", 2, "valid_from", "2021年1月1日"),
        ("plan", 1, "edition", "editions"),
    ],
)
def test_a_planted_fault_is_told_with_its_file_row_and_column(
    world: World, folder: Path, name: str, row: int, heading: str, text: str
) -> None:
    change(folder, name, row, heading, text)
    place = (f"{FOLDER}/{name}.csv", row, text if row == 1 else heading)
    assert place in told(folder)
    assert place in told(folder, alone=False)


@pytest.mark.parametrize("gone", [2, 30])
def test_an_office_of_the_text_without_its_row_is_told(world: World, folder: Path, gone: int) -> None:
    path = folder / FOLDER / "measure_offices.csv"
    rows = rows_of(path)
    measure = rows.pop(gone - 1)[0]
    write(path, rows)
    places = [row for row in rows_of(folder / FOLDER / "measures.csv") if row[0] == measure]
    found = [
        fault for fault in seeds.check(folder, alone=True)[1] if fault.file.endswith(("measures.csv", "offices.csv"))
    ]
    assert len(places) == 1
    assert [fault.values["measure"] for fault in found] == [measure]


@pytest.mark.parametrize(
    "name", ["plan", "paragraphs", "targets", "measures", "measure_offices", "subsidies", "working_rules"]
)
def test_a_file_that_is_away_or_empty_is_told(world: World, folder: Path, name: str) -> None:
    path = folder / FOLDER / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert (f"{FOLDER}/{name}.csv", 0, "") in told(folder)
    path.unlink()
    assert (f"{FOLDER}/{name}.csv", 0, "") in told(folder)


def test_with_one_fault_nothing_is_loaded(app: Flask, folder: Path) -> None:
    change(folder, "plan", 2, "name", "")
    with app.app_context():
        before = db.session.scalar(select(func.count(Plan.id)))
        with pytest.raises(SeedsRefused):
            seeds.load(folder)
        db.session.rollback()
        assert db.session.scalar(select(func.count(Plan.id))) == before


def test_what_differs_from_the_plan_that_is_there_is_told_and_not_taken(world: World, folder: Path) -> None:
    db.session.commit()
    change(folder, "targets", 2, "amount", "7")
    (differs,) = next(one for one in seeds.load(folder) if one.file.endswith("/targets.csv")).differs
    assert (differs.row, differs.key, differs.column, differs.here, differs.there) == (2, "T1", "amount", "2", "7")
    assert [one.amount for one in db.session.scalars(select(Plan)).one().versions[0].targets] == [2, 2, 5, 3]


def test_a_second_plan_is_loaded_beside_the_first(world: World, folder: Path) -> None:
    db.session.commit()
    shutil.copytree(folder / FOLDER, folder / "plans" / "2022-2024")
    path = folder / "plans" / "2022-2024" / "plan.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("\n2021,", "\n2022-2024,").replace(",2021,2021,", ",2022,2024,"),
        encoding="utf-8",
    )
    seeds.load(folder)
    assert [plan.code for plan in db.session.scalars(select(Plan).order_by(Plan.id))] == ["2021", "2022-2024"]
