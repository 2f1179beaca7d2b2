"""The ledger in the browser: its query in the address, its table, its paper and its files."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.base.extensions import db
from registry.ledger.pages import ledger as pages
from registry.trail.models import TrailEntry
from tests.queries_counted import queries_counted
from tests.world import Build, World, post, sign_in

YUNGU, XINGHE, NANHU = "海丰县云谷软件有限公司", "海丰县星河数据有限公司", "海丰县南湖网络有限公司"
LUFENG = "陆丰市甲子软件有限公司"


@pytest.fixture
def town(build: Build) -> None:
    def make(world: World) -> None:
        world.firm(YUNGU)
        world.admitted(XINGHE, industry="6450", wan="1200")
        world.submitted(LUFENG, by="lufeng", wan="1500", operating_address="陆丰市东海镇人民路1号")

    build(make)


def exports_on_the_trail(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        rows = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "export").order_by(TrailEntry.seq))
        return [row.after or {} for row in rows]


def page(client: FlaskClient, path: str = "/firms", *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return html.unescape(answer.get_data(as_text=True))


def listed(body: str) -> list[str]:
    return re.findall(r'class="firm-name">\s*<a href="[^"]*" title="[^"]*">([^<]*)</a>', body)


def text_of(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def strip_of(body: str) -> dict[str, int]:
    cells = re.findall(r"<strong>([\d,]+)</strong>\s*([^<\s]+)", body)
    return {label: int(count) for count, label in cells}


def test_a_clerk_sees_the_own_firms_and_nothing_of_another_county(town: None, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    body = page(client, "/firms?stage=all")
    assert listed(body) == [XINGHE, YUNGU]
    assert LUFENG not in body


def test_it_opens_on_the_directory_the_nearest_to_crossing_first(build: Build, client: FlaskClient) -> None:
    def make(world: World) -> None:
        world.firm(YUNGU)
        for name, wan in ((XINGHE, "1200"), (NANHU, "1900")):
            world.admitted(name, industry="6450", wan=wan)
        world.admitted("海丰县云山软件有限公司", industry="6513", wan="2600")

    build(make)
    sign_in(client, "haifeng")
    body = page(client)
    assert listed(body) == [NANHU, XINGHE, "海丰县云山软件有限公司"]
    assert strip_of(body)["在库"] == 3
    assert listed(page(client, "/firms?stage=lead")) == [YUNGU]
    assert re.findall(r'<td class="serial">(\d+)</td>', body) == ["1", "2", "3"]


def test_a_text_is_looked_for_in_every_stage(town: None, client: FlaskClient) -> None:
    sign_in(client, "leader")
    assert listed(page(client, "/firms?q=软件")) == [LUFENG, YUNGU]
    assert listed(page(client, "/firms?q=软件&stage=lead")) == [YUNGU]


def test_where_nothing_is_in_the_directory_the_other_stages_are_named(build: Build, client: FlaskClient) -> None:
    build(lambda world: world.firm(YUNGU))
    sign_in(client, "haifeng")
    body = page(client)
    assert "在库的还没有" in body
    assert "线索 1 家" in text_of(body)


def test_the_bar_shows_the_year_end_that_is_expected_and_paper_and_files_do_not(
    town: None, client: FlaskClient
) -> None:
    sign_in(client, "haifeng")
    screen, paper = page(client), page(client, "/firms/print")
    assert "达标率 60%，预计全年 80%" in screen
    assert "浅色为预计全年（估计数）" in screen
    assert "预计年内不达标" in screen
    assert "预计" not in paper
    assert 'class="bullet-forecast"' not in paper
    sheet = post(client, "/firms/export", {"kind": "csv"}).get_data(as_text=True)
    assert "预计" not in sheet
    assert "缺口 800.00 万元" in sheet


def test_administrators_have_no_ledger(town: None, client: FlaskClient) -> None:
    sign_in(client, "sysadmin")
    for path in ("/firms", "/firms/print", "/firms/export"):
        assert client.get(path).status_code == 403


def test_the_funnel_counts_the_filter_and_leads_into_each_stage(town: None, client: FlaskClient) -> None:
    sign_in(client, "leader")
    body = page(client, "/firms?q=软件")
    counts = strip_of(body)
    assert {label: count for label, count in counts.items() if count} == {"全部": 2, "线索": 1, "已提名": 1}
    assert list(counts) == [
        "在库", "线索", "已提名", "部门核查", "退回补正", "在库培育", "达标应入", "已申报纳统", "逐级审核",
        "已入库（四上）", "未通过", "已退出", "全部",
    ]  # fmt: skip
    (lead,) = re.findall(r'<a href="([^"]*stage=lead[^"]*)"', body)
    assert listed(page(client, lead)) == [YUNGU]


def test_the_query_lives_in_the_address_and_in_its_form(town: None, client: FlaskClient) -> None:
    sign_in(client, "leader")
    body = page(client, "/firms?q=软件&division=441581&tier=C&stage=proposed&sort=-rate&col=rate&col=tier&per_page=50")
    assert listed(body) == [LUFENG]
    assert 'value="软件"' in body
    assert re.findall(r"<option selected value=\"([^\"]+)\"", body) == ["441581", "C"]
    form = body[body.index('<form class="filter') : body.index('<div class="filter-row')]
    assert re.findall(r'name="(\w+)" value="([^"]*)"', form) == [
        ("stage", "proposed"), ("sort", "-rate"), ("col", "rate"), ("col", "tier"), ("per_page", "50"),
    ]  # fmt: skip


def test_a_row_says_what_is_missing_in_words_with_a_light(town: None, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    words = text_of(page(client, "/firms?stage=all"))
    assert "缺口 800.00 万元" in words
    assert "缺数据：营业收入、营业收入凭证" in words
    assert re.findall(r'class="light light-(\w+)"', page(client, "/firms?stage=all")) == ["plain", "warn"]


def test_money_is_in_ten_thousands_with_its_month_and_its_sum_is_of_the_whole_filter(
    town: None, client: FlaskClient
) -> None:
    sign_in(client, "leader")
    words = text_of(page(client, "/firms?stage=all&per_page=20"))
    assert "本年累计（万元）" in words
    assert "1,200.00 至 2021-09" in words
    assert "共 3 家 · 本年累计营业收入 2,700.00 万元" in words
    assert "合计（3 家） 2,700.00" in words


def test_columns_are_chosen_and_sorted_in_the_address(town: None, client: FlaskClient) -> None:
    sign_in(client, "leader")
    body = page(client, "/firms?stage=all&col=tier&col=proposer&col=contact_phone&sort=name")
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]*)', body)
    assert [head for head in heads if head] == ["序号", "企业名称", "档", "填报单位", "状态"]
    assert 'aria-sort="ascending"' in body
    assert "sort=-name" in body


@pytest.mark.parametrize("sort", ["contact_phone", "-contact_name", "watch_reason", "id", "rate desc", "--rate", ""])
def test_a_sort_that_is_not_offered_is_the_usual_order(town: None, client: FlaskClient, sort: str) -> None:
    sign_in(client, "haifeng")
    body = page(client, f"/firms?stage=all&sort={sort}")
    assert listed(body) == [XINGHE, YUNGU]
    assert "aria-sort" not in body


def test_a_query_that_cannot_be_read_is_said_and_exports_nothing(town: None, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "leader")
    body = page(client, "/firms?code=软件&tier=Z&division=999999")
    words = text_of(body)
    assert "行业代码：请填行业代码的前 2 至 4 位数字，如 65 或 6513。" in words
    assert words.count("没有这个选项，请重新选择。") == 2
    assert "导出 Excel" not in words
    assert post(client, "/firms/export?tier=Z", {"kind": "xlsx"}).status_code == 422
    assert exports_on_the_trail(app) == []


def test_wild_parts_of_the_address_do_no_harm(town: None, client: FlaskClient) -> None:
    sign_in(client, "leader")
    for query in (
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "per_page=7",
        "stage=nowhere",
        "gone=maybe",
        "q=%01",
    ):
        assert client.get(f"/firms?{query}").status_code == 200
    body = page(client, '/firms?q="><script>&_scheme=javascript&_external=1')
    assert "<script>" not in client.get('/firms?q="><script>').get_data(as_text=True)
    assert 'href="javascript' not in body


def test_nothing_yet_says_how_to_begin(client: FlaskClient) -> None:
    sign_in(client, "luhe")
    words = text_of(page(client))
    assert "名录库还没有企业" in words
    assert "提名企业" in words
    assert "导出 Excel" not in words


def test_nothing_for_this_filter_offers_to_reset_it(town: None, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    body = page(client, "/firms?q=北辰")
    assert "没有符合条件的企业" in body
    assert body.count('<a class="btn" href="/firms?stage=directory">重置</a>') == 2


def test_coming_back_from_a_dossier_finds_the_filter_again(town: None, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    assert client.get("/firms?back=1").headers["Location"] == "/firms"
    client.get("/firms?q=%E4%BA%91%E8%B0%B7&sort=-rate")
    assert client.get("/firms?back=1").headers["Location"] == "/firms?q=%E4%BA%91%E8%B0%B7&sort=-rate"


def test_twenty_fifty_or_a_hundred_a_page_and_no_page_beyond_the_last(build: Build, client: FlaskClient) -> None:
    build(lambda world: [world.firm(f"海丰县云谷{number + 1}号软件有限公司") for number in range(21)])
    sign_in(client, "haifeng")
    assert len(listed(page(client, "/firms?stage=lead"))) == 20
    last = page(client, "/firms?stage=lead&page=7")
    assert listed(last) == ["海丰县云谷1号软件有限公司"]
    assert '<td class="serial">21</td>' in last
    assert len(listed(page(client, "/firms?stage=lead&per_page=50"))) == 21


def test_the_list_takes_as_many_queries_for_three_firms_as_for_one(
    build: Build, client: FlaskClient, app: Flask
) -> None:
    sign_in(client, "haifeng")
    counts = []
    for names in ((YUNGU,), (XINGHE, NANHU)):
        build(lambda world, names=names: [world.firm(name) for name in names])
        with queries_counted(app) as seen:
            page(client, "/firms?stage=lead")
        counts.append(len(seen))
    assert counts == [11, 11]


def test_paper_holds_title_maker_filter_sum_and_signature_and_no_menu(town: None, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    body = page(client, "/firms/print?stage=lead")
    words = text_of(body)
    assert listed(body) == [YUNGU]
    for part in (
        "企业培育名录库台账",
        "单位：海丰县",
        "制表人：陈晓",
        "金额单位：万元",
        "筛选条件：阶段：线索",
        "审核人",
        "培育参考，不作统计上报依据",
    ):
        assert part in words
    assert "<nav" not in body


def test_paper_says_so_where_it_does_not_hold_them_all(
    town: None, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PRINTED", 2)
    sign_in(client, "leader")
    body = page(client, "/firms/print?stage=all")
    assert listed(body) == [LUFENG, XINGHE]
    assert "本表只印前 2 家，共 3 家" in body
    assert "合计（3 家）" in body


def workbook(answer: Any) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_workbook_is_what_the_filter_shows_in_the_columns_chosen(town: None, client: FlaskClient) -> None:
    sign_in(client, "leader")
    answer = post(client, "/firms/export?q=软件&sort=name&col=rate&col=stage&page=3", {"kind": "xlsx"})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith("%E5%90%8D%E5%BD%95%E5%BA%93_2021-10-15.xlsx")
    rows = workbook(answer)
    assert rows[1][0] == "筛选条件：名称或代码：软件"
    assert rows[3] == ["序号", "企业名称", "统一社会信用代码", "达标率", "阶段"]
    assert sorted(row[1] for row in rows[4:6]) == [YUNGU, LUFENG]


def test_csv_goes_out_as_utf_8_with_its_mark(town: None, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    answer = post(client, "/firms/export?stage=lead", {"kind": "csv"})
    assert answer.mimetype == "text/csv"
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert YUNGU in answer.get_data(as_text=True)


def test_an_export_is_on_the_trail_in_chinese_whatever_language_is_read(
    town: None, client: FlaskClient, app: Flask
) -> None:
    sign_in(client, "haifeng")
    post(client, "/language", {"locale": "en", "next": "/firms"})
    post(client, "/firms/export?division=441521&missing=any&gone=y", {"kind": "csv"}).close()
    assert [taken["filter"] for taken in exports_on_the_trail(app)] == ["县区：海丰县；缺数据：缺任一项；含已退出企业"]


def test_contacts_want_a_reason_and_what_was_typed_stays(town: None, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    refused = post(client, "/firms/export?stage=lead", {"kind": "csv", "contacts": "y", "reason": ""})
    assert refused.status_code == 422
    assert "用途：请填写理由。" in html.unescape(refused.get_data(as_text=True))
    given = post(client, "/firms/export?stage=lead", {"kind": "csv", "contacts": "y", "reason": "电话核实"})
    assert "13800135678" in given.get_data(as_text=True)


def test_a_leader_is_not_offered_contacts_and_gets_none(town: None, client: FlaskClient) -> None:
    sign_in(client, "leader")
    assert "含联系人" not in page(client, "/firms/export")
    answer = post(client, "/firms/export", {"kind": "csv", "contacts": "y", "reason": "抽查"})
    assert "13800135678" not in answer.get_data(as_text=True)


def test_an_export_is_never_fetched_and_never_without_its_token(town: None, client: FlaskClient, app: Flask) -> None:
    sign_in(client, "haifeng")
    assert client.get("/firms/export?kind=xlsx").mimetype == "text/html"
    assert client.post("/firms/export", data={"kind": "xlsx"}).status_code == 400
    assert exports_on_the_trail(app) == []


def test_an_unknown_kind_of_file_is_refused(town: None, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    assert post(client, "/firms/export", {"kind": "pdf"}).status_code == 422


def test_a_name_is_never_markup(build: Build, client: FlaskClient) -> None:
    build(lambda world: world.firm("海丰县<b>云谷</b>软件有限公司"))
    sign_in(client, "haifeng")
    body = client.get("/firms?stage=lead").get_data(as_text=True)
    assert "海丰县&lt;b&gt;云谷&lt;/b&gt;软件有限公司" in body


def test_the_state_of_a_firm_is_a_column_in_words(client: FlaskClient, world: World) -> None:
    world.firm(operating_state="revoked")
    db.session.commit()
    sign_in(client, "haifeng")
    assert "吊销" in client.get("/firms?stage=lead&col=operating_state").get_data(as_text=True)
