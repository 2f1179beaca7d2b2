"""Budgets, accounts and batches: two persons, one cohort, one payment a case, however often it is pressed."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from registry.base.errors import FieldError, NotAllowed, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.cases.models import CaseCohort
from registry.payments.models import Payment, PaymentBatch
from registry.payments.queries import asked, budgets, payable, totals
from registry.payments.services import batches, budgeting, payees, settling
from registry.payments.services.payees import NamedAccount
from registry.payments.services.settling import Demanded
from registry.trail.models import TrailEntry
from tests.payments import vouchers
from tests.world import NOW, TODAY, World

D = Decimal


def test_a_budget_counts_once_another_person_has_checked_it(world: World) -> None:
    year = vouchers.cohort()
    move = budgeting.enter(world.actor("cityoffice"), year, D("5000"), document="财教〔2020〕1号", at=NOW)
    assert budgets.left(year) == D("0.00")
    with pytest.raises(NotAllowed):
        budgeting.decide(world.actor("cityoffice"), move, sound=True, opinion="自己复核", at=NOW)
    budgeting.decide(world.actor("finance"), move, sound=True, opinion="与指标文一致", at=NOW)
    assert budgets.left(year) == D("5000.00")
    vouchers.case("TQ2020-0001", amount="1200.50")
    vouchers.case("TQ2020-0002", amount="9.00", state="draft")
    assert budgets.left(year) == D("3799.50")
    with pytest.raises(FieldError):
        budgeting.enter(world.actor("cityoffice"), year, D("-4000"), document="调减", at=NOW)


def test_what_is_left_goes_to_the_next_year_by_one_decision_and_no_further(world: World) -> None:
    vouchers.budget(world, "5000")
    old, new = vouchers.cohort(2020), vouchers.cohort(2021)
    city = world.actor("cityoffice")
    with pytest.raises(FieldError):
        budgeting.carry(city, old, new, D("5000.01"), document="结转文", at=NOW)
    with pytest.raises(FieldError):
        budgeting.carry(city, new, old, D("1"), document="结转文", at=NOW)
    move = budgeting.carry(city, old, new, D("1500"), document="结转文", at=NOW)
    assert (budgets.left(old), budgets.left(new)) == (D("5000.00"), D("0.00"))
    budgeting.decide(world.actor("finance"), move, sound=True, opinion="一致", at=NOW)
    assert (budgets.left(old), budgets.left(new)) == (D("3500.00"), D("1500.00"))


def test_a_carry_over_is_refused_at_the_check_where_the_money_has_gone_meanwhile(world: World) -> None:
    vouchers.budget(world, "5000")
    move = budgeting.carry(
        world.actor("cityoffice"), vouchers.cohort(2020), vouchers.cohort(2021), D("4500"), document="结转文", at=NOW
    )
    vouchers.case("TQ2020-0001", amount="1000")
    with pytest.raises(FieldError):
        budgeting.decide(world.actor("finance"), move, sound=True, opinion="一致", at=NOW)


def test_an_account_is_confirmed_by_another_and_every_change_is_a_new_row(world: World) -> None:
    row = vouchers.case("TQ2020-0001")
    one, two = world.actor("finance"), world.actor("finance2")
    with pytest.raises(FieldError, match="位数字"):
        payees.propose(one, row, NamedAccount(row.applicant, "某行", "12A4"), reason="", at=NOW)
    number = vouchers.account_number(1)
    first = payees.propose(one, row, NamedAccount(row.applicant, "某行", number), reason="", at=NOW)
    assert (first.doubts, payable.standing([row.id])) == ([], {})
    with pytest.raises(NotAllowed):
        payees.decide(one, first, sound=True, opinion="自己", number=number, at=NOW)
    with pytest.raises(FieldError, match="重新输入"):
        payees.decide(two, first, sound=True, opinion="一致", number=f"{number[:-1]}x", at=NOW)
    payees.decide(two, first, sound=True, opinion="一致", number=f" {number[:4]} {number[4:]}", at=NOW)
    other = NamedAccount("另一公司", "某行", f"{number[:-1]}{(int(number[-1]) + 1) % 10}")
    with pytest.raises(FieldError):
        payees.propose(one, row, other, reason="", at=NOW)
    second = payees.propose(one, row, other, reason="更名", at=NOW)
    assert second.doubts == ["holder", "luhn"]
    assert payable.standing([row.id])[row.id] is first
    payees.decide(two, second, sound=True, opinion="一致", number=second.number, at=NOW)
    assert payable.standing([row.id])[row.id] is second


def test_a_clerk_names_accounts_of_its_own_office_only(world: World) -> None:
    row = vouchers.case("TQ2020-0001", office="441521")
    named = NamedAccount(row.applicant, "某行", vouchers.account_number(1))
    with pytest.raises(NotAllowed):
        payees.propose(world.actor("lufeng"), row, named, reason="", at=NOW)
    found = payees.propose(world.actor("haifeng"), row, named, reason="", at=NOW)
    payees.decide(world.actor("haifeng2"), found, sound=True, opinion="一致", number=named.number, at=NOW)
    assert found.outcome == "confirmed"


def test_no_account_number_stands_on_the_trail(world: World) -> None:
    (row,) = vouchers.approved(world, 1)
    vouchers.budget(world, "5000")
    batch = vouchers.collected(world, [row])
    batches.check(world.actor("finance2"), batch, opinion="", at=NOW)
    batches.reveal(world.actor("finance"), batch, sha256="0" * 64, at=NOW)
    told = " ".join(f"{one.before}{one.after}{one.reason}" for one in db.session.scalars(select(TrailEntry)))
    number = payable.standing([row.id])[row.id].number
    assert number not in told
    assert number[-4:] in told


def test_years_are_never_in_one_batch(world: World) -> None:
    for year in (2020, 2021):
        vouchers.budget(world, "50000", year)
    old, new = vouchers.approved(world, 2, 2020), vouchers.approved(world, 2, 2021)
    with pytest.raises(FieldError, match="另一年度"):
        vouchers.collected(world, [old[0], new[0]], 2020)
    first, second = vouchers.collected(world, old, 2020), vouchers.collected(world, new, 2021)
    assert {one.case.cohort.year for one in first.payments} == {2020}
    assert {one.case.cohort.year for one in second.payments} == {2021}
    assert budgets.used(vouchers.cohort(2020)) == sum(one.amount for one in old)
    assert budgets.used(vouchers.cohort(2021)) == sum(one.amount for one in new)


def test_a_batch_needs_two_persons_an_account_and_the_budget(world: World) -> None:
    cases = vouchers.approved(world, 2)
    bare = vouchers.case("TQ2020-0900")
    with pytest.raises(FieldError, match="预算不足"):
        vouchers.collected(world, cases)
    vouchers.budget(world, "50000")
    with pytest.raises(FieldError, match="两人确认"):
        vouchers.collected(world, [*cases, bare])
    batch = vouchers.collected(world, cases)
    with pytest.raises(RegistryError, match="编制人以外"):
        batches.check(world.actor("finance"), batch, opinion="", at=NOW)
    with pytest.raises(FieldError, match="已列入批次"):
        vouchers.collected(world, cases)
    with pytest.raises(RegistryError, match="账户不能更换"):
        payees.propose(
            world.actor("finance"), cases[0], NamedAccount(cases[0].applicant, "某行", "12345678"), reason="换", at=NOW
        )
    batches.cancel(world.actor("finance"), batch, reason="重编", at=NOW, on=TODAY)
    assert [one.state for one in cases] == ["approved", "approved"]
    vouchers.collected(world, cases)


def test_what_the_bank_returned_is_paid_again_to_another_account(world: World) -> None:
    vouchers.budget(world, "50000")
    (row,) = vouchers.approved(world, 1)
    first = vouchers.sent(world, [row])
    payment = first.payments[0]
    settling.settle(
        world.actor("finance"), payment, "bank_returned", day=TODAY, voucher="", reason="账号已销户", at=NOW, on=TODAY
    )
    assert (row.state, payment.state, first.state) == ("returned_by_bank", "bank_returned", "paid")
    named = NamedAccount(row.applicant, "某行", vouchers.account_number(77))
    other = payees.propose(world.actor("finance"), row, named, reason="销户", at=NOW)
    payees.decide(world.actor("finance2"), other, sound=True, opinion="一致", number=named.number, at=NOW)
    second = vouchers.sent(world, [row])
    assert batches.pay(world.actor("finance"), second, day=TODAY, voucher="V1", at=NOW, on=TODAY)
    assert (row.state, budgets.standing(vouchers.cohort()).paid) == ("paid", row.amount)
    assert totals.of(vouchers.cohort(), TODAY).all.amount == row.amount
    assert [one.quarter for one in totals.of(vouchers.cohort(), TODAY).quarters] == ["2021Q4"]
    assert totals.of(vouchers.cohort(), TODAY - timedelta(days=1)).all.count == 0


def test_money_is_demanded_back_with_interest_by_the_day(world: World) -> None:
    vouchers.budget(world, "50000")
    row = vouchers.case("TQ2020-0001", amount="10000.00")
    vouchers.payee(world, row, vouchers.account_number(1))
    batch = vouchers.sent(world, [row], days=100)
    batches.pay(world.actor("finance"), batch, day=TODAY - timedelta(days=100), voucher="", at=NOW, on=TODAY)
    demanded = Demanded("汕科追〔2021〕1号", TODAY, TODAY + timedelta(days=30), "虚报检测费")
    one, two, payment = world.actor("finance"), world.actor("finance2"), batch.payments[0]
    settling.ask_claw_back(one, payment, demanded, at=NOW, on=TODAY)
    assert (row.state, payment.clawback) == ("paid", None)
    entered = asked.to_claw_back(payment)
    assert entered is not None
    assert settling.demanded_by(entered) == demanded
    with pytest.raises(RegistryError, match="申请人以外"):
        settling.claw_back(one, payment, shown=entered.seq, opinion="一致", at=NOW, on=TODAY)
    with pytest.raises(RegistryError, match="再看一遍"):
        settling.claw_back(two, payment, shown=entered.seq - 1, opinion="一致", at=NOW, on=TODAY)
    found = settling.claw_back(two, payment, shown=entered.seq, opinion="一致", at=NOW, on=TODAY)
    assert (found.amount, found.days, found.interest) == (D("10000.00"), 100, D("100.00"))
    assert row.state == "clawed_back"
    assert budgets.left(vouchers.cohort()) == D("40000.00")
    with pytest.raises(RegistryError):
        settling.claw_back(two, payment, shown=entered.seq, opinion="一致", at=NOW, on=TODAY)


def test_money_that_is_demanded_back_comes_in_in_parts_until_nothing_is_owed(world: World) -> None:
    vouchers.budget(world, "50000")
    row = vouchers.case("TQ2020-0001", amount="10000.00")
    vouchers.payee(world, row, vouchers.account_number(1))
    batch = vouchers.sent(world, [row], days=100)
    one = world.actor("finance")
    batches.pay(one, batch, day=TODAY - timedelta(days=100), voucher="", at=NOW, on=TODAY)
    found = vouchers.clawed_back(world, batch.payments[0], Demanded("决定", TODAY, TODAY, "虚报"))

    def receive(amount: str, day: date = TODAY) -> Decimal:
        return settling.receive(one, found, D(amount), day=day, voucher="J1", at=NOW, on=TODAY)

    assert asked.owed(found) == D("10100.00")
    assert receive("4000.50") == D("6099.50")
    for amount, day in (("6099.51", TODAY), ("0", TODAY), ("1.005", TODAY), ("1", TODAY + timedelta(days=1))):
        with pytest.raises(FieldError):
            receive(amount, day)
    assert receive("6099.50") == 0
    assert [one.amount for one in asked.receipts(found)] == [D("4000.50"), D("6099.50")]


def test_the_database_holds_that_a_case_has_one_standing_payment(world: World) -> None:
    vouchers.budget(world, "50000")
    (row,) = vouchers.approved(world, 1)
    batch = vouchers.collected(world, [row])
    held = batch.payments[0]
    db.session.add(
        Payment(batch_id=batch.id, case_id=row.id, payee_id=held.payee_id, rank=9, number="X", amount=held.amount)
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


CLIENTS = 8


def _at_once(app: Flask, act) -> list[object]:  # type: ignore[no-untyped-def]
    start, said = threading.Barrier(CLIENTS), []

    def client() -> None:
        with app.app_context():
            start.wait()
            try:
                said.append(act(World()))
                db.session.commit()
            except RegistryError as error:
                db.session.rollback()
                said.append(type(error).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def test_eight_clients_who_pay_one_batch_at_once_give_one_payment(app: Flask) -> None:
    with app.app_context():
        world = World()
        vouchers.budget(world, "50000")
        batch_id = vouchers.sent(world, vouchers.approved(world, 3)).id
        db.session.commit()

    def pay(world: World) -> bool:
        batch = db.session.get_one(PaymentBatch, batch_id)
        return batches.pay(world.actor("finance"), batch, day=TODAY, voucher="V1", at=NOW, on=TODAY)

    said = _at_once(app, pay)
    assert sorted(said, key=str) == [False] * (CLIENTS - 1) + [True]
    with app.app_context():
        batch = db.session.get_one(PaymentBatch, batch_id)
        assert [one.state for one in batch.payments] == ["paid"] * 3
        acts = select(func.count(TrailEntry.seq)).where(TrailEntry.verb == "pay_batch")
        assert db.session.scalar(acts) == 1


def test_eight_clients_who_collect_the_same_cases_at_once_give_one_batch(app: Flask) -> None:
    with app.app_context():
        world = World()
        vouchers.budget(world, "50000")
        ids = [one.id for one in vouchers.approved(world, 3)]
        cohort_id = vouchers.cohort().id
        db.session.commit()

    def collect(world: World) -> str:
        year = db.session.get_one(CaseCohort, cohort_id)
        batches.collect(world.actor("finance"), year, ids, at=NOW, on=TODAY)
        return "collected"

    said = _at_once(app, collect)
    assert sorted(map(str, said)) == ["FieldError"] * (CLIENTS - 1) + ["collected"]
    with app.app_context():
        assert db.session.scalar(select(func.count(Payment.id))) == 3


def test_a_batch_that_is_at_the_bank_is_cancelled_by_two(world: World) -> None:
    vouchers.budget(world, "50000")
    (row,) = vouchers.approved(world, 1)
    batch = vouchers.sent(world, [row])
    one, two = world.actor("finance"), world.actor("finance2")
    assert not batches.cancel(one, batch, reason="银行来电称未付", at=NOW, on=TODAY)
    assert (batch.state, row.state) == ("sent", "batched")
    with pytest.raises(RegistryError, match="申请人以外"):
        batches.cancel(one, batch, reason="银行来电称未付", at=NOW, on=TODAY)
    assert batches.cancel(two, batch, reason="银行书面答复未付", at=NOW, on=TODAY)
    assert (batch.state, row.state) == ("cancelled", "approved")


def test_that_a_paid_item_came_back_is_said_by_two_and_not_by_who_paid_it(world: World) -> None:
    vouchers.budget(world, "50000")
    (row,) = vouchers.approved(world, 1)
    payment = vouchers.sent(world, [row]).payments[0]
    one, two = world.actor("finance"), world.actor("finance2")
    third = replace(world.actor("cityoffice"), roles=one.roles)

    def come_back(actor: Actor) -> bool:
        return settling.settle(
            actor, payment, "bank_returned", day=TODAY, voucher="", reason="退票通知", at=NOW, on=TODAY
        )

    batches.pay(one, payment.batch, day=TODAY, voucher="V1", at=NOW, on=TODAY)
    assert not come_back(two)
    assert (payment.state, row.state) == ("paid", "paid")
    with pytest.raises(RegistryError, match="申请人以外"):
        come_back(two)
    with pytest.raises(RegistryError, match="登记为已支付"):
        come_back(one)
    assert come_back(third)
    assert (payment.state, row.state) == ("bank_returned", "returned_by_bank")


def test_a_case_whose_account_is_being_changed_is_not_collected(world: World) -> None:
    vouchers.budget(world, "50000")
    (row,) = vouchers.approved(world, 1)
    named = NamedAccount(row.applicant, "某行", vouchers.account_number(77))
    other = payees.propose(world.actor("finance"), row, named, reason="销户", at=NOW)
    assert payable.ready(vouchers.cohort()) == []
    assert payable.unready(vouchers.cohort()) == [row]
    with pytest.raises(FieldError, match="待另一人确认"):
        vouchers.collected(world, [row])
    payees.decide(world.actor("finance2"), other, sound=False, opinion="无证明", at=NOW)
    vouchers.collected(world, [row])


def test_the_money_of_a_case_is_read_once_its_award_is_decided(world: World) -> None:
    draft, row = vouchers.case("TQ2020-0001", state="draft"), vouchers.case("TQ2020-0002")
    for who, reads in (("finance", True), ("haifeng", True), ("lufeng", False), ("statistics", False)):
        actor = world.actor(who)
        assert [can(actor, "payee.read", one) for one in (draft, row)] == [False, reads]
        found = list(db.session.scalars(payable.visible_to(actor)).unique())
        assert found == ([row] if reads else [])
