"""What production refuses, and what a database without accounts says of the first ones."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from registry import create_app
from registry.base.errors import DEMO_IS_NOT_BUILT, DemoInProduction
from registry.base.extensions import db
from registry.config import MAKE_A_SECRET, ROOT, BadSetting, from_environment
from registry.demo.story import TODAY, TODAY_KEY
from registry.people.models import Founding, User
from registry.reference.models import Parameter
from registry.serving.commands import serve
from registry.trail.models import TrailEntry
from tests.terminal import Said, registry
from tests.world import World, sign_in

GIVEN = ("--password", "Honghai-Bay-2021")
SECRET = "mXv2Q8nTz4KcYp7RwJ1sLdFh6GbAe3Ui9OoPx0Vt"
WEAK = f"is too weak: at least 32 characters, 10 of them different, no repeated pattern; make one: {MAKE_A_SECRET}"


@pytest.fixture
def production(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REGISTRY_ENV", "production")
    monkeypatch.setenv("REGISTRY_SECRET_KEY", SECRET)
    monkeypatch.delenv("REGISTRY_TODAY")
    return installed


@pytest.fixture
def demo(app: Flask) -> None:
    """The mark of the invented city, without its 338 firms."""
    with app.app_context():
        db.session.add(
            Parameter(
                key=TODAY_KEY, valid_from=TODAY, value=TODAY.isoformat(), label="演示世界的今天", source="演示数据"
            )
        )
        db.session.commit()


# -- settings
@pytest.mark.parametrize(
    "name, value, known",
    [
        ("REGISTRY_ENV", "prod", "development, production"),
        ("REGISTRY_ENV", "Production", "development, production"),
        ("REGISTRY_HTTPS", "true", "0, 1"),
        ("REGISTRY_JOBS", "Immediate", "worker, immediate"),
        ("REGISTRY_SMTP_TLS", "ssl", "starttls, tls, none"),
    ],
)
def test_an_unknown_value_is_refused_with_those_there_are(tmp_path: Path, name: str, value: str, known: str) -> None:
    with pytest.raises(BadSetting) as refused:
        from_environment({"REGISTRY_INSTANCE": str(tmp_path), name: value})
    assert str(refused.value) == f"{name} must be one of {known}, not {value!r}"


@pytest.mark.parametrize(
    "weak",
    ["x", "a" * 64, "abcdefgh" * 8, SECRET[:31], "0123456789abcdef" * 3, "ab" * 15 + "cdefg"],
    ids=["one letter", "one letter often", "a pattern", "one short", "a longer pattern", "few letters"],
)
@pytest.mark.parametrize("environment", ["production", "development"])
def test_a_weak_secret_is_refused_with_how_to_make_one_and_is_not_repeated(
    tmp_path: Path, environment: str, weak: str
) -> None:
    given = {"REGISTRY_INSTANCE": str(tmp_path), "REGISTRY_ENV": environment, "REGISTRY_SECRET_KEY": weak}
    with pytest.raises(BadSetting) as refused:
        from_environment(given)
    assert str(refused.value) == f"REGISTRY_SECRET_KEY {WEAK}"


@pytest.mark.parametrize(
    "strong", [SECRET, secrets.token_urlsafe(48), secrets.token_urlsafe(24)], ids=["kept", "long", "short"]
)
def test_a_secret_as_the_sentence_makes_it_is_taken(tmp_path: Path, strong: str) -> None:
    given = {"REGISTRY_INSTANCE": str(tmp_path), "REGISTRY_ENV": "production", "REGISTRY_SECRET_KEY": strong}
    settings = from_environment(given)
    assert (settings["SECRET_KEY"], settings["PRODUCTION"], settings["SESSION_COOKIE_SECURE"]) == (strong, True, True)


def test_production_makes_no_secret_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as refused:
        from_environment({"REGISTRY_INSTANCE": str(tmp_path), "REGISTRY_ENV": "production"})
    assert str(refused.value) == (
        f"REGISTRY_SECRET_KEY must be set in the environment for production; make one: {MAKE_A_SECRET}"
    )
    assert list(tmp_path.iterdir()) == []


def test_programs_that_start_at_one_moment_on_a_new_machine_have_one_secret(tmp_path: Path) -> None:
    start = threading.Barrier(8)

    def secret(folder: Path) -> str:
        start.wait()
        return str(from_environment({"REGISTRY_INSTANCE": str(folder)})["SECRET_KEY"])

    with ThreadPoolExecutor(8) as programs:
        for number in range(30):
            folder = tmp_path / str(number)
            assert len(set(programs.map(secret, [folder] * 8))) == 1
            assert [(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir()] == [
                ("registry_secret_key", 0o600)
            ]


def test_a_kept_secret_that_was_made_weak_is_refused_as_well(tmp_path: Path) -> None:
    (tmp_path / "registry_secret_key").write_text("x\n")
    with pytest.raises(BadSetting, match="registry_secret_key is too weak"):
        from_environment({"REGISTRY_INSTANCE": str(tmp_path)})


def test_a_refused_setting_is_one_line_at_the_terminal(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_ENV", "prod")
    assert registry("doctor") == Said(1, "", "error: REGISTRY_ENV must be one of development, production, not 'prod'\n")


# -- the demo
@pytest.mark.parametrize(
    "name, value, says", [("REGISTRY_TODAY", "2019-01-01", "the machine's clock"), ("FLASK_DEBUG", "1", "no debugger")]
)
def test_production_goes_by_the_real_day_and_serves_no_debugger(
    tmp_path: Path, name: str, value: str, says: str
) -> None:
    given = {"REGISTRY_ENV": "production", "REGISTRY_SECRET_KEY": SECRET, "REGISTRY_INSTANCE": str(tmp_path)}
    with pytest.raises(BadSetting, match=f"{name} is for .*{says}"):
        from_environment({**given, name: value})
    assert from_environment({**given, name: ""})["PRODUCTION"]


def test_a_set_day_is_said_on_every_page(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "haifeng")
    assert "系统日期已固定" not in client.get("/inbox").get_data(as_text=True)
    app.testing = False
    assert "系统日期已固定，仅供测试" in client.get("/inbox").get_data(as_text=True)


@pytest.mark.parametrize("command", [["worker", "--lane", "short"], ["nudge"], ["letters"]])
def test_no_work_is_done_for_a_demo_database_in_production(demo: None, production: Path, command: list[str]) -> None:
    assert registry(*command) == Said(1, "", f"error: {DemoInProduction()}\n")


def test_plain_http_in_production_is_warned_of(app: Flask, capsys: pytest.CaptureFixture[str], world: World) -> None:
    app.config.update(PRODUCTION=True, SESSION_COOKIE_SECURE=False)
    serve.announce("127.0.0.1", 8000)
    assert serve.WITHOUT_HTTPS in capsys.readouterr().out
    app.config["SESSION_COOKIE_SECURE"] = True
    serve.announce("127.0.0.1", 8000)
    assert serve.WITHOUT_HTTPS not in capsys.readouterr().out


def test_production_builds_no_demo(app: Flask, production: Path) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count(TrailEntry.seq)))
    assert registry("demo") == Said(1, "", f"error: {DEMO_IS_NOT_BUILT}\n")
    with app.app_context():
        assert db.session.scalar(select(func.count(TrailEntry.seq))) == before


def test_production_does_not_start_on_a_demo_database(demo: None, production: Path) -> None:
    assert registry("serve") == Said(1, "", f"error: {DemoInProduction.template}\n")


def test_a_wsgi_server_does_not_boot_on_a_demo_database_in_production(demo: None, production: Path) -> None:
    booted = _import_wsgi()
    assert (booted.returncode, booted.stdout, booted.stderr) == (3, "", f"error: {DemoInProduction.template}\n")


def test_a_wsgi_server_does_not_boot_on_a_refused_setting(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_ENV", "prod")
    booted = _import_wsgi()
    assert (booted.returncode, booted.stderr) == (
        3,
        "error: REGISTRY_ENV must be one of development, production, not 'prod'\n",
    )


def test_a_process_that_was_started_before_the_demo_came_serves_none_of_it(demo: None, production: Path) -> None:
    application = create_app()
    answer = application.test_client().get("/sign-in")
    assert answer.status_code == 503
    assert "这是演示库" in answer.text
    assert 'name="password"' not in answer.text
    with application.app_context():
        db.engine.dispose()


def test_production_on_a_database_of_its_own_starts(production: Path) -> None:
    assert _import_wsgi().returncode == 0


def _import_wsgi() -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )


# -- the first accounts
@pytest.fixture
def nobody(app: Flask) -> None:
    with app.app_context():
        db.session.execute(delete(Founding))
        db.session.execute(delete(User))
        db.session.commit()


def test_without_an_account_the_sign_in_page_says_how_the_first_are_made(nobody: None, client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    assert "还没有任何账号" in page
    assert "registry user create USERNAME --name NAME --office system --role system_admin" in page


def test_with_accounts_the_sign_in_page_says_nothing_of_the_first(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    assert ["还没有任何账号" in page, "管理员尚未到齐" in page] == [False, False]


def test_without_an_account_the_terminal_says_how_the_first_are_made(
    nobody: None, app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.app_context():
        serve.announce("127.0.0.1", 8000)
    assert serve.FIRST_ACCOUNTS in capsys.readouterr().out


def test_with_accounts_the_terminal_says_nothing_of_the_first(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with app.app_context():
        serve.announce("127.0.0.1", 8000)
    assert "there is no account" not in capsys.readouterr().out


@pytest.fixture
def two(app: Flask) -> None:
    """Only the audit administrator is missing."""
    with app.app_context():
        db.session.execute(delete(Founding))
        db.session.execute(update(User).where(User.username == "auditadmin").values(active=False))
        db.session.commit()


MISSING = (
    "no audit_admin yet; until there is one nothing about accounts can be confirmed: "
    "registry user create USERNAME --name NAME --office system --role audit_admin"
)


def test_until_there_are_three_the_start_and_the_doctor_name_who_is_missing(
    two: None, app: Flask, installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.app_context():
        serve.announce("127.0.0.1", 8000)
    assert f"  {MISSING}\n" in capsys.readouterr().out
    assert [line for line in registry("doctor").out.splitlines() if line.startswith("administrators:")] == [
        f"administrators: {MISSING}"
    ]
    registry(*MISSING.replace("USERNAME", "third").replace("NAME", "third").split("registry ")[1].split(), *GIVEN)
    assert "administrators:" not in registry("doctor").out
    with app.app_context():
        serve.announce("127.0.0.1", 8000)
    assert "no audit_admin" not in capsys.readouterr().out


def test_until_there_are_three_the_sign_in_page_names_who_is_missing(two: None, client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    assert "管理员尚未到齐" in page
    assert re.findall(r"--role (\w+)", page) == ["audit_admin"]


def test_the_commands_that_are_told_make_the_three_administrators(nobody: None, installed: Path) -> None:
    told = [line.split() for line in serve.FIRST_ACCOUNTS.splitlines() if line.strip().startswith("registry ")]
    for number, words in enumerate(told):
        names = {"USERNAME": f"admin{number}", "NAME": "蔡帆"}
        given = [names.get(word, word) for word in words[1:]]
        assert registry(*given, "--password", "Honghai-Bay-2021").status == 0
    assert len(told) == 3
