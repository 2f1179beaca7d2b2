"""`registry import`: what it would do, what it did, the report of it, and one line for every wrong use."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import openpyxl
import pytest

from registry.base.extensions import db
from registry.firms.models.firms import Firm
from registry.imports.models import ImportBatch, ImportRow
from registry.trail.models import TrailEntry
from tests.terminal import registry
from tests.uploads import listed
from tests.world import World, credit_code

ADDRESS = "海丰县海城镇人民路8号"
ROWS = [
    ("海丰县青梅科技有限公司", credit_code(11), ADDRESS),
    ("海丰县错码科技有限公司", credit_code(12)[:-1] + "0", ADDRESS),
    ("海丰县梅陇数据有限公司", "", ADDRESS),
    ("海丰县梅陇数据有限公司", "", ADDRESS),
]


@pytest.fixture
def file(installed: Path, world: World) -> Path:
    path = installed / "名单.csv"
    path.write_bytes(listed(ROWS))
    return path


def stored() -> tuple[int, int, int, int]:
    """Firms, batches, staged rows, acts of the trail about imports."""
    db.session.expire_all()
    acts = db.session.query(TrailEntry).filter(TrailEntry.subject_kind == "import_batch").count()
    found = (
        db.session.query(Firm).count(),
        db.session.query(ImportBatch).count(),
        db.session.query(ImportRow).count(),
        acts,
    )
    db.session.rollback()
    return found


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
def test_without_apply_nothing_is_left_behind(file: Path, flags: tuple[str, ...]) -> None:
    said = registry("import", str(file), "--office", "441521", *flags)
    assert (said.status, stored()) == (0, (0, 0, 0, 0))
    assert said.out.splitlines()[0] == "名单.csv: 4 rows = 2 new + 0 changed + 0 unchanged + 1 duplicate + 1 faulty"
    assert said.out.splitlines()[-1] == "nothing was changed"


def test_the_report_is_one_object_that_names_every_row_not_plainly_new(file: Path) -> None:
    said = registry("import", str(file), "--office", "441521", "--json")
    # a slow machine is told how far it has come
    assert (said.status, [line for line in said.err.splitlines() if not line.startswith("checked ")]) == (0, [])
    told = json.loads(said.out)
    assert [(c["column"], c["as"], c["taken"]) for c in told.pop("columns")] == [
        ("A", "name", "read"), ("B", "credit_code", "read"), ("C", "registered_address", "read"),
    ]  # fmt: skip
    assert [(s["sheet"], s["read"], s["rows"]) for s in told.pop("sheets")] == [("", True, 4)]
    assert told == {
        "passed": [],
        "assumed": [],
        "doubts": [],
        "batch": None,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "duplicate": 1,
        "faulty": 1,
        "rows": [
            {
                "row": 3,
                "column": "B",
                "kind": "faulty",
                "field": "credit_code",
                "reason": "统一社会信用代码第18位校验不符，请核对营业执照；"
                "确系执照所载的，在代码后写“（已核对执照）”再导入",
                "matches": None,
            },
            {
                "row": 5,
                "column": "A",
                "kind": "duplicate",
                "field": "name",
                "reason": "与本文件第4行“海丰县梅陇数据有限公司”的名称相同或相近，且有一行没有统一社会信用代码，请核对是否同一家企业",
                "matches": [{"kind": "row", "row": 4, "name": "海丰县梅陇数据有限公司"}],
            },
        ],
    }


def test_apply_makes_the_good_rows_real_and_names_the_batch(file: Path) -> None:
    said = registry("import", str(file), "--office", "441521", "--apply", "--json")
    assert (said.status, json.loads(said.out)["batch"], stored()) == (0, 1, (2, 1, 4, 2))
    assert {entry.actor_name for entry in db.session.query(TrailEntry).filter_by(verb="apply_import")} == {"system"}
    assert [entry.office_code for entry in db.session.query(TrailEntry).filter_by(verb="apply_import")] == ["441521"]


def test_the_same_file_again_changes_nothing_and_leaves_no_rows(file: Path) -> None:
    content = listed(ROWS[:1])
    file.write_bytes(content)
    registry("import", str(file), "--office", "441521", "--apply")
    said = registry("import", str(file), "--office", "441521", "--apply", "--json")
    assert json.loads(said.out)["unchanged"] == 1
    assert json.loads(said.out)["rows"][0]["kind"] == "unchanged"
    assert (json.loads(said.out)["batch"], stored()[0]) == (None, 1)


@pytest.mark.parametrize("flag", ["--dry-run", "--apply"])
def test_strict_refuses_the_whole_file_for_one_faulty_row(file: Path, flag: str) -> None:
    said = registry("import", str(file), "--office", "441521", "--strict", flag)
    assert said.status == 1
    assert said.err.splitlines()[-1] == "error: 有 1 行有错，按要求整个文件不导入。"
    assert (stored()[0], stored()[2]) == (0, 0)


def test_a_person_imports_for_their_own_office_only(file: Path) -> None:
    own = registry("import", str(file), "--office", "441521", "--apply", "--as", "haifeng")
    assert own.status == 0
    assert db.session.query(TrailEntry).filter_by(verb="apply_import").one().actor_name == "陈晓"
    db.session.rollback()
    for username in ("lufeng", "leader", "sysadmin"):
        said = registry("import", str(file), "--office", "441521", "--as", username)
        assert (said.status, said.err) == (1, "error: 您没有执行此操作的权限。\n")


def test_the_city_office_imports_for_the_city(file: Path) -> None:
    said = registry("import", str(file), "--office", "441500", "--as", "cityoffice")
    assert said.status == 0


def test_rows_that_go_back_are_written_marked(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "back.xlsx"
    registry("import", str(file), "--office", "441521", "--errors", str(target))
    sheet = openpyxl.load_workbook(target)["填报"]
    assert [(sheet.cell(row, 1).value, sheet.cell(row, 2).comment is not None) for row in (5, 6)] == [
        ("海丰县错码科技有限公司", True),
        ("海丰县梅陇数据有限公司", False),
    ]


def test_the_year_says_what_this_year_means(file: Path) -> None:
    headings = ("企业名称", "统一社会信用代码", "上年营业收入(万元)")
    file.write_bytes(listed([("海丰县青梅科技有限公司", credit_code(11), "800")], headings))
    registry("import", str(file), "--office", "441521", "--apply", "--year", "2020")
    from registry.figures.models import Figure

    assert [(figure.year, figure.month) for figure in db.session.query(Figure)] == [(2019, 0)]


def test_a_packed_list_is_read_too(file: Path) -> None:
    packed = file.with_name("名单.csv.gz")
    packed.write_bytes(gzip.compress(listed(ROWS[:1])))
    said = registry("import", str(packed), "--office", "441521")
    assert said.out.splitlines()[0] == "名单.csv.gz: 1 rows = 1 new + 0 changed + 0 unchanged + 0 duplicate + 0 faulty"


@pytest.mark.parametrize(
    "arguments, line",
    [
        (("--office", "441521", "--dry-run", "--apply"), "error: --dry-run and --apply exclude each other (see `registry import --help`)"),
        (("--office", "449999"), "error: 没有代码为“449999”的单位。"),
        (("--office", "441521", "--as", "nobody"), "error: 没有名为“nobody”的用户，或已停用。"),
        (("--office", "441521", "--year", "2031"), "error: Invalid value for --year: must be from 2011 to 2021 (see `registry import --help`)"),
        (("--office", "441521", "--errors", "back.csv"), "error: Invalid value for --errors: the file must be an .xlsx workbook (see `registry import --help`)"),
        ((), "error: Missing option '--office'. (see `registry import --help`)"),
    ],
)  # fmt: skip
def test_a_wrong_use_is_one_line(file: Path, arguments: tuple[str, ...], line: str) -> None:
    said = registry("import", str(file), *arguments)
    assert (said.status != 0, said.err, said.out) == (True, f"{line}\n", "")
    assert stored() == (0, 0, 0, 0)


def test_a_file_that_is_not_there_is_one_line(file: Path) -> None:
    said = registry("import", "missing.csv", "--office", "441521")
    assert (said.status, said.err) == (
        2,
        "error: Invalid value for 'FILE': File 'missing.csv' does not exist. (see `registry import --help`)\n",
    )


@pytest.mark.parametrize("flag", ["--dry-run", "--apply"])
def test_a_broken_file_is_refused_with_the_reason_and_nothing_is_kept(file: Path, flag: str) -> None:
    broken = file.with_name("名单.xlsx")
    broken.write_bytes(b"PK\x03\x04" + b"\0" * 500)
    said = registry("import", str(broken), "--office", "441521", flag)
    assert (said.status, said.err, said.out) == (1, "error: 文件不完整，可能没有传完，请重新下载或另存后再上传。\n", "")
    assert (stored()[0], stored()[2]) == (0, 0)


def test_the_real_list_of_the_city(installed: Path, world: World, shared: Path) -> None:
    said = registry("import", str(shared / "data" / "shanwei_firms.csv"), "--office", "441500", "--json")
    report = json.loads(said.out)
    assert sum(report[kind] for kind in ("new", "changed", "unchanged", "duplicate", "faulty")) == 850
    assert {row["kind"] for row in report["rows"]} == {"faulty"}
    assert {row["field"] for row in report["rows"]} == {"registered_address"}
