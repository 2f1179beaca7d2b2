"""What anybody may read, without sign-in, without a cookie, from the copy alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from typing import IO, Any

from flask import Blueprint, abort, current_app, make_response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.api.services import using
from registry.base.clocks import SHANGHAI
from registry.base.extensions import clock, setting
from registry.base.steady import written_steadily
from registry.base.vocabulary import NOTICE
from registry.people.services.devices import network
from registry.portal.forms import OpenSearch
from registry.portal.queries import public
from registry.portal.queries.public import OpenPortal, OpenQuery, OpenRow
from registry.portal.rules.catalog import Collection
from registry.portal.rules.schemas import KEY, package, table_schema
from registry.portal.sheets import write_json, write_table, write_workbook
from registry.portal.texts import NAME_JOINT
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.site.access import requires
from registry.site.stateless import for_caches, without_session

UNDER = "/open"
SIZE = 20
KEPT_SECONDS = 300
"""How long a cache may hand an answer on: a field that is withdrawn is gone everywhere that long after."""
pages = Blueprint("open_portal", __name__)
pages.record_once(lambda state: without_session(state.app, UNDER))
View = Callable[..., ResponseReturnValue]


def _open(view: Callable[..., Any]) -> View:
    """The portal must be open; the answer may be kept by caches, and says whether it is still the same."""

    @requires("public")
    @wraps(view)
    def answer(**path: Any) -> ResponseReturnValue:
        portal = public.portal()
        if portal is None:
            abort(404)
        with force_locale(_language()):
            response = make_response(view(portal, **path))
        for_caches(KEPT_SECONDS)
        if not response.direct_passthrough:
            response.add_etag()
        response.make_conditional(request)
        return response

    return answer


def _language() -> str:
    fallback: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    return "en" if request.args.get("lang") == "en" else fallback


@pages.get(UNDER)
@_open
def home(portal: OpenPortal) -> str:
    return _page("portal/open_home.html", portal, counts=public.counts())


@pages.get(f"{UNDER}/fields")
@_open
def fields(portal: OpenPortal) -> str:
    """The published list: every field that is public, by collection."""
    return _page("portal/open_fields.html", portal)


@pages.get(f"{UNDER}/datapackage.json")
@_open
def described(portal: OpenPortal) -> ResponseReturnValue:
    """All lists with their schemas, as a Frictionless Data Package."""
    return _json(package(portal.collections, portal.licence, lambda code: f"{code}/data.csv", _))


@pages.get(f"{UNDER}/<collection>")
@_open
def listing(portal: OpenPortal, collection: str) -> str:
    of, keys = _collection(portal, collection)
    form = OpenSearch(request.args)
    query = form.query()
    found = public.rows(collection, query, most=SIZE + 1)
    places, facets = public.choices(collection)
    form.place.choices = [("", _("全部")), *((one, one) for one in places)]
    if of.facet:
        form.facet.label.text = _(of.field(of.facet).label)
    form.facet.choices = [("", _("全部")), *((one, one) for one in facets)]
    return _page(
        "portal/open_list.html",
        portal,
        collection=of,
        keys=keys,
        form=form,
        rows=found[:SIZE],
        filled={key for row in found[:SIZE] for key in row.values},
        onward=_onward(collection, query, found),
        first=_at("open_portal.listing", collection=collection, **_told(query)) if query.after else "",
        asked=query != OpenQuery(after=query.after),
        files={kind: _file(collection, kind, **_told(query)) for kind in ("xlsx", "csv", "json")},
    )


@pages.get(f"{UNDER}/<collection>/schema.json")
@_open
def schema(portal: OpenPortal, collection: str) -> ResponseReturnValue:
    """Table Schema of the list."""
    of, keys = _collection(portal, collection)
    return _json(table_schema(of, keys, _))


@pages.get(f"{UNDER}/<collection>/data.csv")
@_open
def csv(portal: OpenPortal, collection: str) -> ResponseReturnValue:
    """The list for programs: whatever the query finds, every page of it."""
    _of, keys = _collection(portal, collection)
    query = _query()
    return _sent(collection, "csv", "text/csv", lambda file: write_table(file, keys, _rows(collection, query)))


@pages.get(f"{UNDER}/<collection>/data.xlsx")
@_open
def xlsx(portal: OpenPortal, collection: str) -> ResponseReturnValue:
    """The same for people, ready to print."""
    of, keys = _collection(portal, collection)
    query, licence, as_of = _query(), portal.licence.name, _now(collection)
    filter_text = NAME_JOINT.join(_told(query).values())
    return _sent(
        collection,
        "xlsx",
        MEDIA_TYPES[FileKind.XLSX],
        lambda file: write_workbook(
            file, of, keys, _rows(collection, query), licence=licence, filter_text=filter_text, as_of=as_of, words=_
        ),
    )


@pages.get(f"{UNDER}/<collection>/data.json", endpoint="json")
@_open
def rows(portal: OpenPortal, collection: str) -> ResponseReturnValue:
    """The same with its schema, licence and notice."""
    of, keys = _collection(portal, collection)
    query, licence = _query(), portal.licence.described()
    schema_ = table_schema(of, keys, _)
    return _sent(
        collection,
        "json",
        "application/json",
        lambda file: write_json(file, schema_, licence, NOTICE, _rows(collection, query)),
    )


def _query() -> OpenQuery:
    """Of a file; one that cannot be asked is refused, for a file that looks whole would lie."""
    form = OpenSearch(request.args)
    if form.is_wrong:
        abort(400)
    return form.query()


def _sent(collection: str, ending: str, media_type: str, write: Callable[[IO[bytes]], int]) -> ResponseReturnValue:
    if seconds := using.wait(
        f"address:{network(request.remote_addr or '')}", setting("API_OPEN_REQUESTS"), at=clock.now()
    ):
        answer = make_response(_("请求过于频繁，请在 %(seconds)s 秒后再试。", seconds=seconds), 429)
        answer.headers["Retry-After"] = str(seconds)
        return answer
    file, _count, digest = written_steadily(write)
    response = send_file(
        file, mimetype=media_type, as_attachment=ending != "json", download_name=f"{collection}.{ending}", etag=False
    )
    response.set_etag(digest)
    return response


@pages.get(f"{UNDER}/<collection>/<public_key>")
@_open
def show(portal: OpenPortal, collection: str, public_key: str) -> str:
    of, keys = _collection(portal, collection)
    row = public.one(collection, public_key)
    if row is None:
        abort(404)
    return _page("portal/open_show.html", portal, collection=of, keys=keys, row=row)


def _collection(portal: OpenPortal, code: str) -> tuple[Collection, tuple[str, ...]]:
    if code not in portal.collections:
        abort(404)
    return portal.collections[code]


def _rows(code: str, query: OpenQuery) -> Iterator[dict[str, Any]]:
    return ({KEY: row.key, **row.values} for row in public.every(code, query))


def _onward(code: str, query: OpenQuery, found: list[OpenRow]) -> str:
    if len(found) <= SIZE:
        return ""
    return _at("open_portal.listing", collection=code, **_told(query), after=found[SIZE - 1].id)


def _told(query: OpenQuery) -> dict[str, Any]:
    told = {"q": query.text, "place": query.place, "facet": query.facet}
    return {name: value for name, value in told.items() if value}


def _file(code: str, form: str, **query: Any) -> str:
    return _at(f"open_portal.{form}", collection=code, **query)


def _at(endpoint: str, **values: Any) -> str:
    """Another open address in the same language."""
    if request.args.get("lang") == "en":
        values["lang"] = "en"
    return url_for(endpoint, **values)


def _json(content: object) -> ResponseReturnValue:
    return current_app.response_class(current_app.json.dumps(content), mimetype="application/json")


def _now(code: str) -> str:
    found = public.counts().get(code)
    return moment_of(found[1]) if found else ""


def moment_of(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _page(template: str, portal: OpenPortal, **shown: Any) -> str:
    return render_template(
        template, portal=portal, at=_at, is_english=_language() == "en", moment_of=moment_of, **shown
    )
