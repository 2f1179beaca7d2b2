"""The city of the cases, for what a search finds in it."""

from __future__ import annotations

import pytest

from tests.cases.conftest import built
from tests.cases.worlds import CaseWorld
from tests.world import World


@pytest.fixture
def city(world: World) -> CaseWorld:
    return built(world)
