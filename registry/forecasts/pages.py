"""Early warning: who may cross in time, too late, falls back, lacks papers; and how far forecasts were off."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.labels import N_
from registry.documents.queries import documents
from registry.figures import views
from registry.figures.queries import figures
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.forecasts.forms import Listing
from registry.forecasts.queries import forecasts
from registry.forecasts.queries.forecasts import Alert, ForecastQuery, Outlook
from registry.forecasts.rules.forecast import Method
from registry.forecasts.texts import CAUTION, METHOD_LABELS
from registry.forecasts.views import forecasted
from registry.reference.queries import parameters, reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.display import here
from registry.site.pagination import ListPages

pages = Blueprint("forecasts", __name__)
LABELS: Mapping[str, str] = MappingProxyType(
    {
        Alert.CROSSING: N_("今年有望达标"),
        Alert.LATE: N_("达标赶不上窗口"),
        Alert.FALLING: N_("在库四上下滑"),
        Alert.CLOSING: N_("窗口临近缺材料"),
    }
)
TONES = {Alert.CROSSING: "info", Alert.LATE: "warn", Alert.FALLING: "bad", Alert.CLOSING: "bad"}


@pages.get("/forecasts")
@requires("forecast.list")
def listing() -> ResponseReturnValue:
    form = Listing(request.args)
    form.offer()
    wanted = ForecastQuery(form.division.data or "", (form.q.data or "").strip()[:100])
    found = forecasts.alerts(actor(), wanted, on=clock.today())
    kind = _kind(found)
    page = ListPages(found[kind])
    return render_template(
        "forecasts/list.html",
        form=form,
        kind=kind,
        label=_(LABELS[kind]),
        page=page,
        rows=[forecasted.told(outlook) for outlook in page.items],
        cards=_cards(found, kind),
        divisions=reference.division_names(),
        offices={office.id: office.short_name for office in reference.offices().values()},
        days=parameters.integer("forecast.window_days", clock.today()),
        name_of=forecasted.window_name,
        asked=bool(wanted.division or wanted.text),
        caution=CAUTION,
    )


def _kind(found: Mapping[Alert, list[Outlook]]) -> Alert:
    """The tab asked for, else the first that has a firm."""
    asked = request.args.get("kind", "")
    if asked in list(Alert):
        return Alert(asked)
    return next((kind for kind in Alert if found[kind]), Alert.CROSSING)


def _cards(found: Mapping[Alert, list[Outlook]], kind: Alert) -> list[dict[str, Any]]:
    return [
        {
            "label": _(LABELS[one]),
            "count": len(found[one]),
            "tone": TONES[one],
            "active": one is kind,
            "href": here(kind=one.value, page=None),
        }
        for one in Alert
    ]


@pages.get("/forecasts/accuracy")
@requires("forecast.list")
def accuracy() -> ResponseReturnValue:
    """The error of past forecasts within the reader's reach, and where the intervals come from."""
    return render_template(
        "forecasts/accuracy.html",
        scores=forecasts.accuracy(actor(), on=clock.today()),
        widths=forecasts.width_rows(),
        methods=METHOD_LABELS,
        naive=Method.RUN_RATE,
        caution=CAUTION,
    )


@pages.get("/firms/<int:firm_id>/forecast")
@concerns("firm.read")
def show(firm_id: int) -> ResponseReturnValue:
    """One firm's path to the line, to be looked at or printed, with everything the forecast rests on."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    today = clock.today()
    rows = views.figure_rows(firm, figures.figures_of(firm), (), documents.documents_of(firm))
    told = forecasted.told(forecasts.of(firm, [row.figure for row in rows if row.proven], on=today))
    used = set(told.outlook.forecast.used)
    return render_template(
        "forecasts/show.html",
        firm=firm,
        told=told,
        points=views.months(rows, today.year),
        before=views.months(rows, today.year - 1),
        name_of=forecasted.window_name,
        used=[row for row in rows if row.kind == "revenue" and row.period in used],
        caution=CAUTION,
    )
