"""The open pages of the portal with that many released rows, each beside the bare statement with its values read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, text

from bench.city import city
from bench.measure import cost, median_ms
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.matching.normalise import fold
from registry.people.queries import people
from registry.people.services import accounts
from registry.portal.models import PortalSetting, PublicRow
from registry.portal.queries import public
from registry.portal.queries.public import OpenQuery
from registry.portal.rules.catalog import COLLECTIONS, ENTRIES

CHUNK = 5_000
TIMES = 15
WORDS = ("云谷", "青梅", "山海", "碣石", "白鹭", "南斗", "红树", "蓝汐", "木棉", "丰汇", "捷迅", "遮浪")
KINDS = ("软件", "检测", "信息技术", "数据服务", "知识产权代理", "咨询")
FIRST = "select id, key, \"values\" from public_row where collection = 'entries' order by id desc limit 21"
STEP = FIRST.replace("order by", "and id < :after order by")


def figures(folder: Path, rows: int) -> Iterator[str]:
    built = cost(_build, folder, rows)
    yield f"the portal with {rows:,} released rows (SQLite; built in {built.wall:.0f} s; wall of one answer, median)"
    yield from cost(_measured, folder).result


def _build(folder: Path, rows: int) -> None:
    with city(folder):
        accounts.create(
            SYSTEM_ACTOR, username="office", name="office", office=people.office("science"), roles=["city_office"],
            password="Bench-2021-plan", at=clock.now(), must_change=False,
        )  # fmt: skip
        user, random = people.user("office"), Random(2021)
        fields = {ENTRIES: list(COLLECTIONS[ENTRIES].keys)}
        setting = PortalSetting(
            is_on=True, fields=fields, licence_name="x", notice_days=30, document="x", by_id=user.id, by_name="office",
            at=clock.now(),
        )  # fmt: skip
        db.session.add(setting)
        for start in range(0, rows, CHUNK):
            db.session.execute(
                insert(PublicRow), [_row(number, random) for number in range(start, min(start + CHUNK, rows))]
            )
            db.session.commit()


def _row(number: int, random: Random) -> dict[str, Any]:
    name = f"海丰县{random.choice(WORDS)}{random.choice(WORDS)}{number}{random.choice(KINDS)}有限公司"
    values = {"name": name, "county": "海丰县", "industry": f"6510 {random.choice(KINDS)}"}
    return {
        "collection": ENTRIES, "subject": str(number), "key": f"{number:012x}", "values": values,
        "name_key": f"{fold(name)} {fold(values['industry'])}", "place": "海丰县", "facet": values["industry"],
        "digest": hashlib.sha256(json.dumps(values).encode()).hexdigest(), "at": clock.now(),
    }  # fmt: skip


def _measured(folder: Path) -> list[str]:
    with city(folder) as app:
        client, wanted = app.test_client(), str(db.session.scalar(text("select max(id) from public_row")) // 2)
        number = db.session.scalar(text("select name_key from public_row where id = :id"), {"id": int(wanted)})
        rare, common = str(number)[3:12], WORDS[0]
        pairs = (
            ("first page", "/open/entries", OpenQuery(), FIRST, {}),
            (
                "one step on",
                f"/open/entries?after={wanted}",
                OpenQuery(after=int(wanted)),
                STEP,
                {"after": int(wanted)},
            ),
            ("a name that is rare", f"/open/entries?q={rare}", OpenQuery(rare), _search(rare), {}),
            ("a word in one row of six", f"/open/entries?q={common}", OpenQuery(common), _search(common), {}),
        )
        return [_line(client, *pair) for pair in pairs]


def _search(word: str) -> str:
    """The index asked for the pairs of a text one after another, as whoever writes such a statement by hand does."""
    pairs = " + ".join(f'"{word[at : at + 2]}"' for at in range(len(word) - 1))
    held = f"select rowid from public_row_grams where public_row_grams match 'name : {pairs}'"
    return FIRST.replace("order by", f"and id in ({held}) order by")


def _rows(query: OpenQuery) -> None:
    """The rows of a page, as the page asks for them."""
    public.rows(ENTRIES, query, most=21)
    db.session.rollback()


def _line(client: Any, label: str, address: str, query: OpenQuery, statement: str, values: dict[str, Any]) -> str:
    def asked() -> None:
        for _id, _key, kept in db.session.execute(text(statement), values):
            json.loads(kept) if isinstance(kept, str) else kept
        db.session.rollback()

    def answered() -> None:
        assert client.get(address).status_code == 200

    bare, page = median_ms(asked, TIMES), median_ms(answered, TIMES)
    rows, empty = median_ms(lambda: _rows(query), TIMES), median_ms(lambda: client.get("/open/fields"), TIMES)
    return (
        f"  {label:<28} its rows {rows:8.2f} ms | bare statement {bare:8.2f} ms | ratio {rows / bare:5.2f}"
        f" | whole page {page:6.1f} ms, of which a page without rows {empty:5.1f} ms"
    )
