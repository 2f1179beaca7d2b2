"""A paper put into its own row, on whatever page the row stands."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.base.extensions import db
from registry.documents.models import Document
from registry.documents.queries import documents
from registry.firms.models.firms import Firm
from tests.world import World, post, sign_in, signed_in


def files(*given: tuple[bytes, str]) -> dict[str, Any]:
    return {"file": [(BytesIO(content), name) for content, name in given]}


def kept(firm_id: int) -> list[tuple[str, int | None, int | None, str]]:
    db.session.rollback()
    rows: list[Document] = documents.documents_of(db.session.get_one(Firm, firm_id))
    return sorted((row.material, row.year, row.month, row.filename) for row in rows if row.material != "M04")


@pytest.fixture
def listed(world: World) -> int:
    firm = world.admitted()
    db.session.commit()
    return firm.id


def test_a_file_is_filed_as_the_paper_and_the_period_of_the_row_and_leads_back(
    client: FlaskClient, listed: int
) -> None:
    sign_in(client, "haifeng")
    back = f"/firms/{listed}?x=1#paper-M05"
    answer = post(
        client, f"/firms/{listed}/papers/M05/2021-09", files((b"%PDF-1.4 tax", "申报表.pdf")) | {"next": back}
    )
    assert (answer.status_code, answer.location) == (302, back)
    post(client, f"/firms/{listed}/papers/M03/any", files((b"%PDF-1.4 a", "执照.pdf"), (b"%PDF-1.4 b", "反面.pdf")))
    assert kept(listed) == [
        ("M03", None, None, "反面.pdf"), ("M03", None, None, "执照.pdf"), ("M05", 2021, 9, "申报表.pdf"),
    ]  # fmt: skip
    assert "已上传营业执照（证书）复印件 2 份。" in client.get(f"/firms/{listed}").get_data(as_text=True)


def test_several_files_are_taken_all_or_none_and_the_reason_is_told(client: FlaskClient, listed: int) -> None:
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{listed}/papers/M03/any", files((b"%PDF-1.4 a", "执照.pdf"), (b"<html>", "坏.pdf")))
    assert (answer.status_code, kept(listed)) == (302, [])
    assert "“坏.pdf”没有收下，其余的也没有：" in client.get(f"/firms/{listed}").get_data(as_text=True)
    post(client, f"/firms/{listed}/papers/M03/any", {"file": (BytesIO(b""), "")})
    assert "请选择要上传的文件" in client.get(f"/firms/{listed}").get_data(as_text=True)


@pytest.mark.parametrize("to", ["https://example.org/", "//example.org", "/\\example.org", ""])
def test_nobody_is_led_out_of_the_house(client: FlaskClient, listed: int, to: str) -> None:
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{listed}/papers/M03/any", files((b"%PDF-1.4 a", "执照.pdf")) | {"next": to})
    assert answer.location == f"/firms/{listed}/documents"


@pytest.mark.parametrize("place", ["M99/any", "M03/2021-13", "M03/last", "M05/1821-09"])
def test_a_paper_or_a_period_that_is_none_is_not_there(client: FlaskClient, listed: int, place: str) -> None:
    sign_in(client, "haifeng")
    answer = post(client, f"/firms/{listed}/papers/{place}", files((b"%PDF-1.4 a", "执照.pdf")))
    assert (answer.status_code, kept(listed)) == (404, [])


@pytest.mark.parametrize("username", ["lufeng", "market", "statistics", "leader", "auditor"])
def test_who_does_not_keep_the_firm_brings_none_of_its_papers(app: Flask, listed: int, username: str) -> None:
    client = signed_in(app, username)
    answer = post(client, f"/firms/{listed}/papers/M03/any", files((b"%PDF-1.4 a", "执照.pdf")))
    assert (answer.status_code, kept(listed)) == (404, [])
