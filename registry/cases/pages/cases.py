"""Cases: the list, one with all that is known of it, entering and filling, papers, what is printed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base import credit_code
from registry.base.errors import FieldError
from registry.base.extensions import clock, db, provided
from registry.base.permissions import can
from registry.cases import forms, texts, views
from registry.cases.models import Case, CaseKind, CasePaper
from registry.cases.queries import cases, kinds, opinions, parties
from registry.cases.queries.cases import CaseQuery
from registry.cases.rules.awards import award_of
from registry.cases.rules.kinds import Applicant, CaseStep, Effect, Kind, StateKind
from registry.cases.services import entering, notices, steps
from registry.cases.services.entering import ForWhom
from registry.documents.services import attachments
from registry.documents.views import page_answered, sealed_off
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.institutions import queries as institutions
from registry.institutions.models import Institution
from registry.reference.queries import reference
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, status_of
from registry.site.listing import page_of
from registry.site.walks import just_left

pages = Blueprint("cases", __name__)


@pages.get("/cases")
@requires("case.read")
def listing() -> ResponseReturnValue:
    """Narrowed by the address; `mine`: what waits for the reader."""
    who, query = actor(), asked()
    return render_template(
        "cases/list.html",
        page=page_of(cases.told(cases.matching(who, query))),
        query=query,
        filtered=query != CaseQuery(),
        kinds=kinds.newest(),
        to_enter=[row for row in kinds.to_enter(who, clock.today()) if row.kind.applicants != (Applicant.CASE,)],
        cohorts=kinds.cohorts(),
        offices=[one for one in reference.offices().values() if one.kind in ("county", "zone", "bureau")],
        waiting=cases.count(cases.waiting_for(who)),
        texts=texts,
        today=clock.today(),
    )


def asked() -> CaseQuery:
    """What the address narrows a list of cases to."""
    args = request.args
    text = "".join(c for c in args.get("q", "").strip() if c.isprintable())[:100]
    return CaseQuery(
        args.get("kind", "")[:32], args.get("group", "")[:32], args.get("state", "")[:32],
        args.get("cohort", type=int), args.get("office", type=int), text, "mine" in args,
    )  # fmt: skip


@pages.get("/cases/<int:case_id>")
@concerns("case.read_one")
def show(case_id: int) -> ResponseReturnValue:
    return shown(loaded(case_id, "case.read_one"))


def shown(case: Case, back: forms.TakeStep | None = None, **sent: Any) -> str:
    """`back`: what was typed to send the case back, where it was refused."""
    who, on = actor(), clock.today()
    kind = case.kind
    if back is None and any(Effect.BACK in step.effects for step in cases.steps_open_to(who, case)):
        back = forms.step_form(kind.labels().items())
    return render_template(
        "cases/show.html",
        case=case,
        kind=kind,
        state=kind.state(case.state),
        strip=views.strip(case),
        steps=[
            (step, steps.lacking_quietly(who, case, step, on))
            for step in sorted(cases.steps_open_to(who, case), key=lambda one: _place_in_bar(case, one))
            if steps.is_offered(case, step, on)
        ],
        verdicts=cases.verdicts_of(case, on),
        slip=steps.slip_of(case, on),
        award=award_of(case.kind, case.values),
        lists=views.lists(case),
        fields=views.fields(case),
        papers=views.papers(case),
        missing=cases.missing_papers(case),
        returned=cases.returned_cells(case) if case.is_draft else {},
        lookalikes=[(shown, other, can(who, "case.read_one", other.case)) for shown, other in cases.lookalikes(case)],
        relations=parties.related(who, case),
        events=views.events(case),
        firm_seen=_sees_firm(case),
        branch=views.is_branch(case),
        known_before=views.known_before(case),
        answers=[one for one in case.about_this if can(who, "case.read_one", one)],
        about_kinds=[
            row
            for row in kinds.to_enter(who, on)
            if row.kind.applicants == (Applicant.CASE,) and cases.may_be_about(row.kind, case)
        ],
        unannounced=notices.unannounced(on, case.due_on),
        sections=[section(case) for section in provided("case_sections")],
        withheld=opinions.withheld(who, case),
        links=kind.outcome == "registration",
        last=_last(),
        back=back,
        beside=views.beside(case, opinions.withheld(who, case)),
        texts=texts,
        today=on,
        **views.going(who, case, on),
        **sent,
    )  # fmt: skip


def _place_in_bar(case: Case, step: CaseStep) -> int:
    """As everywhere: what takes a case on, then what sends it back, then what ends it."""
    if case.kind.state(step.end).kind is StateKind.BAD:
        return 2
    return 1 if Effect.BACK in step.effects else 0


def _last() -> Case | None:
    """The case on which a step was taken a moment ago, where another one stands here now."""
    case: Case | None = just_left(lambda number: cases.one(actor(), number))
    return case


def _sees_firm(case: Case) -> bool:
    return (
        case.firm_id is not None
        and db.session.scalars(firms.one(actor(), case.firm_id)).unique().one_or_none() is not None
    )


# -- entering -------------------------------------------------------------------------------------
@pages.route("/cases/new/<int:kind_id>", methods=["GET", "POST"])
@concerns("case.enter")
def new(kind_id: int) -> ResponseReturnValue:
    """A case of a kind: for whom, and of which year; one about another case begins at once."""
    who, on = actor(), clock.today()
    edition: CaseKind = load_or_404(kinds.edition(kind_id), "case.enter")
    about = _about()
    form = forms.begin_form()
    form.offer(edition.kind, kinds.cohorts([edition.group]), _institutions(edition.kind))
    made: list[Case] = []

    def act() -> None:
        year = form.cohort.data or ""
        cohort = kinds.cohort(int(year)) if year.isdigit() else None
        whom = ForWhom(case=about) if about is not None else _whom(form, edition.kind)
        made.append(entering.begin(who, edition, whom, cohort=cohort, at=clock.now(), on=on))

    if form.validate_on_submit() and done(form, act):
        flash(_("已登记，请填写内容并上传材料。"), "success")
        return redirect(url_for("cases.edit", case_id=made[0].id))
    shown_page = render_template(
        "cases/new.html", edition=edition, kind=edition.kind, form=form, about=about, texts=texts
    )
    return shown_page, status_of(form)


def _about() -> Case | None:
    number = request.values.get("about", type=int)
    return None if number is None else loaded(number, "case.read_one")


def _institutions(kind: Kind) -> list[Institution]:
    """Of the kinds that may apply, those in the reader's reach."""
    rows = institutions.visible_to(actor()).where(Institution.voided_at.is_(None))
    rows = rows.where(Institution.kind.in_(kind.institutions)) if kind.institutions else rows
    return list(db.session.scalars(rows.order_by(Institution.name, Institution.id)).unique())


