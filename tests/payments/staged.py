"""One record of every kind that payments have, of one county, for the tests that go through every address."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.cases.models import Case, CaseKind
from registry.cases.services import kinds
from registry.payments.models import BankFile, PaymentBatch
from registry.payments.services import batches, budgeting, payees, reconciling, sampling
from registry.payments.services.payees import NamedAccount
from registry.payments.services.settling import Demanded
from tests.payments import vouchers
from tests.world import NOW, TODAY, World

CODE, YEAR = "voucher-service", 2021


def records(world: World, mark: str) -> dict[str, Any]:
    """By the names of the parameters in addresses; every text of theirs is marked."""
    edition = db.session.scalars(select(CaseKind).where(CaseKind.code == CODE)).one()
    if edition.state == "draft":
        kinds.publish(world.actor("cityoffice"), edition, at=NOW)
    cases = [_case(edition, mark, at) for at in range(4)]
    year = vouchers.cohort(YEAR, edition.group)
    for amount, is_checked in (("90000", True), ("10", False)):
        move = budgeting.enter(world.actor("cityoffice"), year, Decimal(amount), document=f"{mark}指标文", at=NOW)
        if is_checked:
            budgeting.decide(world.actor("finance"), move, sound=True, opinion=f"{mark}一致", at=NOW)
    for at, row in enumerate(cases[1:]):
        vouchers.payee(world, row, vouchers.account_number(800 + at))
    named = NamedAccount(cases[0].applicant, f"{mark}银行", vouchers.account_number(899))
    payee = payees.propose(world.actor("finance"), cases[0], named, reason="", at=NOW)
    batch = batches.collect(world.actor("finance"), year, [one.id for one in cases[1:]], at=NOW, on=TODAY)
    batches.check(world.actor("finance2"), batch, opinion="", at=NOW)
    batches.send(world.actor("finance"), batch, day=TODAY, at=NOW, on=TODAY)
    for payment in batch.payments[:2]:
        batches.mark_paid(world.actor("finance"), payment, day=TODAY, voucher="V1", at=NOW, on=TODAY)
    demanded = Demanded(f"{mark}追回决定", TODAY, TODAY + timedelta(days=30), f"{mark}理由")
    clawback = vouchers.clawed_back(world, batch.payments[1], demanded)
    sample = sampling.draw(world.actor("cityoffice"), year, seed="20211015", reason="", at=NOW, on=TODAY)
    db.session.commit()
    return {
        "payable_id": cases[0],
        "cohort_id": year,
        "move_id": move,
        "payee_id": payee,
        "payment_batch_id": batch,
        "payment_id": batch.payments[0],
        "clawback_id": clawback,
        "bank_file_id": _file(world, batch),
        "sample_id": sample,
        "sample_item_id": sample.items[0],
    }


def _case(edition: CaseKind, mark: str, at: int) -> Case:
    return vouchers.case(
        f"SC{YEAR}-{at:04d}", YEAR, amount=f"{7000 + at}.00", office="441581", applicant=f"陆丰市{mark}{at}号检测有限公司",
        edition=edition,
    )  # fmt: skip


def _file(world: World, batch: PaymentBatch) -> BankFile:
    lines = "户名,账号,金额,交易日期,用途\n"
    for one in batch.payments:
        lines += f"{one.payee.holder},{one.payee.number},{one.amount},{TODAY},{one.number}\n"
    file = reconciling.bring(world.actor("finance"), batch, "回单.csv", [lines.encode()], at=NOW)
    db.session.commit()
    return file
