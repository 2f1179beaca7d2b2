"""Papers in bulk: a zip is matched to firms and periods, shown, put right by hand, filed, or given up."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from registry.base.extensions import db
from registry.bundles import rules
from registry.bundles.models import BundleFile, DocumentBundle
from registry.demo.papers import written
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.firms.models.firms import Firm
from tests.dossier.test_pages import text_of
from tests.world import NOW, World, post, sign_in, signed_in

NAMES = ("海丰县云谷软件有限公司", "海丰县星河数据有限公司")


def zipped(files: dict[str, bytes], *, gbk: bool = False) -> bytes:
    """As archives made under Chinese Windows are, if asked: GBK bytes, and no word of it."""
    kept = io.BytesIO()
    names = {("x" * len(name.encode("gb18030")) if gbk else name): name for name in files}
    with zipfile.ZipFile(kept, "w") as archive:
        for shown, name in names.items():
            archive.writestr(shown, files[name])
    content = kept.getvalue()
    for shown, name in names.items() if gbk else ():
        content = content.replace(shown.encode(), name.encode("gb18030"))
    return content


def paper(number: int) -> bytes:
    return written(f"paper {number}")


@pytest.fixture
def firms(world: World) -> list[Firm]:
    """Two firms of one county whose September figures rest on nothing but a workbook."""
    made = [world.admitted(name) for name in NAMES]
    world.admitted("陆丰市碧海检测有限公司", by="lufeng")
    db.session.commit()
    return made


def bring(client: FlaskClient, *uploads: tuple[bytes, str]) -> Any:
    return post(
        client, "/bundles", {"files": [(io.BytesIO(content), name) for content, name in uploads]}, page="/bundles"
    )


def fields_of(page: str) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    tree: Any = html.fromstring(page)
    (form,) = [one for one in tree.forms if one.xpath(".//button[@name='file']")]
    return {name: value for name, value in form.form_values() if name not in ("csrf_token", "form_key")}


def documents_of(firm_id: int) -> list[tuple[str, int | None, int | None, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Document).where(Document.firm_id == firm_id, Document.filename.contains("M0")))
    return [(row.material, row.year, row.month, row.filename) for row in rows]


def test_a_zip_is_matched_shown_and_filed_in_one_press(client: FlaskClient, firms: list[Firm]) -> None:
    code, ids = firms[0].credit_code, [firm.id for firm in firms]
    sign_in(client, "haifeng")
    archive = zipped(
        {
            f"{code}_M04_2021-08.pdf": paper(1),
            f"{NAMES[1]}/2021-08/M05.pdf": paper(2),
            "__MACOSX/._x": b"noise",
        }
    )
    sent = bring(client, (archive, "八月.zip"))
    assert sent.status_code == 302
    page = client.get(sent.location).get_data(as_text=True)
    assert "共 2 个文件，可以归档 2 份，待核对 0 份" in text_of(client.get(sent.location))
    assert documents_of(ids[0]) == []
    filed = post(client, sent.location, fields_of(page) | {"file": "1"}, page=sent.location)
    assert filed.status_code == 302
    assert documents_of(ids[0]) == [("M04", 2021, 8, f"{code}_M04_2021-08.pdf")]
    assert documents_of(ids[1]) == [("M05", 2021, 8, "M05.pdf")]
    assert "已归档" in text_of(client.get(sent.location))
    again = post(client, sent.location, {"file": "1", "version": "2"}, page="/bundles")
    assert (again.status_code, len(documents_of(ids[0]))) == (200, 1)


def test_names_in_gbk_are_read(client: FlaskClient, firms: list[Firm]) -> None:
    sign_in(client, "haifeng")
    sent = bring(client, (zipped({f"{NAMES[0]}_利润表_2021-08.pdf": paper(1)}, gbk=True), "a.zip"))
    assert "可以归档 1 份" in text_of(client.get(sent.location))


def test_what_a_name_does_not_say_is_asked_and_typed(client: FlaskClient, firms: list[Firm]) -> None:
    ids = [firm.id for firm in firms]
    sign_in(client, "haifeng")
    sent = bring(client, (paper(1), "扫描M0件.pdf"), (b"<html>", "网页.htm"))
    said = text_of(client.get(sent.location))
    assert "请填企业的统一社会信用代码或全称" in said
    assert "没有收下" in said
    assert "只接受 PDF、PNG、JPG、XLSX 文件" in said
    fields = fields_of(client.get(sent.location).get_data(as_text=True))
    refused = post(client, sent.location, fields | {"file": "1"}, page=sent.location)
    assert (refused.status_code, "还有 1 份勾选的材料没有核对好" in text_of(refused)) == (422, True)
    fields = fields_of(refused.get_data(as_text=True))
    key = next(name.removeprefix("firm_") for name in fields if name.startswith("firm_"))
    typed = fields | {f"firm_{key}": NAMES[1], f"material_{key}": "M04", f"period_{key}": "2021年8月"}
    wrong = post(client, sent.location, typed | {f"period_{key}": "八月"}, page=sent.location)
    assert (wrong.status_code, "期别请写成 2021-09" in text_of(wrong)) == (422, True)
    assert post(client, sent.location, typed | {"file": "1"}, page=sent.location).status_code == 302
    assert documents_of(ids[1]) == [("M04", 2021, 8, "扫描M0件.pdf")]


def test_a_code_and_a_name_that_disagree_are_left_to_a_person(client: FlaskClient, firms: list[Firm]) -> None:
    code = firms[0].credit_code
    sign_in(client, "haifeng")
    sent = bring(
        client, (paper(1), f"{code}{NAMES[1]}_M04_2021-08.pdf"), (paper(2), f"{code} {NAMES[1]} M05 2021-08.pdf")
    )
    assert "不是同一家" in text_of(client.get(sent.location))


def test_another_offices_firm_is_not_found_by_its_code(client: FlaskClient, world: World, firms: list[Firm]) -> None:
    code = db.session.scalars(select(Firm.credit_code).where(Firm.name.startswith("陆丰市"))).one()
    sign_in(client, "haifeng")
    sent = bring(client, (paper(1), f"{code}_M04_2021-08.pdf"))
    said = text_of(client.get(sent.location))
    assert ("本单位没有" in said, "碧海" in said) == (True, False)


def test_the_same_paper_twice_and_as_two_kinds_is_said(client: FlaskClient, world: World, firms: list[Firm]) -> None:
    attachments.attach(
        world.actor("haifeng"),
        firms[0],
        filename="M04.pdf",
        content=paper(9),
        material="M04",
        at=NOW,
        year=2021,
        month=8,
    )
    db.session.commit()
    code = firms[0].credit_code
    sign_in(client, "haifeng")
    sent = bring(
        client,
        (paper(9), f"{code}_M04_2021-08.pdf"),
        (paper(1), f"{code}_M04_2021-07.pdf"),
        (paper(1), f"{code}_M05_2021-07.pdf"),
    )
    said = text_of(client.get(sent.location))
    assert ("已经归到该企业的同一材料、同一期" in said, "却要归成另一种材料或另一期" in said) == (True, True)


def test_what_is_given_up_leaves_no_file(client: FlaskClient, app: Flask, firms: list[Firm]) -> None:
    sign_in(client, "haifeng")
    sent = bring(client, (paper(1), "扫描件.pdf"))
    row = db.session.scalars(select(BundleFile)).one()
    path = attachments.path(row.stored_name or "")
    assert path.is_file()
    picture = client.get(f"{sent.location}/files/{row.id}/pages/1")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    asked = client.get(f"{sent.location}/give-up")
    assert "1 个文件将被删除" in text_of(asked)
    assert path.is_file()
    assert post(client, f"{sent.location}/give-up", page=sent.location).status_code == 302
    assert not path.exists()
    assert client.get(f"{sent.location}/files/{row.id}/pages/1").status_code == 404


def kept_files() -> set[Path]:
    return set(attachments.path("x").parent.iterdir())


@pytest.mark.parametrize(
    "upload, sentence",
    [
        ((b"", ""), "请选择要上传的文件"),
        ((b"PK\x03\x04broken", "坏.zip"), "压缩包打不开"),
        ((zipped({}), "空.zip"), "没有可以归集的文件"),
        ((zipped({f"{n}.pdf": b"%PDF-" for n in range(rules.LIMIT_FILES + 1)}), "多.zip"), "一次最多 500 个文件"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_whole(
    client: FlaskClient, firms: list[Firm], upload: tuple[bytes, str], sentence: str
) -> None:
    sign_in(client, "haifeng")
    before = kept_files()
    refused = bring(client, upload)
    assert (refused.status_code, sentence in text_of(refused)) == (422, True)
    assert db.session.scalars(select(DocumentBundle)).all() == []
    assert kept_files() == before


def test_whoever_is_of_another_office_sees_nothing_of_it(app: Flask, firms: list[Firm]) -> None:
    sent = bring(signed_in(app, "haifeng"), (paper(1), "扫描件.pdf"))
    answers = {name: signed_in(app, name).get(sent.location).status_code for name in ("lufeng", "industry", "leader")}
    assert answers == {"lufeng": 404, "industry": 404, "leader": 404}
    assert signed_in(app, "haifeng2").get(sent.location).status_code == 200


def test_what_is_not_ticked_stays_until_somebody_gives_it_up(client: FlaskClient, firms: list[Firm]) -> None:
    code = firms[0].credit_code
    sign_in(client, "haifeng")
    sent = bring(client, (paper(1), f"{code}_M04_2021-08.pdf"), (paper(2), "扫描件.pdf"))
    fields = fields_of(client.get(sent.location).get_data(as_text=True))
    (open_,) = [name for name, value in fields.items() if name.startswith("firm_") and not value]
    fields.pop(open_.replace("firm_", "chosen_"))
    assert post(client, sent.location, fields | {"file": "1"}, page=sent.location).status_code == 302
    said = text_of(client.get(sent.location))
    assert ("还有 1 个文件没有归档，仍留在这一批。" in said, "可以归档 0 份" in said) == (True, True)
    row = db.session.scalars(select(BundleFile).where(BundleFile.place == "扫描件.pdf")).one()
    assert attachments.path(row.stored_name or "").is_file()
    fields = fields_of(client.get(sent.location).get_data(as_text=True))
    key = str(row.id)
    later = fields | {f"firm_{key}": NAMES[1], f"material_{key}": "M03", f"chosen_{key}": "y", "file": "1"}
    assert post(client, sent.location, later, page=sent.location).status_code == 302
    assert db.session.scalars(select(DocumentBundle.outcome)).one() == "filed"


def test_a_page_that_somebody_has_changed_meanwhile_files_nothing(
    app: Flask, client: FlaskClient, firms: list[Firm]
) -> None:
    code, ids = firms[0].credit_code, [firm.id for firm in firms]
    sign_in(client, "haifeng")
    sent = bring(client, (paper(1), f"{code}_M04_2021-08.pdf"))
    seen = fields_of(client.get(sent.location).get_data(as_text=True))
    key = next(name for name in seen if name.startswith("firm_"))
    colleague = signed_in(app, "haifeng2")
    assert post(colleague, sent.location, seen | {key: NAMES[1]}, page=sent.location).status_code == 302
    stale = post(client, sent.location, seen | {"file": "1"}, page=sent.location)
    assert (stale.status_code, "刚刚被别人改过" in text_of(stale)) == (422, True)
    assert [documents_of(number) for number in ids] == [[], []]


def test_a_name_within_another_one_is_left_to_a_person(client: FlaskClient, firms: list[Firm]) -> None:
    sign_in(client, "haifeng")
    names = (
        f"{NAMES[0]}第二分公司_利润表_2021-08.pdf", f"上{NAMES[0]}_利润表_2021-08.pdf",
        f"2021年{NAMES[0]}利润表8月.pdf", f"{NAMES[0]} 2021年8月利润表.pdf",
    )  # fmt: skip
    bring(client, *((paper(place), name) for place, name in enumerate(names)))
    rows = db.session.scalars(select(BundleFile).order_by(BundleFile.number)).unique()
    assert [row.firm.name if row.firm else None for row in rows] == [None, None, NAMES[0], NAMES[0]]


def test_damaged_and_foreign_zips(client: FlaskClient, firms: list[Firm]) -> None:
    sign_in(client, "haifeng")
    good = bytearray(zipped({"利润表.pdf": paper(1) * 40}))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", paper(1) * 400)
    broken = bytearray(packed.getvalue())
    broken[60:90] = b"\xff" * 30
    assert bring(client, (bytes(broken), "坏.zip")).status_code == 422
    mac = bytes(good).replace(b"\x00\x08\x00\x00", b"\x00\x00\x00\x00")  # the mark of UTF-8 taken off
    sent = bring(client, (mac, "苹果.zip"))
    assert "利润表.pdf" in text_of(client.get(sent.location))


def test_the_same_bytes_as_another_paper_are_a_fault_of_their_row(
    client: FlaskClient, world: World, firms: list[Firm]
) -> None:
    attachments.attach(
        world.actor("haifeng"),
        firms[0],
        filename="M04.pdf",
        content=paper(9),
        material="M04",
        at=NOW,
        year=2021,
        month=8,
    )
    db.session.commit()
    code = firms[0].credit_code
    sign_in(client, "haifeng")
    sent = bring(client, (paper(9), f"{code}_M05_2021-08.pdf"), (paper(9), f"{code}_M04_2021-08.pdf"))
    said = text_of(client.get(sent.location))
    assert ("内容完全相同的文件已作为 M04 2021-08 上传" in said, "可以归档 0 份" in said) == (True, True)


def test_a_firm_that_went_to_another_office_is_shown_no_more(
    client: FlaskClient, world: World, firms: list[Firm]
) -> None:
    code = firms[0].credit_code
    sign_in(client, "haifeng")
    sent = bring(client, (paper(1), f"{code}_M04_2021-09.pdf"))
    fields = fields_of(client.get(sent.location).get_data(as_text=True))
    post(client, sent.location, fields | {"file": "1"}, page=sent.location)
    firm = db.session.scalars(select(Firm).where(Firm.credit_code == code)).one()
    firm.office = world.user("lufeng").office
    firm.division = firm.statistical_county = "441581"
    firm.name = "陆丰市改名软件有限公司"
    db.session.commit()
    said = text_of(client.get(sent.location))
    assert ("已不在本单位范围内" in said, "改名" in said) == (True, False)
