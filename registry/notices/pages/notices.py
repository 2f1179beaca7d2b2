"""Notices of one's office and role: a list, the way to what each is about, and what has been read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.notices.models import Notice
from registry.notices.queries import received
from registry.notices.services import notices
from registry.notices.texts import SENTENCES
from registry.site.access import actor, load_or_404, requires
from registry.site.listing import page_of
from registry.site.many import Act, Line, together

pages = Blueprint("notices", __name__)

# The page a notice leads to: endpoint and the name of its parameter, by the kind of its subject.
WHERE = {
    "proposal": ("proposals.show", "proposal_id"),
    "review": ("reviews.show", "proposal_id"),
    "filing": ("filings.show", "filing_id"),
    "claim": ("claims.show", "claim_id"),
    "firm": ("firms.show", "firm_id"),
    "task": ("tasks.show", "task_id"),
    "quarter": ("certifying.certify", "label"),
    "bulletin": ("bulletins.show", "bulletin_id"),
    "case": ("cases.show", "case_id"),
    "qualification": ("qualifications.show", "qualification_id"),
}


@dataclass(frozen=True)
class NoticeLine:
    """A notice in the reader's words; `leads` where it has a page of its own."""

    notice: Notice
    text: str
    is_read: bool
    leads: bool


@pages.get("/notices")
@requires("inbox")
def listing() -> ResponseReturnValue:
    state = "unread" if request.args.get("state") == "unread" else ""
    page = page_of(received.unread(actor()) if state else received.visible_to(actor()))
    return render_template("notices/list.html", page=page, lines=lines(page.items), state=state)


@pages.post("/notices/<int:notice_id>/read")
@requires("inbox")
def read(notice_id: int) -> ResponseReturnValue:
    """Mark one as read; `open` goes on to what it is about."""
    notice: Notice = load_or_404(received.one(actor(), notice_id), "inbox")
    onward = _where(notice) if "open" in request.form else None
    notices.mark_read(actor(), notice, at=clock.now())
    db.session.commit()
    return redirect(onward or url_for("notices.listing"))


@pages.post("/notices/ticked/read")
@requires("inbox")
def read_ticked() -> ResponseReturnValue:
    """Marked for the person alone, so there is nothing to look at before."""
    at = clock.now()
    act = Act(
        _judged, lambda line: notices.mark_read(actor(), line.row, at=at),
        title=_("标为已读"), done=_("已标为已读"), harmless=True,
    )  # fmt: skip
    return together(act, back=url_for("notices.listing"))


def _judged(numbers: list[int]) -> list[Line]:
    rows = list(db.session.scalars(received.visible_to(actor()).where(Notice.id.in_(numbers))))
    return [
        Line(one.notice.id, one.text, one.notice, why=_("先前已读过。") if one.is_read else "") for one in lines(rows)
    ]


@pages.post("/notices/read")
@requires("inbox")
def read_all() -> ResponseReturnValue:
    notices.mark_all_read(actor(), at=clock.now())
    db.session.commit()
    flash(_("全部消息已标为已读。"), "success")
    return redirect(url_for("notices.listing"))


def lines(rows: list[Notice]) -> list[NoticeLine]:
    seen = received.read_by(actor(), rows)
    return [NoticeLine(notice, worded(notice), notice.id in seen, notice.subject_kind in WHERE) for notice in rows]


def worded(notice: Notice) -> str:
    text: str = _(SENTENCES[notice.kind])
    return text % notice.values if notice.values else text


def _where(notice: Notice) -> str | None:
    if notice.subject_kind not in WHERE:
        return None
    endpoint, name = WHERE[notice.subject_kind]
    key = notice.values["quarter"] if notice.subject_kind == "quarter" else notice.subject_id
    values: dict[str, Any] = {name: key}
    return None if key is None else url_for(endpoint, **values)
