"""A row that looks like a firm on record is decided in the row: the same firm, two firms, or not yet."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import db
from registry.base.vocabulary import BatchState
from registry.duplicates.models import PairVerdict
from registry.firms.models.firms import Firm
from registry.imports import jobs
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services import batches, conflicts
from registry.trail.models import TrailEntry
from tests.imports.test_pages import buttons, cards, send, words
from tests.uploads import listed
from tests.world import NOW, World, credit_code, post, sign_in

NAME = "海丰县云谷软件有限公司"
HEADINGS = ("企业名称", "统一社会信用代码", "注册地址", "主营业务", "本年累计营业收入(万元)", "截至月份")


def row(name: str, code: str = "", address: str = "海丰县海城镇人民路1号", *rest: str) -> tuple[str, ...]:
    return (name, code, address, *(rest or ("软件开发", "", "")))


def one(model: Any, **by: Any) -> Any:
    found = db.session.query(model).filter_by(**by).populate_existing().one()
    db.session.rollback()
    return found


def choice(page: Any) -> dict[str, str]:
    """What the radio buttons of the first row say, by value."""
    tree = html.fromstring(page.get_data(as_text=True))
    picks = tree.xpath("//fieldset[@class='row-choices']//input[@type='radio']")
    return {pick.get("value"): " ".join(pick.getparent().text_content().split()) for pick in picks}


@pytest.fixture
def clerk(client: FlaskClient, world: World) -> FlaskClient:
    sign_in(client, "haifeng")
    return client


@pytest.fixture
def lead(world: World) -> int:
    """A lead on record without a code."""
    firm = world.firm(NAME, credit_code=None, no_code_reason="正在办理")
    db.session.commit()
    return firm.id


def test_the_choices_stand_in_the_row_with_what_is_alike_and_what_differs(clerk: FlaskClient, lead: int) -> None:
    shown = send(clerk, listed([row(NAME, credit_code(40), "海丰县海城镇新园路9号")], HEADINGS))
    assert choice(shown) == {
        f"same-{lead}": f"同一家：{NAME}",
        "two": "两家：作为新企业建档",
        "later": "暂缓：这一行先退回，不写入",
    }
    said = words(shown)
    assert "相同：企业名称、所属县区" in said
    assert "不同：注册地址 文件 海丰县海城镇新园路9号 ；名录 海丰县海城镇人民路1号" in said
    assert f"将改 统一社会信用代码：-- → {credit_code(40)}" in said
    assert "1 行与名录中的企业相像，还没有选定" in said


def test_nothing_is_chosen_beforehand_and_a_row_without_choice_goes_back(clerk: FlaskClient, lead: int) -> None:
    send(clerk, listed([row(NAME, credit_code(40)), row("海丰县全新科技有限公司", credit_code(41))], HEADINGS))
    post(clerk, "/imports/1/application")
    assert one(ImportBatch).state == BatchState.APPLIED
    assert db.session.query(Firm).count() == 2
    assert one(ImportRow, number=2).kind == "duplicate"


def test_the_same_firm_is_given_its_code_and_what_the_file_says(clerk: FlaskClient, lead: int) -> None:
    send(clerk, listed([row(NAME, credit_code(40), "海丰县海城镇新园路9号")], HEADINGS))
    chosen = one(ImportRow, number=2).id
    post(clerk, "/imports/1/application", {f"row-{chosen}": f"same-{lead}"})
    firm = one(Firm)
    assert (firm.id, firm.credit_code, firm.no_code_reason, firm.registered_address, firm.activity) == (
        lead, credit_code(40), "", "海丰县海城镇新园路9号", "软件开发",
    )  # fmt: skip
    assert (one(ImportBatch).changed, one(ImportBatch).duplicate) == (1, 0)
    post(clerk, "/imports/1/undoing")
    firm = one(Firm)
    assert (firm.credit_code, firm.no_code_reason, firm.registered_address) == (
        None, "正在办理", "海丰县海城镇人民路1号",
    )  # fmt: skip


def test_two_firms_stand_beside_each_other_by_the_clerks_word(clerk: FlaskClient, lead: int) -> None:
    send(clerk, listed([row(NAME, credit_code(40), "海丰县海城镇新园路9号")], HEADINGS))
    chosen = one(ImportRow, number=2).id
    saved = clerk.get(post(clerk, "/imports/1/choices", {f"row-{chosen}": "two"}).location)
    assert cards(saved)["新增"] == "1"
    assert "按所选确认导入" in buttons(saved)
    post(clerk, "/imports/1/application")
    assert [firm.credit_code for firm in db.session.query(Firm).order_by(Firm.id)] == [None, credit_code(40)]
    db.session.rollback()
    verdict = one(PairVerdict)
    assert (verdict.ruling, verdict.source, verdict.by_name, verdict.office.short_name) == (
        "different", "told", "陈晓", "海丰县",
    )  # fmt: skip
    applied = one(ImportRow, number=2)
    assert (applied.choice, applied.alternatives, applied.raw, applied.values) == ("two", {}, {}, {})


def test_a_choice_may_be_taken_back_until_the_batch_is_confirmed(clerk: FlaskClient, lead: int) -> None:
    send(clerk, listed([row(NAME, credit_code(40))], HEADINGS))
    chosen = one(ImportRow, number=2).id
    for value, kind in (("two", "new"), (f"same-{lead}", "changed"), ("later", "duplicate"), ("nonsense", "duplicate")):
        post(clerk, "/imports/1/choices", {f"row-{chosen}": value})
        assert one(ImportRow, number=2).kind == kind
    nothing = post(clerk, "/imports/1/application")
    assert (nothing.status_code, one(ImportBatch).state) == (422, BatchState.CHECKED)


def test_a_firm_that_is_not_open_to_the_office_cannot_be_chosen_and_the_row_says_why(
    clerk: FlaskClient, world: World
) -> None:
    firm = world.submitted(NAME, credit_code=None, no_code_reason="正在办理").firm
    db.session.commit()
    shown = send(clerk, listed([row(NAME, "", "海丰县海城镇新园路9号")], HEADINGS))
    assert "现在的阶段是“已提名”" in words(shown)
    chosen = one(ImportRow, number=2).id
    post(clerk, "/imports/1/choices", {f"row-{chosen}": f"same-{firm.id}"})
    assert one(ImportRow, number=2).kind == "duplicate"


def test_a_doubt_of_a_chosen_row_is_asked_about_before_it_is_written(clerk: FlaskClient, lead: int) -> None:
    headings = ("企业名称", "统一社会信用代码", "注册资本(万元)", "本年累计营业收入(万元)", "截至月份")
    send(clerk, listed([(NAME, credit_code(40), "100", "85000000", "9")], headings))
    chosen = one(ImportRow, number=2).id
    asked = post(clerk, "/imports/1/application", {f"row-{chosen}": "two"})
    assert (asked.status_code, one(ImportBatch).state) == (422, BatchState.CHECKED)
    assert "1 行存疑" in words(asked)
    post(clerk, "/imports/1/application", {"checked": "y", "reason": "已与企业核对"})
    assert one(ImportBatch).state == BatchState.APPLIED


def test_firms_on_the_list_are_corrected_with_a_reason_in_the_persons_words(
    clerk: FlaskClient, world: World, app: Flask
) -> None:
    firm = world.admitted(NAME, credit_code=credit_code(40))
    db.session.commit()
    shown = send(clerk, listed([row(NAME, firm.credit_code or "", "海丰县海城镇新园路9号")], HEADINGS))
    assert "本批更正在库企业 1 家。" in words(shown)
    refused = post(clerk, "/imports/1/application")
    assert (refused.status_code, one(ImportBatch).state) == (422, BatchState.CHECKED)
    assert "请写明更正理由" in words(refused)
    post(clerk, "/imports/1/application", {"correction": "企业迁址，见新营业执照"})
    assert one(ImportBatch).state == BatchState.APPLIED
    entry = (
        db.session.query(TrailEntry).filter_by(verb="edit", subject_kind="firm").order_by(TrailEntry.seq.desc()).first()
    )
    assert entry is not None
    assert (entry.reason, entry.source) == ("企业迁址，见新营业执照", "名单.csv")


def test_a_figure_of_a_new_month_is_no_correction_and_one_that_replaces_another_is(
    clerk: FlaskClient, world: World
) -> None:
    firm = world.admitted(NAME, credit_code=credit_code(40))
    db.session.commit()
    headings = ("企业名称", "统一社会信用代码", "本年累计营业收入(万元)", "截至月份")
    added = send(clerk, listed([(NAME, firm.credit_code or "", "1400", "8")], headings))
    assert "请写明更正理由" not in words(added)
    assert post(clerk, "/imports/1/application").status_code == 302
    send(clerk, listed([(NAME, firm.credit_code or "", "1510", "9")], headings))
    refused = post(clerk, "/imports/2/application")
    assert (refused.status_code, "请写明更正理由" in words(refused)) == (422, True)


# -- the file is read again -------------------------------------------------------------------------
def give_column(clerk: FlaskClient, heading: str, way: str) -> None:
    page = html.fromstring(clerk.get("/imports/1").get_data(as_text=True))
    (select,) = page.xpath(f"//form[contains(@action, '/columns')]//select[contains(@aria-label, '“{heading}”')]")
    assert post(clerk, "/imports/1/columns", {select.get("name"): way}, page="/imports/1").status_code == 302


def test_what_was_chosen_holds_when_the_file_is_read_again(clerk: FlaskClient, lead: int) -> None:
    send(clerk, listed([(*row(NAME, credit_code(40)), "云谷")], (*HEADINGS, "园区")))
    number = one(ImportRow).id
    post(clerk, "/imports/1/choices", {f"row-{number}": "two"})
    give_column(clerk, "园区", "carried")
    again = one(ImportRow)
    assert (again.kind, again.choice, again.carried) == ("new", "two", {"园区": "云谷"})
    batch = one(ImportBatch)
    assert (batch.new, batch.duplicate, batch.reading.keys() & {"choices", "dropped_choices"}) == (1, 0, set())


def test_what_was_chosen_outlives_a_check_that_was_interrupted(clerk: FlaskClient, lead: int, world: World) -> None:
    send(clerk, listed([(*row(NAME, credit_code(40)), "云谷")], (*HEADINGS, "园区")))
    post(clerk, "/imports/1/choices", {f"row-{one(ImportRow).id}": "two"})
    batch = db.session.get_one(ImportBatch, 1)
    batches.order(world.actor("haifeng"), batch, "recheck", at=NOW)
    batches.start_checking(batch, at=NOW)
    db.session.commit()
    jobs.check(1)
    assert (one(ImportRow).choice, one(ImportBatch).new) == ("two", 1)


def test_a_choice_among_other_firms_is_dropped_and_that_is_said(clerk: FlaskClient, lead: int, world: World) -> None:
    send(clerk, listed([(*row(NAME, credit_code(40)), "云谷")], (*HEADINGS, "园区")))
    post(clerk, "/imports/1/choices", {f"row-{one(ImportRow).id}": "two"})
    world.firm(NAME, credit_code=None, no_code_reason="正在办理")
    db.session.commit()
    give_column(clerk, "园区", "carried")
    assert (one(ImportRow).choice, one(ImportBatch).new) == ("", 0)
    assert "1 行的内容或相像的企业与选定时不同，原来的选择没有沿用" in words(clerk.get("/imports/1"))


def test_a_page_from_before_the_file_was_read_again_chooses_nothing(clerk: FlaskClient, lead: int) -> None:
    shown = send(clerk, listed([(*row(NAME, credit_code(40)), "云谷")], (*HEADINGS, "园区")))
    (run,) = html.fromstring(shown.get_data(as_text=True)).xpath("//form[@id='confirm-form']//input[@name='run']")
    give_column(clerk, "园区", "carried")
    sent = {f"row-{one(ImportRow).id}": "two", "run": run.get("value")}
    post(clerk, "/imports/1/choices", sent)
    assert one(ImportRow).choice == ""
    refused = post(clerk, "/imports/1/application", sent)
    assert (refused.status_code, "打开页面之后，文件已重新校验" in words(refused)) == (422, True)
    assert (one(ImportRow).choice, one(ImportBatch).state) == ("", BatchState.CHECKED)


def picked(clerk: FlaskClient, **by_number: str) -> Any:
    """What is chosen of the rows, by `row_<number>`; saved, not confirmed. The page that follows."""
    given = {f"row-{one(ImportRow, number=int(name[4:])).id}": value for name, value in by_number.items()}
    return clerk.get(post(clerk, "/imports/1/choices", given).location)


def kinds() -> list[str]:
    found = [row.kind for row in db.session.query(ImportRow).order_by(ImportRow.number)]
    db.session.rollback()
    return found


def test_of_two_rows_only_one_is_the_same_firm_and_the_other_is_named(clerk: FlaskClient, lead: int) -> None:
    send(clerk, listed([row(NAME, credit_code(40), "甲路1号"), row(NAME, credit_code(41), "乙路2号")], HEADINGS))
    said = words(picked(clerk, row_2=f"same-{lead}", row_3=f"same-{lead}"))
    assert "第 3 行选为同一家的企业，文件中已有另一行写入，没有采用" in said
    assert kinds() == ["changed", "duplicate"]
    picked(clerk, row_2="later", row_3=f"same-{lead}")  # given over to the other row in one press
    assert kinds() == ["duplicate", "changed"]
    post(clerk, "/imports/1/application")
    assert (one(ImportBatch).state, one(Firm).credit_code) == (BatchState.APPLIED, credit_code(41))


def test_a_row_without_a_code_is_not_the_firm_that_another_row_of_its_code_writes(
    clerk: FlaskClient, world: World
) -> None:
    firm = world.firm(NAME, credit_code=credit_code(40)).id
    db.session.commit()
    send(clerk, listed([row(NAME, credit_code(40), "甲路1号"), row(NAME, "", "乙路2号")], HEADINGS))
    number = one(ImportRow, number=3).id
    refused = post(clerk, "/imports/1/application", {f"row-{number}": f"same-{firm}"})
    assert (refused.status_code, "第 3 行选为同一家的企业" in words(refused)) == (422, True)
    post(clerk, "/imports/1/application")
    assert one(Firm).registered_address == "甲路1号"


def test_rows_of_one_firm_are_not_written_over_each_other_however_they_came_to_be(
    clerk: FlaskClient, lead: int
) -> None:
    send(clerk, listed([row(NAME, credit_code(40)), row(NAME, credit_code(41))], HEADINGS))
    picked(clerk, row_2=f"same-{lead}")
    first, second = (db.session.query(ImportRow).filter_by(number=number).one() for number in (2, 3))
    second.kind, second.firm_id, second.firm_version = "changed", first.firm_id, first.firm_version
    second.values, second.changes = second.alternatives["same"][0]["values"], second.alternatives["same"][0]["changes"]
    batch = db.session.query(ImportBatch).one()
    batch.changed, batch.duplicate = 2, 0
    db.session.commit()
    post(clerk, "/imports/1/application")
    batch = one(ImportBatch)
    assert (batch.state, batch.message_values) == (BatchState.CHECKED, {"rows": "2、3"})


def test_two_rows_of_one_name_without_codes_do_not_both_become_firms(clerk: FlaskClient, lead: int) -> None:
    send(clerk, listed([row(NAME, "", "甲路1号"), row(NAME, "", "乙路2号")], HEADINGS))
    assert [match["kind"] for match in one(ImportRow, number=3).matches] == ["row", "firm"]
    said = words(picked(clerk, row_2="two", row_3="two"))
    assert "第 3 行与文件中另一新企业同名，又都没有统一社会信用代码，没有采用" in said
    assert kinds() == ["new", "duplicate"]


def test_a_code_that_another_firm_got_meanwhile_stops_the_batch_and_names_the_row(
    clerk: FlaskClient, world: World, lead: int
) -> None:
    send(clerk, listed([row(NAME, credit_code(40), "甲路1号")], HEADINGS))
    picked(clerk, row_2=f"same-{lead}")
    world.firm("海丰县别的科技有限公司", credit_code=credit_code(40))
    db.session.commit()
    post(clerk, "/imports/1/application")
    batch = one(ImportBatch)
    assert (batch.state, batch.message_values) == (BatchState.CHECKED, {"rows": "2"})


def test_a_code_that_comes_in_at_that_very_moment_is_a_conflict_too(
    clerk: FlaskClient, world: World, lead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(clerk, listed([row(NAME, credit_code(40), "甲路1号")], HEADINGS))
    picked(clerk, row_2=f"same-{lead}")
    world.firm("海丰县别的科技有限公司", credit_code=credit_code(40))
    db.session.commit()
    monkeypatch.setattr(conflicts, "codes_lost", lambda *_: set())  # it was not there yet when it was looked for
    post(clerk, "/imports/1/application")
    batch = one(ImportBatch)
    assert (batch.state, batch.message[:11]) == (BatchState.CHECKED, "校验之后，名录又有变动")
