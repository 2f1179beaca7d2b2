"""Forms by which a bureau decides a case: admit, send back with the very cells, reject."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from registry.base import errors
from registry.base.extensions import clock
from registry.base.firm_fields import DOCUMENTS, FIELDS
from registry.firms.views import values
from registry.reference.queries import reference
from registry.site.forms.worded import Worded

# What a bureau may ask to be mended: the fields of the form, the figure of this year, and the papers.
RETURNABLE = (
    *(
        field
        for field in FIELDS
        if field in values.SUBMITTED and field not in ("no_code_reason", "deemed_approval", "watch_reason", "issue")
    ),
    "revenue_to_date",
    "revenue_last_year",
    DOCUMENTS,
)
_LIMIT = Length(max=1000, message=_l("请控制在 %(max)d 个字以内。"))


class _Opinion(Worded):
    longest = 1000


class Admission(_Opinion):
    """That the industry fits is said by the button that admits, which names it."""

    industry_checked = BooleanField(_l("已核对行业代码与主营业务相符"))
    opinion = TextAreaField(_l("审核意见"), [_LIMIT], render_kw={"rows": 2})


class _Reasoned(_Opinion):
    reason_code = SelectField(
        _l("原因"), [InputRequired(_l("请选择原因。"))], validate_choice=False, render_kw={"required": True}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = reference.return_reasons(clock.today()).values()
        self.reason_code.choices = [("", ""), *((row.code, f"{row.code} {row.reason}") for row in reasons)]

    def validate_reason_code(self, field: Any) -> None:
        if field.data not in reference.return_reasons(clock.today()):
            raise ValidationError(_(errors.REASON_CODE_NEEDED))


class Rejection(_Reasoned):
    opinion = TextAreaField(
        _l("不予通过的理由"),
        [InputRequired(_l(errors.OPINION_NEEDED)), _LIMIT],
        render_kw={"rows": 2, "required": True},
    )


class SendingBack(_Reasoned):
    """A box and a note for each cell; a note alone ticks its box."""

    note = TextAreaField(_l("退回意见"), [_LIMIT], render_kw={"rows": 2})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in RETURNABLE:
            self[f"cell_{key}"].label.text = values.label(key)
            self[f"note_{key}"].label.text = _("%(label)s：怎样补正", label=values.label(key))

    def pairs(self) -> list[tuple[str, Any, Any]]:
        """(key, box, note) of every cell, in the order of the form."""
        return [(key, self[f"cell_{key}"], self[f"note_{key}"]) for key in RETURNABLE]

    def of(self, key: str) -> tuple[Any, Any]:
        """(box, note) of one cell; (None, None) of what nobody can send back."""
        return (self[f"cell_{key}"], self[f"note_{key}"]) if key in RETURNABLE else (None, None)

    def marked(self) -> frozenset[str]:
        """The cells that are ticked or remarked, whatever is wrong with them."""
        return frozenset(self.cells())

    def cells(self) -> dict[str, str]:
        """The cells to mend with what is wrong with each."""
        return {
            key: (note.data or "").strip() for key, box, note in self.pairs() if box.data or (note.data or "").strip()
        }

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        chosen = self.cells()
        if not chosen:
            self.form_errors.append(_(errors.CELLS_NEEDED))
        for key, box, note in self.pairs():
            box.data = key in chosen  # a remark alone ticks its box, and stays in sight
            if key in chosen and not chosen[key]:
                note.errors = [*note.errors, _(errors.CELL_NOTE_NEEDED)]
        return sound and not self.errors


for _key in RETURNABLE:
    setattr(SendingBack, f"cell_{_key}", BooleanField())
    setattr(SendingBack, f"note_{_key}", StringField(validators=[Length(max=500)]))
