"""The pages of the guide: where to begin, the first day of a role, the words, the handbook."""

from __future__ import annotations

import io
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from registry.base.extensions import clock
from registry.base.permissions import can
from registry.base.vocabulary import ROLE_LABELS
from registry.config import ROOT
from registry.guide import rules
from registry.guide.sheets import handbook
from registry.guide.texts import wording
from registry.guide.texts.firstdays import FIRST_DAYS
from registry.guide.texts.glossary import GLOSSARY
from registry.guide.texts.topics import TOPICS
from registry.papers import queries as papers
from registry.papers.sheets.docx import write_docx
from registry.site.access import actor, requires

pages = Blueprint("guide", __name__)

PICTURES = ROOT / "docs" / "screenshots"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pages.get("/guide")
@requires("account")
def start() -> ResponseReturnValue:
    """The first day of the roles one holds, and help for every kind of page."""
    return render_template(
        "guide/start.html",
        days=rules.days_of(actor().roles),
        others=FIRST_DAYS,
        topics=TOPICS,
        wording=wording,
        opens=_opens,
    )


@pages.get("/guide/first-day")
@requires("account")
def first_day() -> ResponseReturnValue:
    """The first day of the role that `role` names, else of one's own."""
    asked = request.args.get("role", "")
    own = next(iter(rules.days_of(actor().roles)), "")
    role = asked if asked in FIRST_DAYS else own
    if not role:
        abort(404)
    return render_template(
        "guide/first_day.html",
        role=role,
        steps=FIRST_DAYS[role],
        roles=list(FIRST_DAYS),
        labels=ROLE_LABELS,
        opens=_opens,
    )


@pages.get("/guide/glossary")
@requires("account")
def glossary() -> ResponseReturnValue:
    return render_template("guide/glossary.html", terms=GLOSSARY, wording=wording)


@pages.get("/guide/handbook")
@requires("account")
def printed() -> ResponseReturnValue:
    """All of it on one page, to be printed."""
    numbers = {path.stem: number for number, path in enumerate(_pictures(), 1)}
    return render_template(
        "guide/handbook.html",
        days=FIRST_DAYS,
        topics=TOPICS,
        terms=GLOSSARY,
        wording=wording,
        labels=ROLE_LABELS,
        pictures=numbers,
    )


@pages.get("/guide/handbook.docx")
@requires("account")
def file() -> ResponseReturnValue:
    """The same for Word."""
    shown = {path.stem: path.read_bytes() for path in _pictures()}
    made = write_docx(handbook.paper(handbook.Handbook(_, shown, clock.today())), papers.fonts(clock.today()))
    name = f"{_(wording.DIRECTORY)}{_(wording.HANDBOOK)}.docx"
    return send_file(io.BytesIO(made), mimetype=_DOCX, as_attachment=True, download_name=name)


@pages.get("/guide/pictures/<int:number>")
@requires("account")
def picture(number: int) -> ResponseReturnValue:
    """One of the pictures of the handbook, counted from 1."""
    found = _pictures()
    if not 1 <= number <= len(found):
        abort(404)
    return send_file(found[number - 1], mimetype="image/png")


def _pictures() -> list[Path]:
    """The pictures that were taken, in the order of the topics; a handbook does without those that were not."""
    return [path for topic in TOPICS if topic.picture and (path := PICTURES / f"{topic.picture}.png").is_file()]


def _opens(endpoint: str) -> bool:
    """Whether a step leads to a page that the reader may open."""
    view = current_app.view_functions[endpoint]
    return bool(current_user.is_authenticated and can(actor(), getattr(view, "permission", "account")))
