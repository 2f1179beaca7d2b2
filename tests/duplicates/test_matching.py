"""`registry compare`, `match` and `dedupe` on files of every kind, without instance, settings or database."""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.terminal import Said, registry

BASE = (("7", "汕尾市海云知南渔业有限公司"), ("8", "昭通弘泽实业有限公司"), ("9", "海丰县公平镇宝庭服装厂"))


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("REGISTRY_DATABASE_URL", "REGISTRY_INSTANCE", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def tsv(name: str, *rows: tuple[str, ...]) -> Path:
    path = Path(name)
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8", newline="")
    return path


def read_tsv(path: str) -> list[list[str]]:
    content = Path(path).read_bytes()
    text = (gzip.decompress(content) if path.endswith(".gz") else content).decode("utf-8")
    return [line.split("\t") for line in text.removesuffix("\n").split("\n")]


def refused(said: Said) -> str:
    assert (said.status != 0, said.out) == (True, "")
    assert said.err.startswith("error: ")
    assert len(said.err.splitlines()) == 1
    assert sorted(path.name for path in Path().iterdir() if path.name.startswith(".")) == []
    return said.err


# -- match ----------------------------------------------------------------------------------------
def test_match_keeps_the_rows_and_adds_what_it_found() -> None:
    tsv(
        "q.tsv",
        ("query", "note"),
        ("昭通Hongze实业有限公司", '"x'),
        ("北京天桥书店", ""),
        ("汕尾市海雲知南漁業有限公司", "=1"),
    )
    tsv("base.tsv", ("rid", "name"), *BASE)
    assert registry("match", "q.tsv", "--against", "base.tsv", "--output", "out.tsv").status == 0
    heading, *rows = read_tsv("out.tsv")
    assert heading == ["query", "note", "match_id", "match_name", "score", "band", "reasons"]
    assert [row[:3] for row in rows] == [
        ["昭通Hongze实业有限公司", '"x', "8"],
        ["北京天桥书店", "", ""],
        ["汕尾市海雲知南漁業有限公司", "=1", "7"],
    ]
    assert rows[2][3:6] == ["汕尾市海云知南渔业有限公司", "100.0", "same"]
    assert {len(row) for row in rows} == {7}


def test_match_gives_as_many_answers_as_asked_for() -> None:
    tsv("q.tsv", ("name",), ("海丰县公平镇宝庭服装厂",))
    tsv("base.tsv", ("name",), ("海丰县公平镇宝庭服装厂",), ("海丰县公平镇宝庭制衣厂",), ("海丰县公平镇宝庭服装",))
    registry("match", "q.tsv", "--against", "base.tsv", "--output", "out.tsv", "--top", "2")
    rows = read_tsv("out.tsv")[1:]
    assert rows[0][1] == "1"
    assert len(rows) == 2


def test_match_knows_the_headings_of_the_import_below_a_title() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["汕尾市重点企业名单"])
    sheet.append(["序号", "企业名称", "统一社会信用代码"])
    sheet.append([1, "海丰县公平镇宝庭服装厂", None])
    book.save("q.xlsx")
    tsv("base.tsv", ("rid", "name"), *BASE)
    assert registry("match", "q.xlsx", "--against", "base.tsv", "--output", "out.csv").status == 0
    rows = list(csv.reader(Path("out.csv").read_text("utf-8-sig").splitlines()))
    assert rows[0][:4] == ["序号", "企业名称", "统一社会信用代码", "match_id"]
    assert rows[1][:4] == ["1", "海丰县公平镇宝庭服装厂", "", "9"]


# -- compare --------------------------------------------------------------------------------------
def test_compare_judges_each_pair_in_order() -> None:
    tsv("p.tsv", ("a", "b", "label"), ("陆丰市红光酒业有限公司", "陸豐市紅光酒業有限公司", "1"), ("", "宝庭", "0"))
    assert registry("compare", "p.tsv", "--output", "out.tsv").status == 0
    heading, first, second = read_tsv("out.tsv")
    assert heading == ["a", "b", "label", "score", "band", "reasons"]
    assert first[:5] == ["陆丰市红光酒业有限公司", "陸豐市紅光酒業有限公司", "1", "100.0", "same"]
    assert second[4] == "different"
    assert first[5].endswith("。")


