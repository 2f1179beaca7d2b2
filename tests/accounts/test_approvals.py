"""One asks, another confirms: who may, what still fits then, and that the terminal is alone only at the beginning."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from registry.accounts import rules
from registry.accounts.models import Approval
from registry.accounts.queries import requests
from registry.accounts.rules import LIFETIME, RESCUE_WAIT, ApprovalOutcome
from registry.accounts.services import terminal, two_people
from registry.base import errors
from registry.base.errors import ApprovalDecided, ApprovalMoved, FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import ROLE_LABELS, ApprovalKind, Role
from registry.demo.story import TODAY_KEY
from registry.people import texts
from registry.people.models import Founding, User, WebSession
from registry.people.queries import people
from registry.people.queries.signed_in import digest
from registry.people.services import accounts, founding, sessions
from registry.reference.models import Parameter
from registry.trail.models import TrailEntry
from tests.people.test_accounts import at_once
from tests.world import NOW, TODAY, World

FRESH = "Honghai-Bay-2021"


def ask(
    world: World, kind: ApprovalKind = ApprovalKind.ROLES, username: str = "commerce", *, by: str = "secadmin"
) -> Approval:
    roles = [Role.CLERK] if kind == ApprovalKind.ROLES else ()
    return two_people.ask(world.actor(by), account(username), kind, roles=roles, reason="岗位调整", at=NOW)


def account(username: str) -> User:
    return db.session.scalars(select(User).where(User.username == username)).unique().one()


def second_of(world: World, username: str, role: Role) -> User:
    return accounts.create(
        SYSTEM_ACTOR, username=username, name="管理员乙", office=people.office("system"), roles=[role],
        password=FRESH, at=NOW, must_change=False,
    )  # fmt: skip


# -- who may ----------------------------------------------------------------------------------------------------
ASKERS = {
    ApprovalKind.ROLES: {"secadmin"},
    ApprovalKind.PASSWORD: {"sysadmin", "secadmin"},
    ApprovalKind.RESTORE: {"sysadmin"},
    ApprovalKind.RESCUE: set(),
}


@pytest.mark.parametrize("kind", list(ASKERS))
def test_who_may_ask_for_what(world: World, kind: ApprovalKind) -> None:
    if kind is ApprovalKind.RESTORE:
        accounts.set_active(SYSTEM_ACTOR, account("commerce"), False, at=NOW)
    able = set()
    for username in ("haifeng", "cityoffice", "auditor", "sysadmin", "secadmin", "auditadmin"):
        turn = db.session.begin_nested()
        try:
            ask(world, kind, by=username)
            able.add(username)
        except NotAllowed:
            pass
        turn.rollback()
    assert able == ASKERS[kind]


def test_any_other_administrator_confirms_but_neither_who_asked_nor_whom_it_concerns(world: World) -> None:
    asked = ask(world, ApprovalKind.PASSWORD, "auditadmin")
    able = set()
    for username in ("haifeng", "auditor", "sysadmin", "secadmin", "auditadmin"):
        turn = db.session.begin_nested()
        try:
            two_people.confirm(world.actor(username), asked, at=NOW)
            able.add(username)
        except NotAllowed:
            pass
        turn.rollback()
        db.session.refresh(asked)
    assert able == {"sysadmin"}


@pytest.mark.parametrize("kind", [ApprovalKind.STOP, ApprovalKind.PASSWORD])
def test_nobody_refuses_what_two_others_decide_about_their_own_account(world: World, kind: ApprovalKind) -> None:
    """Whoever stole the only account of a role could else refuse its recovery each time it is asked for."""
    second_of(world, "secadmin2", Role.SECURITY_ADMIN)
    asked = ask(world, kind, "secadmin", by="sysadmin")
    for act in (two_people.refuse, two_people.withdraw, two_people.confirm):
        given = {"reason": "不同意"} if act is two_people.refuse else {}
        with pytest.raises(NotAllowed):
            act(world.actor("secadmin"), asked, at=NOW, **given)
    assert requests.to_decide(world.actor("secadmin"), at=NOW) == (1 if kind is ApprovalKind.PASSWORD else 0), (
        "to be seen"
    )
    two_people.confirm(world.actor("auditadmin"), asked, at=NOW)
    assert asked.outcome == ApprovalOutcome.CONFIRMED


def test_a_third_administrator_refuses_with_a_reason_and_the_half_is_gone(world: World) -> None:
    reset = ask(world, ApprovalKind.PASSWORD, "secadmin", by="sysadmin")
    two_people.refuse(world.actor("auditadmin"), reset, reason="没有见到本人", at=NOW)
    assert (reset.outcome, reset.half, reset.answer) == (ApprovalOutcome.REFUSED, "", "没有见到本人")


@pytest.mark.parametrize(
    "by, able",
    [
        ("sysadmin", {"sysadmin", "secadmin", "auditadmin", "haifeng"}),
        ("secadmin", {"sysadmin"}),
        ("auditadmin", set()),
        ("haifeng", set()),
    ],
)
def test_the_two_administrators_of_accounts_end_each_other_s_sessions(world: World, by: str, able: set[str]) -> None:
    ended = set()
    for username in ("sysadmin", "secadmin", "auditadmin", "haifeng"):
        kept = db.session.get_one(
            WebSession, digest(sessions.begin(account(username), now=NOW, address="", browser=""))
        )
        try:
            accounts.end_session(world.actor(by), account(username), kept.mark, at=NOW)
            ended.add(username)
        except NotAllowed:
            pass
        assert bool(kept.revoked_at) == (username in ended)
    assert ended == able


# -- what still fits when it is confirmed -----------------------------------------------------------------------
def test_new_roles_end_the_sessions_of_the_former_ones(world: World) -> None:
    user = world.user("commerce")
    sessions.begin(user, now=NOW, address="", browser="")
    two_people.confirm(world.actor("auditadmin"), ask(world), at=NOW)
    assert (user.roles, sessions.open_sessions(user, now=NOW)) == ([Role.CLERK], [])


def test_of_two_who_confirm_at_once_one_does_it_and_the_other_is_told(app: Flask, world: World) -> None:
    number = ask(world).id
    db.session.commit()

    def press(turn: int) -> str:
        with app.app_context():
            actor = World().actor(("sysadmin", "auditadmin")[turn])
            try:
                two_people.confirm(actor, db.session.get_one(Approval, number), at=NOW)
                db.session.commit()
            except ApprovalDecided:
                return "told"
            return "done"

    assert at_once(2, press) == Counter(done=1, told=1)


def test_a_request_of_someone_who_was_stopped_since_is_not_confirmed(world: World) -> None:
    second_of(world, "secadmin2", Role.SECURITY_ADMIN)
    asked = ask(world)
    accounts.set_active(SYSTEM_ACTOR, account("secadmin"), False, at=NOW)
    with pytest.raises(ApprovalMoved) as refused:
        two_people.confirm(world.actor("auditadmin"), asked, at=NOW)
    assert refused.value.template == errors.ASKER_GONE


def test_roles_that_changed_since_are_asked_for_again(world: World) -> None:
    asked = ask(world)
    accounts.grant(SYSTEM_ACTOR, account("commerce"), [Role.AUDITOR], at=NOW)
    with pytest.raises(ApprovalMoved):
        two_people.confirm(world.actor("auditadmin"), asked, at=NOW)


def test_what_nobody_decides_in_a_week_is_void_and_on_the_trail(world: World) -> None:
    asked, late = ask(world, ApprovalKind.PASSWORD), NOW + LIFETIME
    assert len(requests.of_account(world.actor("sysadmin"), asked.user_id, at=late - timedelta(seconds=1))) == 1
    assert requests.of_account(world.actor("sysadmin"), asked.user_id, at=late) == []
    with pytest.raises(ApprovalDecided):
        two_people.confirm(world.actor("sysadmin"), asked, at=late)
    assert [two_people.expire(at=late), two_people.expire(at=late)] == [1, 0]
    act = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert act is not None
    assert (asked.outcome, asked.half, act.verb) == (ApprovalOutcome.EXPIRED, "", "expire_approval")


def test_one_request_of_a_kind_waits_for_an_account(world: World) -> None:
    ask(world)
    with pytest.raises(RegistryError) as refused:
        ask(world)
    assert refused.value.template == rules.OPEN_ALREADY


def test_who_asked_withdraws_and_may_ask_again(world: World) -> None:
    asked = ask(world)
    with pytest.raises(NotAllowed):
        two_people.withdraw(world.actor("sysadmin"), asked, at=NOW)
    two_people.withdraw(world.actor("secadmin"), asked, at=NOW)
    assert (asked.outcome, ask(world).outcome) == (ApprovalOutcome.WITHDRAWN, None)


def test_asking_and_refusing_need_a_reason(world: World) -> None:
    with pytest.raises(ReasonNeeded):
        two_people.ask(world.actor("secadmin"), account("commerce"), ApprovalKind.PASSWORD, reason=" ", at=NOW)
    with pytest.raises(ReasonNeeded):
        two_people.refuse(world.actor("sysadmin"), ask(world), reason=" ", at=NOW)


def test_one_of_each_administrator_is_always_left(world: World) -> None:
    for kind, username in ((ApprovalKind.STOP, "secadmin"), (ApprovalKind.STOP, "auditadmin")):
        with pytest.raises(RegistryError) as refused:
            ask(world, kind, username, by="sysadmin")
        assert refused.value.template == texts.LAST_OF_ROLE
    second_of(world, "secadmin2", Role.SECURITY_ADMIN)
    two_people.confirm(world.actor("auditadmin"), ask(world, ApprovalKind.STOP, "secadmin", by="sysadmin"), at=NOW)
    assert account("secadmin").active is False


def test_a_person_makes_no_account_with_a_role_or_a_password_that_is_known(world: World) -> None:
    office = people.office("441521")
    for given in ({"roles": [Role.CLERK]}, {"roles": (), "password": FRESH}):
        with pytest.raises(NotAllowed):
            accounts.create(world.actor("sysadmin"), username="x1", name="某人", office=office, at=NOW, **given)  # type: ignore[arg-type]


def test_one_person_stops_no_administrator(world: World) -> None:
    with pytest.raises(NotAllowed):
        accounts.stop(world.actor("sysadmin"), account("secadmin"), at=NOW, reason="x")


# -- the terminal -----------------------------------------------------------------------------------------------
@pytest.fixture
def bare(world: World) -> World:
    """An installation where only the system administrator exists so far."""
    for username in ("secadmin", "auditadmin"):
        account(username).active = False
    db.session.execute(delete(Founding))
    db.session.flush()
    return world


def make(username: str, *roles: Role) -> User:
    office = people.office("system")
    return terminal.create(username=username, name="某人", office=office, roles=roles, password=FRESH, at=NOW)


def test_the_terminal_makes_the_three_and_is_then_closed_for_ever(bare: World) -> None:
    make("sec", Role.SECURITY_ADMIN)
    assert founding.is_founded() is False
    terminal.reset_password(account("sec"), FRESH, at=NOW)
    make("audit", Role.AUDIT_ADMIN)
    assert founding.is_founded() is True
    account("sec").active = False
    for act in (
        lambda: make("more", Role.SECURITY_ADMIN),
        lambda: terminal.grant(account("sysadmin"), [Role.AUDIT_ADMIN], at=NOW, reason="x"),
        lambda: terminal.restore(account("sec"), at=NOW, reason="x"),
        lambda: terminal.reset_password(account("audit"), FRESH, at=NOW),
        lambda: terminal.stop(account("audit"), at=NOW, reason="x"),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert refused.value.template == rules.TERMINAL_CLOSED
    verbs = db.session.scalars(select(TrailEntry.verb).order_by(TrailEntry.seq.desc()).limit(4)).all()
    assert verbs[::-1] == ["create_account", "reset_password", "create_account", "close_terminal"]


def test_the_terminal_makes_administrators_only(bare: World) -> None:
    with pytest.raises(FieldError) as refused:
        make("clerk", Role.CLERK)
    assert refused.value.template == rules.TERMINAL_ADMINISTRATORS
    with pytest.raises(FieldError):
        terminal.reset_password(account("haifeng"), FRESH, at=NOW)


def test_two_administrators_whom_one_person_made_confirm_nothing_before_there_is_a_third(bare: World) -> None:
    make("sec", Role.SECURITY_ADMIN)
    new, asked = two_people.open_account(
        bare.actor("sysadmin"), username="planted", name="某人", office=people.office("441521"), at=NOW
    )
    roles = ask(bare, ApprovalKind.ROLES, by="sec")
    for approval, by in ((asked, "sec"), (roles, "sysadmin")):
        with pytest.raises(RegistryError) as refused:
            two_people.confirm(bare.actor(by), approval, at=NOW)
        assert refused.value.template == texts.NOT_FOUNDED
        assert refused.value.values == {"roles": (ROLE_LABELS[Role.AUDIT_ADMIN],), "codes": "audit_admin"}
    assert (new.must_change_password, asked.outcome, account("commerce").roles) == (True, None, [Role.OFFICER])
    make("audit", Role.AUDIT_ADMIN)
    for approval, by in ((asked, "sec"), (roles, "sysadmin")):
        two_people.confirm(bare.actor(by), approval, at=NOW)
    assert account("commerce").roles == [Role.CLERK]


def test_all_three_found_without_the_mark_are_marked_by_the_first_who_confirms(world: World) -> None:
    db.session.execute(delete(Founding))
    assert founding.missing() == ()
    two_people.confirm(world.actor("auditadmin"), ask(world), at=NOW)
    assert founding.is_founded()


@pytest.fixture
def lost(app: Flask, world: World) -> Approval:
    """A rescue of the security administrator, begun now by the machine's own clock."""
    app.config["TODAY"] = None
    return terminal.rescue(account("secadmin"), reason="二人离职", at=NOW)


