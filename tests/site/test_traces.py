"""What goes wrong leaves its place and kind in the log, and no name, number or code of anybody."""

from __future__ import annotations

import io
import logging
import subprocess
import sys

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from registry.base.extensions import db
from registry.config import ROOT
from registry.firms.models.firms import Firm
from registry.people.models import User
from registry.site import traces
from tests.world import World

PERSON = "张三丰"
PHONE = "13812345678"


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Pages are added to it."""
    return own_app


def logged(error: BaseException) -> str:
    """As any logger of the process writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    record = logging.LogRecord(
        "any", logging.ERROR, "", 0, "unexpected error", (), (type(error), error, error.__traceback__)
    )
    handler.emit(record)
    return written.getvalue()


def caught(statement: str, **values: object) -> DBAPIError:
    with pytest.raises(DBAPIError) as raised:
        db.session.execute(text(statement), values)
    db.session.rollback()
    return raised.value


def test_a_violated_constraint_is_named_without_the_row(world: World) -> None:
    taken = world.user("industry")
    with pytest.raises(IntegrityError) as raised:
        db.session.execute(
            User.__table__.insert().values(
                username=taken.username, name=PERSON, office_id=taken.office_id, roles=[], password_hash=PHONE,
                must_change_password=False, active=True, created_at=taken.created_at,
            )
        )  # fmt: skip
    db.session.rollback()
    told = logged(raised.value)
    assert "username" in told
    assert "INSERT INTO" in told
    for value in (PERSON, PHONE, taken.username + ")", "DETAIL"):
        assert value not in told
        assert value not in str(raised.value)


def test_parameters_of_a_statement_stay_out(world: World) -> None:
    error = caught("select * from nowhere where name = :name", name=PERSON)
    assert PERSON not in logged(error)
    assert "nowhere" in str(error) or "..." in str(error)


def test_a_value_that_does_not_fit_its_column_stays_out(world: World) -> None:
    firm = world.firm()
    db.session.flush()
    firm.founded_on = PERSON
    with pytest.raises((StatementError, DBAPIError)) as raised:
        db.session.flush()
    db.session.rollback()
    assert PERSON not in logged(raised.value)
    assert "UPDATE" in str(raised.value) or Firm.__tablename__ in str(raised.value)


@pytest.mark.postgresql
def test_postgresql_quotes_no_value_that_is_no_number(world: World) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL quotes it")
    error = caught("select cast(:given as integer)", given=PERSON)
    assert PERSON not in logged(error)
    assert "invalid input syntax for type integer" in str(error)


def test_other_errors_tell_their_place_and_kind_and_what_led_to_them() -> None:
    def inner() -> None:
        {}[PERSON]

    try:
        try:
            inner()
        except KeyError as missing:
            raise ValueError(f"no such person: {PHONE}") from missing
    except ValueError as error:
        told = logged(error)
    assert told.splitlines()[0] == "unexpected error"
    assert "in inner" in told
    assert f"builtins.KeyError: {traces.LEFT_OUT}" in told
    assert "The above exception was the direct cause of the following exception" in told
    assert told.rstrip().endswith(f"builtins.ValueError: {traces.LEFT_OUT}")
    assert (PERSON in told, PHONE in told) == (False, False)


def test_an_error_of_the_program_itself_is_told_whole() -> None:
    with pytest.raises(AttributeError) as raised:
        None.missing  # type: ignore[attr-defined]  # noqa: B018
    assert "'NoneType' object has no attribute 'missing'" in logged(raised.value)


def test_an_unexpected_error_of_a_page_reaches_the_log_without_values(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.testing = False

    @app.get("/broken")
    def broken() -> str:
        raise KeyError(PERSON)

    broken.permission = "public"  # type: ignore[attr-defined]
    assert app.test_client().get("/broken").status_code == 500
    written = "".join(logging.Formatter().format(record) for record in caplog.records)
    assert "unexpected error" in written
    assert PERSON not in written


def test_what_ends_a_process_is_told_the_same_way() -> None:
    code = f"from registry.site import traces\ntraces.install()\nraise KeyError('{PERSON}')"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.rstrip().endswith(f"builtins.KeyError: {traces.LEFT_OUT}")
