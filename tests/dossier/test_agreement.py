"""Whoever is asked about a firm on a day gives one answer: ledger, dossier, past pages, replay, the quarter's book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from registry.base.clocks import AsOf, Known
from registry.base.extensions import db
from registry.base.periods import Period, Quarter
from registry.base.vocabulary import FigureKind, FigureSource, UndoGround
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.ledger.queries import asof, ledger
from registry.ledger.queries.ledger import LedgerQuery, Order
from registry.merges.rules import Pick
from registry.merges.services import merging, unmerging
from registry.merges.services.merging import MergeChoice
from registry.pathway.queries import past_verdicts, positions
from registry.pathway.rules.facts import ConditionCode
from registry.pathway.rules.position import Position
from registry.quarters.queries import concerned
from tests.lives import Life, listed, moment
from tests.world import World

QUARTER = Quarter.parse("2021Q3")
ACTS, LAST, LATER = date(2021, 9, 20), QUARTER.last, date(2021, 10, 8)
NAME = "海丰县云谷软件有限公司"
AUGUST = Period(2021, 8)
Told = dict[str, Any]


# -- the answers ------------------------------------------------------------------------------------
def of_position(position: Position) -> Told:
    shown = {"revenue_to_date": position.year_to_date, "revenue_last_year": position.last_year}
    return {
        **{key: figure.amount if figure else None for key, figure in shown.items()},
        "unproven": tuple(key for key, figure in shown.items() if figure and not figure.documented),
        "missing": position.missing,
        "cross_check": position.condition(ConditionCode.CROSS_CHECK).verdict,
    }


def of_line(line: Any) -> Told:
    """What a line of the ledger tells of the same; it has no column for the cross-check."""
    amounts = {key: line[key] for key in ("revenue_to_date", "revenue_last_year")}
    return {**amounts, "unproven": tuple(key for key in amounts if key in line.unproven)}


def line_of(lines: Any, firm: Firm) -> Told:
    return of_line(next(line for line in lines if line.id == firm.id))


def book_of(firm: Firm) -> Position:
    return concerned.among(QUARTER, which=Firm.id == firm.id).positions[firm.id]


def answers(world: World, firm: Firm, known: Known) -> dict[str, Told]:
    """By who is asked: everybody who can answer about the end of the quarter by this clock."""
    db.session.expire_all()
    db.session.refresh(firm)
    as_of, leader = AsOf(LAST, known), world.actor("leader")
    replayed = past_verdicts.one(None, str(firm.id), as_of)
    assert replayed is not None
    told = {
        "past page": of_position(positions.replayed(firm, as_of=as_of)),
        "replay": of_position(replayed.position),
        "past ledger": line_of(asof.found(leader, LedgerQuery(), Order(), as_of).lines, firm),
    }
    if known is Known.NOW:
        told |= {
            "dossier": of_position(positions.of(firm, on=LAST)),
            "ledger": line_of(ledger.page(leader, LedgerQuery(), Order(), number=1, size=100), firm),
            "book": of_position(book_of(firm)),
        }
    return told


def agreed(told: dict[str, Told]) -> Told:
    """The one answer they all give."""
    whole = told["replay"]
    for who, answer in told.items():
        assert {key: whole[key] for key in answer} == answer, who
    return whole


# -- lives that a rule written twice tells in two ways ----------------------------------------------
def revenue(world: World, firm: Firm, wan: str, *, period: Period = AUGUST, on: date = ACTS, **given: Any) -> None:
    recording.record(
        world.actor("haifeng"), firm, period, Decimal(wan) * 10000, at=moment(on), on=on,
        **{"source": FigureSource.WORKBOOK, "document": None, "reason": "企业更正", **given},
    )  # fmt: skip


def paper(world: World, firm: Firm, material: str, period: Period | None = AUGUST, *, on: date = ACTS) -> Any:
    year, month = (period.year, period.month) if period else (None, None)
    return attachments.attach(
        world.actor("haifeng"), firm, filename="材料.pdf", content=f"%PDF-1.4 {material} {period}".encode(), material=material,
        at=moment(on), year=year, month=month,
    )  # fmt: skip


def void(world: World, firm: Firm, *, on: date = ACTS) -> None:
    for document in documents.documents_of(firm):
        if (document.year, document.month) == (AUGUST.year, AUGUST.month) and document.voided_at is None:
            attachments.void(world.actor("haifeng"), firm, document, at=moment(on), on=on, reason="盖章不全")


def nothing_more(world: World, life: Life) -> None:
    """As it was listed, with a figure of August and its statement."""


def a_void_paper(world: World, life: Life) -> None:
    void(world, life.firm)


def a_statement_beside_the_figure(world: World, life: Life) -> None:
    revenue(world, life.firm, "1000", period=Period(2021, 7))
    paper(world, life.firm, "M04", Period(2021, 7))


def an_unproven_figure_since(world: World, life: Life) -> None:
    revenue(world, life.firm, "9000")


def a_correction(world: World, life: Life) -> None:
    revenue(world, life.firm, "1300", document=paper(world, life.firm, "M04"))


def a_difference(world: World, life: Life) -> None:
    """Sales by the VAT return that do not agree with the income statement."""
    statement = paper(world, life.firm, "M05")
    more = {"kind": FigureKind.VAT_SALES, "source": FigureSource.VAT_RETURN, "document": statement}
    revenue(world, life.firm, "600", **more)


def a_difference_explained(world: World, life: Life) -> None:
    a_difference(world, life)
    paper(world, life.firm, "M07")


def a_difference_explained_for_no_month(world: World, life: Life) -> None:
    a_difference(world, life)
    paper(world, life.firm, "M07", None)


def only_an_old_year(world: World, life: Life) -> None:
    void(world, life.firm)
    revenue(world, life.firm, "3000", period=Period(2018, 0), document=paper(world, life.firm, "M04", Period(2018, 0)))


def a_merge(world: World, life: Life) -> Any:
    """The entry typed again has a later figure, and the sales that differ with their explanation."""
    more = {"credit_code": None, "no_code_reason": "未取得执照复印件"}
    other = Life(world, "海丰县云谷软件科技有限公司", 2, on=date(2021, 5, 10), **more).figure("900", "2021-07", on=ACTS)
    a_difference_explained(world, other)
    choice = MergeChoice(reason="同一企业重复登记", picks={"revenue 2021-07": Pick.FOLDED})
    return merging.merge(world.actor("cityoffice"), life.firm, other.firm, choice, at=moment(ACTS), on=ACTS)


def a_merge_taken_back(world: World, life: Life) -> None:
    unmerging.unmerge(
        world.actor("cityoffice"),
        a_merge(world, life),
        reason="误并",
        ground=UndoGround.AGAIN,
        at=moment(ACTS),
        on=ACTS,
    )


STORIES: tuple[Callable[[World, Life], Any], ...] = (
    nothing_more,
    a_void_paper,
    a_statement_beside_the_figure,
    an_unproven_figure_since,
    a_correction,
    a_difference,
    a_difference_explained,
    a_difference_explained_for_no_month,
    only_an_old_year,
    a_merge,
    a_merge_taken_back,
)


@pytest.fixture
def life(world: World) -> Life:
    return listed(world, NAME, 1).figure("1200", "2021-08", on=ACTS)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_all_of_them_say_the_same_of_one_day(world: World, life: Life, story: Any) -> None:
    story(world, life)
    db.session.commit()
    assert agreed(answers(world, life.firm, Known.THEN)) == agreed(answers(world, life.firm, Known.NOW))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_what_comes_later_changes_what_is_known_now_and_nothing_that_was_known_then(
    world: World, life: Life, story: Any
) -> None:
    story(world, life)
    db.session.commit()
    before = agreed(answers(world, life.firm, Known.THEN))
    void(world, life.firm, on=LATER)
    revenue(world, life.firm, "7000", on=LATER, document=paper(world, life.firm, "M04", on=LATER))
    db.session.commit()
    assert agreed(answers(world, life.firm, Known.THEN)) == before
    now = agreed(answers(world, life.firm, Known.NOW))
    assert (now["revenue_to_date"], now["unproven"]) == (Decimal("70000000.00"), ())


def test_a_void_paper_leaves_the_figure_unproven_for_everybody(world: World, life: Life) -> None:
    void(world, life.firm, on=LATER)
    db.session.commit()
    then, now = (agreed(answers(world, life.firm, known)) for known in (Known.THEN, Known.NOW))
    assert (then["unproven"], now["unproven"]) == ((), ("revenue_to_date",))


def test_a_firm_that_came_later_is_judged_by_its_old_figures_as_known_now_and_unknown_then(world: World) -> None:
    life = Life(world, NAME, 1, on=date(2021, 9, 1))
    revenue(world, life.firm, "2600", period=Period(2018, 0), document=paper(world, life.firm, "M04", Period(2018, 0)))
    db.session.commit()
    day = date(2019, 6, 30)
    assert past_verdicts.one(None, str(life.firm.id), AsOf(day)) is None
    told = past_verdicts.one(None, str(life.firm.id), AsOf(day, Known.NOW))
    assert told is not None
    figure = told.position.last_year
    assert figure is not None
    assert (told.stage, figure.amount, figure.documented) == (None, Decimal("26000000.00"), True)
    assert asof.found(world.actor("leader"), LedgerQuery(), Order(), AsOf(day, Known.NOW)).lines == []
