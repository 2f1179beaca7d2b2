"""What is open, for programs: the same copy by `/api/v1/open`, without a token, in the description of the read API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from flask import Blueprint
from flask_babel import gettext as _
from pydantic import Field

from registry.api.pages.answering import Call, Reply, answers
from registry.api.rules import parameters
from registry.api.rules.described import Described
from registry.api.rules.parameters import TEXT, Parameter
from registry.api.rules.shapes import AnswerShape, MomentText, PageShape, Shape
from registry.api.views.problems import Problem
from registry.base.clocks import SHANGHAI
from registry.base.labels import N_
from registry.portal import texts
from registry.portal.queries import public
from registry.portal.queries.public import OpenPortal, OpenQuery, OpenRow
from registry.portal.rules.catalog import COLLECTIONS, ENTRIES

pages = Blueprint("open_api", __name__, url_prefix="/api/v1/open")
KEY = r"^[0-9a-f]{12}$"


class OpenField(Shape):
    name: str
    title: str
    type: str


class OpenList(Shape):
    code: str
    title: str
    fields: list[OpenField]


class OpenListsShape(AnswerShape):
    licence: str
    data: list[OpenList]


class OpenEntry(Shape):
    id: Annotated[str, Field(pattern=KEY, description=N_("公开编号，公开期间不变"))]
    updated: MomentText
    values: Annotated[dict[str, str], Field(description=N_("栏目及内容；为空或没有公开的栏目不列"))]


class OpenRowsShape(PageShape):
    licence: str
    data: list[OpenEntry]


class OpenRowShape(AnswerShape):
    licence: str
    data: OpenEntry


def _query() -> Sequence[Parameter]:
    return (
        parameters.pattern("q", TEXT.replace("{0,", f"{{{public.LEAST},"), N_("关键词，至少两个字；在公开的栏目里找")),
        parameters.pattern("place", TEXT, N_("所在县区，与公开的栏目一致")),
        parameters.pattern("facet", TEXT, N_("行业或种类，与公开的栏目一致")),
        parameters.limit(N_("每页条数")),
        parameters.cursor(N_("上一页给出的 next")),
    )


_COLLECTION = parameters.choice("collection", COLLECTIONS, N_("公开的内容，如 entries"), example=ENTRIES)
_KEY = parameters.pattern("public_key", KEY, N_("公开编号"), example="0123456789ab")


@pages.get("")
@answers(Described("open_lists", OpenListsShape, *texts.API_RESOURCES["open_lists"], None))
def lists(_call: Call) -> Reply:
    portal = _portal()
    found = [
        OpenList(
            code=code,
            title=_(collection.label),
            fields=[
                OpenField(name=key, title=_(collection.field(key).label), type=collection.field(key).type)
                for key in keys
            ],
        )
        for code, (collection, keys) in portal.collections.items()
    ]
    return Reply(OpenListsShape(licence=portal.licence.name, data=found), len(found))


@pages.get("/<collection>")
@answers(Described("open_rows", OpenRowsShape, *texts.API_RESOURCES["open_rows"], None, _query, path=(_COLLECTION,)))
def rows(call: Call, collection: str) -> Reply:
    portal = _portal(collection)
    text = call.given.get("q", "").strip()
    query = OpenQuery(text, call.given.get("place", ""), call.given.get("facet", ""), call.after())
    found = public.rows(collection, query, most=call.limit + 1)
    page, following = call.next(found, lambda row: row.id)
    shape = OpenRowsShape(licence=portal.licence.name, data=[_entry(row) for row in page], next=following)
    return Reply(shape, len(page))


@pages.get("/<collection>/<public_key>")
@answers(Described("open_row", OpenRowShape, *texts.API_RESOURCES["open_row"], None, path=(_COLLECTION, _KEY)))
def row(_call: Call, collection: str, public_key: str) -> Reply:
    portal = _portal(collection)
    found = public.one(collection, public_key)
    if found is None:
        raise Problem("not-found")
    return Reply(OpenRowShape(licence=portal.licence.name, data=_entry(found)), 1)


def _portal(collection: str = "") -> OpenPortal:
    """The portal with this collection open in it. Raises Problem."""
    portal = public.portal()
    if portal is None or (collection and collection not in portal.collections):
        raise Problem("not-found")
    return portal


def _entry(found: OpenRow) -> OpenEntry:
    return OpenEntry(id=found.key, updated=found.at.astimezone(SHANGHAI).isoformat(), values=found.values)
