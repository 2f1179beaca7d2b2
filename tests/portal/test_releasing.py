"""What an office releases is public, field by field, and nothing else; what is withdrawn or leaves is gone at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError, StaleRecord
from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.firms.models.firms import Firm
from registry.merges.services import merging
from registry.portal import jobs, texts
from registry.portal.models import PortalRelease, PublicRow
from registry.portal.services import drawing, releasing, stories
from registry.portal.services.stories import StoryFacts
from registry.qualifications.models import Qualification
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.cases.worlds import CaseWorld
from tests.portal.opened import ALL, opened, released
from tests.qualifications.entered import certificate
from tests.world import NOW, TODAY, World

YUNGU, QINGMEI = "海丰县云谷软件有限公司", "海丰县青梅检测有限公司"
STORY = StoryFacts("从小微到规上", 2021, "三年成长。", "第一段。\n第二段。", "陈总", TODAY)


def shown(code: str = "entries") -> list[dict[str, str]]:
    db.session.expire_all()
    rows = select(PublicRow).where(PublicRow.collection == code).order_by(PublicRow.id)
    return [row.values for row in db.session.scalars(rows)]


def test_only_the_fields_that_were_released_are_in_the_copy(world: World) -> None:
    opened(world)
    firm = world.admitted(YUNGU)
    assert shown() == []
    assert released(world, firm) == 1
    assert shown() == [{"name": YUNGU, "credit_code": firm.credit_code, "county": "海丰县"}]
    entry = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "release_entry")).one()
    assert (entry.subject_label, entry.after) == (YUNGU, {"fields": "name, credit_code, county"})


@pytest.mark.parametrize("key", [key for key in ALL["entries"] if key != "name"])
def test_releasing_one_field_more_changes_that_field_and_nothing_else(world: World, key: str) -> None:
    opened(world)
    firm, other = world.admitted(YUNGU), world.admitted(QINGMEI)
    certificate(world, firm)
    released(world, firm, other, keys=[])
    before = shown()
    released(world, firm, keys=[key])
    (changed, beside) = shown()
    assert beside == before[1]
    assert {name for name in changed if changed.get(name) != before[0].get(name)} == {key}
    assert set(before[0]) <= set(changed)


def test_a_field_that_the_portal_does_not_show_is_not_in_the_copy_whatever_was_released(world: World) -> None:
    opened(world, {"entries": ["name"]})
    released(world, world.admitted(YUNGU), keys=ALL["entries"])
    assert shown() == [{"name": YUNGU}]
    opened(world, {"entries": ["name", "county"]})
    assert shown() == [{"name": YUNGU, "county": "海丰县"}]
    opened(world, {})
    assert shown() == []
    opened(world, is_on=False)
    assert db.session.scalars(select(PublicRow)).all() == []


def test_the_office_and_the_bureau_in_charge_release_and_nobody_else(world: World) -> None:
    opened(world)
    firm = world.admitted(YUNGU)
    for by in ("haifeng", "lufeng", "market", "leader", "statistics", "auditor"):
        with pytest.raises(NotAllowed):
            released(world, firm, by=by)
    assert released(world, firm, by="industry") == 1
    with pytest.raises(ReasonNeeded):
        releasing.withdraw(world.actor("industry"), [firm], reason=" ", at=NOW, on=TODAY)
    assert releasing.withdraw(world.actor("cityoffice"), [firm], reason="企业请求", at=NOW, on=TODAY) == 1
    assert shown() == []


def test_a_firm_that_is_not_in_the_directory_is_released_alone_and_with_a_reason(world: World) -> None:
    opened(world)
    lead, listed = world.firm(YUNGU), world.admitted(QINGMEI)
    with pytest.raises(FieldError) as refused:
        released(world, lead, listed)
    assert refused.value.template == texts.NOT_LISTED
    with pytest.raises(FieldError) as refused:
        released(world, lead)
    assert refused.value.template == texts.EARLY_REASON
    releasing.release(world.actor("cityoffice"), [lead], ["stage"], at=NOW, on=TODAY, early_reason="企业书面申请")
    assert shown() == [{"name": YUNGU}]  # of one on its way no stage is told
    lead.stage = Stage.REJECTED
    drawing.redraw(at=NOW, on=TODAY)
    assert shown() == []  # the way has ended


def test_other_fields_are_another_release_and_the_first_is_kept(world: World) -> None:
    opened(world)
    firm = world.admitted(YUNGU)
    released(world, firm)
    assert released(world, firm) == 0
    assert released(world, firm, keys=["industry"]) == 1
    rows = db.session.scalars(select(PortalRelease).order_by(PortalRelease.id)).unique().all()
    assert [(row.fields, bool(row.ended_at)) for row in rows] == [
        (["name", "credit_code", "county"], True), (["name", "industry"], False),
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["removed", "voided", "merged"])
def test_what_leaves_the_directory_is_gone_with_the_next_minute(world: World, what: str) -> None:
    opened(world)
    firm, other = world.admitted(YUNGU), world.admitted(QINGMEI)
    released(world, firm)
    drawing.renew(at=NOW, on=TODAY)
    assert len(shown()) == 1
    if what == "removed":
        firm.stage = Stage.REMOVED
    elif what == "voided":
        firm.voided_at = NOW
    else:
        merging.merge(
            world.actor("cityoffice"), other, firm,
            merging.MergeChoice(reason="重复", code_ground="mistyped", code_checked=True, picks={"name": merging.Pick.WINNER, "credit_code": merging.Pick.WINNER, "revenue 2021-09": merging.Pick.WINNER}),
            at=NOW, on=TODAY,
        )  # fmt: skip
    if what == "merged":
        drawing.renew(at=NOW, on=TODAY)
    else:
        drawing.redraw(at=NOW, on=TODAY)
    assert shown() == []


def test_a_correction_is_shown_with_the_next_minute_under_the_same_key(world: World) -> None:
    opened(world)
    firm = world.admitted(YUNGU)
    released(world, firm, keys=["qualifications"])
    key = db.session.scalars(select(PublicRow.key)).one()
    row = certificate(world, firm)
    drawing.redraw(at=NOW, on=TODAY)
    assert shown() == [{"name": YUNGU, "qualifications": "CMA"}]
    db.session.get_one(Qualification, row.id).valid_to = TODAY - timedelta(days=1)
    drawing.redraw(at=NOW, on=TODAY)
    assert shown() == [{"name": YUNGU}]
    assert db.session.scalars(select(PublicRow.key)).one() == key


def test_drawing_again_writes_nothing(world: World) -> None:
    opened(world)
    released(world, world.admitted(YUNGU))
    assert drawing.redraw(at=NOW, on=TODAY) == 0
    assert drawing.renew(at=NOW, on=TODAY) == 0


def test_a_notice_of_cases_is_public_from_its_first_day_until_it_is_taken_down(city: CaseWorld) -> None:
    opened(city.world)
    city.noticed(city.passed(city.service("100000")))
    drawing.renew(at=NOW, on=TODAY)
    (notice,) = shown("notices")
    assert notice["name"] == "科技创新券补助公示"
    assert "海丰县云谷软件有限公司" in notice["items"]
    after = TODAY + timedelta(days=400)
    drawing.renew(at=NOW, on=after)
    assert shown("notices") == []


def test_a_story_needs_the_firms_consent_and_a_second_person(world: World) -> None:
    opened(world)
    firm = world.admitted(YUNGU)
    with pytest.raises(FieldError) as refused:
        stories.enter(world.actor("industry"), firm, STORY, filename="", content=b"", at=NOW, on=TODAY)
    assert refused.value.field == "file"
    row = stories.enter(
        world.actor("industry"), firm, STORY, filename="同意书.pdf", content=b"%PDF-1.4 x", at=NOW, on=TODAY
    )
    assert shown("stories") == []
    stories.approve(world.actor("cityoffice"), row, seen=row.revision, at=NOW, on=TODAY)
    (story,) = shown("stories")
    assert story == {
        "name": "从小微到规上",
        "firm": YUNGU,
        "year": "2021",
        "summary": "三年成长。",
        "text": "第一段。\n第二段。",
    }
    with pytest.raises((RegistryError, NotAllowed)):
        stories.edit(world.actor("cityoffice"), row, STORY, seen=row.revision, at=NOW, on=TODAY)
    stories.withdraw(world.actor("cityoffice"), row, reason="企业收回同意", at=NOW, on=TODAY)
    assert shown("stories") == []


def test_whoever_entered_a_story_does_not_approve_it(world: World) -> None:
    opened(world)
    row = stories.enter(
        world.actor("cityoffice"), world.admitted(YUNGU), STORY, filename="同意书.pdf", content=b"%PDF-1.4 x", at=NOW,
        on=TODAY,
    )  # fmt: skip
    with pytest.raises(RegistryError) as refused:
        stories.approve(world.actor("cityoffice"), row, seen=row.revision, at=NOW, on=TODAY)
    assert refused.value.template == texts.TWO_PERSONS


def test_progress_is_published_as_it_stood_and_does_not_move(world: World) -> None:
    opened(world)
    city = world.actor("cityoffice")
    found = releasing.progress_now(TODAY)
    assert found is not None
    code = found.targets[0].target.code
    with pytest.raises(FieldError):
        releasing.publish(city, [], at=NOW, on=TODAY)
    row = releasing.publish(city, [code], at=NOW, on=TODAY)
    (line,) = shown("progress")
    assert (line["name"], line["as_of"]) == (found.targets[0].target.name, TODAY.isoformat())
    again = releasing.publish(city, [one.target.code for one in found.targets], at=NOW, on=TODAY)
    assert (row.ended_at is not None, len(shown("progress"))) == (True, len(found.targets))
    releasing.withdraw_progress(city, again, reason="数字有误", at=NOW, on=TODAY)
    assert shown("progress") == []


def test_whoever_last_wrote_a_story_does_not_approve_it_and_what_was_read_is_what_is_approved(world: World) -> None:
    opened(world)
    row = stories.enter(
        world.actor("industry"),
        world.admitted(YUNGU),
        STORY,
        filename="同意书.pdf",
        content=b"%PDF-1.4 x",
        at=NOW,
        on=TODAY,
    )
    read = row.revision
    city = world.actor("cityoffice")
    stories.edit(city, row, replace(STORY, text="另一段。"), seen=read, at=NOW, on=TODAY)
    with pytest.raises(RegistryError) as refused:
        stories.approve(city, row, seen=row.revision, at=NOW, on=TODAY)
    assert refused.value.template == texts.TWO_PERSONS
    stories.edit(world.actor("industry"), row, STORY, seen=row.revision, at=NOW, on=TODAY)
    with pytest.raises(StaleRecord):
        stories.approve(city, row, seen=read, at=NOW, on=TODAY)
    assert shown("stories") == []


def test_the_story_of_a_firm_that_left_the_directory_goes_with_it(world: World) -> None:
    opened(world)
    firm = world.admitted(YUNGU)
    row = stories.enter(
        world.actor("industry"), firm, STORY, filename="同意书.pdf", content=b"%PDF-1.4 x", at=NOW, on=TODAY
    )
    stories.approve(world.actor("cityoffice"), row, seen=row.revision, at=NOW, on=TODAY)
    assert len(shown("stories")) == 1
    firm.stage = Stage.REMOVED
    drawing.renew(at=NOW, on=TODAY)
    assert shown("stories") == []


def test_what_was_withdrawn_while_it_was_being_drawn_is_not_written(world: World) -> None:
    opened(world)
    firm = world.admitted(YUNGU)
    released(world, firm, keys=["county"])
    firm.name = "海丰县云谷科技有限公司"
    db.session.flush()
    _seq, changes = drawing.everything(TODAY)
    assert len(changes) == 1
    releasing.withdraw(world.actor("cityoffice"), [firm], reason="企业请求", at=NOW, on=TODAY)
    drawing.write(changes, at=NOW)
    assert shown() == []
    with pytest.raises(RegistryError) as refused:
        releasing.withdraw(world.actor("cityoffice"), [firm], reason="再来", at=NOW, on=TODAY)
    assert refused.value.template == texts.NOT_STANDING


def test_the_jobs_draw_and_renew(world: World) -> None:
    opened(world)
    firm = world.admitted(YUNGU)
    released(world, firm, keys=["activity"])
    firm.activity = "云服务"
    db.session.commit()
    jobs.redraw()
    assert shown() == [{"name": YUNGU, "activity": "云服务"}]
    firm = db.session.get_one(Firm, firm.id)
    firm.stage = Stage.REMOVED
    trail.record(world.actor("cityoffice"), "remove", firm, at=NOW)
    db.session.commit()
    jobs.renew()
    assert shown() == []
