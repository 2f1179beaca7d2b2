"""A paper by GB/T 9704-2012: the measures are taken on the page that LibreOffice draws.

Where the fonts of offices are not installed others stand for them; their characters are as wide as they are high all the
same, so that lines and pages hold as many. What Word and WPS make of the file is not measured here.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from registry.papers import services as printing
from registry.papers.rules import day_of
from registry.papers.sheets.docx import read_docx, write_docx
from registry.papers.sheets.measures import CHARACTERS, LINES, TEXT_WIDTH
from registry.papers.sheets.paper import Body, Fonts, Heading, OfficialPaper, Picture, Table
from registry.papers.sheets.tables import column_widths
from registry.papers.texts import NoConverter, NotConverted
from tests.papers.rendered import MM, Page, pages_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CAUTION = "培育参考，不作统计上报依据"
PLAIN = "全市科学研究和技术服务业企业培育工作稳步推进名录库企业数量持续增长各县区认真落实培育方案要求"
FIGURES = (
    "今年以来，全市上下坚持“抓培育、促成长、扩总量”，截至2021年9月30日，名录库企业共338家，比上季度末增加26家，"
    "本年营业收入123456.78万元——同比增长12.5%，其中A档45家、B档82家，均有明确的责任单位和完成时限。"
)
PITCH = 225 / LINES
Pages = Callable[[bytes], list[Page]]


def table(rows: int) -> Table:
    return Table(
        "表1 各县（市、区）名录库情况",
        ("县（市、区）", "在库（家）", "新增（家）", "退出（家）", "达线（家）", "本年营业收入（万元）", "完成率（%）"),
        tuple((f"第{n}区", str(40 + n), str(n), "0", str(10 + n), f"{n}2,345.67", f"{60 + n}.5") for n in range(rows)),
        numeric=frozenset(range(1, 7)),
        note="注：营业收入为企业自报数。",
    )


def picture(width: int = 1400, height: int = 600) -> Picture:
    drawn = io.BytesIO()
    Image.new("RGB", (width, height), "steelblue").save(drawn, "PNG", dpi=(96, 96))
    return Picture("图1 在库企业数", drawn.getvalue(), "柱状图：各县在库企业数")


def paper(*blocks: Heading | Body | Table | Picture, signature: str = "汕尾市培育工作领导小组办公室") -> OfficialPaper:
    return OfficialPaper(
        title="关于2021年第三季度全市服务业企业\n培育工作情况的通报",
        recipients="各县（市、区）人民政府，市直有关单位：",
        blocks=blocks,
        signature=signature,
        day=date(2021, 10, 20),
        footer=CAUTION,
        sources=("数据来源：2021年第三季度冻结数据。", f"摘要（SHA-256）：{'9f86d081' * 8}"),
    )


SAMPLE = paper(
    Heading(1, "一、总体情况"), Body(FIGURES), Heading(2, "（一）规模"), Heading(3, "1.分县区"), Body(FIGURES * 2),
    table(9), Heading(1, "二、进展"), Body(FIGURES), picture(), Body(FIGURES * 2),
)  # fmt: skip


@pytest.fixture
def pages(tmp_path: Path, convert: Callable[[Path, str], Path]) -> Pages:
    def drawn(content: bytes) -> list[Page]:
        path = tmp_path / "paper.docx"
        path.write_bytes(content)
        return pages_of(convert(path, "pdf"))

    return drawn


# -- the page ---------------------------------------------------------------------------------------
@pytest.mark.office
@pytest.mark.slow
def test_a_page_has_22_lines_of_28_characters_between_its_margins(pages: Pages) -> None:
    found = pages(write_docx(paper(Body(PLAIN * 60))))
    full = found[1].lines
    assert [len(line.text) for line in full] == [CHARACTERS] * LINES
    assert {round(line.left, 1) for line in full} == {round(full[0].left, 1)}
    assert full[0].left == pytest.approx(28, abs=1)
    assert max(line.right for line in full) == pytest.approx(210 - 26, abs=1)
    pitches = [below.middle - above.middle for above, below in pairwise(full)]
    assert pitches == pytest.approx([PITCH] * (LINES - 1), abs=0.1)
    # A character of 5.6 mm stands in the middle of its line of 10.2 mm.
    assert full[0].middle - PITCH / 2 == pytest.approx(37, abs=1)
    assert full[-1].middle + PITCH / 2 == pytest.approx(297 - 35, abs=1)


@pytest.mark.office
@pytest.mark.slow
def test_title_and_headings_stand_on_the_lines_of_the_page(pages: Pages) -> None:
    blocks = (Heading(1, "一、总体情况"), Heading(2, "（一）规模"), Heading(3, "1.分县区"), Body(PLAIN * 30))
    first, second, *_ = pages(write_docx(paper(*blocks)))
    start = second.lines[0].middle
    steps = [(line.middle - start) / PITCH for line in first.lines[2:]]
    assert steps == pytest.approx([round(step) for step in steps], abs=0.1)
    assert round(steps[-1]) == LINES - 1
    assert [round(line.left - 28, 0) for line in first.lines[3:7]] == [round(2 * 156 / 28, 0)] * 4


@pytest.mark.office
@pytest.mark.slow
def test_marks_at_the_end_of_a_line_stay_inside(pages: Pages) -> None:
    lines = [line for page in pages(write_docx(paper(Body(FIGURES * 25)))) for line in page.lines]
    assert len(lines) > 2 * LINES
    assert max(line.right for line in lines) == pytest.approx(210 - 26, abs=1)


@pytest.mark.office
@pytest.mark.slow
def test_the_number_stands_outside_and_the_caution_on_every_page(pages: Pages) -> None:
    found = pages(write_docx(paper(Body(PLAIN * 40))))
    assert len(found) >= 3
    character = 14 * MM
    for number, page in enumerate(found, start=1):
        texts = [line.text for line in page.foot]
        assert texts == ([CAUTION, f"—{number}—"] if number % 2 else [f"—{number}—", CAUTION])
        line = page.foot[1 if number % 2 else 0]
        assert line.middle == pytest.approx(297 - 35 + 7, abs=1)
        if number % 2:
            assert line.right == pytest.approx(210 - 26 - character, abs=1)
        else:
            assert line.left == pytest.approx(28 + character, abs=1)


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize(
    "signature", ["汕尾市", "汕尾市培育工作领导小组办公室", "汕尾市现代服务业企业培育工作领导小组办公室"]
)
def test_the_signature_stands_over_the_middle_of_the_date(pages: Pages, signature: str) -> None:
    lines = pages(write_docx(paper(Body(PLAIN), signature=signature)))[-1].lines
    at = next(at for at, line in enumerate(lines) if line.text == signature)
    above, below = lines[at], lines[at + 1]
    assert below.text == "2021年10月20日"
    assert below.top - above.top == pytest.approx(PITCH, abs=0.1)
    assert (above.left + above.right) / 2 == pytest.approx((below.left + below.right) / 2, abs=3)
    assert max(above.right, below.right) <= 210 - 26 - 2 * 156 / 28 + 1


@pytest.mark.office
@pytest.mark.slow
def test_the_head_of_a_table_comes_again_and_the_table_is_as_wide_as_the_text(pages: Pages) -> None:
    found = pages(write_docx(paper(Body(PLAIN), table(60))))
    with_rows = [page for page in found if any(re.fullmatch(r"第\d+区.*", line.text) for line in page.lines)]
    assert len(with_rows) >= 2
    assert all(any("在库" in line.text for line in page.lines) for page in with_rows)
    assert sum(column_widths(table(60))) == TEXT_WIDTH


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("lines", [13, 14, 15, 16])
def test_titles_stay_with_their_tables_and_pictures(pages: Pages, lines: int) -> None:
    """Wherever the page ends: after the text, the title, the head or the picture."""
    filling = Body(PLAIN * 20)
    before = Body(("企" * CHARACTERS) * lines)
    found = pages(write_docx(paper(before, table(20), filling, picture(700, 400), signature="")))
    (titled,) = (page for page in found if any(line.text == "表1各县（市、区）名录库情况" for line in page.lines))
    assert any(line.text.startswith("第0区") for line in titled.lines)
    (pictured,) = (page for page in found if any(line.text == "图1在库企业数" for line in page.lines))
    title = next(line for line in pictured.lines if line.text == "图1在库企业数")
    assert title.top - 37 > 90, "the picture stands above its title"


@pytest.mark.office
@pytest.mark.slow
def test_the_printed_page_says_the_same_figures(tmp_path: Path, convert: Callable[[Path, str], Path]) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(write_docx(SAMPLE))
    printed = "".join(line.text for page in pages_of(convert(path, "pdf")) for line in page.lines)
    wanted = "".join(read_docx(path.read_bytes()))
    assert sorted(re.findall(r"\d", printed)) == sorted(re.findall(r"\d", wanted))
    assert all(figure in printed for figure in ("338家", "123456.78万元", "82,345.67"))


# -- the file ---------------------------------------------------------------------------------------
def parts(content: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith("xml")}


def test_the_texts_come_back_in_order() -> None:
    signature = "汕尾市培育工作领导小组办公室"
    wide, shape = table(2), picture()
    made = paper(Heading(1, "一、总体情况"), Body(FIGURES), wide, shape, signature=signature)
    cells = [*wide.headings, *(text for row in wide.rows for text in row)]
    assert read_docx(write_docx(made)) == [
        made.title, made.recipients, "一、总体情况", FIGURES, wide.title, *cells, wide.note, shape.title, signature,
        "2021年10月20日", *made.sources,
    ]  # fmt: skip


def test_the_same_paper_gives_the_same_bytes_and_knows_no_hour() -> None:
    content = write_docx(SAMPLE)
    assert write_docx(SAMPLE) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2021-01-01T00:00:00Z"}


def test_every_run_and_style_names_a_chinese_font_and_none_comes_out_of_a_theme() -> None:
    found = parts(write_docx(SAMPLE))
    runs = [run for name in found if name.startswith("word/") for run in found[name].iter(f"{W}r")]
    assert len(runs) > 90
    for run in runs:
        if run.find(f".//{W}drawing") is None:
            fonts = run.find(f"{W}rPr/{W}rFonts")
            assert fonts is not None
            assert fonts.get(f"{W}eastAsia") == fonts.get(f"{W}ascii") == fonts.get(f"{W}hAnsi") != ""
            assert fonts.get(f"{W}hint") == "eastAsia"
    written = [*found["word/styles.xml"].iter(f"{W}rFonts")]
    assert all(each.get(f"{W}eastAsia") for each in written)
    assert [name for name, root in found.items() if b"Theme=" in etree.tostring(root)] == []
    assert [name for name in found if "theme" in name or "thumbnail" in name] == []


def test_families_are_chosen_and_others_may_stand_for_them() -> None:
    found = parts(write_docx(SAMPLE, Fonts(text='宋体,SimSun,"&')))["word/fontTable.xml"]
    names = {
        font.get(f"{W}name"): [one.get(f"{W}val") for one in font.iter(f"{W}altName")]
        for font in found.iter(f"{W}font")
    }
    assert names["宋体"] in (['SimSun,"&'], ["SimSun"])
    assert names["楷体_GB2312"] == ["楷体,KaiTi"]


def test_a_picture_fits_the_page_and_says_what_it_shows() -> None:
    for shape in (picture(), picture(600, 4000), picture(100, 50)):
        body = parts(write_docx(paper(shape)))["word/document.xml"]
        (extent,) = (each for each in body.iter() if str(each.tag).endswith("}extent"))
        (said,) = (each for each in body.iter() if str(each.tag).endswith("}docPr"))
        width, height = (int(extent.get(side, "")) / 36000 for side in ("cx", "cy"))
        assert width <= 156.1
        assert height <= 225 - 2 * 10
        assert said.get("descr") == shape.words


def test_rare_characters_survive_and_what_no_file_can_hold_is_shown_as_a_mark() -> None:
    rare = "𠮷𪚥㐱“引号”——🄋"
    texts = read_docx(write_docx(paper(Body(rare), Body("甲\x00乙\x0b丙\ud800丁\uffff"), Body("一\r\n二\t三"))))
    assert texts[2:5] == [rare, "甲\ufffd乙\ufffd丙\ufffd丁\ufffd", "一\n二\t三"]


def test_a_row_must_have_as_many_cells_as_the_head() -> None:
    with pytest.raises((ValueError, IndexError)):
        write_docx(paper(Table("表", ("甲", "乙"), (("一",),))))


def test_a_table_without_rows_and_a_paper_without_date_are_written() -> None:
    made = OfficialPaper("标题", "", (Table("表", ("甲", "乙"), ()),), "单位", None, CAUTION)
    assert read_docx(write_docx(made)) == ["标题", "表", "甲", "乙", "单位"]


def test_a_date_has_no_zeros_before_its_figures() -> None:
    assert day_of(date(2021, 1, 5)) == "2021年1月5日"


# -- the converter ----------------------------------------------------------------------------------
@pytest.mark.office
@pytest.mark.slow
def test_a_pdf_is_made_and_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert printing.to_pdf(write_docx(SAMPLE)).startswith(b"%PDF")
    with pytest.raises(NotConverted):
        printing.to_pdf(b"no paper")
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_converter_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(NoConverter):
        printing.to_pdf(b"")


def test_a_converter_that_hangs_is_killed_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, told = tmp_path / "soffice", tmp_path / "child"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {told}\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(printing, "PATIENCE", 1)
    with pytest.raises(NotConverted):
        printing.to_pdf(b"")
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", told.read_text().strip()], capture_output=True, text=True, check=False
    )
    assert state.stdout.strip()[:1] in ("", "Z")
