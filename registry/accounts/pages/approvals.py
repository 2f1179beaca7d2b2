"""Requests between administrators: what waits for a second person, confirmed, refused or withdrawn."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.accounts.forms.approvals import Refusal
from registry.accounts.models import Approval
from registry.accounts.queries import requests
from registry.accounts.rules import KIND_LABELS, OUTCOME_LABELS, ApprovalOutcome
from registry.accounts.services import two_people
from registry.base.extensions import clock, db
from registry.base.vocabulary import ApprovalKind
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.listing import page_of

pages = Blueprint("approvals", __name__)


@pages.get("/approvals")
@requires("approval.list")
def listing() -> ResponseReturnValue:
    state, now = "decided" if request.args.get("state") == "decided" else "", clock.now()
    page = page_of(requests.decided(actor(), at=now) if state else requests.waiting(actor(), at=now))
    return render_template("accounts/approvals/list.html", page=page, state=state, **_words())


@pages.get("/approvals/<int:approval_id>")
@requires("approval.list")
def show(approval_id: int) -> ResponseReturnValue:
    return _shown(_load(approval_id, "approval.list"), Refusal(formdata=None))


@pages.post("/approvals/<int:approval_id>/confirmation")
@concerns("approval.confirm")
def confirm(approval_id: int) -> ResponseReturnValue:
    """Do it; the second half of a password is shown in the answer and nowhere else."""
    approval = _load(approval_id, "approval.confirm")
    half = two_people.confirm(actor(), approval, at=clock.now())
    db.session.commit()
    if approval.kind == ApprovalKind.PASSWORD:
        return render_template("accounts/users/password.html", user=approval.user, half=half, is_first=False)
    flash(_("已确认：%(kind)s，%(name)s。", kind=_(KIND_LABELS[approval.kind]), name=approval.user.name), "success")
    return redirect(url_for("approvals.listing"))


@pages.post("/approvals/<int:approval_id>/refusal")
@concerns("approval.refuse")
def refuse(approval_id: int) -> ResponseReturnValue:
    approval = _load(approval_id, "approval.refuse")
    form = Refusal()
    if not form.validate_on_submit():
        return _shown(approval, form), 422
    two_people.refuse(actor(), approval, reason=form.reason.data or "", at=clock.now())
    db.session.commit()
    flash(_("已不予确认，账号没有任何改变。"), "success")
    return redirect(url_for("approvals.listing"))


@pages.post("/approvals/<int:approval_id>/withdrawal")
@concerns("approval.withdraw")
def withdraw(approval_id: int) -> ResponseReturnValue:
    two_people.withdraw(actor(), _load(approval_id, "approval.withdraw"), at=clock.now())
    db.session.commit()
    flash(_("申请已撤回。"), "success")
    return redirect(url_for("approvals.listing"))


def _load(approval_id: int, permission: str) -> Approval:
    approval: Approval = load_or_404(requests.one(actor(), approval_id), permission)
    return approval


def _shown(approval: Approval, form: Refusal) -> str:
    is_open = two_people.is_open(approval, clock.now())
    return render_template("accounts/approvals/show.html", approval=approval, form=form, is_open=is_open, **_words())


def _words() -> dict[str, object]:
    late = OUTCOME_LABELS[ApprovalOutcome.EXPIRED]
    return {"kinds": KIND_LABELS, "outcome": lambda row: OUTCOME_LABELS.get(row.outcome or "", late)}
