"""The slip of yuan for 万元 is asked about on every road, also of a firm without an earlier figure, until it is settled."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.base.errors import FieldError
from registry.base.extensions import db
from registry.base.money import in_words
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind, FigureSource
from registry.figures.models import Figure
from registry.figures.queries import beside, figures
from registry.figures.rules.doubts import Beside, DoubtLimits, found, noted
from registry.figures.rules.usual import Usual, usual
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.ledger.queries import ledger
from registry.proposals.services import proposals
from tests.dossier.test_pages import text_of
from tests.figures.test_months import at, only
from tests.figures.test_pages import typed, upload
from tests.terminal import registry
from tests.uploads import applied, listed, rows, uploaded
from tests.workbooks.filled import cells, changed, confirmed, issued, put, said, sent
from tests.world import NOW, TODAY, World, post, sign_in, signed_in

SLIP = "8500000"
STORED = Decimal("85000000000.00")
LINE = "是四上标准 2,000.00 万元 的 4250 倍，请核对单位是元还是万元"
SEPTEMBER = "2021年1-9月营业收入(万元)"
HEADINGS = ("企业名称", "统一社会信用代码", "本年累计营业收入（万元）", "截至月份")
LIMITS = DoubtLimits(jump=50, line=50, capital=500, head=Decimal(10_000_000), sales=3, usual=20)


@pytest.fixture
def lead(world: World) -> Firm:
    """A firm without any figure."""
    firm = world.firm()
    db.session.commit()
    return firm


def kept(number: int) -> list[Figure]:
    db.session.rollback()
    return figures.figures_of(db.session.get_one(Firm, number))


# -- the rule -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wan, ground, causes",
    [
        ("100000", Beside(line=Decimal(20_000_000)), ["line"]),
        ("99999.99", Beside(line=Decimal(20_000_000)), []),
        ("5000", Beside(capital=Decimal(100_000)), ["capital"]),
        ("5000", Beside(employees=5), ["head"]),
        ("5000", Beside(employees=6), []),
        ("3000", Beside(other=Decimal(10_000_000)), ["sales"]),
        ("2999", Beside(other=Decimal(10_000_000)), []),
        ("20001", Beside(usual=Usual(Decimal(1_000_000), Decimal(10_000_000))), ["usual"]),
        ("3", Beside(usual=Usual(Decimal(1_000_000), Decimal(10_000_000))), ["usual"]),
        ("1500", Beside(Decimal(20_000_000), Decimal(5_000_000), 30, Decimal(14_000_000)), []),
    ],
)
def test_an_amount_is_held_against_the_firm_itself(wan: str, ground: Beside, causes: list[str]) -> None:
    odd = found(FigureKind.REVENUE, Period(2021, 9), Decimal(wan) * 10_000, {}, limits=LIMITS, beside=ground)
    assert [doubt.kind for doubt in odd] == causes


def test_the_usual_range_is_rounded_and_told_from_ten_firms_of_three_offices_only() -> None:
    given = [(number % 3, Decimal(1_234_567 * (number + 1))) for number in range(10)]
    assert usual(given) == Usual(Decimal(4_000_000), Decimal(9_600_000))
    assert usual(given[:9]) is None
    assert usual([(number % 2, amount) for number, (_office, amount) in enumerate(given)]) is None


@pytest.mark.parametrize(
    "yuan, words",
    [
        ("85000000000", "八百五十亿元"),
        ("15000000", "一千五百万元"),
        ("10500", "一万零五百元"),
        ("100000015", "一亿零十五元"),
        ("15", "十五元"),
        ("2000300000000", "二万零三亿元"),
        ("0", "零元"),
    ],
)
def test_an_amount_is_read_aloud(yuan: str, words: str) -> None:
    assert in_words(Decimal(yuan)) == words


# -- the roads ------------------------------------------------------------------------------------------
def test_while_it_is_typed_it_is_read_and_held_against_the_firm(client: FlaskClient, lead: Firm) -> None:
    number = lead.id
    sign_in(client, "haifeng")
    query = f"?kind=revenue&year=2021&month=9&amount={SLIP}"
    page = text_of(client.get(f"/firms/{number}/figures/reading{query}"))
    assert "读作八百五十亿元（85,000,000,000.00 元）" in page
    assert "四上标准 2,000.00 万元，为其 425,000%" in page
    assert LINE in page
    of_month = text_of(client.get(f"/firms/{number}/months/2021/9/revenue/reading?revenue_amount={SLIP}"))
    assert LINE in of_month
    assert client.get(f"/firms/{number}/figures/reading?amount=x").get_data() == b""


def test_the_form_asks_for_a_reason_and_keeps_the_doubt(client: FlaskClient, lead: Firm) -> None:
    number = lead.id
    sign_in(client, "haifeng")
    path = f"/firms/{number}/figures/new"
    asked = post(client, path, typed(amount=SLIP, file=upload()))
    assert (asked.status_code, LINE in text_of(asked), kept(number)) == (422, True, [])
    assert post(client, path, typed(amount=SLIP, file=upload(), assurance="平台代收货款")).status_code == 302
    (figure,) = kept(number)
    assert (figure.amount, figure.assurance, figure.is_doubted) == (STORED, "平台代收货款", True)
    assert [doubt["cause"] for doubt in figure.doubts] == ["line"]


def test_the_months_page_asks_too(client: FlaskClient, lead: Firm) -> None:
    number = lead.id
    sign_in(client, "haifeng")
    asked = post(client, at(number), only(revenue_amount=SLIP, revenue_file=upload()))
    assert (asked.status_code, LINE in text_of(asked), kept(number)) == (422, True, [])
    sure = post(client, at(number), only(revenue_amount=SLIP, revenue_file=upload(), assurance="已核对"))
    assert (sure.status_code, [figure.is_doubted for figure in kept(number)]) == (302, [True])


def test_the_import_warns_before_and_keeps_the_doubt(world: World, lead: Firm, tmp_path: Path) -> None:
    content = listed([(lead.name, lead.credit_code or "", SLIP, "2021-09")], HEADINGS)
    batch = uploaded(tmp_path, content)
    assert [notice["code"] for notice in rows(batch)[0].notices] == ["figure_line"]
    applied(batch)
    (figure,) = kept(lead.id)
    assert ([doubt["cause"] for doubt in figure.doubts], figure.is_doubted) == (["line"], True)
    assert db.session.get_one(Firm, figure.firm_id).doubted == ",revenue_to_date,"


def test_a_new_firm_of_an_import_is_held_against_what_the_row_says(world: World, tmp_path: Path) -> None:
    headings = (*HEADINGS, "行业代码", "注册资本（万元）", "从业人员")
    row = ("海丰县青梅科技有限公司", "", SLIP, "2021-09", "6513", "100", "20")
    batch = uploaded(tmp_path, listed([row], headings))
    causes = {notice["code"] for notice in rows(batch)[0].notices if notice["code"].startswith("figure_")}
    assert causes == {"figure_line", "figure_capital", "figure_head"}
    applied(batch)
    assert db.session.query(Firm).one().doubted == ",revenue_to_date,"


def test_the_command_says_it(installed: Path, world: World, lead: Firm) -> None:
    path = installed / "名单.csv"
    path.write_bytes(listed([(lead.name, lead.credit_code or "", SLIP, "2021-09")], HEADINGS))
    db.session.rollback()
    assert LINE in registry("import", str(path), "--office", "441521", "--json").out


def test_the_office_workbook_asks_for_a_reason_in_the_row(world: World, lead: Firm) -> None:
    number = lead.id
    row = sent(changed(issued(), put(lead, SEPTEMBER, int(SLIP))))
    assert said(row) == ["数字存疑，请对照凭证核对；确认无误的，在本行“更正理由”栏写明理由后再交回"]
    row = sent(changed(issued(), put(lead, SEPTEMBER, int(SLIP)), put(lead, "更正理由", "已核对")))
    assert [one["template"] % one["values"] for one in cells(row)[0].warnings] == [LINE]
    confirmed(row, revenue_2021_09="given")
    (figure,) = kept(number)
    assert (figure.assurance, [doubt["cause"] for doubt in figure.doubts]) == ("已核对", ["line"])


def test_no_service_takes_a_doubt_without_a_reason(world: World, lead: Firm) -> None:
    odd = figures.doubts(lead, FigureKind.REVENUE, Period(2021, 9), STORED, on=TODAY)
    kept_with_it = {Period(2021, 9): [noted(doubt, "revenue") for doubt in odd]}
    with pytest.raises(FieldError) as refused:
        recording.append(
            world.actor("haifeng"), lead, Period(2021, 9), STORED, source=FigureSource.WORKBOOK, document=None,
            at=NOW, on=TODAY, doubts=kept_with_it,
        )  # fmt: skip
    assert refused.value.field == "assurance"


# -- until it is settled --------------------------------------------------------------------------------
@pytest.fixture
def doubted(world: World) -> Firm:
    firm = world.firm()
    odd = [noted(doubt, "revenue") for doubt in figures.doubts(
        firm, FigureKind.REVENUE, Period(2021, 9), STORED, on=TODAY
    )]  # fmt: skip
    recording.record(
        world.actor("haifeng"), firm, Period(2021, 9), STORED, source=FigureSource.INCOME_STATEMENT,
        document=world.document(firm), at=NOW, on=TODAY, doubts={Period(2021, 9): odd}, assurance="平台代收货款",
    )  # fmt: skip
    db.session.commit()
    return firm


def test_reviewer_ledger_and_sums_see_it_until_another_office_settles_it(
    app: Flask, world: World, doubted: Firm
) -> None:
    number = doubted.id
    proposal = proposals.submit(world.actor("haifeng"), doubted, at=NOW, on=TODAY)
    case = proposal.id
    db.session.commit()
    wanted = ledger.LedgerQuery(stage="proposed")
    assert ledger.tally(world.actor("haifeng"), wanted).total.doubted == STORED
    clerk = signed_in(app, "haifeng")
    assert "其中存疑 8,500,000.00 万元" in text_of(clerk.get("/firms?stage=proposed"))
    assert clerk.get(f"/firms/{number}/figures/{kept(number)[0].id}/settle").status_code == 404
    client = signed_in(app, "industry")
    assert LINE in text_of(client.get(f"/reviews/{case}"))
    (figure,) = kept(number)
    path = f"/firms/{number}/figures/{figure.id}/settle"
    assert LINE in text_of(client.get(path))
    assert post(client, path, {"note": ""}).status_code == 422
    assert post(client, path, {"note": "对照利润表原件，数字为万元"}).status_code == 302
    (figure,) = kept(number)
    assert (figure.is_doubted, db.session.get_one(Firm, number).doubted) == (False, "")
    assert "存疑已核实" in text_of(client.get(f"/firms/{number}/figures"))
    assert post(client, path, {"note": "再次"}).status_code == 422


def test_the_usual_range_comes_from_proven_figures_of_others(world: World) -> None:
    assert beside.usual_of("6513") is None
    for number in range(10):
        by = ("haifeng", "lufeng", "chengqu")[number % 3]
        firm = world.firm(f"{'甲乙丙丁戊己庚辛壬癸'[number]}数据技术有限公司", by=by)
        world.figure(firm, str(100 * (number + 1)), by=by, period="2020-12")
    assert beside.usual_of("6513") == Usual(Decimal(3_300_000), Decimal(7_800_000))
