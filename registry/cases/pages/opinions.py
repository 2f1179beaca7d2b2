"""Opinions of experts: who has given one, entering one, opening all of them, and what they come to."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.permissions import can
from registry.cases import forms
from registry.cases.models import Case
from registry.cases.queries import cases, opinions
from registry.cases.rules import opinions as rules
from registry.cases.services import opinions as sealing
from registry.site.access import actor, concerns, load_or_404
from registry.site.acting import done, status_of

pages = Blueprint("case_opinions", __name__)


@pages.get("/cases/<int:case_id>/opinions")
@concerns("opinion.read")
def show(case_id: int) -> ResponseReturnValue:
    return _shown(_loaded(case_id, "opinion.read"), forms.OpenOpinions(formdata=None))


def _shown(case: Case, form: forms.OpenOpinions) -> str:
    may = can(actor(), "opinion.enter", case) and opinions.asks(case) is not None and not opinions.are_open(case)
    papers = {paper.id: paper for paper in case.papers}
    return render_template(
        "cases/opinions.html",
        case=case,
        form=form,
        rows=[(row, papers.get(row.paper_id or 0)) for row in case.opinions],
        given=rules.given(case.opinions),
        asked=rules.asked(case.kind),
        is_enough=rules.enough(case.kind, case.opinions),
        is_open=opinions.are_open(case),
        result=opinions.result(case),
        may=may,
    )


@pages.route("/cases/<int:case_id>/opinions/new", methods=["GET", "POST"])
@concerns("opinion.enter")
def new(case_id: int) -> ResponseReturnValue:
    """Once it is kept, its scores are on no page before all are opened."""
    case = _loaded(case_id, "opinion.enter")
    form = forms.opinion_form(case.kind)
    if form.validate_on_submit():
        given, again = form.given(), form.again.data or ""
        if done(form, lambda: sealing.enter(actor(), case, given, at=clock.now(), again=again)):
            flash(_("已登记。评分和意见已密封，全部到齐并开封后才能查看。"), "success")
            return redirect(url_for("case_opinions.show", case_id=case_id))
    case = _loaded(case_id, "opinion.enter")
    page = render_template(
        "cases/opinions_new.html", case=case, form=form, concerned=opinions.concerned(case), now=opinions.asks(case)
    )
    return page, status_of(form)


@pages.post("/cases/<int:case_id>/opinions/open")
@concerns("opinion.enter")
def unseal(case_id: int) -> ResponseReturnValue:
    case, form = _loaded(case_id, "opinion.enter"), forms.OpenOpinions()
    if form.validate_on_submit() and done(form, lambda: sealing.open_all(actor(), case, at=clock.now())):
        flash(_("已开封。从现在起不能再登记或改动意见。"), "success")
        return redirect(url_for("case_opinions.show", case_id=case_id))
    return _shown(_loaded(case_id, "opinion.enter"), form), status_of(form)


def _loaded(case_id: int, permission: str) -> Case:
    case: Case = load_or_404(cases.one(actor(), case_id), permission)
    return case
