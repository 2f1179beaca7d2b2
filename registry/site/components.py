"""Components: every macro in a folder `components` of templates/ is known to all templates by the name of its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import Environment
from markupsafe import Markup


class Component:
    """The macro `name` of the file at `path` in templates/, read when it is first drawn.

    It sees what it is given and the globals, not the variables of the page around it.
    """

    def __init__(self, environment: Environment, path: str, name: str) -> None:
        self._environment, self._path, self._name = environment, path, name

    def __call__(self, *args: Any, **named: Any) -> Markup:
        macro = getattr(self._environment.get_template(self._path).module, self._name)
        drawn: Markup = macro(*args, **named)
        return drawn


def install(app: Flask) -> None:
    folder = Path(app.root_path, app.template_folder or "")
    for file in sorted(folder.glob("**/components/*.html")):
        path = file.relative_to(folder).as_posix()
        app.jinja_env.globals[file.stem] = Component(app.jinja_env, path, file.stem)
