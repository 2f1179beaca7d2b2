"""The upload of papers in bulk, and what a person makes of each file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import Length, Optional

from registry.base.errors import DOCUMENT_MISSING, PeriodRefused
from registry.base.periods import Period
from registry.bundles import texts
from registry.bundles.queries import FileLine, called
from registry.bundles.services import Settled
from registry.site.forms.worded import Worded


class BringPapers(Worded):
    files = MultipleFileField(
        _l("文件或压缩包"),
        description=_l("一个 .zip，或同时选几个 PDF、PNG、JPG、XLSX 文件；一次不超过 32 MB、500 个文件。"),
        render_kw={"accept": ".zip,.pdf,.png,.jpg,.jpeg,.xlsx"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if not any(upload and upload.filename for upload in self.files.data or ()):
            self.say("files", _(DOCUMENT_MISSING))
        return sound and not self.errors


class GiveUp(Worded):
    """Nothing to fill in: it only asks."""


class SettleFiles(Worded):
    """Four fields for each file, named by its id; `settle_form` gives them."""

    file_ids: Sequence[int] = ()
    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version of the bundle that the page showed."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() else 0

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        self.periods: dict[int, Period | None] = {}
        for number in self.file_ids:
            text = (self[f"period_{number}"].data or "").strip()
            try:
                self.periods[number] = Period.parse(text) if text else None
            except PeriodRefused:
                self.say(f"period_{number}", _(texts.PERIOD_WRONG))
        return sound and not self.errors

    def answers(self) -> Iterator[tuple[int, Settled]]:
        """By the file's id; only after `validate`."""
        for number in self.file_ids:
            yield (
                number,
                Settled(
                    (self[f"firm_{number}"].data or "").strip(),
                    self[f"material_{number}"].data or "",
                    self.periods[number],
                    chosen=bool(self[f"chosen_{number}"].data),
                ),
            )


def settle_form(lines: Sequence[FileLine], materials: dict[str, str], *, version: int) -> SettleFiles:
    fields: dict[str, Any] = {}
    choices = [SelectChoice("", ""), *(SelectChoice(code, _(name)) for code, name in materials.items())]
    open_ = [line for line in lines if not line.file.refused and line.file.document_id is None and line.readable]
    for line in open_:
        number, row = line.file.id, line.file
        fields |= {
            f"chosen_{number}": BooleanField(_l("归档"), default=row.chosen),
            f"firm_{number}": StringField(_l("企业"), [Optional(), Length(max=100)], default=called(row.firm)),
            f"material_{number}": SelectField(_l("材料"), choices=choices, default=row.material or ""),
            f"period_{number}": StringField(
                _l("期别"), [Optional(), Length(max=20)], default=line.period.label if line.period else ""
            ),
        }
    form: SettleFiles = type("SettleTheseFiles", (SettleFiles,), fields)(version=str(version))
    form.file_ids = [line.file.id for line in open_]
    return form
