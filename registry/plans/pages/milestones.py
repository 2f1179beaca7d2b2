"""Days on the way of a task: one more, and another day for one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.base.extensions import clock, db
from registry.plans.forms.tasks import MilestoneDateForm, MilestoneForm
from registry.plans.models import PlanTask, TaskMilestone
from registry.plans.queries import tasks
from registry.plans.services import milestones
from registry.site.access import actor, concerns, load_or_404
from registry.site.acting import done, status_of

pages = Blueprint("milestones", __name__)


@pages.route("/plan-tasks/<int:task_id>/milestones/new", methods=["GET", "POST"])
@concerns("plan.assign")
def new(task_id: int) -> ResponseReturnValue:
    task: PlanTask = load_or_404(tasks.one(actor(), task_id), "plan.assign")
    form = MilestoneForm()
    if not task.kind:
        del form.number
    if form.validate_on_submit() and done(form, lambda: milestones.add(actor(), task, form.given(), at=clock.now())):
        flash(_("已列入阶段节点。"), "success")
        return redirect(url_for("tasks.show", task_id=task_id))
    task = db.session.get_one(PlanTask, task_id)
    return render_template("plans/milestone_new.html", task=task, form=form), status_of(form)


@pages.route("/plan-milestones/<int:milestone_id>/date", methods=["GET", "POST"])
@concerns("plan.assign")
def move(milestone_id: int) -> ResponseReturnValue:
    row: TaskMilestone = load_or_404(tasks.milestone(actor(), milestone_id), "plan.assign")
    form = MilestoneDateForm(data={"due_on": row.due_on})

    def act() -> None:
        due_on, reason = form.due_on.data or row.due_on, form.reason.data or ""
        milestones.move(actor(), row, due_on, reason=reason, at=clock.now())

    if form.validate_on_submit() and done(form, act):
        flash(_("已调整节点日期。"), "success")
        return redirect(url_for("tasks.show", task_id=row.task_id))
    row = db.session.get_one(TaskMilestone, milestone_id)
    return render_template("plans/milestone_date.html", row=row, form=form), status_of(form)
