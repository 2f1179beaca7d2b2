"""What others do with resources: a merge takes them along and gives them back, an office and a place that end."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from registry.base.extensions import db
from registry.base.vocabulary import UndoGround
from registry.merges.queries import undo_plans
from registry.merges.rules import Pick
from registry.merges.services import merging, unmerging
from registry.merges.services.merging import MergeChoice
from registry.resources.models import Resource
from registry.resources.queries import resources
from registry.resources.rules.rights import ResourceOwner
from registry.successions.queries import counts_of_place
from tests.resources.offered import resource
from tests.world import NOW, TODAY, World

YUNGU, QINGMEI = "海丰县云谷软件有限公司", "海丰县青梅检测有限公司"


def owner_of(name: str) -> str:
    db.session.flush()
    db.session.expire_all()
    return db.session.scalars(select(Resource).where(Resource.name == name)).unique().one().owner_name


def test_a_merge_takes_resources_along_and_gives_them_back(world: World) -> None:
    stays, goes, city = world.admitted(YUNGU), world.admitted(QINGMEI), world.actor("cityoffice")
    moved = resource(world, goes, "质谱仪", serial="S1", released=True)
    choice = MergeChoice(reason="同一企业", code_ground="mistyped", code_checked=True, picks={"name": Pick.WINNER, "credit_code": Pick.WINNER, "revenue 2021-09": Pick.WINNER})  # fmt: skip
    merge = merging.merge(city, stays, goes, choice, at=NOW, on=TODAY)
    assert (owner_of("质谱仪"), moved.released_at) == (YUNGU, None)  # its former owner agreed, this one has not
    assert moved.withdraw_reason == "所属企业已并入其他企业，须由保留企业重新同意并发布"
    assert [row.name for row in resources.of_owner(ResourceOwner(firm=stays))] == ["质谱仪"]
    later = resource(world, stays, "天平", serial="S2")
    kept = resource(world, stays, "试验台", serial="S3")
    additions = [one for one in undo_plans.undoing(merge).additions if one.table == "resource"]
    assert {one.key for one in additions} == {f"resource-{later.id}", f"resource-{kept.id}"}
    unmerging.unmerge(
        city, merge, reason="两家企业", ground=UndoGround.APART, picks={f"resource-{later.id}": Pick.FOLDED},
        at=NOW + timedelta(hours=1), on=TODAY,
    )  # fmt: skip
    assert {name: owner_of(name) for name in ("质谱仪", "天平", "试验台")} == {
        "质谱仪": QINGMEI, "天平": QINGMEI, "试验台": YUNGU,
    }  # fmt: skip


def test_a_place_that_ends_hands_its_resources_on(world: World) -> None:
    resource(world, world.admitted(), "质谱仪")
    assert counts_of_place("441521")["resources_in"] == 1
