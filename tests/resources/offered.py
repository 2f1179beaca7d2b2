"""Resources for tests, entered and released through the services that the product uses."""

from __future__ import annotations

from datetime import date
from typing import Any

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.institutions.models import Institution
from registry.people.queries import people
from registry.resources.models import Resource
from registry.resources.rules.rights import ResourceOwner
from registry.resources.services import recording, releasing
from registry.resources.services.checking import ResourceFacts
from tests.world import NOW, TODAY, World


def facts(name: str = "气相色谱质谱联用仪", **values: Any) -> ResourceFacts:
    given: dict[str, Any] = {
        "kind": "instrument",
        "division": "441521",
        "capability": "有机物定性定量分析，依据 GB/T 18204.2-2014",
        "valid_from": date(2021, 3, 1),
        "valid_to": date(2024, 2, 29),
        "place": "海城镇人民路1号2楼",
        "maker": "岛津公司",
        "model": "QP2020",
        "serial": "O-2020 1234",
        "price": "200元/样",
        "contact_name": "林晓燕",
        "contact_phone": "13812345678",
        "wishes_release": True,
        **values,
    }
    if given["kind"] not in ("instrument", "facility"):
        given |= {"maker": "", "model": "", "serial": ""}
    return ResourceFacts(name=name, **given)


def resource(
    world: World, owner: Firm | Institution, name: str = "气相色谱质谱联用仪", *, by: str = "haifeng", doubt: str = "",
    released: bool = False, **values: Any,
) -> Resource:  # fmt: skip
    whose = ResourceOwner(firm=owner) if isinstance(owner, Firm) else ResourceOwner(institution=owner)
    row = recording.enter(world.actor(by), whose, facts(name, **values), doubt_reason=doubt, at=NOW, on=TODAY)
    if released:
        releasing.release(world.actor("science"), row, seen=row.revision, at=NOW, on=TODAY)
    return row


def institution(
    world: World, name: str = "汕尾海上风电研究院", *, by: str = "haifeng", kind: str = "platform"
) -> Institution:
    """One of the office's own."""
    row = Institution(
        kind=kind, name=name, name_key=name, office=people.user(by).office, by_name="陈晓", at=NOW, body_name="汕尾市科技局",
        division=people.user(by).office.division, contact_name="", contact_phone="",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row
