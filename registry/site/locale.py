"""The language of a page: the person's own choice, else the one chosen before signing in, else Chinese."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, session
from flask_babel import gettext
from flask_login import current_user

from registry.base.errors import RegistryError
from registry.base.extensions import babel
from registry.base.faults import Fault, Notice


def install(app: Flask) -> None:
    babel.init_app(app, locale_selector=chosen)
    app.jinja_env.filters["sentence"] = sentence
    app.jinja_env.filters["label"] = lambda value, labels: gettext(labels[value]) if value in labels else "--"


def chosen() -> str:
    if current_user and current_user.is_authenticated:
        return str(current_user.locale)
    fallback: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    return str(session.get("locale", fallback))


def sentence(error: RegistryError | Fault | Notice) -> str:
    """A rule's refusal, or a finding about a cell, in the reader's language: first translated, then filled."""
    text: str = gettext(error.template)
    if error.values:
        text = text % {name: _worded(value) for name, value in error.values.items()}
    added = error.addition if isinstance(error, Notice) else ""
    return text + gettext(added) if added else text


def _worded(value: Any) -> Any:
    """A label of ours inside a sentence in the reader's language too; any other value as it is."""
    if isinstance(value, tuple):
        return gettext("、").join(_worded(item) for item in value)
    return gettext(value) if isinstance(value, str) and value else value
