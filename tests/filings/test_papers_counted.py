"""The papers of one firm are counted in one way, whatever page says how far they are."""

from __future__ import annotations

from flask import Flask

from registry.base.extensions import clock, db
from registry.filings.queries import announced, readiness
from registry.filings.rules import intake
from registry.filings.rules.intake import ChecklistItem, MaterialRule, PaperCount, PaperStatus
from registry.firms.models.firms import Firm
from registry.pathway.views import evidence
from tests.dossier.test_pages import text_of
from tests.filings.test_evidence import firm_with_papers
from tests.world import Build, signed_in

SAID = "0 / 6 还缺 3 份，待核对印章 3 份"


def item(status: PaperStatus, *, needed: bool = True) -> ChecklistItem:
    return ChecklistItem(MaterialRule("M01", "利润表", intake.Requirement.ALWAYS), needed, status)


def test_each_paper_that_is_asked_for_is_counted_once() -> None:
    items = [
        item(PaperStatus.HELD), item(PaperStatus.WAIVED), item(PaperStatus.UNSEALED), item(PaperStatus.MISSING),
        item(PaperStatus.REQUESTED, needed=False), item(PaperStatus.MISSING, needed=False),
        item(PaperStatus.HELD, needed=False),
    ]  # fmt: skip
    found = intake.counted(items)
    assert (found, found.asked) == (PaperCount(in_order=2, to_bring=2, to_seal=1), 5)


def test_every_page_counts_the_papers_of_a_firm_alike(app: Flask, build: Build) -> None:
    firm_id = build(firm_with_papers)
    pages = (
        ("haifeng", f"/firms/{firm_id}"), ("haifeng", f"/firms/{firm_id}/papers"), ("industry", f"/firms/{firm_id}"),
        ("leader", f"/firms/{firm_id}"), ("statistics", f"/firms/{firm_id}/papers"), ("statistics", "/filings"),
    )  # fmt: skip
    assert [(name, at) for name, at in pages if SAID not in text_of(signed_in(app, name).get(at))] == []
    assert "缺 3 份材料" in text_of(signed_in(app, "haifeng").get("/inbox"))
    sheet = signed_in(app, "haifeng").get(f"/firms/{firm_id}/sheet").get_data(as_text=True)
    assert sheet.count("<li><strong>") == 3


def test_the_lines_of_papers_in_a_case_lack_what_the_count_lacks(app: Flask, build: Build) -> None:
    firm_id = build(firm_with_papers)
    with app.test_request_context():
        firm, today = db.session.get_one(Firm, firm_id), clock.today()
        lines = evidence.papers_of(firm)
        ready = readiness.of(firm, announced.next_for(firm, today), on=today)
    lacking = [line.label for line in lines if line.href is None]
    assert lacking == ["调查单位基本情况表", "营业执照（证书）复印件", "上年同期分月营业收入（2021-09）"]
    assert (len(lacking), len(ready.to_bring)) == (ready.papers.to_bring, 3)
    assert all(line.required for line in lines if line.href is None)
