"""One file is one paper of one kind and period, or several on pages of their own."""

from __future__ import annotations

import pytest

from registry.base.errors import FieldError
from registry.base.periods import Period
from registry.base.vocabulary import FigureSource
from registry.documents.rules import FiledAs, clash, pages_of
from registry.documents.services import attachments
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from tests.world import NOW, TODAY, World

SCAN = b"%PDF-1.4 several papers in one"


@pytest.mark.parametrize(
    "text, pages",
    [("", set()), ("3", {3}), ("1-3, 5", {1, 2, 3, 5}), ("1至2、4", {1, 2, 4}), ("2～2".replace("～", "~"), {2})],
)
def test_pages_are_read_as_people_write_them(text: str, pages: set[int]) -> None:
    assert pages_of(text) == pages


@pytest.mark.parametrize("text", ["x", "3-1", "0", "1-", "1,,2"])
def test_what_is_no_page_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        pages_of(text)


@pytest.mark.parametrize(
    "one, other, clashes",
    [
        (FiledAs("M04", (2021, 8)), FiledAs("M04", (2021, 8)), False),
        (FiledAs("M04", (2021, 8)), FiledAs("M04", (2021, 1)), True),
        (FiledAs("M04", (2021, 8)), FiledAs("M05", (2021, 8)), True),
        (FiledAs("M04", (2021, 8)), FiledAs("M04", None), False),
        (FiledAs("M03", None), FiledAs("M02", None), True),
        (FiledAs("M04", (2021, 8), "1-2"), FiledAs("M05", (2021, 8), "3"), False),
        (FiledAs("M04", (2021, 8), "1-3"), FiledAs("M05", (2021, 8), "3"), True),
        (FiledAs("M04", (2021, 8), "1-2"), FiledAs("M05", (2021, 8)), True),
    ],
)
def test_the_same_pages_never_prove_two_kinds_or_two_periods(one: FiledAs, other: FiledAs, clashes: bool) -> None:
    assert clash(one, other) is clashes


def attach(world: World, firm: Firm, material: str = "M04", month: int | None = 8, **more: object) -> object:
    year = 2021 if month else None
    return attachments.attach(
        world.actor("haifeng"), firm, filename="扫描.pdf", content=SCAN, material=material, at=NOW, year=year,
        month=month, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_same_bytes_are_refused_as_another_paper_and_the_sentence_names_the_first(world: World) -> None:
    firm = world.firm()
    attach(world, firm)
    for material, month in (("M05", 8), ("M04", 1)):
        with pytest.raises(FieldError) as refused:
            attach(world, firm, material, month)
        assert refused.value.field == "file"
        assert str(refused.value).startswith("内容完全相同的文件已作为 M04 2021-08 上传")
    attach(world, firm)  # the same paper once more is no other


def test_a_scan_of_several_papers_names_its_pages(world: World) -> None:
    firm = world.firm()
    attach(world, firm, pages="1-2")
    attach(world, firm, "M05", pages="3")
    with pytest.raises(FieldError):
        attach(world, firm, "M15", pages="2-3")


def test_a_void_paper_and_another_firms_stand_in_nobodys_way(world: World) -> None:
    firm, other = world.firm(), world.firm("海丰县鹿境软件有限公司")
    paper = attach(world, firm)
    attach(world, other, "M05")
    attachments.void(world.actor("haifeng"), firm, paper, at=NOW, on=TODAY, reason="种类选错")  # type: ignore[arg-type]
    attach(world, firm, "M05")


def test_a_paper_without_a_period_cannot_become_that_of_a_second_one(world: World) -> None:
    firm = world.firm()
    attach(world, firm)
    kept = attach(world, firm, month=None)
    with pytest.raises(FieldError) as refused:
        recording.record(
            world.actor("haifeng"), firm, Period(2021, 7), 15_000_000, source=FigureSource.INCOME_STATEMENT,  # type: ignore[arg-type]
            document=kept, at=NOW, on=TODAY,
        )  # fmt: skip
    assert refused.value.field == "document"


def test_a_statement_of_every_month_proves_each_of_its_months_and_no_other(world: World) -> None:
    firm = world.firm()
    attach(world, firm, month=9, first_month=7)
    for month, proven in ((8, True), (6, False)):
        recording.record(
            world.actor("haifeng"), firm, Period(2021, month), 10_000_000 + month, source=FigureSource.WORKBOOK,  # type: ignore[arg-type]
            document=None, at=NOW, on=TODAY,
        )  # fmt: skip
        assert (firm.to_month, firm.unproven == "") == (8, True) or not proven
