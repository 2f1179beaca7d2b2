"""Forms of one paper of a filing: what the office holds, what statistics asks for or does not need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from registry.base.labels import N_
from registry.base.periods import Period
from registry.documents.models import Document
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.rules import chain
from registry.site.forms.worded import Worded, reason_field

HELD, LACKING = "held", "missing"
SEEN, UNSEEN = "seen", "unseen"
_SEAL = "seal_"
_SEALS = ((SEEN, N_("%(paper)s 已见印章")), (UNSEEN, N_("%(paper)s 没有或不符")))
_STATES = ((HELD, N_("已有，见下列文件")), (LACKING, N_("没有，或现有的不能用")))
_DECISIONS = (("waived", N_("免报")), ("requested", N_("要求补报")))


class PaperForm(Worded):
    material = HiddenField()
    month = HiddenField()


class RecordPaper(PaperForm):
    state = RadioField(_l("情况"), [InputRequired(_l("请选择情况。"))])
    document = SelectField(
        _l("已上传的文件"), description=_l("同期已上传的不必再要；没有的，在下面上传。"), validate_choice=False
    )
    file = FileField(_l("上传新文件"), description=_l("PDF、PNG、JPG 或 XLSX，不超过 20 MB。"))
    remark = TextAreaField(
        _l("说明"), [Optional(), Length(max=500, message=_l("请控制在 %(max)d 个字以内。"))], render_kw={"rows": 2}
    )

    def __init__(self, *args: Any, documents: list[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = [(value, _(label)) for value, label in _STATES]
        self.document.choices = [("", ""), *((str(one.id), _named(one)) for one in documents)]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.state.data == HELD and not self.document.data and not self.file.data:
            self.say("document", _(chain.PAPER_DOCUMENT))
        return sound and not self.errors


class CheckSeals(Worded):
    """For each paper at hand whether its seal was seen; `form_of` gives it the fields."""

    month = HiddenField()

    def answers(self) -> Iterator[tuple[str, str, str, str]]:
        """Code of the paper, id of the document that was looked at, the answer ("" is none yet), the remark."""
        for key, field in self._fields.items():
            if key.startswith(_SEAL):
                code = key.removeprefix(_SEAL)
                yield code, self[f"document_{code}"].data, field.data or "", self[f"remark_{code}"].data or ""

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        answers = list(self.answers())
        for code, _document, answer, remark in answers:
            if answer == UNSEEN and not remark:
                self.say(f"remark_{code}", _(chain.PAPER_REMARK))
        if not any(answer for _code, _document, answer, _remark in answers):
            self.say("", _("请至少核对一份。"))
        return sound and not self.errors


def sent_answers(sent: Mapping[str, str]) -> set[str]:
    """The papers that somebody answered for, whether the page still asks for them or not."""
    return {key.removeprefix(_SEAL) for key, value in sent.items() if key.startswith(_SEAL) and value}


def seals_form(entries: Iterable[ChecklistRow], month: Period) -> CheckSeals:
    fields: dict[str, Any] = {}
    for entry in entries:
        code, document = entry.row.code, entry.document
        fields[f"{_SEAL}{code}"] = RadioField(
            _(entry.row.name),
            [Optional()],
            choices=[SelectChoice(value, _(label, paper=code)) for value, label in _SEALS],
        )
        fields[f"remark_{code}"] = StringField(_l("缺什么"), [Optional(), Length(max=500)])
        fields[f"document_{code}"] = HiddenField(default=str(document.id) if document else "")
    form: CheckSeals = type("CheckTheseSeals", (CheckSeals,), fields)(month=month.label)
    return form


class DecidePaper(PaperForm):
    decision = RadioField(_l("决定"), [DataRequired(_l("请选择。"))])
    reason = reason_field(_l("理由"), _l("例如：五证合一已核实身份，营业执照复印件免报。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = [(value, _(label)) for value, label in _DECISIONS]


def _named(document: Document) -> str:
    period = f"{Period(document.year, document.month or 0).label} · " if document.year else ""
    return f"{period}{document.filename}"
