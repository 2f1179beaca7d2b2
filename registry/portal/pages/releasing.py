"""Which firms are public with which fields: looked at first, then released; withdrawn with a reason."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.extensions import clock, db
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.portal import forms, texts
from registry.portal.queries import public, releases, sources
from registry.portal.rules.catalog import COLLECTIONS, ENTRIES, chosen
from registry.portal.rules.rights import releases as may_release
from registry.portal.services import releasing
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.listing import page_of

pages = Blueprint("portal_releases", __name__)
SHOWN = 10
"""Firms of which the preview shows every value."""


@pages.get("/portal/entries")
@requires("portal.release")
def listing() -> ResponseReturnValue:
    query = forms.EntryQuery(request.args)
    page = page_of(releases.releasable(actor(), text=query.text, released=query.released))
    form = forms.ReleaseEntries()
    form.offer()
    form.fields.data = list(COLLECTIONS[ENTRIES].fixed)  # what is more is ticked by whoever releases it
    return render_template(
        "portal/entries.html",
        query=query,
        page=page,
        form=form,
        held=releases.of_firms([firm.id for firm in page.items]),
        labels={field.key: _(field.label) for field in COLLECTIONS[ENTRIES].fields},
        places=reference.division_names(),
        filtered=bool(query.text or query.released),
        kept={"q": query.text, "state": query.released},
    )


@pages.post("/portal/entries/look")
@requires("portal.release")
def look() -> ResponseReturnValue:
    """What everybody would read of them, before anything is released."""
    form = forms.ReleaseEntries()
    form.offer()
    firms_ = _asked(form)
    return _preview(form, firms_)


@pages.post("/portal/entries/release")
@requires("portal.release")
def release() -> ResponseReturnValue:
    form = forms.ReleaseEntries()
    form.offer()
    rows = releases.chosen(actor(), form.firms.data or [])
    keys = chosen(COLLECTIONS[ENTRIES], form.fields.data or [])

    def act() -> None:
        if form.seen.data != releasing.digest_of(rows, keys):
            raise RegistryError(texts.MOVED)
        count = releasing.release(
            actor(), rows, keys, at=clock.now(), on=clock.today(), early_reason=form.early_reason.data or ""
        )
        flash(_("已公开 %(count)s 家。", count=count), "success")

    if form.validate_on_submit() and done(form, act):
        return redirect(url_for("portal_releases.listing"))
    return _preview(form, releases.chosen(actor(), form.firms.data or []))


@pages.route("/portal/entries/withdraw", methods=["POST"])
@requires("portal.release")
def withdraw() -> ResponseReturnValue:
    form = forms.WithdrawEntries()
    rows = [firm for firm in releases.chosen(actor(), form.firms.data or []) if may_release(actor(), firm)]

    def act() -> None:
        count = releasing.withdraw(actor(), rows, reason=form.reason.data or "", at=clock.now(), on=clock.today())
        flash(_("已撤回 %(count)s 家。", count=count), "success")

    if "reason" in request.form and form.validate_on_submit() and done(form, act):
        return redirect(url_for("portal_releases.listing"))
    if "reason" not in request.form:
        form.reason.errors = []
    held = releases.of_firms([firm.id for firm in rows])
    shown = [firm for firm in rows if firm.id in held]
    return render_template("portal/withdraw.html", form=form, firms=shown), status_of(form)


@pages.get("/firms/<int:firm_id>/publicity")
@concerns("firm.read")
def of_firm(firm_id: int) -> ResponseReturnValue:
    """What is public of one firm, since when and by whom."""
    firm: Firm = load_or_404(firms.one(actor(), firm_id), "firm.read")
    form = forms.ReleaseEntries()
    form.offer()
    held = releases.of_firms([firm.id]).get(firm.id)
    form.fields.data = list(held.fields) if held else list(COLLECTIONS[ENTRIES].fixed)
    return render_template(
        "portal/of_firm.html",
        firm=firm,
        form=form,
        held=held,
        rows=releases.history(firm),
        may=may_release(actor(), firm),
        labels={field.key: _(field.label) for field in COLLECTIONS[ENTRIES].fields},
    )


def _asked(form: forms.ReleaseEntries) -> list[Firm]:
    if not form.whole.data:
        return releases.chosen(actor(), form.firms.data or [])
    query = forms.EntryQuery(request.form)
    statement = releases.releasable(actor(), text=query.text, released=query.released)
    return list(db.session.scalars(statement.limit(releasing.MOST + 1)).unique())


def _preview(form: forms.ReleaseEntries, rows: list[Firm]) -> ResponseReturnValue:
    keys = chosen(COLLECTIONS[ENTRIES], form.fields.data or [])
    ready = [firm for firm in rows if may_release(actor(), firm) and (len(rows) == 1 or sources.may_be_shown(firm))]
    left = [firm for firm in rows if firm not in ready]
    if not ready:
        form.say("", _(texts.NOTHING_CHOSEN))
    if len(ready) > releasing.MOST:
        form.say("", _(texts.TOO_MANY, limit=releasing.MOST, count=len(ready)))
    form.seen.data = releasing.digest_of(ready, keys)
    page = render_template(
        "portal/look.html",
        form=form,
        firms=ready,
        left=left,
        keys=keys,
        collection=COLLECTIONS[ENTRIES],
        shown=[(firm, sources.shown_now(firm, clock.today())) for firm in ready[:SHOWN]],
        already=len(releases.of_firms([firm.id for firm in ready])),
        early=bool(ready) and not sources.may_be_shown(ready[0]),
        closed=_closed(keys),
    )
    return page, status_of(form)


def _closed(keys: tuple[str, ...]) -> list[str]:
    """Fields that are chosen but that the portal does not show now."""
    portal = public.portal()
    allowed = portal.collections[ENTRIES][1] if portal and ENTRIES in portal.collections else ()
    return [str(_(COLLECTIONS[ENTRIES].field(key).label)) for key in keys if key not in allowed]
