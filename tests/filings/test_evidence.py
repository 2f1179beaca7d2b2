"""The checklist page, what the office records on it, and the sheet that is printed for the firm."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.periods import Period
from registry.pathway.services import standing
from tests.filed import attach, complete, qualified, window
from tests.world import NOW, TODAY, Build, World, post, sign_in, signed_in, token_in


def firm_with_papers(world: World) -> int:
    window(world)
    firm = qualified(world)
    attach(world, firm, "M01").at = NOW - timedelta(days=1)  # the pages act at the real time of day, also at night
    return firm.id


def look_at_seals(app: Flask, firm_id: int, code: str, answer: str = "seen", remark: str = "") -> Any:
    """Statistics opens the page of seals and answers for one paper."""
    client = signed_in(app, "statistics")
    path = f"/firms/{firm_id}/papers/seals?month=2021-09"
    page: Any = html.fromstring(client.get(path).get_data(as_text=True))
    document = page.xpath(f"//input[@name='document_{code}']/@value")[0]
    return post(client, path, {f"seal_{code}": answer, f"document_{code}": document, f"remark_{code}": remark})


def test_a_seal_that_is_missing_needs_its_word_and_the_office_reads_it(
    app: Flask, client: FlaskClient, build: Build
) -> None:
    firm_id = build(firm_with_papers)
    refused = look_at_seals(app, firm_id, "M01", "unseen")
    assert (refused.status_code, "请写明原因。" in refused.get_data(as_text=True)) == (422, True)
    assert look_at_seals(app, firm_id, "M01", "unseen", "第二页没有盖章").status_code == 302
    sign_in(client, "haifeng")
    listed = client.get(f"/firms/{firm_id}/papers").get_data(as_text=True)
    assert ("第二页没有盖章" in listed, "还缺 4 份，待核对印章 2 份" in listed) == (True, True)
    assert client.get(f"/firms/{firm_id}/papers/seals").status_code == 404


def test_a_paper_replaced_while_its_seal_was_looked_at_is_looked_at_again(app: Flask, build: Build) -> None:
    firm_id = build(firm_with_papers)
    client = signed_in(app, "statistics")
    path = f"/firms/{firm_id}/papers/seals?month=2021-09"
    refused = post(client, path, {"seal_M01": "seen", "document_M01": "0"})
    assert (refused.status_code, "可能刚被更换或作废" in refused.get_data(as_text=True)) == (422, True)
    assert post(client, path, {}).status_code == 422


def test_the_office_records_what_it_holds_and_the_list_says_so(app: Flask, client: FlaskClient, build: Build) -> None:
    firm_id = build(firm_with_papers)
    sign_in(client, "haifeng")
    assert "还缺 3 份，待核对印章 3 份" in client.get(f"/firms/{firm_id}/papers").get_data(as_text=True)
    path = f"/firms/{firm_id}/papers/entry?material=M01&month=2021-09"
    page = client.get(path).get_data(as_text=True)
    found: Any = html.fromstring(page)
    (chosen,) = found.xpath("//select[@name='document']/option[@selected]/@value")
    given = {"material": "M01", "month": "2021-09", "state": "held", "document": chosen}
    assert post(client, path, given).status_code == 302
    look_at_seals(app, firm_id, "M01")
    listed = client.get(f"/firms/{firm_id}/papers").get_data(as_text=True)
    assert ("还缺 3 份，待核对印章 2 份" in listed, "陈晓" in listed) == (True, True)


def test_a_paper_can_be_uploaded_where_it_is_recorded(client: FlaskClient, build: Build) -> None:
    firm_id = build(firm_with_papers)
    sign_in(client, "haifeng")
    path = f"/firms/{firm_id}/papers/entry"
    data = {
        "csrf_token": token_in(client.get("/password").get_data(as_text=True)), "material": "M12", "month": "2021-09",
        "state": "held", "file": (io.BytesIO(b"%PDF-1.4 invented"), "同期.pdf"),
    }  # fmt: skip
    assert client.post(path, data=data, content_type="multipart/form-data").status_code == 302
    assert "同期.pdf" in client.get(f"/firms/{firm_id}/papers").get_data(as_text=True)


def test_held_without_a_document_is_refused_and_missing_needs_its_reason(client: FlaskClient, build: Build) -> None:
    firm_id = build(firm_with_papers)
    sign_in(client, "haifeng")
    given = {"material": "M02", "month": "2021-09", "state": "held"}
    refused = post(client, f"/firms/{firm_id}/papers/entry", given)
    assert (refused.status_code, "请选择已上传的材料" in refused.get_data(as_text=True)) == (422, True)
    assert post(client, f"/firms/{firm_id}/papers/entry", given | {"state": "missing"}).status_code == 422
    lacks = given | {"state": "missing", "remark": "企业尚未提供"}
    assert post(client, f"/firms/{firm_id}/papers/entry", lacks).status_code == 302


def test_only_statistics_waives(app: Flask, build: Build) -> None:
    firm_id = build(firm_with_papers)
    given = {"material": "M03", "month": "2021-09", "decision": "waived", "reason": "五证合一已核实"}
    path = f"/firms/{firm_id}/papers/decision"
    answers = {
        name: post(signed_in(app, name), path, given).status_code for name in ("haifeng", "cityoffice", "lufeng")
    }
    assert answers == {"haifeng": 404, "cityoffice": 404, "lufeng": 404}
    assert post(signed_in(app, "statistics"), path, given).status_code == 302
    assert "免报" in signed_in(app, "haifeng").get(f"/firms/{firm_id}/papers").get_data(as_text=True)


def test_another_county_sees_neither_list_nor_sheet(client: FlaskClient, build: Build) -> None:
    firm_id = build(firm_with_papers)
    sign_in(client, "lufeng")
    paths = (f"/firms/{firm_id}/papers", f"/firms/{firm_id}/sheet", f"/firms/{firm_id}/papers/entry")
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


def test_a_month_that_is_none_is_not_there(client: FlaskClient, build: Build) -> None:
    firm_id = build(firm_with_papers)
    sign_in(client, "haifeng")
    months = {
        month: client.get(f"/firms/{firm_id}/papers?month={month}").status_code for month in ("x", "2021", "2021-8")
    }
    assert months == {"x": 404, "2021": 404, "2021-8": 200}


def below_the_line(world: World) -> int:
    window(world)
    firm = world.admitted(wan="1500")
    standing.refresh(firm, on=TODAY, at=NOW)
    return firm.id


def test_the_sheet_names_conditions_papers_and_window_and_no_amount(client: FlaskClient, build: Build) -> None:
    """Neither the firm's figure nor the line nor what is between them, in any way of writing a number of 万元."""
    firm_id = build(below_the_line)
    sign_in(client, "haifeng")
    sheet: Any = html.fromstring(client.get(f"/firms/{firm_id}/sheet").get_data(as_text=True))
    page = sheet.text_content()
    assert "尚未达到所属行业的四上标准" in page
    assert ("利润表" in page, "2021年11月6日" in page, "海丰县" in page) == (True, True, True)
    assert re.findall("万元|缺口|1,?500|2,?000|[0-9,]+\\.[0-9]{2}|20000000", page) == []


