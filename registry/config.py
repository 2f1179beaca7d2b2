"""Settings from the environment; refuses to start in production without its secrets."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How the connection to the mail server is secured, and the port that goes with it."""
ENVIRONMENTS = ("development", "production")
SECRET_LENGTH, SECRET_VARIETY = 32, 10
"""The least characters of a secret, and how many of them must differ."""
MAKE_A_SECRET = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'  # noqa: S105


class BadSetting(RuntimeError):
    """A setting of the environment that cannot be taken; the sentence says which, why, and what would do."""


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All settings of the application as a mapping for `app.config`.

    `REGISTRY_ENV=production` takes secrets from the environment only; otherwise they are generated once into
    the instance folder, so that a fresh machine needs no preparation.
    """
    instance = Path(environment.get("REGISTRY_INSTANCE", ROOT / "instance")).resolve()
    production = _one_of(environment, "REGISTRY_ENV", ENVIRONMENTS) == "production"
    if production:
        _refuse_play(environment)
    secure = _one_of(environment, "REGISTRY_HTTPS", ("1", "0") if production else ("0", "1")) == "1"
    return {
        "INSTANCE": instance,
        "PRODUCTION": production,
        "SECRET_KEY": _secret(environment, "REGISTRY_SECRET_KEY", instance, production),
        "SQLALCHEMY_DATABASE_URI": environment.get("REGISTRY_DATABASE_URL", f"sqlite:///{instance / 'registry.db'}"),
        "TODAY": _day(environment.get("REGISTRY_TODAY", "")),
        "FILES": Path(environment.get("REGISTRY_FILES", instance / "files")),
        "UPLOADS": Path(environment.get("REGISTRY_UPLOADS", instance / "uploads")),
        # Archives of everything: where the night's are put (else beside the rest), and how many stay; 0 makes none.
        "BACKUPS": environment.get("REGISTRY_BACKUPS", ""),
        "BACKUPS_KEPT": _number(environment, "REGISTRY_BACKUPS_KEPT", 14),
        # Where the ends of the trail are noted, line by line: on another disk or share it proves the most.
        "ANCHORS": environment.get("REGISTRY_ANCHORS", ""),
        **_mail(environment),
        "JOBS_IMMEDIATE": _one_of(environment, "REGISTRY_JOBS", ("worker", "immediate")) == "immediate",
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
        **_requests(environment),
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "SESSION_HOURS": 12,
        "SESSION_IDLE_MINUTES": 30,
        # The prefix makes a browser refuse the cookie from any other host or over plain HTTP.
        "SESSION_COOKIE_NAME": "__Host-registry" if secure else "registry",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        # How many reverse proxies stand before us: only their word about a client's address is taken.
        "PROXIES": _number(environment, "REGISTRY_PROXIES", 0),
        # Wrong tries in a window: of one account from one place; of one account from strange places together; names
        # that one address may fail with. Places that an account signed in from have only the first of the three.
        "LOGIN_LIMIT_USER": 5,
        "LOGIN_LIMIT_ACCOUNT": 10,
        "LOGIN_LIMIT_ADDRESS": 100,
        "LOGIN_WINDOW_MINUTES": 15,
        **_interface(environment),
        "PASSWORD_LENGTH": 10,
        "WTF_CSRF_TIME_LIMIT": None,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "registry" / "translations"),
        "LANGUAGES": {"zh_Hans_CN": "简体中文", "en": "English"},
    }


def serving(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """How many processes, threads and connections serve, and where: for gunicorn.conf.py."""
    return {
        "chdir": str(ROOT),
        "bind": environment.get("REGISTRY_BIND") or "127.0.0.1:8000",
        "processes": _number(environment, "REGISTRY_PROCESSES", 2, least=1),
        "threads": _number(environment, "REGISTRY_THREADS", 4, least=1),
        # Of each process. The one that does least gives way to a new one.
        "connections": _number(environment, "REGISTRY_CONNECTIONS", 1000, least=10),
    }


def _requests(environment: Mapping[str, str]) -> dict[str, int]:
    """How long a client may take to send a request, and how many bodies one address may have under way."""
    return {
        "REQUEST_HEAD_SECONDS": _number(environment, "REGISTRY_REQUEST_HEAD_SECONDS", 10, least=1),
        # For the whole request; each REQUEST_RATE_LEAST bytes that have come add a second, up to SECONDS_MOST.
        "REQUEST_SECONDS": _number(environment, "REGISTRY_REQUEST_SECONDS", 20, least=1),
        "REQUEST_SECONDS_MOST": _number(environment, "REGISTRY_REQUEST_SECONDS_MOST", 600, least=1),
        "REQUEST_RATE_LEAST": _number(environment, "REGISTRY_REQUEST_RATE_LEAST", 4096, least=1),
        "REQUESTS_OF_AN_ADDRESS": _number(environment, "REGISTRY_REQUESTS_OF_AN_ADDRESS", 20, least=1),
    }


def _interface(environment: Mapping[str, str]) -> dict[str, Any]:
    """The read API: whether it answers at all, how long a token may last, how often anybody may ask in a minute."""
    return {
        "API": _one_of(environment, "REGISTRY_API", ("1", "0")) == "1",
        "API_TOKEN_DAYS": _number(environment, "REGISTRY_API_TOKEN_DAYS", 365, least=1),
        # Of a token; and of an address that shows none.
        "API_REQUESTS": _number(environment, "REGISTRY_API_REQUESTS", 120, least=1),
        "API_OPEN_REQUESTS": _number(environment, "REGISTRY_API_OPEN_REQUESTS", 60, least=1),
    }


def _mail(environment: Mapping[str, str]) -> dict[str, Any]:
    """The mail server that takes letters; without a host nothing is ever queued or sent."""
    tls = _one_of(environment, "REGISTRY_SMTP_TLS", tuple(SMTP_PORTS))
    host, sender = environment.get("REGISTRY_SMTP_HOST", ""), environment.get("REGISTRY_SMTP_FROM", "")
    if host and not sender:
        raise BadSetting("REGISTRY_SMTP_HOST needs REGISTRY_SMTP_FROM, the address that letters come from")
    return {
        "SMTP_HOST": host,
        "SMTP_PORT": _number(environment, "REGISTRY_SMTP_PORT", SMTP_PORTS[tls]),
        "SMTP_USER": environment.get("REGISTRY_SMTP_USER", ""),
        "SMTP_PASSWORD": environment.get("REGISTRY_SMTP_PASSWORD", ""),
        "SMTP_FROM": sender,
        "SMTP_TLS": tls,
        # Where people sign in: the only address a letter holds.
        "PUBLIC_URL": environment.get("REGISTRY_PUBLIC_URL", ""),
    }


def _refuse_play(environment: Mapping[str, str]) -> None:
    """What belongs to trying things out: every date here has legal weight, and a debugger runs code for anybody."""
    if environment.get("REGISTRY_TODAY"):
        raise BadSetting("REGISTRY_TODAY is for tests and demonstrations; production goes by the machine's clock")
    if environment.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        raise BadSetting("FLASK_DEBUG is for development; production serves no debugger")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadSetting(f"REGISTRY_TODAY must be a day like 2021-10-15, not {text!r}") from None


def _number(environment: Mapping[str, str], name: str, default: int, *, least: int = 0) -> int:
    text = environment.get(name, "")
    if text and not (text.isascii() and text.isdigit() and int(text) >= least):
        raise BadSetting(f"{name} must be a whole number from {least} on, not {text!r}")
    return int(text) if text else default


def _one_of(environment: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    """The value of a setting that has a list of them: the first where it is not set, never a guess."""
    value = environment.get(name) or known[0]
    if value not in known:
        raise BadSetting(f"{name} must be one of {', '.join(known)}, not {value!r}")
    return value


def _secret(environment: Mapping[str, str], name: str, instance: Path, production: bool) -> str:
    if value := environment.get(name):
        return _strong(value, name)
    if production:
        raise BadSetting(f"{name} must be set in the environment for production; make one: {MAKE_A_SECRET}")
    kept = instance / name.lower()
    if not kept.exists():
        _make_secret(kept)
    return _strong(kept.read_text(encoding="ascii").strip(), str(kept))


def _make_secret(kept: Path) -> None:
    """Whole or not at all, and once: the web server's processes and the worker start at one moment on a new machine."""
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, new = tempfile.mkstemp(prefix=f"{kept.name}.", dir=kept.parent)  # for nobody else to read
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        with suppress(FileExistsError):  # another process was faster: its secret is everybody's
            os.link(new, kept)
    finally:
        Path(new).unlink()


def _strong(value: str, where: str) -> str:
    """The secret, if nobody will guess it; it is never shown, not even in the refusal."""
    repeated = value in (value + value)[1:-1]
    if len(value) < SECRET_LENGTH or len(set(value)) < SECRET_VARIETY or repeated:
        raise BadSetting(
            f"{where} is too weak: at least {SECRET_LENGTH} characters, {SECRET_VARIETY} of them different,"
            f" no repeated pattern; make one: {MAKE_A_SECRET}"
        )
    return value
