"""Bulletins: the list, one as it will be printed with its numbers leading to their rows, files to take away."""

from __future__ import annotations

import io
from dataclasses import asdict
from functools import partial
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.permissions import SEES_ALL, can
from registry.bulletins import forms, texts, views
from registry.bulletins.models import Bulletin
from registry.bulletins.queries import bulletins, content, numbers
from registry.bulletins.rules import tables
from registry.bulletins.rules.numbers import described
from registry.bulletins.services import archive
from registry.quarters import views as pictures
from registry.quarters.sheets.summaries import Movement
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.pagination import ListPages

pages = Blueprint("bulletins", __name__)
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@pages.get("/bulletins")
@requires("bulletin.read")
def listing() -> ResponseReturnValue:
    found = bulletins.told_shortly(bulletins.visible_to(actor()))
    return render_template(
        "bulletins/list.html",
        page=ListPages(found),
        ready=bulletins.without_one() if can(actor(), "bulletin.draft") else [],
        title_of=bulletins.title_of,
        texts=texts,
    )


@pages.get("/bulletins/<int:bulletin_id>")
@concerns("bulletin.read_one")
def show(bulletin_id: int) -> ResponseReturnValue:
    return page(loaded(bulletin_id, "bulletin.read_one"))


def page(bulletin: Bulletin, **sent: Any) -> str:
    """One bulletin; `sent`: forms with what is wrong in them."""
    found, check = content.of(bulletin), bulletins.check(bulletin, clock.today())
    concerned = bulletins.concerned(bulletin)
    whole = actor().holds(*SEES_ALL)
    seen = {"version": bulletin.revision}
    return render_template(
        "bulletins/show.html",
        bulletin=bulletin,
        title=bulletins.title_of(bulletin),
        content=found,
        paragraphs=views.paragraphs(found, check.faults),
        rows=bulletin.paragraphs,
        tables=[tables.read_back(table) for table in found["tables"]],
        steps=[Movement(*step) for step in (found["pictures"] or {}).get("steps", ())],
        pictures=pictures,
        check=check,
        removed=bulletins.removed(bulletin) if whole else [],
        problems=[_(texts.PROBLEMS[fault.why], **asdict(fault)) for fault in check.faults],
        concerned=concerned if whole else bulletins.own(actor(), concerned),
        own=bulletins.own(actor(), concerned),
        whole=whole,
        errata=bulletins.errata_of(bulletin),
        files={file.kind: file for file in bulletin.files},
        rows_href=partial(views.rows_href, bulletin),
        forms={
            "submit": forms.SendOut(formdata=None, data=seen),
            "approve": forms.Approve(formdata=None, data=seen),
            "issue": forms.Issue(formdata=None, data={**seen, "day": clock.today()}),
            **sent,
        },
        texts=texts,
    )


@pages.get("/bulletins/<int:bulletin_id>/rows")
@concerns("bulletin.read_one")
def rows(bulletin_id: int) -> ResponseReturnValue:
    """What a number counts, of the firms in the reader's reach then; without a number, all that the reader may ask."""
    bulletin, key = loaded(bulletin_id, "bulletin.read_one"), request.args.get("key", "")
    numbers_held = bulletins.numbers_of(bulletin)
    known = bulletins.shown_to(actor(), bulletin)
    if not key:
        return render_template(
            "bulletins/numbers.html",
            bulletin=bulletin,
            title=bulletins.title_of(bulletin),
            page=ListPages(list(known.values())),
            rows_href=partial(views.rows_href, bulletin),
            described=partial(described, numbers_held),
        )
    number = known.get(key)
    whole = actor().holds(*SEES_ALL)
    found = numbers.behind(bulletin.snapshot, key, None if whole else actor()) if number else None
    if number is None or found is None:
        abort(404)
    return render_template(
        "bulletins/rows.html",
        bulletin=bulletin,
        title=bulletins.title_of(bulletin),
        number=number,
        total=len(found),
        page=ListPages(found),
        whole=whole,
        described=partial(described, numbers_held),
    )


@pages.post("/bulletins/<int:bulletin_id>/files/<kind>")
@concerns("bulletin.export")
def file(bulletin_id: int, kind: str) -> ResponseReturnValue:
    """The archived paper or its print; of one that is not issued, the paper as it would be now (送审稿)."""
    bulletin = loaded(bulletin_id, "bulletin.export")
    if kind not in MEDIA or (kind == archive.PDF and bulletin.state != "issued"):
        abort(404)
    taken = archive.taken(actor(), bulletin, kind, at=clock.now(), on=clock.today())
    if taken is None:
        abort(404)
    db.session.commit()
    draft = "" if bulletin.state == "issued" else _("（送审稿）")
    name = f"{bulletins.title_of(bulletin)}{draft}.{kind}"
    return send_file(io.BytesIO(taken), mimetype=MEDIA[kind], as_attachment=True, download_name=name)


def loaded(bulletin_id: int, permission: str) -> Bulletin:
    bulletin: Bulletin = load_or_404(bulletins.one(actor(), bulletin_id), permission)
    return bulletin
