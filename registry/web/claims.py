"""Claims: an office says that a firm another office holds is its own; the city office hears both and decides."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.domain import credit_code, errors
from registry.domain.errors import ClaimDecided, RegistryError
from registry.domain.permissions import can, sees_firm
from registry.extensions import clock, db
from registry.models import Claim, Firm
from registry.queries import claims as disputes
from registry.queries import duplicates, firms
from registry.services import claims
from registry.web import cases, papers, values
from registry.web.access import actor, concerns, load_or_404, requires
from registry.web.forms.claims import Decision, Raising
from registry.web.listing import page_of
from registry.web.locale import sentence

pages = Blueprint("claims", __name__)
STATES = ("open", "granted", "refused")


@pages.get("/claims")
@requires("claim.list")
def listing() -> ResponseReturnValue:
    state = request.args.get("state", "")
    page = page_of(disputes.filtered(disputes.visible_to(actor()), state=state))
    seen = {claim.id: sees_firm(actor(), claim.firm) for claim in page.items}
    return render_template("claims/list.html", page=page, state=state, states=STATES, seen=seen)


@pages.route("/claims/new", methods=["GET", "POST"])
@requires("claim.raise")
def new() -> ResponseReturnValue:
    """The firm is named by the code that was typed: nothing else of it is shown to the office that claims it."""
    code = credit_code.normalise(request.values.get("credit_code", ""))
    firm = firms.with_code(code)
    if firm is None:
        return render_template("claims/unknown.html", code=code), 404
    form = Raising(credit_code=code)
    if form.validate_on_submit():
        try:
            row = claims.claim(actor(), firm, current_user.office, ground=form.ground.data or "", at=clock.now())
        except RegistryError as error:
            db.session.rollback()
            form.form_errors.append(sentence(error))
        else:
            db.session.commit()
            flash(_("已提出认领，由市培育办裁定。"), "success")
            return redirect(url_for("claims.show", claim_id=row.id))
    status = 422 if form.errors or form.form_errors else 200
    return render_template("claims/new.html", form=form, code=code, where=_where(code), own=_own(firm)), status


def _where(code: str) -> duplicates.Elsewhere | None:
    return duplicates.check(actor(), "", code).elsewhere


def _own(firm: Firm) -> Firm | None:
    """The firm itself, for an office that may see it: a county claims a firm of the zone it counts."""
    return firm if sees_firm(actor(), firm) else None


@pages.get("/claims/<int:claim_id>")
@concerns("claim.read")
def show(claim_id: int) -> ResponseReturnValue:
    claim: Claim = load_or_404(disputes.one(actor(), claim_id), "claim.read")
    return _page(claim, Decision())


@pages.post("/claims/<int:claim_id>/decision")
@concerns("claim.decide")
def decide(claim_id: int) -> ResponseReturnValue:
    claim: Claim = load_or_404(disputes.one(actor(), claim_id), "claim.decide")
    form = Decision()
    if not form.validate_on_submit():
        return _page(claim, form), 422
    try:
        claims.decide(
            actor(), claim, granted=form.granted.data == "yes", decision=form.decision.data or "", at=clock.now()
        )
    except ClaimDecided:
        raise
    except RegistryError as error:
        db.session.rollback()
        form.form_errors.append(sentence(error))
        return _page(load_or_404(disputes.one(actor(), claim_id), "claim.decide"), form), 422
    db.session.commit()
    flash(_("已裁定，双方都会看到结果。"), "success")
    return redirect(url_for("claims.show", claim_id=claim_id))


def _page(claim: Claim, form: Decision) -> str:
    """Both sides on one neutral page; an office that does not see the firm sees the declared minimum of it."""
    sees = sees_firm(actor(), claim.firm)
    return render_template(
        "claims/show.html",
        claim=claim,
        form=form,
        sees=sees,
        where=None if sees else _where(claim.firm.credit_code or ""),
        facts=values.rows(values.of_firm(claim.firm), _COMPARED) if sees else [],
        figures=papers.figures(claim.firm) if sees else [],
        events=cases.timeline(claim.firm) if sees else [],
        decides=claim.decided_at is None and can(actor(), "claim.decide", claim),
        own_claim=claim.by_id == actor().user_id,
        own_sentence=errors.CLAIM_OWN,
    )


# What speaks for where a firm belongs.
_COMPARED = ("division", "town", "registered_address", "operating_address", "industry", "activity", "founded_on")
