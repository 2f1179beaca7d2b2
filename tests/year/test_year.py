"""A full year of an invented city through its pages alone: every number of every export is reckoned a second time."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.terminal import registry
from tests.year import bulletins, printed, reckoning
from tests.year.play import WITHOUT, Play
from tests.year.story import ACTS, FIRMS, Act

QUARTERS = ("2021Q1", "2021Q2", "2021Q3", "2021Q4")


def exported(play: Play, quarter: str, username: str = "statistics") -> bytes:
    return play.city.hand(username).go(f"/quarters/{quarter}").take("导出工作簿")


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    """A printed row with its cells as values: money in 万元, shares exact."""
    read = {
        "上年营业收入": printed.wan, "本年累计营业收入": printed.wan, "四上标准": printed.wan,
        "达标率": printed.share, "阶段日期": printed.day,
    }  # fmt: skip
    return {
        heading: None if cell in (None, "", "--") else read[heading](cell) if heading in read else str(cell)
        for heading, cell in row.items()
    }


def reckoned(row: dict[str, Any]) -> dict[str, Any]:
    money = ("上年营业收入", "本年累计营业收入", "四上标准")
    return {key: Decimal(value).quantize(printed.FEN) if key in money and value is not None else value
            for key, value in row.items()}  # fmt: skip


# One test, for the year takes its time: what it proves stands in the names of its parts.
@pytest.mark.slow
def test_a_year_by_its_pages_alone_and_the_same_for_ever(
    app: Flask, installed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    year = Play(app).run()
    taken = {quarter: exported(year, quarter) for quarter in QUARTERS}
    for quarter, content in taken.items():
        _every_number_is_what_the_raw_inputs_make(content, quarter)
    _a_late_correction_is_told_in_the_next_quarter(taken["2021Q4"])
    _each_county_reads_its_own_rows_only(year)
    _four_bulletins(year, tmp_path)
    monkeypatch.setenv("REGISTRY_TODAY", "2022-03-14")
    told = {day: _replayed(day) for day in ("2021-03-31", "2021-09-30", "2021-12-31")}
    differences = _differences("2021Q2", "2021Q3")
    _the_diff_is_by_identity(differences)
    _the_year_after(year)
    assert {quarter: exported(year, quarter) for quarter in QUARTERS} == taken
    assert {day: _replayed(day) for day in told} == told
    assert _differences("2021Q2", "2021Q3") == differences
    for quarter in QUARTERS:
        assert registry("verify-quarter", quarter).status == 0


def _four_bulletins(year: Play, folder: Path) -> None:
    year.city.on(bulletins.DAY)
    papers = {quarter: bulletins.issued(year, quarter) for quarter in QUARTERS}
    for quarter, content in papers.items():
        bulletins.every_number_is_reckoned(content, quarter)
        bulletins.names_no_firm(content)
        bulletins.printed_the_same(content, folder / f"{quarter}.pdf", pytest.skip)


def _every_number_is_what_the_raw_inputs_make(content: bytes, quarter: str) -> None:
    rows = reckoning.directory(quarter)
    _the_directory_agrees(content, rows)
    _the_sums_agree(content, rows)
    _the_changes_agree(content, quarter)
    _the_offices_agree(content, quarter, rows)


def _the_offices_agree(content: bytes, quarter: str, rows: list[dict[str, Any]]) -> None:
    """Each office certified its firms, those it named and those it is in charge of; one had not, and it says why."""
    names = {row[key] for row in rows for key in ("填报单位", "牵头部门")}
    expected = {
        name: (sum(name in (row["填报单位"], row["牵头部门"]) for row in rows), *_how(name, quarter)) for name in names
    }
    lines = printed.table(printed.sheets(content)["确认情况"], "企业数")
    assert {line["单位"]: (line["企业数"], line["状态"], line["说明"]) for line in lines} == expected


def _how(name: str, quarter: str) -> tuple[str, str | None]:
    if (name, quarter) == ("陆河县", "2021Q3"):
        return "未确认", f"未经确认即冻结的原因：{WITHOUT}"
    return "已确认", None


def _the_directory_agrees(content: bytes, rows: list[dict[str, Any]]) -> None:
    wanted = {row["统一社会信用代码"]: reckoned(row) for row in rows}
    headings = tuple(rows[0])
    found = {
        str(row["统一社会信用代码"]): {heading: comparable(row)[heading] for heading in headings}
        for row in printed.directory(content)
    }
    assert found == wanted


def _the_sums_agree(content: bytes, rows: list[dict[str, Any]]) -> None:
    lines = {label: sums for label, *sums in printed.totals(content)}
    last_year = sum((row["上年营业收入"] for row in rows if row["上年营业收入"] is not None), Decimal(0))
    to_date = sum((row["本年累计营业收入"] for row in rows if row["本年累计营业收入"] is not None), Decimal(0))
    assert lines[f"合计（{len(rows)} 家）"] == [last_year.quantize(printed.FEN), to_date.quantize(printed.FEN)]
    tables = printed.sheets(content)
    for sheet, first, labels in (
        ("按县区汇总", "县", reckoning.counties_of),
        ("按行业汇总", "行业门类、大类", reckoning.industries_of),
    ):
        _a_cross_table_agrees(tables[sheet], rows, labels, first)
    stages = {row["阶段"]: row for row in printed.table(tables["按阶段汇总"], "阶段")}
    for stage, (firms, reported, revenue) in reckoning.by_stage(rows).items():
        line = stages[stage]
        assert (line["企业数"], line["其中有营业收入数据"]) == (firms, reported), stage
        assert _money(line["本年累计营业收入"]) == (revenue.quantize(printed.FEN) if reported else None), stage


def _a_cross_table_agrees(sheet: list[list[Any]], rows: list[dict[str, Any]], labels: Any, first: str) -> None:
    lines = {str(line[first]).strip(): line for line in printed.table(sheet, first)}
    for label, cells in reckoning.of_stage(rows, labels).items():
        members = [row for row in rows if label in labels(row)]
        line = lines[label]
        assert {stage: line[stage.split("（")[0]] for stage in cells} == cells, label
        assert line["企业数"] == len(members), label
        assert line["其中季末在库"] == sum(row["阶段"] in reckoning.LISTED for row in members), label
        known = [row["本年累计营业收入"] for row in members if row["本年累计营业收入"] is not None]
        assert line["其中有营业收入数据"] == len(known), label
        assert _money(line["本年累计营业收入"]) == sum(known, Decimal(0)).quantize(printed.FEN), label
    assert lines["合计"]["企业数"] == len(rows)


def _money(cell: Any) -> Decimal | None:
    return None if cell in (None, "--") else printed.wan(cell)


KINDS = {"新增（入库）": "新增", "退出（出库）": "退出", "跃迁": "跃迁"}


def _the_changes_agree(content: bytes, quarter: str) -> None:
    lines = printed.table(printed.sheets(content)["本季变化"], "变化")
    found = {(KINDS[line["变化"]], line["统一社会信用代码"]) for line in lines if line["变化"] in KINDS}
    assert found == reckoning.movements(quarter)


def _a_late_correction_is_told_in_the_next_quarter(content: bytes) -> None:
    """A figure of June, corrected in October: the quarters it was frozen in stay, the fourth says so."""
    lines = printed.table(printed.sheets(content)["本季变化"], "变化")
    told = [
        (line["统一社会信用代码"], printed.day(line["日期"]), line["变化前"], line["变化后"], line["原因"])
        for line in lines
        if line["变化"] == "更正"
    ]
    assert told == [(FIRMS["qingfan"].code, date(2021, 10, 14), "700.00", "690.00", "原凭证看错一行")]


def _each_county_reads_its_own_rows_only(year: Play) -> None:
    """A frozen quarter shows a county what was its own then, the ledger as of that day what still is; no firm more."""
    now = {life.firm.code: life.county for life in reckoning.lives(ACTS).values()}
    for quarter in QUARTERS:
        rows = reckoning.directory(quarter)
        day = reckoning.last_day(quarter)
        listed = {row["统一社会信用代码"] for row in rows if row["阶段"] in reckoning.LISTED}
        for clerk, county in (("haifeng", "海丰县"), ("lufeng", "陆丰市"), ("luhe", "陆河县")):
            then = {row["统一社会信用代码"] for row in rows if row["所属县区"] == county}
            assert _codes_on(year, clerk, f"/quarters/{quarter}", rows) <= then, (quarter, clerk)
            still = {code for code in then & listed if now[code] == county}
            assert _codes_on(year, clerk, f"/firms?as_of={day}", rows) == still, (quarter, clerk)


def _codes_on(year: Play, clerk: str, path: str, rows: list[dict[str, Any]]) -> set[str]:
    said = year.city.hand(clerk).go(path).said()
    return {row["统一社会信用代码"] for row in rows if row["统一社会信用代码"] in said}


# -- from the command line ------------------------------------------------------------------------
def _replayed(day: str) -> str:
    said = registry("replay", "--as-of", day, "--json")
    assert said.status == 0, said.err
    json.loads(said.out)
    return said.out


def _differences(first: str, second: str) -> dict[str, Any]:
    said = registry("diff", first, second, "--json")
    assert said.status == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def _the_diff_is_by_identity(found: dict[str, Any]) -> None:
    """In the third quarter one firm left and one was renamed; nobody's number hides behind a total."""
    text = json.dumps(found, ensure_ascii=False)
    for key in ("qingmei", "yungu"):
        assert FIRMS[key].code in text, key
    assert "海丰县云谷智能软件有限公司" in text


