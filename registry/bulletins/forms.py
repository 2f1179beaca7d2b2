"""Forms of bulletins: a paragraph, sending out, an office's word, the second person's, the day of issue, the wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, DecimalField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from registry.bulletins.rules.wording import Level
from registry.bulletins.texts import LEVEL_LABELS
from registry.rulesets.forms.rulesets import Versioned
from registry.site.forms.worded import TOO_LONG, Worded, reason_field

_CELLS = ("level", "each", "when", "text")
_A_ROW = 26
"""Characters in a row of the box."""
BLANKS = 3
"""Empty lines under a wording, for new ones."""


class EditParagraph(Versioned):
    text = TextAreaField(
        _l("内容"),
        [Length(max=2000, message=TOO_LONG)],
        description=_l(
            "花括号里是取自冻结数据的数：{数|出处}。可以改文字、挪位置，数和出处请照原样保留；另写的数会标为“手工填写”。"
        ),
        render_kw={"rows": 8},
    )


class AddParagraph(EditParagraph):
    level = SelectField(_l("层级"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = [(str(level), _(LEVEL_LABELS[level])) for level in (Level.BODY, Level.FIRST, Level.SECOND)]


class SendOut(Versioned):
    long_reason = reason_field(
        _l("超长说明"), _l("全文超过规定字数时必填，例如：涉及两个方案的目标，须一并通报。"), required=False
    )


class SayConfirmed(Worded):
    """One person's word: the button says which."""

    seen = HiddenField()
    refused = reason_field(
        _l("哪个数不对、应以什么为准"), _l("只在有异议时填写；冻结后的更正计入以后季度。"), required=False
    )


class Approve(Versioned):
    without = reason_field(
        _l("不等未确认单位的理由"), _l("各单位都已确认时不必填；填写的理由会印在通报末尾。"), required=False
    )


class Issue(Versioned):
    day = DateField(
        _l("印发日期"), [Optional()], invalid_value_message=_l("请填写日期，如 2021-10-29。"),  # type: ignore[call-arg]
        description=_l("印在落款下面。印发后内容不能再改，需要更正的另发更正通知。"),
    )  # fmt: skip


class GiveReason(Worded):
    reason = reason_field(_l("理由"), required=False)


class EditWording(Versioned):
    """`lines`: what was typed, line after line; those without text are left out."""

    reason = reason_field(_l("修改理由"), required=False)
    count = 0

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        found = list(choices)
        for number in range(self.count):
            self[f"level_{number}"].choices = [(level, _(label)) for level, label in LEVEL_LABELS.items()]
            self[f"each_{number}"].choices = [("", _("一次")), *found]

    @property
    def lines(self) -> list[dict[str, str]]:
        """In the order of the numbers before them; those without text are left out."""
        found = []
        for number in range(self.count):
            row = {name: " ".join((self[f"{name}_{number}"].data or "").split()) for name in _CELLS}
            if row["text"]:
                found.append((self[f"order_{number}"].data or Decimal(number + 1), number, row))
        return [row for _order, _number, row in sorted(found, key=lambda one: one[:2])]


def wording_form(lines: list[Mapping[str, str]], count: int | None = None) -> EditWording:
    """A form with the lines, and some empty ones below; `count` as many as were sent."""
    count = len(lines) + BLANKS if count is None else count
    fields: dict[str, Any] = {"count": count}
    for number in range(count):
        text = lines[number]["text"] if number < len(lines) else ""
        fields[f"order_{number}"] = DecimalField(  # type: ignore[call-overload]  # the stubs are older
            _l("行"), [Optional()], places=None, default=Decimal(number + 1), invalid_value_message=_l("请填写数字。")
        )
        fields[f"level_{number}"] = SelectField(_l("层级"), default="body")
        fields[f"each_{number}"] = SelectField(_l("逐项"))
        fields[f"when_{number}"] = StringField(_l("条件"), [Length(max=40, message=TOO_LONG)])
        fields[f"text_{number}"] = TextAreaField(
            _l("文字"), [Length(max=1000, message=TOO_LONG)], render_kw={"rows": max(2, -(-len(text) // _A_ROW))}
        )
    data = {
        f"{name}_{number}": value for number, line in enumerate(lines) for name, value in line.items() if name in _CELLS
    }
    form: EditWording = type("WordingLines", (EditWording,), fields)(data=data)
    return form
