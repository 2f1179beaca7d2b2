"""How the API is used, for whoever writes the other system; drawn from the description itself."""

from __future__ import annotations

import re

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.api.rules.scopes import SCOPE_LABELS
from registry.api.texts import PROBLEMS
from registry.api.views.description import ROOT, described, description, limits
from registry.base.extensions import setting
from registry.site.access import requires

pages = Blueprint("api_guide", __name__)


@pages.get("/api-guide")
@requires("public")
def show() -> ResponseReturnValue:
    if not setting("API"):
        return render_template("api/off.html"), 404
    return render_template(
        "api/guide.html",
        spec=description(),
        resources=dict(described()),
        root=ROOT,
        problems=[(name, kind.status, _(kind.title), _said(kind.detail)) for name, kind in PROBLEMS.items()],
        scopes=SCOPE_LABELS,
        limits=limits(),
    )


def _said(detail: str) -> str:
    """A sentence with dots where its values stand."""
    return re.sub(r"%\(\w+\)s", "...", _(detail))