def test_a_complete_firms_sheet_asks_for_nothing(client: FlaskClient, build: Build) -> None:
    def make(world: World) -> int:
        window(world)
        firm = qualified(world)
        complete(world, firm)
        return firm.id

    firm_id = build(make)
    sign_in(client, "haifeng")
    page = client.get(f"/firms/{firm_id}/sheet").get_data(as_text=True)
    assert ("材料已齐，不需要再提供。" in page, "万元" in page) == (True, False)


def test_the_months_to_look_at_are_those_of_the_windows_to_come(client: FlaskClient, build: Build) -> None:
    firm_id = build(firm_with_papers)
    sign_in(client, "haifeng")
    page: Any = html.fromstring(client.get(f"/firms/{firm_id}/papers?month={Period(2021, 8)}").get_data(as_text=True))
    links = page.xpath("//nav[@aria-label='按报表期别查看']/a/text()")
    assert links == ["2021-08", "2021-09"]


def test_a_paper_of_another_month_is_not_offered(client: FlaskClient, build: Build) -> None:
    def make(world: World) -> int:
        window(world)
        firm = qualified(world)
        attach(world, firm, "M01", period=Period(2021, 6))
        attach(world, firm, "M01")
        return firm.id

    firm_id = build(make)
    sign_in(client, "haifeng")
    page: Any = html.fromstring(client.get(f"/firms/{firm_id}/papers/entry?material=M01&month=2021-09").text)
    offered = [option.text_content() for option in page.xpath("//select[@name='document']/option")]
    assert [words.partition(" ")[0] for words in offered] == ["", "2021-09"]


