"""Figures of the tax office: with consent alone, beside the firm's own, replacing and proving nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from registry.base.errors import FieldError, FileRefused, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR, can
from registry.base.vocabulary import Role, UndoGround
from registry.config import ROOT
from registry.figures.queries import on_record
from registry.firms.models.firms import Firm
from registry.ledger.queries import ledger
from registry.ledger.queries.ledger import LedgerQuery, Order
from registry.merges.rules import CODE_GROUNDS
from registry.merges.services import merging, unmerging
from registry.pathway.queries import positions
from registry.pathway.services import standing as renewing
from registry.people.queries import people
from registry.people.services import accounts
from registry.plans.models import Plan
from registry.plans.queries import standing as plan_standing
from registry.qualifications import texts as brought_texts
from registry.quarters.queries import quarters
from registry.taxfigures import texts
from registry.taxfigures.models import TaxFigure, TaxLoad
from registry.taxfigures.queries import figures
from registry.taxfigures.queries.figures import TaxQuery
from registry.taxfigures.services import exporting, judging, loading
from registry.trail.models import TrailEntry
from tests.upperforms.made import Q3
from tests.world import NOW, PASSWORD, TODAY, Build, World, credit_code, post, signed_in, token_in

HEADS = ("企业名称", "统一社会信用代码", "所属期", "营业收入（万元）", "增值税销售额（元）", "企业授权", "取数日期")
CANARY = "987654.32"


def table(*rows: Sequence[Any], heads: Sequence[str] = HEADS, title: str = "") -> bytes:
    book = Workbook()
    if title:
        book.active.append([title])
    book.active.append(list(heads))
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def row(
    firm: Firm, wan: Any = 1600, *, period: str = "2021-09", consent: Any = "授权书2021-7号", vat: Any = None
) -> tuple[Any, ...]:
    return firm.name, firm.credit_code, period, wan, vat, consent, date(2021, 10, 12)


def brought(world: World, sent: bytes, by: str = "cityoffice") -> TaxLoad:
    return loading.bring(
        world.actor(by), people.user(by).office, sent, filename="税务授权数据.xlsx", at=NOW, on=TODAY
    )  # fmt: skip


def outcomes(world: World, sent: bytes) -> list[str]:
    return [str(one.outcome) for one in loading.judged(brought(world, sent), TODAY)]


def applied(world: World, sent: bytes, reason: str = "", by: str = "cityoffice") -> Any:
    load = brought(world, sent, by)
    seen = judging.digest(loading.judged(load, TODAY))
    return loading.apply(world.actor(by), load, seen=seen, reason=reason, at=NOW, on=TODAY)


def why(world: World, sent: bytes) -> list[tuple[str, str]]:
    judged = loading.judged(brought(world, sent), TODAY)
    return [(one.outcome.value, finding.template) for one in judged for finding in one.findings]


def standing(firm: Firm) -> list[tuple[str, str, Decimal]]:
    return sorted((kind, period.label, row.amount) for (_, kind, period), row in figures.standing([firm.id]).items())


def test_a_file_adds_what_it_says_in_yuan_with_consent_day_and_place(world: World) -> None:
    firm = world.admitted()
    assert dict(applied(world, table(row(firm, 1600.5, vat=16_000_000)))) == {"new": 1}
    assert standing(firm) == [
        ("revenue", "2021-09", Decimal("16005000.00")), ("vat_sales", "2021-09", Decimal("16000000.00")),
    ]  # fmt: skip
    found = db.session.scalars(select(TaxFigure)).unique().first()
    assert found is not None
    assert (found.consent, found.drawn_on, found.place, found.load.filename, found.load.by_name) == (
        "授权书2021-7号", date(2021, 10, 12), "2", "税务授权数据.xlsx", "王培",
    )  # fmt: skip
    verbs = [entry.verb for entry in db.session.scalars(select(TrailEntry)) if "tax" in entry.verb]
    assert sorted(verbs) == ["bring_tax_figures", "load_tax_figures", "record_tax_figure", "record_tax_figure"]


@pytest.mark.parametrize(
    "consent",
    [
        None,
        "",
        "否",
        "未授权",
        "无",
        "不同意",
        0,
        False,
        "拒绝授权",
        "已撤回",
        "取消授权",
        "待授权",
        "没有授权",
        "授权已过期",
        "N/A",
    ],
)
def test_without_consent_a_row_is_left_out_and_its_amount_is_kept_nowhere(world: World, consent: Any) -> None:
    firm, other = world.admitted(), world.admitted("海丰县同意软件有限公司", credit_code=credit_code(88))
    load = brought(world, table(row(firm, CANARY, consent=consent), row(other)))
    judged = loading.judged(load, TODAY)
    assert [str(one.outcome) for one in judged] == ["unauthorised", "new"]
    assert judged[0].findings[0].template == texts.NO_CONSENT
    db.session.flush()
    kept = (
        repr(load.rows) + repr(load.reading) + repr([entry.after for entry in db.session.scalars(select(TrailEntry))])
    )
    assert CANARY not in kept


def test_what_cannot_be_taken_is_said_row_by_row(world: World) -> None:
    firm = world.admitted()
    assert why(world, table(
        ("无代码公司", None, "2021-09", 1, None, "是", None),
        ("不在库公司", credit_code(77), "2021-09", 1, None, "是", None),
        row(firm, period="第三季度"),
        row(firm, period="2021-12"),
        row(firm, None),
        row(firm, period=""),
        ("别的名字有限公司", firm.credit_code, "2021-08", 5, None, "是", None),
        row(firm, 7, period="2020"),
        row(firm, 8, period="2020年度"),
    )) == [
        ("refused", texts.CODE_NEEDED), ("refused", texts.FIRM_UNKNOWN), ("refused", texts.PERIOD_WRONG),
        ("refused", texts.PERIOD_FUTURE), ("refused", texts.NO_AMOUNT), ("refused", texts.PERIOD_NEEDED),
        ("new", texts.FIRM_NAMED), ("refused", texts.TWICE),
    ]  # fmt: skip


def test_an_amount_needs_its_unit_and_a_file_its_headings(world: World) -> None:
    firm = world.admitted()
    heads = ("企业名称", "统一社会信用代码", "所属期", "营业收入", "企业授权")
    one = (firm.name, firm.credit_code, "2021年1-9月", 5, "是")
    assert why(world, table(one, heads=heads)) == [("refused", texts.NO_UNIT)]
    applied(world, table(one, heads=heads, title="金额单位：千元"))
    assert standing(firm) == [("revenue", "2021-09", Decimal("5000.00"))]
    with pytest.raises(FileRefused) as refused:
        brought(world, table(one[:4], heads=heads[:4]))
    assert refused.value.template == texts.HEADINGS_MISSING


def test_a_later_file_corrects_with_a_reason_and_the_earlier_stays_visible(world: World) -> None:
    firm = world.admitted()
    applied(world, table(row(firm, 1600)))
    assert outcomes(world, table(row(firm, 1600))) == ["same"]
    with pytest.raises(FieldError) as refused:
        applied(world, table(row(firm, 1500)))
    assert refused.value.template == brought_texts.REASON_NEEDED
    assert dict(applied(world, table(row(firm, 1500)), "税务局来函更正")) == {"corrected": 1}
    assert standing(firm) == [("revenue", "2021-09", Decimal("15000000.00"))]
    assert [one.amount for one in figures.of_firm(firm)] == [Decimal("15000000.00"), Decimal("16000000.00")]
    entry = db.session.scalars(
        select(TrailEntry).where(TrailEntry.verb == "record_tax_figure").order_by(TrailEntry.seq.desc())
    ).first()
    assert entry is not None
    assert ((entry.before or {})["amount"], (entry.after or {})["amount"], entry.reason) == (
        "16000000.00",
        "15000000.00",
        "税务局来函更正",
    )
    with pytest.raises(RegistryError):
        applied(world, table(row(firm, 1500)))


def everything(world: World, firm: Firm) -> list[Any]:
    """All that counts of a firm: its row, verdicts, figures and what proves them, ledger, quarter, plan."""
    db.session.expire_all()
    renewing.refresh(firm, on=TODAY, at=NOW)
    db.session.flush()
    columns = {column.name: getattr(firm, column.name) for column in Firm.__table__.columns if column.name != "version"}
    position = positions.of(firm, on=TODAY)
    counted = [(one.line.id, one.line.amount, one.proven) for one in on_record.counted([firm.id]).get(firm.id, [])]
    tally = ledger.tally(world.actor("cityoffice"), LedgerQuery()).by_stage
    lines = [dict(line.values) for line in ledger.every(world.actor("cityoffice"), LedgerQuery(), Order())]
    book = quarters.book(Q3)
    plan = db.session.scalars(select(Plan)).one()
    return [
        columns,
        repr(position),
        counted,
        tally,
        lines,
        list(book.rows()),
        re.sub(r" at 0x\w+", "", repr(plan_standing.standing(plan, TODAY))),
    ]


def test_nothing_that_counts_changes_by_a_figure_of_the_tax_office(world: World) -> None:
    """Neither one far above the line of a firm with a proven figure, nor one where the firm has none or an unproven one."""
    proven, bare = world.admitted(wan="1500"), world.firm("海丰县没有数的软件有限公司")
    for firm in (proven, bare):
        before = everything(world, firm)
        applied(world, table(row(firm, 99_999, vat=888_888_888), row(firm, 88_888, period="2020")))
        assert everything(world, firm) == before


def test_nothing_but_the_dossier_and_merges_knows_of_them() -> None:
    """What counts cannot read what it does not import."""
    files = (path for path in (ROOT / "registry").rglob("*.py") if "taxfigures" in path.read_text("utf-8"))
    features = {path.relative_to(ROOT / "registry").parts[0] for path in files}
    assert features == {"taxfigures", "dossier", "merges", "features.py"}


def test_a_difference_beyond_the_setting_is_a_neutral_remark(world: World) -> None:
    firm = world.admitted(wan="1500")
    told = []
    for wan in (1600, 1650, 1651, 1349):
        applied(world, table(row(firm, wan)), "更正")
        (one,) = figures.beside(figures.standing([firm.id]).values(), TODAY)
        told.append((one.own, one.share, one.remarkable))
    own = Decimal("15000000.00")
    assert told == [
        (own, Decimal("0.0667"), False), (own, Decimal("0.1000"), False), (own, Decimal("0.1007"), True),
        (own, Decimal("-0.1007"), True),
    ]  # fmt: skip


def test_a_county_sees_its_own_firms_figures_and_the_export_is_what_it_sees(world: World) -> None:
    mine, other = world.admitted(), world.admitted("陆丰市碣石数据有限公司", by="lufeng", credit_code=credit_code(66))
    applied(world, table(row(mine, 1600), row(other, 1700)))
    db.session.commit()
    for by, names in (
        ("haifeng", [mine.name]),
        ("lufeng", [other.name]),
        ("chengqu", []),
        ("leader", [other.name, mine.name]),
    ):
        taken = exporting.take(world.actor(by), TaxQuery(), filter_text="", at=NOW, on=TODAY)
        with taken.file as file:
            book = load_workbook(io.BytesIO(file.read()))
        lines = list(book["税务授权数据"].iter_rows(values_only=True))
        assert [line[1] for line in lines[4:]] == names
        assert "培育参考，不作统计上报依据" in {cell for line in lines for cell in line}
        assert texts.NEUTRAL in {cell for line in book["说明"].iter_rows(values_only=True) for cell in line}


def test_an_officer_of_the_tax_office_brings_them_and_sees_no_firm(world: World) -> None:
    firm = world.admitted()
    accounts.create(
        SYSTEM_ACTOR, username="taxman", name="税小明", office=people.office("tax"), roles=(Role.OFFICER,), password=PASSWORD,
        at=NOW, must_change=False,
    )  # fmt: skip
    assert (can(world.actor("taxman"), "taxfigure.load"), can(world.actor("industry"), "taxfigure.load")) == (
        True,
        False,
    )
    assert dict(applied(world, table(row(firm)), by="taxman")) == {"new": 1}
    assert list(db.session.scalars(figures.matching(world.actor("taxman"), TaxQuery())).unique()) == []
    for by in ("haifeng", "industry", "statistics", "leader", "auditor"):
        with pytest.raises(NotAllowed):
            brought(world, table(row(firm)), by)


def test_they_go_with_a_merge_and_come_back(world: World) -> None:
    winner = world.admitted()
    folded = world.firm("海丰县云谷软件科技有限公司", credit_code=credit_code(55))
    applied(world, table(row(folded, 1700)))
    choice = merging.MergeChoice(reason="同一企业", code_ground=next(iter(CODE_GROUNDS)), code_checked=True)
    merge = merging.merge(world.actor("cityoffice"), winner, folded, choice, at=NOW, on=TODAY)
    assert standing(winner) == [("revenue", "2021-09", Decimal("17000000.00"))]
    unmerging.unmerge(
        world.actor("cityoffice"), merge, reason="不是同一企业", ground=UndoGround.APART, at=NOW, on=TODAY
    )
    assert (standing(winner), standing(folded)) == ([], [("revenue", "2021-09", Decimal("17000000.00"))])


# -- pages -------------------------------------------------------------------------------------------
@pytest.fixture
def city(build: Build) -> None:
    build(lambda world: world.admitted())


def send(client: Any, content: bytes) -> Any:
    token = token_in(client.get("/tax-loads").get_data(as_text=True))
    data = {"csrf_token": token, "file": (io.BytesIO(content), "税务.xlsx")}
    return client.post("/tax-loads", data=data, content_type="multipart/form-data")


def test_pages_from_the_file_to_the_dossier(app: Flask, city: None) -> None:
    office, clerk, other = signed_in(app, "cityoffice"), signed_in(app, "haifeng"), signed_in(app, "lufeng")
    assert "还没有税务授权数据" in clerk.get("/tax-figures").get_data(as_text=True)
    with app.app_context():
        firm = db.session.scalars(select(Firm)).unique().one()
        number, sent = firm.id, table(row(firm, 2000), row(firm, CANARY, period="2020", consent="否"))
    assert send(office, sent).status_code == 302
    page = office.get("/tax-loads/1").get_data(as_text=True)
    assert ("未授权，不收" in page, "2021年1—9月营业收入（申报） 2,000.00 万元" in page, CANARY[:6] in page) == (
        True,
        True,
        False,
    )
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert post(office, "/tax-loads/1", {"seen": seen, "reason": ""}, page="/tax-loads/1").status_code == 302
    assert "已写入" in office.get("/tax-loads/1").get_data(as_text=True)
    dossier = clerk.get(f"/firms/{number}/holdings").get_data(as_text=True)
    assert (
        "税务授权数据" in dossier,
        "2,000.00 万元" in dossier,
        "+33.33%" in dossier,
        "不替代企业登记的数据" in dossier,
    ) == (True,) * 4
    history = clerk.get(f"/firms/{number}/tax-figures").get_data(as_text=True)
    assert ("税务.xlsx" in history, "授权书2021-7号" in history, "培育参考，不作统计上报依据" in history) == (
        True,
        True,
        True,
    )
    assert "云谷" in clerk.get("/tax-figures?q=云谷").get_data(as_text=True)
    assert "没有符合条件" in clerk.get("/tax-figures?q=没有").get_data(as_text=True)
    assert "云谷" not in other.get("/tax-figures").get_data(as_text=True)
    assert other.get(f"/firms/{number}/tax-figures").status_code == 404
    assert [clerk.get("/tax-loads").status_code, other.get("/tax-loads/1").status_code] == [403, 404]
    assert post(clerk, "/tax-figures/export").headers["Content-Disposition"].startswith("attachment")
    send(office, sent)
    assert post(office, "/tax-loads/2/give-up", page="/tax-loads/2/give-up").status_code == 302
    assert "已放弃" in office.get("/tax-loads").get_data(as_text=True)
    assert post(office, "/tax-loads/2", {"seen": "x", "reason": ""}).status_code == 200


@pytest.mark.parametrize("consent", ["口头说过", "?", "某某"])
def test_what_says_neither_yes_nor_no_is_refused_and_no_amount_is_kept(world: World, consent: str) -> None:
    load = brought(world, table(row(world.admitted(), CANARY, consent=consent)))
    (one,) = loading.judged(load, TODAY)
    assert (str(one.outcome), one.findings[0].template) == ("refused", texts.CONSENT_UNCLEAR)
    assert CANARY[:6] not in str(load.rows)


def test_of_two_columns_of_consent_each_has_to_say_so(world: World) -> None:
    firm, other = world.admitted(), world.admitted("海丰县青梅检测有限公司")
    heads = ("企业名称", "统一社会信用代码", "所属期", "营业收入（万元）", "授权书编号", "是否授权")
    said = table(
        (firm.name, firm.credit_code, "2021-09", 1600, "SQ-1", "否"), (other.name, other.credit_code, "2021-09", 1700, "SQ-2", "是"),
        heads=heads,
    )  # fmt: skip
    rows = loading.judged(brought(world, said), TODAY)
    assert [str(one.outcome) for one in rows] == ["unauthorised", "new"]


@pytest.mark.parametrize("period", ["2021年9月", "202109", "2021年9月份", date(2021, 9, 1)])
def test_a_month_alone_is_asked_about_and_not_taken_for_the_sum_of_nine(world: World, period: Any) -> None:
    (one,) = loading.judged(brought(world, table(row(world.admitted(), 1600, period=period))), TODAY)
    assert (str(one.outcome), one.findings[0].template) == ("refused", texts.PERIOD_UNCLEAR)