def _whom(form: forms.BeginCase, kind: Kind) -> ForWhom:
    if form.whom.data == Applicant.FIRM:
        return ForWhom(firm=firm_named(form.firm.data or "", "firm"))
    if form.whom.data == Applicant.INSTITUTION:
        chosen = next((one for one in _institutions(kind) if str(one.id) == form.institution.data), None)
        if chosen is None:
            raise FieldError("institution", texts.CASE_ERRORS["institution"])
        return ForWhom(institution=chosen)
    return ForWhom(body={name: form[f"body_{name}"].data or "" for name in entering.BODY})


def firm_named(text: str, field: str) -> Firm:
    """The one firm in the reader's reach of that code or whole name; raises FieldError at `field`."""
    said = text.strip()
    code = credit_code.normalise(said)
    rows = firms.visible_to(actor()).where(
        (Firm.credit_code == code) | (Firm.name == said), Firm.merged_into_id.is_(None)
    )
    found = list(db.session.scalars(rows.order_by(Firm.id).limit(2)).unique())
    if not said or len(found) != 1:
        raise FieldError(field, texts.CASE_ERRORS["firm_unknown" if not found else "firm_several"], text=said)
    return found[0]


@pages.route("/cases/<int:case_id>/edit", methods=["GET", "POST"])
@concerns("case.edit")
def edit(case_id: int) -> ResponseReturnValue:
    case = loaded(case_id, "case.edit")
    form = forms.fill_form(case)

    def act() -> None:
        typed = form.seen.data or ""
        seen = int(typed) if typed.isdigit() else -1
        try:
            entering.save(actor(), case, form.values(), form.rows(), seen=seen, at=clock.now())
        except FieldError as error:
            raise FieldError(error.field.replace(":", "-"), error.template, **error.values) from error

    if "more" not in request.form and form.validate_on_submit() and done(form, act):
        flash(_("已保存。"), "success")
        return redirect(url_for("cases.show", case_id=case_id))
    case = loaded(case_id, "case.edit")
    shown_page = render_template(
        "cases/edit.html", case=case, kind=case.kind, form=form, returned=cases.returned_cells(case), cell=forms.cell,
    )  # fmt: skip
    return shown_page, 200 if "more" in request.form else status_of(form)


# -- papers ---------------------------------------------------------------------------------------
@pages.route("/cases/<int:case_id>/papers/new", methods=["GET", "POST"])
@concerns("case.edit")
def attach(case_id: int) -> ResponseReturnValue:
    case = loaded(case_id, "case.edit")
    form = forms.AttachPaper(data={"paper": request.args.get("paper", ""), "year": request.args.get("year", type=int)})
    form.offer(case.kind)

    def act() -> None:
        upload = form.file.data
        entering.attach(
            actor(), case, paper=form.paper.data, filename=upload.filename or "", content=upload.read(),
            year=form.year.data, at=clock.now(),
        )  # fmt: skip

    if form.validate_on_submit() and done(form, act):
        flash(_("已上传。"), "success")
        return redirect(url_for("cases.show", case_id=case_id, _anchor="papers"))
    return render_template("cases/paper.html", case=case, form=form), status_of(form)