def test_a_rescue_waits_ten_days_and_gives_the_account_back(world: World, lost: Approval) -> None:
    ripe = NOW + RESCUE_WAIT
    assert terminal.rescue(account("secadmin"), reason="再来", at=NOW).id == lost.id
    with pytest.raises(RegistryError) as early:
        terminal.finish_rescue(lost, FRESH, at=ripe - timedelta(seconds=1))
    assert early.value.template == rules.RESCUE_EARLY
    user = terminal.finish_rescue(lost, FRESH, at=ripe)
    assert accounts.HASHER.verify(user.password_hash, FRESH)
    assert (user.active, user.must_change_password, lost.outcome) == (True, True, ApprovalOutcome.CONFIRMED)


@pytest.mark.parametrize(
    "who, sentence",
    [
        (["secadmin"], rules.RESCUE_HIMSELF),
        (["sysadmin", "auditadmin"], rules.RESCUE_OTHERS),
        (["sysadmin"], ""),
        (["haifeng", "auditor"], ""),
    ],
)
def test_a_rescue_is_void_where_administrators_are_not_lost(
    world: World, lost: Approval, who: list[str], sentence: str
) -> None:
    for username in who:
        sessions.begin(world.user(username), now=NOW + timedelta(days=1), address="", browser="")
    assert terminal.end_needless(lost, at=NOW + RESCUE_WAIT) == sentence
    assert lost.outcome == (ApprovalOutcome.REFUSED if sentence else None)


