"""`registry user`: the first account, and help when nobody can sign in."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from registry.domain import errors
from registry.extensions import db
from registry.models import TrailEntry, User
from registry.services import accounts
from tests.cli.terminal import Said, registry

GIVEN = ("--name", "蔡帆", "--office", "441502-Z1", "--role", "clerk", "--password", "Honghai-Bay-2021")


def create(*more: str, username: str = "caifan") -> Said:
    return registry("user", "create", username, *GIVEN, *more)


def test_the_first_account_is_made_by_the_system_and_must_change_its_password(app: Flask, installed: Path) -> None:
    assert create() == Said(0, "created caifan; the password must be changed at the first sign-in\n", "")
    with app.app_context():
        user = db.session.scalars(select(User).where(User.username == "caifan")).one()
        act = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
        assert (user.name, user.office.code, user.roles, user.must_change_password) == (
            "蔡帆",
            "441502-Z1",
            ["clerk"],
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
        ("caifan", ("--password", "short"), "密码不符合要求：至少 10 位，并含大写、小写、数字、符号中的三类。"),
        ("caifan", ("--name", ""), errors.PERSON_NEEDED),
    ],
    ids=["taken", "form", "office", "roles", "password", "name"],
)
def test_what_cannot_be_an_account_is_one_line_and_changes_nothing(
    app: Flask, installed: Path, username: str, more: tuple[str, ...], sentence: str
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
    assert len(lines) == 18
    assert [line for line in lines if line.startswith(("haifeng ", "lufeng "))] == [
        "haifeng  陈晓  441521  clerk",
        "lufeng  林海  441581  clerk  (stopped)",
    ]


def test_stopping_restoring_and_roles_are_acts_with_their_reason(app: Flask, installed: Path) -> None:
    assert registry("user", "stop", "commerce", "--reason", "调离") == Said(0, "commerce is stopped\n", "")
    assert registry("user", "restore", "Commerce", "--reason", "调回") == Said(0, "Commerce is active\n", "")
    said = registry("user", "roles", "commerce", "--role", "officer", "--role", "clerk", "--reason", "兼任")
    assert said == Said(0, "commerce: clerk, officer\n", "")
    with app.app_context():
        acts = db.session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(3)).all()
        assert [(act.verb, act.reason) for act in reversed(acts)] == [
            ("stop_account", "调离"), ("restore_account", "调回"), ("grant_roles", "兼任"),
        ]  # fmt: skip


def test_a_reset_password_opens_the_account_again(app: Flask, installed: Path) -> None:
    assert registry("user", "password", "haifeng", "--password", "Honghai-Bay-2021").status == 0
    with app.app_context():
        user = db.session.scalars(select(User).where(User.username == "haifeng")).one()
        assert accounts.HASHER.verify(user.password_hash, "Honghai-Bay-2021")


@pytest.mark.parametrize(
    "words", [("stop", "--reason", "x"), ("restore", "--reason", "x"), ("password", "--password", "Honghai-Bay-2021")]
)
def test_nobody_of_that_name_is_one_line(installed: Path, words: tuple[str, ...]) -> None:
    said = registry("user", words[0], "nobody", *words[1:])
    assert said == Said(1, "", f"error: {errors.UNKNOWN_USER % {'username': 'nobody'}}\n")
