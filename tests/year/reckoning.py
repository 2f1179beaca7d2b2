"""What every export of a quarter must print, reckoned from the raw inputs by arithmetic of its own.

Nothing of the product is used here but the words of its headings: stages follow from the acts, lines and tiers from
the standard typed into the story, sums from adding up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from tests.year.story import ACTS, FIRMS, Act, Firm

ADMITTED, QUALIFIED, FILED = "在库培育", "达标应入", "已申报纳统"
IN_CHAIN, ENROLLED, REMOVED, DELISTED = "逐级审核", "已入库（四上）", "出库", "退库"
LISTED = (ADMITTED, QUALIFIED, FILED, IN_CHAIN, ENROLLED)
GONE = (REMOVED, DELISTED)
ENDS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


def last_day(quarter: str) -> date:
    year, number = int(quarter[:4]), int(quarter[5])
    return date(year, *ENDS[number])


def closed_on(quarter: str) -> date:
    return next(act.on for act in ACTS if act.what == "close" and act.given["quarter"] == quarter)


@dataclass
class Life:
    """One firm as the acts made it up to a day; `steps` are (day, stage), in order."""

    firm: Firm
    name: str
    office: str
    county: str
    steps: list[tuple[date, str]] = field(default_factory=list)
    figures: dict[tuple[int, int], Decimal] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        return self.steps[-1][1] if self.steps else ""

    def to(self, on: date, stage: str) -> None:
        if self.stage != stage:
            self.steps.append((on, stage))


STEPS = {"admit": ADMITTED, "file": FILED, "confirm": ENROLLED, "remove": REMOVED, "delist": DELISTED}


def lives(acts: Iterable[Act]) -> dict[str, Life]:
    """Every firm as these acts left it."""
    found: dict[str, Life] = {}
    for act in acts:
        firm = FIRMS.get(act.firm)
        if firm is None:
            continue
        life = found.setdefault(firm.key, Life(firm, firm.name, firm.office, firm.county))
        _apply(life, act)
    return found


def _apply(life: Life, act: Act) -> None:
    given = act.given
    if act.what in STEPS:
        life.to(act.on, STEPS[act.what])
    elif act.what == "passes":
        life.to(act.on, IN_CHAIN)
    elif act.what == "fails":
        life.to(act.on, QUALIFIED)
    elif act.what == "rename":
        life.name = given["name"]
    elif act.what == "decide" and given["granted"]:
        life.office = life.county = "海丰县"
    elif act.what == "figure" and given.get("kind", "营业收入") == "营业收入":
        life.figures[given["period"]] = Decimal(given["wan"])
    if life.stage == ADMITTED and _reached(life, act.on):
        life.to(act.on, QUALIFIED)


def _reached(life: Life, on: date) -> bool:
    """This year's cumulative figure alone brings a firm to its line."""
    this_year = [amount for (year, month), amount in life.figures.items() if year == on.year and month]
    return bool(this_year) and max(this_year) >= life.firm.line


# -- the directory of a quarter -------------------------------------------------------------------
def directory(quarter: str) -> list[dict[str, Any]]:
    """A row a firm by the headings of the export, money in 万元; of firms listed on the last day, and gone within."""
    end = last_day(quarter)
    stood = lives(act for act in ACTS if act.on <= end)
    known = lives(act for act in ACTS if act.on <= closed_on(quarter))
    rows = []
    for key, life in stood.items():
        if life.stage in LISTED or (life.stage in GONE and _within(life.steps[-1][0], quarter)):
            rows.append(_row(life, known[key].figures, end))
    return rows