def test_whose_papers_wait_for_a_look_at_their_seals_is_told_to_those_who_look(app: Flask, build: Build) -> None:
    build(firm_with_papers)
    pages = {
        name: signed_in(app, name).get("/seals").get_data(as_text=True)
        for name in ("industry", "statistics", "haifeng", "science", "cityoffice")
    }
    listed = {name for name, page in pages.items() if "海丰县云谷软件有限公司" in page}
    assert listed == {"industry", "statistics"}
    inbox = signed_in(app, "statistics").get("/inbox").get_data(as_text=True)
    assert "<strong>1</strong> <span>待核对印章的企业" in inbox


def test_a_file_is_put_into_the_row_of_the_paper_it_is(client: FlaskClient, build: Build) -> None:
    firm_id = build(firm_with_papers)
    sign_in(client, "haifeng")
    listed = f"/firms/{firm_id}/papers?month=2021-09"
    page: Any = html.fromstring(client.get(listed).get_data(as_text=True))
    drops = [form.get("action") for form in page.xpath("//form[@data-drop]")]
    lacking = ["M02", "M03", "M12"]
    assert drops == [f"/firms/{firm_id}/papers/{code}/{'2021-09' if code == 'M12' else 'any'}" for code in lacking]
    assert "还缺 3 份" in page.text_content()
    sent = {"file": (io.BytesIO(b"%PDF-1.4 months"), "分月.pdf"), "next": listed + "#paper-M12"}
    answer = post(client, f"/firms/{firm_id}/papers/M12/2021-09", sent)
    assert (answer.status_code, answer.location) == (302, listed + "#paper-M12")
    page = html.fromstring(client.get(listed).get_data(as_text=True))
    assert ("分月.pdf" in page.text_content(), "还缺 2 份" in page.text_content()) == (True, True)
    assert [form.get("action")[-3:] for form in page.xpath("//form[@data-drop]")] == ["any", "any"]


def test_an_answer_to_a_paper_that_was_answered_meanwhile_is_refused(app: Flask, build: Build) -> None:
    firm_id = build(firm_with_papers)
    path = f"/firms/{firm_id}/papers/seals?month=2021-09"
    statistics, bureau = signed_in(app, "statistics"), signed_in(app, "industry")
    page: Any = html.fromstring(statistics.get(path).get_data(as_text=True))
    document = page.xpath("//input[@name='document_M01']/@value")[0]
    assert post(bureau, path, {"seal_M01": "seen", "document_M01": document}).status_code == 302
    late = post(statistics, path, {"seal_M01": "unseen", "document_M01": document, "remark_M01": "没有盖章"})
    assert late.status_code == 422
    assert "市工信局" in signed_in(app, "haifeng").get(f"/firms/{firm_id}/papers").get_data(as_text=True)
