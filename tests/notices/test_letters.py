"""Letters reach a real mail server with the right headers, say nothing they must not, and are tried a few times."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from registry.base.errors import FieldError, RegistryError
from registry.base.extensions import db
from registry.config import BadSetting, from_environment
from registry.notices import jobs, texts
from registry.notices.models import Letter
from registry.notices.services import letters, mailing, smtp
from registry.people.queries import people
from registry.trail.models import TrailEntry
from tests.world import NOW, TODAY, World

NAME = "海丰县云谷软件有限公司"
URL = "https://directory.example.gov.cn/"


@dataclass
class Post:
    """What the server took, and what it is to answer instead."""

    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    answer: str = ""

    async def handle_RCPT(  # noqa: N802 - the server's own name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((envelope.rcpt_tos, message))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def post() -> Iterator[Post]:
    held = Post()
    server = Controller(held, hostname="127.0.0.1", port=_free_port())
    server.start()
    held.port = server.port  # type: ignore[attr-defined]
    yield held
    server.stop()


@pytest.fixture(autouse=True)
def _configured(app: Flask, post: Post) -> None:
    """The job runs on the day after everything happened."""
    app.config.update(
        SMTP_HOST="127.0.0.1", SMTP_PORT=post.port, SMTP_FROM="registry@example.gov.cn", SMTP_TLS="none",  # type: ignore[attr-defined]
        PUBLIC_URL=URL, TODAY=TODAY + timedelta(days=1),
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def wants(world: World, who: str, email: str = "wu@example.gov.cn") -> None:
    mailing.choose(world.actor(who), world.user(who), email=email, wanted=True, at=NOW)


def waiting() -> list[Letter]:
    return list(db.session.scalars(db.select(Letter).order_by(Letter.id)))


def test_a_letter_reaches_the_server_in_good_chinese_and_names_no_firm(world: World, post: Post) -> None:
    wants(world, "industry")
    proposal = world.submitted(NAME)
    db.session.commit()
    assert jobs.send() == 1
    ((to, message),) = post.taken
    text = message.get_content()
    assert (to, message["To"], str(message["From"]), message["Subject"]) == (
        ["wu@example.gov.cn"], "wu@example.gov.cn", "企业培育名录库 <registry@example.gov.cn>",
        "企业培育名录库：有事项等待您查看",
    )  # fmt: skip
    assert (message.get_content_charset(), message["Auto-Submitted"]) == ("utf-8", "auto-generated")
    assert message["Message-ID"].endswith("@example.gov.cn>")
    assert text.startswith("吴工：")
    assert URL in text
    for secret in (NAME, proposal.firm.credit_code or "", "1500", "1,500", "海丰"):
        assert secret not in message.as_string() + text
    (letter,) = waiting()
    assert (letter.sent_at is not None, letter.next_at, letter.tries, letter.error) == (True, None, 1, "")
    assert jobs.send() == 0, "a letter is sent once"


def test_only_who_asked_and_is_meant_is_written_to(world: World, post: Post) -> None:
    for who in ("industry", "lufeng", "haifeng"):
        wants(world, who, f"{who}@example.gov.cn")
    world.submitted(NAME)
    db.session.commit()
    jobs.send()
    assert [to for to, _message in post.taken] == [["industry@example.gov.cn"]]


def test_nothing_is_queued_where_no_server_is_configured(app: Flask, world: World, post: Post) -> None:
    app.config["SMTP_HOST"] = ""
    wants(world, "industry")
    world.submitted(NAME)
    assert (waiting(), jobs.send(), post.taken) == ([], 0, [])


def test_what_is_undone_is_not_written_about(world: World, post: Post) -> None:
    wants(world, "industry")
    db.session.commit()
    world.submitted(NAME)
    db.session.rollback()
    assert (waiting(), jobs.send()) == ([], 0)


def test_a_letter_is_tried_five_times_ever_later_and_then_given_up(world: World, post: Post) -> None:
    wants(world, "industry")
    world.submitted(NAME)
    db.session.commit()
    post.answer = "451 邮箱忙，请稍后再试"
    seen, at = [], NOW
    for _try in range(letters.MOST_TRIES):
        _send(at)
        (letter,) = waiting()
        seen.append((letter.tries, letter.next_at - at if letter.next_at else None))
        at = letter.next_at or at
    minutes = [timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), None]
    assert seen == list(zip(range(1, 6), minutes, strict=True))
    assert (letter.sent_at, "451" in letter.error) == (None, True)
    post.answer = ""
    _send(at + timedelta(days=1))
    assert post.taken == []


def _send(at: datetime) -> None:
    """What the job does, at a moment of the invented day."""
    for letter_id in letters.due(at=at):
        outgoing = letters.take(letter_id, at=at)
        assert outgoing is not None
        with pytest.raises(smtp.NotTaken) as refused:
            smtp.send(outgoing.to, outgoing.subject, outgoing.text, at=at)
        letters.failed(letter_id, str(refused.value), for_good=refused.value.for_good)
    db.session.commit()


def test_a_letter_that_failed_once_arrives_later(world: World, post: Post) -> None:
    wants(world, "industry")
    world.submitted(NAME)
    db.session.commit()
    post.answer = "451 busy"
    assert jobs.send() == 0
    post.answer = ""
    assert jobs.send() == 0, "not before its time"
    (letter,) = waiting()
    letter.next_at = NOW - timedelta(days=1)
    db.session.commit()
    assert jobs.send() == 1
    assert (len(post.taken), waiting()[0].error, waiting()[0].tries) == (1, "", 2)


def test_an_address_that_does_not_exist_is_not_tried_again(world: World, post: Post) -> None:
    wants(world, "industry")
    world.submitted(NAME)
    db.session.commit()
    post.answer = "550 no such user"
    jobs.send()
    (letter,) = waiting()
    assert (letter.next_at, letter.sent_at, letter.error) == (None, None, "550 no such user")


def test_a_server_that_is_down_keeps_the_letter(app: Flask, world: World) -> None:
    app.config["SMTP_PORT"] = _free_port()
    wants(world, "industry")
    world.submitted(NAME)
    db.session.commit()
    assert jobs.send() == 0
    (letter,) = waiting()
    assert (letter.tries, letter.next_at is not None, letter.error.startswith("ConnectionRefusedError")) == (
        1,
        True,
        True,
    )


def test_one_of_two_workers_gets_the_letter(world: World) -> None:
    wants(world, "industry")
    world.submitted(NAME)
    (letter,) = waiting()
    taken = [letters.take(letter.id, at=NOW), letters.take(letter.id, at=NOW)]
    assert [outgoing is not None for outgoing in taken] == [True, False]


@pytest.mark.parametrize("change", ["unwanted", "stopped", "moved"])
def test_who_no_longer_wants_it_or_has_moved_on_is_not_written_to(world: World, post: Post, change: str) -> None:
    wants(world, "industry")
    world.submitted(NAME)
    user = world.user("industry")
    if change == "unwanted":
        mailing.choose(world.actor("industry"), user, email=user.email, wanted=False, at=NOW)
    elif change == "stopped":
        user.active = False
    else:
        user.office = people.office("market")
    db.session.commit()
    assert jobs.send() == 0
    assert (post.taken, waiting()[0].next_at) == ([], None)


# -- one's own choice -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "email",
    ["", "吴工", "wu", "wu@", "@example.gov.cn", "wu@example", "wu@example.gov.cn\nBcc: x@y.cn", "a b@example.cn",
     "wu..gong@example.cn", "x" * 190 + "@example.gov.cn"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(world: World, email: str) -> None:
    with pytest.raises(FieldError) as refused:
        wants(world, "industry", email)
    assert (refused.value.field, world.user("industry").mail_wanted) == ("email", False)


def test_the_choice_is_on_the_trail_and_the_address_is_masked_there(world: World) -> None:
    wants(world, "industry")
    wants(world, "industry")
    act = db.session.scalars(db.select(TrailEntry).where(TrailEntry.verb == "choose_mail")).one()
    assert (act.before, act.after) == (
        {"mail_wanted": False, "email": ""}, {"mail_wanted": True, "email": "w***@example.gov.cn"},
    )  # fmt: skip


def test_a_test_letter_says_that_it_is_one_and_one_waits_at_a_time(world: World, post: Post) -> None:
    wants(world, "industry")
    mailing.test(world.user("industry"), at=NOW)
    with pytest.raises(RegistryError) as refused:
        mailing.test(world.user("industry"), at=NOW)
    assert refused.value.template == texts.TEST_WAITS
    db.session.commit()
    assert jobs.send() == 1
    assert [message["Subject"] for _to, message in post.taken] == ["企业培育名录库：测试邮件"]
    mailing.test(world.user("industry"), at=NOW)


def test_who_gave_no_address_gets_no_test_letter(app: Flask, world: World) -> None:
    with pytest.raises(RegistryError) as refused:
        mailing.test(world.user("industry"), at=NOW)
    app.config["SMTP_HOST"] = ""
    with pytest.raises(RegistryError) as off:
        mailing.test(world.user("industry"), at=NOW)
    assert (refused.value.template, off.value.template) == (texts.TEST_NEEDS_ADDRESS, texts.MAIL_IS_OFF)


# -- settings -------------------------------------------------------------------------------------
def test_the_port_follows_how_the_connection_is_secured(tmp_path: Any) -> None:
    base = {"REGISTRY_INSTANCE": str(tmp_path), "REGISTRY_SMTP_HOST": "mail", "REGISTRY_SMTP_FROM": "a@b.cn"}
    ports = {
        tls: from_environment({**base, "REGISTRY_SMTP_TLS": tls})["SMTP_PORT"] for tls in ("starttls", "tls", "none")
    }
    assert ports == {"starttls": 587, "tls": 465, "none": 25}
    assert from_environment({**base, "REGISTRY_SMTP_PORT": "2525"})["SMTP_PORT"] == 2525


@pytest.mark.parametrize("wrong", [{"REGISTRY_SMTP_TLS": "maybe"}, {"REGISTRY_SMTP_HOST": "mail"}])
def test_settings_that_cannot_work_stop_the_start(tmp_path: Any, wrong: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        from_environment({"REGISTRY_INSTANCE": str(tmp_path), **wrong})
