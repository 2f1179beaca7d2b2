"""Sets of rules: versions in force, coming and ended; drafts, their check by a second person, and their publication."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db, queue
from registry.base.permissions import can
from registry.reference.queries import reference
from registry.reference.rules.versions import JUDGING, KIND_LABELS, LINES, STATE_LABELS, RuleSetKind, VersionLine
from registry.rulesets.forms.rulesets import BASIS_LABELS, Decision, DraftAction, head_form, line_form
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts as rulesets
from registry.rulesets.services import drafting
from registry.rulesets.texts.columns import FILE_LABELS
from registry.rulesets.views import drafted
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done
from registry.site.listing import page_of
from registry.site.pagination import ListPages

pages = Blueprint("rulesets", __name__)


@pages.get("/rulesets")
@requires("ruleset.read")
def listing() -> ResponseReturnValue:
    kind, today = _kind(request.args.get("kind", RuleSetKind.ADMISSION)), clock.today()
    found = rulesets.versions(kind, today)
    return render_template(
        "rulesets/list.html",
        kind=kind,
        kinds=KIND_LABELS,
        states=STATE_LABELS,
        page=ListPages(found),
        of_lines=kind in LINES,
        by_hand=kind is not RuleSetKind.REFERENCE,
        industries={code: industry(code) for row in found if row.rule for code in row.rule.industry_prefixes},
        drafts=db.session.scalars(rulesets.drafts(actor()).where(RuleDraft.kind == kind).limit(20)).all(),
        state_of=rulesets.state_of,
    )


@pages.get("/rulesets/drafts")
@requires("ruleset.read_draft")
def drafts() -> ResponseReturnValue:
    page = page_of(rulesets.drafts(actor()))
    return render_template(
        "rulesets/drafts.html", page=page, kinds=KIND_LABELS, states=STATE_LABELS, state_of=rulesets.state_of
    )


@pages.post("/rulesets/drafts")
@requires("ruleset.draft")
def prepare() -> ResponseReturnValue:
    kind = _kind(request.form.get("kind", ""))
    if kind is RuleSetKind.REFERENCE:
        abort(404)  # drafted row by row (`dictionary`)
    title = _("%(kind)s新版本", kind=_(KIND_LABELS[kind]))
    draft = drafting.prepare(actor(), kind, title=title, at=clock.now(), on=clock.today())
    db.session.commit()
    flash(_("已从最近一版复制成草稿，现行规则没有变化。"), "success")
    return redirect(url_for("rulesets.show", draft_id=draft.id))


@pages.get("/rulesets/drafts/<int:draft_id>")
@concerns("ruleset.read_draft")
def show(draft_id: int) -> ResponseReturnValue:
    return _page(draft_of(draft_id, "ruleset.read_draft"), Decision())


def _page(draft: RuleDraft, form: Decision, faults: tuple[str, ...] = ()) -> str:
    form.version.data = str(draft.version)
    form.fit(draft)
    of_lines = draft.kind in LINES
    lines = rulesets.lines_of(draft)
    touched = {line.rule_id for line in rulesets.changed_lines(draft)}
    return render_template(
        "rulesets/show.html",
        draft=draft,
        state=rulesets.state_of(draft),
        states=STATE_LABELS,
        kinds=KIND_LABELS,
        of_lines=of_lines,
        lines=lines,
        touched=touched,
        rows=drafted.rows(draft),
        of_data=draft.kind == RuleSetKind.REFERENCE,
        data_rows=drafted.data_rows(draft),
        files=FILE_LABELS,
        handed_over=drafted.handed_over(draft),
        rerouted=drafted.rerouted(draft),
        untouched=len(lines) - len(touched) if of_lines else 0,
        bases=BASIS_LABELS,
        industries={code: industry(code) for line in lines for code in line.prefixes},
        form=form,
        faults=faults,
        edits=can(actor(), "ruleset.edit", draft) and draft.submitted_at is None,
        withdraws=can(actor(), "ruleset.edit", draft),
        publishes=can(actor(), "ruleset.publish", draft),
        tried=draft.kind in (*JUDGING, RuleSetKind.REMOVAL, RuleSetKind.TARGETS),
    )


# -- editing --------------------------------------------------------------------------------------
@pages.route("/rulesets/drafts/<int:draft_id>/edit", methods=["GET", "POST"])
@concerns("ruleset.edit")
def edit(draft_id: int) -> ResponseReturnValue:
    draft = draft_of(draft_id, "ruleset.edit")
    values = rulesets.values_of(draft)
    form = head_form(draft, values, rulesets.settings_at_base(draft))
    if form.validate_on_submit():
        at, on = clock.now(), clock.today()
        if done(
            form,
            lambda: drafting.revise(actor(), draft, form.head(), form.settings(values), seen=form.seen, at=at, on=on),
        ):
            flash(_("草稿已保存。"), "success")
            return redirect(url_for("rulesets.show", draft_id=draft_id))
    status = 422 if form.errors or form.form_errors else 200
    draft = draft_of(draft_id, "ruleset.edit")
    return render_template("rulesets/edit.html", draft=draft, form=form, keys=list(values), kinds=KIND_LABELS), status


@pages.route("/rulesets/drafts/<int:draft_id>/line", methods=["GET", "POST"])
@concerns("ruleset.edit")
def edit_line(draft_id: int) -> ResponseReturnValue:
    """The line named by `rule` in the address, or a new one."""
    draft = draft_of(draft_id, "ruleset.edit")
    line = _line(draft, request.args.get("rule", ""))
    form = line_form(draft, line)
    if form.validate_on_submit():
        at, adding = clock.now(), line is None
        if done(
            form,
            lambda: drafting.write_line(actor(), draft, form.line(line), seen=form.seen, at=at, adding=adding),
        ):
            flash(_("草稿已保存。"), "success")
            return redirect(url_for("rulesets.show", draft_id=draft_id))
    status = 422 if form.errors or form.form_errors else 200
    draft = draft_of(draft_id, "ruleset.edit")
    return render_template("rulesets/line.html", draft=draft, form=form, line=line, kinds=KIND_LABELS), status


@pages.post("/rulesets/drafts/<int:draft_id>/line/removal")
@concerns("ruleset.edit")
def drop_line(draft_id: int) -> ResponseReturnValue:
    draft, form = draft_of(draft_id, "ruleset.edit"), DraftAction()
    rule = request.args.get("rule", "")
    at = clock.now()
    return step(
        draft_id, form, lambda: drafting.drop_line(actor(), draft, rule, seen=form.seen, at=at), _("草稿已保存。")
    )


def _line(draft: RuleDraft, rule: str) -> VersionLine | None:
    if draft.kind not in LINES:
        abort(404)
    found = next((line for line in rulesets.lines_of(draft) if line.rule_id == rule), None)
    if rule and found is None:
        abort(404)
    return found


# -- steps ----------------------------------------------------------------------------------------
@pages.post("/rulesets/drafts/<int:draft_id>/submission")
@concerns("ruleset.edit")
def submit(draft_id: int) -> ResponseReturnValue:
    draft, form = draft_of(draft_id, "ruleset.edit"), DraftAction()
    at, on = clock.now(), clock.today()
    return step(
        draft_id,
        form,
        lambda: drafting.submit(actor(), draft, seen=form.seen, at=at, on=on),
        _("已提交，由统计部门或市培育办的另一位同事核对。"),
    )


@pages.post("/rulesets/drafts/<int:draft_id>/withdrawal")
@concerns("ruleset.edit")
def withdraw(draft_id: int) -> ResponseReturnValue:
    draft, form = draft_of(draft_id, "ruleset.edit"), DraftAction()
    return step(
        draft_id, form, lambda: drafting.withdraw(actor(), draft, seen=form.seen, at=clock.now()), _("草稿已撤回。")
    )


@pages.post("/rulesets/drafts/<int:draft_id>/decision")
@concerns("ruleset.publish")
def decide(draft_id: int) -> ResponseReturnValue:
    if draft_of(draft_id, "ruleset.read_draft").outcome is not None:  # pressed twice, or decided in another window
        flash(_("这份草稿已经办结，结果见下。"), "warning")
        return redirect(url_for("rulesets.show", draft_id=draft_id))
    draft, form = draft_of(draft_id, "ruleset.publish"), Decision()
    if not form.validate_on_submit():
        return _page(draft, form), 422
    who, opinion, seen, at = actor(), form.opinion.data or "", form.seen, clock.now()
    acts: dict[str, Callable[[], None]] = {
        "publish": lambda: drafting.publish(who, draft, opinion=opinion, seen=seen, at=at, on=clock.today()),
        "return": lambda: drafting.give_back(who, draft, opinion=opinion, seen=seen, at=at),
        "refuse": lambda: drafting.refuse(who, draft, opinion=opinion, seen=seen, at=at),
    }
    draft_kind = draft.kind
    takes_effect = form.outcome.data == "publish" and draft.valid_from <= clock.today()
    if not done(form, acts[form.outcome.data]):
        return _page(draft_of(draft_id, "ruleset.publish"), form), 422
    if takes_effect:
        queue.enqueue("hand_over" if draft_kind == RuleSetKind.REFERENCE else "refresh_standing")
    words = {"publish": _("已发布。"), "return": _("已退回起草人。"), "refuse": _("已办结，不予采用。")}
    flash(words[form.outcome.data], "success")
    return redirect(url_for("rulesets.show", draft_id=draft_id))


def step(draft_id: int, form: DraftAction, act: Callable[[], None], said: str) -> ResponseReturnValue:
    if form.validate() and done(form, act):
        flash(said, "success")
        return redirect(url_for("rulesets.show", draft_id=draft_id))
    texts = [*form.form_errors, *(text for field in form for text in field.errors)]
    return _page(draft_of(draft_id, "ruleset.read_draft"), Decision(formdata=None), tuple(texts)), 422


def draft_of(draft_id: int, permission: str) -> RuleDraft:
    draft: RuleDraft = load_or_404(rulesets.one(actor(), draft_id), permission)
    return draft


def _kind(text: str) -> RuleSetKind:
    if text not in set(RuleSetKind):
        abort(404)
    return RuleSetKind(text)


def industry(code: str) -> str:
    return f"{code} {reference.classification().name_of(code)}".strip()
