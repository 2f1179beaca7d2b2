"""The extensions, unbound; `create_app` binds them to an application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from flask import Flask, current_app, g
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from registry.base.clocks import SHANGHAI
from registry.base.parts import resolve
from registry.base.tables import Base

Value = TypeVar("Value")

__all__ = [
    "SHANGHAI",
    "Value",
    "babel",
    "bind",
    "bootstrap",
    "clock",
    "csrf",
    "db",
    "forget",
    "login",
    "migrate",
    "once",
    "provided",
    "queue",
    "setting",
]


class Clock:
    """The present: the machine's, or a set day (`REGISTRY_TODAY`, or the demo world's own)."""

    def today(self) -> date:
        return self.now().date()

    def now(self) -> datetime:
        """The moment, aware, in Shanghai; on a set day it keeps the real time of day."""
        real = datetime.now(SHANGHAI)
        day = self._set_day()
        return datetime.combine(day, real.time(), SHANGHAI) if day else real

    def is_demo(self) -> bool:
        """True in the invented city, whose day is part of its data."""
        return self._demo_day_once() is not None

    def look_again(self) -> None:
        """Forget the day that was read: the demo world has just been built, and brings its own."""
        g.pop("demo_today", None)

    def _set_day(self) -> date | None:
        fixed: date | None = current_app.config["TODAY"]
        if fixed:
            return fixed
        return self._demo_day_once()

    def _demo_day_once(self) -> date | None:
        return once("demo_today", self._demo_day)

    def _demo_day(self) -> date | None:
        (kept,) = provided("demo_day")
        day: date | None = kept()
        return day


def provided(name: str) -> list[Any]:
    """What features declare under `name` for those below them, from the ground up."""
    declared: dict[str, list[tuple[str, str]]] = current_app.extensions["provided"]
    return [resolve(feature, place) for feature, place in declared.get(name, ())]


class Queue:
    """Background work by name; the features declare the functions."""

    def enqueue(self, name: str, *arguments: int | str) -> None:
        """Hand the job to the worker; call it only after the commit that the job builds on."""
        put: Callable[..., None] = current_app.extensions["jobs"]
        put(name, *arguments)


def once(name: str, make: Callable[[], Value]) -> Value:
    """`make()`, kept for the rest of this request, command or job and never longer."""
    if name not in g:
        setattr(g, name, make())
    value: Value = getattr(g, name)
    return value


def forget(name: str) -> None:
    """Drop what `once` kept."""
    g.pop(name, None)


def setting(name: str) -> Any:
    """A setting of the running application."""
    return current_app.config[name]


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
csrf = CSRFProtect()
login = LoginManager()
babel = Babel()
bootstrap = Bootstrap5()
clock = Clock()
queue = Queue()


def bind(app: Flask) -> None:
    """Bind every extension to `app`; the locale selector and user loader are set by `site`."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS"]), render_as_batch=True)
    csrf.init_app(app)
    login.init_app(app)
    bootstrap.init_app(app)
