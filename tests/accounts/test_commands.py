"""`registry user`: the three administrators until they exist, and a rescue when too few of them can sign in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from registry.accounts import rules
from registry.accounts.models import Approval
from registry.base import errors
from registry.base.extensions import db
from registry.people.models import Founding, User
from registry.people.services import accounts
from registry.trail.models import TrailEntry
from tests.terminal import Said, registry

GIVEN = ("--name", "蔡帆", "--office", "system", "--role", "security_admin", "--password", "Honghai-Bay-2021")


def create(*more: str, username: str = "caifan") -> Said:
    return registry("user", "create", username, *GIVEN, *more)


@pytest.fixture
def bare(app: Flask, installed: Path) -> Path:
    """An installation whose three administrators do not exist yet."""
    with app.app_context():
        db.session.execute(delete(Founding))
        db.session.execute(update(User).where(User.username.in_(("secadmin", "auditadmin"))).values(active=False))
        db.session.commit()
    return installed


def test_an_administrator_is_made_by_the_system_and_must_change_its_password(app: Flask, bare: Path) -> None:
    assert create() == Said(0, "created caifan; the password must be changed at the first sign-in\n", "")
    with app.app_context():
        user = db.session.scalars(select(User).where(User.username == "caifan")).one()
        act = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
        assert (user.name, user.office.code, user.roles, user.must_change_password) == (
            "蔡帆",
            "system",
            ["security_admin"],
            True,
        )
        assert act is not None
        assert (act.actor_id, act.actor_name, act.verb, act.subject_id) == (None, "system", "create_account", user.id)


@pytest.mark.parametrize(
    "username, more, sentence",
    [
        ("haifeng", (), errors.USERNAME_TAKEN % {"username": "haifeng"}),
        ("x", (), errors.USERNAME_FORM),
        ("caifan", ("--office", "4415"), errors.UNKNOWN_OFFICE % {"code": "4415"}),
        ("caifan", ("--role", "audit_admin"), errors.ROLES_EXCLUDE),
        ("caifan", ("--role", "clerk"), rules.TERMINAL_ADMINISTRATORS),
        ("caifan", ("--password", "short"), "密码不符合要求：至少 10 位，并含大写、小写、数字、符号中的三类。"),
        ("caifan", ("--name", ""), errors.PERSON_NEEDED),
    ],
    ids=["taken", "form", "office", "roles", "clerk", "password", "name"],
)
def test_what_cannot_be_an_account_is_one_line_and_changes_nothing(
    app: Flask, bare: Path, username: str, more: tuple[str, ...], sentence: str
) -> None:
    assert create(*more, username=username) == Said(1, "", f"error: {sentence}\n")
    with app.app_context():
        assert db.session.scalars(select(User.id).where(User.username == "caifan")).all() == []


def test_an_unknown_role_names_those_there_are(installed: Path) -> None:
    said = create("--role", "king")
    assert said.status == 2
    assert "'king' is not one of 'clerk', 'officer', 'city_office'" in said.err


def test_the_list_names_everybody_with_office_and_roles(installed: Path) -> None:
    registry("user", "stop", "lufeng", "--reason", "调离")
    lines = registry("user", "list").out.splitlines()
    assert len(lines) == 20
    assert [line for line in lines if line.startswith(("haifeng ", "lufeng "))] == [
        "haifeng  陈晓  441521  clerk",
        "lufeng  林海  441581  clerk  (stopped)",
    ]


def test_before_there_are_three_the_terminal_sets_roles_restores_and_resets(app: Flask, bare: Path) -> None:
    create()
    assert registry("user", "stop", "caifan", "--reason", "调离") == Said(0, "caifan is stopped\n", "")
    assert registry("user", "restore", "Caifan", "--reason", "调回") == Said(0, "Caifan is active\n", "")
    said = registry("user", "roles", "caifan", "--role", "audit_admin", "--reason", "改任")
    assert said == Said(0, "caifan: audit_admin\n", "")
    assert registry("user", "password", "caifan", "--password", "Honghai-Bay-2022").status == 0
    with app.app_context():
        acts = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(4)).all()
        assert [(act.verb, act.reason) for act in reversed(acts)] == [
            ("stop_account", "调离"), ("restore_account", "调回"), ("grant_roles", "改任"), ("reset_password", ""),
        ]  # fmt: skip
        user = db.session.scalars(select(User).where(User.username == "caifan")).one()
        assert accounts.HASHER.verify(user.password_hash, "Honghai-Bay-2022")


@pytest.mark.parametrize(
    "given",
    [
        ("create", "caifan", *GIVEN),
        ("roles", "commerce", "--role", "auditor", "--reason", "x"),
        ("restore", "lufeng", "--reason", "x"),
        ("password", "haifeng", "--password", "Honghai-Bay-2021"),
        ("password", "secadmin", "--password", "Honghai-Bay-2021"),
        ("stop", "secadmin", "--reason", "x"),
    ],
    ids=lambda given: " ".join(given[:2]),
)
def test_once_there_are_three_the_terminal_says_who_does_it_and_does_nothing(
    app: Flask, installed: Path, given: tuple[str, ...]
) -> None:
    with app.app_context():
        before = db.session.execute(select(User.username, User.roles, User.password_hash, User.active)).all()
    assert registry("user", *given) == Said(1, "", f"error: {rules.TERMINAL_CLOSED}\n")
    with app.app_context():
        assert db.session.execute(select(User.username, User.roles, User.password_hash, User.active)).all() == before


def test_an_ordinary_account_is_stopped_at_the_terminal_for_it_gives_nobody_anything(installed: Path) -> None:
    assert registry("user", "stop", "commerce", "--reason", "调离") == Said(0, "commerce is stopped\n", "")


def test_a_rescue_is_begun_told_and_finished_ten_days_later(
    app: Flask, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("user", "rescue", "secadmin", "--reason", "离职", "--password", "Honghai-Bay-2021")
    assert registry(*given) == Said(1, "", f"error: {rules.RESCUE_CLOCK}\n")
    monkeypatch.delenv("REGISTRY_TODAY")
    for _twice in range(2):
        said = registry(*given)
        assert (said.status, "is under way and on the trail; run this again from" in said.out) == (0, True)
    with app.app_context():
        asked = db.session.scalars(select(Approval)).unique().one()
        asked.at -= timedelta(days=11)
        db.session.commit()
    assert registry(*given).status == 0
    with app.app_context():
        user = db.session.scalars(select(User).where(User.username == "secadmin")).one()
        acts = db.session.scalars(select(TrailEntry.verb).order_by(TrailEntry.seq.desc()).limit(3)).all()
        assert accounts.HASHER.verify(user.password_hash, "Honghai-Bay-2021")
        assert acts[::-1] == ["ask_approval", "reset_password", "rescue_administrator"]


@pytest.mark.parametrize(
    "given", [("stop", "--reason", "x"), ("restore", "--reason", "x"), ("password", "--password", "Honghai-Bay-2021")]
)
def test_nobody_of_that_name_is_one_line(installed: Path, given: tuple[str, ...]) -> None:
    said = registry("user", given[0], "nobody", *given[1:])
    assert said == Said(1, "", f"error: {errors.UNKNOWN_USER % {'username': 'nobody'}}\n")
