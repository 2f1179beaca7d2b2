"""The bulletin of a closed quarter says what was recognised and what was paid, and each number opens its rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from registry.base.extensions import db
from registry.bulletins.queries import numbers
from registry.cases.models import CaseCohort
from registry.payments.models import Payment, PaymentBatch
from registry.payments.queries import totals
from tests.bulletins.test_numbers import close
from tests.cases.test_targets import recognised
from tests.cases.worlds import CaseWorld
from tests.lives import listed
from tests.payments import vouchers
from tests.world import NOW


def paid(city: CaseWorld, year: int, number: str, amount: str, day: date) -> None:
    """A payment that the bank made, as the feature leaves it."""
    cohort = db.session.scalars(select(CaseCohort).where(CaseCohort.group == "voucher", CaseCohort.year == year)).one()
    case = vouchers.case(number, amount=amount)
    case.cohort = cohort
    who = city.world.actor("finance")
    batch = PaymentBatch(
        number=f"批{number}",
        rank=int(number),
        cohort_id=cohort.id,
        state="paid",
        by_id=who.user_id,
        by_name=who.name,
        at=NOW,
    )
    db.session.add(batch)
    db.session.flush()
    payee = vouchers.payee(city.world, case, vouchers.account_number(int(number)))
    case.state = "paid"
    db.session.add(
        Payment(
            batch_id=batch.id, case_id=case.id, payee_id=payee.id, rank=1, number=f"付{number}", amount=Decimal(amount),
            state="paid", paid_on=day,
        )
    )  # fmt: skip
    db.session.flush()


def test_recognitions_and_payments_stand_in_the_bulletin_with_their_rows(city: CaseWorld) -> None:
    listed(city.world, "海丰县云谷甲软件有限公司", 1, on=date(2021, 11, 1))
    recognised(city)
    paid(city, 2020, "0001", "16000.50", date(2021, 9, 1))
    paid(city, 2021, "0002", "43000.00", date(2021, 11, 2))
    paid(city, 2021, "0003", "7.25", date(2021, 12, 30))
    paid(city, 2021, "0004", "9999.99", date(2022, 1, 4))
    snapshot = close(city.world, "2021Q4", date(2022, 1, 20))
    found = numbers.of(snapshot).numbers
    assert found["目标:2021/T2.已计数"].shown == "1"
    (row,) = numbers.behind(snapshot, "目标:2021/T2.已计数") or []
    assert (row.name, row.firm_id) == ("汕尾海上风电研究院", None)
    assert [found[f"创新券:2021.{name}"].shown for name in ("拨付笔数", "拨付金额", "本季拨付笔数", "本季拨付金额")] == [
        "2", "43,007.25", "2", "43,007.25",
    ]  # fmt: skip
    assert [found[f"创新券:2020.{name}"].shown for name in ("拨付笔数", "本季拨付笔数")] == ["1", "0"]
    cohort = city.cohorts[2021]
    assert totals.of(cohort, date(2021, 12, 31)).all.amount == Decimal("43007.25")
    assert [one.name for one in numbers.behind(snapshot, "创新券:2021.拨付笔数") or []] == ["0002", "0003"]
    assert numbers.behind(snapshot, "创新券:2021.拨付笔数", city.world.actor("lufeng")) == []
