"""One person alone: no chain of up to five acts on accounts ends in a right that the person did not have.

Every act that changes an account, a password or a role is played, by one person of each role, with and without the
server's terminal, among requests that others have already made. Whoever ends with a working password of an account
that may do what they may not has found a hole. The search is shown to find holes that are planted.

Every chain of up to two acts is played, and of those of five as many as are drawn; `CHAINS=5` plays all of them, which
takes some minutes for each person.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import SessionTransaction

from registry.accounts.models import Approval
from registry.accounts.services import terminal, two_people
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import ApprovalKind, Role
from registry.people.models import User, WebSession
from registry.people.queries import people
from registry.people.queries.signed_in import actor_of, open_sessions
from registry.people.services import accounts, founding, passwords, sessions
from tests.world import NOW, PASSWORD, World

MOST = 5
ALL_OF = int(os.environ.get("CHAINS", "2"))
DRAWN = 12
MINE = "Honghai-Bay-2021"
"""What the person types where a password may be typed."""

TARGETS = ("secadmin2", "haifeng", "lufeng", "newcomer")
"""Another administrator, a clerk, a stopped account that was the person's own once, a new one without a role."""

SEATED = ("sysadmin2", "secadmin2", "haifeng")
"""Who is signed in at the start."""

LONERS = (
    "haifeng2", "industry", "cityoffice", "statistics", "leader", "auditor", "sysadmin", "secadmin", "auditadmin",
)  # fmt: skip
"""One of each role."""

Act = Callable[[], str]
"""Does it in the present transaction, and gives back what the person was shown."""


@dataclass
class Loner:
    """One person with one account: what they know, and what they may do at the start."""

    username: str
    at_terminal: bool
    words: dict[str, str] = field(default_factory=dict)
    rights: frozenset[str] = frozenset()
    extra: Callable[[Loner], Iterator[tuple[str, Act]]] | None = None
    targets: tuple[str, ...] = TARGETS
    seated: tuple[str, ...] = SEATED
    seen: dict[object, int] = field(default_factory=dict)
    played: int = 0


def account(username: str) -> User:
    return db.session.scalars(select(User).where(User.username == username)).unique().one()


def begin(world: World, username: str, *, at_terminal: bool = False) -> Loner:
    """The city with a second administrator of each kind, and with requests of honest people that wait."""
    for name, role in (("sys", Role.SYSTEM_ADMIN), ("sec", Role.SECURITY_ADMIN), ("audit", Role.AUDIT_ADMIN)):
        accounts.create(
            SYSTEM_ACTOR, username=f"{name}admin2", name="管理员乙", office=people.office("system"), roles=[role],
            password=PASSWORD, at=NOW, must_change=False,
        )  # fmt: skip
    lufeng, sysadmin, secadmin = world.user("lufeng"), world.actor("sysadmin"), world.actor("secadmin")
    accounts.set_active(SYSTEM_ACTOR, lufeng, False, at=NOW)
    new, first = two_people.open_account(
        sysadmin, username="newcomer", name="蔡帆", office=people.office("441521"), at=NOW
    )
    reset = two_people.ask(secadmin, world.user("haifeng"), ApprovalKind.PASSWORD, reason="遗忘", at=NOW)
    honest = world.actor("secadmin2")
    for user in (new, account(username)):
        if Role.AUDITOR not in user.roles:
            two_people.ask(honest, user, ApprovalKind.ROLES, roles=[Role.AUDITOR], reason="岗位调整", at=NOW)
    for name in SEATED:
        sessions.begin(account(name), now=NOW, address="", browser="")
    db.session.flush()
    loner = Loner(username, at_terminal, {"own": PASSWORD}, frozenset(account(username).roles))
    if username == "sysadmin":
        loner.words[f"first {first.id}"] = first.half
    if username == "secadmin":
        loner.words[f"first {reset.id}"] = reset.half
    return loner


def acts(loner: Loner) -> Iterator[tuple[str, Act]]:
    """Everything that the person could try now."""
    me = actor_of(account(loner.username))
    names = tuple(dict.fromkeys((*loner.targets, loner.username)))
    for name in names:
        for kind in ApprovalKind:
            yield f"ask {kind} of {name}", lambda name=name, kind=kind: ask(me, account(name), kind)
        yield f"stop {name}", lambda name=name: shown(accounts.stop(me, account(name), at=NOW, reason="x"))
    for name in loner.seated:
        yield f"end a session of {name}", lambda name=name: ended(me, account(name))
    yield "open an account", lambda: opened(me)
    for one in db.session.scalars(select(Approval.id).where(Approval.outcome.is_(None)).order_by(Approval.id)):
        yield f"confirm {one}", lambda one=one: f"second {one} {two_people.confirm(me, request(one), at=NOW)}"
        yield f"refuse {one}", lambda one=one: shown(two_people.refuse(me, request(one), reason="x", at=NOW))
        yield f"withdraw {one}", lambda one=one: shown(two_people.withdraw(me, request(one), at=NOW))
    if loner.at_terminal:
        yield from at_terminal(names)
    if loner.extra:
        yield from loner.extra(loner)


