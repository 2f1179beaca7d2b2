"""The steps of a case, each on a page that says what it asks for and what it does; notices of cases."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.characters import clean
from registry.base.extensions import clock, db
from registry.base.permissions import can
from registry.base.vocabulary import Role
from registry.cases import forms, texts, views
from registry.cases.models import Case, CaseNotice
from registry.cases.pages.cases import loaded, shown
from registry.cases.queries import cases
from registry.cases.queries import notices as posted
from registry.cases.rules.kinds import Effect, Guard
from registry.cases.services import notices, nudging, steps
from registry.papers.rules import day_of
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, pressed, status_of
from registry.site.listing import page_of
from registry.site.walks import Walk, walk_of

pages = Blueprint("case_steps", __name__)
NOTE_MOST = 200


@pages.route("/cases/<int:case_id>/steps/<verb>", methods=["GET", "POST"])
@concerns("case.step")
def take(case_id: int, verb: str) -> ResponseReturnValue:
    case, on = loaded(case_id, "case.step"), clock.today()
    step = next((one for one in cases.steps_open_to(actor(), case) if one.verb == verb), None)
    if step is None:
        abort(404)
    step = steps.step_of(case, verb, on) or step
    backs = Effect.BACK in step.effects
    form = forms.step_form(case.kind.labels().items() if backs else ())
    walk = walk_of(cases.waiting_for(actor()), Case.id, case_id)

    def act() -> None:
        steps.take(
            actor(),
            case,
            verb,
            at=clock.now(),
            on=on,
            reason=form.reason.data or "",
            cells=form.chosen() if backs else None,
        )

    if form.validate_on_submit() and done(form, act):
        return _onward(case_id, step.name, walk)
    case = loaded(case_id, "case.step")
    if backs and form.is_submitted():
        return shown(case, back=form), status_of(form)
    page = render_template(
        "cases/step.html", case=case, kind=case.kind, step=step, form=form, backs=backs,
        needs_reason=Guard.REASON in step.guards, end=case.kind.state(step.end),
        slip=steps.slip_of(case, on) if Effect.AWARD in step.effects or case.amount is not None else None,
        lacking=steps.lacking_quietly(actor(), case, step, on), texts=texts,
    )  # fmt: skip
    return page, status_of(form)


def _onward(case_id: int, step: str, walk: Walk) -> ResponseReturnValue:
    """Whoever decides cases goes on to the next that waits; a case that still waits for the same person stays."""
    left = walk_of(cases.waiting_for(actor()), Case.id, case_id)
    decides = actor().holds(Role.OFFICER, Role.CITY_OFFICE) and walk.place is not None and left.place is None
    following = walk.onward(left.numbers) if decides else None
    if following is not None:
        return redirect(url_for("cases.show", case_id=following, last=case_id))
    flash(_("已办理“%(step)s”。", step=step), "success")
    return redirect(url_for("cases.show", case_id=case_id))


@pages.post("/cases/<int:case_id>/nudge")
@concerns("case.nudge")
def nudge(case_id: int) -> ResponseReturnValue:
    """One press, with a word if there is one to say."""
    case, note = loaded(case_id, "case.nudge"), clean(request.form.get("note", "").strip(), NOTE_MOST).text
    said = _("已催办，对方会在待办和消息中看到。")
    pressed(lambda: nudging.nudge(actor(), case, at=clock.now(), on=clock.today(), note=note), said)
    return redirect(url_for("cases.show", case_id=case_id))


# -- notices --------------------------------------------------------------------------------------
@pages.get("/case-notices")
@requires("case.read")
def listing() -> ResponseReturnValue:
    """Notices with cases in the reader's reach, and what is ready for one."""
    who = actor()
    ready = posted.ready() if can(who, "case.notice") else {}
    return render_template(
        "cases/notices.html", page=page_of(posted.visible_to(who)), ready=ready, today=clock.today(), texts=texts
    )


@pages.route("/case-notices/new/<int:kind_id>", methods=["GET", "POST"])
@requires("case.notice")
def new(kind_id: int) -> ResponseReturnValue:
    """Of the cases of one edition that wait for a notice, those that are ticked."""
    found: list[Case] = posted.ready().get(kind_id, [])
    if not found:
        flash(_("现在没有等待公示的事项。"), "info")
        return redirect(url_for("case_steps.listing"))
    form = forms.PostNotice(data={"first_day": clock.today()})
    ticked = set(request.form.getlist("cases", type=int)) if request.method == "POST" else {one.id for one in found}
    chosen = [one for one in found if one.id in ticked]
    made: list[CaseNotice] = []

    def act() -> None:
        made.append(
            notices.post(actor(), chosen, first=form.first_day.data or clock.today(), at=clock.now(), on=clock.today())
        )

    if "look" not in request.form and form.validate_on_submit() and done(form, act):
        flash(_("已发布公示，截止 %(day)s。", day=made[0].last_day.isoformat()), "success")
        return redirect(url_for("case_steps.notice", public_id=made[0].id))
    first = form.first_day.data or clock.today()
    last, unknown = notices.days_of(found[0], first)
    shown = render_template(
        "cases/notice_new.html", form=form, cases=found, ticked=ticked, kind=found[0].kind, last=last,
        days=notices.length_of(found[0].kind), unknown=unknown,
        text=notices.filled(chosen or found, first, last), lines={one.id: notices.line_of(one, first) for one in found},
        texts=texts,
    )  # fmt: skip
    return shown, status_of(form)


@pages.get("/case-notices/<int:public_id>")
@concerns("posting.read")
def notice(public_id: int) -> ResponseReturnValue:
    """As it is printed; a public text, with the lines in the reader's reach for whoever does not see all."""
    return _notice(_loaded(public_id))


def _notice(row: CaseNotice) -> str:
    who = actor()
    seen = list(db.session.scalars(cases.visible_to(who).where(Case.notice_id == row.id).order_by(Case.number)))
    is_public = row.withdrawn_at is None and row.first_day <= clock.today()
    own = {case.number for case in seen}
    lines = [line for line in row.lines if is_public or line[0] in own]
    return render_template(
        "cases/notice.html", row=row, lines=lines, cases=seen, kind=row.edition.kind, day_of=day_of,
        has_amounts=any(line[4] for line in row.lines), views=views, texts=texts,
    )  # fmt: skip


@pages.route("/case-notices/<int:public_id>/withdraw", methods=["GET", "POST"])
@requires("case.notice")
def withdraw(public_id: int) -> ResponseReturnValue:
    row, form = _loaded(public_id), forms.GiveGround()
    if form.validate_on_submit() and done(
        form, lambda: notices.withdraw(actor(), row, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已撤下公示。"), "success")
        return redirect(url_for("case_steps.listing"))
    return render_template("cases/notice_withdraw.html", row=_loaded(public_id), form=form), status_of(form)


def _loaded(public_id: int) -> CaseNotice:
    row: CaseNotice = load_or_404(posted.one(actor(), public_id), "posting.read")
    return row
