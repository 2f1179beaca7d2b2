"""The chain of acts: complete under writers at once, and every way of tampering found and located."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.trail.models import TrailEntry, TrailHead
from registry.trail.services import trail
from registry.trail.services.trail import Act, Verification
from tests.world import NOW, World

FIELDS = {
    "actor_name": "别人",
    "office_code": "441581",
    "verb": "admit",
    "subject_id": 4711,
    "subject_label": "陆丰市别家软件有限公司",
    "after": {"number": -1},
    "before": {"number": -1},
    "reason": "补写的理由",
    "source": "别的文件.xlsx",
    "at": NOW + timedelta(days=1),
}


@pytest.fixture
def chain(world: World) -> int:
    """Thirty acts more; the last row's sequence."""
    for number in range(30):
        act = Act(
            "edit", "firm", number + 1, "海丰县云谷软件有限公司", {"number": number}, {"number": number + 1}, "更正"
        )
        trail.record_all(world.actor("haifeng"), [act], at=NOW)
    db.session.commit()
    return db.session.scalars(select(TrailHead.seq)).one()


@pytest.fixture
def unguarded(chain: int) -> int:
    """Somebody with full power over the database has taken the triggers away."""
    if db.engine.dialect.name == "sqlite":
        for name in ("trail_entry_no_update", "trail_entry_no_delete"):
            db.session.execute(text(f"drop trigger {name}"))
    else:
        db.session.execute(text("alter table trail_entry disable trigger user"))
    db.session.commit()
    return chain


def found() -> tuple[int | None, str]:
    db.session.commit()
    result = trail.verify()
    return result.broken, result.fault


def rehash(start: int) -> None:
    """Compute every hash anew from `start` on, head and all: the perfect forger."""
    rows = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq)).all()
    previous = rows[start - 2].hash if start > 1 else trail.GENESIS
    for row in rows[start - 1 :]:
        row.previous_hash = previous
        row.hash = previous = trail.digest(trail.hashed(row), previous)
    db.session.execute(update(TrailHead).values(seq=rows[-1].seq, hash=previous))
    db.session.commit()


# -- whole ----------------------------------------------------------------------------------------
def test_the_chain_holds_and_says_what_to_note_down(chain: int) -> None:
    head = db.session.execute(select(TrailHead.seq, TrailHead.hash)).one()
    result = trail.verify()
    assert result == Verification(chain, head.hash)
    assert result.anchor == f"{chain}:{head.hash}"


def test_writers_at_once_leave_one_chain_without_a_gap(app: Flask) -> None:
    def write(number: int) -> None:
        with app.app_context():
            trail.record(SYSTEM_ACTOR, "edit", "reference", at=NOW, after={"number": number})
            db.session.commit()

    with app.app_context():
        before = trail.verify().rows
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    with app.app_context():
        result = trail.verify()
    assert (result.rows, result.broken) == (before + 24, None)


def test_a_reader_of_the_head_appends_after_others_did(app: Flask, world: World) -> None:
    db.session.scalars(select(TrailHead)).one()
    db.session.commit()
    kept = db.session.scalars(select(TrailHead)).one()
    seq = kept.seq
    db.session.commit()
    with app.app_context():
        trail.record(SYSTEM_ACTOR, "edit", "reference", at=NOW)
        db.session.commit()
    trail.record(SYSTEM_ACTOR, "edit", "reference", at=NOW)
    db.session.commit()
    assert (kept.seq, trail.verify().broken) == (seq + 2, None)


def test_an_act_that_is_rolled_back_leaves_no_trace(chain: int) -> None:
    trail.record(SYSTEM_ACTOR, "edit", "reference", at=NOW)
    db.session.rollback()
    assert trail.verify().rows == chain


def test_the_database_itself_refuses_change_and_removal(chain: int) -> None:
    for statement in (
        update(TrailEntry).values(reason="改"),
        update(TrailEntry).where(TrailEntry.seq == chain).values(hash="0" * 64),
        delete(TrailEntry),
        delete(TrailEntry).where(TrailEntry.seq == chain),
    ):
        with pytest.raises(DatabaseError, match="the trail is append-only"):
            db.session.execute(statement)
        db.session.rollback()
    assert trail.verify().rows == chain


def test_the_database_refuses_to_empty_the_trail(chain: int) -> None:
    emptying = {"sqlite": "delete from trail_entry", "postgresql": "truncate trail_entry"}[db.engine.dialect.name]
    with pytest.raises(DatabaseError, match="the trail is append-only"):
        db.session.execute(text(emptying))


# -- tampered with --------------------------------------------------------------------------------
@pytest.mark.parametrize("field", sorted(FIELDS))
def test_any_field_of_any_row_changed_is_found_there(unguarded: int, field: str) -> None:
    for seq in (unguarded - 29, unguarded - 7, unguarded):
        db.session.execute(update(TrailEntry).where(TrailEntry.seq == seq).values({field: FIELDS[field]}))
        assert trail.verify().broken == seq
        assert trail.verify().fault == "content"
        db.session.rollback()


def _insert_foreign_row(seq: int) -> None:
    row = db.session.execute(select(TrailEntry.__table__).where(TrailEntry.seq == seq)).mappings().one()
    db.session.execute(insert(TrailEntry).values(**{**row, "seq": seq + 1000}))


