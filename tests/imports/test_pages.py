"""The pages of an import, from the empty form to a batch that is taken back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from registry.base.extensions import db
from registry.base.vocabulary import BatchState
from registry.firms.models.firms import Firm
from registry.imports.models import ImportBatch, ImportRow
from registry.imports.services import batches
from registry.people.queries import people
from registry.queue import services
from registry.queue.rules import Lane
from registry.sheets.reader import read_table
from registry.trail.models import TrailEntry
from tests import books
from tests.queries_counted import queries_counted
from tests.uploads import listed
from tests.world import NOW, World, credit_code, post, sign_in, token_in

ADDRESS = "海丰县海城镇人民路8号"
GOOD = ("海丰县青梅科技有限公司", credit_code(11), ADDRESS)
BAD = ("海丰县错码科技有限公司", credit_code(12)[:-1] + "0", ADDRESS)


def send(client: FlaskClient, content: bytes, *, name: str = "名单.csv", year: str = "2021") -> Any:
    """Upload as a browser does, and follow to where the answer leads."""
    data = {
        "csrf_token": token_in(client.get("/imports/new").get_data(as_text=True)),
        "file": (io.BytesIO(content), name),
        "year": year,
    }
    return client.post("/imports", data=data, content_type="multipart/form-data", follow_redirects=True)


def words(answer: Any) -> str:
    """All that a page says in its main part, on one line."""
    (main,) = html.fromstring(answer.get_data(as_text=True)).xpath("//main")
    return " ".join(" ".join(main.itertext()).split())


def table(answer: Any) -> list[list[str]]:
    body = html.fromstring(answer.get_data(as_text=True)).xpath("//main//table/tbody")
    return [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in body[0]] if body else []


def cards(answer: Any) -> dict[str, str]:
    page = html.fromstring(answer.get_data(as_text=True))
    found = [" ".join(" ".join(item.itertext()).split()) for item in page.xpath("//ul[@class='strip']/li")]
    return {label: number for number, label in (text.split(" ", 1) for text in found)}


def buttons(answer: Any) -> list[str]:
    page = html.fromstring(answer.get_data(as_text=True))
    return [b.text_content().strip() for b in page.xpath("//main//button | //main//a[contains(@class, 'btn')]")]


def state_of(number: int) -> str:
    state = db.session.get_one(ImportBatch, number, populate_existing=True).state
    db.session.rollback()
    return state


def stored(model: Any) -> list[Any]:
    """All rows of a table, detached: a test that holds a transaction open would keep the next request out."""
    rows = list(db.session.query(model).populate_existing())
    db.session.expunge_all()
    db.session.rollback()
    return rows


def uploads(app: Flask) -> list[Path]:
    folder: Path = app.config["UPLOADS"]
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def clerk(client: FlaskClient, world: World) -> FlaskClient:
    sign_in(client, "haifeng")
    return client


def test_a_list_is_uploaded_looked_at_confirmed_and_taken_back(clerk: FlaskClient, app: Flask) -> None:
    shown = send(clerk, listed([GOOD, BAD]))
    assert cards(shown) == {"全部": "2", "新增": "1", "变更": "0", "无变化": "0", "疑似重复": "0", "有错": "1"}
    assert table(shown) == [
        [
            "3", f"{BAD[0]}", "B 统一社会信用代码", "统一社会信用代码第18位校验不符，请核对营业执照；确系执照所载的，在代码后写“（已核对执照）”再导入",
        ]
    ]  # fmt: skip
    assert buttons(shown)[-3:] == ["确认导入 1 处，另 1 行退回", "下载错误文件", "放弃"]
    assert stored(Firm) == []
    assert len(uploads(app)) == 1

    post(clerk, "/imports/1/application")
    applied = clerk.get("/imports/1")
    assert "第 1 批已于 2021-10-15" in words(applied)
    assert [firm.name for firm in stored(Firm)] == [GOOD[0]]
    assert uploads(app) == []
    assert buttons(applied)[-2:] == ["下载错误文件", "撤销本批"]

    assert "将作废的新增企业 1 家" in words(clerk.get("/imports/1/undoing"))
    post(clerk, "/imports/1/undoing")
    assert "第 1 批已于 2021-10-15" in words(clerk.get("/imports/1"))
    assert state_of(1) == BatchState.UNDONE
    assert [firm.voided_at is None for firm in stored(Firm)] == [False]
    assert post(clerk, "/imports/1/undoing").status_code == 409


def test_changes_are_shown_cell_by_cell_with_contacts_masked(clerk: FlaskClient, world: World) -> None:
    firm = world.firm(credit_code=credit_code(1))
    world.figure(firm, "958.2")
    db.session.commit()
    headings = ("企业名称", "统一社会信用代码", "本年累计营业收入(万元)", "截至月份", "电话", "所属县区")
    shown = send(clerk, listed([(firm.name, firm.credit_code, "1080", "9", "13900135600", "海丰")], headings))
    assert [row[0:1] + row[2:] for row in table(shown)] == [
        ["2", "E 电话", "138****5678", "139****5600", "采用文件值"],
        ["2", "C 本年累计营业收入（万元）", "958.20", "1,080.00", "采用文件值"],
    ]
    assert "13900135600" not in shown.get_data(as_text=True)


def test_the_error_file_is_the_form_with_the_cell_marked(clerk: FlaskClient, tmp_path: Path) -> None:
    send(clerk, listed([GOOD, BAD]))
    answer = post(clerk, "/imports/1/errors")
    assert answer.headers["Content-Disposition"].endswith("_%E5%BE%85%E6%94%B9%E6%AD%A3.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["填报"]
    answer.close()
    assert [sheet.cell(5, column).value for column in (1, 2)] == [BAD[0], BAD[1]]
    assert sheet.cell(6, 1).value is None


def test_contacts_of_rows_that_go_back_are_for_their_office_alone(client: FlaskClient, world: World) -> None:
    """Faulty ones, typed as they are typed in life, and good ones of a faulty row: on no page, in no other's file."""
    headings = ("企业名称", "统一社会信用代码", "联系人", "电话", "所属县区")
    rows = [
        ("海丰县青云软件有限公司", credit_code(1), "李小明*", "0660-33812345转", "海丰"),
        ("海丰县南湖网络有限公司", "91441500MA5", "欧阳修远", "13712345678", "海丰"),
    ]
    sign_in(client, "haifeng")
    send(client, listed(rows, headings))
    for username in ("haifeng", "cityoffice", "auditor"):
        post(client, "/sign-out")
        sign_in(client, username)
        page = client.get("/imports/1").get_data(as_text=True)
        assert [part for part in ("李小明", "33812345", "修远", "13712345678") if part in page] == []
        assert "不是电话号码" in page
        mine = username == "haifeng"
        assert ("下载错误文件" in page, post(client, "/imports/1/errors").status_code) == (mine, 200 if mine else 404)
    act = [entry for entry in stored(TrailEntry) if entry.verb == "download"][-1]
    assert (act.subject_kind, act.after) == ("import_batch", {"contacts": True})


