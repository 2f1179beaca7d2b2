"""The database is gone, or the disk is full: each page says so and stores nothing, and all goes on by itself afterwards."""

from __future__ import annotations

import io
import resource
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import create_engine, event, func, make_url, select, text
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from registry.base import sqlite
from registry.base.extensions import db
from registry.documents.models import Document
from registry.firms.models.firms import Firm
from registry.people.models import LoginCounter
from registry.reference.models import Parameter
from registry.site.access import requires
from registry.trail.models import TrailEntry
from tests.site.test_busy import NAME, NEW, details, form_of, said
from tests.world import NOW, TODAY, Build, sign_in, token_in

ON_SQLITE = "sqlite"
PLAIN = {"valid_from": TODAY, "source": "x"}


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Pages are added to it."""
    return own_app


@pytest.fixture(autouse=True)
def _as_in_life(app: Flask) -> None:
    app.testing = False


@pytest.fixture
def file(database: str) -> Path:
    if make_url(database).get_backend_name() != ON_SQLITE:
        pytest.skip("a database in a file is meant")
    return Path(make_url(database).database or "")


@pytest.fixture
def server(database: str) -> str:
    if make_url(database).get_backend_name() == ON_SQLITE:
        pytest.skip("a database server is meant")
    return database


def filled(client: FlaskClient) -> dict[str, str]:
    """A nomination with a token of the page it was typed on."""
    return {"csrf_token": token_in(client.get("/proposals/new").get_data(as_text=True)), **details()}


# -- the file is not there ------------------------------------------------------------------------
def test_a_file_that_was_moved_away_is_said_not_made_anew_and_found_again(client: FlaskClient, file: Path) -> None:
    sign_in(client, "haifeng")
    sent, elsewhere = filled(client), file.with_suffix(".away")
    for part in ("", "-wal", "-shm"):
        if (found := Path(f"{file}{part}")).exists():
            found.rename(f"{elsewhere}{part}")
    answers = [client.get("/proposals"), client.get("/firms/1"), client.get("/sign-in"), client.post(NEW, data=sent)]
    assert [answer.status_code for answer in answers] == [503] * 4
    assert all("数据库暂时连接不上，或无法读取" in answer.get_data(as_text=True) for answer in answers)
    assert (file.exists(), client.get("/nowhere").status_code) == (False, 404)
    for part in ("", "-wal", "-shm"):
        if (found := Path(f"{elsewhere}{part}")).exists():
            found.rename(f"{file}{part}")
    action, fields = form_of(answers[-1])
    assert client.get("/proposals").status_code == 200
    assert client.post(action, data=fields).status_code == 302


def test_a_file_that_was_replaced_is_the_one_that_is_written_to(client: FlaskClient, file: Path) -> None:
    """A backup that was put in place: what is saved afterwards must not go into the file that was unlinked."""
    sign_in(client, "haifeng")
    sent = filled(client)
    with sqlite.DRIVER.connect(file) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = file.with_suffix(".copy")
    shutil.copyfile(file, copy)
    for part in ("-wal", "-shm"):
        Path(f"{file}{part}").unlink(missing_ok=True)
    copy.replace(file)
    assert client.post(NEW, data=sent).status_code == 302
    with sqlite.DRIVER.connect(file) as fresh:
        assert fresh.execute("SELECT name FROM firm").fetchall() == [(NAME,)]


def test_what_is_no_database_is_said(client: FlaskClient, file: Path) -> None:
    file.write_bytes(b"not a database, not by far" * 100)
    token = "x"
    assert client.post("/sign-in", data={"csrf_token": token}).status_code == 400
    with client.session_transaction() as kept:
        kept["_user_id"] = "somebody"
    assert client.get("/proposals").status_code == 503


# -- the disk is full -----------------------------------------------------------------------------
@pytest.fixture
def full(app: Flask, file: Path) -> Any:
    """A block in which no connection of the application may make the file larger."""

    def stop(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # SQLite takes the present size for the least

    def lift(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute("PRAGMA max_page_count=4294967294")

    @contextmanager
    def block() -> Iterator[None]:
        with app.app_context():
            engine = db.engine
        event.listen(engine, "checkout", stop)
        try:
            yield
        finally:
            event.remove(engine, "checkout", stop)
            event.listen(engine, "checkout", lift)

    return block


def test_a_full_disk_is_said_reading_goes_on_and_the_same_post_works_with_room(
    client: FlaskClient, full: Any, app: Flask
) -> None:
    @requires("public")
    def grow() -> str:
        db.session.add(Parameter(**PLAIN, key=request.form["key"], value="x" * 200_000))
        db.session.commit()
        return "stored"

    app.add_url_rule("/grow", "grow", grow, methods=["POST"])
    sign_in(client, "haifeng")
    sent = {"csrf_token": token_in(client.get("/password").get_data(as_text=True)), "key": "a“<"}
    with full():
        answer = client.post("/grow", data=sent)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "服务器磁盘已满，或无法写入。" in answer.get_data(as_text=True)
        assert [client.get(path).status_code for path in ("/proposals", "/firms/4711", "/sign-in")] == [200, 404, 302]
        action, fields = form_of(answer)
        assert fields["key"] == "a“<"
    assert client.post(action, data=fields).get_data(as_text=True) == "stored"
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Parameter.key == "a“<")) == 1


def test_a_limit_on_the_files_size_keeps_the_form_and_leaves_no_piece_of_the_paper(
    client: FlaskClient, build: Build, app: Flask, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The paper fits into memory on its way in, and then not onto the disk."""
    firm_id = build(lambda world: world.firm().id)
    sign_in(client, "haifeng")
    sent = paper(client, 300_000)
    with small_files(200_000):
        answer = attach(client, firm_id, sent)
    assert (answer.status_code, "服务器磁盘已满，或无法写入" in answer.get_data(as_text=True)) == (503, True)
    assert html.fromstring(answer.get_data(as_text=True)).xpath("//input[@name='material']/@value") == ["M04"]
    assert list(app.config["FILES"].glob("*")) == []
    assert len(said(caplog, "full, nothing: OSError")) == 1
    assert attach(client, firm_id, sent).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count(Document.id))) == 1