def test_compare_lets_a_code_outweigh_the_name() -> None:
    from tests.matching.test_lists import _valid_codes

    one, other = _valid_codes(2)
    tsv(
        "p.tsv",
        ("a", "b", "code_a", "code_b"),
        ("宝庭服装厂", "宝庭服装厂", one, other),
        ("宝庭", "海云知南", one, one),
    )
    registry("compare", "p.tsv", "--output", "out.tsv", "--processes", "1")
    assert [row[5] for row in read_tsv("out.tsv")[1:]] == ["different", "same"]


# -- dedupe ---------------------------------------------------------------------------------------
def test_dedupe_tells_the_pairs_by_rows_below_the_heading() -> None:
    tsv("f.tsv", ("rid", "name"), *BASE, ("10", "昭通弘澤實業有限公司"), ("11", ""))
    assert registry("dedupe", "f.tsv", "--output", "out.tsv").status == 0
    heading, *rows = read_tsv("out.tsv")
    assert heading == ["row_a", "row_b", "name_a", "name_b", "score", "band", "reasons", "cluster"]
    assert [row[:6] + row[7:] for row in rows] == [
        ["2", "4", "昭通弘泽实业有限公司", "昭通弘澤實業有限公司", "100.0", "same", "1"]
    ]


@pytest.mark.parametrize("output", ["out.tsv", "out.tsv.gz", "out.csv", "out.csv.gz", "out.xlsx"])
def test_every_format_holds_the_same(output: str) -> None:
    tsv("f.tsv", ("name",), ("=宝庭服装厂",), ("=宝庭服装厂",))
    assert registry("dedupe", "f.tsv", "--output", output).status == 0
    row = _second_row(output)
    assert row[:2] == ["1", "2"]
    assert row[2] == ("'=宝庭服装厂" if ".csv" in output else "=宝庭服装厂")


@pytest.mark.parametrize("name", ["f.tsv", "f.tsv.gz", "f.csv", "f.csv.gz", "f.xlsx"])
def test_every_format_is_read(name: str) -> None:
    names = ["海丰县公平镇宝庭服装厂", "海丰縣公平鎮寶庭服裝廠"]
    text = "\n".join(["name", *names, ""])
    if name == "f.xlsx":
        book = Workbook()
        for line in ("name", *names):
            book.active.append([line])
        book.save(name)
    else:
        encoded = text.encode("gb18030" if "csv" in name else "utf-8")
        Path(name).write_bytes(gzip.compress(encoded) if name.endswith(".gz") else encoded)
    assert registry("dedupe", name, "--output", "out.tsv").status == 0
    assert [row[:4] for row in read_tsv("out.tsv")[1:]] == [["1", "2", *names]]


@pytest.mark.parametrize("processes", ["2", "3"])
def test_the_bytes_do_not_depend_on_the_number_of_processes(processes: str) -> None:
    rows = [(f"汕尾市{a}{b}{c}贸易有限公司",) for a in "海云知南宝庭龙新" for b in "达鑫红光华盛" for c in "昌荣发兴隆"]
    tsv("f.tsv", ("name",), *rows)
    registry("dedupe", "f.tsv", "--output", "one.tsv.gz", "--processes", "1")
    registry("dedupe", "f.tsv", "--output", "more.tsv.gz", "--processes", processes)
    assert Path("one.tsv.gz").read_bytes() == Path("more.tsv.gz").read_bytes()


# -- refusals -------------------------------------------------------------------------------------
def test_a_missing_column_is_named_with_what_was_found() -> None:
    tsv("f.tsv", ("firm", "town"), ("宝庭", "公平"))
    said = refused(registry("dedupe", "f.tsv", "--output", "out.tsv"))
    assert "f.tsv: row 1: no column 'name' (or 企业名称); found: firm, town" in said
    tsv("p.tsv", ("a", "c"), ("宝庭", "公平"))
    assert "no column 'b'" in refused(registry("compare", "p.tsv", "--output", "out.tsv"))


