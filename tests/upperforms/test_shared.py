"""Tables as people really keep them, handed to the filling: nothing that stood in them is changed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from registry.base.extensions import db
from registry.people.queries import people
from registry.upperforms.services import filling
from registry.upperforms.services.filling import FillOrder
from tests.upperforms import made
from tests.world import NOW, TODAY, World

NAMES = ("04-two-row-heading.xlsx", "38-real-headings.xlsx", "39-real-headings-b.xlsx", "74-workbook-values.xlsx")


@pytest.mark.parametrize("name", NAMES)
def test_a_table_that_holds_firms_comes_back_with_every_cell_as_it_was(world: World, shared: Path, name: str) -> None:
    path = shared / "cases" / name
    if not path.is_file():
        pytest.skip("the shared cases are not here")
    made.lives(world)
    db.session.commit()
    office = people.user("cityoffice").office
    order = FillOrder(unit="万元")
    row = filling.bring(
        world.actor("cityoffice"), office, [path.read_bytes()], filename=name, order=order, at=NOW, on=TODAY
    )  # fmt: skip
    plan = filling.plan_of(world.actor("cityoffice"), row, TODAY).plan
    done = filling.written(path, filling.plan_of(world.actor("cityoffice"), row, TODAY), filename=name, by="2021-10-15")
    before, after = openpyxl.load_workbook(path), made.read(done.content)
    assert plan.form.column("name") or plan.form.column("credit_code")
    changed = [
        cell.coordinate
        for sheet in before.worksheets
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None and cell.value != after[sheet.title][cell.coordinate].value
    ]
    assert changed == []
