"""The query of qualifications, the form of a certificate, reasons, and a workbook of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, Form, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from registry.base.characters import clean
from registry.base.errors import RegistryError
from registry.documents.models import Document
from registry.qualifications import texts
from registry.qualifications.models import QualificationPaper
from registry.qualifications.queries.kinds import kinds
from registry.qualifications.queries.qualifications import QualificationQuery
from registry.qualifications.rules.items import ScopeItem, items_text, read_items
from registry.qualifications.services.recording import CertificateFacts, DoubtsUnanswered
from registry.reference.queries import reference
from registry.site.forms.worded import TOO_LONG, Worded, reason_field
from registry.site.locale import sentence

_LONG = 2_000
_LINES = 200_000
_TEXT_LIMIT = 100


class QualificationFilter(Form):
    q = StringField(_l("持证单位、编号、机关或范围"))
    kind = SelectField(_l("种类"), validate_choice=False)
    state = SelectField(_l("状态"), validate_choice=False)
    division = SelectField(_l("县区"), validate_choice=False)

    def __init__(self, arguments: Any, *, states: Iterable[tuple[str, str]]) -> None:
        super().__init__(arguments)
        self.kind.choices = [("", _("全部")), *((code, kind.name) for code, kind in kinds().items())]
        self.state.choices = [("", _("现行的")), *states]
        places = ((row.code, row.short_name) for row in reference.counties_and_zones())
        self.division.choices = [("", _("全部")), *places]

    @property
    def selects(self) -> tuple[SelectField, ...]:
        return (self.kind, self.state, self.division)

    def wanted(self) -> QualificationQuery:
        """What may be asked; a part that is not offered or cannot be read restricts nothing and is shown as wrong."""
        try:
            text = clean(self.q.data or "", _TEXT_LIMIT).text
        except RegistryError as error:
            self.q.errors, text = [sentence(error)], ""
        kind, state, division = (self._read(item) for item in self.selects)
        return QualificationQuery(text, kind, state, division)

    def _read(self, item: SelectField) -> str:
        value = item.data or ""
        choices: Any = item.choices or []
        if value in dict(choices):
            return str(value)
        item.errors = [_("没有这个选项，请重新选择。")]
        return ""

    def words(self) -> list[str]:
        """The query in words, one a part."""
        wanted = self.wanted()
        parts = [(self.q, wanted.text), (self.kind, wanted.kind), (self.state, wanted.state)]
        parts.append((self.division, wanted.division))
        return [
            str(_("%(label)s：%(value)s", label=str(item.label.text), value=_chosen(item) or value))
            for item, value in parts
            if value
        ]


def _chosen(item: Any) -> str:
    choices: Any = item.choices if isinstance(item, SelectField) else []
    return str(dict(choices or []).get(item.data, ""))


class CertificateForm(Worded):
    """A certificate as it lies before somebody; `facts` after it was found sound."""

    longest = _LONG

    kind = SelectField(_l("资质种类"), [DataRequired(_l("请选择资质种类。"))])
    number = StringField(_l("证书编号"), [InputRequired(_l("请填写证书编号。"))], description=_l("照抄证书。"))
    issuer = StringField(
        _l("发证机关"), [InputRequired(_l("请填写发证机关。")), Length(max=120, message=TOO_LONG)],
        description=_l("照抄证书上的全称。"),
    )  # fmt: skip
    valid_from = DateField(_l("有效期自"), [InputRequired(_l("请填写有效期起始日期。"))])
    valid_to = DateField(_l("有效期至"), [Optional()])
    unlimited = BooleanField(_l("长期有效"), description=_l("证书没有截止日期的才选。"))
    scope = TextAreaField(_l("范围"), [Length(max=_LONG, message=TOO_LONG)], render_kw={"rows": 3})
    items = TextAreaField(
        _l("检测项目"), description=_l("只填检测机构的，每行一项：对象 | 参数 | 标准；可以从表格中整块粘贴。"),
        render_kw={"rows": 8},
    )  # fmt: skip
    document = SelectField(_l("证书材料"), validate_choice=False, description=_l("从已上传的材料中选。"))
    file = FileField(_l("上传证书"), description=_l("PDF、PNG、JPG 或 XLSX，不超过 20 MB；留作资质证书材料。"))
    doubt_reason = reason_field(
        _l("存疑说明"), _l("编号或期限与同类证书不同时才填：写明依据，例如“已核对证书原件”。"), required=False
    )

    def __init__(
        self, *args: Any, papers: Iterable[Document | QualificationPaper], uploads: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", ""), *((code, kind.name) for code, kind in kinds().items())]
        self.papers = {str(paper.id): paper for paper in papers}
        named = (
            (number, f"{getattr(paper, 'material', '')} {paper.filename}".strip())
            for number, paper in self.papers.items()
        )
        self.document.choices = [("", _("暂无")), *named]
        if not uploads:
            del self.file

    def _clean(self, key: str, item: StringField) -> None:
        if key != "items":
            super()._clean(key, item)
            return
        try:
            text = "\n".join(line.replace("\t", " | ") for line in (item.data or "").splitlines())
            item.data = clean(text, _LINES, lines=True).text
        except RegistryError as error:
            self.say(key, sentence(error))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        self.lines: tuple[ScopeItem, ...] = ()
        if self.valid_to.data is None and not self.unlimited.data and not self.valid_to.errors:
            self.say("valid_to", _(texts.TO_NEEDED))
        if self.valid_to.data is not None and self.unlimited.data:
            self.say("valid_to", _(texts.BOTH_TERMS))
        if (self.document.data or "") and self.document.data not in self.papers:
            self.say("document", _(texts.NOT_THIS_PAPER))
        if self.upload is not None and self.document.data:
            self.say("document", _(texts.TWO_PAPERS))
        try:
            self.lines = read_items(self.items.data or "")
        except RegistryError as error:
            self.refuse(error)
        return sound and not self.errors

    @property
    def upload(self) -> Any:
        """The file that was sent, if one was."""
        sent = self.file.data if "file" in self else None
        return sent if sent and sent.filename else None

    @property
    def paper(self) -> Document | QualificationPaper | None:
        return self.papers.get(self.document.data or "")

    @property
    def facts(self) -> CertificateFacts:
        """Only after `validate`."""
        start: date = self.valid_from.data or date.min
        return CertificateFacts(
            self.kind.data or "", self.number.data or "", self.issuer.data or "", start, self.valid_to.data,
            self.scope.data or "", self.lines,
        )  # fmt: skip

    def refuse(self, error: RegistryError) -> None:
        """Of doubts every one is said, at the field that answers them."""
        super().refuse(error)
        if isinstance(error, DoubtsUnanswered):
            for one in error.points:
                self.say("doubt_reason", sentence(RegistryError(one.template, **one.values)))


class CorrectionForm(CertificateForm):
    reason = reason_field(_l("更正理由"), _l("例如：录入时抄错编号。"))


def filled(facts: CertificateFacts, document_id: int | None) -> dict[str, Any]:
    """The form's first values for a certificate that is on record."""
    return {
        "kind": facts.kind,
        "number": facts.number,
        "issuer": facts.issuer,
        "valid_from": facts.valid_from,
        "valid_to": facts.valid_to,
        "unlimited": facts.valid_to is None,
        "scope": facts.scope,
        "items": items_text(facts.items),
        "document": str(document_id or ""),
    }


class VoidForm(Worded):
    reason = reason_field(_l("作废理由"), _l("例如：登记到了另一家名下。"))


class ItemQuery(Form):
    q = StringField(_l("对象、参数或标准"))