def test_an_ended_session_does_not_make_an_administrator_lost(world: World, lost: Approval) -> None:
    sessions.begin(account("secadmin"), now=NOW, address="", browser="")
    begun = sessions.begin(account("secadmin"), now=NOW + timedelta(days=1), address="", browser="")
    mark = db.session.get_one(WebSession, digest(begun)).mark
    accounts.end_session(world.actor("sysadmin"), account("secadmin"), mark, at=NOW + timedelta(days=1))
    assert terminal.end_needless(lost, at=NOW + RESCUE_WAIT) == rules.RESCUE_HIMSELF


def test_a_rescue_that_is_refused_holds_up_no_new_password_by_two(world: World, lost: Approval) -> None:
    asked = ask(world, ApprovalKind.PASSWORD, "secadmin", by="sysadmin")
    two_people.refuse(world.actor("secadmin"), lost, reason="我在", at=NOW)
    two_people.confirm(world.actor("auditadmin"), asked, at=NOW)
    assert asked.outcome == ApprovalOutcome.CONFIRMED


def test_every_administrator_ends_a_rescue_and_nobody_confirms_one(world: World, lost: Approval) -> None:
    for username in ("sysadmin", "auditadmin", "secadmin"):
        with pytest.raises(NotAllowed):
            two_people.confirm(world.actor(username), lost, at=NOW)
    two_people.refuse(world.actor("secadmin"), lost, reason="我在", at=NOW)
    assert lost.outcome == ApprovalOutcome.REFUSED


def test_a_rescue_is_for_administrators_by_the_machine_s_own_clock(app: Flask, world: World) -> None:
    with pytest.raises(RegistryError) as refused:
        terminal.rescue(account("secadmin"), reason="x", at=NOW)
    assert refused.value.template == rules.RESCUE_CLOCK
    app.config["TODAY"] = None
    with pytest.raises(FieldError):
        terminal.rescue(account("haifeng"), reason="x", at=NOW)


def test_a_rescue_that_could_never_ripen_is_not_begun(app: Flask, world: World) -> None:
    """The demo's day is part of its data, and stands still."""
    app.config["TODAY"] = None
    values = {"value": TODAY.isoformat(), "label": "演示世界的今天", "source": "演示数据"}
    db.session.add(Parameter(key=TODAY_KEY, valid_from=TODAY, **values))
    clock.look_again()
    with pytest.raises(RegistryError) as refused:
        terminal.rescue(account("secadmin"), reason="x", at=NOW)
    assert refused.value.template == rules.RESCUE_DEMO
    assert db.session.scalars(select(Approval)).all() == []
