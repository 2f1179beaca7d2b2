"""Forms of the queue of suspected pairs: what to look for, a verdict, one verdict for many, other thresholds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from registry.base import errors
from registry.base.vocabulary import BAND_LABELS, PAIRING_STATE_LABELS, RULING_LABELS, Ruling
from registry.duplicates.queries.pairs import CONTRARY, Sought
from registry.site.forms.choices import typed
from registry.site.forms.worded import Worded

LONGEST_QUERY = 100
_RULINGS = [ruling.value for ruling in Ruling]
_REASON = Length(max=Worded.longest, message=_l("请控制在 %(max)d 个字以内。"))
_TICKED = re.compile(r"([1-9]\d{0,8}):(\d{1,4})")


class QueueQuery(Form):
    q = StringField(_l("企业"))
    band = SelectField(_l("系统判断"), validate_choice=False)
    county = SelectField(_l("县区"), validate_choice=False)
    state = SelectField(_l("状态"), validate_choice=False)

    def offer(self, counties: Iterable[tuple[str, str]]) -> None:
        self.band.choices = [("", _("全部")), *((band, _(label)) for band, label in BAND_LABELS.items())]
        self.county.choices = [("", _("全部")), *counties]
        states = ((state, _(label)) for state, label in PAIRING_STATE_LABELS.items())
        self.state.choices = [("", _("待判定")), *states, (CONTRARY, _("判定与系统现在的判断相反"))]

    def sought(self, *, blind: bool = False) -> Sought:
        """A word that is no state or band restricts nothing; blind, the band is not asked about either."""
        state, band = typed(self.state), typed(self.band)
        return Sought(
            state if state in PAIRING_STATE_LABELS or (state == CONTRARY and not blind) else "waiting",
            band if band in BAND_LABELS and not blind else "",
            typed(self.county)[:12],
            typed(self.q)[:LONGEST_QUERY],
        )


class Judging(Worded):
    """`rounds`: how many verdicts were on the page; `blind`: whether it hid the engine's opinion."""

    rounds = HiddenField(default="0")
    blind = HiddenField(default="")
    ruling = StringField(_l("判定"), [AnyOf(_RULINGS, message=_l(errors.RULING_NEEDED))])
    reason = TextAreaField(_l("理由"), [_REASON], render_kw={"rows": 1})

    def seen_rounds(self) -> int:
        text = self.rounds.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


class Together(Worded):
    """`pair`: the ticked ones as "id:rounds" (several of one name); `confirmed` after the preview."""

    source = HiddenField(default="bulk")
    confirmed = HiddenField(default="")
    ruling = RadioField(
        _l("判定"),
        [InputRequired(_l(errors.RULING_NEEDED))],
        choices=[SelectChoice(ruling, _l(label)) for ruling, label in RULING_LABELS.items()],
    )
    reason = TextAreaField(
        _l("理由"),
        [InputRequired(_l(errors.BULK_REASON)), _REASON],
        description=_l("记入每一对的判定和操作留痕。"),
        render_kw={"rows": 2, "required": True},
    )


def ticked(texts: Iterable[str]) -> dict[int, int]:
    """Pairing id -> how many verdicts the page showed; what is no such text is passed over."""
    found = (_TICKED.fullmatch(text) for text in texts)
    return {int(one[1]): int(one[2]) for one in found if one}


class Thresholds(Form):
    """Scores from 0 to 100."""

    same = DecimalField(_l("“很可能”自"), [Optional(), NumberRange(0, 100)], places=1)
    review = DecimalField(_l("“疑似”自"), [Optional(), NumberRange(0, 100)], places=1)

    def given(self) -> tuple[Decimal, Decimal] | None:
        """Both, in order; None where they are not given or not sound."""
        if not self.validate() or self.same.data is None or self.review.data is None:
            return None
        if self.same.data < self.review.data:
            self.same.errors = [_(errors.THRESHOLD_ORDER)]
            return None
        return self.same.data, self.review.data
