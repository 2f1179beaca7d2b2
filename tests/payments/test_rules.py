"""Amounts in capitals, account numbers, and which lines are whose, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from registry.payments.rules import accounts
from registry.payments.rules.amounts import in_capitals, interest
from registry.payments.rules.matching import ExpectedPayment, Remark, StatementLine, Status, reconcile
from registry.payments.sheets.bank import _status
from tests.world import TODAY

D = Decimal


@pytest.mark.parametrize(
    "amount, words",
    [
        ("0", "零元整"), ("1", "壹元整"), ("10", "壹拾元整"), ("1005", "壹仟零伍元整"), ("100010", "壹拾万零壹拾元整"),
        ("1234.05", "壹仟贰佰叁拾肆元零伍分"), ("0.05", "伍分"), ("0.50", "伍角整"), ("20000000", "贰仟万元整"),
        ("100000001", "壹亿零壹元整"), ("305000.30", "叁拾万伍仟元叁角整"), ("10050000", "壹仟零伍万元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"), ("107000.53", "壹拾万柒仟元伍角叁分"),
    ],
)  # fmt: skip
def test_an_amount_as_a_cheque_writes_it(amount: str, words: str) -> None:
    assert in_capitals(D(amount)) == words


def test_interest_is_simple_by_the_day_and_rounded_to_the_fen() -> None:
    assert interest(D("10000"), D("0.0435"), 30) == D("35.75")
    assert interest(D("10000"), D("0"), 300) == D("0.00")


@pytest.mark.parametrize(
    "text, digits",
    [
        ("6217 0012-3456 789", "621700123456789"),
        ("６２１７００１２", "62170012"),
        ("1234567", None),
        ("62A70012", None),
        ("", None),
    ],
)
def test_what_an_account_number_is(text: str, digits: str | None) -> None:
    assert accounts.digits_of(text) == digits


def test_only_the_last_four_digits_are_shown_and_not_the_length() -> None:
    assert accounts.masked("6217001234567890") == accounts.masked("1234567890")[:5] + "7890"
    assert accounts.shown("6217****1234") == "**** 1234"
    assert accounts.shown("") == ""


@pytest.mark.parametrize(
    "text, fits",
    [
        ("6217001234567890", True), ("6217 0012 3456 7890", True), ("6217****7890", True), ("****7890", True),
        ("6217********", True), ("6217****7891", False), ("6218****7890", False), ("**0", False), ("6217001234567891", False),
    ],
)  # fmt: skip
def test_a_hidden_number_fits_where_what_is_seen_fits(text: str, fits: bool) -> None:
    assert accounts.is_same(text, "6217001234567890") is fits


def test_luhn_is_the_check_of_cards() -> None:
    assert accounts.is_luhn("4111111111111111")
    assert not accounts.is_luhn("4111111111111112")


@pytest.mark.parametrize(
    "text, status",
    [
        ("交易成功", "done"), ("成功", "done"), ("已支付", "done"), ("支付成功，已入账", "done"), ("00-交易完毕", "done"),
        ("成功入账", "done"), ("已完成", "done"), ("正常", "done"), ("退票", "returned"), ("退汇：账号户名不符", "returned"),
        ("未成功", "returned"), ("已退", "returned"), ("处理失败", "returned"), ("未完成", "unknown"), ("部分成功", "unknown"),
        ("非正常", "unknown"), ("未支付", "unknown"), ("支付", "unknown"), ("退款失败", "unknown"), ("部分退回", "unknown"),
        ("处理中", "unknown"), ("成功/失败", "unknown"), ("OK", "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_the_words_of_a_bank_are_read_whole(text: str, status: str) -> None:
    assert _status(text, has_column=True) == status
    assert _status("", has_column=False) == "done"


def expected(number: int, **more: object) -> ExpectedPayment:
    given = {"holder": "甲公司", "account": "62170012345", "amount": D("100.00")}
    return ExpectedPayment(number, f"FK2020-1-01-{number:03d}", f"TQ-{number}", **(given | more))  # type: ignore[arg-type]


def line(row: int, **more: object) -> StatementLine:
    given = {"payee": "甲公司", "account": "62170012345", "amount": D("100.00"), "day": TODAY}
    return StatementLine(row, **(given | more))  # type: ignore[arg-type]


def test_a_number_stands_in_words_only_as_a_whole() -> None:
    payments = [expected(1), expected(10, account="999900001")]
    result = reconcile([line(1, purpose="付TQ-10款", payee="", account="")], payments, sent_on=TODAY)
    assert result.lines[0].payment == payments[1]


def test_a_part_of_an_account_is_nobodys() -> None:
    result = reconcile([line(1, payee="乙公司", account="6217****2345")], [expected(1)], sent_on=TODAY)
    assert [one.finding for one in result.lines] == ["unknown_payee", "missing"]


def test_of_two_payments_to_one_payee_the_amount_tells_which() -> None:
    payments = [expected(1), expected(2, amount=D("200.00"))]
    result = reconcile([line(1, amount=D("200.00")), line(2)], payments, sent_on=TODAY)
    assert [one.payment for one in result.lines] == payments[::-1]
    result = reconcile([line(1, amount=D("250.00"))], payments, sent_on=TODAY)
    assert [one.finding for one in result.lines] == ["ambiguous"]


def test_a_total_without_what_came_back_agrees_too() -> None:
    payments = [expected(1), expected(2, holder="乙公司", account="888800001", amount=D("50.00"))]
    lines = [line(1), line(2, payee="乙公司", account="888800001", amount=D("50.00"), status=Status.RETURNED)]
    for stated, findings in (("150.00", 2), ("100.00", 2), ("120.00", 3)):
        assert len(reconcile(lines, payments, sent_on=TODAY, stated=D(stated)).lines) == findings


def findings(lines: list[StatementLine], *payments: ExpectedPayment, **more: Any) -> list[str]:
    return [str(one.finding) for one in reconcile(lines, payments or [expected(1)], sent_on=TODAY, **more).lines]


def back(row: int, amount: str = "-100.00", **more: object) -> StatementLine:
    return line(row, amount=D(amount), faults=(Remark.REVERSAL,), **more)


def test_only_the_whole_amount_is_a_return() -> None:
    assert findings([line(1), back(2, "-30.00")]) == ["matched", "back_differs"]
    assert findings([back(1, "-30.00"), line(2)]) == ["back_differs", "matched"]
    assert findings([back(1, "-30.00")]) == ["back_differs", "missing"]
    assert findings([line(1, amount=D("30.00"), status=Status.RETURNED)]) == ["back_differs", "missing"]
    assert findings([back(1)]) == ["returned"]


def test_what_was_paid_returned_and_paid_again_is_paid() -> None:
    assert findings([line(1), back(2), line(3)]) == ["offset", "offset", "matched"]
    assert findings([line(1), back(2)]) == ["returned", "returned"]
    assert findings([line(1), line(2), line(3), back(4)]) == ["offset", "matched", "paid_twice", "offset"]
    assert findings([line(1), back(2), back(3)]) == ["offset", "back_differs", "back_differs"]


def test_a_second_payment_that_came_back_leaves_the_first() -> None:
    settled = expected(1, settled=True, day=TODAY, voucher="L1")
    assert findings([line(1, voucher="L2"), back(2)], settled) == ["offset", "offset"]
    assert findings([line(1, voucher="L1"), back(2)], settled) == ["returned", "returned"]
    assert findings([back(1)], settled) == ["returned"]


def test_parts_that_make_up_the_amount_are_named_together() -> None:
    assert findings([line(1, amount=D("60.00")), line(2, amount=D("40.00"))]) == ["split", "split"]
    assert findings([line(1, amount=D("60.00")), line(2, amount=D("30.00"))])[0] == "underpaid"


def test_a_day_that_has_not_come_pays_nobody() -> None:
    later = line(1, day=TODAY + timedelta(days=1))
    assert findings([later], until=TODAY) == ["future"]
    assert findings([line(1)], until=TODAY) == ["matched"]


def test_a_payment_that_was_called_off_and_paid_is_named() -> None:
    gone = expected(1, is_cancelled=True, is_due=False)
    assert findings([line(1)], gone) == ["cancelled_paid"]
    assert findings([line(1), back(2)], gone) == ["offset", "returned"]
    live = replace(expected(2), case_number="TQ-1")
    assert findings([line(1, purpose="FK2020-1-01-001")], gone, live) == ["cancelled_paid", "missing"]
    assert findings([line(1, purpose="TQ-1")], gone, live) == ["matched"]
    assert findings([line(1)], gone, live) == ["matched"]
