"""A bank's file held against a batch: every planted fault is found, nothing else is, and totals agree to the fen."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from registry.base.errors import FieldError, FileRefused, RegistryError
from registry.base.extensions import db
from registry.payments.models import BankFile, BankLine, PaymentBatch
from registry.payments.queries import budgets, totals
from registry.payments.services import batches, reconciling, settling
from registry.payments.texts import FINDING_LABELS
from registry.trail.models import TrailEntry
from tests.payments import vouchers
from tests.world import NOW, TODAY, World

D = Decimal
HEAD = ("序号", "收款人户名", "收款人账号", "交易金额（元）", "交易日期", "交易流水号", "用途", "处理结果")
SENT = TODAY - timedelta(days=3)
PAID = TODAY - timedelta(days=1)


def lines_of(batch: PaymentBatch) -> list[list[Any]]:
    """What the bank would say where all went well."""
    return [
        [
            one.rank, one.payee.holder, one.payee.number, f"{one.amount:,}", PAID.isoformat(), f"L{one.rank:06d}",
            f"科技创新券 {one.number}", "交易成功",
        ]
        for one in batch.payments
    ]  # fmt: skip


def as_csv(lines: Sequence[Sequence[Any]], *, title: bool = True, encoding: str = "gb18030") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    if title:
        writer.writerow(["汕尾农商银行代发明细", *[""] * (len(HEAD) - 1)])
    writer.writerow(HEAD)
    writer.writerows(lines)
    return text.getvalue().encode(encoding)


def as_xlsx(lines: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    book.active.append(["国库集中支付回单"])
    book.active.append(list(HEAD))
    for line in lines:
        book.active.append(list(line))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def total_line(amount: Decimal) -> list[Any]:
    return ["合计", "", "", f"{amount:,}", "", "", "", ""]


def sum_of(lines: Sequence[Sequence[Any]]) -> Decimal:
    return sum((D(str(line[3]).replace(",", "")) for line in lines), D(0))


def brought(world: World, batch: PaymentBatch, content: bytes, name: str = "回单.csv") -> BankFile:
    return reconciling.bring(world.actor("finance"), batch, name, [content], at=NOW)


def confirmed(world: World, file: BankFile, said: str = "逐笔核实") -> None:
    shown = reconciling.seen(reconciling.look(file)[1])
    reconciling.confirm(world.actor("finance"), file, shown=shown, said=said, at=NOW, on=TODAY)


@pytest.fixture
def batch(world: World) -> PaymentBatch:
    vouchers.budget(world, "50000")
    return vouchers.sent(world, vouchers.approved(world, 4), days=3)


def found(file: BankFile) -> dict[str, int]:
    return dict(Counter(str(one.finding) for one in reconciling.look(file)[1].lines))


@pytest.mark.slow
def test_a_file_of_200_payments_with_12_faults_shows_all_of_them_and_only_them(world: World) -> None:
    vouchers.budget(world, "1000000")
    cases = vouchers.approved(world, 198)
    for number in ("TQ2020-0900", "TQ2020-0901"):
        row = vouchers.case(number, amount="8888.88", applicant="同名同额有限公司")
        vouchers.payee(world, row, vouchers.account_number(900))
        cases.append(row)
    batch = vouchers.sent(world, cases, days=3)
    lines = lines_of(batch)
    promised = sum((one.amount for one in batch.payments), D(0))

    def money(at: int, more: str) -> None:
        lines[at][3] = f"{D(lines[at][3].replace(',', '')) + D(more):,}"

    money(10, "0.01")  # overpaid
    money(20, "-100")  # underpaid
    lines[30][1:3], lines[30][6] = ["外地某某有限公司", "6228480000000000011"], "货款"  # unknown: and 31 lacks its line
    lines[40][2] = vouchers.account_number(999)  # wrong account
    lines[50][1] = "别家户名有限公司"  # wrong payee
    lines[60][7] = "退汇：账号户名不符"  # returned
    lines[70][4] = (SENT - timedelta(days=1)).isoformat()  # before it was sent
    lines[80][4] = "见附件"  # unreadable
    lines[198][6] = "科技创新券"  # one of two equal payments to one payee, and nothing says which
    lines.append([201, *lines[90][1:5], "L000201", *lines[90][6:]])  # paid twice
    lines.append(total_line(sum_of(lines) + D("0.10")))  # the total is no sum
    file = brought(world, batch, as_csv(lines))
    _statement, result = reconciling.look(file)
    assert {(one.finding, one.line.row) for one in result.faults} == {
        ("overpaid", 13), ("underpaid", 23), ("unknown_payee", 33), ("wrong_account", 43), ("wrong_payee", 53),
        ("returned", 63), ("early", 73), ("unreadable", 83), ("ambiguous", 201), ("paid_twice", 203), ("total", 0),
        ("missing", 0),
    }  # fmt: skip
    assert len(result.faults) == 12
    (lacking,) = [one.payment for one in result.lines if one.finding == "missing"]
    assert lacking is not None
    assert lacking.number == batch.payments[30].number
    read = sum_of(lines[:-1])
    assert (result.file, result.stated, result.batch) == (read, read + D("0.10"), promised)
    wrong = {10, 20, 30, 40, 50, 60, 70, 80, 198}
    agreed = sum((one.amount for at, one in enumerate(batch.payments) if at not in wrong), D(0))
    assert result.matched == agreed
    with pytest.raises(FieldError, match="12 项不符"):
        confirmed(world, file, said="")
    confirmed(world, file)
    year = budgets.standing(vouchers.cohort())
    assert (year.paid, totals.of(vouchers.cohort(), TODAY).all.amount) == (agreed, agreed)
    assert year.paid + year.waiting + batch.payments[60].amount == promised
    assert year.committed == promised
    assert Counter(one.case.state for one in batch.payments) == {"reconciled": 191, "batched": 8, "returned_by_bank": 1}
    kept = db.session.scalars(select(BankLine).where(BankLine.finding != "matched")).all()
    assert len(kept) == 12
    assert D(file.totals["matched"]) == agreed


def test_a_file_where_all_is_well_pays_and_reconciles_the_batch(world: World, batch: PaymentBatch) -> None:
    lines = lines_of(batch)
    file = brought(world, batch, as_xlsx([*lines, total_line(sum_of(lines))]), "回单.xlsx")
    assert found(file) == {"matched": 4}
    confirmed(world, file, said="")
    assert {(one.state, one.case.state, one.paid_on) for one in batch.payments} == {("paid", "reconciled", PAID)}
    assert batch.state == "paid"
    assert file.totals["file"] == file.totals["matched"] == file.totals["batch"] == file.totals["stated"]


def test_the_same_file_twice_is_refused_with_where_it_was(world: World, batch: PaymentBatch) -> None:
    content = as_csv(lines_of(batch))
    brought(world, batch, content)
    with pytest.raises(RegistryError, match=batch.number):
        brought(world, batch, content, "另一个名字.csv")


def test_nothing_is_paid_before_the_file_is_confirmed_and_a_dropped_one_may_come_again(
    world: World, batch: PaymentBatch
) -> None:
    content = as_csv(lines_of(batch))
    file = brought(world, batch, content)
    assert {one.state for one in batch.payments} == {"waiting"}
    reconciling.drop(world.actor("finance"), file, at=NOW)
    assert db.session.scalars(select(BankLine)).all() == []
    brought(world, batch, content)


def test_what_moved_since_it_was_shown_is_looked_at_again(world: World, batch: PaymentBatch) -> None:
    content = as_csv(lines_of(batch))
    file = brought(world, batch, content)
    shown = reconciling.seen(reconciling.look(file)[1])
    again = brought(world, batch, as_csv(lines_of(batch), title=False))
    confirmed(world, again, said="")
    with pytest.raises(RegistryError, match="再看一遍"):
        reconciling.confirm(world.actor("finance"), file, shown=shown, said="", at=NOW, on=TODAY)
    assert found(file) == {"paid_twice": 4}


def test_a_hidden_account_is_matched_on_what_is_seen_and_that_is_said(world: World, batch: PaymentBatch) -> None:
    lines = lines_of(batch)
    for line in lines:
        line[2], line[6] = f"{line[2][:4]}****{line[2][-4:]}", "科技创新券"
    lines[1][2] = f"{lines[1][2][:4]}****0000"
    result = reconciling.look(brought(world, batch, as_csv(lines)))[1]
    assert [one.finding for one in result.lines] == ["matched", "wrong_account", "matched", "matched"]
    assert all("hidden" in one.remarks for one in result.lines)


def test_two_equal_payments_to_one_payee_are_told_apart_by_number_or_not_at_all(world: World) -> None:
    vouchers.budget(world, "50000")
    cases = [vouchers.case(f"TQ2020-{at:04d}", amount="500", applicant="同名有限公司") for at in (1, 2)]
    for row in cases:
        vouchers.payee(world, row, vouchers.account_number(1))
    batch = vouchers.sent(world, cases, days=3)
    lines = lines_of(batch)
    assert found(brought(world, batch, as_csv(lines))) == {"matched": 2}
    for line in lines:
        line[6] = "科技创新券"
    result = reconciling.look(brought(world, batch, as_csv(lines)))[1]
    assert [one.finding for one in result.lines] == ["ambiguous", "ambiguous"]
    assert [len(one.candidates) for one in result.lines] == [2, 2]
    lines[0][6] = f"卷号{cases[0].number}"
    assert found(brought(world, batch, as_csv(lines))) == {"matched": 1, "ambiguous": 1}


def test_an_account_that_was_kept_as_a_number_is_said_to_have_lost_digits(world: World, batch: PaymentBatch) -> None:
    lines = lines_of(batch)
    lines[0][2] = 6217001200000001234
    (line, *_rest) = reconciling.look(brought(world, batch, as_xlsx(lines), "回单.xlsx"))[1].lines
    assert (line.finding, line.remarks) == ("unreadable", ("lost_digits",))


@pytest.mark.parametrize(
    "change, finding, remark",
    [
        ({7: "处理中"}, "unreadable", "status"),
        ({7: ""}, "unreadable", "status"),
        ({7: "部分成功"}, "unreadable", "status"),
        ({3: "约1,000"}, "unreadable", "no_amount"),
        ({3: "1,001.015"}, "unreadable", "no_amount"),
        ({7: "未成功"}, "returned", "by_number"),
        ({2: ""}, "matched", "no_account"),
        ({1: ""}, "matched", "no_payee"),
    ],
)
def test_what_a_row_says(world: World, batch: PaymentBatch, change: dict[int, str], finding: str, remark: str) -> None:
    lines = lines_of(batch)
    for at, text in change.items():
        lines[0][at] = text
    (line, *_rest) = reconciling.look(brought(world, batch, as_csv(lines)))[1].lines
    assert line.finding == finding
    assert remark in line.remarks


def test_a_payment_that_came_back_is_not_paid_though_a_row_above_says_so(world: World, batch: PaymentBatch) -> None:
    lines = lines_of(batch)
    lines.append([*lines[0][:3], f"-{lines[0][3]}", *lines[0][4:]])
    file = brought(world, batch, as_csv(lines))
    assert found(file) == {"matched": 3, "returned": 2}
    confirmed(world, file)
    assert [one.state for one in batch.payments] == ["bank_returned", "paid", "paid", "paid"]


def test_amounts_in_wan_dates_as_days_and_headings_of_a_treasury_are_read(world: World, batch: PaymentBatch) -> None:
    text = "付款日期,收款单位名称,收款账户,支付金额(万元),支付凭证号,摘要\n"
    for one in batch.payments:
        text += f"{PAID:%Y年%m月%d日},{one.payee.holder},{one.payee.number},{one.amount / 10000:f},P{one.rank},{one.number}\n"
    assert found(brought(world, batch, text.encode())) == {"matched": 4}


@pytest.mark.parametrize("content", ["名称,数额\n甲,1\n".encode(), b"", b"%PDF-1.4 x"])
def test_what_is_no_list_of_payments_is_refused_and_not_kept(
    world: World, batch: PaymentBatch, content: bytes, app: Any
) -> None:
    with pytest.raises(FileRefused):
        brought(world, batch, content)
    assert not any(app.config["UPLOADS"].glob("*"))


def test_a_batch_that_was_not_sent_has_no_file(world: World) -> None:
    vouchers.budget(world, "50000")
    batch = vouchers.collected(world, vouchers.approved(world, 1))
    with pytest.raises(RegistryError, match="还没有送银行"):
        brought(world, batch, as_csv(lines_of(batch)))


def test_every_finding_has_a_word() -> None:
    assert all(FINDING_LABELS.values())


def test_what_comes_back_in_a_later_file_is_returned_and_may_be_paid_again(world: World, batch: PaymentBatch) -> None:
    confirmed(world, brought(world, batch, as_csv(lines_of(batch))))
    payment = batch.payments[0]
    assert payment.case.state == "reconciled"
    (line, *_rest) = lines_of(batch)
    later = brought(world, batch, as_csv([[*line[:7], "退票"]]))
    assert found(later) == {"returned": 1}
    confirmed(world, later)
    assert (payment.state, payment.case.state, payment.file_id) == ("bank_returned", "returned_by_bank", later.id)
    acts = select(TrailEntry).where(TrailEntry.verb == "return_payment")
    assert db.session.scalars(acts).one().subject_label == payment.number
    assert found(brought(world, batch, as_csv([line]))) == {"paid_twice": 1}
    again = vouchers.sent(world, [payment.case])
    assert again.payments[0].amount == payment.amount


def test_money_that_is_demanded_back_is_not_moved_by_a_file(world: World, batch: PaymentBatch) -> None:
    confirmed(world, brought(world, batch, as_csv(lines_of(batch))))
    payment = batch.payments[0]
    demanded = settling.Demanded("追回决定", TODAY, TODAY, "虚报")
    vouchers.clawed_back(world, payment, demanded)
    (line, *_rest) = lines_of(batch)
    confirmed(world, brought(world, batch, as_csv([[*line[:7], "退票"]])))
    assert (payment.state, payment.case.state) == ("paid", "clawed_back")


def test_what_was_demanded_back_before_its_file_came_is_reconciled_all_the_same(
    world: World, batch: PaymentBatch
) -> None:
    batches.pay(world.actor("finance"), batch, day=PAID, voucher="", at=NOW, on=TODAY)
    payment = batch.payments[0]
    vouchers.clawed_back(world, payment, settling.Demanded("追回决定", TODAY, TODAY, "虚报"))
    file = brought(world, batch, as_csv(lines_of(batch)))
    confirmed(world, file)
    assert (payment.file_id, payment.reconciled_at is not None, payment.case.state) == (file.id, True, "clawed_back")


def test_paid_returned_and_paid_again_in_one_file_is_paid_once(world: World, batch: PaymentBatch) -> None:
    lines = lines_of(batch)
    lines += [[*lines[0][:3], f"-{lines[0][3]}", *lines[0][4:]], [*lines[0][:5], "L000009", *lines[0][6:]]]
    file = brought(world, batch, as_csv(lines))
    assert found(file) == {"matched": 4, "offset": 2}
    confirmed(world, file)
    assert (batch.payments[0].state, batch.payments[0].voucher) == ("paid", "L000009")


def test_a_part_that_comes_back_returns_nothing(world: World, batch: PaymentBatch) -> None:
    lines = lines_of(batch)
    file = brought(world, batch, as_csv([*lines, [*lines[0][:3], "-30.00", *lines[0][4:]]]))
    assert found(file) == {"matched": 4, "back_differs": 1}
    confirmed(world, file)
    assert batch.payments[0].case.state == "reconciled"


def test_a_line_of_a_day_that_has_not_come_pays_nobody(world: World, batch: PaymentBatch) -> None:
    lines = lines_of(batch)
    lines[0][4] = (TODAY + timedelta(days=1)).isoformat()
    file = brought(world, batch, as_csv(lines))
    assert found(file) == {"matched": 3, "future": 1}
    confirmed(world, file)
    assert batch.payments[0].state == "waiting"


def test_what_the_bank_paid_of_a_cancelled_batch_is_said_and_pays_nobody(world: World, batch: PaymentBatch) -> None:
    for who in ("finance", "finance2"):
        batches.cancel(world.actor(who), batch, reason="银行答复未付", at=NOW, on=TODAY)
    file = brought(world, batch, as_csv(lines_of(batch)))
    assert found(file) == {"cancelled_paid": 4}
    confirmed(world, file)
    assert {(one.state, one.case.state) for one in batch.payments} == {("cancelled", "approved")}
    cases = [one.case for one in batch.payments]
    with pytest.raises(FieldError, match="已撤销的付款"):
        vouchers.collected(world, cases)
    confirmed(world, brought(world, batch, as_csv([[*line[:7], "退票"] for line in lines_of(batch)])))
    vouchers.collected(world, cases)


def test_a_line_of_the_list_that_was_cancelled_is_not_taken_for_the_next(world: World, batch: PaymentBatch) -> None:
    for who in ("finance", "finance2"):
        batches.cancel(world.actor(who), batch, reason="银行答复未付", at=NOW, on=TODAY)
    second = vouchers.sent(world, [one.case for one in batch.payments], days=2)
    later = brought(world, second, as_csv([*lines_of(second)[:3], lines_of(batch)[3]]))
    assert found(later) == {"matched": 3, "cancelled_paid": 1, "missing": 1}