@pages.route("/cases/<int:case_id>/papers/<int:paper_id>/void", methods=["GET", "POST"])
@concerns("case.edit")
def void_paper(case_id: int, paper_id: int) -> ResponseReturnValue:
    case, form = loaded(case_id, "case.edit"), forms.GiveGround()
    paper = _paper(case, paper_id)
    if form.validate_on_submit() and done(
        form, lambda: entering.void_paper(actor(), case, paper, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已作废。"), "success")
        return redirect(url_for("cases.show", case_id=case_id, _anchor="papers"))
    return render_template("cases/void_paper.html", case=case, paper=paper, form=form), status_of(form)


@pages.get("/cases/<int:case_id>/papers/<int:paper_id>/pages/<int:number>")
@concerns("case.read_one")
def page(case_id: int, paper_id: int, number: int) -> ResponseReturnValue:
    """A page of it, looked at beside the case; for the same people."""
    paper = _paper(loaded(case_id, "case.read_one"), paper_id)
    return page_answered(views.kept(paper, paper.filename), attachments.path(paper.stored_name), number)


@pages.get("/cases/<int:case_id>/papers/<int:paper_id>")
@concerns("case.read_one")
def download(case_id: int, paper_id: int) -> ResponseReturnValue:
    paper = _paper(loaded(case_id, "case.read_one"), paper_id)
    path = attachments.path(paper.stored_name)
    return sealed_off(
        send_file(path, mimetype=paper.media_type, as_attachment=True, download_name=paper.filename, etag=False)
    )


def _paper(case: Case, paper_id: int) -> CasePaper:
    found = next((one for one in case.papers if one.id == paper_id), None)
    if found is None or found.id in opinions.withheld(actor(), case):
        abort(404)
    return found


# -- what is printed ------------------------------------------------------------------------------
@pages.get("/cases/<int:case_id>/form")
@concerns("case.read_one")
def form(case_id: int) -> ResponseReturnValue:
    """What the applicant signs: all that was entered, and that it agrees to be named in a notice."""
    case = loaded(case_id, "case.read_one")
    return render_template(
        "cases/form.html", case=case, kind=case.kind, fields=views.fields(case), lists=views.lists(case, filled=True),
        slip=steps.slip_of(case, clock.today()), texts=texts,
    )  # fmt: skip


@pages.get("/cases/<int:case_id>/slip")
@concerns("case.read_one")
def slip(case_id: int) -> ResponseReturnValue:
    """How the award is worked out, from its papers to the amount in words."""
    case = loaded(case_id, "case.read_one")
    found = steps.slip_of(case, clock.today())
    if found is None:
        abort(404)
    return render_template(
        "cases/slip.html", case=case, kind=case.kind, slip=found, award=award_of(case.kind, case.values),
        lists=views.lists(case, filled=True), papers=views.papers(case), texts=texts,
    )  # fmt: skip


# -- the road of a firm to be introduced -----------------------------------------------------------
@pages.route("/cases/<int:case_id>/next", methods=["GET", "POST"])
@concerns("case.next")
def agree_next(case_id: int) -> ResponseReturnValue:
    case = loaded(case_id, "case.next")
    form = forms.AgreeNext(data={"step": case.next_step, "day": case.next_on})
    if form.validate_on_submit() and done(
        form, lambda: entering.agree_next(actor(), case, step=form.step.data or "", day=form.day.data, at=clock.now())
    ):
        flash(_("已约定下一步。"), "success")
        return redirect(url_for("cases.show", case_id=case_id))
    return render_template("cases/next.html", case=case, form=form), status_of(form)


@pages.route("/cases/<int:case_id>/firm", methods=["GET", "POST"])
@concerns("case.next")
def link_firm(case_id: int) -> ResponseReturnValue:
    case = loaded(case_id, "case.next")
    form = forms.LinkFirm(data={"firm": case.body.get("credit_code") or case.applicant})
    if form.validate_on_submit() and done(
        form, lambda: entering.link_firm(actor(), case, firm_named(form.firm.data or "", "firm"), at=clock.now())
    ):
        flash(_("已关联。"), "success")
        return redirect(url_for("cases.show", case_id=case_id))
    return render_template("cases/firm.html", case=case, form=form), status_of(form)


def loaded(case_id: int, permission: str) -> Case:
    case: Case = load_or_404(cases.one(actor(), case_id), permission)
    return case
