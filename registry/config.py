"""Settings from the environment; refuses to start in production without its secrets."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TIME_ZONE = "Asia/Shanghai"
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""How the connection to the mail server is secured, and the port that goes with it."""


class MissingSecret(RuntimeError):
    """Production was asked for, and a secret is not in the environment."""


def from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All settings of the application as a mapping for `app.config`.

    `REGISTRY_ENV=production` takes secrets from the environment only; otherwise they are generated once into
    the instance folder, so that a fresh machine needs no preparation.
    """
    instance = Path(environment.get("REGISTRY_INSTANCE", ROOT / "instance")).resolve()
    production = environment.get("REGISTRY_ENV", "") == "production"
    secure = environment.get("REGISTRY_HTTPS", "1" if production else "0") == "1"
    return {
        "INSTANCE": instance,
        "PRODUCTION": production,
        "SECRET_KEY": _secret(environment, "REGISTRY_SECRET_KEY", instance, production),
        "SQLALCHEMY_DATABASE_URI": environment.get("REGISTRY_DATABASE_URL", f"sqlite:///{instance / 'registry.db'}"),
        "TODAY": _day(environment.get("REGISTRY_TODAY", "")),
        "FILES": Path(environment.get("REGISTRY_FILES", instance / "files")),
        "UPLOADS": Path(environment.get("REGISTRY_UPLOADS", instance / "uploads")),
        **_mail(environment),
        "JOBS_IMMEDIATE": environment.get("REGISTRY_JOBS", "") == "immediate",
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
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
        "PASSWORD_LENGTH": 10,
        "WTF_CSRF_TIME_LIMIT": None,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
        "BABEL_DEFAULT_TIMEZONE": TIME_ZONE,
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "registry" / "translations"),
        "LANGUAGES": {"zh_Hans_CN": "简体中文", "en": "English"},
    }


def _mail(environment: Mapping[str, str]) -> dict[str, Any]:
    """The mail server that takes letters; without a host nothing is ever queued or sent."""
    tls = environment.get("REGISTRY_SMTP_TLS", "starttls")
    if tls not in SMTP_PORTS:
        raise SystemExit(f"error: REGISTRY_SMTP_TLS must be one of {', '.join(SMTP_PORTS)}, not {tls!r}")
    host, sender = environment.get("REGISTRY_SMTP_HOST", ""), environment.get("REGISTRY_SMTP_FROM", "")
    if host and not sender:
        raise SystemExit("error: REGISTRY_SMTP_HOST needs REGISTRY_SMTP_FROM, the address that letters come from")
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


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise SystemExit(f"error: REGISTRY_TODAY must be a day like 2021-10-15, not {text!r}") from None


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "")
    if text and not text.isdigit():
        raise SystemExit(f"error: {name} must be a whole number, not {text!r}")
    return int(text) if text else default


def _secret(environment: Mapping[str, str], name: str, instance: Path, production: bool) -> str:
    if value := environment.get(name):
        return value
    if production:
        raise MissingSecret(f"{name} must be set in the environment for production")
    kept = instance / name.lower()
    if not kept.exists():
        instance.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return kept.read_text(encoding="ascii").strip()
