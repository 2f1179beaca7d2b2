"""Figures are transcribed from a paper by the proposing office, corrected by appending, doubted by others."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from flask import Flask

from registry.base.errors import FieldError, FigureMoved, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind, FigureSource, Stage
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.figures.models import Figure
from registry.figures.queries import figures
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.pathway.services import standing
from tests.world import NOW, TODAY, World

SEPTEMBER = Period(2021, 9)


def record(
    world: World, firm: Firm, yuan: str, *, period: Period = SEPTEMBER, document: Document | None = None, **more: object
) -> Figure:
    given = {"source": FigureSource.INCOME_STATEMENT, "at": NOW, "on": TODAY, **more}
    return recording.record(world.actor("haifeng"), firm, period, Decimal(yuan), document=document, **given)  # type: ignore[arg-type]


def test_a_correction_is_appended_and_the_first_figure_stays(world: World) -> None:
    firm = world.firm()
    record(world, firm, "15000000.00", document=world.document(firm))
    record(world, firm, "15100000.00", document=world.document(firm), reason="漏记其他业务收入")
    assert [(f.revision, f.amount, f.reason) for f in figures.figures_of(firm)] == [
        (2, Decimal("15100000.00"), "漏记其他业务收入"),
        (1, Decimal("15000000.00"), ""),
    ]
    assert (firm.revenue_to_date, firm.to_month) == (Decimal("15100000.00"), 9)


def test_a_figure_rests_on_a_paper_of_this_very_firm_that_is_not_void(world: World) -> None:
    firm, other = world.firm("海丰县云谷软件有限公司"), world.firm("海丰县鹿境软件有限公司")
    void = world.document(firm)
    attachments.void(world.actor("haifeng"), firm, void, at=NOW, on=TODAY, reason="盖章不全")
    for paper in (None, world.document(other), void):
        with pytest.raises(FieldError) as refused:
            record(world, firm, "15000000.00", document=paper)
        assert refused.value.field == "document"
    assert figures.figures_of(firm) == []


def test_a_workbook_stands_for_itself(world: World) -> None:
    firm = world.firm()
    assert record(world, firm, "15000000.00", source=FigureSource.WORKBOOK).document is None


@pytest.mark.parametrize(
    "yuan, period, reason, field",
    [
        ("-0.01", SEPTEMBER, "", "amount"),
        ("15000000.00", Period(2021, 10), "", "period"),
        ("15000000.00", Period(2021, 0), "", "period"),
        ("14000000.00", Period(2021, 8), "", "reason"),
        ("15000000.00", Period(2021, 8), "再次登记", "amount"),
    ],
)
def test_what_cannot_be_recorded_is_refused_at_its_field(
    world: World, yuan: str, period: Period, reason: str, field: str
) -> None:
    firm = world.firm()
    record(world, firm, "15000000.00", period=Period(2021, 8), document=world.document(firm, month=8))
    with pytest.raises(FieldError) as refused:
        record(world, firm, yuan, period=period, document=world.document(firm, month=period.month), reason=reason)
    assert (refused.value.field, len(figures.figures_of(firm))) == (field, 1)


def test_the_same_amount_may_be_recorded_again_to_give_it_a_paper(world: World) -> None:
    firm = world.firm()
    record(world, firm, "15000000.00", source=FigureSource.WORKBOOK)
    assert record(world, firm, "15000000.00", document=world.document(firm)).revision == 2
    assert ",document," not in firm.missing


def test_voiding_the_paper_leaves_the_figure_and_takes_its_proof(world: World) -> None:
    firm = world.firm()
    paper = world.document(firm)
    record(world, firm, "15000000.00", document=paper)
    attachments.void(world.actor("haifeng"), firm, paper, at=NOW, on=TODAY, reason="盖章不全")
    assert (firm.revenue_to_date, firm.missing) == (Decimal("15000000.00"), ",document,")


def test_a_doubt_stands_beside_the_figure_and_changes_nothing(world: World) -> None:
    firm = world.admitted()
    figure = figures.current_figures(firm)[0]
    with pytest.raises(ReasonNeeded):
        recording.dispute(world.actor("industry"), figure, at=NOW, reason="")
    recording.dispute(world.actor("industry"), figure, at=NOW, reason="与增值税申报表不符")
    assert [(d.reason, d.office.code) for d in figures.disputes_of(firm)] == [("与增值税申报表不符", "industry")]
    assert figures.current_figures(firm)[0].amount == Decimal("15000000")


def test_a_figure_that_was_corrected_is_no_longer_doubted(world: World) -> None:
    firm = world.admitted()
    old = figures.current_figures(firm)[0]
    world.figure(firm, "1400", reason="重复计入")
    with pytest.raises(RegistryError):
        recording.dispute(world.actor("industry"), old, at=NOW, reason="与增值税申报表不符")


def test_an_amount_that_falls_or_jumps_is_pointed_out(world: World) -> None:
    firm = world.firm()
    world.figure(firm, "1000", period="2021-06")
    world.figure(firm, "1500", period="2021-08")

    def odd(period: str, yuan: str) -> list[tuple[str, str]]:
        found = figures.doubts(firm, FigureKind.REVENUE, Period.parse(period), Decimal(yuan), on=TODAY)
        return [(doubt.kind, doubt.period.label) for doubt in found]

    assert odd("2021-09", "16000000") == []
    assert odd("2021-09", "14000000") == [("falls", "2021-08")]
    assert odd("2021-07", "16000000") == [("below", "2021-08")]
    line = ("line", "2021-09")
    assert odd("2021-09", "1600000000") == [("jumps", "2021-08"), line]
    assert odd("2021-09", "160000000000") == [("ten_thousand_up", "2021-08"), line]
    assert odd("2021-09", "16000000000") == [("thousand_up", "2021-08"), line]
    assert odd("2021-09", "1600") == [("ten_thousand_down", "2021-08"), ("falls", "2021-08")]
    assert odd("2021-09", "16000") == [("thousand_down", "2021-08"), ("falls", "2021-08")]
    assert odd("2021-09", "15000000") == [("unmoved", "2021-08")]


def test_two_people_who_record_the_same_period_at_once_leave_one_figure(app: Flask) -> None:
    """The second finds the first's figure standing and is asked for a reason; nothing is lost or overwritten."""
    with app.app_context():
        world = World()
        firm = world.firm()
        paper = world.document(firm)
        db.session.commit()
        ids = firm.id, paper.id
    start, outcomes = threading.Barrier(2), []

    def person(yuan: str) -> None:
        with app.app_context():
            start.wait()
            try:
                record(World(), db.session.get_one(Firm, ids[0]), yuan, document=db.session.get_one(Document, ids[1]))
                db.session.commit()
                outcomes.append("recorded")
            except FieldError as error:
                db.session.rollback()
                outcomes.append(error.field)

    threads = [threading.Thread(target=person, args=(yuan,)) for yuan in ("15000000", "16000000")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        kept = figures.figures_of(db.session.get_one(Firm, ids[0]))
        assert (sorted(outcomes), [figure.revision for figure in kept]) == (["reason", "recorded"], [1])


def test_a_workbook_does_not_replace_a_proven_figure_and_moves_nobody(world: World) -> None:
    """The other amount is kept, shown beside, and counts for nothing until its paper is there."""
    firm = world.admitted(wan="1500")
    record(world, firm, "25000000.00", source=FigureSource.WORKBOOK, reason="工作簿更正")
    assert (firm.stage, firm.revenue_to_date, firm.unproven) == (Stage.ADMITTED, Decimal("15000000.00"), "")
    (counted,) = [one for one in figures.counted_figures(firm) if one.line.kind == "revenue"]
    assert (counted.line.amount, [line.amount for line in counted.beside]) == (
        Decimal("15000000.00"),
        [Decimal("25000000.00")],
    )
    record(world, firm, "25000000.00", document=world.document(firm))
    assert (firm.stage, firm.revenue_to_date) == (Stage.QUALIFIED, Decimal("25000000.00"))


def test_a_figure_that_only_a_workbook_states_makes_nobody_qualified(world: World) -> None:
    firm = world.admitted(wan="1500")
    record(world, firm, "25000000.00", period=Period(2021, 8), source=FigureSource.WORKBOOK)
    assert (firm.stage, firm.to_month) == (Stage.ADMITTED, 9)


def test_a_january_statement_does_not_prove_august(world: World) -> None:
    firm = world.firm()
    with pytest.raises(FieldError) as refused:
        record(world, firm, "15000000.00", period=Period(2021, 8), document=world.document(firm, month=1))
    assert (refused.value.field, str(refused.value)) == (
        "document",
        "所选凭证是 2021-01 的，不能证明 2021-08 的数：请选择或上传同一期的凭证。",
    )
    record(world, firm, "15000000.00", period=Period(2021, 8), source=FigureSource.WORKBOOK)
    assert (firm.unproven, ",document," in firm.missing) == (",revenue_to_date,", True)
    world.document(firm, month=8)
    standing.refresh(firm, on=TODAY, at=NOW)
    assert (firm.unproven, ",document," in firm.missing) == ("", False)


def test_a_correction_names_the_line_it_corrects(world: World) -> None:
    firm = world.firm()
    first = record(world, firm, "15000000.00", document=world.document(firm))
    record(world, firm, "16000000.00", document=world.document(firm), reason="漏记", corrects=first.id)
    with pytest.raises(FigureMoved) as refused:
        record(world, firm, "17000000.00", document=world.document(firm), reason="漏记", corrects=first.id)
    assert str(refused.value) == "您填写期间，陈晓于 2021-10-15 已另行登记为 1,600.00。请看过后再决定。"
    assert [figure.amount for figure in figures.figures_of(firm)] == [Decimal("16000000.00"), Decimal("15000000.00")]


def test_of_two_corrections_at_once_one_is_recorded_and_the_other_told(app: Flask) -> None:
    """Both give a reason, both saw the same line: the second does not win unseen."""
    with app.app_context():
        world = World()
        firm = world.firm()
        paper = world.document(firm)
        first = record(world, firm, "15000000.00", document=paper)
        db.session.commit()
        firm_id, paper_id, line = firm.id, paper.id, first.id
    start, outcomes = threading.Barrier(2), []

    def person(yuan: str) -> None:
        with app.app_context():
            start.wait()
            owner, proof = db.session.get_one(Firm, firm_id), db.session.get_one(Document, paper_id)
            try:
                record(World(), owner, yuan, document=proof, reason="更正", corrects=line)
                db.session.commit()
                outcomes.append("recorded")
            except FigureMoved:
                db.session.rollback()
                outcomes.append("told")

    threads = [threading.Thread(target=person, args=(yuan,)) for yuan in ("16000000", "17000000")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        kept = figures.figures_of(db.session.get_one(Firm, firm_id))
        assert (sorted(outcomes), [figure.revision for figure in kept]) == (["recorded", "told"], [2, 1])
