"""Row scope: who sees which firm; the statement and the predicate say the same."""

from __future__ import annotations

import pytest

from registry.base.extensions import db
from registry.base.permissions import sees_firm
from registry.documents.queries import documents
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from tests.world import NOW, PEOPLE, World

SEEN_BY_ALL_OFFICES_ABOVE = {"cityoffice", "statistics", "leader", "auditor"}


@pytest.fixture
def city(world: World) -> dict[str, Firm]:
    """One firm of a county, one of a zone in another county, one of a third county whose industry the market bureau leads."""
    return {
        "software": world.firm("海丰县云谷软件有限公司"),
        "zone": world.firm("汕尾高新区白鹭技术有限公司", by="gaoxin", industry="6520"),
        "testing": world.firm("陆丰市正衡检测技术有限公司", by="lufeng", industry="7452"),
        "advice": world.firm("陆河县红棉咨询有限公司", by="luhe", industry="7243"),
    }


SEEN = {
    "haifeng": {"software"},
    "lufeng": {"testing"},
    "luhe": {"advice"},
    "gaoxin": {"zone"},
    "chengqu": {"zone"},  # the zone lies in this county, which counts its firms
    "industry": {"software", "zone"},
    "market": {"testing"},
    "science": {"advice", "software", "zone"},  # leads the one, helps with the others
    "commerce": {"advice"},  # co-bureau
    **{name: {"software", "zone", "testing", "advice"} for name in SEEN_BY_ALL_OFFICES_ABOVE},
    **{name: set() for name in ("sysadmin", "secadmin", "auditadmin", "finance")},
}


@pytest.mark.parametrize("username", SEEN)
def test_everybody_sees_exactly_the_firms_of_their_reach(world: World, city: dict[str, Firm], username: str) -> None:
    actor = world.actor(username)
    found = set(db.session.scalars(firms.visible_to(actor)))
    assert found == {city[key] for key in SEEN[username]}
    assert {firm for firm in city.values() if sees_firm(actor, firm)} == found


def test_every_person_of_the_small_city_is_in_that_table() -> None:
    assert set(PEOPLE) - {"haifeng2", "industry2", "finance2"} == set(SEEN)


def test_a_firm_voided_with_its_import_is_nobodys(world: World) -> None:
    firm = world.firm()
    firm.voided_at = NOW
    db.session.flush()
    assert list(db.session.scalars(firms.visible_to(world.actor("leader")))) == []
    assert firms.with_code(firm.credit_code or "") is None


def test_figures_and_papers_are_reached_through_their_firm_only(world: World) -> None:
    firm = world.admitted()
    figure, paper = figures.current_figures(firm)[0], documents.documents_of(firm)[0]

    def reached(username: str) -> tuple[bool, bool]:
        actor = world.actor(username)
        return (
            db.session.scalars(figures.one(actor, figure.id)).one_or_none() is figure,
            db.session.scalars(documents.one(actor, paper.id)).one_or_none() is paper,
        )

    assert {name: reached(name) for name in ("haifeng", "industry", "lufeng", "market")} == {
        "haifeng": (True, True),
        "industry": (True, True),
        "lufeng": (False, False),
        "market": (False, False),
    }


def test_of_each_period_the_latest_revision_that_is_not_void_counts(world: World) -> None:
    firm = world.firm()
    world.figure(firm, "1500")
    world.figure(firm, "1600", reason="补记")
    world.figure(firm, "800", period="2021-06")
    newest = figures.figures_of(firm)[1]
    assert (newest.month, newest.revision) == (9, 2)
    assert [(f.month, f.revision) for f in figures.current_figures(firm)] == [(6, 1), (9, 2)]
    newest.voided_at = NOW
    assert [(f.month, f.revision) for f in figures.current_figures(firm)] == [(6, 1), (9, 1)]