def at_terminal(names: tuple[str, ...]) -> Iterator[tuple[str, Act]]:
    def create() -> str:
        office = people.office("system")
        given = {"username": "planted", "name": "某人", "office": office, "password": MINE, "at": NOW}
        return shown(terminal.create(roles=[Role.AUDIT_ADMIN], **given))  # type: ignore[arg-type]

    yield "terminal create", create
    for name in names:
        role = Role.SYSTEM_ADMIN if name == "secadmin2" else Role.AUDITOR
        yield (
            f"terminal roles {name}",
            lambda n=name, r=role: shown(terminal.grant(account(n), [r], at=NOW, reason="x")),
        )
        yield f"terminal stop {name}", lambda n=name: shown(terminal.stop(account(n), at=NOW, reason="x"))
        yield f"terminal restore {name}", lambda n=name: shown(terminal.restore(account(n), at=NOW, reason="x"))
        yield f"terminal password {name}", lambda n=name: shown(terminal.reset_password(account(n), MINE, at=NOW))
        yield f"terminal rescue {name}", lambda n=name: rescue(account(n))


def request(number: int) -> Approval:
    return db.session.get_one(Approval, number)


def undo(turn: SessionTransaction) -> None:
    """Back to before; what was loaded is forgotten too, for the next row may get the same number."""
    turn.rollback()
    db.session.expunge_all()


def rescue(user: User) -> str:
    """Begin it, and where it is under way try to finish it: five acts are done before its ten days are over."""
    under_way = terminal.rescue(user, reason="x", at=NOW)
    if db.session.scalar(select(Approval.at).where(Approval.id == under_way.id, Approval.at < NOW)):
        terminal.finish_rescue(under_way, MINE, at=NOW)
    return ""


def ask(me: Any, user: User, kind: ApprovalKind) -> str:
    roles = [Role.AUDITOR] if kind == ApprovalKind.ROLES else ()
    approval = two_people.ask(me, user, kind, roles=roles, reason="x", at=NOW)
    return f"first {approval.id} {approval.half}"


def opened(me: Any) -> str:
    office = people.office("441521")
    _user, approval = two_people.open_account(me, username="second.newcomer", name="某人", office=office, at=NOW)
    return f"first {approval.id} {approval.half}"


def ended(me: Any, user: User) -> str:
    """The session of `user` that is open; where there is none, one that never was."""
    marks = [kept.mark for kept in open_sessions(user, now=NOW)]
    return shown(accounts.end_session(me, user, marks[0] if marks else "", at=NOW))


def shown(_done: object) -> str:
    return ""


def holes(loner: Loner) -> list[str]:
    """Accounts that the person could now sign in to, with a role that was not theirs."""
    first, second = ([w for name, w in loner.words.items() if name.startswith(half)] for half in ("first", "second"))
    known = {MINE, *(passwords.whole(one, other) for one in first for other in second)}
    found = []
    for name, roles, active, stored in db.session.execute(
        select(User.username, User.roles, User.active, User.password_hash)
    ):
        # all passwords of the tests are alike, but a person knows only their own, and that of the account they had
        words = known | ({PASSWORD} if name in (loner.username, "lufeng") else set())
        if active and not set(roles) <= loner.rights and any(fits(stored, word) for word in sorted(words)):
            found.append(name)
    return found


@cache
def fits(stored: str, word: str) -> bool:
    return accounts._matches(stored, word)


def state(loner: Loner) -> object:
    """What matters of the present state, without numbers and moments that differ from path to path."""
    users = db.session.execute(select(User.username, User.roles, User.active)).all()
    waiting = select(Approval.user_id, Approval.kind, Approval.roles, Approval.asked_by_id).where(
        Approval.outcome.is_(None)
    )
    # none grows old within a search: all of it is done at one moment
    signed_in = (
        select(User.username)
        .join(WebSession, WebSession.user_id == User.id)
        .where(WebSession.revoked_at.is_(None), User.username.in_(loner.seated))
    )
    return (
        tuple(sorted((name, tuple(roles), active) for name, roles, active in users)),
        tuple(sorted(str(tuple(row)) for row in db.session.execute(waiting))),
        tuple(sorted(db.session.scalars(signed_in))),
        tuple(sorted(name.split()[0] for name in loner.words)),
    )


def search(loner: Loner, left: int = ALL_OF, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], list[str]]]:
    """Every chain from here that ends in a hole; a state seen before with as many acts left is not played again."""
    if found := holes(loner):
        return [(path, found)]
    now = state(loner)
    if left == 0 or loner.seen.get(now, 0) >= left:
        return []
    loner.seen[now] = left
    ends = []
    for name, act in list(acts(loner)):
        words, turn = dict(loner.words), db.session.begin_nested()
        try:
            learn(loner, act())
            db.session.flush()
            ends += search(loner, left - 1, (*path, name))
        except RegistryError:
            pass
        finally:
            undo(turn)
            loner.words = words
    return ends


