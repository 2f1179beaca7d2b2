"""How every resource is answered: who asks, how often, by which parameters; then its shape, with an entity tag.

A feature above adds a resource to the same API and the same description by marking a view of its own under `/api/v1/`:

    @pages.get("/api/v1/open/firms")
    @answers(Described("open_firms", OpenFirmsShape, N_("..."), N_("..."), scope=None, parameters=...))
    def firms(call: Call) -> Reply: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from registry.api.models import ApiToken
from registry.api.queries import tokens
from registry.api.rules.described import Described
from registry.api.rules.parameters import LIMIT, Parameter
from registry.api.rules.scopes import SCOPE_LABELS, Scope
from registry.api.rules.shapes import AnswerShape
from registry.api.rules.tokens import TokenState, state_of
from registry.api.services import using
from registry.api.texts import TWICE, UNFIT_PARAMETER, UNKNOWN_PARAMETER
from registry.api.views import places
from registry.api.views.problems import CHINESE, UNDER, Problem
from registry.base.extensions import clock, setting
from registry.base.permissions import SYSTEM_ACTOR, Actor
from registry.people.services.devices import network
from registry.site.access import by_token, requires
from registry.site.stateless import without_session
from registry.trail.services import refusals

PERMISSION: Mapping[Scope, str] = {
    Scope.LEDGER: "firm.list",
    Scope.DOSSIERS: "firm.list",
    Scope.QUARTERS: "quarter.read",
    Scope.PLAN: "plan.read",
    Scope.CASES: "case.read",
    Scope.CHANGES: "firm.list",
}
"""What a person needs for the page that shows the same."""
_OVER: Mapping[TokenState, str] = {
    TokenState.REVOKED: "token-revoked",
    TokenState.EXPIRED: "token-expired",
    TokenState.OFFICE_OVER: "token-office-over",
}


@dataclass(frozen=True)
class Call:
    """One request that may be answered: for whom, and its parameters, each checked against its description."""

    described: Described
    actor: Actor
    given: Mapping[str, str]
    token: ApiToken | None = None

    @property
    def required_token(self) -> ApiToken:
        """Of a resource that asks for one."""
        if self.token is None:
            raise Problem("token-missing")
        return self.token

    @property
    def limit(self) -> int:
        return int(self.given.get("limit") or LIMIT)

    @property
    def query(self) -> str:
        return places.query_of(request.path, self.actor, self.given)

    def after(self) -> int:
        """Behind which number the page begins."""
        return places.read(self.query, self.given.get("cursor", ""))

    def next(self, rows: Sequence[Any], number: Callable[[Any], int]) -> tuple[list[Any], str | None]:
        """Of one row more than the page holds: the page, and where the next begins."""
        page = list(rows[: self.limit])
        return page, places.sealed(self.query, number(page[-1])) if len(rows) > self.limit else None

    def lacks(self, permission: str) -> Problem:
        """What is not there, or not within reach: the same answer, and the attempt is on the trail, as on a page."""
        refusals.record_refusal(self.actor, permission, request.path, at=clock.now())
        return Problem("not-found")


@dataclass(frozen=True)
class Reply:
    """An answer, and how many rows of the registry are in it."""

    shape: AnswerShape
    rows: int


View = Callable[..., Reply]


def answers(described: Described) -> Callable[[View], Callable[..., ResponseReturnValue]]:
    """Make a view that fills a shape into a resource of the API."""

    def mark(view: View) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def answer(**path: Any) -> ResponseReturnValue:
            with force_locale(CHINESE):
                return _answered(described, view, path)

        answer.described = described  # type: ignore[attr-defined]
        if described.scope is None and not described.any_scope:
            return requires("public")(answer)
        return by_token(PERMISSION[described.scope or Scope.LEDGER])(answer)

    return mark


def _answered(described: Described, view: View, path: Mapping[str, Any]) -> ResponseReturnValue:
    call = _call(described, path)
    reply = view(call, **path)
    response = current_app.response_class(reply.shape.model_dump_json() + "\n", mimetype="application/json")
    response.add_etag()
    response.make_conditional(request)
    if call.token is not None and reply.rows and request.method == "GET" and response.status_code == 200:
        filter_text = "; ".join(f"{name}={value}" for name, value in sorted(call.given.items()) if name != "cursor")
        using.record(call.token, described.name, rows=reply.rows, filter_text=filter_text[:200], at=clock.now())
    return response


def count_address() -> None:
    """One more of those who show no token. Raises Problem where the API is off, or it is one too many."""
    require_on()
    _count(f"address:{network(request.remote_addr or '')}", setting("API_OPEN_REQUESTS"))


def require_on() -> None:
    if not setting("API"):
        raise Problem("off")


def _call(described: Described, path: Mapping[str, Any]) -> Call:
    needs_token = described.scope is not None or described.any_scope
    token = _token() if needs_token else None
    if not needs_token:
        count_address()
    actor = tokens.actor_of(token) if token else SYSTEM_ACTOR
    if token is not None and described.scope is not None and described.scope not in token.scopes:
        refusals.record_refusal(actor, PERMISSION[described.scope], request.path, at=clock.now())
        raise Problem("scope", scope=SCOPE_LABELS[described.scope])
    for one in described.path:
        if not one.fits(str(path[one.name])):
            raise Problem("not-found")
    return Call(described, actor, checked(described.parameters()), token)


def _token() -> ApiToken:
    """The token that is shown, if it opens anything. Raises Problem; without one the address is counted."""
    require_on()
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    row = tokens.presented(text.strip()) if kind.lower() == "bearer" else None
    if row is None:
        count_address()
        raise Problem("token-unknown" if text else "token-missing")
    _count(f"token:{row.id}", setting("API_REQUESTS"), row)
    if over := _OVER.get(state_of(row, clock.today())):
        raise Problem(over)
    return row


def _count(key: str, limit: int, token: ApiToken | None = None) -> None:
    if seconds := using.wait(key, limit, at=clock.now(), token=token):
        raise Problem("too-many", limit=limit, seconds=seconds, headers={"Retry-After": str(seconds)})


def checked(parameters: Sequence[Parameter]) -> dict[str, str]:
    """The parameters of the address. Raises Problem that names every unknown, repeated or unfit one."""
    known = {one.name: one for one in parameters}
    said: dict[str, str] = {}
    for name, values in request.args.lists():
        if name not in known:
            said[name] = UNKNOWN_PARAMETER
        elif len(values) > 1:
            said[name] = TWICE
        elif not known[name].fits(values[0]):
            said[name] = UNFIT_PARAMETER
    if said:
        raise Problem("parameters", said=said)
    return dict(request.args.items())


# -- no session ------------------------------------------------------------------------------------
def install(pages: Blueprint) -> None:
    """When the blueprint is registered, so that every application has it: no cookie is read or set there."""
    pages.record_once(lambda state: without_session(state.app, UNDER))
