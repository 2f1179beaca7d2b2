"""What an office says of a heading of a form is remembered for that form and office, and withdrawn."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.imports import queries
from registry.imports.models import ColumnChoice
from registry.imports.services import columns
from registry.sheets.byhand import ColumnUse, HeadingChoice
from registry.upperforms.models import UpperForm
from registry.upperforms.services import filling
from registry.upperforms.services.filling import FillOrder
from tests.upperforms import made
from tests.upperforms.made import YUNGU
from tests.upperforms.test_filling import brought
from tests.world import NOW, TODAY, World

HEADS = ["企业名称", "所属条线", "资质情况", "营业收入（万元）"]
ACTIVITY = HeadingChoice(ColumnUse.READ, "activity")


def form(world: World, *, by: str = "haifeng", heads: list[str] | None = None) -> UpperForm:
    return brought(world, made.plain(heads or HEADS), FillOrder(), by=by)


def keys(world: World, row: UpperForm, by: str = "haifeng") -> list[str | None]:
    return [column.key for column in filling.plan_of(world.actor(by), row, TODAY).plan.form.columns]


def say(world: World, row: UpperForm, heading: str, choice: HeadingChoice | None, by: str = "haifeng") -> None:
    filling.say(world.actor(by), row, heading, choice, at=NOW)
    db.session.commit()


def test_it_holds_for_the_next_form_with_the_same_headings_in_whatever_order_and_unit(world: World) -> None:
    world.admitted(YUNGU, wan="1500")
    first = form(world)
    assert keys(world, first) == ["name", None, "qualifications", None]
    say(world, first, "所属条线", ACTIVITY)
    say(world, first, "资质情况", HeadingChoice(ColumnUse.LEFT_OUT))
    say(world, first, "营业收入（万元）", HeadingChoice(ColumnUse.READ, "revenue_to_date"))
    again = form(world, heads=["营业收入（元）", "资质情况", "企业名称", "所属条线"])
    assert keys(world, again) == ["revenue_to_date", None, "name", "activity"]
    (column, *_rest) = filling.plan_of(world.actor("haifeng"), again, TODAY).plan.form.columns
    assert (column.scale, column.by, column.on) == (1, "陈晓", "2021-10-15")
    assert keys(world, form(world, heads=[*HEADS, "备注"])) == ["name", None, "qualifications", None, None]


def test_another_office_does_not_have_it_nor_do_the_lists_that_are_imported(world: World) -> None:
    world.admitted(YUNGU, wan="1500")
    row = form(world)
    say(world, row, "所属条线", ACTIVITY)
    assert keys(world, form(world, by="cityoffice"), "cityoffice") == ["name", None, "qualifications", None]
    assert columns.of_office(row.office_id) == {}
    assert list(db.session.scalars(queries.columns_of(world.actor("haifeng")))) == []
    assert len(list(db.session.scalars(queries.form_columns_of(world.actor("haifeng2"))))) == 1


def test_withdrawn_it_speaks_for_itself_again(world: World) -> None:
    world.admitted(YUNGU, wan="1500")
    row = form(world)
    say(world, row, "所属条线", ACTIVITY)
    say(world, row, "所属条线", None)
    assert (keys(world, row)[1], list(db.session.scalars(select(ColumnChoice)))) == (None, [])


def test_a_field_of_a_form_alone_may_be_given_and_a_period_of_the_heading_stands(world: World) -> None:
    world.admitted(YUNGU, wan="1500")
    row = form(world, heads=["企业名称", "地区", "2018年营收情况（万元）", "营收增长率（%）"])
    say(world, row, "地区", HeadingChoice(ColumnUse.READ, "city"))
    say(world, row, "2018年营收情况（万元）", HeadingChoice(ColumnUse.READ, "revenue_to_date"))
    say(world, row, "营收增长率（%）", HeadingChoice(ColumnUse.READ, "revenue_to_date"))
    plan = filling.plan_of(world.actor("haifeng"), row, TODAY).plan
    assert [column.key for column in plan.form.columns] == ["name", "city", "figure", None]
    assert [(one.heading, one.why) for one in plan.left] == [
        ("营收增长率（%）", "no_amount"), ("2018年营收情况（万元）", "empty"),
    ]  # fmt: skip


@pytest.mark.parametrize("choice", [HeadingChoice(ColumnUse.READ, "nothing"), HeadingChoice(ColumnUse.READ, "rank")])
def test_what_is_no_field_is_refused(world: World, choice: HeadingChoice) -> None:
    row = form(world)
    with pytest.raises(FieldError):
        filling.say(world.actor("haifeng"), row, "所属条线", choice, at=NOW)
