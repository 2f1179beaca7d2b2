"""A file of reference data that does not fit is refused with file, row and column, and nothing of any file is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from registry.base.extensions import db
from registry.config import ROOT
from registry.reference.models import Division, Threshold
from registry.rulesets.rules.loaded import Loaded
from registry.seeding.services import seeds
from registry.seeding.services.seeds import SeedsRefused
from tests.seeding.test_seeds import PROOF, add, change, everything, folder
from tests.world import World

__all__ = ["folder"]

LINE = "SVC-2000-I,1,statutory,规模以上服务业（信息传输、软件和信息技术服务业）,I,revenue,20000000.00,,2019,,2020-01-01"
TIER = "tier.b,0.80,2021-01-01,,B档下限（达标率）"


def refused(folder: Path) -> list[str]:
    """The sentences of the refusal; everything else is as it was."""
    before = everything()
    with pytest.raises(SeedsRefused) as refusal:
        seeds.load(folder)
    assert everything() == before
    return [fault.sentence() for fault in refusal.value.faults]


@pytest.mark.once
def test_a_mistyped_heading_is_refused_with_its_column_and_what_it_should_be(world: World, folder: Path) -> None:
    change(folder, "thresholds.csv", "amount_yuan", "amount_yuen")
    assert refused(folder) == [
        "thresholds.csv 1:G amount_yuen: 没有名为“amount_yuen”的列，请改成：amount_yuan。",
        "thresholds.csv 1 amount_yuan: 缺少列“amount_yuan”，请按原文件的标题行补上。",
    ]


@pytest.mark.once
def test_a_heading_that_is_missing_or_there_twice_is_refused(world: World, folder: Path) -> None:
    change(folder, "offices.csv", "code,name,short_name,kind", "code,name,name,kind")
    assert refused(folder) == [
        "offices.csv 1:C name: 列“name”出现了两次，请删去一列。",
        "offices.csv 1 short_name: 缺少列“short_name”，请按原文件的标题行补上。",
    ]


@pytest.mark.once
@pytest.mark.parametrize(
    "name, before, after, said",
    [
        # units
        ("thresholds.csv", LINE, LINE.replace("20000000.00", "2000"),
         "thresholds.csv 9:G amount_yuan: 2000 元不像一条标准：本列的单位是元，请核对是否写成了万元，或多写了零。"),
        ("thresholds.csv", LINE, LINE.replace("20000000.00", "2000万"),
         "thresholds.csv 9:G amount_yuan: “2000万”带有单位或百分号，请按本列的单位只写数字，金额一律按元。"),
        ("thresholds.csv", LINE, LINE.replace("20000000.00", "200000000000.00"),
         "thresholds.csv 9:G amount_yuan: 200000000000.00 元不像一条标准：本列的单位是元，请核对是否写成了万元，或多写了零。"),
        ("thresholds.csv", "HOT,1,statutory,限额以上住宿和餐饮业,H,main_revenue,2000000.00",
         "HOT,1,statutory,限额以上住宿和餐饮业,H,main_revenue,2000000000.00",
         "thresholds.csv 6:G amount_yuan: 2000000000.00 元与已发布的 2000000.00 元相差 1000 倍，请核对单位是元还是万元。"),
        ("thresholds.csv", LINE, LINE.replace("20000000.00", '"20,000,000.00"'),
         "thresholds.csv 9:G amount_yuan: “20,000,000.00”不是金额，请按元填写，只写数字和小数点，至多两位小数。"),
        ("parameters.csv", TIER, TIER.replace("0.80", "80%"),
         "parameters.csv 3:B value: “80%”带有单位或百分号，请按本列的单位只写数字，金额一律按元。"),
        ("parameters.csv", TIER, TIER.replace("0.80", "80"),
         "parameters.csv 3:B value: 请填写大于 0、不超过 1 的比例，例如 0.80 表示 80%。"),
        ("parameters.csv", "review.days,3,", "review.days,3天,",
         "parameters.csv 5:B value: “3天”带有单位或百分号，请按本列的单位只写数字，金额一律按元。"),
        ("parameters.csv", "revenue.jump,50,", "revenue.jump,many,", "parameters.csv 7:B value: “many”不是数字，请只写数字和小数点，至多四位小数。"),
        # parents
        ("divisions.csv", "441521101,梅陇镇,梅陇,town,441521,", "441521101,梅陇镇,梅陇,town,441599,",
         "divisions.csv 20:E parent: “441599”在 divisions.csv 中没有，请先补上或改正。"),
        ("offices.csv", "海丰县,county,441521,", "海丰县,county,441522,",
         "offices.csv 4:E division: “441522”在 divisions.csv 中没有，请先补上或改正。"),
        ("routing.csv", "63,industry,", "63,industrie,",
         "routing.csv 3:B lead: “industrie”在 offices.csv 中没有，请先补上或改正。"),
        ("parameters.csv", "exit.bar_reasons,X07,", "exit.bar_reasons,X77,",
         "parameters.csv 8:B value: “X77”在 exit_reasons.csv 中没有，请先补上或改正。"),
        ("thresholds.csv", LINE, LINE.replace(",I,", ",I 9999,"),
         "thresholds.csv 9:E industry_prefixes: “9999”在 industries.csv 中没有，请先补上或改正。"),
        # dates
        ("materials.csv", "always,yes,yes,,,福田", "always,yes,yes,2022-01-01,2021-01-01,福田",
         "materials.csv 2:H valid_to: 起始“2022-01-01”晚于终止“2021-01-01”。"),
        ("thresholds.csv", LINE, LINE.replace("2020-01-01", "2020-02-30"),
         "thresholds.csv 9:K periodic_from: “2020-02-30”不是日期，请按 2021-10-15 的格式填写。"),
        ("parameters.csv", TIER, TIER.replace(",,B", ",2021-12-31,B") + ",自拟,no\ntier.b,0.70,2021-07-01,,B档下限",
         "parameters.csv 4:C valid_from: tier.b 的前一版到 2021-12-31 才终止，与这一版重叠。"),
        ("thresholds.csv", LINE, LINE.replace("SVC", "AAA"),
         "thresholds.csv 9:E industry_prefixes: 行业“I”同一时期另有 SVC-2000-I 的标准，无法判断适用哪一条。"),
        # cells
        ("materials.csv", "always,yes,yes,,,福田", "always,true,yes,,,福田", "materials.csv 2:E sealed: “true”不是 yes 或 no。"),
        ("thresholds.csv", LINE, LINE.replace(",1,", ",一,"),
         "thresholds.csv 9:B version: “一”不是整数，请只写数字，不带单位和千分位。"),
        ("industries.csv", "2017,01,农业", "2017,1,农业", "industries.csv 3:B code: “1”不是这一列的代码，开头的 0 是否丢失？"),
        ("offices.csv", "海丰县,county,", "海丰县,countie,",
         "offices.csv 4:D kind: “countie”不在可填的范围内：bureau、county、leadership、statistics、system、tax、zone。"),
        ("parameters.csv", TIER, "demo.today,2021-10-15,2021-10-15,,B档下限（达标率）",
         "parameters.csv 3:A key: 以“demo.”开头的参数只属于演示数据，不能由文件载入。"),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_fit_is_refused_with_its_place(
    world: World, folder: Path, name: str, before: str, after: str, said: str
) -> None:
    if "AAA" in after:  # the line it doubles stays where it is
        after = f"{after},,国统字〔2019〕101号,yes{PROOF}\n{before}"
        said = "thresholds.csv 10:E industry_prefixes: 行业“I”同一时期另有 AAA-2000-I 的标准，无法判断适用哪一条。"
    change(folder, name, before, after)
    assert said in refused(folder)


@pytest.mark.once
def test_a_key_that_is_doubled_or_empty_is_refused(world: World, folder: Path) -> None:
    add(folder, "return_reasons.csv", "R01,又一条,,,自拟,no")
    add(folder, "return_reasons.csv", ",再一条,,,自拟,no")
    assert refused(folder) == [
        "return_reasons.csv 17:A code: 不能为空。",
        "return_reasons.csv 16:A code: 与第2行的编号“R01”重复，请删去一行。",
    ]


def test_all_faults_of_all_files_are_listed_at_once(world: World, folder: Path) -> None:
    change(folder, "thresholds.csv", LINE, LINE.replace("20000000.00", "2000万"))
    change(folder, "offices.csv", "海丰县,county,441521,", "海丰县,county,,")
    (folder / "routing.csv").unlink()
    assert [fault.partition(":")[0] for fault in refused(folder)] == [
        "offices.csv 4",
        "thresholds.csv 9",
        "routing.csv",
    ]


def test_another_city_is_refused_with_the_reason(world: World, folder: Path) -> None:
    (folder / "divisions.csv").write_text(
        "code,name,short_name,level,parent,statistical_county,excluded_reason,valid_from,valid_to,successor,source,clause,checked_on\n"
        f"441400,梅州市,梅州,city,,,,,,,名单{PROOF}\n441402,梅江区,梅江,county,441400,441402,,,,,名单{PROOF}\n",
        encoding="utf-8",
    )
    assert (
        "divisions.csv 2:A code: 这是梅州市（441400）的区划，本库已是汕尾市（441500）：一个库只装一个城市，请另建一个库。"
        in refused(folder)
    )


def test_a_second_city_beside_the_first_is_refused(world: World, folder: Path) -> None:
    add(folder, "divisions.csv", "441400,梅州市,梅州,city,,,,,,,名单")
    assert refused(folder) == ["divisions.csv 73:D level: 应当恰好有一个城市（level 为 city），这里有 2 个。"]


def test_an_empty_database_takes_nothing_of_a_folder_with_a_fault(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.rollback()
    db.engine.dispose()
    monkeypatch.setenv("REGISTRY_MAY_LOSE", "seals")
    downgrade(directory=str(ROOT / "migrations"), revision="base")
    upgrade(directory=str(ROOT / "migrations"))
    change(folder, "register_words.csv", "sector,position", "sector,positon")
    assert len(refused(folder)) == 2
    assert (seeds.is_filled(), db.session.scalar(select(func.count(Division.code)))) == (False, 0)
    seeds.load(ROOT / "seeds")
    assert (seeds.is_filled(), db.session.scalar(select(func.count(Threshold.rule_id)))) == (True, 20)


# -- what programmes for tables do to a file ------------------------------------------------------
@pytest.mark.once
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_file_in_another_encoding_says_the_same_and_the_encoding_is_told(
    world: World, folder: Path, encoding: str
) -> None:
    file = folder / "parameters.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
    loaded = {one.file: one for one in seeds.load(folder)}
    assert loaded["parameters.csv"] == Loaded("parameters.csv", 0, 42, encoding=encoding)


@pytest.mark.once
def test_a_file_saved_by_wps_with_commas_blank_lines_and_its_own_dates_says_the_same(
    world: World, folder: Path
) -> None:
    file = folder / "parameters.csv"
    lines = file.read_text(encoding="utf-8").replace("2021-01-01", "2021/1/1").splitlines()
    file.write_text("\r\n".join(f"{line},," for line in lines) + "\r\n,,,,,,,,\r\n\r\n", encoding="utf-8")
    loaded = {one.file: one for one in seeds.load(folder)}
    assert loaded["parameters.csv"] == Loaded("parameters.csv", 0, 42)


@pytest.mark.once
def test_content_beside_the_columns_is_refused_and_not_dropped(world: World, folder: Path) -> None:
    change(folder, "parameters.csv", "2026-11-24\ntier.b", "2026-11-24,备注\ntier.b")
    assert refused(folder) == ["parameters.csv 2:J: 这一行比标题行多出内容“备注”，请检查逗号和引号。"]