def draw(loner: Loner, chance: Random) -> list[tuple[tuple[str, ...], list[str]]]:
    """One chain of five acts that can be done, drawn act by act."""
    path: list[str] = []
    words, turn = dict(loner.words), db.session.begin_nested()
    while len(path) < MOST and not holes(loner):
        could = list(acts(loner))
        chance.shuffle(could)
        if not any(does(loner, name, act, path) for name, act in could):
            break
    found = holes(loner)
    undo(turn)
    loner.words = words
    return [(tuple(path), found)] if found else []


def does(loner: Loner, name: str, act: Act, path: list[str]) -> bool:
    turn = db.session.begin_nested()
    try:
        learn(loner, act())
        db.session.flush()
    except RegistryError:
        undo(turn)
        return False
    turn.commit()
    path.append(name)
    return True


def learn(loner: Loner, shown: str) -> None:
    said = shown.split()
    loner.played += 1
    if len(said) == 3:
        loner.words[" ".join(said[:2])] = said[2]


@pytest.mark.slow
@pytest.mark.parametrize("at_terminal", [False, True], ids=["web", "web and terminal"])
@pytest.mark.few(6)
@pytest.mark.parametrize("username", LONERS)
def test_nobody_alone_reaches_a_right_of_others_in_five_acts(
    app: Flask, world: World, username: str, at_terminal: bool
) -> None:
    app.config["TODAY"] = None  # a rescue goes by the machine's own clock
    loner = begin(world, username, at_terminal=at_terminal)
    assert search(loner) == []
    chance = Random(20211015)
    assert [hole for _chain in range(DRAWN if loner.played else 0) for hole in draw(loner, chance)] == []
    assert bool(loner.played) == (username.endswith("admin") or at_terminal), "there is something to play"


# -- a thief is put out -----------------------------------------------------------------------------------------
PUT_OUT_BY = {
    "sysadmin": ("secadmin", "auditadmin"),
    "secadmin": ("sysadmin", "auditadmin"),
    "auditadmin": ("sysadmin", "secadmin"),
}
"""Of the only three administrators: whose account is stolen, who asks for its new password, who confirms."""


@pytest.mark.slow
@pytest.mark.few(1)
@pytest.mark.parametrize("stolen", PUT_OUT_BY)
def test_a_thief_in_one_administrators_account_holds_up_no_recovery_by_the_two_others(
    app: Flask, world: World, stolen: str
) -> None:
    """Whatever the thief does, at the terminal too, before it is asked for and before it is confirmed."""
    app.config["TODAY"] = None
    three = tuple(PUT_OUT_BY)
    thief = Loner(stolen, at_terminal=True, targets=(*three, "haifeng"), seated=three)
    for name in three:
        sessions.begin(account(name), now=NOW, address="", browser="")
    first, second = PUT_OUT_BY[stolen]
    for before in possible(thief):
        turn = db.session.begin_nested()
        does(thief, *before, path=[])
        asked = two_people.ask(world.actor(first), account(stolen), ApprovalKind.PASSWORD, reason="被盗", at=NOW).id
        for between in possible(thief):
            inner = db.session.begin_nested()
            does(thief, *between, path=[])
            two_people.confirm(world.actor(second), request(asked), at=NOW)
            assert not fits(account(stolen).password_hash, PASSWORD), (before[0], between[0])
            assert open_sessions(account(stolen), now=NOW) == [], (before[0], between[0])
            undo(inner)
        undo(turn)


def possible(loner: Loner) -> list[tuple[str, Act]]:
    """What the person can do now, and nothing; what is refused changes nothing and is left out."""
    could = [("nothing", lambda: "")]
    for name, act in list(acts(loner)):
        turn = db.session.begin_nested()
        if does(loner, name, act, []):
            could.append((name, act))
        undo(turn)
    return could


# -- the search can fail ----------------------------------------------------------------------------------------
def test_an_asker_who_may_confirm_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    loner, real = begin(world, "sysadmin"), two_people.can
    monkeypatch.setattr(two_people, "can", lambda *given: given[1] == "approval.confirm" or real(*given))
    chains = [path for path, found in search(loner, 2) if "secadmin2" in found]
    assert ("ask password of secadmin2", "confirm 5") in chains


def test_a_terminal_that_forgets_that_there_are_three_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    loner = begin(world, "haifeng2", at_terminal=True)
    monkeypatch.setattr(terminal.founding, "is_founded", lambda: False)
    monkeypatch.setattr(founding, "note", lambda at: None)
    assert (("terminal password secadmin2",), ["secadmin2"]) in search(loner, 1)


def test_one_person_who_resets_and_restores_as_before_is_found(world: World) -> None:
    def as_before(loner: Loner) -> Iterator[tuple[str, Act]]:
        me = actor_of(account(loner.username))
        yield "restore", lambda: shown(accounts.set_active(me, account("lufeng"), True, at=NOW))
        yield "reset", lambda: shown(accounts.reset_password(me, account("haifeng"), MINE, at=NOW))

    loner = begin(world, "sysadmin")
    loner.extra = as_before
    found = search(loner, 1)
    assert [(path, names) for path, names in found] == [(("restore",), ["lufeng"]), (("reset",), ["haifeng"])]
