"""The page of a search, and the firms that were opened last; they are kept in the session and in no table."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from registry.base.characters import clean
from registry.base.errors import RegistryError
from registry.base.permissions import can
from registry.search import queries, views
from registry.site.access import actor, requires
from registry.site.locale import sentence

pages = Blueprint("search", __name__)

KEPT = 8
_OPENED = "opened"
_LONGEST = 100


@pages.get("/search")
@requires("account")
def show() -> ResponseReturnValue:
    """Whoever types a whole code or number stands before what bears it."""
    typed = request.args.get("q", "")
    try:
        text = clean(typed, _LONGEST).text
    except RegistryError as error:
        return _page("", error=sentence(error))
    if len(text) < queries.LEAST:
        return _page(text, is_short=bool(text))
    found = queries.found(actor(), text)
    if (only := queries.exact(found, text)) is not None:
        return redirect(views.address(*only))
    return _page(text, groups=views.groups(found, text))


def _page(text: str, **values: Any) -> str:
    recent = _recent() if not values.get("groups") else []
    return render_template("search/show.html", text=text, recent=recent, **values)


@pages.get("/search/recent")
@requires("firm.list")
def recent() -> ResponseReturnValue:
    """A fragment for the panel of the field."""
    return render_template("search/_recent.html", recent=_recent())


def _recent() -> list[Any]:
    """What the person may see of it today."""
    kept = session.get(_OPENED, [])
    return queries.opened(actor(), kept) if kept and can(actor(), "firm.list") else []


@pages.after_app_request
def _remember(response: Response) -> Response:
    """A firm whose page was shown goes to the front."""
    number = (request.view_args or {}).get("firm_id")
    if request.blueprint == "firms" and request.method == "GET" and response.status_code == 200 and number:
        before = session.get(_OPENED, [])
        if before[:1] != [number]:
            session[_OPENED] = [number, *(one for one in before if one != number)][:KEPT]
    return response
