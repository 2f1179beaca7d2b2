"""How many duplicates are still unfound: the sample is drawn, judged blind, and says so with an interval."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import db, queue
from registry.base.permissions import can
from registry.duplicates.pages.pairings import blindness
from registry.duplicates.queries import certificates
from registry.duplicates.texts import KIND_LABELS
from registry.site.access import actor, requires

pages = Blueprint("certificates", __name__)


@pages.get("/duplicates/certificate")
@requires("pairing.list")
def show() -> ResponseReturnValue:
    """The interval, what it rests on, and the sample to judge."""
    certificate = certificates.current()
    sample = certificates.pairs_of(actor(), certificate.sample) if certificate else []
    return render_template(
        "duplicates/certificate.html",
        certificate=certificate,
        sample=sample,
        next=next((pairing.id for _, pairing, judged in sample if not judged), None),
        labels=KIND_LABELS,
        may_draw=can(actor(), "pairing.certify"),
        **blindness(),
    )


@pages.post("/duplicates/certificate")
@requires("pairing.certify")
def draw() -> ResponseReturnValue:
    """Left to the worker: a large directory takes a while."""
    user_id = actor().user_id or 0
    db.session.commit()  # the queue writes in a transaction of its own
    queue.enqueue("draw_sample", user_id)
    flash(_("已交后台抽样，完成后显示在本页；请稍后刷新。"), "success")
    return redirect(url_for("certificates.show"))