def _swap(seq: int) -> None:
    rows = [
        db.session.execute(select(TrailEntry.__table__).where(TrailEntry.seq == s)).mappings().one()
        for s in (seq, seq + 1)
    ]
    for mine, other in zip(rows, reversed(rows), strict=True):
        changed = {name: value for name, value in other.items() if name != "seq"}
        db.session.execute(update(TrailEntry).where(TrailEntry.seq == mine["seq"]).values(**changed))


TAMPERINGS: dict[str, tuple[Callable[[int], object], Callable[[int], tuple[int, str]]]] = {
    "a row taken out": (
        lambda last: db.session.execute(delete(TrailEntry).where(TrailEntry.seq == last - 10)),
        lambda last: (last - 10, "missing"),
    ),
    "the first row taken out": (
        lambda _last: db.session.execute(delete(TrailEntry).where(TrailEntry.seq == 1)),
        lambda _last: (1, "missing"),
    ),
    "a row put behind the end": (_insert_foreign_row, lambda last: (last + 1, "missing")),
    "two rows exchanged": (lambda last: _swap(last - 5), lambda last: (last - 5, "link")),
    "the tail cut": (
        lambda last: db.session.execute(delete(TrailEntry).where(TrailEntry.seq > last - 3)),
        lambda last: (last - 2, "tail"),
    ),
    "everything taken out": (lambda _last: db.session.execute(delete(TrailEntry)), lambda _last: (1, "tail")),
    "a forged row with the hash of its own content": (
        lambda last: db.session.execute(
            update(TrailEntry).where(TrailEntry.seq == last - 4).values(previous_hash="0" * 64)
        ),
        lambda last: (last - 4, "link"),
    ),
}


@pytest.mark.parametrize("what", sorted(TAMPERINGS))
def test_tampering_is_found_and_located(unguarded: int, what: str) -> None:
    tamper, expected = TAMPERINGS[what]
    tamper(unguarded)
    assert found() == expected(unguarded)


# -- what only a head kept outside can find -------------------------------------------------------
def test_a_tail_cut_together_with_the_head_is_found_by_the_noted_head_alone(unguarded: int) -> None:
    whole = trail.verify()
    db.session.execute(delete(TrailEntry).where(TrailEntry.seq > unguarded - 3))
    last = db.session.scalars(select(TrailEntry.hash).where(TrailEntry.seq == unguarded - 3)).one()
    db.session.execute(update(TrailHead).values(seq=unguarded - 3, hash=last))
    assert found() == (None, "")
    noted = trail.verify(anchor=(whole.rows, whole.head))
    assert (noted.broken, noted.fault) == (unguarded, "anchor")


def test_a_row_changed_and_everything_hashed_anew_is_found_by_the_noted_head_alone(unguarded: int) -> None:
    whole = trail.verify()
    db.session.execute(update(TrailEntry).where(TrailEntry.seq == unguarded - 9).values(reason="改写"))
    rehash(unguarded - 9)
    assert found() == (None, "")
    noted = trail.verify(anchor=(whole.rows, whole.head))
    assert (noted.broken, noted.fault) == (unguarded, "anchor")


def test_a_noted_head_still_fits_after_the_chain_has_grown(chain: int) -> None:
    noted = trail.verify()
    trail.record(SYSTEM_ACTOR, "edit", "reference", at=NOW)
    db.session.commit()
    later = trail.verify(anchor=(noted.rows, noted.head))
    assert (later.rows, later.broken) == (chain + 1, None)


def test_a_noted_head_of_a_row_that_never_was_is_found(chain: int) -> None:
    assert trail.verify(anchor=(chain + 5, "a" * 64)).broken == chain + 5


def test_rows_written_while_the_chain_is_walked_are_no_fault(
    app: Flask, chain: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL another's commit shows between two statements; here one is made to happen just then."""
    walk, grown = trail._walk, []

    def walk_and_grow(*arguments: object) -> object:
        result = walk(*arguments)  # type: ignore[arg-type]
        if not grown:
            grown.append(True)
            db.session.rollback()
            with app.app_context():
                trail.record(SYSTEM_ACTOR, "edit", "reference", at=NOW)
                db.session.commit()
        return result

    monkeypatch.setattr(trail, "_walk", walk_and_grow)
    result = trail.verify()
    assert (result.rows, result.broken) == (chain + 1, None)


def test_what_is_recorded_comes_back_as_it_was(world: World) -> None:
    trail.record(
        world.actor("haifeng"), "edit", world.user("haifeng"), at=NOW, before={"day": NOW.date(), "none": None},
        after={"text": "“引号”\n换行\\", "list": [1, "二"], "number": 0.1},
    )  # fmt: skip
    db.session.commit()
    entry = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.before, entry.after) == (
        {"day": "2021-10-15", "none": None},
        {"text": "“引号”\n换行\\", "list": [1, "二"], "number": 0.1},
    )
    assert trail.verify().broken is None


def test_many_acts_are_recorded_in_one_go(world: World) -> None:
    before = db.session.scalar(select(func.count(TrailEntry.seq)))
    trail.record_all(SYSTEM_ACTOR, (Act("edit", "firm", n) for n in range(2500)), at=NOW)
    db.session.commit()
    assert (trail.verify().rows, trail.verify().broken) == ((before or 0) + 2500, None)