def test_the_form_is_empty_whoever_has_firms(clerk: FlaskClient, world: World, tmp_path: Path) -> None:
    world.firm(credit_code=credit_code(1))
    db.session.commit()
    path = tmp_path / "form.xlsx"
    with post(clerk, "/imports/template", {"filled": "1"}) as answer:
        path.write_bytes(answer.data)
    with read_table(path) as found:
        assert [row.cells[0] for row in found.rows] == []
    assert [entry for entry in stored(TrailEntry) if entry.verb == "export"] == []


@pytest.mark.parametrize(
    "name, content, reason",
    [
        ("名单.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Excel"),
        ("名单.csv", b"", "文件是空的"),
        ("名单.xlsm", b"PK\x03\x04" + b"\0" * 100, "文件含有宏"),
    ],
)
def test_what_its_name_or_size_already_tells_is_refused_on_the_form(
    clerk: FlaskClient, app: Flask, name: str, content: bytes, reason: str
) -> None:
    answer = send(clerk, content, name=name)
    assert answer.status_code == 422
    assert reason in words(answer)
    assert (stored(ImportBatch), uploads(app)) == ([], [])


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"PK\x03\x04" + b"\0" * 600, "文件不完整"),
        (b"%PDF-1.4 invented", "文件内容是PDF 文档"),
        ("没有,表头\r\n一,二\r\n".encode(), "没有找到表头"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_with_the_reason_and_nothing_is_kept(
    clerk: FlaskClient, app: Flask, content: bytes, reason: str
) -> None:
    answer = send(clerk, content, name="名单.xlsx" if content.startswith(b"PK") else "名单.csv")
    assert reason in words(answer)
    assert state_of(1) == BatchState.REFUSED
    assert (stored(ImportRow), uploads(app)) == ([], [])


def test_a_workbook_with_a_cell_at_the_end_of_the_world_is_refused(clerk: FlaskClient, app: Flask) -> None:
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as container:
        far = books.sheet_xml(books.table_xml(books.HEADINGS) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
        for part, text in books.parts({"Sheet1": far}).items():
            container.writestr(part, text)
    answer = send(clerk, stream.getvalue(), name="名单.xlsx")
    assert state_of(1) == BatchState.REFUSED
    assert "超过上限 200 列" in words(answer)
    assert uploads(app) == []


def test_no_file_and_a_year_to_come_are_said_at_their_fields(clerk: FlaskClient) -> None:
    missing = post(clerk, "/imports", {"year": "2021"}, page="/imports/new")
    assert (missing.status_code, "请选择要上传的文件" in words(missing)) == (422, True)
    late = send(clerk, listed([GOOD]), year="2022")
    assert (late.status_code, "年度须在 2011 至 2021 之间" in words(late)) == (422, True)


def test_a_batch_given_up_leaves_no_file_and_no_rows(clerk: FlaskClient, app: Flask) -> None:
    send(clerk, listed([GOOD]))
    post(clerk, "/imports/1/discarding")
    assert "已放弃，没有导入任何内容" in words(clerk.get("/imports/1"))
    assert (stored(ImportRow), uploads(app)) == ([], [])


def test_a_conflict_is_named_and_the_batch_can_be_checked_again(clerk: FlaskClient, world: World) -> None:
    send(clerk, listed([GOOD]))
    world.firm(GOOD[0], credit_code=GOOD[1])
    db.session.commit()
    post(clerk, "/imports/1/application")
    shown = clerk.get("/imports/1")
    assert "第 2 行涉及的企业又有变动，整批没有导入任何内容" in words(shown)
    assert state_of(1) == BatchState.CHECKED
    post(clerk, "/imports/1/check")
    assert cards(clerk.get("/imports/1"))["变更"] == "1"


def test_another_office_finds_no_such_batch(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    send(client, listed([GOOD]))
    post(client, "/sign-out")
    sign_in(client, "lufeng")
    answers = [client.get(f"/imports/1{tail}").status_code for tail in ("", "/progress", "/undoing")]
    answers += [
        post(client, f"/imports/1/{tail}").status_code
        for tail in ("application", "check", "undoing", "discarding", "errors")
    ]
    assert answers == [404] * 8
    assert "还没有导入过名单" in words(client.get("/imports"))


@pytest.mark.parametrize("username", ["industry", "leader", "auditor", "statistics"])
def test_who_only_reads_cannot_upload(client: FlaskClient, world: World, username: str) -> None:
    sign_in(client, username)
    assert client.get("/imports").status_code == 200
    assert client.get("/imports/new").status_code == 403


def test_the_city_office_sees_all_batches_and_changes_none_of_a_county(client: FlaskClient, world: World) -> None:
    sign_in(client, "haifeng")
    send(client, listed([GOOD]))
    post(client, "/sign-out")
    sign_in(client, "cityoffice")
    shown = client.get("/imports/1")
    assert (shown.status_code, [b for b in buttons(shown) if b.startswith("确认")]) == (200, [])
    assert post(client, "/imports/1/application").status_code == 404


def test_progress_is_told_as_json(clerk: FlaskClient, world: World) -> None:
    batch = _waiting(world)
    batch.state, batch.done, batch.total = BatchState.CHECKING, 4200, 100_000
    services.enlist(Lane.SHORT, "here", 1)
    db.session.commit()
    assert clerk.get(f"/imports/{batch.id}/progress").get_json() == {
        "done": 4200, "total": 100_000, "text": "校验中：4,200 / 100,000 行", "finished": False,
    }  # fmt: skip
    page = clerk.get(f"/imports/{batch.id}").get_data(as_text=True)
    assert ('http-equiv="refresh"' in page, f'data-progress-url="/imports/{batch.id}/progress"' in page) == (True, True)


def test_a_list_of_ten_times_a_page_is_paged_and_searched(clerk: FlaskClient) -> None:
    rows = [(f"海丰县梅陇第{n}科技有限公司", credit_code(100 + n), ADDRESS) for n in range(45)]
    shown = send(clerk, listed(rows))
    assert (len(table(shown)), "共 45 条" in words(shown)) == (20, True)
    assert [row[0] for row in table(clerk.get("/imports/1?kind=new&page=3"))] == ["42", "43", "44", "45", "46"]
    assert [row[0] for row in table(clerk.get("/imports/1?q=第44科技"))] == ["46"]
    assert "没有这样的行" in words(clerk.get("/imports/1?kind=faulty"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_batches_asks_the_same_whatever_its_length(
    clerk: FlaskClient, app: Flask, world: World, count: int
) -> None:
    for _ in range(count):
        _waiting(world)
    db.session.commit()
    clerk.get("/imports")
    with queries_counted(app) as seen:
        shown = clerk.get("/imports")
    assert (len(table(shown)), len(seen)) == (count, 5)


@pytest.mark.parametrize("count", [1, 3])
def test_the_rows_of_a_batch_ask_the_same_whatever_their_number(clerk: FlaskClient, app: Flask, count: int) -> None:
    send(clerk, listed([(f"海丰县梅陇第{n}科技有限公司", credit_code(50 + n), ADDRESS) for n in range(count)]))
    with queries_counted(app) as seen:
        shown = clerk.get("/imports/1")
    assert (len(table(shown)), len(seen)) == (count, 10)


def _waiting(world: World) -> ImportBatch:
    office = people.user("haifeng").office
    kept = batches.StoredUpload("", "0" * 64)
    return batches.receive(world.actor("haifeng"), office, kept, filename="海丰名单.xlsx", year=2021, at=NOW)


def test_a_figure_that_looks_odd_names_its_cause_and_is_written_only_after_a_tick(
    clerk: FlaskClient, world: World
) -> None:
    firm = world.firm(credit_code=credit_code(1))
    world.figure(firm, "1204", period="2021-08")
    db.session.commit()
    headings = ("企业名称", "统一社会信用代码", "本年累计营业收入(万元)", "截至月份")
    shown = send(clerk, listed([(firm.name, firm.credit_code, "12750000", "9")], headings))
    told = words(shown)
    assert "约为按 2021-08 的 1,204.00 万元 推算的一万倍，像是把元当成了万元" in told
    assert "1 行存疑：" in told
    unticked = post(clerk, "/imports/1/application")
    assert (unticked.status_code, state_of(1)) == (422, BatchState.CHECKED)
    post(clerk, "/imports/1/application", {"checked": "y", "reason": "已与企业核对"})
    assert state_of(1) == BatchState.APPLIED


@pytest.mark.parametrize("heading", ["联网直报营业收入(万元)", "F203本年累计(万元)"])
def test_a_table_of_the_direct_reporting_system_is_refused_with_the_law(clerk: FlaskClient, heading: str) -> None:
    refused = words(send(clerk, listed([(GOOD[0], GOOD[1], "1500")], ("企业名称", "统一社会信用代码", heading))))
    assert "不接收统计联网直报数据" in refused
    assert "《统计法》" in refused
    assert stored(Firm) == []


def test_a_file_named_after_the_direct_reporting_system_is_refused(clerk: FlaskClient) -> None:
    assert "不接收统计联网直报数据" in words(send(clerk, listed([GOOD]), name="直报平台导出.csv"))
