"""Forms of the trail: what to look for, and a head noted outside to check against."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Form, IntegerField, SelectField, StringField
from wtforms.validators import Optional, Regexp, ValidationError

from registry.audit.queries import TrailQuery
from registry.people.models import Office
from registry.site.forms.choices import by_kind, typed
from registry.trail.texts import ADMINISTRATIVE, SUBJECT_LABELS, VERB_LABELS

ANCHOR = r"\s*[1-9][0-9]{0,15}:[0-9a-fA-F]{64}\s*"
_NUMBER = _l("对象编号是正整数。")
_DAY = _l("请按 2021-10-15 的格式填写日期。")


class TrailFilter(Form):
    actor = StringField(_l("操作人"))
    verb = SelectField(_l("操作"), validate_choice=False)
    kind = SelectField(_l("对象"), validate_choice=False)
    id = IntegerField(_l("对象编号"), [Optional()], invalid_value_message=_NUMBER)  # type: ignore[call-arg]
    label = StringField(_l("对象名称"))
    office = SelectField(_l("单位"), validate_choice=False)
    since = DateField(_l("自"), [Optional()], invalid_value_message=_DAY)  # type: ignore[call-arg]
    until = DateField(_l("至"), [Optional()], invalid_value_message=_DAY)  # type: ignore[call-arg]

    def offer(self, offices: Iterable[Office], *, business: bool) -> None:
        self.verb.choices = [("", _("全部")), *((verb, _(label)) for verb, label in VERB_LABELS.items())]
        self.kind.choices = [("", _("全部")), *((kind, _(label)) for kind, label in SUBJECT_LABELS.items())]
        self.office.choices = {"": [("", _("全部"))], **by_kind(offices)}
        if not business:
            names = _("、").join(_(SUBJECT_LABELS[kind]) for kind in SUBJECT_LABELS if kind in ADMINISTRATIVE)
            self.label.description = _("只在%(kinds)s中查找。", kinds=names)

    def validate_id(self, field: IntegerField) -> None:
        """No number that a database could not hold."""
        if not field.process_errors and not 0 < (field.data or 0) < 2**31:
            raise ValidationError(_NUMBER)

    def wanted(self) -> TrailQuery:
        """What may be asked of the query; a part that could not be read restricts nothing and is shown as wrong."""
        self.validate()
        return TrailQuery(
            actor=typed(self.actor),
            verb=typed(self.verb),
            subject_kind=typed(self.kind),
            subject_id=None if self.id.errors else self.id.data,
            label=typed(self.label),
            office=typed(self.office),
            since=None if self.since.errors else self.since.data,
            until=None if self.until.errors else self.until.data,
        )


class Verification(FlaskForm):  # type: ignore[misc]
    anchor = StringField(
        _l("库外抄存的链尾"),
        [Optional(), Regexp(ANCHOR, message=_l("应为“序号:摘要”，摘要是 64 位十六进制数。"))],
        description=_l("可不填。填上次核验时抄下的“序号:摘要”，还能查出末尾被截去的情况。"),
    )

    def value(self) -> tuple[int, str] | None:
        if not self.anchor.data:
            return None
        seq, _colon, digest = self.anchor.data.strip().lower().partition(":")
        return int(seq), digest
