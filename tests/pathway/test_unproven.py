"""A stage that rests on a figure without its paper: not moved, listed, not filed, and mended by the paper."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from registry.base.errors import Blocked
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.turns import Pace
from registry.base.vocabulary import FigureSource, Stage
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.figures.services import recording
from registry.filings.queries import readiness
from registry.filings.services import filing
from registry.firms.models.firms import Firm
from registry.pathway.queries import unproven
from registry.pathway.services import standing
from tests.dossier.test_pages import text_of
from tests.filed import complete, qualified, window
from tests.queries_counted import queries_counted
from tests.world import NOW, TODAY, Build, World, signed_in

RESTING = "海丰县云谷软件有限公司"


def loosened(world: World, name: str = RESTING, **values: object) -> Firm:
    """At 达标应入 by its September statement, which has turned out not to be one."""
    firm = qualified(world, name, **values)
    for paper in documents.documents_of(firm):
        if paper.material == "M04":
            attachments.void(world.actor("haifeng"), firm, paper, at=NOW, on=TODAY, reason="不是该企业的报表")
    return firm


def listed(world: World, username: str) -> list[tuple[str, str, Decimal]]:
    rows = unproven.resting(world.actor(username), on=TODAY)
    return [(row.firm.name, row.figure.period.label, row.figure.amount) for row in rows]


def test_a_firm_that_rests_on_an_unproven_figure_stays_and_is_listed_to_its_office(world: World) -> None:
    loosened(world)
    qualified(world, "海丰县鹿境软件有限公司")
    world.admitted("海丰县青帆软件有限公司", wan="1500")
    expected = [(RESTING, "2021-09", Decimal("25000000.00"))]
    assert (listed(world, "haifeng"), listed(world, "statistics"), listed(world, "lufeng")) == (expected, expected, [])
    assert db.session.query(Firm).filter_by(name=RESTING).one().stage == Stage.QUALIFIED


def test_it_cannot_be_filed_until_the_paper_is_there(world: World) -> None:
    firm, opened = loosened(world), window(world)
    complete(world, firm)
    ready = readiness.of(firm, None, on=TODAY)
    assert ready.statement_known  # `complete` attached the September statement
    for paper in documents.documents_of(firm):
        if paper.material == "M04" and paper.voided_at is None:
            attachments.void(world.actor("haifeng"), firm, paper, at=NOW, on=TODAY, reason="不是该企业的报表")
    with pytest.raises(Blocked) as refused:
        filing.file(world.actor("statistics"), firm, opened.id, at=NOW, on=TODAY)
    assert "本年累计营业收入未达四上标准。" in refused.value.blockers
    assert firm.stage == Stage.QUALIFIED


def test_the_paper_of_its_period_takes_it_off_the_list(world: World) -> None:
    firm = loosened(world)
    world.document(firm, month=8)
    standing.refresh(firm, on=TODAY, at=NOW)
    assert len(listed(world, "haifeng")) == 1
    world.document(firm, month=9)
    standing.refresh(firm, on=TODAY, at=NOW)
    assert (listed(world, "haifeng"), firm.stage) == ([], Stage.QUALIFIED)


def test_a_workbook_that_drops_the_last_word_below_the_line_still_takes_it_back(world: World) -> None:
    firm = loosened(world)
    recording.record(
        world.actor("haifeng"), firm, Period(2021, 9), Decimal(18_000_000), source=FigureSource.WORKBOOK,
        document=None, reason="更正", at=NOW, on=TODAY,
    )  # fmt: skip
    # taken back to where it was admitted; that rests on the same figure, and is said
    assert firm.stage == Stage.ADMITTED
    assert [row[:2] for row in listed(world, "haifeng")] == [(firm.name, "2021-09")]


def test_the_upgrade_looks_at_every_firm_nobody_has_looked_at(world: World) -> None:
    firm = world.firm()
    recording.record(
        world.actor("haifeng"), firm, Period(2021, 9), Decimal(12_000_000), source=FigureSource.WORKBOOK,
        document=None, at=NOW, on=TODAY,
    )  # fmt: skip
    firm.unproven = None
    db.session.flush()
    assert (sum(standing.refresh_stale(Pace(), on=TODAY, at=NOW)), firm.unproven) == (1, ",revenue_to_date,")


def test_the_home_page_counts_them_and_leads_to_their_list(app: Flask, build: Build) -> None:
    build(loosened)
    client = signed_in(app, "haifeng")
    assert "1 阶段所依据的数未证" in text_of(client.get("/inbox"))
    page = text_of(client.get("/unproven"))
    assert f"{RESTING}" in page
    assert "2021-09 2,500.00 未证 2,000.00 补附利润表" in page
    assert "没有这样的企业" in text_of(signed_in(app, "lufeng").get("/unproven"))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_no_more_of_three_than_of_one(app: Flask, world: World, number: int) -> None:
    for serial in range(number):
        loosened(world, f"海丰县{'甲乙丙'[serial]}软件有限公司")
    db.session.commit()
    actor = world.actor("haifeng")
    unproven.resting(actor, on=TODAY)
    db.session.expire_all()
    with queries_counted(app) as asked:
        assert len(unproven.resting(actor, on=TODAY)) == number
    assert len(asked) == 6