def test_a_damaged_file_is_named() -> None:
    Path("f.tsv.gz").write_bytes(gzip.compress(b"name\n" + b"x\n" * 9_999)[:40])
    assert "f.tsv.gz: " in refused(registry("dedupe", "f.tsv.gz", "--output", "out.tsv"))
    Path("f.xlsx").write_bytes(b"PK\x03\x04" + b"x" * 500)
    assert "f.xlsx: " in refused(registry("dedupe", "f.xlsx", "--output", "out.tsv"))
    Path("f.tsv").write_bytes(b"name\n\xff\xfe\n")
    assert "f.tsv: " in refused(registry("dedupe", "f.tsv", "--output", "out.tsv"))
    Path("f.csv").write_bytes(b"")
    assert "f.csv: " in refused(registry("dedupe", "f.csv", "--output", "out.tsv"))


def test_a_place_that_cannot_be_written_is_named() -> None:
    tsv("f.tsv", ("name",), ("宝庭",))
    assert "there is no folder" in refused(registry("dedupe", "f.tsv", "--output", "nowhere/out.tsv"))
    assert "out.txt: the file must end in .tsv" in refused(registry("dedupe", "f.tsv", "--output", "out.txt"))
    assert "is also read" in refused(registry("dedupe", "f.tsv", "--output", "f.tsv"))
    assert "f.doc" in refused(registry("dedupe", "f.doc", "--output", "out.tsv"))


def test_a_refused_file_leaves_the_older_output_alone() -> None:
    tsv("out.tsv", ("older",))
    tsv("base.tsv", ("nothing",), ("宝庭",))
    tsv("q.tsv", ("query",), ("宝庭",))
    refused(registry("match", "q.tsv", "--against", "base.tsv", "--output", "out.tsv"))
    assert read_tsv("out.tsv") == [["older"]]


def test_it_runs_where_nothing_is_installed(tmp_path: Path) -> None:
    tsv("f.tsv", ("name",), ("宝庭服装厂",), ("寶庭服裝廠",))
    done = run(
        [sys.executable, "-m", "registry", "dedupe", "f.tsv", "--output", "out.tsv"],
        env={"PATH": "/usr/bin", "REGISTRY_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    # on a machine that is busy it says how far it is
    told = [line for line in done.stderr.splitlines() if not line.startswith(("read ", "near ", "compared "))]
    assert (done.returncode, done.stdout, told) == (0, "", [])
    assert len(read_tsv("out.tsv")) == 2


def _second_row(output: str) -> list[str]:
    if output.endswith(".xlsx"):
        return [str(cell) for cell in list(load_workbook(output).active.values)[1]]
    if ".tsv" in output:
        return read_tsv(output)[1]
    content = Path(output).read_bytes()
    text = (gzip.decompress(content) if output.endswith(".gz") else content).decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))[1]


def test_a_cell_too_long_for_a_workbook_is_refused_and_nothing_is_written() -> None:
    tsv("q.tsv", ("query", "note"), ("北京天桥书店", ""), ("海丰县公平镇宝庭服装厂", "长" * 40_000))
    tsv("base.tsv", ("rid", "name"), *BASE)
    said = refused(registry("match", "q.tsv", "--against", "base.tsv", "--output", "out.xlsx"))
    assert "row 2" in said
    assert not Path("out.xlsx").exists()


# -- how many are left ------------------------------------------------------------------------------
LEFT = (
    ("海丰县云谷软件有限公司", "13700001111"), ("海豐縣雲谷軟件有限公司", "13700001111"),
    ("海丰县星河数据有限公司", "13700002221"), ("海豐縣星河數據有限公司", ""),
    ("海丰县南湖网络有限公司", "13700003333"), ("汕尾市启明信息技术服务中心", "13700003333"),
)  # fmt: skip


def certified() -> Any:
    return registry("dedupe", "f.tsv", "--output", "out.tsv", "--certificate", "sample.csv")


def judged(*verdicts: str) -> None:
    rows = list(csv.reader(Path("sample.csv").read_text(encoding="utf-8-sig").splitlines()))
    with Path("sample.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(
            [rows[0], *([*row[:-1], said] for row, said in zip(rows[1:], verdicts, strict=True))]
        )


def test_a_file_is_certified_by_a_sample_that_shows_no_scores() -> None:
    tsv("f.tsv", ("name", "phone"), *LEFT)
    assert "sample.csv: 3 pairs to judge, without scores" in certified().out
    head, *rows = csv.reader(Path("sample.csv").read_text(encoding="utf-8-sig").splitlines())
    assert "score" not in head
    assert sorted((row[0], row[1]) for row in rows) == [("1", "2"), ("3", "4"), ("5", "6")]
    assert certified().status == 1  # nobody judged yet
    judged("same", "同一", "same")
    said = certified()
    assert (said.status, said.err) == (0, "")
    assert "6 rows, 2 pairs found; duplicates still unfound:" in said.out
    assert "evidence: 1 pairs, 0 one firm by code, 1 open, 1 of them judged, 1 the same" in said.out


