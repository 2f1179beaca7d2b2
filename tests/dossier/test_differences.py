"""The difference of income statement and VAT return: named with both amounts, explained once, confirmed where large."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind, FigureSource, Verdict
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.pathway.queries import positions
from registry.pathway.rules.facts import ConditionCode
from tests.dossier.test_pages import text_of
from tests.filed import vat_sales
from tests.world import NOW, TODAY, World, post, sign_in, signed_in

SEPTEMBER = Period(2021, 9)


def note(world: World, firm: Firm, hours: int = 1) -> Document:
    return attachments.attach(
        world.actor("haifeng"), firm, filename="差异说明.pdf", content=b"%PDF-1.4 note", material="M07",
        at=NOW + timedelta(hours=hours), year=2021, month=9,
    )  # fmt: skip


def cross(firm: Firm) -> tuple[Verdict, str]:
    found = positions.of(firm, on=TODAY).condition(ConditionCode.CROSS_CHECK)
    return found.verdict, found.note


def test_the_page_names_figure_period_amounts_and_difference(client: FlaskClient, world: World) -> None:
    firm = world.firm()
    world.figure(firm, "1080")
    vat_sales(world, firm, "1020")
    db.session.commit()
    sign_in(client, "haifeng")
    page = text_of(client.get(f"/firms/{firm.id}"))
    assert "2021-09 利润表 1,080.00，增值税 1,020.00，差 60.00 万元，没有能说明这一差额的差异说明" in page


def test_an_explanation_covers_the_difference_it_was_written_for_and_no_more(world: World) -> None:
    firm = world.firm()
    world.figure(firm, "1080")
    vat_sales(world, firm, "1020")
    note(world, firm)
    assert cross(firm) == (Verdict.MET, "explained")
    later = NOW + timedelta(hours=2)
    paper = world.document(firm, material="M05")
    recording.record(
        world.actor("haifeng"), firm, SEPTEMBER, Decimal(10_190_000), kind=FigureKind.VAT_SALES,
        source=FigureSource.VAT_RETURN, document=paper, at=later, on=TODAY, reason="漏记",
    )  # fmt: skip
    assert cross(firm) == (Verdict.UNMET, "")


def test_a_large_difference_waits_for_the_bureau_in_charge(app: Flask, world: World) -> None:
    firm = world.firm()
    world.figure(firm, "1080")
    vat_sales(world, firm, "900")
    number, paper = firm.id, note(world, firm).id
    assert cross(firm) == (Verdict.UNMET, "unconfirmed")
    db.session.commit()
    path = f"/firms/{number}/documents/{paper}/confirm"
    assert post(signed_in(app, "haifeng"), path).status_code == 404
    client = signed_in(app, "industry")
    assert "确认差异说明" in text_of(client.get(f"/firms/{number}/documents"))
    assert post(client, path).status_code == 302
    db.session.rollback()
    assert cross(db.session.get_one(Firm, number)) == (Verdict.MET, "explained")
    assert "已由 吴工 确认" in text_of(client.get(f"/firms/{number}/documents"))
