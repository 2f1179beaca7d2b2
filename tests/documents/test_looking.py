"""A paper is looked at in the page, beside the figures of its period; a browser never gets it as a thing that runs."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from registry.base.errors import FileRefused
from registry.base.extensions import db
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.sheets import drawing
from tests.dossier.test_pages import text_of
from tests.world import NOW, World, sign_in, signed_in


def scan(pages: int) -> bytes:
    """A PDF of so many empty pages of A4."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def locked() -> bytes:
    """A PDF whose password nobody knows: what it is checked against is made up."""
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>",
    )
    body, table = "%PDF-1.4\n", ""
    for number, text in enumerate(objects, start=1):
        table += f"{len(body):010d} 00000 n \n"
        body += f"{number} 0 obj\n{text}\nendobj\n"
    end = f"trailer << /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<{'43' * 16}> <{'43' * 16}>] >>\n"
    return f"{body}xref\n0 5\n0000000000 65535 f \n{table}{end}startxref\n{len(body)}\n%%EOF\n".encode()


def photo() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 6), "white").save(kept, "PNG")
    return kept.getvalue()


def kept(world: World, content: bytes, name: str = "利润表.pdf", **more: object) -> Document:
    firm = world.admitted(wan="1200")
    document = attachments.attach(
        world.actor("haifeng"), firm, filename=name, content=content, material="M04", at=NOW, year=2021, month=9,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    db.session.commit()
    return document


def test_a_page_is_drawn_and_a_page_too_many_is_not_there(client: FlaskClient, world: World) -> None:
    number = kept(world, scan(3)).id
    sign_in(client, "haifeng")
    drawn = client.get(f"/documents/{number}/pages/2")
    assert (drawn.status_code, drawn.mimetype) == (200, "image/png")
    with Image.open(io.BytesIO(drawn.get_data())) as picture:
        assert picture.width == drawing.WIDTH
    assert {page: client.get(f"/documents/{number}/pages/{page}").status_code for page in (0, 4)} == {0: 404, 4: 404}


def test_what_the_browser_gets_can_run_nothing(client: FlaskClient, world: World) -> None:
    number = kept(world, scan(1)).id
    sign_in(client, "haifeng")
    for path in (f"/documents/{number}/pages/1", f"/documents/{number}"):
        headers = client.get(path).headers
        assert (headers["Content-Security-Policy"], headers["X-Content-Type-Options"]) == (
            "sandbox; default-src 'none'", "nosniff",
        )  # fmt: skip
    assert client.get(f"/documents/{number}").headers["Content-Disposition"].startswith("attachment")


def test_the_figure_that_rests_on_it_stands_beside_it(client: FlaskClient, world: World) -> None:
    number = kept(world, scan(2), pages="2").id
    sign_in(client, "industry")
    page = text_of(client.get(f"/documents/{number}/look"))
    assert "第 2 页，共 2 页" in page
    assert "2021-09 营业收入 1,200.00 万元" in page
    assert "本页属于同一文件里的其他材料" in text_of(client.get(f"/documents/{number}/look?page=1"))


@pytest.mark.parametrize(
    "name, content, said",
    [
        ("坏.pdf", b"%PDF-1.4 invented", "该文件不能在网页显示，请下载查看。"),
        ("照片.png", photo(), "第 1 页，共 1 页"),
    ],
)
def test_what_cannot_be_drawn_is_said_and_a_picture_is_shown(
    client: FlaskClient, world: World, name: str, content: bytes, said: str
) -> None:
    number = kept(world, content, name).id
    sign_in(client, "haifeng")
    answer = client.get(f"/documents/{number}/look")
    assert (answer.status_code, said in text_of(answer)) == (200, True)
    picture = client.get(f"/documents/{number}/pages/1")
    assert (picture.status_code, picture.mimetype) in ((404, "text/html"), (200, "image/png"))


def test_another_county_sees_neither_the_page_nor_the_picture(app: Flask, world: World) -> None:
    number = kept(world, scan(1)).id
    client = signed_in(app, "lufeng")
    paths = (f"/documents/{number}/look", f"/documents/{number}/pages/1")
    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_a_locked_paper_says_so(tmp_path: Path) -> None:
    path = tmp_path / "锁.pdf"
    path.write_bytes(locked())
    with pytest.raises(FileRefused) as refused:
        drawing.count_pages(path)
    assert "设有密码" in str(refused.value)


def test_an_absurd_page_is_drawn_no_larger_than_it_may_be(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(1, 14_400)
    path = tmp_path / "长.pdf"
    document.save(path)
    with Image.open(io.BytesIO(drawing.draw(path, 1).png)) as picture:
        assert picture.height <= drawing.HEIGHT_MOST