def test_a_file_that_finds_no_room_on_its_way_in_does_not_take_the_typed_words_with_it(
    client: FlaskClient, build: Build
) -> None:
    firm_id = build(lambda world: world.firm().id)
    sign_in(client, "haifeng")
    sent = paper(client, 2_000_000)
    with small_files(600_000):
        answer = attach(client, firm_id, sent)
    assert (answer.status_code, "服务器磁盘已满，或无法写入" in answer.get_data(as_text=True)) == (503, True)
    page = html.fromstring(answer.get_data(as_text=True))
    assert page.xpath("//input[@name='material']/@value") == ["M04"]
    assert "文件须重新选择：利润表.pdf" in page.text_content()


def paper(client: FlaskClient, size: int) -> tuple[str, bytes]:
    """A form with a paper in it, as it goes over the line: its boundary and its bytes."""
    file = FileStorage(io.BytesIO(b"%PDF-1.4 " + b"x" * size), filename="利润表.pdf", name="file")
    token = token_in(client.get("/password").get_data(as_text=True))
    return encode_multipart(
        {
            "csrf_token": token,
            "form_key": secrets.token_urlsafe(24),
            "material": "M04",
            "year": "2021",
            "month": "9",
            "file": file,
        }
    )


def attach(client: FlaskClient, firm_id: int, sent: tuple[str, bytes]) -> Any:
    boundary, body = sent
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"/firms/{firm_id}/documents/new", data=body, content_type=kind)


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """No file of this process may grow beyond `most` bytes, as if the disk were full there."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# -- the server ends our connections ----------------------------------------------------------------
OURS = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> :me")


def end_connections(server: str) -> None:
    engine = create_engine(server)
    with engine.connect() as connection:
        me = connection.scalar(text("SELECT pg_backend_pid()"))
        connection.execute(OURS, {"me": me})
    engine.dispose()


@pytest.mark.postgresql
def test_connections_that_were_ended_are_made_anew_unseen(client: FlaskClient, server: str) -> None:
    sign_in(client, "haifeng")
    for _ in range(3):
        end_connections(server)
        assert client.get("/proposals").status_code == 200


@pytest.mark.postgresql
def test_a_connection_that_ends_within_a_request_is_said_and_the_next_page_works(
    app: Flask, client: FlaskClient, server: str
) -> None:
    @requires("public")
    def broken() -> str:
        db.session.scalar(select(func.count(Firm.id)))
        end_connections(server)
        return str(db.session.scalar(select(func.count(TrailEntry.seq))))

    @requires("public")
    def broken_afterwards() -> str:
        db.session.scalar(select(func.count(Firm.id)))
        end_connections(server)
        return "all was read"

    app.add_url_rule("/broken", "broken", broken)
    app.add_url_rule("/afterwards", "afterwards", broken_afterwards)
    sign_in(client, "haifeng")
    answer = client.get("/broken")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
    assert "数据库暂时连接不上" in answer.get_data(as_text=True)
    assert client.get("/afterwards").get_data(as_text=True) == "all was read"
    assert client.get("/proposals").status_code == 200


@pytest.mark.postgresql
def test_whether_it_was_saved_is_not_claimed_where_the_connection_ended_at_that_moment(
    app: Flask, client: FlaskClient, server: str
) -> None:
    @requires("public")
    def unsure() -> str:
        # of a table without seals: those would be asked for before the commit, and what ends there was surely not saved
        db.session.add(LoginCounter(key="a", window_start=NOW, failures=1))
        db.session.flush()
        end_connections(server)
        db.session.commit()
        return "saved"

    @requires("public")
    def stored() -> str:
        db.session.add(Parameter(**PLAIN, key="c", value="d"))
        db.session.commit()
        db.session.scalar(select(func.count(Firm.id)))
        end_connections(server)
        return str(db.session.scalar(select(func.count(Firm.id))))

    app.add_url_rule("/unsure", "unsure", unsure, methods=["POST"])
    app.add_url_rule("/stored", "stored", stored, methods=["POST"])
    sign_in(client, "haifeng")
    token = token_in(client.get("/password").get_data(as_text=True))
    pages = [client.post(path, data={"csrf_token": token}).get_data(as_text=True) for path in ("/unsure", "/stored")]
    assert ["无法确认是否已经保存" in pages[0], "内容已经保存" in pages[1]] == [True, True]
    assert all("再试一次" not in page for page in pages)
