"""A city with published kinds and a second person of the city office."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import Role
from registry.people.queries import people
from registry.people.services import accounts
from tests.cases.worlds import CaseWorld
from tests.world import NOW, PASSWORD, World


@pytest.fixture
def city(world: World) -> CaseWorld:
    return built(world)


@pytest.fixture
def city_build() -> Callable[[World], CaseWorld]:
    """For what `build` makes."""
    return built


def built(world: World) -> CaseWorld:
    accounts.create(
        SYSTEM_ACTOR, username="cityoffice2", name="方培", office=people.office("science"), roles=(Role.CITY_OFFICE,),
        password=PASSWORD, at=NOW, must_change=False,
    )  # fmt: skip
    return CaseWorld(world)
