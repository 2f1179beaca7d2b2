"""Claims: an office says that a firm another office holds is its own; the city office hears both and decides."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base import credit_code, errors
from registry.base.errors import ClaimDecided, RegistryError
from registry.base.extensions import clock, db
from registry.base.permissions import can, sees_firm
from registry.claims import views
from registry.claims.forms import Decision, Evidence, Raising
from registry.claims.models import Claim, ClaimEvidence
from registry.claims.queries import claims
from registry.claims.services import claiming
from registry.documents.services import attachments
from registry.documents.views import page_answered, sealed_off
from registry.duplicates.queries import duplicates
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of
from registry.site.locale import sentence
from registry.site.walks import just_left

pages = Blueprint("claims", __name__)
STATES = ("open", "granted", "refused")


@pages.get("/claims")
@requires("claim.list")
def listing() -> ResponseReturnValue:
    state = request.args.get("state", "")
    page = page_of(claims.filtered(claims.visible_to(actor()), state=state))
    seen = {claim.id: sees_firm(actor(), claim.firm) for claim in page.items}
    waits = {claim.id: claims.wait_of_claim(claim, clock.today()) for claim in page.items}
    return render_template("claims/list.html", page=page, state=state, states=STATES, seen=seen, waits=waits)


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
            row = claiming.claim(actor(), firm, current_user.office, ground=form.ground.data or "", at=clock.now())
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
    return _page(_load(claim_id))


@pages.post("/claims/<int:claim_id>/evidence")
@concerns("claim.speak")
def put(claim_id: int) -> ResponseReturnValue:
    """One of the two offices puts something on the table."""
    claim = _load(claim_id, "claim.speak")
    form = Evidence(prefix="evidence")
    if not form.validate_on_submit():
        return _page(claim, evidence=form), 422
    upload = form.file.data
    try:
        claiming.add_evidence(
            actor(),
            claim,
            current_user.office,
            kind=form.kind.data,
            text=form.text.data or "",
            division=form.division.data or None,
            filename=(upload.filename or "") if upload else "",
            content=upload.read() if upload else b"",
            at=clock.now(),
        )
    except ClaimDecided:
        raise
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_load(claim_id, "claim.speak"), evidence=form), 422
    db.session.commit()
    flash(_("已提交举证，对方和市培育办都会看到。"), "success")
    return redirect(url_for("claims.show", claim_id=claim_id))


@pages.get("/claims/<int:claim_id>/evidence/<int:evidence_id>/pages/<int:number>")
@concerns("claim.read")
def page(claim_id: int, evidence_id: int, number: int) -> ResponseReturnValue:
    """A page of it, looked at beside the case; for the same people."""
    statement = claims.evidence(actor(), claim_id, evidence_id)
    piece: ClaimEvidence = load_or_404(statement, "claim.read", subject=lambda row: row.claim)
    if not piece.stored_name:
        abort(404)
    return page_answered(views.kept(piece), attachments.path(piece.stored_name), number)


@pages.get("/claims/<int:claim_id>/evidence/<int:evidence_id>")
@concerns("claim.read")
def download(claim_id: int, evidence_id: int) -> ResponseReturnValue:
    """The file of a piece of evidence, for whoever reads the case and for nobody else."""
    statement = claims.evidence(actor(), claim_id, evidence_id)
    piece: ClaimEvidence = load_or_404(statement, "claim.read", subject=lambda row: row.claim)
    path = attachments.path(piece.stored_name)
    if not piece.stored_name or not path.is_file():
        abort(404)
    return sealed_off(
        send_file(path, mimetype=piece.media_type, as_attachment=True, download_name=piece.filename, etag=False)
    )


@pages.post("/claims/<int:claim_id>/decision")
@concerns("claim.decide")
def decide(claim_id: int) -> ResponseReturnValue:
    claim, walk = _load(claim_id, "claim.decide"), views.walk(claim_id)
    form = Decision()
    if not form.validate_on_submit():
        return _page(claim, form), 422
    try:
        claiming.decide(
            actor(),
            claim,
            granted=form.granted.data == "yes",
            decision=form.decision.data or "",
            division=form.division.data or None,
            at=clock.now(),
        )
    except ClaimDecided:
        raise
    except RegistryError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_load(claim_id, "claim.decide"), form), 422
    db.session.commit()
    following = walk.onward(views.walk(None).numbers)
    return redirect(url_for("claims.show", claim_id=following or claim_id, last=claim_id))


def _load(claim_id: int, permission: str = "claim.read") -> Claim:
    claim: Claim = load_or_404(claims.one(actor(), claim_id), permission)
    return claim


def _page(claim: Claim, form: Decision | None = None, *, evidence: Evidence | None = None) -> str:
    """The same facts for both offices; what differs is what each may do, and the way to the firm's own page."""
    form = form or Decision(None)
    evidence = evidence or Evidence(None, prefix="evidence")
    return render_template(
        "claims/show.html",
        **views.of(claim),
        record=views.record(claim),
        sees=sees_firm(actor(), claim.firm),
        form=evidence if evidence.errors else form,
        decision=form,
        evidence=evidence,
        decides=claim.decided_at is None and can(actor(), "claim.decide", claim),
        own_claim=claim.by_id == actor().user_id,
        own_sentence=errors.CLAIM_OWN,
        beside_case=views.papers(claim),
        last=_last(),
        **views.going(claim),
    )


def _last() -> Claim | None:
    """The claim that was decided a moment ago."""
    row: Claim | None = just_left(lambda number: claims.one(actor(), number))
    return row if row is not None and row.decided_at is not None else None
