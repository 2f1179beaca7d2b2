"""The annual list of responsibilities: read, printed for an office, set, moved, answered; the wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.base.periods import Quarter
from registry.base.permissions import SEES_ALL, can
from registry.plans import texts
from registry.plans.forms.plans import VoidMark
from registry.plans.forms.tasks import STAGES, DateForm, LeadForm, WordForm, task_form
from registry.plans.models import Plan, PlanTask
from registry.plans.queries import plans, tasks
from registry.plans.rules.progress import CELLS
from registry.plans.services import tasks as tasking
from registry.site.access import actor, concerns, load_or_404, requires
from registry.site.acting import done, pressed, status_of

pages = Blueprint("tasks", __name__)


@pages.get("/plans/<int:plan_id>/tasks")
@requires("plan.read")
def listing(plan_id: int) -> ResponseReturnValue:
    """The list of all offices, or the page of one that is printed and signed."""
    plan, version = _plan(plan_id)
    found = tasks.lines(tasks.visible_to(actor()).where(PlanTask.plan_id == plan.id), clock.today())
    order = [measure.code for measure in version.measures]
    found.sort(key=lambda line: order.index(line.task.measure) if line.task.measure in order else len(order))
    offices = {line.task.office.code: line.task.office for line in found}
    code = request.args.get("office", "")
    return render_template(
        "plans/tasks.html",
        plan=plan,
        version=version,
        rows=[line for line in found if not code or line.task.office.code == code],
        offices=offices.values(),
        office=offices.get(code),
        measures={measure.code: measure.title for measure in version.measures},
        leads=tasks.leads(plan),
        whole=actor().holds(*SEES_ALL),
        texts=texts,
    )


@pages.get("/plans/<int:plan_id>/wall")
@requires("plan.read")
def wall(plan_id: int) -> ResponseReturnValue:
    """Measures and tasks by month, each task from its first month to the one it is due in."""
    plan, version = _plan(plan_id)
    year = min(max(clock.today().year, version.first_year), version.last_year)
    found = tasks.lines(tasks.visible_to(actor()).where(PlanTask.plan_id == plan.id), clock.today())
    return render_template(
        "plans/wall.html",
        plan=plan,
        version=version,
        year=year,
        month=clock.today().month if clock.today().year == year else 0,
        rows=[(measure, [line for line in found if line.task.measure == measure.code]) for measure in version.measures],
        texts=texts,
    )


# -- one task -------------------------------------------------------------------------------------
@pages.get("/plan-tasks/<int:task_id>")
@concerns("task.read")
def show(task_id: int) -> ResponseReturnValue:
    task = _task(task_id, "task.read")
    (line,) = tasks.lines(tasks.one(actor(), task_id), clock.today())
    version = plans.in_force(task.plan, clock.today())
    quarter = Quarter.of(clock.today())
    return render_template(
        "plans/task.html",
        line=line,
        task=task,
        version=version,
        nudges=tasks.nudges(task),
        reports=can(actor(), "task.report", task),
        left=CELLS - tasks.cells(task.office_id, quarter),
        quarter=quarter,
        texts=texts,
    )


@pages.route("/plans/<int:plan_id>/tasks/new", methods=["GET", "POST"])
@requires("plan.assign")
def new(plan_id: int) -> ResponseReturnValue:
    plan, version = _plan(plan_id)
    form = task_form(starts_on=clock.today())
    form.offer(version.measures)
    if form.validate_on_submit() and done(
        form, lambda: tasking.assign(actor(), plan, form.office, form.given(), stages=form.stages(), at=clock.now())
    ):
        flash(_("已列入责任清单。"), "success")
        return redirect(url_for("tasks.listing", plan_id=plan_id))
    plan, version = _plan(plan_id)
    page = render_template("plans/task_new.html", plan=plan, version=version, form=form, stages=STAGES)
    return page, status_of(form)


@pages.route("/plans/<int:plan_id>/leads/new", methods=["GET", "POST"])
@requires("plan.assign")
def lead(plan_id: int) -> ResponseReturnValue:
    """Name who leads a measure, by whose word."""
    plan, version = _plan(plan_id)
    form = LeadForm()
    form.offer(version.measures)
    if form.validate_on_submit() and done(
        form,
        lambda: tasking.lead(actor(), plan, form.measure, form.office, source=form.source.data or "", at=clock.now()),
    ):
        flash(_("已明确牵头单位。"), "success")
        return redirect(url_for("tasks.listing", plan_id=plan_id))
    plan, version = _plan(plan_id)
    return render_template("plans/lead.html", plan=plan, version=version, form=form), status_of(form)


@pages.route("/plan-tasks/<int:task_id>/date", methods=["GET", "POST"])
@concerns("plan.assign")
def move(task_id: int) -> ResponseReturnValue:
    task = _task(task_id, "plan.assign")
    form = DateForm(data={"due_on": task.due_on})

    def act() -> None:
        due_on, reason = form.due_on.data or task.due_on, form.reason.data or ""
        tasking.move(actor(), task, due_on, reason=reason, at=clock.now())

    return _asked(task_id, form, "plans/task_date.html", _("已调整完成时限。"), act)


@pages.route("/plan-tasks/<int:task_id>/word", methods=["GET", "POST"])
@concerns("task.report")
def say(task_id: int) -> ResponseReturnValue:
    task, form = _task(task_id, "task.report"), WordForm()
    open_ = {str(one.id): one for one in task.milestones if one.number is None and one.done_on is None}
    form.offer(open_.values(), whole=not task.kind)

    def act() -> None:
        said, evidence, reached = form.said.data or "", form.evidence.data or "", open_.get(form.reached)
        tasking.say(
            actor(), task, said, evidence=evidence, done=form.over, milestone=reached, at=clock.now(), on=clock.today()
        )

    return _asked(task_id, form, "plans/task_word.html", _("已报告进展。"), act)


@pages.route("/plan-tasks/<int:task_id>/void", methods=["GET", "POST"])
@concerns("plan.assign")
def void(task_id: int) -> ResponseReturnValue:
    task, form = _task(task_id, "plan.assign"), VoidMark()
    if form.validate_on_submit() and done(
        form, lambda: tasking.void(actor(), task, reason=form.reason.data or "", at=clock.now())
    ):
        flash(_("已撤下。"), "success")
        return redirect(url_for("tasks.listing", plan_id=task.plan_id))
    return render_template("plans/task_void.html", task=_task(task_id, "plan.assign"), form=form), status_of(form)


@pages.post("/plan-tasks/<int:task_id>/nudge")
@concerns("plan.assign")
def nudge(task_id: int) -> ResponseReturnValue:
    task = _task(task_id, "plan.assign")
    said = _("已催办，对方会在待办和消息中看到。")
    pressed(lambda: tasking.nudge(actor(), task, at=clock.now(), on=clock.today()), said)
    return redirect(url_for("supervision.show"))


def _asked(task_id: int, form: Any, template: str, said: str, act: Callable[[], object]) -> ResponseReturnValue:
    if form.validate_on_submit() and done(form, act):
        flash(said, "success")
        return redirect(url_for("tasks.show", task_id=task_id))
    return render_template(template, task=db.session.get_one(PlanTask, task_id), form=form), status_of(form)


def _plan(plan_id: int) -> tuple[Plan, Any]:
    """An issued plan with the version in force."""
    plan: Plan = load_or_404(plans.one(actor(), plan_id), "plan.read")
    version = plans.in_force(plan, clock.today())
    if version is None:
        abort(404)
    return plan, version


def _task(task_id: int, permission: str) -> PlanTask:
    task: PlanTask = load_or_404(tasks.one(actor(), task_id), permission)
    return task
