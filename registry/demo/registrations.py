"""The invented city's register of registered firms: two lists, drawn in July and October, loaded as real ones are."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from registry.base.permissions import Actor
from registry.demo import city
from registry.demo.city import Story, credit_code
from registry.register.services import applying, loads, staging
from registry.register.sheets import open_register

FIRST, SECOND = date(2021, 7, 1), date(2021, 10, 8)
UNKNOWN = 280
"""Firms that are registered and that nobody has named."""
HEADINGS = ("企业名称", "统一社会信用代码", "成立日期", "企业类型", "注册资本", "经营范围", "地区", "住所", "登记状态")
SCOPES = {
    "软件": "软件开发；信息系统集成服务；计算机软硬件销售",
    "检": "检验检测服务；计量服务；技术咨询",
    "知识产权": "知识产权服务；商标代理；专利代理",
    "咨询": "科技中介服务；工程咨询；企业管理咨询",
}
_SERIALS = 60_000

Row = tuple[str, ...]


def load_first(actor: Actor, folder: Path, stories: Sequence[Story], *, at: datetime) -> None:
    """The list of July: most firms of the directory as they are, and those nobody has named."""
    _load(actor, [*_known(stories), *_unknown(folder, UNKNOWN - 30)], as_of=FIRST, whole=False, at=at)


def load_second(actor: Actor, folder: Path, stories: Sequence[Story], *, at: datetime) -> None:
    """The whole list of October: some renamed, moved or with other capital, some gone, some new."""
    rows = [_later(number, row) for number, row in enumerate(_known(stories)) if number % 53]
    _load(actor, [*rows, *_unknown(folder, UNKNOWN)[5:]], as_of=SECOND, whole=True, at=at)


def _known(stories: Iterable[Story]) -> list[Row]:
    """Registrations of the directory's firms; every ninth is not in the regulator's list."""
    return [
        _row(
            story.values["name"], story.values["credit_code"], story.values["founded_on"],
            f"{story.values['capital'] / 10_000:f}万人民币", _scope(story.values["activity"]),
            story.values["registered_address"],
        )
        for number, story in enumerate(stories)
        if number % 9
    ]  # fmt: skip


def _later(number: int, row: Row) -> Row:
    """What a registration says in October; the place in the list decides what has changed."""
    name, code, founded, form, capital, scope, region, address, status = row
    if number % 41 == 7:
        name = name.replace("有限公司", "集团有限公司")
    if number % 17 == 3:
        address = f"{address}三楼"
    if number % 23 == 5:
        capital = "2000万人民币"
    return name, code, founded, form, capital, scope, region, address, status


def _unknown(folder: Path, count: int) -> list[Row]:
    random = Random(city.SEED + 7)  # noqa: S311 - a story, not a secret
    trades, streets, heads = (_read(folder / f"{name}.csv") for name in ("trades", "streets", "trade_names"))
    rows = []
    for serial in range(count):
        trade, street = random.choice(trades), random.choice(streets)
        head = random.choice(heads)["trade_name"] + random.choice(heads)["trade_name"]
        founded = date(2013, 1, 1) + timedelta(days=random.randrange(365 * 8))
        rows.append(
            _row(
                f"{street['prefix']}{head}{trade['words']}{trade['form']}",
                credit_code(_SERIALS + serial, street["office"][:6]),
                founded,
                f"{random.choice((50, 100, 300, 1000))}万人民币",
                _scope(trade["words"]),
                f"{street['place']}{random.randrange(1, 240)}号",
            )
        )
    return rows


def _row(name: str, code: str, founded: date, capital: str, scope: str, address: str) -> Row:
    form = "有限责任公司" if name.endswith("公司") else "合伙企业"
    return name, code, founded.isoformat(), form, capital, scope, "汕尾", address, "存续"


def _scope(activity: str) -> str:
    return next((scope for word, scope in SCOPES.items() if word in activity), activity)


def _load(actor: Actor, rows: Iterable[Row], *, as_of: date, whole: bool, at: datetime) -> None:
    with tempfile.TemporaryDirectory(prefix="registry-") as folder:
        path = Path(folder) / f"市场主体名单{as_of:%Y%m%d}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *rows])
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        load = loads.begin(actor, path, digest, as_of=as_of, whole=whole, at=at)
        with open_register(path) as table:
            for _ in staging.stage(load, table):
                pass
        for _ in applying.apply(actor, load, at=at):
            pass


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
