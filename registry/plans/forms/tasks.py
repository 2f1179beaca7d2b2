"""Forms of the annual list: a task with its milestones, who leads, another day, how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from registry.people.models import Office
from registry.plans.forms.fields import DAY, WHOLE, day_field, text_field
from registry.plans.models import PlanMeasure, TaskMilestone
from registry.plans.services.milestones import MilestoneSet
from registry.plans.services.tasks import TaskSet
from registry.plans.texts import COUNTED_LABELS, MILESTONE_ERRORS
from registry.site.forms.worded import Worded, reason_field


class _OfMeasure(Worded):
    """A measure together with an office that answers for it: one choice, so that no other pair can be given."""

    pair = SelectField(_l("措施和单位"))

    def offer(self, measures: Iterable[PlanMeasure]) -> None:
        self._offices = {
            f"{row.code} {one.office.code}": (row.code, one.office) for row in measures for one in row.offices
        }
        self.pair.choices = [(key, f"{code}　{office.short_name}") for key, (code, office) in self._offices.items()]

    @property
    def measure(self) -> str:
        return self._offices[self.pair.data][0]

    @property
    def office(self) -> Office:
        return self._offices[self.pair.data][1]


class MilestoneForm(Worded):
    """A day on the way; `number` is left out where nothing is counted."""

    due_on = day_field(_l("节点日期"))
    shown = text_field(_l("应展示的成果"), 120, _l("到这一天拿出什么，例如：形成征求意见稿。"))
    number = IntegerField(
        _l("应完成的数"), [Optional(), NumberRange(1, 100_000, message=WHOLE)],
        description=_l("到这一天应达到的数；不填的，不影响进度的计算。"), invalid_value_message=WHOLE,
    )  # type: ignore[call-arg]  # fmt: skip

    def given(self) -> MilestoneSet:
        """What was filled in; the form has been found sound."""
        values: Any = self.due_on.data, self.shown.data, self.number.data if "number" in self else None
        return MilestoneSet(*values)


class TaskForm(_OfMeasure):
    title = text_field(_l("工作任务"), 120)
    person = text_field(_l("责任人"), 40)
    deliverable = text_field(_l("完成标志"), 200, _l("以什么为完成，例如：印发认定办法。"))
    starts_on = day_field(_l("起始日期"))
    due_on = day_field(_l("完成时限"))
    kind = SelectField(_l("由系统计数"), description=_l("能从名录的办理记录数出的，选一种；单位就不用填报。"))
    aim = IntegerField(
        _l("目标数"), [Optional(), NumberRange(1, 100_000, message=WHOLE)], description=_l("由系统计数的才填。"),
        invalid_value_message=WHOLE,
    )  # type: ignore[call-arg]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _("不由系统计数")), *((kind, _(label)) for kind, label in COUNTED_LABELS.items())]

    def validate(self, extra_validators: Any = None) -> bool:
        """Of a milestone day and words belong together."""
        sound = super().validate(extra_validators)
        for number in STAGES:
            due_on, shown, many = (self[f"stage{number}_{part}"] for part in _PARTS)
            if due_on.errors or (due_on.data is None and not shown.data and many.data is None):
                continue
            lacking = {due_on: "no_day"} if due_on.data is None else {shown: "no_words"} if not shown.data else {}
            for field, why in lacking.items():
                self.say(field.name, _(MILESTONE_ERRORS[why]))
        return sound and not self.errors

    def given(self) -> TaskSet:
        """What was filled in; the form has been found sound."""
        names = ("title", "person", "deliverable", "starts_on", "due_on", "kind", "aim")
        values: dict[str, Any] = {name: self[name].data for name in names}
        return TaskSet(measure=self.measure, **values)

    def stages(self) -> dict[str, MilestoneSet]:
        """Those that were filled in, by how the names of their fields begin."""
        rows = {f"stage{number}_": [self[f"stage{number}_{name}"].data for name in _PARTS] for number in STAGES}
        return {row: MilestoneSet(*values) for row, values in rows.items() if values[0] is not None}


STAGES = range(1, 5)
"""As many milestones the form has room for; more are added later."""
_PARTS = ("due_on", "shown", "number")


def task_form(**data: Any) -> TaskForm:
    """With its rows for milestones."""
    members: dict[str, Any] = {}
    for number in STAGES:
        members[f"stage{number}_due_on"] = DateField(
            _("节点 %(number)s 日期", number=number), [Optional()], invalid_value_message=DAY
        )  # type: ignore[call-arg]
        members[f"stage{number}_shown"] = text_field(
            _("节点 %(number)s 应展示的成果", number=number), 120, required=False
        )
        members[f"stage{number}_number"] = IntegerField(
            _("节点 %(number)s 应完成的数", number=number), [Optional(), NumberRange(1, 100_000, message=WHOLE)],
            invalid_value_message=WHOLE,
        )  # type: ignore[call-arg]  # fmt: skip
    form: TaskForm = type("TaskWithStages", (TaskForm,), members)(data=data)
    return form


class LeadForm(_OfMeasure):
    source = text_field(_l("依据"), 200, _l("方案没有指定牵头单位：写明由哪次会议或哪份文件明确。"))


class MilestoneDateForm(Worded):
    due_on = day_field(_l("节点日期"))
    reason = reason_field(_l("调整理由"))


class DateForm(Worded):
    due_on = day_field(_l("完成时限"))
    reason = reason_field(_l("调整理由"))


class WordForm(Worded):
    said = text_field(_l("进展"), 200)
    evidence = text_field(_l("依据"), 200, _l("文件名称和编号、会议纪要或其他凭据。"))
    milestone = SelectField(_l("完成的节点"), description=_l("报告的是某个阶段节点完成的，选那个节点。"))
    done = BooleanField(_l("这件事已完成"))

    def offer(self, rows: Iterable[TaskMilestone], *, whole: bool) -> None:
        """Milestones of which the office may say that they are reached; `whole`: or that all of it is done."""
        choices = [(str(row.id), f"{row.due_on.isoformat()}　{row.shown}") for row in rows]
        self.milestone.choices = [("", _("只报告进展")), *choices]
        if not choices:
            del self.milestone
        if not whole:
            del self.done

    @property
    def reached(self) -> str:
        """The number of the milestone, in figures."""
        return str(self.milestone.data) if "milestone" in self else ""

    @property
    def over(self) -> bool:
        return "done" in self and bool(self.done.data)
