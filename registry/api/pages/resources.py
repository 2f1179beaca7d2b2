"""The resources of `/api/v1`: each asks the queries of the page that shows the same, as the office of the token."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Blueprint, Response, current_app, request
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from registry.api import forms, texts
from registry.api.pages import answering
from registry.api.pages.answering import Call, Reply, answers
from registry.api.queries import changes as feed
from registry.api.rules import parameters
from registry.api.rules.described import Described
from registry.api.rules.parameters import FIRM_KEY, LONGEST, QUARTER, Parameter
from registry.api.rules.scopes import SCOPE_LABELS, Scope
from registry.api.rules.shapes import (
    CaseShape,
    CasesShape,
    ChangesShape,
    CodedValue,
    FirmShape,
    LedgerShape,
    MeShape,
    PlanShape,
    QuarterLinesShape,
    QuartersShape,
    TokenOffice,
)
from registry.api.views import cases as case_views
from registry.api.views import firms as firm_views
from registry.api.views import places
from registry.api.views import quarters as quarter_views
from registry.api.views.description import description
from registry.api.views.problems import CHINESE, ENGLISH, Problem
from registry.api.views.values import moment
from registry.base.extensions import clock, db, setting
from registry.base.labels import N_
from registry.base.periods import Quarter
from registry.base.permissions import can
from registry.cases.models import Case
from registry.cases.queries import cases as case_queries
from registry.cases.queries.cases import CaseQuery
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.ledger.forms import ALL, LedgerFilter
from registry.ledger.queries import ledger as ledger_queries
from registry.plans.queries import plans
from registry.plans.queries.standing import standing
from registry.quarters.queries import quarters as quarter_queries
from registry.quarters.queries import snapshots
from registry.site.access import requires

pages = Blueprint("api", __name__, url_prefix="/api/v1")
answering.install(pages)


def _paging() -> tuple[Parameter, ...]:
    return parameters.limit(texts.LIMIT_TEXT), parameters.cursor(texts.CURSOR_TEXT)


@pages.get("/me")
@answers(
    Described(
        "me", MeShape, *texts.RESOURCES["me"], scope=None, any_scope=True,
    )
)  # fmt: skip
def me(call: Call) -> Reply:
    token = call.required_token
    office = TokenOffice(code=token.office.code, name=token.office.short_name)
    return Reply(
        MeShape(
            token=token.name,
            office=office,
            scopes=[CodedValue(code=one, text=SCOPE_LABELS[one]) for one in token.scopes],
            expires_on=token.expires_on.isoformat(),
            last_used_at=moment(token.last_used_at),
            requests_a_minute=setting("API_REQUESTS"),
            longest_page=LONGEST,
        ),
        rows=0,
    )


# -- firms ----------------------------------------------------------------------------------------
@pages.get("/ledger")
@answers(
    Described(
        "ledger", LedgerShape, *texts.RESOURCES["ledger"], Scope.LEDGER,
        lambda: (*forms.ledger_parameters(), *_paging()),
    )
)  # fmt: skip
def ledger(call: Call) -> Reply:
    # The page opens on the firms in the directory; a program that names no stage is given them all, as ever.
    form = LedgerFilter(MultiDict({"stage": ALL, **call.given}))
    wanted = form.wanted()
    if form.errors:
        raise Problem("parameters", names=tuple(form.errors))
    rows, following = call.next(
        ledger_queries.following(call.actor, wanted, call.after(), limit=call.limit + 1), lambda line: int(line.id)
    )
    return Reply(LedgerShape(data=[firm_views.ledger_entry(line) for line in rows], next=following), len(rows))


@pages.get("/firms/<key>")
@answers(
    Described(
        "firm", FirmShape, *texts.RESOURCES["firm"], Scope.DOSSIERS,
        path=(parameters.pattern("key", FIRM_KEY, N_("企业编号，或统一社会信用代码"), example="1"),),
    )
)  # fmt: skip
def firm(call: Call, key: str) -> Reply:
    named = Firm.credit_code == key if len(key) == 18 else Firm.id == int(key)
    row = db.session.scalars(firms.visible_to(call.actor).where(named)).unique().one_or_none()
    if row is None or not can(call.actor, "firm.read", row):
        raise call.lacks("firm.read")
    return Reply(firm_views.firm_shape(call.actor, row), rows=1)


# -- quarters -------------------------------------------------------------------------------------
@pages.get("/quarters")
@answers(
    Described(
        "quarters", QuartersShape, *texts.RESOURCES["quarters"], Scope.QUARTERS,
    )
)  # fmt: skip
def quarters(call: Call) -> Reply:
    rows = quarter_queries.finished(call.actor, clock.today())
    return Reply(QuartersShape(data=[quarter_views.quarter_entry(row) for row in rows]), len(rows))


@pages.get("/quarters/<label>/lines")
@answers(
    Described(
        "quarter_lines", QuarterLinesShape, *texts.RESOURCES["quarter_lines"], Scope.QUARTERS, _paging,
        path=(parameters.pattern("label", QUARTER, N_("季度，如 2021Q3"), example="2021Q2"),),
    )
)  # fmt: skip
def quarter_lines(call: Call, label: str) -> Reply:
    snapshot = snapshots.of(Quarter.parse(label))
    if snapshot is None:
        raise Problem("not-closed")
    found = snapshots.rows_following(snapshot, call.actor, call.after(), limit=call.limit + 1)
    rows, following = call.next(found, lambda row: int(row["firm_id"]))
    shape = QuarterLinesShape(
        quarter=snapshot.quarter,
        as_of=snapshot.as_of.isoformat(),
        data=[quarter_views.line_entry(row) for row in rows],
        next=following,
    )
    return Reply(shape, len(rows))


# -- the plan -------------------------------------------------------------------------------------
@pages.get("/plan")
@answers(
    Described(
        "plan", PlanShape, *texts.RESOURCES["plan"], Scope.PLAN,
    )
)  # fmt: skip
def plan(call: Call) -> Reply:
    on = clock.today()
    current = plans.current(on)
    found = standing(current, on, call.actor) if current else None
    if found is None:
        raise Problem("not-found")
    return Reply(quarter_views.plan_shape(call.actor, found), len(found.targets))


# -- cases ----------------------------------------------------------------------------------------
@pages.get("/cases")
@answers(
    Described(
        "cases", CasesShape, *texts.RESOURCES["cases"], Scope.CASES,
        lambda: (*forms.case_parameters(), *_paging()),
    )
)  # fmt: skip
def cases(call: Call) -> Reply:
    given = call.given
    query = CaseQuery(kind=given.get("kind", ""), state=given.get("state", ""), text=given.get("q", "").strip())
    found = case_queries.following(call.actor, query, call.after(), limit=call.limit + 1)
    rows, following = call.next(found, lambda row: int(row.id))
    return Reply(CasesShape(data=case_views.case_entries(call.actor, rows), next=following), len(rows))


@pages.get("/cases/<int:case_id>")
@answers(
    Described(
        "case", CaseShape, *texts.RESOURCES["case"], Scope.CASES,
        path=(parameters.number("case_id", N_("事项编号（id）"), most=2**31 - 1),),
    )
)  # fmt: skip
def case(call: Call, case_id: int) -> Reply:
    row: Case | None = db.session.scalars(case_queries.one(call.actor, case_id)).unique().one_or_none()
    if row is None or not can(call.actor, "case.read_one", row):
        raise call.lacks("case.read_one")
    return Reply(case_views.case_shape(call.actor, row), rows=1)


# -- changes --------------------------------------------------------------------------------------
def _feed_parameters() -> Sequence[Parameter]:
    return (
        parameters.limit(texts.LIMIT_TEXT),
        parameters.cursor(N_("上次给出的 cursor；不写则从最早的变更开始。")),
        parameters.choice("from", ["now"], N_("写 now 则不取变更，只给出现在的 cursor；不与 cursor 同用。")),
    )


@pages.get("/changes")
@answers(
    Described(
        "changes", ChangesShape, *texts.RESOURCES["changes"], Scope.CHANGES, _feed_parameters,
    )
)  # fmt: skip
def changes(call: Call) -> Reply:
    query = places.query_of(request.path, call.actor, {})
    if call.given.get("from"):
        if call.given.get("cursor"):
            raise Problem("cursor-or-now", names=("from",))
        return Reply(ChangesShape(cursor=places.sealed(query, feed.last(call.actor)), more=False, data=[]), rows=0)
    after = places.read(query, call.given.get("cursor", ""))
    found = feed.since(call.actor, after, limit=call.limit + 1)
    lines = found[: call.limit]
    cursor = places.sealed(query, lines[-1].seq if lines else after)
    shape = ChangesShape(
        cursor=cursor, more=len(found) > call.limit, data=[case_views.change_entry(line) for line in lines]
    )
    return Reply(shape, len(lines))


# -- the description ------------------------------------------------------------------------------
@pages.get("/openapi.json")
@requires("public")
def openapi() -> Response:
    """Open to all, as often as an address may ask; in Chinese, or in English for `?lang=en`."""
    answering.count_address()
    given = answering.checked([parameters.choice("lang", ["zh", "en"], "")])
    with force_locale(ENGLISH if given.get("lang") == "en" else CHINESE):
        content = json.dumps(description(), ensure_ascii=False)
    response = current_app.response_class(content + "\n", mimetype="application/json")
    response.add_etag()
    response.make_conditional(request)
    return response
