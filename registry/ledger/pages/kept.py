"""What a person keeps of the ledger: views under a name, the view it opens on, and the columns."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from registry.base.extensions import clock, db
from registry.ledger import forms
from registry.ledger.models import LedgerView
from registry.ledger.queries import views
from registry.ledger.queries.ledger import DIRECTORY
from registry.ledger.services import keeping
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, pressed, status_of

pages = Blueprint("ledger_kept", __name__)
LONGEST = 1_000
"""Characters of the address of a view."""


@pages.get("/firms/views")
@requires("firm.list")
def listing() -> ResponseReturnValue:
    return _page(forms.RenameView())


@pages.post("/firms/views")
@requires("firm.list")
def save() -> ResponseReturnValue:
    """The list as it stands, under a name; and then it is there again."""
    form = forms.SaveView()
    query = _known(form.query.data or "")
    if form.validate() and done(form, lambda: _save(form, query)):
        flash(_("已保存视图“%(name)s”。", name=form.name.data), "success")
        return redirect(_at(query))
    for error in [*form.name.errors, *form.form_errors]:
        flash(str(error), "warning")
    return redirect(_at(query))


def _save(form: forms.SaveView, query: str) -> None:
    keeping.save(actor(), form.name.data or "", query, shared=bool(form.shared.data), at=clock.now())


@pages.post("/firms/views/<int:view_id>/name")
@concerns("view.keep")
def rename(view_id: int) -> ResponseReturnValue:
    view, form = _own(view_id), forms.RenameView()
    if form.validate() and done(form, lambda: keeping.rename(actor(), view, form.name.data or "", at=clock.now())):
        flash(_("已改名。"), "success")
        return redirect(url_for("ledger_kept.listing"))
    return _page(form, wrong=view_id), status_of(form)


@pages.post("/firms/views/<int:view_id>/sharing")
@concerns("view.keep")
def sharing(view_id: int) -> ResponseReturnValue:
    """Shared with one's office, or one's own alone again."""
    view = _own(view_id)
    if request.form.get("shared") == "y":
        pressed(lambda: keeping.share(actor(), view, at=clock.now()), _("已共享给本单位。"))
    else:
        pressed(lambda: keeping.unshare(actor(), view, at=clock.now()), _("已停止共享。"))
    return redirect(url_for("ledger_kept.listing"))


@pages.post("/firms/views/<int:view_id>/deletion")
@concerns("view.keep")
def delete(view_id: int) -> ResponseReturnValue:
    view = _own(view_id)
    pressed(lambda: keeping.delete(actor(), view, at=clock.now()), _("已删除视图“%(name)s”。", name=view.name))
    return redirect(url_for("ledger_kept.listing"))


@pages.post("/firms/views/<int:view_id>/opening")
@concerns("view.use")
def opening(view_id: int) -> ResponseReturnValue:
    """The ledger opens on it, or as usual again."""
    view: LedgerView = load_or_404(views.one(actor(), view_id), "view.use")
    first = view if request.form.get("first") == "y" else None
    said = _("名录库以后从“%(name)s”打开。", name=view.name) if first else _("名录库以后照常打开。")
    pressed(lambda: keeping.open_on(actor(), first), said)
    return redirect(url_for("ledger_kept.listing"))


@pages.post("/firms/columns")
@requires("firm.list")
def columns() -> ResponseReturnValue:
    """The columns this person looks at from now on; `reset`: the usual ones."""
    chosen = () if "reset" in request.form else forms.chosen_columns(request.form.getlist("col"))
    keeping.remember(actor(), chosen)
    db.session.commit()
    return redirect(_at(_known(request.form.get("query", ""), columns=False)))


def _own(view_id: int) -> LedgerView:
    view: LedgerView = load_or_404(views.one(actor(), view_id), "view.keep")
    return view


def _page(form: forms.RenameView, *, wrong: int | None = None) -> str:
    return render_template(
        "ledger/views.html",
        form=form,
        wrong=wrong,
        rows=list(db.session.scalars(views.visible_to(actor())).unique()),
        words={view.id: view.query and forms.told(view.query) for view in views.kept(actor()).views},
        opens_on=views.kept(actor()).opens_on,
    )


def _known(text: str, *, columns: bool = True) -> str:
    """What of an address a view may hold, written as views are."""
    given = MultiDict(parse_qsl(text[:LONGEST], keep_blank_values=False))
    chosen = forms.known_columns(given.getlist("col")) if columns else ()
    return forms.as_kept(given, chosen)


def _at(query: str) -> str:
    return f"{url_for('ledger.listing')}?{query}" if query else url_for("ledger.listing", stage=DIRECTORY)
