"""A place ends on its day: its firms are counted in another, what was before is told as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.tables import Base
from registry.firms.models.firms import Firm
from registry.pathway.queries.directory import Past
from registry.people.models import User
from registry.quarters.queries import telling
from registry.reference.models import Division
from registry.reference.queries import reference
from registry.successions import queries, services
from registry.successions.queries import PLACES, PLACES_STAY
from registry.successions.texts import LABELS
from registry.trail.services import trail
from tests.registered import load
from tests.registered import row as registered
from tests.rulesets.test_dictionary import drafted, item, press, published, refusals, shown
from tests.successions.test_offices import AT, DAY, acts, everything
from tests.world import TODAY, World, credit_code, signed_in

ZONE, COUNTY = "441581-Z1", "441581"
FIRM = "陆丰市华侨软件有限公司"


def ending(file: str, successor: str = "", **key: str) -> dict[str, str]:
    more = {"successor": successor} if successor else {}
    return item(file, ended=True, **key, **more)


def the_zone(successor: str = COUNTY) -> list[dict[str, str]]:
    """A zone goes up in its county: the place, its office, its list of towns."""
    return [
        ending("divisions.csv", successor, code=ZONE),
        ending("offices.csv", COUNTY, code=ZONE),
        ending("zone_towns.csv", zone=ZONE, town="441581400"),
    ]


def in_effect(day: date = DAY) -> None:
    """The day comes, with its work; what is asked afterwards is asked on it."""
    services.take_effect(on=day, at=AT)
    db.session.commit()
    current_app.config["TODAY"] = day
    reference.forget_rules()


@pytest.fixture(autouse=True)
def today(app: Flask) -> Iterator[None]:
    before = app.config["TODAY"]
    yield
    app.config["TODAY"] = before


def test_every_column_that_names_a_place_follows_it_or_is_history() -> None:
    found = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.target_fullname == "division.code"
    }
    moved = {f"{one.column.class_.__tablename__}.{one.column.key}" for one in PLACES.values()}
    assert found - moved == set(PLACES_STAY)
    assert not moved & set(PLACES_STAY)


def test_the_firms_of_an_ended_zone_are_counted_in_its_county_as_was_shown(world: World) -> None:
    firm = world.firm(FIRM, by="cityoffice", division=ZONE, town="441581400", credit_code=credit_code(1))
    load([registered(credit_code(2), 注册地址="陆丰市华侨管理区侨兴路1号")])
    db.session.commit()
    draft = drafted(world, *the_zone(), start=DAY)
    told = {line.label: line.count for line in queries.handed_over("divisions.csv", ZONE, COUNTY).lines}
    assert (told[LABELS["in_place"]], told[LABELS["registered_in"]]) == (1, 1)
    from registry.rulesets.services import drafting

    drafting.publish(world.actor("cityoffice"), draft, opinion="与批复一致", seen=draft.version, at=AT, on=TODAY)
    before = firm.version
    in_effect()
    firm = db.session.get_one(Firm, firm.id)
    assert (firm.division, firm.statistical_county, firm.town, firm.version) == (
        COUNTY,
        COUNTY,
        "441581400",
        before + 1,
    )
    assert queries.counts_of_place(ZONE) == dict.fromkeys(PLACES, 0)
    place = db.session.get_one(Division, ZONE)
    assert (place.valid_to, place.successor) == (DAY - timedelta(days=1), COUNTY)
    assert ZONE not in {row.code for row in reference.counties_and_zones()}
    (end,) = acts("end_division")
    assert end.after is not None
    assert (end.subject_label, end.after["successor"], end.after["in_place"]) == (ZONE, COUNTY, 1)
    assert trail.verify().broken is None
    past = Past.among(select(Firm.id).where(Firm.id == firm.id), since=TODAY)
    assert [past.values(firm.id, day)["division"] for day in (TODAY, DAY)] == [ZONE, COUNTY]


def test_an_ended_places_name_now_means_its_successor(world: World) -> None:
    published(world, *the_zone(), start=DAY)
    assert reference.territory().named("华侨管理区") == ZONE
    in_effect()
    assert reference.territory().named("华侨管理区") == COUNTY
    assert reference.territory().named("陆丰市") == COUNTY


def test_it_happens_once_and_not_before_its_day(world: World) -> None:
    world.firm(FIRM, by="cityoffice", division=ZONE)
    published(world, *the_zone(), start=DAY)
    in_effect(TODAY)
    before = everything()
    in_effect(TODAY)
    assert everything() == before
    in_effect()
    after = everything()
    in_effect(DAY + timedelta(days=1))
    assert everything() == after != before


def test_two_counties_become_one_with_their_towns_offices_and_people(world: World) -> None:
    """陆河 goes up in 海丰: everything in it ends in the same draft, its clerks go on for the other county."""
    firm = world.firm("陆河县谷雨软件有限公司", by="luhe", division="441523", town="441523100")
    db.session.commit()
    towns = [code for code in reference.division_names() if code.startswith("441523") and len(code) > 6]
    into = "441521101"
    published(
        world,
        ending("divisions.csv", "441521", code="441523"),
        ending("offices.csv", "441521", code="441523"),
        *(ending("divisions.csv", into, code=town) for town in towns),
        start=DAY,
    )
    in_effect()
    firm = db.session.get_one(Firm, firm.id)
    assert (firm.division, firm.statistical_county, firm.town, firm.office.code) == ("441521", "441521", into, "441521")
    luhe = db.session.scalars(select(User).where(User.username == "luhe")).one()
    assert luhe.office.code == "441521"
    assert "441523" not in dict(telling.counties(DAY))
    assert "441523" in dict(telling.counties(TODAY))


@pytest.mark.parametrize(
    "rows,said",
    [
        ([ending_row], said)
        for ending_row, said in (
            (("divisions.csv", "", "441581-Z1"), "须填写接替的区划"),
            (("divisions.csv", "441581001", "441581-Z1"), "同一级的区划"),
            (("divisions.csv", "441581", "441581-Z1"), "其下的“441581-Z1 441581400”仍在"),
            (("divisions.csv", "441521", "441523"), "其下的“441523100”仍在"),
            (("divisions.csv", "441581", "441500"), "市本级不能终止"),
            (("offices.csv", "441521", "441523"), "在同一份草稿里终止其区划"),
            (("offices.csv", "science", "statistics"), "不能终止，只能改名"),
        )
    ],
)
def test_what_cannot_end_alone_is_refused(world: World, rows: list[tuple[str, str, str]], said: str) -> None:
    sentences = refusals(world, *(ending(file, after, code=code) for file, after, code in rows))
    assert any(said in sentence for sentence in sentences), sentences


def test_nothing_follows_what_ends_itself(world: World) -> None:
    said = refusals(
        world,
        ending("divisions.csv", "441581002", code="441581001"),
        ending("divisions.csv", "441581003", code="441581002"),
    )
    assert any("自己也将终止" in sentence for sentence in said), said


def test_the_form_of_a_place_asks_whether_it_ends_and_who_follows(app: Flask) -> None:
    author = signed_in(app, "statistics")
    row = press(author, "/reference?kind=divisions", "/reference/drafts", kind="divisions", key=ZONE)
    press(author, row, row, version="1", name="华侨管理区", short_name="华侨管理区", ended="y", successor=COUNTY, source="市政府批复〔2021〕9号", clause="第一条",
          checked_on="2021-10-15")  # fmt: skip
    told = shown(author, row.partition("/reference")[0] + "/rulesets/drafts/1")
    assert all(word in told for word in ("华侨管理区", "终止", "陆丰市")), told


def test_the_city_itself_cannot_be_ended_on_its_form(app: Flask) -> None:
    author = signed_in(app, "statistics")
    row = press(author, "/reference?kind=divisions", "/reference/drafts", kind="divisions", key="441500")
    assert "从施行日期起终止" not in shown(author, row)
