"""The ledger (台账): the firms of a filter that lives in the address, on screen, on paper and as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_sqlalchemy.pagination import Pagination

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import Stage
from registry.imports import queries
from registry.ledger import forms, views
from registry.ledger.forms import LedgerFilter
from registry.ledger.pages import ticked
from registry.ledger.queries import ledger
from registry.ledger.queries import views as kept_views
from registry.ledger.queries.ledger import DEEPEST, DIRECTORY, GROUPS, LedgerQuery, Order, Sum, Tally
from registry.ledger.queries.lines import LedgerLine
from registry.ledger.queries.views import ViewChoice
from registry.ledger.services import exporting
from registry.ledger.services.exporting import ExportRequest
from registry.pathway.rules.shortfall import Light
from registry.sheets.kinds import MEDIA_TYPES, FileKind
from registry.site.access import actor, requires
from registry.site.display import here
from registry.site.listing import SIZES
from registry.site.pagination import ListPages

pages = Blueprint("ledger", __name__)

PRINTED = 1_000
"""Firms on one print; a longer list is exported."""
REMEMBERED = 1_000
"""Characters of a query that are kept for coming back to it."""
TONES = {
    Light.IN_ORDER: "ok",
    Light.READY: "ok",
    Light.LACKING: "warn",
    Light.UNSETTLED: "warn",
    Light.WATCHED: "info",
    Light.BELOW: "plain",
    Light.LATE: "warn",
    Light.DUE: "warn",
    Light.PRESSING: "bad",
    Light.OVERDUE: "bad",
    Light.TO_MEND: "bad",
    Light.UNDER_WAY: "info",
    Light.ENROLLED: "ok",
    Light.NOT_PASSED: "plain",
    Light.GONE: "plain",
}
STRIP = (
    Stage.LEAD, Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.RETURNED, Stage.ADMITTED, Stage.QUALIFIED, Stage.FILED,
    Stage.IN_CHAIN, Stage.ENROLLED, "declined", "gone",
)  # fmt: skip
"""The cells of the strip between 在库 (what the ledger opens on) and 全部."""
ADDED = frozenset({"revenue_last_year", "revenue_to_date"})
FIGURES = frozenset({"revenue_last_year", "revenue_to_date", "statutory_line"})


class Pages(Pagination):
    """The page of a filter whose total is known from its tally; no page lies beyond `DEEPEST` rows."""

    def __init__(self, total: int, wanted: LedgerQuery, order: Order) -> None:
        size = request.args.get("per_page", SIZES[0], type=int)
        size = size if size in SIZES else SIZES[0]
        last = max(1, -(-min(total, DEEPEST) // size))
        number = min(max(1, request.args.get("page", 1, type=int)), last)
        super().__init__(
            page=number, per_page=size, max_per_page=SIZES[-1], error_out=False,
            total=total, wanted=wanted, order=order,
        )  # fmt: skip

    def _query_items(self) -> list[LedgerLine]:
        asked = self._query_args
        if not asked["total"]:
            return []
        return ledger.page(actor(), asked["wanted"], asked["order"], number=self.page, size=self.per_page)

    def _query_count(self) -> int:
        return int(self._query_args["total"])

    @property
    def pages(self) -> int:
        return -(-min(self.total or 0, DEEPEST) // self.per_page)


@pages.get("/firms")
@requires("firm.list")
def listing() -> ResponseReturnValue:
    if "back" in request.args:
        return redirect(f"{url_for('ledger.listing')}?{session.get('ledger', '')}".rstrip("?"))
    kept = kept_views.kept(actor())
    if not request.args and kept.opens_on is not None and kept.opens_on.query:
        return redirect(f"{url_for('ledger.listing')}?{kept.opens_on.query}")
    form = LedgerFilter(request.args)
    wanted, order = form.wanted(), forms.order_of(request.args, form.stage)
    asked, then = views.asked_day(), None
    if asked.as_of:
        then, asked = views.ledger_of(asked.as_of, wanted, order)
    tally = then.tally if then else ledger.tally(actor(), wanted)
    page = ListPages(then.lines) if then else Pages(tally.total.firms, wanted, order)
    _remember()
    return render_template(
        "ledger/list.html",
        form=form,
        page=page,
        asked=asked,
        as_of=then.as_of if then else None,
        frozen=views.frozen_on(then.as_of.day) if then else None,
        deepest=DEEPEST if tally.total.firms > DEEPEST else None,
        total=tally.total,
        strip=_strip(tally, form.stage),
        filtered=wanted != LedgerQuery(stage=DIRECTORY),
        kept=kept,
        here_as=forms.as_kept(request.args, _chosen(kept)),
        offered=[(key, forms.heading(key)) for key in forms.OFFERED],
        carried=_arguments(lambda key: key in ("stage", "sort", "per_page", "col", "as_of", "known")),
        past_kept=_arguments(lambda key: key not in ("as_of", "known", "page")),
        reset=url_for("ledger.listing", stage=DIRECTORY),
        acts=[] if then or asked.wrong else ticked.offered(form.stage),
        print_at=_at("ledger.printed"),
        export_at=_at("ledger.export"),
        built=current_app.view_functions,
        **_table(order, tally.total, _chosen(kept)),
    )


@pages.get("/firms/print")
@requires("firm.list")
def printed() -> ResponseReturnValue:
    """The filter's firms, or those ticked among them, on one sheet, up to a bound that the sheet names."""
    form = LedgerFilter(request.args)
    wanted, order = form.wanted(), forms.order_of(request.args, form.stage)
    then = views.then_or_none(wanted, order)
    total = then.tally.total if then else ledger.tally(actor(), wanted).total
    return render_template(
        "ledger/print.html",
        as_of=then.as_of if then else None,
        lines=then.lines[:PRINTED] if then else ledger.first(actor(), wanted, order, limit=PRINTED),
        total=total,
        words=form.words(),
        back=_at("ledger.listing"),
        **_table(None, total, _chosen(kept_views.kept(actor()))),
    )