# -- the year after -------------------------------------------------------------------------------
def _the_year_after(year: Play) -> None:
    """March 2022: new figures, corrections of old ones, a new name, and another line for the years to come."""
    year.city.on(date(2022, 3, 14))
    year.city.records("haifeng", FIRMS["qingfan"].name, (2022, 2), "400")
    year.city.records("haifeng", FIRMS["qingfan"].name, (2021, 9), "1310", reason="补记一笔收入")
    year.city.records("chengqu", FIRMS["jiance"].name, (2020, 0), "1090.50", reason="审计调整")
    year.rename(Act(date(2022, 3, 14), "rename", "jiazi", {"name": "海丰县甲子数据服务有限公司"}), FIRMS["jiazi"])
    _another_line_from_next_year(year)


def _another_line_from_next_year(year: Play) -> None:
    """Prepared by one person, published by another."""
    page = year.city.hand("statistics").go("/rulesets?kind=statutory").press("起草新版本").follow("修改")
    page.fill(
        "保存", {"标题": "2023年起的四上标准", "施行日期": "2023-01-01", "年度数起始年度": "2022", "依据": "（虚构）"}
    )
    address = page.path
    line = next(link for link in page.page.iter("a") if "SVC-2000-I" in (link.get("href") or ""))
    page.go(line.get("href")).fill("保存", {"标准": "2500"})
    page.go(address).press("提交核对")
    checker = year.city.hand("cityoffice").go(address)
    checker.fill("确定", {"发布：按施行日期生效，原版本到前一日止": True, "核对意见": "与文件一致"}).sees("已发布")
