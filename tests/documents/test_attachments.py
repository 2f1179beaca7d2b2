"""Papers: known by their content, kept under a random name, void and never deleted."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from registry.base.errors import FILE_MACRO, FieldError, ReasonNeeded
from registry.base.extensions import db, setting
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.firms.models.firms import Firm
from tests import books
from tests.world import NOW, TODAY, World

PDF = b"%PDF-1.4 invented"
SHEET = books.good_sheet()
MACRO_TYPES = str(books.parts({"1月": SHEET})["[Content_Types].xml"]).replace(
    "application/xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
)


def packed(contents: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts, as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        return books.write_parts(Path(folder) / "x.zip", contents).read_bytes()


def workbook() -> bytes:
    return packed(books.parts({"1月": SHEET}))


def attach(world: World, firm: Firm, *, filename: str = "利润表.pdf", content: bytes = PDF) -> Document:
    return attachments.attach(
        world.actor("haifeng"), firm, filename=filename, content=content, material="M04", at=NOW, year=2021, month=9
    )


def files() -> list[Path]:
    folder: Path = setting("FILES")
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_paper_is_kept_whole_under_a_name_nobody_can_guess(world: World) -> None:
    document = attach(world, world.firm())
    db.session.commit()
    assert attachments.path_of(document).read_bytes() == PDF
    assert (document.sha256, document.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert (len(document.stored_name), "利润表" in document.stored_name) == (52, False)


@pytest.mark.parametrize(
    "content, ending",
    [
        (b"%PDF-1.7 x", ".pdf"),
        (b"\x89PNG\r\n\x1a\nx", ".png"),
        (b"\xff\xd8\xff\xe0x", ".jpg"),
        (workbook(), ".xlsx"),
    ],
)
def test_the_content_decides_what_a_paper_is_and_how_its_name_ends(world: World, content: bytes, ending: str) -> None:
    assert attach(world, world.firm(), filename="证明.exe", content=content).filename == "证明" + ending


@pytest.mark.parametrize(
    "content",
    [
        b"", b"MZ\x90\x00", b"<html><script>", b" %PDF-1.4", b"GIF89a", b"PK\x03\x04....xl/workbook.xml",
        packed({"word/document.xml": "<w/>", "[Content_Types].xml": "<Types/>"}),
        packed({"META-INF/MANIFEST.MF": "Main-Class: X", "X.class": "\xca\xfe"}),
        packed({"META-INF/MANIFEST.MF": "Main-Class: X", "xl/workbook.xml.class": "x"}),
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_nothing_is_kept(world: World, content: bytes) -> None:
    with pytest.raises(FieldError) as refused:
        attach(world, world.firm(), filename="利润表.pdf", content=content)
    assert (refused.value.field, files()) == ("file", [])


def test_a_workbook_with_macros_is_refused_under_whatever_name(world: World) -> None:
    for other in ({"xl/vbaProject.bin": "x"}, {"[Content_Types].xml": MACRO_TYPES}):
        with pytest.raises(FieldError) as refused:
            attach(
                world, world.firm(), filename="利润表.xlsx", content=packed({**books.parts({"1月": SHEET}), **other})
            )
        assert (refused.value.field, refused.value.template) == ("file", FILE_MACRO)


def test_more_than_twenty_megabytes_are_refused(world: World) -> None:
    with pytest.raises(FieldError):
        attach(world, world.firm(), content=PDF + b" " * (20 * 1024 * 1024))


@pytest.mark.parametrize(
    "given, shown",
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\财务\\利润表.pdf", "利润表.pdf"),
        ("", "document.pdf"),
        ("利润表\r\nX-Evil: 1.pdf", "利润表X-Evil 1.pdf"),
    ],
)
def test_a_file_name_loses_its_path_and_whatever_could_break_a_header(world: World, given: str, shown: str) -> None:
    assert attach(world, world.firm(), filename=given).filename == shown


def test_a_paper_that_was_not_committed_leaves_no_file_behind(world: World) -> None:
    firm = world.firm()
    kept = attach(world, firm)
    db.session.commit()
    attach(world, firm)
    assert len(files()) == 2
    db.session.rollback()
    assert files() == [attachments.path_of(kept)]


def test_a_void_paper_stays_with_its_reason_and_is_not_voided_twice(world: World) -> None:
    firm = world.firm()
    document, clerk = attach(world, firm), world.actor("haifeng")
    with pytest.raises(ReasonNeeded):
        attachments.void(clerk, firm, document, at=NOW, on=TODAY, reason=" ")
    attachments.void(clerk, firm, document, at=NOW, on=TODAY, reason="盖章不全")
    with pytest.raises(FieldError):
        attachments.void(clerk, firm, document, at=NOW, on=TODAY, reason="再次作废")
    assert (document.void_reason, attachments.path_of(document).is_file()) == ("盖章不全", True)