@pages.route("/firms/export", methods=["GET", "POST"])
@requires("firm.export")
def export() -> ResponseReturnValue:
    """Exactly what the filter shows, every page of it, in the columns chosen; a query that is wrong exports nothing."""
    query = LedgerFilter(request.args)
    wanted, asked_for = query.wanted(), views.asked_day()
    private = can(actor(), "firm.export_contacts") and not asked_for.text
    form = forms.Export(may_take_contacts=private, carries=private and bool(queries.carried_headings(actor())))
    if asked_for.wrong:
        form.say("", asked_for.wrong)
    elif form.validate_on_submit() and not query.errors:
        contacts = "contacts" in form and bool(form.contacts.data)
        carried = "carried" in form and bool(form.carried.data)
        asked = ExportRequest(
            wanted,
            forms.order_of(request.args, query.stage),
            _chosen(kept_views.kept(actor())),
            forms.in_chinese(request.args),
            FileKind(form.kind.data),
            contacts,
            (form.reason.data or "") if contacts or carried else "",
            asked_for.as_of,
            carried,
        )
        try:
            return _send(asked)
        except RegistryError as error:
            form.refuse(error)
    return _export_page(form, query, wanted), 422 if form.errors or query.errors else 200


def _send(asked: ExportRequest) -> ResponseReturnValue:
    taken = exporting.take(actor(), asked, at=clock.now())
    exporting.record(actor(), taken, at=clock.now())
    db.session.commit()
    name = f"{_('名录库')}_{clock.today().isoformat()}.{asked.kind}"
    if asked.as_of:
        name = _("名录库_%(day)s终了时.%(kind)s", day=asked.as_of.day.isoformat(), kind=str(asked.kind))
    return send_file(taken.file, mimetype=MEDIA_TYPES[asked.kind], as_attachment=True, download_name=name)


def _export_page(form: forms.Export, query: LedgerFilter, wanted: LedgerQuery) -> str:
    chosen = exporting.columns(_chosen(kept_views.kept(actor())))
    then = views.then_or_none(wanted, Order()) if not form.errors else None
    return render_template(
        "ledger/export.html",
        form=form,
        query=query,
        as_of=then.as_of if then else None,
        total=then.tally.total if then else ledger.tally(actor(), wanted).total,
        words=query.words(),
        headings=[_(column.heading) for column in chosen],
        back=_at("ledger.listing"),
    )


def _chosen(kept: ViewChoice) -> tuple[str, ...]:
    """The columns that the address asks for, else those this person looks at."""
    return forms.chosen_columns(request.args.getlist("col") or kept.columns)


def _table(order: Order | None, total: Sum, chosen: tuple[str, ...]) -> dict[str, Any]:
    """The columns of the page with their headings, links to sort by them, and the row of totals; no order on paper."""
    sums = {"revenue_last_year": total.last_year, "revenue_to_date": total.to_date}
    return {
        "chosen": chosen,
        "columns": [_column(key, order) for key in ("name", *chosen)],
        "sums": [sums.get(key) for key in chosen] if ADDED & set(chosen) else None,
        "added": ADDED,
        "tones": TONES,
    }


def _column(key: str, order: Order | None) -> dict[str, Any]:
    column: dict[str, Any] = {"label": forms.heading(key), "num": key in FIGURES}
    if order is not None and key in ledger.SORTS:
        column["href"] = here(sort=forms.next_sort(order, key), page=None)
        if order.by == key:
            column["order"] = "descending" if order.descending else "ascending"
    return column


def _strip(tally: Tally, stage: str) -> list[dict[str, Any]]:
    """The funnel as navigation: what the filter leaves in each stage; what is asked for does not leave the strip."""
    every = LedgerQuery(gone=tally.wanted.gone).stages
    cells = [(DIRECTORY, _("在库"), tally.count(GROUPS[DIRECTORY]))]
    cells += [(key, forms.stage_label(key), tally.count(GROUPS.get(key, (key,)))) for key in STRIP]
    cells += [("", _("全部"), tally.count(every))]
    return [
        {
            "label": label,
            "count": count,
            "href": here(stage=key or forms.ALL, page=None, sort=None, tick=None),
            "active": key == stage,
            "total": key in ("", DIRECTORY),
        }
        for key, label, count in cells
    ]


def _remember() -> None:
    """The filter is there again when one comes back from a dossier (`?back=1`)."""
    session["ledger"] = _query() if len(_query()) <= REMEMBERED else ""


def _arguments(which: Callable[[str], bool]) -> list[tuple[str, str]]:
    """Parts of the address that a form beside the query has to carry along."""
    return [(key, value) for key, value in request.args.items(multi=True) if which(key)]


def _at(endpoint: str) -> str:
    """Another page of the same filter."""
    return f"{url_for(endpoint)}?{_query()}" if _query() else url_for(endpoint)


def _query() -> str:
    return request.query_string.decode("ascii", "replace")
