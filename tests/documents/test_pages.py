"""The pages of papers: upload, list, download as an attachment, void."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from registry.base.extensions import db
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.documents.services import attachments
from registry.firms.models.firms import Firm
from tests.dossier.test_pages import text_of
from tests.world import NOW, World, post, sign_in

PDF = b"%PDF-1.4 invented"


def typed(content: bytes = PDF, name: str = "营业执照.pdf", **changes: Any) -> dict[str, Any]:
    return {"material": "M03", "year": "", "month": "", "file": (BytesIO(content), name)} | changes


def papers_of(firm_id: int) -> list[Document]:
    db.session.rollback()
    return documents.documents_of(db.session.get_one(Firm, firm_id))


@pytest.fixture
def listed(world: World) -> int:
    firm = world.admitted()
    db.session.commit()
    return firm.id


def test_a_paper_is_uploaded_and_shown_under_its_material(client: FlaskClient, listed: int) -> None:
    sign_in(client, "haifeng")
    assert post(client, f"/firms/{listed}/documents/new", typed()).status_code == 302
    assert "营业执照（证书）复印件 -- 营业执照.pdf 17 Bytes 海丰县 陈晓" in text_of(
        client.get(f"/firms/{listed}/documents")
    )
    assert "待核对印章 不限期 待核对 营业执照.pdf" in text_of(client.get(f"/firms/{listed}/papers"))


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"material": ""}, "材料种类：请选择材料种类。"),
        ({"material": "M99"}, "材料种类："),
        ({"file": (BytesIO(b""), "")}, "文件：请选择要上传的文件。"),
        ({"file": (BytesIO(b""), "空.pdf")}, "文件：文件是空的，请重新选择。"),
        ({"file": (BytesIO(b"<html>"), "执照.pdf")}, "文件：只接受 PDF、PNG、JPG、XLSX 文件"),
        ({"month": "9"}, "所属年份：请选择所属年份。"),
    ],
)
def test_a_paper_that_cannot_be_kept_is_refused_with_the_reason(
    client: FlaskClient, listed: int, change: dict[str, Any], sentence: str
) -> None:
    before = len(papers_of(listed))
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{listed}/documents/new", typed(**change))
    assert (answer.status_code, sentence in text_of(answer), len(papers_of(listed))) == (422, True, before)


def test_a_paper_comes_back_as_an_attachment_that_no_browser_opens(
    client: FlaskClient, world: World, listed: int
) -> None:
    firm = db.session.get_one(Firm, listed)
    evil = b"%PDF-1.4 <script>alert(1)</script>"
    paper = attachments.attach(
        world.actor("haifeng"), firm, filename='利润表".pdf\r\nX: y', content=evil, material="M04", at=NOW
    )
    db.session.commit()
    sign_in(client, "industry")
    answer = client.get(f"/documents/{paper.id}")
    assert (answer.status_code, answer.data) == (200, evil)
    kept = {
        name: answer.headers[name] for name in ("X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")
    }
    assert kept == {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    assert answer.headers["Content-Type"] == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert quote("利润表") in disposition
    assert not {'"\r', "\r", "\n"} & set(disposition)


def test_another_countys_paper_is_not_there(client: FlaskClient, listed: int) -> None:
    paper = papers_of(listed)[0].id
    db.session.rollback()
    for username in ("lufeng", "market", "sysadmin"):
        other = client.application.test_client()
        sign_in(other, username)
        assert (username, other.get(f"/documents/{paper}").status_code) == (username, 404)


def test_a_paper_whose_file_is_gone_is_a_404_and_no_crash(client: FlaskClient, listed: int) -> None:
    paper = papers_of(listed)[0]
    attachments.path_of(paper).unlink()
    paper_id = paper.id
    db.session.rollback()
    sign_in(client, "haifeng")
    assert client.get(f"/documents/{paper_id}").status_code == 404


def test_a_void_paper_stays_in_the_list_with_its_reason_and_proves_nothing(client: FlaskClient, listed: int) -> None:
    paper = papers_of(listed)[0].id
    db.session.rollback()
    sign_in(client, "haifeng")
    path = f"/firms/{listed}/documents/{paper}/void"
    assert "利润表.pdf" in text_of(client.get(path))
    assert post(client, path, {"reason": ""}).status_code == 422
    assert post(client, path, {"reason": "盖章不全"}).status_code == 302
    assert "已作废 盖章不全" in text_of(client.get(f"/firms/{listed}/documents"))
    page = text_of(client.get(f"/firms/{listed}"))
    assert "缺 营业收入（2021-09，利润表）没有同期利润表等凭证，属未证数" in page
    assert "凭证已作废" in text_of(client.get(f"/firms/{listed}/figures"))
    assert client.get(f"/documents/{paper}", buffered=True).data == b"%PDF-1.4 invented M04 2021-9"
    assert post(client, path, {"reason": "再次"}).status_code == 404


def test_a_paper_is_voided_by_the_office_that_gave_it_and_under_its_own_firm(
    client: FlaskClient, world: World, listed: int
) -> None:
    other = world.admitted("海丰县鹿境软件有限公司")
    db.session.commit()
    foreign, own = papers_of(other.id)[0].id, papers_of(listed)[0].id
    db.session.rollback()
    sign_in(client, "haifeng")
    assert post(client, f"/firms/{listed}/documents/{foreign}/void", {"reason": "x"}).status_code == 404
    bureau = client.application.test_client()
    sign_in(bureau, "industry")
    assert post(bureau, f"/firms/{listed}/documents/{own}/void", {"reason": "x"}).status_code == 404
    assert [paper.voided_at for paper in (*papers_of(listed), *papers_of(other.id))] == [None, None]


def test_a_reader_finds_the_list_and_no_way_to_change_it(client: FlaskClient, listed: int) -> None:
    sign_in(client, "leader")
    page = client.get(f"/firms/{listed}/documents").get_data(as_text=True)
    assert ("利润表.pdf" in page, "/void" in page, "/documents/new" in page) == (True, False, False)
    assert client.get(f"/firms/{listed}/documents/new").status_code == 404
