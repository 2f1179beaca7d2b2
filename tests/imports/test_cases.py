"""Every file that was kept as an example, through each door: what a careful clerk would read out of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from registry.base.errors import FileRefused
from registry.base.extensions import db
from registry.base.vocabulary import RowKind
from registry.firms.models.firms import Firm
from registry.register.sheets import open_register
from tests.imports.test_pages import cards, send, words
from tests.registered import load_file
from tests.terminal import registry
from tests.uploads import rows, uploaded
from tests.workbooks.test_pages import bring_back
from tests.world import World, sign_in

# Number of the file: rows by kind (new/changed/unchanged/duplicate/faulty), rows passed over, doubts that a person
# answers for, what was assumed, and the columns that are not read, with the reason.
READ: dict[str, tuple[str, int, int, str, dict[str, str]]] = {
    "00": ("1/0/0/0/0", 0, 0, "", {}),
    "01": ("4/0/0/0/0", 0, 2, "", {}),
    "03": ("4/0/0/0/0", 0, 0, "filled_down", {}),
    "04": ("2/0/0/0/0", 0, 0, "", {}),
    "05": ("1/0/0/0/0", 0, 0, "", {"本年累计营业收入(万元) 1-8月": "twice"}),
    "06": ("1/0/0/0/0", 7, 0, "", {}),
    "07": ("1/0/0/0/0", 5, 0, "", {}),
    "08": ("3/0/0/0/0", 2, 0, "division_of_group", {}),
    "09": ("3/0/0/0/0", 0, 0, "", {}),
    "10": ("2/0/0/0/0", 0, 0, "", {}),
    "11": ("3/0/0/0/0", 0, 0, "", {}),
    "12": ("2/0/0/0/0", 0, 0, "", {}),
    "14": ("2/0/0/0/0", 0, 0, "division_derived", {}),
    "15": ("3/0/0/0/0", 0, 0, "", {}),
    "16": ("0/0/0/0/2", 0, 0, "", {}),
    "17": ("4/0/0/0/0", 0, 2, "month_of_date", {}),
    "18": ("1/0/0/0/4", 0, 0, "", {}),
    "19": ("1/0/0/0/0", 0, 0, "", {}),
    "20": ("1/0/0/0/0", 0, 0, "", {}),
    "22": ("1/0/0/0/0", 0, 0, "", {}),
    "23": ("1/0/0/0/0", 1, 0, "", {}),
    "24": ("1/0/0/0/0", 0, 0, "", {}),
    "25": ("2/0/0/0/0", 0, 4, "unit_differs", {}),
    "26": (
        "1/0/0/0/0",
        0,
        0,
        "",
        {
            "从业人员(女)": "qualified",
            "注册资本(实缴)(万元)": "qualified",
            "成立日期(注销)": "qualified",
            "上年营业收入(预计)(万元)": "qualified",
            "联系人(法人代表)": "qualified",
        },
    ),
    "27": ("1/0/0/0/0", 0, 0, "", {"企业名称(英文)": "qualified"}),
    "28": ("1/0/0/0/0", 0, 0, "", {"企业名称(英文)": "qualified"}),
    "30": ("21/0/0/0/0", 0, 0, "serial_date", {}),
    "31": ("10/0/0/0/9", 0, 0, "", {}),
    "33": ("3/0/0/0/0", 0, 0, "", {}),
    "34": ("1/0/0/0/0", 0, 0, "", {}),
    "35": ("2/0/0/0/0", 0, 0, "", {}),
    "36": ("2/0/0/0/0", 0, 0, "", {}),
    "37": ("1/0/0/0/1", 0, 0, "", {}),
    "38": ("1/0/0/0/0", 0, 0, "industry_named", {"法人代表": "unknown", "备注": "unknown"}),
    "39": ("1/0/0/0/0", 0, 0, "", {"主管部门": "derived"}),
    "40": ("18/0/0/0/0", 0, 0, "", {}),
    "41": ("14/0/0/0/16", 0, 1, "currency_sign", {}),
    "42": ("5/0/0/0/9", 0, 0, "", {}),
    "44": ("20/0/0/0/0", 0, 1, "", {}),
    "45": ("2/0/0/0/0", 0, 1, "", {}),
    "46": ("1/0/0/0/0", 0, 0, "", {}),
    "47": ("1/0/0/0/0", 0, 0, "", {}),
    "50": ("2/0/0/0/0", 0, 0, "", {}),
    "51": ("2/0/0/0/0", 0, 0, "", {}),
    "52": ("2/0/0/0/0", 0, 0, "", {}),
    "53": ("1/0/0/0/0", 1, 0, "", {}),
    "54": ("1/0/0/0/0", 39, 0, "", {}),
    "56": (
        "3/0/0/0/0",
        0,
        2,
        "industry_named",
        {
            "法定代表人": "unknown",
            "实缴资本": "unknown",
            "核准日期": "unknown",
            "所属省份": "unknown",
            "所属城市": "unknown",
            "纳税人识别号": "twice",
            "组织机构代码": "unknown",
            "参保人数": "unknown",
            "英文名": "unknown",
            "更多电话": "unknown",
        },
    ),
    "57": ("1/0/0/0/0", 0, 0, "", {}),
    "59": ("2/0/0/0/0", 1, 0, "", {}),
    "64": ("1/0/0/0/0", 0, 0, "", {"手机": "twice"}),
    "65": ("1/0/0/0/0", 0, 0, "", {}),
    "66": ("39/0/0/0/0", 0, 0, "", {"期货代码": "unknown", "期货名称": "unknown"}),
    "71": ("80/0/0/0/0", 0, 0, "", {"注册号": "unknown", "所属省份": "unknown", "所属城市": "unknown"}),
    "72": ("10/0/0/0/0", 0, 0, "", {}),
    "72b": ("5/0/0/0/0", 0, 0, "", {}),
    "78": ("1/0/0/0/0", 0, 0, "", {}),
    "80": ("1/0/0/0/0", 0, 0, "", {}),
    "83": ("1/0/0/0/0", 0, 0, "", {}),
    "84": ("2/0/0/0/0", 1, 0, "", {}),
    "85": ("1/0/0/0/0", 0, 1, "", {}),
    "86": ("2/0/0/0/0", 1, 0, "", {}),
}
# A word of the sentence by which the others are refused.
REFUSED = {
    "13": "单独的回车符",
    "29": "出现了两次",
    "48": "旧版 Excel",
    "49": "旧版 Excel",
    "58": "登记卡",
    "63": "出现了两次",
    "74": "系统签发的工作簿",
    "76": "系统签发的工作簿",
    "77": "系统签发的工作簿",
    "81": "打开密码",
    "87": "ODS",
    "88": "压缩包",
}


@pytest.fixture
def cases(shared: Path) -> dict[str, Path]:
    folder = shared / "cases"
    if not folder.is_dir():
        pytest.skip("the examples are not beside this checkout")
    return {path.name.split("-", 1)[0]: path for path in sorted(folder.iterdir()) if path.name != "README.md"}


# What the register of registered firms says of those that it reads otherwise than the import: rows it takes up and
# sends back, or a word of its refusal. It reads name, code and place, and wants a code in every row.
REGISTER: dict[str, tuple[int, int] | str] = {
    "29": "出现了两次",
    "37": "企业名称”和“统一社会信用代码”两列",
    "66": "企业名称”和“统一社会信用代码”两列",
    "84": "企业名称”和“统一社会信用代码”两列",
    "71": (70, 10),
}


@pytest.mark.slow
@pytest.mark.once
def test_the_page_says_of_every_example_what_the_command_says(
    client: FlaskClient, world: World, cases: dict[str, Path]
) -> None:
    sign_in(client, "cityoffice")
    wrong = []
    for number, path in cases.items():
        page = send(client, path.read_bytes(), name=path.name)
        text, found = words(page), cards(page)
        if number in REFUSED:
            wrong += [] if REFUSED[number] in text and not found else [(number, text)]
            continue
        counted, passed, doubts, _assumed, left_out = READ[number]
        shown = "/".join(found[label] for label in ("新增", "变更", "无变化", "疑似重复", "有错"))
        if shown != counted:
            wrong.append((number, shown))
        wrong += [(number, "passed")] * ((f"跳过的行（{passed} 行）" in text) != (passed > 0))
        wrong += [(number, "doubts")] * (("行存疑" in text) != (doubts > 0))
        wrong += [(number, heading) for heading in left_out if heading not in text]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.once
def test_the_door_of_the_workbook_stores_nothing_of_any_example_and_says_where_to_go(
    client: FlaskClient, world: World, cases: dict[str, Path]
) -> None:
    sign_in(client, "haifeng")
    for number, path in cases.items():
        page = bring_back(client, path.read_bytes(), name=path.name)
        if number in ("74", "76", "77"):  # another registry's workbook
            assert "本单位没有签发过编号为" in words(page), number
        elif number in REFUSED:
            assert REFUSED[number] in words(page), number
        else:
            assert "企业自有格式的名单请用“导入名单”" in words(page) or page.status_code == 422, number
    assert db.session.query(Firm).count() == 0


@pytest.mark.slow
@pytest.mark.once
def test_the_register_reads_every_example_as_the_import_does(world: World, cases: dict[str, Path]) -> None:
    wrong = {}
    for number, path in cases.items():
        wanted = REGISTER.get(number) or REFUSED.get(number) or _with_codes(path, READ[number][0])
        try:
            open_register(path).close()
            load = load_file(path)
        except FileRefused as refused:
            if not (isinstance(wanted, str) and wanted in str(refused)):
                wrong[number] = str(refused)
            continue
        found = (load.total - load.faulty, load.faulty)
        if (found, len(load.reading["passed"])) != (wanted, READ[number][1]):
            wrong[number] = f"{found} {load.reading['passed']}"
    assert wrong == {}


def _with_codes(path: Path, counted: str) -> tuple[int, int]:
    """Rows taken up and sent back: as the import counts them, but that only name and code can make a row faulty."""
    new, *_, faulty = map(int, counted.split("/"))
    return (new, faulty) if "codes" in path.name else (new + faulty, 0)


@pytest.mark.slow
@pytest.mark.once
def test_every_example_gives_what_a_careful_clerk_reads(installed: Path, world: World, cases: dict[str, Path]) -> None:
    found: dict[str, Any] = {}
    wanted: dict[str, Any] = {**READ, **REFUSED}
    for number, path in cases.items():
        said = registry("import", str(path), "--office", "441500", "--dry-run", "--json", "--year", "2021")
        if said.status:
            word = REFUSED.get(number, "")
            found[number] = word if word and word in said.err else said.err
            continue
        told = json.loads(said.out)
        left = {c["heading"]: c["why"] for c in told["columns"] if c["taken"] == "left_out" and c["why"] != "ignored"}
        assert {c["taken"] for c in told["columns"]} <= {"read", "left_out"}
        found[number] = (
            "/".join(str(told[kind.value]) for kind in RowKind),
            len(told["passed"]),
            len(told["doubts"]),
            " ".join(sorted({one["what"] for one in told["assumed"]})),
            left,
        )
    assert {number: one for number, one in found.items() if one != wanted.get(number)} == {}
    assert sorted(found) == sorted(wanted)


# What would be stored of the first row, in yuan.
AMOUNTS: dict[str, dict[str, str]] = {
    "04": {"revenue_last_year": "12000000.00", "revenue_to_date": "9000000.00"},
    "05": {"revenue_last_year": "12000000.00", "revenue_to_date": "9000000.00", "revenue_same_period": "8000000.00"},
    "20": {"revenue_last_year": "120000000.00"},
    "22": {"revenue_last_year": "12000000.00"},
    "23": {"revenue_last_year": "12000000.00"},
    "24": {"revenue_last_year": "12000000.00", "revenue_to_date": "9000000.00"},
    "39": {"revenue_last_year": "12000000.00"},
}


@pytest.mark.parametrize("number", AMOUNTS)
def test_the_amounts_of_an_example_are_those_that_it_says(
    world: World, cases: dict[str, Path], tmp_path: Path, number: str
) -> None:
    path = cases[number]
    batch = uploaded(tmp_path, path.read_bytes(), by="cityoffice", name=path.name)
    assert {figure[0]: figure[-1] for figure in rows(batch)[0].values["figures"]} == AMOUNTS[number]