def _within(day: date, quarter: str) -> bool:
    return (day.year, (day.month + 2) // 3) == (int(quarter[:4]), int(quarter[5]))


def _row(life: Life, figures: dict[tuple[int, int], Decimal], end: date) -> dict[str, Any]:
    firm = life.firm
    months = sorted(month for year, month in figures if year == end.year and 0 < month <= end.month)
    to_date = figures[(end.year, months[-1])] if months else None
    last_year = figures.get((end.year - 1, 0))
    return {
        "企业名称": life.name,
        "统一社会信用代码": firm.code,
        "所属县区": firm.division or life.county,
        "行业代码": firm.label,
        "上年营业收入": last_year,
        "本年累计营业收入": to_date,
        "截至月份": f"{end.year}-{months[-1]:02}" if months else None,
        "四上标准": Decimal(firm.line),
        "达标率": _share(to_date, firm.line),
        "档": _tier([_share(amount, firm.line) for amount in (to_date, last_year)]),
        "牵头部门": firm.bureau,
        "阶段": life.stage,
        "阶段日期": life.steps[-1][0],
        "填报单位": life.office,
    }


def _share(amount: Decimal | None, line: int) -> Decimal | None:
    return None if amount is None else (amount / line).quantize(Decimal("0.0001"), ROUND_FLOOR)


def _tier(shares: Sequence[Decimal | None]) -> str | None:
    known = [share for share in shares if share is not None]
    if not known:
        return None
    best = max(known)
    return "A" if best >= 1 else "B" if best >= Decimal("0.8") else "C" if best >= Decimal("0.5") else "D"


# -- sums -----------------------------------------------------------------------------------------
def by_stage(rows: list[dict[str, Any]]) -> dict[str, tuple[int, int, Decimal]]:
    """Stage -> firms, firms that reported, their revenue to date."""
    return {stage: _sums([row for row in rows if row["阶段"] == stage]) for stage in (*LISTED, *GONE)}


def by_county(rows: list[dict[str, Any]]) -> dict[str, tuple[int, int, Decimal]]:
    """County -> the same; a zone's firms count in its statistical county."""
    counties = {row["统一社会信用代码"]: _county(row) for row in rows}
    return {
        county: _sums([row for row in rows if counties[row["统一社会信用代码"]] == county])
        for county in ("城区", "海丰县", "陆河县", "陆丰市")
    }


def _county(row: dict[str, Any]) -> str:
    return "城区" if row["所属县区"] == "高新区" else str(row["所属县区"])


def _sums(rows: list[dict[str, Any]]) -> tuple[int, int, Decimal]:
    amounts = [row["本年累计营业收入"] for row in rows if row["本年累计营业收入"] is not None]
    return len(rows), len(amounts), sum(amounts, Decimal(0))


# -- what the quarter changed ---------------------------------------------------------------------
def movements(quarter: str) -> set[tuple[str, str]]:
    """(kind, code) of who came, left and moved, by comparing the two ends and the days between."""
    end, before = last_day(quarter), _day_before(quarter)
    now, then = _stages(end), _stages(before)
    found = set()
    for key, stage in now.items():
        was, code = then.get(key, ""), FIRMS[key].code
        if stage in LISTED and was not in LISTED:
            found.add(("新增", code))
        elif stage in GONE and was in LISTED:
            found.add(("退出", code))
        elif stage in LISTED and stage != was:
            found.add(("跃迁", code))
    return found


def _stages(day: date) -> dict[str, str]:
    return {key: life.stage for key, life in lives(act for act in ACTS if act.on <= day).items()}


def _day_before(quarter: str) -> date:
    number = int(quarter[5])
    return last_day(f"{quarter[:5]}{number - 1}") if number > 1 else date(int(quarter[:4]) - 1, 12, 31)


SECTIONS = {
    "64": ("I 信息传输、软件和信息技术服务业", "64 互联网和相关服务"),
    "65": ("I 信息传输、软件和信息技术服务业", "65 软件和信息技术服务业"),
    "74": ("M 科学研究和技术服务业", "74 专业技术服务业"),
    "75": ("M 科学研究和技术服务业", "75 科技推广和应用服务业"),
}


def by_industry(rows: list[dict[str, Any]]) -> dict[str, tuple[int, int, Decimal]]:
    """Section and division -> firms, firms that reported, their revenue to date."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        for label in SECTIONS[row["行业代码"][:2]]:
            found.setdefault(label, []).append(row)
    return {label: _sums(members) for label, members in found.items()}


def of_stage(rows: list[dict[str, Any]], label_of: Any) -> dict[str, dict[str, int]]:
    """Label -> stage -> firms, for the cross tables."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        for label in label_of(row):
            cells = found.setdefault(label, dict.fromkeys((*LISTED, *GONE), 0))
            cells[row["阶段"]] += 1
    return found


def counties_of(row: dict[str, Any]) -> tuple[str, ...]:
    return (_county(row), f"其中：{row['所属县区']}") if row["所属县区"] != _county(row) else (_county(row),)


def industries_of(row: dict[str, Any]) -> tuple[str, ...]:
    return SECTIONS[row["行业代码"][:2]]
