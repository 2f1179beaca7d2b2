"""The ledger as a file: what is in it, who may have it, what the trail keeps, and what our own import makes of it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from registry.base.errors import NotAllowed, ReasonNeeded, SheetTooLong
from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.ledger.queries.ledger import LedgerQuery, Order
from registry.ledger.services import exporting
from registry.ledger.services.exporting import ExportRequest, LedgerExport
from registry.reference.queries import reference
from registry.reference.rules.industries import normalise
from registry.sheets.cells import parse
from registry.sheets.columns import by_key, ledger_columns
from registry.sheets.kinds import FileKind
from registry.sheets.reader import read_table
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.world import NOW, World

EVERY = tuple(column.key for column in ledger_columns())
USUAL = ("division", "industry", "revenue_to_date", "rate", "stage", "missing")


@pytest.fixture
def town(world: World) -> World:
    """Firms whose cells are hard to carry: full fen, a formula for a name, no code, forty characters, a zone."""
    world.admitted("海丰县星河数据有限公司", industry="6450", wan="1200.000007")
    world.figure(world.firm("=海丰县云谷软件有限公司"), "931.21")
    world.firm("海丰县无名网络有限公司", credit_code=None, no_code_reason="正在办理登记", industry=None)
    world.firm("海丰县" + "蓝海星辰" * 8 + "有限公司")
    world.firm("汕尾高新区南湖检测技术有限公司", by="gaoxin", industry="7452", division="441502-Z2")
    world.figure(db.session.scalars(select(Firm).where(Firm.name.contains("南湖"))).one(), "88.8", by="gaoxin")
    db.session.commit()
    return world


def asked(kind: FileKind = FileKind.XLSX, **changes: Any) -> ExportRequest:
    given = {"wanted": LedgerQuery(), "order": Order(), "chosen": USUAL, "filter_text": "", **changes}
    return ExportRequest(kind=kind, **given)


@pytest.fixture
def take(town: World) -> Iterator[Any]:
    """Take an export and put it on the trail, as a page does; its file is closed in the end."""
    files = []

    def taken(who: str = "leader", kind: FileKind = FileKind.XLSX, **changes: Any) -> LedgerExport:
        actor = town.actor(who)
        found = exporting.take(actor, asked(kind, **changes), at=NOW)
        files.append(found.file)
        exporting.record(actor, found, at=NOW)
        db.session.commit()
        return found

    yield taken
    for file in files:
        file.close()


def headings(found: LedgerExport) -> list[str]:
    sheet = openpyxl.load_workbook(io.BytesIO(found.file.read())).worksheets[0]
    return [str(cell.value).split("\n")[0] for cell in sheet[4]]


def names(found: LedgerExport) -> list[str]:
    return [line.split(",")[0] for line in found.file.read().decode("utf-8-sig").splitlines()[1:-1]]


def test_an_export_holds_every_firm_of_the_filter_and_no_other(take: Any) -> None:
    found = take("haifeng", FileKind.CSV, wanted=LedgerQuery(text="海丰县"), order=Order("name", descending=False))
    assert found.rows == 4
    assert all("海丰县" in name for name in names(found))


def test_a_county_exports_its_own_reach(take: Any) -> None:
    assert names(take("gaoxin", FileKind.CSV)) == ["汕尾高新区南湖检测技术有限公司"]


def test_the_order_is_that_of_the_screen(take: Any) -> None:
    shown = names(take("leader", FileKind.CSV, order=Order("rate", descending=True)))
    assert shown[:2] == ["海丰县星河数据有限公司", "'=海丰县云谷软件有限公司"]


def test_the_chosen_columns_come_in_the_order_of_the_directory_with_what_belongs_to_them(take: Any) -> None:
    found = take(chosen=("stage", "revenue_to_date", "contact_phone", "no_such"))
    assert headings(found) == ["序号", "企业名称", "统一社会信用代码", "本年累计营业收入", "截至月份", "阶段"]


def test_the_filter_and_the_maker_are_printed(take: Any) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(take("haifeng", filter_text="县区：海丰").file.read())).worksheets[0]
    assert sheet["A1"].value == "汕尾市企业培育名录库台账"
    assert sheet["A2"].value == "筛选条件：县区：海丰"
    assert any(cell.value == "制表人：陈晓" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("kind", list(FileKind))
def test_an_untouched_export_read_again_holds_the_stored_values(take: Any, tmp_path: Path, kind: FileKind) -> None:
    found = take("leader", kind, chosen=EVERY)
    source = tmp_path / f"taken.{kind}"
    source.write_bytes(found.file.read())
    stored = {firm.name: firm for firm in db.session.scalars(select(Firm)).unique()}
    read = dict(read_again(source))
    assert set(read) == set(stored)
    for name, cells in read.items():
        assert cells == written(stored[name], cells)


def read_again(source: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What our own import understands, column by column that a person may write; a fault fails the test."""
    with read_table(source) as table:
        columns = {key: column for key, column in table.recognised().items() if not by_key(key).derived}
        for row in table.rows:
            parsed = {
                key: parse(by_key(key), row.cells[column.index], scale=column.scale) for key, column in columns.items()
            }
            assert [cell.fault for cell in parsed.values() if cell.fault] == []
            yield parsed["name"].value, {key: cell.value for key, cell in parsed.items()}