@pytest.mark.parametrize(
    "change, told",
    [
        (lambda text: text.replace(",\r\n", ",maybe\r\n", 2), "verdict 'maybe'; write same, different or unsure"),
        (lambda text: text.replace("\r\n1,2", "\r\n1,3"), "rows 1 and 3 were not drawn from this file"),
        (lambda text: text.replace("verdict", "score"), "not a sample of this command"),
        (lambda text: text.replace("\r\n1,2", "\r\nx,2"), "row_a, row_b and verdict are needed"),
    ],
)
def test_a_sample_that_is_none_is_refused_by_its_row(change: Any, told: str) -> None:
    tsv("f.tsv", ("name", "phone"), *LEFT)
    certified()
    sample = Path("sample.csv")
    text = sample.read_bytes().decode("utf-8-sig")
    sample.write_bytes(change(text).encode("utf-8-sig"))
    said = certified()
    assert said.status == 1
    assert told in said.err


# -- files that are not quite as they should be -----------------------------------------------------
def csv_of(name: str, text: str, encoding: str = "utf-8") -> str:
    Path(name).write_bytes(text.encode(encoding))
    return name


def test_a_comma_within_quotes_is_part_of_the_name() -> None:
    pairs = csv_of(
        "p.csv", 'a,b\n"乙, 软件有限公司",乙软件有限公司\n"海丰县云谷软件,有限公司",海丰县云谷软件有限公司\n'
    )
    assert registry("compare", pairs, "--output", "out.tsv").status == 0
    assert [row[3] for row in read_tsv("out.tsv")[1:]] == ["same", "same"]


def test_a_row_with_a_cell_too_many_keeps_its_columns_and_is_told() -> None:
    names = csv_of("f.csv", "id,name\n1,甲软件有限公司\n2,甲软件有限公司,多出\n3,乙检测有限公司,\n")
    said = registry("match", names, "--against", names, "--output", "out.tsv")
    assert {len(row) for row in read_tsv("out.tsv")} == {7}
    assert (
        said.err.count("rows with more cells than the heading, left out what stands beyond it: 1 (the first is row 3)")
        == 2
    )


def test_rows_without_a_name_are_counted_and_a_list_of_them_is_refused() -> None:
    some = csv_of("some.csv", "id,name\n1,甲软件有限公司\n2,\n3,乙检测有限公司\n")
    assert (
        "rows without a name, compared with nothing: 1 (the first is row 3)"
        in registry("dedupe", some, "--output", "out.tsv").err
    )
    none = csv_of("none.csv", "id,name,firm\n" + "".join(f"{n},,某{n}有限公司\n" for n in range(10)))
    said = refused(registry("dedupe", none, "--output", "none.tsv"))
    assert "10 of 10 rows have nothing in 'name'" in said
    assert not Path("none.tsv").exists()
    pair = csv_of("pair.csv", "a,b\n甲软件有限公司,\n乙检测有限公司,乙检测有限公司\n")
    assert "rows without a name" in registry("compare", pair, "--output", "out.tsv").err


def test_two_columns_of_one_heading_are_refused() -> None:
    twins = csv_of("f.csv", "name,town,name\n甲软件有限公司,公平,乙检测有限公司\n")
    said = refused(registry("dedupe", twins, "--output", "out.tsv"))
    assert "row 1: the heading 'name' stands over columns A, C; rename all but one" in said


def test_big5_is_read_as_such_and_said() -> None:
    names = csv_of("f.csv", "name\n海豐縣雲谷資訊有限公司\n海豐縣雲谷資訊有限公司\n", "big5")
    said = registry("dedupe", names, "--output", "out.tsv")
    assert ("f.csv: read as Big5" in said.err, read_tsv("out.tsv")[1][2]) == (True, "海豐縣雲谷資訊有限公司")
    plain = csv_of("g.csv", "name\n海丰县云谷软件有限公司\n", "gb18030")
    assert "Big5" not in registry("dedupe", plain, "--output", "out.tsv").err
