"""The answer while the database is busy or away, or the disk is full: 503, drawn without either of them.

What was typed comes back as a form that sends the same again. Nothing here may ask the database, not even who asks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from flask import Flask, Response, current_app, g, has_request_context, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from jinja2.meta import find_referenced_templates
from sqlalchemy import event
from sqlalchemy.orm import Session

from registry.base import waiting
from registry.base.extensions import db, login, provided
from registry.base.labels import N_
from registry.base.trouble import Trouble
from registry.config import ROOT
from registry.site.access import SAFE, let_go

RETRY_SECONDS = {Trouble.BUSY: 5, Trouble.AWAY: 20, Trouble.FULL: 60}
SECRETS = frozenset({"password", "old", "new", "again"})
"""Fields that are typed anew; a test holds them against the forms."""

HAPPENED = {
    Trouble.BUSY: N_("数据库正忙，没有等到空闲。"),
    Trouble.AWAY: N_("数据库暂时连接不上，或无法读取。"),
    Trouble.FULL: N_("服务器磁盘已满，或无法写入。"),
}


class SaveOutcome(StrEnum):
    """What became of what was sent."""

    READ = "read"
    NOTHING = "nothing"
    UNSURE = "unsure"
    STORED = "stored"


BECAME = {
    SaveOutcome.READ: "",
    SaveOutcome.NOTHING: N_("本次提交没有保存任何内容。"),
    SaveOutcome.UNSURE: N_("连接在保存的一刻中断，无法确认是否已经保存。请先到有关页面核对，再决定是否重新提交。"),
    SaveOutcome.STORED: N_("提交的内容已经保存，只是结果页未能显示。请勿重新提交，稍后到有关页面核对。"),
}
_answered: Counter[Trouble] = Counter()


@dataclass
class Resend:
    """A form that sends the same again: what was typed, what must be typed again, files that must be chosen again."""

    action: str
    token: str | None = None
    fields: list[tuple[str, str]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)


def install(app: Flask) -> None:
    _read_ahead(app, "site/errors/unavailable.html", "site/errors/error.html")
    if not event.contains(db.session, "before_commit", _committing):
        event.listen(db.session, "before_commit", _committing)
        event.listen(db.session, "after_commit", _committed)


def _read_ahead(app: Flask, *names: str) -> None:
    """Load the templates and all that they extend and import: a disk in trouble may not give them later."""
    for name in names:
        app.jinja_env.get_template(name)
        text = (ROOT / "templates" / name).read_text(encoding="utf-8")
        _read_ahead(app, *filter(None, find_referenced_templates(app.jinja_env.parse(text))))


def answer(trouble: Trouble, error: BaseException) -> Response:
    """The 503 for `trouble`, and a line in the log."""
    outcome = _outcome(trouble)
    _log(trouble, error, outcome)
    if trouble is Trouble.BUSY and outcome is not SaveOutcome.READ:
        waiting.SAVES.in_vain()
    let_go()
    forget_person()
    seconds = RETRY_SECONDS[trouble]
    response = _of_program(error) or make_response(_body(trouble, outcome, seconds), 503)
    response.headers["Retry-After"] = str(seconds)
    return response


def _of_program(error: BaseException) -> Response | None:
    """At addresses that answer programs, what the feature above says in their form (`error_answers`)."""
    found = (answers(503, error) for answers in provided("error_answers"))
    return next((answer for answer in found if answer is not None), None)


def forget_person() -> None:
    """For the rest of this request nobody is signed in: the shell then draws no menu, name or day from the database."""
    g._login_user = login.anonymous_user()  # where flask-login keeps the person of a request


def _body(trouble: Trouble, outcome: SaveOutcome, seconds: int) -> Response | str:
    became = _(BECAME[outcome]) if BECAME[outcome] else ""
    accepted = request.accept_mimetypes
    if accepted and accepted.best_match(["text/html", "application/json"]) == "application/json":
        told = {"error": _(HAPPENED[trouble]) + became, "kind": trouble, "outcome": outcome, "retry_after": seconds}
        return jsonify(told)
    if accepted and not accepted.accept_html and not accepted.accept_xhtml:
        again = _("请在 %(seconds)s 秒后再试。", seconds=seconds)
        return Response(f"{_(HAPPENED[trouble])}{became}{again}\n", mimetype="text/plain")
    resend = _resend() if outcome is SaveOutcome.NOTHING else None
    return render_template(
        "site/errors/unavailable.html", happened=HAPPENED[trouble], became=became, outcome=outcome, seconds=seconds,
        resend=resend, reload=request.method in SAFE,
    )  # fmt: skip


def _resend() -> Resend | None:
    """None where the request was not proven to come from a page of ours: it must not be made to look as if it did."""
    if not g.get("csrf_valid"):
        return None
    resend = Resend(request.full_path.rstrip("?"))
    for name, values in request.form.lists():
        if name.endswith("csrf_token"):
            resend.token = name
        elif name in SECRETS:
            resend.secrets.append(name)
        else:
            resend.fields += [(name, value) for value in values]
    for name, files in request.files.lists():
        resend.files[name] = [file.filename for file in files if file.filename]
    return resend


def _outcome(trouble: Trouble) -> SaveOutcome:
    if request.method in SAFE:
        return SaveOutcome.READ
    outcome: SaveOutcome = g.get("outcome", SaveOutcome.NOTHING)
    if outcome is SaveOutcome.UNSURE and trouble is not Trouble.AWAY:
        return SaveOutcome.NOTHING  # the database itself refused to commit
    return outcome


def _committing(_: Session) -> None:
    """From here until the database confirms, a connection that breaks leaves open what became of it."""
    if has_request_context() and g.get("outcome") is not SaveOutcome.STORED:
        g.outcome = SaveOutcome.UNSURE


def _committed(session: Session) -> None:
    if has_request_context() and not session.in_nested_transaction():
        g.outcome = SaveOutcome.STORED


def _log(trouble: Trouble, error: BaseException, outcome: SaveOutcome) -> None:
    """What the driver said, without the statement and its parameters."""
    _answered[trouble] += 1
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    current_app.logger.error(
        "503 %s %s: %s, %s: %s: %s (%s so far in this process)",
        request.method, request.path, trouble, outcome, type(error).__name__, said, _answered[trouble],
    )  # fmt: skip
