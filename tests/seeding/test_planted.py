"""Faults of all kinds, planted one at a time over all files of reference data: each is found where it is."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from registry.config import ROOT
from registry.rulesets.rules.cells import FileFault, FileTable
from registry.rulesets.rules.checks import Published, faults
from registry.rulesets.sheets import read
from tests.seeding.planting import ANYWHERE, EVERY, SOMEWHERE, Planted, Sheet, plans

SEED, EACH, LEAST = 20261129, 20, 200
DAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def shipped() -> dict[str, FileTable]:
    """As they are, read once: a fault is planted into one file, and the others stay."""
    return {file.name: read(file, ROOT / "seeds") for file in EVERY}


def found(tables: dict[str, FileTable]) -> list[FileFault]:
    return list(faults(tables, Published(), DAY, DAY))


def planted(folder: Path, seed: int, each: int) -> Iterator[tuple[Planted, Sheet]]:
    for file, kind, seed_of_one in plans(seed, each):
        sheet = Sheet.read(file, ROOT / "seeds", Random(seed_of_one))
        before = sheet.text()
        try:
            fault = kind(sheet)
        except LookupError:
            continue  # the file has no cell for it
        assert sheet.raw is not None or sheet.text() != before, fault
        sheet.write(folder)
        yield fault, sheet


def is_told(fault: Planted, faults: list[FileFault]) -> bool:
    return any((one.file, one.row) == (fault.file, fault.row) and one.heading in fault.headings for one in faults)


def test_the_files_as_they_are_have_no_fault(shipped: dict[str, FileTable]) -> None:
    assert [fault.sentence() for fault in found(shipped)] == []
    assert {table.encoding for table in shipped.values()} == {"utf-8"}


def test_every_planted_fault_is_found_with_its_file_row_and_heading(
    tmp_path: Path, shipped: dict[str, FileTable]
) -> None:
    (tmp_path / "demo").mkdir()
    count: Counter[str] = Counter()
    missed = []
    for fault, sheet in planted(tmp_path, SEED, EACH):
        said = found({**shipped, sheet.file.name: read(sheet.file, tmp_path)})
        count[fault.kind] += 1
        if not is_told(fault, said):
            missed.append((fault, [one.sentence() for one in said[:5]]))
    assert missed == []
    assert sum(count.values()) >= LEAST


def test_every_kind_is_planted_and_every_file_has_some(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    made = [fault for fault, _sheet in planted(tmp_path, SEED, EACH)]
    assert {fault.file for fault in made} == {file.name for file in EVERY}
    kinds = len(ANYWHERE) + sum(len({kind.__name__ for kind in several}) for several in SOMEWHERE.values())
    assert len({(fault.file, fault.kind) for fault in made}) >= kinds
    assert min(Counter(fault.file for fault in made).values()) >= 6


def test_one_file_away_is_told(tmp_path: Path, shipped: dict[str, FileTable]) -> None:
    folder = Path(shutil.copytree(ROOT / "seeds", tmp_path / "seeds"))
    for file in EVERY:
        (folder / file.name).unlink()
        said = found({**shipped, file.name: read(file, folder)})
        assert any((one.file, one.row, one.heading) == (file.name, 0, "") for one in said), file.name
        shutil.copy(ROOT / "seeds" / file.name, folder / file.name)
