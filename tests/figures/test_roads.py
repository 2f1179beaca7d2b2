"""Whatever road an amount comes by: a proven figure is replaced by the paper for the new one and a reason, or not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient

from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.vocabulary import FigureKind, Stage
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.figures.queries import figures
from registry.filings.models import Recheck
from registry.filings.queries import rechecks
from registry.firms.models.firms import Firm
from registry.forecasts.queries import forecasts
from registry.notices.models import Notice
from registry.pathway.queries import unproven
from registry.quarters.queries import quarters
from registry.quarters.sheets.quarterly import write_quarterly
from tests.dossier.test_pages import text_of
from tests.figures.test_months import at, only
from tests.figures.test_pages import typed
from tests.filed import enrolled
from tests.terminal import registry
from tests.uploads import applied, listed, uploaded
from tests.workbooks.filled import changed, confirmed, issued, put, sent
from tests.world import NOW, TODAY, World, post, sign_in

PROVEN, OTHER = Decimal("15000000.00"), Decimal("25000000.00")
HEADINGS = ("企业名称", "统一社会信用代码", "本年累计营业收入（万元）", "截至月份")
SEPTEMBER = "2021年1-9月营业收入(万元)"


@pytest.fixture
def firm(world: World) -> Firm:
    """In the directory by a proven September figure of 1500."""
    found = world.admitted(wan="1500")
    db.session.commit()
    return found


def standing(number: int) -> tuple[str, Decimal, bool, list[Decimal]]:
    """Stage, the September revenue that counts, whether it is proven, and what stands beside it."""
    db.session.rollback()
    found = db.session.get_one(Firm, number)
    (one,) = (one for one in figures.counted_figures(found) if one.line.kind == FigureKind.REVENUE)
    return found.stage, one.line.amount, one.proven, [line.amount for line in one.beside]


def test_the_form_asks_for_the_paper_and_the_reason(client: FlaskClient, firm: Firm) -> None:
    number = firm.id
    sign_in(client, "haifeng")
    for sent_along in ({"amount": "2500", "reason": "更正"}, {"amount": "2500"}):
        assert post(client, f"/firms/{number}/figures/new", typed(**sent_along)).status_code == 422
    assert standing(number) == (Stage.ADMITTED, PROVEN, True, [])


def test_the_months_page_does_not_ask_for_what_is_proven_and_takes_nothing_for_it(
    client: FlaskClient, firm: Firm
) -> None:
    number = firm.id
    sign_in(client, "haifeng")
    post(client, at(number), only(revenue_amount="2500", revenue_reason="更正"))
    assert standing(number) == (Stage.ADMITTED, PROVEN, True, [])


def test_the_import_keeps_it_beside_as_unproven(world: World, firm: Firm, tmp_path: Path) -> None:
    rows = [(firm.name, firm.credit_code or "", "2500", "2021-09")]
    applied(uploaded(tmp_path, listed(rows, HEADINGS)))
    assert standing(firm.id) == (Stage.ADMITTED, PROVEN, True, [OTHER])


def test_the_command_keeps_it_beside_as_unproven(installed: Path, world: World, firm: Firm) -> None:
    path, number = installed / "名单.csv", firm.id
    path.write_bytes(listed([(firm.name, firm.credit_code or "", "2500", "2021-09")], HEADINGS))
    db.session.rollback()
    order = ("import", str(path), "--office", "441521", "--apply", "--as", "haifeng")
    unreasoned = registry(*order)
    assert (unreasoned.status, standing(number)) == (3, (Stage.ADMITTED, PROVEN, True, []))
    db.session.rollback()
    said = registry(*order, "--reason", "企业来函更正")
    assert said.status == 0, said.out + said.err
    assert standing(number) == (Stage.ADMITTED, PROVEN, True, [OTHER])


def test_the_office_workbook_keeps_it_beside_as_unproven_with_its_reason(world: World, firm: Firm) -> None:
    number = firm.id
    row = sent(changed(issued(), put(firm, SEPTEMBER, 2500), put(firm, "更正理由", "补记")))
    confirmed(row, revenue_2021_09="given")
    assert standing(number) == (Stage.ADMITTED, PROVEN, True, [OTHER])


# -- a figure that only a workbook states ---------------------------------------------------------------
@pytest.fixture
def stated(world: World) -> Firm:
    """Of a lead: 2500 to September, stated by a workbook alone."""
    found = world.firm()
    db.session.commit()
    confirmed(sent(changed(issued(), put(found, SEPTEMBER, 2500))), revenue_2021_09="given")
    return db.session.get_one(Firm, found.id)


def test_rate_tier_and_forecast_do_not_speak_of_it_and_it_is_marked(world: World, stated: Firm) -> None:
    assert (stated.revenue_to_date, stated.unproven) == (OTHER, ",revenue_to_date,")
    assert (stated.rate, stated.tier) == (None, None)
    counted = figures.counted_figures(stated)
    told = forecasts.of(stated, [one.line for one in counted if one.proven], on=TODAY)
    assert not told.forecast.is_known


def test_no_firm_is_proposed_on_it(client: FlaskClient, stated: Firm) -> None:
    number = stated.id
    sign_in(client, "haifeng")
    post(client, f"/firms/{number}/submit")
    db.session.rollback()
    assert db.session.get_one(Firm, number).stage == Stage.LEAD


def test_the_cell_of_the_quarter_is_empty_and_says_so(world: World, tmp_path: Path) -> None:
    firm = world.admitted(wan="1500")
    void_statements(world, firm)
    book = quarters.book(Quarter.parse("2021Q4"))
    (row,) = book.rows()
    assert (row["revenue_to_date"], row["rate"], row["tier"], row["pending"]) == (
        None, None, None, ("revenue_to_date",),
    )  # fmt: skip
    path = tmp_path / "季度.xlsx"
    with path.open("wb") as file:
        write_quarterly(file, book)
    cells = [str(cell) for sheet in sheets(path) for line in sheet for cell in line if cell is not None]
    assert "待证" in cells
    assert any(cell.startswith("1 家企业的数尚无同类、同期凭证") for cell in cells)


def sheets(path: Path) -> list[list[tuple[object, ...]]]:
    return [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)]


def void_statements(world: World, firm: Firm) -> None:
    for paper in documents.documents_of(firm):
        if paper.material == "M04" and paper.voided_at is None:
            attachments.void(world.actor("haifeng"), firm, paper, at=NOW, on=TODAY, reason="不是该企业的报表")


def test_a_firm_admitted_on_it_is_listed_to_its_office_and_to_statistics(world: World) -> None:
    firm = world.admitted(wan="1500")
    void_statements(world, firm)
    assert firm.stage == Stage.ADMITTED
    for username in ("haifeng", "statistics"):
        (row,) = unproven.resting(world.actor(username), on=TODAY)
        assert (row.firm.id, row.figure.amount, row.line) == (firm.id, PROVEN, Decimal("10000000.00"))


def test_a_paper_voided_after_filing_raises_a_recheck_and_tells_statistics(world: World, client: FlaskClient) -> None:
    firm = enrolled(world).firm
    void_statements(world, firm)
    assert firm.stage == Stage.ENROLLED
    (row,) = db.session.query(Recheck).filter_by(firm_id=firm.id)
    assert (row.year, row.outcome, row.note) == (
        2021, "open", "申报所依据的凭证（2021-09）已作废，该数现为未证，须复核",
    )  # fmt: skip
    assert rechecks.outstanding(world.actor("statistics"), 2021) == 1
    assert [one.firm.id for one in unproven.resting(world.actor("statistics"), on=TODAY)] == [firm.id]
    (notice,) = db.session.query(Notice).filter_by(kind="statement_voided")
    assert notice.firm_id == firm.id
    db.session.commit()
    sign_in(client, "statistics")
    assert "申报所依据的凭证（2021-09）已作废" in text_of(client.get("/notices"))
