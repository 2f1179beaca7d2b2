"""The index of names: it finds what a scan finds, at once, for everybody, and nothing that was taken back."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from unicodedata import normalize

import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, or_, select, text

from registry.base import sqlite
from registry.base.extensions import db
from registry.base.vocabulary import Stage
from registry.duplicates.queries import duplicates
from registry.entries.services import entries
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries import search
from registry.matching import initials
from registry.matching.keys import keys
from registry.matching.normalise import fold, name_key
from registry.names.models import CUTS
from registry.names.queries import grams, neighbours
from registry.names.queries.grams import Rare
from tests.world import NOW, TODAY, World

NAMES = (
    "海丰县云谷软件有限公司",
    "汕尾市云谷A&B科技有限公司",
    "117、陆丰市100%果汁_饮料厂（新增）",
    "海豐縣雲谷（深圳）電子商務有限公司",
    "陆河县3D打印'\"店",
    "Shanwei Yungu (Hai Feng) Co., Ltd.",
    "云",
    "海丰县海丰海丰大酒店",
)
FORMER = "汕尾市红海湾老渔村餐饮店"


@pytest.fixture
def town(world: World) -> World:
    for name in NAMES:
        world.firm(name)
    firm = db.session.scalars(select(Firm)).first()
    assert firm is not None
    db.session.add(FormerName(firm=firm, name=FORMER, recorded_at=NOW, **_kept(FORMER)))
    db.session.flush()
    return world


def _kept(name: str) -> dict[str, str]:
    made = keys(name)
    return {"name_key": made.name_key, "parts_key": made.parts_key, "sound_key": made.sound_key}


def scanned(typed: str) -> set[int]:
    """What looking at every row would find: the meaning of the search, said a second time without any index."""
    folded, code = fold(typed), "".join(normalize("NFKC", typed).upper().split())
    found: list[Any] = [Firm.name.contains(typed, autoescape=True)]
    if folded:
        former = select(FormerName.firm_id).where(FormerName.name_key.contains(folded, autoescape=True))
        found += [Firm.name_key.contains(folded, autoescape=True), Firm.id.in_(former)]
    if code.isascii() and code.isalnum():
        found.append(Firm.credit_code.contains(code))
    if letters := initials.spelt(typed):
        found.append(Firm.initials_key.contains(letters))
    return set(db.session.scalars(select(Firm.id).where(or_(*found))))


def indexed(typed: str) -> set[int]:
    return set(db.session.scalars(select(Firm.id).where(search.containing(typed))))


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "云",
            "司",
            "云谷",
            "谷软",
            "软件有限公司",
            "海丰县云谷软件有限公司",
            "雲谷",
            "雲谷軟件",
            "海丰海丰",
            "A&B",
            "a&b",
        ),
        *(
            "%",
            "_",
            "100%",
            "0%果",
            "汁_饮",
            "（",
            "（新增）",
            "117、",
            "'",
            '"',
            "'\"店",
            "3d打",
            "Co., L",
            "hai feng",
        ),
        *(
            "老渔村",
            "红海湾",
            "4415",
            "hfyg",
            "hfxyg",
            "HFYG",
            "yxgs",
            "hf",
            "91441521MA",
            "MA00000",
            "1",
            "ma",
            "没有这样的",
            "云 谷",
            " ",
            "\\",
            "(",
            "OR",
            "name:",
        ),
    ],
)
def test_a_part_of_a_name_finds_what_a_scan_finds(town: World, typed: str) -> None:
    assert indexed(typed) == scanned(typed)


def test_every_code_and_every_part_of_one_finds_its_firms(town: World) -> None:
    code = db.session.scalars(select(Firm.credit_code)).first() or ""
    for start in range(len(code)):
        for end in range(start + 1, len(code) + 1):
            assert indexed(code[start:end]) == scanned(code[start:end]), code[start:end]


ALPHABET = "海丰豐云谷雲軟软件有限公司県鑫新A&a+b3%_（）(\"'\\ ,.:*^-、·\u200b\U00020bb7é"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.text(ALPHABET, min_size=1, max_size=12), min_size=1, max_size=4), data=st.data())
def test_whatever_the_names_and_whatever_is_typed_the_index_finds_what_a_scan_finds(
    world: World, names: list[str], data: st.DataObject
) -> None:
    """Pieces of the names themselves, so that something is found, and any other text."""
    with db.session.begin_nested() as here:
        for name in names:
            _write(name)
        whole = data.draw(st.sampled_from(names))
        start = data.draw(st.integers(0, len(whole) - 1))
        piece = whole[start : data.draw(st.integers(start + 1, len(whole)))]
        for typed in (piece, name_key(whole), data.draw(st.text(ALPHABET, min_size=1, max_size=4))):
            if typed:
                assert indexed(typed) == scanned(typed), (names, typed)
        here.rollback()


def _write(name: str) -> None:
    """A firm of this name, without what a service would refuse."""
    office = db.session.scalar(text("select id from office where code = '441521'"))
    db.session.add(Firm(name=name, office_id=office, stage_on=TODAY, created_at=NOW, **keys(name)._asdict()))
    db.session.flush()


# -- kept with the name ---------------------------------------------------------------------------
def test_the_index_holds_the_grams_of_the_names_that_are_there_and_no_others(town: World) -> None:
    firm = town.firm("陆丰市甲子海产品有限公司")
    entries.rename(
        town.actor("haifeng"), firm, "陆丰市甲子渔业有限公司", at=NOW, on=TODAY, effective=date(2021, 3, 1), reason="更名"
    )  # fmt: skip
    _write("陆丰市碣石镇渔具店")
    db.session.execute(text("delete from firm where name = '陆丰市碣石镇渔具店'"))
    db.session.execute(text("update firm set name = 'X', name_key = 'X', sound_key = 'X' where name = '云'"))
    for table in ("firm", "former_name"):
        assert held(table) == wanted(table), table


def test_a_second_process_sees_a_new_firm_as_soon_as_it_is_committed(town: World) -> None:
    db.session.commit()
    asked = {"match": 'name : "潮汐"', "grams": "'潮汐'"}
    other = create_engine(
        current_app.config["SQLALCHEMY_DATABASE_URI"], **({"module": sqlite.DRIVER} if _is_sqlite() else {})
    )
    statement = text(
        "select rowid from firm_grams where firm_grams match :match"
        if _is_sqlite()
        else "select id from firm_grams where grams(name, 2) @@ cast(:grams as tsquery)"
    )
    try:
        with other.connect() as connection, sqlite.reading():
            assert connection.execute(statement, asked).all() == []
            connection.rollback()
            firm = town.firm("海丰县潮汐软件有限公司")
            db.session.commit()
            assert connection.execute(statement, asked).scalars().all() == [firm.id]
    finally:
        other.dispose()


def test_what_is_rolled_back_leaves_nothing_behind(town: World) -> None:
    db.session.commit()
    before = held("firm")
    town.firm("海丰县潮汐软件有限公司")
    assert indexed("潮汐") != set()
    db.session.rollback()
    assert (indexed("潮汐"), held("firm")) == (set(), before)


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def wanted(table: str) -> dict[tuple[int, str], list[str]]:
    """Row and text -> its grams, cut here once more from what the table holds."""
    columns = "id, name, name_key, sound_key, " + ("credit_code, initials_key" if table == "firm" else "null, null")
    found = {}
    for row in db.session.execute(text(f"select {columns} from {table}")):
        texts = dict(
            zip(
                ("name", "sound", "typed", "code", "initials"),
                (row[2], row[3], row[1] if row[1] != row[2] else "", row[4], row[5]),
                strict=True,
            )
        )
        for cut in CUTS[table]:
            whole = texts[cut.column] or ""
            if whole:
                found[row[0], cut.column] = [whole[at : at + cut.width] for at in range(len(whole))]
    return _in_capitals(found)


def held(table: str) -> dict[tuple[int, str], list[str]]:
    """The same as the index holds it."""
    found: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    if _is_sqlite():
        db.session.execute(text(f"create virtual table temp.vocabulary using fts5vocab(main, {table}_grams, instance)"))
        rows = db.session.execute(text('select doc, col, term from temp.vocabulary order by doc, col, "offset"')).all()
        db.session.execute(text("drop table temp.vocabulary"))
        for number, column, term in rows:
            found[number, column].append(term)
        return _in_capitals(found)
    for row in db.session.execute(text(f"select * from {table}_grams")).mappings():
        for cut in CUTS[table]:
            whole = row[cut.column] or ""
            if whole:
                found[row["id"], cut.column] = [whole[at : at + cut.width] for at in range(len(whole))]
    return _in_capitals(found)


def _in_capitals(found: Any) -> Any:
    """FTS5 folds the letters, as LIKE does on SQLite."""
    return {place: [gram.upper() for gram in of] for place, of in found.items()}


# -- near names -----------------------------------------------------------------------------------
MEANT = "海丰县云谷软件有限公司"
CROWD = ("陆丰市", "汕尾市", "海丰县", "陆河县")


@pytest.fixture
def crowd(world: World) -> World:
    world.firm(MEANT)
    for number, head in enumerate(("星河", "北辰", "正青", "粤滨", "博铭", "瀚蓝", "启晨", "远拓", "汇鼎", "恒盛")):
        world.firm(f"{CROWD[number % 4]}{head}软件有限公司")
    return world


@pytest.mark.parametrize(
    "typed",
    [
        "海丰县云各软件有限公司",  # one wrong character
        "海豐縣雲谷軟件有限公司",  # traditional
        "海丰县芸古软件有限公司",  # as it sounds
        "云谷软件有限公司",  # without its place
        "云谷（海丰）软件有限公司",  # with its place elsewhere
        "海丰县Yungu软件有限公司",  # in Latin letters
        "海丰县云谷软件",  # without its legal form
        "海丰县云谷软件科技有限公司",  # a word more
    ],
)
def test_the_firm_that_is_meant_is_the_nearest(crowd: World, typed: str) -> None:
    near = neighbours.nearest("firm", name_key(typed), keep=3)
    assert db.session.get_one(Firm, near[0].id).name == MEANT


def test_a_former_name_is_near_like_a_current_one(crowd: World) -> None:
    firm = crowd.firm("海丰县潮汐软件有限公司")
    entries.rename(
        crowd.actor("haifeng"), firm, "海丰县月亮数字有限公司", at=NOW, on=TODAY, effective=date(2021, 3, 1), reason="更名"
    )  # fmt: skip
    db.session.flush()
    found = neighbours.nearest("former_name", name_key("海丰县潮夕软件有限公司"))
    assert db.session.get_one(FormerName, found[0].id).firm_id == firm.id


def test_firms_that_were_voided_take_nobody_s_place(crowd: World) -> None:
    for number in range(4):
        twin = crowd.firm(MEANT, credit_code=None, no_code_reason=f"{number}")
        twin.voided_at = NOW
    db.session.flush()
    near = neighbours.nearest("firm", name_key(MEANT), keep=1, only=Firm.__table__.c.voided_at.is_(None))
    assert db.session.get_one(Firm, near[0].id).voided_at is None


def test_a_name_without_a_pair_has_no_neighbours(crowd: World) -> None:
    assert neighbours.nearest("firm", name_key("云")) == neighbours.nearest("firm", "") == []


def test_no_gram_is_followed_beyond_its_bound(crowd: World) -> None:
    rare = [Rare("name", "公司", 1.0, 4), Rare("name", "云谷", 2.0, 4)]
    assert [one.shared for one in grams.near("firm", rare, keep=10)] == [3.0, 1.0, 1.0, 1.0]


def test_what_is_merely_near_is_no_match_unless_somebody_has_to_look(crowd: World) -> None:
    found = duplicates.candidates("海丰县不相干软件有限公司", None)
    assert [match for match in found if not match.needs_decision and not match.judgement.warning] == []


def test_a_removed_firm_is_near_too(crowd: World) -> None:
    firm = crowd.admitted("海丰县潮汐软件有限公司")
    entries.remove(crowd.actor("cityoffice"), firm, at=NOW, on=TODAY, exit_reason="X04", reason="注销")
    near = neighbours.nearest("firm", name_key("海丰县潮夕软件有限公司"))
    assert (near[0].id, firm.stage) == (firm.id, Stage.REMOVED)
