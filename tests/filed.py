"""Builders of the way into four-above: an announced window, a firm at 达标应入 with every paper, a filing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.base.periods import Period
from registry.base.vocabulary import Door, FigureKind, FigureSource
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.figures.services import recording
from registry.filings.models import Filing, IntakeWindow
from registry.filings.queries import announced, checklists, readiness
from registry.filings.services import announcing, checking
from registry.filings.services import filing as filings
from registry.firms.models.firms import Firm
from registry.pathway.services import standing
from registry.reference.queries import reference
from tests.world import NOW, TODAY, World

SEPTEMBER = Period(2021, 9)


def window(world: World, **more: Any) -> IntakeWindow:
    """The first annual window of 2021, open on the tests' day, on the September statements."""
    values = {
        "year": 2021,
        "door": Door.ANNUAL_FIRST.value,
        "batch": "第一批",
        "opens_on": date(2021, 10, 8),
        "closes_on": date(2021, 11, 6),
        "statement_year": 2021,
        "statement_month": 9,
        "source": "示例通知〔2021〕1号",
        "verified": True,
        **more,
    }
    return announcing.announce(world.actor("statistics"), values, at=NOW)


def qualified(world: World, *args: Any, wan: str = "2500", **values: Any) -> Firm:
    """Admitted, and over the line by its September figure; the VAT return says the same."""
    firm = world.admitted(*args, wan=wan, **values)
    vat_sales(world, firm, wan, by=values.get("by", "haifeng"))
    standing.refresh(firm, on=TODAY, at=NOW)
    return firm


def vat_sales(world: World, firm: Firm, wan: str, *, by: str = "haifeng", period: str = "2021-09") -> None:
    covered = Period.parse(period)
    paper = attach(world, firm, "M05", by=by, period=covered)
    recording.record(
        world.actor(by), firm, covered, Decimal(wan) * 10000, kind=FigureKind.VAT_SALES, source=FigureSource.VAT_RETURN,
        document=paper, at=NOW, on=TODAY,
    )  # fmt: skip


def attach(
    world: World, firm: Firm, material: str, *, by: str = "haifeng", period: Period | None = SEPTEMBER
) -> Document:
    return attachments.attach(
        world.actor(by), firm, filename=f"{material}.pdf", content=f"%PDF-1.4 {material} {period}".encode(), material=material, at=NOW,
        year=period.year if period else None, month=period.month if period else None,
    )  # fmt: skip


def complete(world: World, firm: Firm, *, by: str = "haifeng", at: datetime = NOW, on: date = TODAY) -> None:
    """Every paper that the firm's next window asks for, recorded by its office, the seals seen by statistics."""
    ready = readiness.of(firm, announced.next_for(firm, on), on=on)
    for entry in ready.lacking:
        row = reference.materials()[entry.row.code]
        found = entry.document or attach(world, firm, row.code, by=by, period=ready.statement)
        checking.hold(world.actor(by), firm, row, ready.month, ready.statement, found, at=at)
    for entry in checklists.to_seal(readiness.of(firm, ready.window, on=on).entries):
        checking.confirm_seal(world.actor("statistics"), firm, entry, ready.month, at=at)


def filed(world: World, firm: Firm | None = None, **values: Any) -> Filing:
    """A complete firm, filed in the window of `window`."""
    held = next(iter(announced.open_on(TODAY)), None)
    number = held.id if held else window(world).id
    firm = firm or qualified(world, **values)
    complete(world, firm)
    return filings.file(world.actor("statistics"), firm, number, at=NOW, on=TODAY)


def passed(world: World, filing: Filing, *levels: str) -> Filing:
    for level in levels:
        filings.record_level(
            world.actor("statistics"), filing, level, passed=True, day=TODAY, at=NOW, on=TODAY, reference_no="单号1"
        )
    return filing


ALL_LEVELS = ("county", "city", "province", "national")


def enrolled(world: World, firm: Firm | None = None, **values: Any) -> Filing:
    """Passed by every level and confirmed from November on."""
    filing = passed(world, filed(world, firm, **values), *ALL_LEVELS)
    filings.confirm(
        world.actor("statistics"), filing, Period(2021, 11), reference_no="国统批〔2021〕9号", at=NOW, on=TODAY
    )
    return filing