def written(firm: Firm, cells: dict[str, Any]) -> dict[str, Any]:
    """The stored values as reading should give them back: a place by its name, a month with its year."""
    given = {key: getattr(firm, key) for key in cells}
    territory = reference.territory()
    assert territory.named(cells["division"]) == firm.division
    assert normalise(cells["industry"] or "") == (firm.industry or "")
    month = (firm.standing_year, firm.to_month) if firm.to_month else None
    return given | {"division": cells["division"], "industry": cells["industry"], "to_month": month}


def test_the_trail_holds_who_took_what_by_which_filter_and_its_digest(take: Any) -> None:
    found = take("haifeng", FileKind.CSV, filter_text="县区：海丰")
    entry = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
    assert (entry.verb, entry.subject_kind, entry.actor_name, entry.office_code) == (
        "export",
        "ledger",
        "陈晓",
        "441521",
    )
    assert entry.after == {
        "filter": "县区：海丰",
        "rows": 4,
        "columns": [column.key for column in exporting.columns(USUAL)],
        "contacts": False,
        "sha256": hashlib.sha256(found.file.read()).hexdigest(),
    }
    assert trail.verify().broken is None


def test_contacts_are_in_no_export_unless_asked_for(take: Any) -> None:
    assert b"13800135678" not in take("haifeng", FileKind.CSV, chosen=(*EVERY, "contact_phone")).file.read()


def test_contacts_are_given_with_a_reason_that_is_recorded(take: Any) -> None:
    found = take("haifeng", FileKind.CSV, contacts=True, reason=" 电话核实营业收入 ")
    entry = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
    assert (entry.reason, (entry.after or {})["contacts"]) == ("电话核实营业收入", True)
    assert "13800135678" in found.file.read().decode("utf-8")


def test_contacts_without_a_reason_or_without_the_right_to_them_are_refused(town: World) -> None:
    with pytest.raises(ReasonNeeded):
        exporting.take(town.actor("haifeng"), asked(contacts=True, reason=" "), at=NOW)
    for who in ("leader", "auditor"):
        with pytest.raises(NotAllowed):
            exporting.take(town.actor(who), asked(contacts=True, reason="抽查"), at=NOW)


def test_more_rows_than_a_workbook_may_hold_are_refused_before_any_is_written(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "ROW_LIMIT", 3)
    with pytest.raises(SheetTooLong):
        exporting.take(town.actor("leader"), asked(), at=NOW)
    taken = exporting.take(town.actor("leader"), asked(FileKind.CSV), at=NOW)
    taken.file.close()
    assert taken.rows == 5


def test_unsaved_changes_are_not_lost_to_the_view_of_an_export(town: World) -> None:
    leader = town.actor("leader")
    db.session.scalars(select(Firm).limit(1)).unique().one().issue = "改动"
    with pytest.raises(RuntimeError, match="unsaved"):
        exporting.take(leader, asked(), at=NOW)


def test_a_gap_is_told_in_the_sheet_as_on_the_page(take: Any) -> None:
    text = (
        take("leader", FileKind.CSV, wanted=LedgerQuery(text="星河"), chosen=("missing",))
        .file.read()
        .decode("utf-8-sig")
    )
    assert text.splitlines()[1].split(",")[-1] == "缺口 800.00 万元"
