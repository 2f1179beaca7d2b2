"""Text files: encodings, delimiters, records, and what is refused with its place."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.base.errors import FileRefused
from registry.sheets.delimited import Delimited, examine, lenient_records, records
from registry.sheets.shape import Limits

TABLE = "企业名称,统一社会信用代码,成立日期\r\n汕尾市云帆软件有限公司,91441500MA55T101XF,2019-05-20\r\n"
ROWS = [
    (1, ["企业名称", "统一社会信用代码", "成立日期"]),
    (2, ["汕尾市云帆软件有限公司", "91441500MA55T101XF", "2019-05-20"]),
]
Read = Callable[..., list[tuple[int, list[str]]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: bytes, *, limits: Limits | None = None) -> list[tuple[int, list[str]]]:
        path = tmp_path / "firms.csv"
        path.write_bytes(content)
        gzipped = content.startswith(b"\x1f\x8b")
        bounds = limits or Limits()
        text = examine(path, gzipped=gzipped, limits=bounds)
        return list(records(path, gzipped=gzipped, limits=bounds, text=text))

    return read


def refused(read: Read, content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(FileRefused) as refusal:
        read(content, limits=limits)
    return str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_a_chinese_spreadsheet_is_read(read: Read, encoding: str) -> None:
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    assert read((mark + TABLE).encode(encoding)) == ROWS


def test_rare_characters_of_four_bytes_are_read(read: Read) -> None:
    table = TABLE.replace("云帆", "㐂𠮷䶮")
    assert read(table.encode("gb18030")) == read(table.encode("utf-8"))
    assert read(table.encode("gb18030"))[1][1][0] == "汕尾市㐂𠮷䶮软件有限公司"


@pytest.mark.parametrize("delimiter, name", [(",", ","), ("\t", "\t"), (";", ";")])
def test_the_delimiter_is_the_one_under_which_headings_are_known(tmp_path: Path, delimiter: str, name: str) -> None:
    path = tmp_path / "firms.txt"
    path.write_text(
        f'汕尾市，名录\n\n"{TABLE}'.replace(",", f'"{delimiter}"').replace("\r\n", '"\n', 1), encoding="utf-8"
    )
    assert examine(path, gzipped=False, limits=Limits()) == Delimited("utf-8", name, 5)


def test_gzip_of_any_of_them_is_read(read: Read) -> None:
    assert read(gzip.compress(TABLE.encode("gb18030"))) == ROWS


def test_records_are_numbered_as_a_spreadsheet_shows_them(read: Read) -> None:
    content = '汕尾市名录\n\n企业名称,主营业务\n甲公司,"软件\n开发\n\n服务"\n,\n乙公司,检测'
    assert read(content.encode()) == [
        (1, ["汕尾市名录"]),
        (2, []),
        (3, ["企业名称", "主营业务"]),
        (4, ["甲公司", "软件\n开发\n\n服务"]),
        (5, ["", ""]),
        (6, ["乙公司", "检测"]),
    ]


def test_a_record_of_the_wrong_width_does_not_stop_the_reading(read: Read) -> None:
    assert read(f"{TABLE}海丰县,x\n陆丰市,x,y,z\n".encode())[2:] == [
        (3, ["海丰县", "x"]),
        (4, ["陆丰市", "x", "y", "z"]),
    ]


def test_a_nul_does_not_stop_the_reading(read: Read) -> None:
    """The cell is refused later, with its place; the other rows are not."""
    assert read(TABLE.encode() + b"a\0b,x,y\nc,x,y\n")[2:] == [(3, ["a\0b", "x", "y"]), (4, ["c", "x", "y"])]


@pytest.mark.parametrize(
    "lines, cells",
    [
        (['"abc,x,y', "abc,x,y"], [['"abc', "x", "y"], ["abc", "x", "y"]]),
        (['"abc"d,x,y', "abc,x,y"], [['"abc"d', "x", "y"], ["abc", "x", "y"]]),
        (['a,b,"c', "d,e,f", 'g,h,i"'], [["a", "b", '"c'], ["d", "e", "f"], ["g", "h", 'i"']]),
        (['a,b,"c', 'd"', "e,f,g"], [["a", "b", "c\nd"], ["e", "f", "g"]]),
    ],
)
def test_read_leniently_a_quote_that_does_not_pair_costs_at_most_its_own_row(
    tmp_path: Path, lines: list[str], cells: list[list[str]]
) -> None:
    path = tmp_path / "firms.csv"
    path.write_text(TABLE + "\n".join(lines) + "\n", encoding="utf-8", newline="")
    limits = Limits()
    text = examine(path, gzipped=False, limits=limits)
    found = [row for _, row, _ in lenient_records(path, gzipped=False, limits=limits, text=text)]
    assert found[2:] == cells


REFUSED = [
    (TABLE.encode() + "海丰县".encode("gbk") + b",x,y\n", "文件里混有两种文字编码（第3行）"),
    (TABLE.encode("gbk") + b"\xff\xff,x,y\n", "第3行的文字编码无法识别"),
    (TABLE.encode("gbk") + "海丰县正衡检测,x,y\n".encode(), "文件里混有两种文字编码（第3行）"),
    ("\0".join(TABLE).encode(), "第1行含有空字符（NUL）"),
    (TABLE.encode() + "海丰县\ud800信息,x,y\n".encode("utf-8", "surrogatepass"), "文件里混有两种文字编码（第3行）"),
    (TABLE.encode() + b'"abc,x,y\nabc,x,y\n', "第3行起的引号没有成对"),
    (TABLE.encode() + b'"abc"d,x,y\nabc,x,y\n', "第3行起的引号没有成对"),
    (TABLE.encode() + b'a,b,"c\nd,e,f\ng,h,i"\n', "第3行起的引号没有成对"),
    (TABLE.replace("\r\n", "\r").encode(), "第1行含有单独的回车符"),
    (TABLE.encode() + b"a\rb,x,y\n", "第3行含有单独的回车符"),
    (TABLE.encode() + b"," * 300 + b"\n", "第3行有 301 列，超过上限 200 列"),
    (TABLE.encode() + b"," * 1_000_000 + b"\n", "第3行过长（超过 500000 个字符）"),
    (b"\xef\xbb\xbf" + TABLE.encode("gbk"), "第1行的文字编码无法识别"),
    (gzip.compress(TABLE.encode())[:-9], "文件不完整"),
    (gzip.compress(b""), "文件是空的"),
]


@pytest.mark.parametrize("content, sentence", REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_text_that_cannot_be_split_for_sure_is_refused_with_its_place(
    read: Read, content: bytes, sentence: str
) -> None:
    assert refused(read, content).startswith(sentence)


def test_a_gzip_that_unpacks_to_too_much_is_refused(read: Read) -> None:
    bomb = gzip.compress(b"a,b\n" * 2_000_000)
    assert refused(read, bomb, Limits(unpacked_text_bytes=2**20)).startswith("文件展开后超过上限 1 MB")


def test_more_records_than_the_limit_are_refused(read: Read) -> None:
    assert refused(read, TABLE.encode() + b"a,b,c\n" * 9, Limits(text_rows=10)).startswith("数据超过 10 行")


CELL = st.text(st.characters(codec="utf-8", blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=6), st.sampled_from(["utf-8-sig", "utf-16", "gb18030"])
)
def test_what_was_written_is_read_or_refused_but_never_garbled(
    tmp_path: Path, rows: list[list[str]], encoding: str
) -> None:
    path = tmp_path / "any.csv"
    table = [["企业名称", "主营业务"], *rows]
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(table)
    limits = Limits()
    try:
        text = examine(path, gzipped=False, limits=limits)
        cells = [cells for _, cells in records(path, gzipped=False, limits=limits, text=text)]
    except FileRefused:
        assert encoding == "gb18030"
        return
    assert [row or [""] for row in cells] == [row or [""] for row in table]


@pytest.mark.parametrize(
    "text, delimiter",
    [
        ("rid\tname\n1\tAcme, Inc., X\n2\tB, C, D\n", "\t"),
        ("a,b\n甲,丙;丁;戊\n乙,己;庚;辛\n", ","),
        ("q;amount;x\n甲;1,5;u\n乙;2,5;v\n", ";"),
        ("id,name\n1,甲\n2,乙,多\n3,丙,\n", ","),
    ],
)
def test_what_divides_every_line_alike_goes_before_what_stands_in_the_cells(
    tmp_path: Path, text: str, delimiter: str
) -> None:
    path = tmp_path / "any.csv"
    path.write_text(text, encoding="utf-8")
    assert examine(path, gzipped=False, limits=Limits()).delimiter == delimiter
