"""The four bulletins of the year, made by pages alone; every number of the paper and of its print is reckoned again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from registry.base.errors import RegistryError
from registry.papers import services as printing
from registry.papers.sheets.docx import read_docx
from tests.papers.rendered import pages_of
from tests.year import reckoning
from tests.year.play import Play
from tests.year.story import ACTS, FIRMS, Act

DAY = date(2022, 1, 21)
REASON = "该单位没有在线的经办人员，已电话核对。"
CLERKS = ("haifeng", "lufeng", "chengqu", "luhe", "gaoxin", "industry", "science", "market")
ZONE, ITS_COUNTY = "高新区", "城区"
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")


def issued(play: Play, quarter: str) -> bytes:
    """Drafted, confirmed by whoever has an account, approved by statistics, issued: the paper that is archived."""
    city = play.city.hand("cityoffice").go("/bulletins").press(f"起草{quarter}通报")
    address = city.path
    city.press("送各单位确认").sees("已送各单位确认")
    for name in CLERKS:
        page = play.city.hand(name).go(address)
        if "确认本单位的数字" in page.said():
            page.follow("确认本单位的数字").press("数字无误，确认").sees("已确认本单位的数字")
    play.city.hand("statistics").go(address).fill("批准", {"不等未确认单位的理由": REASON}).sees("已批准")
    city.go(address).fill("印发并存档", {"印发日期": DAY.isoformat()}).sees("已印发并存档")
    return city.take("下载 Word")


def every_number_is_reckoned(content: bytes, quarter: str) -> None:
    read = read_docx(content)
    _the_city(read, quarter)
    _the_places(read, quarter)
    _the_target(read, quarter)


def _the_city(read: list[str], quarter: str) -> None:
    rows = reckoning.directory(quarter)
    moved = reckoning.movements(quarter)
    listed = [row for row in rows if row["阶段"] in reckoning.LISTED]
    text = next(line for line in read if "企业培育名录在库企业" in line)
    assert f"在库企业{len(listed)}家" in text
    for stage, words in ((reckoning.ADMITTED, "在库培育{}家"), (reckoning.QUALIFIED, "达标应入{}家"),
                         (reckoning.ENROLLED, "已入库（四上）{}家")):  # fmt: skip
        _said(text, words, sum(row["阶段"] == stage for row in listed))
    _said(text, "逐级审核{}家", sum(row["阶段"] in (reckoning.FILED, reckoning.IN_CHAIN) for row in listed))
    change = next(line for line in read if line.startswith("本季新入库培育"))
    assert change.startswith(f"本季新入库培育{sum(kind == '新增' for kind, _code in moved)}家")
    _said(change, "合并）{}家", sum(kind == "退出" for kind, _code in moved))
    for what, words in (("file", "申报纳统{}家"), ("confirm", "确认入库（四上）{}家")):
        _said(change, words, len({act.firm for act in _within(quarter) if act.what == what}))


def _said(text: str, words: str, number: int) -> None:
    """The number with its words, or nothing at all where it is nought."""
    found = re.search(re.escape(words).replace(r"\{\}", r"(\d+)"), text)
    assert (int(found[1]) if found else 0) == number, (words, number, text)


def _within(quarter: str) -> list[Act]:
    first, last = reckoning._day_before(quarter), reckoning.last_day(quarter)
    return [act for act in ACTS if first < act.on <= last]


def _the_places(read: list[str], quarter: str) -> None:
    """The table: a zone under its own name and not in its county; the columns add up to the last line."""
    lines = _lines_of(read, "附表1", 9)
    rows = [row for row in reckoning.directory(quarter) if row["阶段"] in reckoning.LISTED]
    expected = {place: sum(row["所属县区"] == place for row in rows) for place in lines if place != "合计"}
    assert {place: int(cells[0]) for place, cells in lines.items() if place != "合计"} == expected
    assert ZONE in lines
    for column in (0, 1, 2, 4, 5, 6, 7):
        parts = [int(cells[column]) for place, cells in lines.items() if place != "合计"]
        assert sum(parts) == int(lines["合计"][column]), column
    assert int(lines["合计"][0]) == len(rows)


def _lines_of(read: list[str], title: str, width: int) -> dict[str, list[str]]:
    """First cell -> the others of each row, the head left out."""
    start = next(number for number, line in enumerate(read) if line.startswith(title)) + 1
    found: dict[str, list[str]] = {}
    for first in range(start + width, len(read), width):
        row = read[first : first + width]
        if not all(_NUMBER.fullmatch(cell) or cell == "--" for cell in row[1:]):
            break
        found[row[0]] = row[1:]
    return found


def _the_target(read: list[str], quarter: str) -> None:
    """Firms confirmed from a month of the year, still enrolled at the quarter's end; who came and who went, by name."""
    now, then = _confirmed(reckoning.last_day(quarter)), _confirmed(reckoning._day_before(quarter))
    text = next(line for line in read if line.startswith("培育科技服务业“四上”企业："))
    assert f"已计{len(now)}家" in text, (quarter, now, text)
    _said(text, "增加{}家", len(now - then))
    _said(text, "减少{}家", len(then - now))


def _confirmed(end: date) -> set[str]:
    lives = reckoning.lives(act for act in ACTS if act.on <= end)
    found = (act for act in ACTS if act.what == "confirm" and act.on <= end and act.given["month"][0] == DAY.year - 1)
    return {act.firm for act in found if lives[act.firm].stage == reckoning.ENROLLED}


def printed_the_same(content: bytes, target: Path, skip: Callable[[str], Any]) -> None:
    """Every paragraph and every cell of the paper stands in its print, on pages of 22 lines at most."""
    try:
        pdf = printing.to_pdf(content)
    except RegistryError as error:
        skip(str(error))
        return
    target.write_bytes(pdf)
    pages = pages_of(target)
    bare = "".join("".join(line.text.split()) for page in pages for line in page.lines)
    texts = [line for line in read_docx(content) if len(line) > 12]
    assert [line for line in texts if "".join(line.split()) not in bare] == []
    assert max(len(page.lines) for page in pages[:2]) <= 22


def names_no_firm(content: bytes) -> None:
    """A bulletin goes to every county: it tells numbers, and no firm."""
    text = "".join(read_docx(content))
    assert [firm.name for firm in FIRMS.values() if firm.name in text or firm.code in text] == []
