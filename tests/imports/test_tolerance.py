"""What one row cannot bear costs that row, an optional cell itself alone; alike on both databases."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select, text

from registry.base.characters import require_storable, shown
from registry.base.errors import BadCharacter, Unstorable
from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.imports.models import ImportRow
from registry.imports.services import rows as reading
from registry.imports.services import sorting, staging
from tests.uploads import applied, codes, counts, listed, rows, uploaded
from tests.world import World, credit_code

ADDRESS = "海丰县海城镇人民路8号"


def workbook(
    *lines: tuple[object, ...], headings: tuple[str, ...] = ("企业名称", "统一社会信用代码", "注册地址")
) -> bytes:
    """Cells as given; `_x0000_` in one is how a workbook writes NUL."""
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for line in (headings, *lines):
        sheet.append(line)
    book.save(file)
    return file.getvalue()


def test_a_nul_in_a_cell_costs_its_row_with_the_place(world: World, tmp_path: Path) -> None:
    content = workbook(
        ("海丰县_x0000_甲科技有限公司", None, ADDRESS),
        ("海丰县乙科技有限公司", None, f"{ADDRESS}_x0000_"),
        ("海丰县丙电子科技有限公司", credit_code(1), ADDRESS),
        ("海丰县丁水产有限公司", "_x0000_", ADDRESS),
    )
    batch = uploaded(tmp_path, content, name="名单.xlsx")
    assert counts(batch) == (2, 0, 0, 0, 2)
    assert [codes(row.faults) for row in rows(batch)] == [
        [("A", "name", "control")], [], [], [("B", "credit_code", "control")],
    ]  # fmt: skip
    assert ("C", "registered_address", "unread_control") in codes(rows(batch)[1].notices)
    assert rows(batch)[0].name == "海丰县\ufffd甲科技有限公司"
    applied(batch)
    firms = [tuple(row) for row in db.session.execute(select(Firm.name, Firm.registered_address).order_by(Firm.id))]
    assert firms == [("海丰县乙科技有限公司", ""), ("海丰县丙电子科技有限公司", ADDRESS)]


def test_a_nul_in_a_heading_or_beside_the_table_is_shown_and_costs_nothing(world: World, tmp_path: Path) -> None:
    content = workbook(
        ("海丰县丙电子科技有限公司", credit_code(1), ADDRESS, "x"),
        ("合计_x0000_：1 家", None, None, None),
        headings=("企业名称", "统一社会信用代码", "注册地址", "自定_x0000_一列"),
    )
    batch = uploaded(tmp_path, content, name="名单.xlsx")
    assert batch.new == 1
    (column,) = [one for one in batch.reading["columns"] if one["column"] == "D"]
    assert (column["heading"], column["taken"], column["why"]) == ("自定\ufffd一列", "left_out", "unknown")


def test_a_row_that_the_database_refuses_goes_back_and_the_others_stand(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is that no reader foresaw: here a name that is no name any more when it is staged."""
    plain = staging.SortedTable._staged

    def odd(table: staging.SortedTable, row: sorting.Sorted) -> dict[str, object]:
        values = plain(table, row)
        return {**values, "name": "海丰县\0"} if row.reading.number == 3 else values

    monkeypatch.setattr(staging.SortedTable, "_staged", odd)
    content = listed([(f"海丰县梅陇第{n}科技有限公司", credit_code(n), ADDRESS) for n in range(1, 6)])
    batch = uploaded(tmp_path, content)
    assert counts(batch) == (4, 0, 0, 0, 1)
    assert [(row.number, codes(row.faults)) for row in rows(batch) if row.faults] == [(3, [(None, None, "unbearable")])]
    applied(batch)
    assert db.session.query(Firm).count() == 4


@pytest.mark.parametrize("floor", ["reading", "comparing"])
def test_a_rule_that_did_not_foresee_a_row_costs_that_row(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, floor: str
) -> None:
    def odd(_self: object, number: int) -> None:
        if number == 3:
            raise OverflowError("date value out of range")

    if floor == "reading":
        read = reading.RowReader._days
        monkeypatch.setattr(reading.RowReader, "_days", lambda s, r: (odd(s, r.number), read(s, r)))
    else:
        judged = sorting.Sorter._judged
        monkeypatch.setattr(
            sorting.Sorter, "_judged", lambda s, r, f, k: (odd(s, r.number), judged(s, r, f, k))[1]
        )  # fmt: skip
    content = listed([(f"海丰县梅陇第{n}科技有限公司", credit_code(n), ADDRESS) for n in range(1, 4)])
    batch = uploaded(tmp_path, content)
    assert counts(batch) == (2, 0, 0, 0, 1)
    assert [codes(row.faults) for row in rows(batch)] == [[], [(None, None, "unbearable")], []]


EXTREMES = [
    ("registered_address", "注册地址", "路" * 100_000),
    ("founded_on", "成立日期", "9999-99-99"),
    ("founded_on", "成立日期", "99999999999999999999"),
    ("founded_on", "成立日期", -1e300),
    ("employees", "从业人员", "9" * 400),
    ("employees", "从业人员", 1e308),
    ("capital", "注册资本（万元）", "9" * 400),
    ("capital", "注册资本（万元）", 1e308),
    ("capital", "注册资本（万元）", "Infinity"),
    ("capital", "注册资本（万元）", "1e999999"),
    ("to_month", "截至月份", "9" * 50),
    ("credit_code", "统一社会信用代码", "9" * 5_000),
    ("activity", "主营业务", "\U0010fffe" * 3),
]


MAY_BE_LEFT_OUT = {"registered_address", "founded_on", "activity"}


@pytest.mark.parametrize("field, heading, value", EXTREMES)
def test_a_value_out_of_every_range_costs_its_row_or_where_it_may_be_left_out_itself(
    world: World, tmp_path: Path, field: str, heading: str, value: object
) -> None:
    content = workbook(
        ("海丰县甲科技有限公司", value), ("海丰县丙电子科技有限公司", None), headings=("企业名称", heading)
    )  # fmt: skip
    batch = uploaded(tmp_path, content, name="名单.xlsx")
    alone = field in MAY_BE_LEFT_OUT
    assert counts(batch) == ((2, 0, 0, 0, 0) if alone else (1, 0, 0, 0, 1))
    said = rows(batch)[0].notices if alone else rows(batch)[0].faults
    assert field in [found for _, found, _ in codes(said)]
    applied(batch)
    assert db.session.query(Firm).count() == (2 if alone else 1)


# -- the last door ------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", ["a\0b", "半个\ud800字", 2**63, -(2**63) - 1])
def test_no_statement_carries_what_one_of_the_databases_refuses(world: World, value: object) -> None:
    with pytest.raises(Unstorable):
        db.session.execute(text("select :value"), {"value": value})
    db.session.rollback()
    assert db.session.scalar(text("select 1")) == 1


def test_many_rows_at_once_go_through_the_same_door(world: World) -> None:
    blank = {"batch_id": 1, "number": 1, "kind": "new", "raw": {}, "values": {}, "changes": [], "faults": []}
    with pytest.raises(Unstorable):
        db.session.execute(
            ImportRow.__table__.insert(), [{**blank, "name": name} for name in ("甲", "\0")]
        )  # fmt: skip


def test_what_is_only_shown_keeps_every_other_character() -> None:
    assert shown("甲\0乙\ud800丙\n", 5) == "甲\ufffd乙\ufffd丙"
    assert shown("甲乙丙", 2) == "甲乙"
    require_storable("甲乙\n")
    with pytest.raises(BadCharacter, match="第2个字符（U\\+0000）"):
        require_storable("甲\0")
