"""An invented kind of vouchers with its states of money, and cases of it that are approved."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from registry.base.extensions import db
from registry.cases.models import Case, CaseCohort, CaseKind
from registry.payments.models import ClawBack, PayeeAccount, Payment, PaymentBatch
from registry.payments.queries import asked
from registry.payments.services import batches, budgeting, payees, settling
from registry.payments.services.payees import NamedAccount
from registry.payments.services.settling import Demanded
from registry.people.queries import people
from tests.world import NOW, TODAY, World

GROUP = "test_voucher"
_MONEY: tuple[tuple[str, str, list[str], str], ...] = (
    ("batch", "列入批次", ["approved", "returned_by_bank"], "batched"),
    ("unbatch", "撤出批次", ["batched"], "approved"),
    ("pay", "支付", ["batched"], "paid"),
    ("bank_return", "银行退回", ["batched", "paid", "reconciled"], "returned_by_bank"),
    ("reconcile", "对账", ["paid"], "reconciled"),
    ("claw_back", "追回", ["paid", "reconciled"], "clawed_back"),
)
STATES = {
    "draft": "草稿", "approved": "已批准", "batched": "在付", "paid": "已支付", "reconciled": "已对账",
    "returned_by_bank": "银行退回", "clawed_back": "已追回", "refused": "不予兑付",
}  # fmt: skip
_KINDS = {"draft": "draft", "reconciled": "good", "clawed_back": "bad", "refused": "bad"}


def definition(code: str = "test_voucher", name: str = "检测券") -> dict[str, Any]:
    steps = [
        {"verb": verb, "name": label, "from": start, "to": end, "who": "finance", "effects": ["money"]}
        for verb, label, start, end in _MONEY
    ]
    approve = {"verb": "approve", "name": "批准", "from": ["draft"], "to": "approved", "who": "city"}
    return {
        "code": code, "name": name, "group": GROUP, "applicants": ["firm", "body"], "bureau": "science",
        "outcome": "payment", "source": "invented", "cohorts": True,
        "state": [{"code": one, "name": label, "kind": _KINDS.get(one, "open")} for one, label in STATES.items()],
        "step": [approve, *steps],
        "setting": [{"code": "claw_back_interest", "name": "追回利率", "value": "0.0365", "unit": "年"}],
    }  # fmt: skip


def kind(code: str = "test_voucher", name: str = "检测券") -> CaseKind:
    held = db.session.scalars(select(CaseKind).where(CaseKind.code == code)).one_or_none()
    if held is None:
        held = CaseKind(
            code=code, edition=1, name=name, group=GROUP, state="published", definition=definition(code, name),
            digest="0" * 64, valid_from=date(2020, 1, 1), prepared_at=NOW,
        )  # fmt: skip
        db.session.add(held)
        db.session.flush()
    return held


def cohort(year: int = 2020, group: str = GROUP) -> CaseCohort:
    if group == GROUP:
        kind()
    held = db.session.scalars(
        select(CaseCohort).where(CaseCohort.group == group, CaseCohort.year == year)
    ).one_or_none()
    if held is None:
        held = CaseCohort(group=group, year=year, document=f"{year}年度预算", opens_on=date(year, 1, 1), at=NOW)
        db.session.add(held)
        db.session.flush()
    return held


def case(
    number: str, year: int = 2020, *, amount: str = "1000.00", state: str = "approved", office: str = "441521",
    applicant: str = "", edition: CaseKind | None = None,
) -> Case:  # fmt: skip
    edition = edition or kind()
    row = Case(
        number=number, edition=edition, code=edition.code, group=edition.group, cohort=cohort(year, edition.group), office=people.office(office),
        bureau=people.office("science"), applicant=applicant or f"{number}号申报单位有限公司", state=state, since=TODAY,
        amount=Decimal(amount), by_name="某人", at=NOW, is_open=True,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def account_number(number: int) -> str:
    """An invented account of 16 digits that passes Luhn's check."""
    from registry.payments.rules.accounts import is_luhn

    body = f"62170012{number:07d}"
    return next(body + str(digit) for digit in range(10) if is_luhn(body + str(digit)))


def payee(world: World, row: Case, number: str, *, holder: str = "") -> PayeeAccount:
    """Named by one officer of the finance bureau and confirmed by the other."""
    named = NamedAccount(holder or row.applicant, "汕尾农商银行", number)
    found = payees.propose(world.actor("finance"), row, named, reason="" if not holder else "更名材料", at=NOW)
    payees.decide(world.actor("finance2"), found, sound=True, opinion="与开户许可一致", number=number, at=NOW)
    return found


def budget(world: World, amount: str, year: int = 2020) -> None:
    funded(world, cohort(year), amount)


def funded(world: World, year: CaseCohort, amount: str) -> None:
    """A budget that the city office entered and the finance bureau checked."""
    move = budgeting.enter(world.actor("cityoffice"), year, Decimal(amount), document="财教〔2020〕1号", at=NOW)
    budgeting.decide(world.actor("finance"), move, sound=True, opinion="与指标文一致", at=NOW)


def approved(world: World, count: int, year: int = 2020, *, start: int = 1, **more: Any) -> list[Case]:
    """Cases with accounts, each of another amount."""
    found = []
    for at in range(start, start + count):
        row = case(f"TQ{year}-{at:04d}", year, amount=f"{1000 + at}.{at % 100:02d}", **more)
        payee(world, row, account_number(year % 10 * 100_000 + at))
        found.append(row)
    return found


def collected(world: World, cases: list[Case], year: int = 2020, *, at: datetime = NOW) -> PaymentBatch:
    return batches.collect(world.actor("finance"), cohort(year), [one.id for one in cases], at=at, on=TODAY)


def clawed_back(world: World, payment: Payment, demanded: Demanded) -> ClawBack:
    """Entered by one officer of the finance bureau and checked by the other."""
    settling.ask_claw_back(world.actor("finance"), payment, demanded, at=NOW, on=TODAY)
    entered = asked.to_claw_back(payment)
    assert entered is not None
    return settling.claw_back(
        world.actor("finance2"), payment, shown=entered.seq, opinion="与决定一致", at=NOW, on=TODAY
    )


def sent(world: World, cases: list[Case], year: int = 2020, *, days: int = 0) -> PaymentBatch:
    """Collected, checked and sent, `days` before today."""
    batch = collected(world, cases, year, at=NOW - timedelta(days=days))
    batches.check(world.actor("finance2"), batch, opinion="", at=NOW - timedelta(days=days))
    batches.send(world.actor("finance"), batch, day=TODAY - timedelta(days=days), at=NOW, on=TODAY)
    return batch
