"""A draw is the same for the same seed and cases, has something of each stratum, and says why it is made again."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest

from registry.base.errors import FieldError, RegistryError
from registry.payments.models import PaymentBatch
from registry.payments.rules.sampling import PaidCase, draw, population
from registry.payments.services import batches, sampling
from tests.payments import vouchers
from tests.world import NOW, TODAY, World

SHARE = Decimal("0.05")


def cases(count: int, kind: str = "检测券", county: str = "海丰县") -> list[PaidCase]:
    return [PaidCase(at, at, f"{kind}{county}{at:04d}", kind, county) for at in range(count)]


def test_each_stratum_gives_its_share_rounded_up_and_at_least_one() -> None:
    found = draw([*cases(100), *cases(101, county="陆丰市"), *cases(1, "平台券")], "s", SHARE)
    assert Counter((one.paid.kind, one.paid.county) for one in found) == {
        ("检测券", "海丰县"): 5, ("检测券", "陆丰市"): 6, ("平台券", "海丰县"): 1,
    }  # fmt: skip
    assert {one.size for one in found} == {100, 101, 1}


def test_the_same_seed_draws_the_same_in_whatever_order_the_cases_come() -> None:
    every = [*cases(200), *cases(50, county="陆丰市")]
    shuffled = random.Random(7).sample(every, len(every))
    assert draw(every, "2021", SHARE) == draw(shuffled, "2021", SHARE)
    assert draw(every, "2021", SHARE) != draw(every, "2022", SHARE)
    assert population(every) == population(shuffled)


def paid(world: World, count: int = 3) -> PaymentBatch:
    vouchers.budget(world, "50000")
    batch = vouchers.sent(world, vouchers.approved(world, count))
    batches.pay(world.actor("finance"), batch, day=TODAY, voucher="V", at=NOW, on=TODAY)
    return batch


def test_a_draw_again_needs_another_seed_and_a_reason(world: World) -> None:
    city, year = world.actor("cityoffice"), vouchers.cohort()
    with pytest.raises(RegistryError):
        sampling.draw(city, year, seed="1", reason="", at=NOW, on=TODAY)
    paid(world)
    first = sampling.draw(city, year, seed="1", reason="", at=NOW, on=TODAY)
    with pytest.raises(FieldError, match="种子 1"):
        sampling.draw(city, year, seed="1", reason="再抽", at=NOW, on=TODAY)
    with pytest.raises(FieldError, match="理由"):
        sampling.draw(city, year, seed="2", reason="", at=NOW, on=TODAY)
    second = sampling.draw(city, year, seed="2", reason="换一批", at=NOW, on=TODAY)
    assert (first.digest, first.population) == (second.digest, 3)
    assert len(first.items) == len(second.items) == 1
    with pytest.raises(FieldError):
        sampling.draw(city, year, seed="坏 种子", reason="x", at=NOW, on=TODAY)


def test_what_was_paid_later_is_another_population(world: World) -> None:
    city, year = world.actor("cityoffice"), vouchers.cohort()
    paid(world)
    first = sampling.draw(city, year, seed="1", reason="", at=NOW, on=TODAY)
    batch = vouchers.sent(world, vouchers.approved(world, 1, start=30))
    batches.pay(world.actor("finance"), batch, day=TODAY, voucher="V", at=NOW, on=TODAY)
    assert sampling.draw(city, year, seed="1", reason="又付一批", at=NOW, on=TODAY).digest != first.digest
