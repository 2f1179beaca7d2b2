"""Guessing is slow wherever it comes from, locks nobody else out, and is summed up on the trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.base.errors import SignInLocked, SignInRefused
from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.people.models import LoginCounter
from registry.people.services import accounts, devices, sessions
from registry.trail.models import TrailEntry
from registry.trail.services import trail
from tests.people.test_accounts import at_once
from tests.people.test_accounts import guess as guess_at_once
from tests.world import NOW, PASSWORD, World

LATER = NOW + timedelta(minutes=16)


def guess(username: str, address: str, *, password: str = "guess", at: object = NOW, device: str = "") -> str:
    try:
        accounts.sign_in(username, password, address=address, now=at, device=device)  # type: ignore[arg-type]
        db.session.commit()
    except (SignInRefused, SignInLocked) as error:
        return type(error).__name__
    return "in"


def acts() -> list[tuple[str, str, str, object]]:
    """What the trail says of tries: verb, whose account, from where, how many."""
    rows = db.session.scalars(select(TrailEntry).where(TrailEntry.verb.startswith("sign_in_")).order_by(TrailEntry.seq))
    return [(row.verb, row.actor_name, row.source, (row.after or {}).get("tries")) for row in rows]


def seen_at(world: World, username: str, address: str) -> None:
    sessions.begin(world.user(username), now=NOW - timedelta(days=2), address=address, browser="")
    db.session.commit()


# -- nobody is locked out by somebody else ----------------------------------------------------------------------
def test_wrong_tries_elsewhere_do_not_lock_the_person_out(world: World) -> None:
    assert [guess("haifeng", "10.0.0.1") for _try in range(6)] == ["SignInRefused"] * 5 + ["SignInLocked"]
    assert guess("haifeng", "10.0.0.2", password=PASSWORD) == "in"


def test_guesses_from_many_addresses_share_ten_tries_and_leave_a_known_address_and_device_alone(world: World) -> None:
    device = devices.remember("", world.user("haifeng"), now=NOW)
    seen_at(world, "haifeng", "10.1.0.1")
    answers = [guess("haifeng", f"10.0.{number}.1") for number in range(30)]
    assert answers == ["SignInRefused"] * 10 + ["SignInLocked"] * 20
    assert guess("haifeng", "10.7.7.7", password=PASSWORD) == "SignInLocked", "a stranger like the others"
    assert guess("haifeng", "10.1.0.1", password=PASSWORD) == "in"
    assert guess("haifeng", "10.7.7.7", password=PASSWORD, device=device) == "in"


def test_guesses_from_many_addresses_at_once_are_counted_exactly(app: Flask) -> None:
    assert at_once(20, lambda number: guess_at_once(app, "haifeng", address=f"10.0.0.{number}")) == {
        "SignInRefused": 10,
        "SignInLocked": 10,
    }


def test_a_known_device_has_five_tries_of_its_own_and_no_more(world: World) -> None:
    device = devices.remember("", world.user("haifeng"), now=NOW)
    answers = [guess("haifeng", f"10.0.0.{number}", device=device) for number in range(7)]
    assert answers == ["SignInRefused"] * 5 + ["SignInLocked"] * 2
    assert guess("haifeng", "10.0.1.1", password=PASSWORD) == "in"


def test_signing_in_gives_strangers_none_of_their_tries_back(world: World) -> None:
    seen_at(world, "haifeng", "10.1.0.1")
    for number in range(10):
        guess("haifeng", f"10.0.0.{number}")
    assert guess("haifeng", "10.1.0.1", password=PASSWORD) == "in"
    assert guess("haifeng", "10.0.0.99") == "SignInLocked"


def test_names_that_are_wrong_by_the_dozen_do_not_lock_an_office(app: Flask, world: World) -> None:
    seen_at(world, "haifeng", "10.0.0.1")
    assert {guess(f"guess{number}", "10.0.0.1") for number in range(100)} == {"SignInRefused"}
    assert guess("guess100", "10.0.0.1") == "SignInLocked"
    assert guess("lufeng", "10.0.0.1", password=PASSWORD) == "SignInLocked", "a stranger there"
    assert guess("haifeng", "10.0.0.1", password=PASSWORD) == "in"
    assert guess("lufeng", "10.0.0.1", password=PASSWORD, at=LATER) == "in"


def test_one_subscriber_with_many_addresses_is_one_place(world: World) -> None:
    answers = [guess("haifeng", f"2001:db8:1:2::{number}") for number in range(1, 8)]
    assert answers == ["SignInRefused"] * 5 + ["SignInLocked"] * 2


@pytest.mark.parametrize("word", ["", "~", "x", "a.1.b", "a.١.b", "." * 40, "x" * 5000, "a.99999999999.b"])
def test_a_cookie_that_is_not_ours_makes_nobody_known(world: World, word: str) -> None:
    assert devices.known(word, world.user("haifeng"), now=NOW) == ""


def test_a_device_is_known_to_those_who_signed_in_on_it_with_this_password_and_for_half_a_year(world: World) -> None:
    haifeng, lufeng = world.user("haifeng"), world.user("lufeng")
    word = devices.remember("", haifeng, now=NOW)
    both = devices.remember(word, lufeng, now=NOW)
    known = [bool(devices.known(held, user, now=NOW)) for held in (word, both) for user in (haifeng, lufeng)]
    assert known == [True, False, True, True]
    assert devices.known(word, haifeng, now=NOW + timedelta(days=181)) == ""
    haifeng.password_hash = accounts.HASHER.hash("Honghai-Bay-2021")
    assert devices.known(word, haifeng, now=NOW) == ""


# -- what the trail is told -------------------------------------------------------------------------------------
def test_a_hundred_tries_are_the_first_the_lock_and_the_sum(world: World) -> None:
    for _try in range(100):
        guess("haifeng", "10.0.0.1")
    assert guess("lufeng", "10.0.0.2", at=LATER) == "SignInRefused"
    assert acts() == [
        ("sign_in_refused", "haifeng", "10.0.0.1", None),
        ("sign_in_locked", "haifeng", "10.0.0.1", None),
        ("sign_in_tries", "haifeng", "10.0.0.1", 100),
        ("sign_in_refused", "lufeng", "10.0.0.2", None),
    ]
    assert trail.verify().broken is None


def test_a_botnet_on_one_account_is_one_row_for_each_guess_that_was_looked_at_and_one_sum(world: World) -> None:
    for number in range(40):
        guess("haifeng", f"10.0.{number}.1")
    guess("lufeng", "10.9.9.9", at=LATER)
    told = acts()
    assert [verb for verb, *_rest in told].count("sign_in_refused") == 10 + 1
    assert [row for row in told if row[0] != "sign_in_refused"] == [
        ("sign_in_locked", "haifeng", "10.0.10.1", None),
        ("sign_in_tries", "haifeng", "", 40),
    ]


def test_names_that_are_no_accounts_are_summed_by_address_and_kept_nowhere(world: World) -> None:
    for number in range(130):
        guess(f"My-Password-{number}", "10.0.0.1")
    keys = db.session.scalars(select(LoginCounter.key)).all()
    db.session.rollback()
    guess("haifeng", "10.0.0.2", at=LATER)
    assert [key for key in keys if "password" in key.lower()] == []
    assert acts() == [
        ("sign_in_refused", "", "10.0.0.1", None),
        ("sign_in_locked", "", "10.0.0.1", None),
        ("sign_in_tries", "", "10.0.0.1", 30),
        ("sign_in_tries", "", "10.0.0.1", 100),
        ("sign_in_refused", "haifeng", "10.0.0.2", None),
    ]


def test_a_reset_tells_what_was_counted_before_it_forgets_it(world: World) -> None:
    for number in range(12):
        guess("haifeng", f"10.0.{number // 4}.1")
    accounts.reset_password(SYSTEM_ACTOR, world.user("haifeng"), "Honghai-Bay-2021", at=NOW)
    db.session.commit()
    sums = [row for row in acts() if row[0] == "sign_in_tries"]
    assert sums == [
        ("sign_in_tries", "haifeng", "", 12),
        ("sign_in_tries", "haifeng", "10.0.0.1", 4),
        ("sign_in_tries", "haifeng", "10.0.1.1", 4),
        ("sign_in_tries", "haifeng", "10.0.2.1", 4),
    ]
    guess("lufeng", "10.9.9.9", at=LATER)
    assert [row for row in acts() if row[0] == "sign_in_tries" and row[1]] == sums, "told once"
    assert trail.verify().broken is None


def test_who_signs_in_after_wrong_tries_is_told_apart_on_the_trail(world: World) -> None:
    for _try in range(3):
        guess("haifeng", "10.0.0.1")
    assert accounts.sign_in("haifeng", PASSWORD, address="10.0.0.1", now=NOW).failures == 3
