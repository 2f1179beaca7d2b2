"""The pages of money as each role meets them: what is shown, what is hidden, what is asked for."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from registry.base.extensions import db
from registry.base.vocabulary import NOTICE
from registry.payments.models import BudgetMove, ClawBack, PayeeAccount, PaymentBatch, PaymentSample, SampleItem
from registry.payments.services import batches, payees
from registry.payments.services.payees import NamedAccount
from registry.trail.models import TrailEntry
from tests.payments import vouchers
from tests.payments.test_reconciling import as_csv, lines_of
from tests.world import NOW, TODAY, Build, World, post, signed_in


def city(world: World) -> list[int]:
    vouchers.budget(world, "50000")
    vouchers.budget(world, "60000", 2021)
    ids = [one.id for one in vouchers.approved(world, 3)]
    vouchers.approved(world, 2, 2021, start=50)
    return [vouchers.cohort().id, vouchers.cohort(2021).id, *ids]


def html(answer: Any) -> str:
    text: str = answer.get_data(as_text=True)
    return text


def test_the_officer_who_pays_begins_with_the_years_and_sees_no_firm(app: Flask, build: Build) -> None:
    build(city)
    finance = signed_in(app, "finance")
    assert finance.get("/").location == "/inbox"
    page = html(finance.get("/payments"))
    assert "50,000.00" in page
    assert "60,000.00" in page
    assert "110,000.00" not in page
    assert NOTICE in page
    assert 'href="/ledger"' not in page
    for path in ("/ledger", "/firms/1", "/done", "/overview", "/bulletins"):
        assert finance.get(path).status_code in (403, 404), path


@pytest.mark.parametrize(
    "username, status",
    [("finance", 200), ("cityoffice", 200), ("leader", 200), ("auditor", 200), ("haifeng", 403), ("statistics", 403)],
)
def test_who_reads_money(app: Flask, build: Build, username: str, status: int) -> None:
    ids = build(city)
    client = signed_in(app, username)
    for path in (
        "/payments",
        f"/payments/cohorts/{ids[0]}",
        "/payments/batches",
        "/payments/files",
        "/payments/samples",
    ):
        assert client.get(path).status_code == status, path


def test_a_clerk_sees_the_cases_of_its_office_alone(app: Flask, build: Build) -> None:
    ids = build(city)
    assert "TQ2020-0001" in html(signed_in(app, "haifeng").get("/payments/cases"))
    other = signed_in(app, "lufeng")
    assert "TQ2020-0001" not in html(other.get("/payments/cases"))
    assert other.get(f"/payments/cases/{ids[2]}").status_code == 404


def test_no_page_shows_an_account_in_full(app: Flask, build: Build) -> None:
    ids = build(city)
    with app.app_context():
        numbers = [one.number for one in db.session.scalars(select(PayeeAccount))]
    finance = signed_in(app, "finance")
    for path in ("/payments/cases", f"/payments/cases/{ids[2]}", f"/payments/cohorts/{ids[0]}/batches/new"):
        page = html(finance.get(path))
        assert f"**** {numbers[0][-4:]}" in page
        assert not any(number in page for number in numbers)


def test_a_batch_from_collecting_to_the_bank_and_back(app: Flask, build: Build) -> None:
    ids = build(city)
    finance, second = signed_in(app, "finance"), signed_in(app, "finance2")
    form = f"/payments/cohorts/{ids[0]}/batches/new"
    made = post(finance, form, {"cases": [str(one) for one in ids[2:]]}, page=form)
    assert made.status_code == 302, html(made)
    path = made.location
    assert "复核无误" not in html(finance.get(path))
    assert post(second, f"{path}/check", {"opinion": "无误"}, page=path).status_code == 302
    taken = post(finance, f"{path}/list", page=path)
    sheet = load_workbook(io.BytesIO(taken.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [type(row[5]) for row in rows[2:5]] == [str] * 3
    assert rows[2][5] == vouchers.account_number(1)
    assert (rows[5][0], rows[5][6]) == ("合计 3 笔", 3006.06)
    assert "叁仟零陆元零陆分" in rows[6][0]
    assert post(second, f"{path}/send", {"day": TODAY.isoformat()}, page=path).status_code == 302
    with app.app_context():
        batch = db.session.scalars(select(PaymentBatch)).one()
        content, number = as_csv([[*one[:4], TODAY.isoformat(), *one[5:]] for one in lines_of(batch)]), batch.number
        acts = select(TrailEntry).where(TrailEntry.verb == "reveal_accounts")
        assert db.session.scalars(acts).one().subject_label == number
    brought = _upload(finance, f"{path}/files/new", content)
    assert brought.status_code == 302, html(brought)
    page = html(finance.get(brought.location))
    assert "还没有登记任何结果" in page
    assert vouchers.account_number(1) not in page
    shown = re.search(r'name="shown"[^>]*value="([0-9a-f]{64})"', page)
    assert shown
    done = post(finance, f"{brought.location}/confirm", {"shown": shown[1], "said": ""}, page=brought.location)
    assert done.status_code == 302, html(done)
    assert "已对账" in html(finance.get(path))
    again = _upload(finance, f"{path}/files/new", content)
    assert again.status_code == 422
    assert number in html(again)
    assert finance.get(f"{path}/sheet").status_code == 200
    assert "3,006.06" in html(finance.get(f"/payments/cohorts/{ids[0]}"))


def _upload(client: Any, path: str, content: bytes) -> Any:
    return post(client, path, {"file": (io.BytesIO(content), "回单.csv")}, page=path)


def test_a_file_that_is_no_list_is_refused_in_the_form(app: Flask, build: Build) -> None:
    def sent(world: World) -> int:
        vouchers.budget(world, "50000")
        return vouchers.sent(world, vouchers.approved(world, 1)).id

    path = f"/payments/batches/{build(sent)}/files/new"
    answer = _upload(signed_in(app, "finance"), path, "名称,数额\n甲,1\n".encode())
    assert answer.status_code == 422
    assert "没有找到收款人" in html(answer)


def test_a_budget_is_entered_by_the_city_and_checked_by_finance(app: Flask, build: Build) -> None:
    ids = build(city)
    office, finance = signed_in(app, "cityoffice"), signed_in(app, "finance")
    form = f"/payments/cohorts/{ids[0]}/budget"
    assert post(office, form, {"amount": "0", "document": "x"}, page=form).status_code == 422
    assert post(office, form, {"amount": "100.5", "document": "追加文"}, page=form).status_code == 302
    carry = f"/payments/cohorts/{ids[0]}/carry"
    sent = {"into": str(ids[1]), "amount": "1000", "document": "结转决定"}
    assert post(office, carry, sent, page=carry).status_code == 302
    assert post(office, carry, sent | {"into": ""}, page=carry).status_code == 422
    with app.app_context():
        waiting = select(BudgetMove.id).where(BudgetMove.outcome.is_(None), BudgetMove.kind != "carry_in")
        for move_id in db.session.scalars(waiting).all():
            page = f"/payments/moves/{move_id}"
            assert post(office, f"{page}/decision", {"outcome": "yes", "opinion": "好"}, page=page).status_code == 404
            assert post(finance, f"{page}/decision", {"outcome": "yes", "opinion": "好"}, page=page).status_code == 302
    assert "49,100.50" in html(finance.get("/payments"))
    assert "61,000.00" in html(finance.get("/payments"))


def test_an_account_that_is_doubtful_is_said_and_asks_for_a_word(app: Flask, build: Build) -> None:
    def bare(world: World) -> int:
        vouchers.budget(world, "5000")
        return vouchers.case("TQ2020-0001").id

    page = f"/payments/cases/{build(bare)}"
    clerk, other = signed_in(app, "haifeng"), signed_in(app, "haifeng2")
    sent = {"holder": "别家公司", "bank": "某行", "number": "6217 0000 1234 5678", "reason": ""}
    answer = post(clerk, f"{page}/payee", sent, page=f"{page}/payee")
    assert answer.status_code == 422
    assert "户名与申报单位名称不一致" in html(answer)
    assert post(clerk, f"{page}/payee", sent | {"reason": "委托收款"}, page=f"{page}/payee").status_code == 302
    with app.app_context():
        payee_id = db.session.scalars(select(PayeeAccount.id)).one()
    decision = f"/payments/payees/{payee_id}/decision"
    assert post(clerk, decision, {"outcome": "yes", "opinion": "好"}, page=page).status_code == 404
    assert post(other, decision, {"outcome": "yes", "opinion": "见委托书"}, page=page).status_code == 422
    typed = {"outcome": "yes", "opinion": "见委托书", "number": "6217000012345678"}
    assert post(other, decision, typed, page=page).status_code == 302
    assert "**** 5678" in html(clerk.get(page))


def test_a_demand_and_a_sample_are_printed_and_results_entered_once(app: Flask, build: Build) -> None:
    def paid(world: World) -> list[int]:
        vouchers.budget(world, "50000")
        batch = vouchers.sent(world, vouchers.approved(world, 3))
        return [batch.id, vouchers.cohort().id, batch.payments[0].id]

    batch_id, cohort_id, payment_id = build(paid)
    finance, office = signed_in(app, "finance"), signed_in(app, "cityoffice")
    pay = f"/payments/batches/{batch_id}/pay"
    assert post(finance, pay, {"day": TODAY.isoformat(), "voucher": "V9"}, page=pay).status_code == 302
    claw = f"/payments/items/{payment_id}/claw-back"
    sent = {"document": "汕科追1号", "on": TODAY.isoformat(), "due_on": TODAY.isoformat(), "reason": "虚报"}
    made = post(finance, claw, sent, page=claw)
    assert made.status_code == 302, html(made)
    assert "追回待复核" in html(finance.get(f"/payments/batches/{batch_id}"))
    assert "汕科追1号" in html(finance.get(claw))
    page = html(signed_in(app, "finance2").get(claw))
    shown = re.search(r'name="shown"[^>]*value="([0-9]+)"', page)
    assert shown
    check = {"shown": shown[1], "opinion": "与决定一致"}
    assert post(finance, claw, check, page=claw).status_code == 422
    made = post(signed_in(app, "finance2"), claw, check, page=claw)
    assert made.status_code == 302, html(made)
    assert "缴还通知" in html(finance.get(made.location))
    assert "追缴中，尚欠 1,001.01 元" in html(finance.get(made.location))
    receipts = f"{claw}/receipts"
    assert receipts in html(finance.get(f"/payments/batches/{batch_id}"))
    part = {"amount": "1.01", "day": TODAY.isoformat(), "voucher": "J7"}
    assert post(finance, receipts, part | {"amount": "5000"}, page=receipts).status_code == 422
    assert post(finance, receipts, part, page=receipts).status_code == 302
    assert "追缴中，尚欠 1,000.00 元" in html(finance.get(f"/payments/batches/{batch_id}"))
    assert "J7" in html(finance.get(made.location))
    draw = f"/payments/cohorts/{cohort_id}/samples/new"
    drawn = post(office, draw, {"seed": "20211015", "reason": ""}, page=draw)
    assert drawn.status_code == 302, html(drawn)
    assert post(office, draw, {"seed": "20211016", "reason": ""}, page=draw).status_code == 422
    with app.app_context():
        item_id = db.session.scalars(select(SampleItem.id)).one()
        assert db.session.scalars(select(PaymentSample)).one().population == 3
        assert db.session.scalars(select(ClawBack)).one().interest == 0
    assert "核查表" in html(office.get(f"/payments/samples/items/{item_id}/form"))
    form = f"/payments/samples/items/{item_id}"
    result = {"outcome": "faults", "day": TODAY.isoformat(), "verifier": "甲、乙", "said": ""}
    assert post(office, form, result, page=form).status_code == 422
    assert post(office, form, result | {"said": "发票红冲"}, page=form).status_code == 302
    assert office.get(form).status_code == 404
    export = post(office, f"{drawn.location}/export", page=drawn.location).get_data(as_text=True)
    assert "发票红冲" in export
    assert NOTICE in export
    listed = post(office, f"/payments/cohorts/{cohort_id}/export", page="/payments").get_data(as_text=True)
    assert "**** " in listed
    assert vouchers.account_number(1) not in listed


def test_what_needs_two_persons_says_who_asked(app: Flask, build: Build) -> None:
    def made(world: World) -> list[int]:
        vouchers.budget(world, "50000")
        sent = vouchers.sent(world, vouchers.approved(world, 1))
        paid = vouchers.sent(world, vouchers.approved(world, 1, start=2))
        batches.pay(world.actor("finance"), paid, day=TODAY, voucher="V", at=NOW, on=TODAY)
        return [sent.id, paid.id, paid.payments[0].id]

    sent_id, paid_id, payment_id = build(made)
    one, two = signed_in(app, "finance"), signed_in(app, "finance2")
    cancel, batch = f"/payments/batches/{sent_id}/cancel", f"/payments/batches/{sent_id}"
    assert "申请撤销" in html(one.get(cancel))
    assert post(one, cancel, {"reason": "银行来电未付"}, page=cancel).status_code == 302
    assert "银行来电未付" in html(one.get(batch))
    assert post(one, cancel, {"reason": "再按一次"}, page=cancel).status_code == 422
    assert "银行来电未付" in html(two.get(cancel))
    assert post(two, cancel, {"reason": "银行书面答复"}, page=cancel).status_code == 302
    assert f"{batch}/files/new" in html(one.get(batch))
    settle = f"/payments/items/{payment_id}/result"
    assert settle in html(one.get(f"/payments/batches/{paid_id}"))
    back = {"outcome": "bank_returned", "day": TODAY.isoformat(), "voucher": "", "reason": "退票通知书"}
    assert post(two, settle, back, page=settle).status_code == 302
    assert "退票通知书" in html(one.get(settle))
    assert post(one, settle, back, page=settle).status_code == 422


def test_the_page_of_a_year_says_whose_account_is_being_changed(app: Flask, build: Build) -> None:
    def changing(world: World) -> int:
        vouchers.budget(world, "5000")
        vouchers.payee(world, vouchers.case("TQ2020-0001"), vouchers.account_number(1))
        payees.propose(
            world.actor("finance"), vouchers.case("TQ2020-0002"),
            NamedAccount("TQ2020-0002号申报单位有限公司", "某行", vouchers.account_number(2)), reason="", at=NOW,
        )  # fmt: skip
        return vouchers.cohort().id

    assert "有账户待另一人确认" in html(
        signed_in(app, "finance").get(f"/payments/cohorts/{build(changing)}/batches/new")
    )
