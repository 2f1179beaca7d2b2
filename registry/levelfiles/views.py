"""The rows of a file of an upper level as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.levelfiles import texts
from registry.levelfiles.services.judging import JudgedAnswer, LevelOutcome
from registry.site import reading
from registry.site.locale import sentence

OUTCOME_TONES = {
    LevelOutcome.PASSED: "ok",
    LevelOutcome.RETURNED: "warn",
    LevelOutcome.SAME: "plain",
    LevelOutcome.REFUSED: "bad",
}


@dataclass(frozen=True)
class LevelLine:
    """A row: what it would record, what was taken from the form, what is said of it and where."""

    judged: JudgedAnswer
    label: str
    tone: str
    assumed: list[str]
    said: list[tuple[str, str, str]]


def lines(judged: Sequence[JudgedAnswer]) -> list[LevelLine]:
    return [
        LevelLine(
            one, str(_(texts.OUTCOME_LABELS[one.outcome])), OUTCOME_TONES[one.outcome],
            [sentence(RegistryError(each.template, **dict(each.values))) for each in one.assumed],
            reading.findings(one.row.place, one.findings),
        )
        for one in judged
    ]  # fmt: skip


def faults_of(one: JudgedAnswer) -> list[str]:
    """What is wrong with a row that is not taken, each with its cell."""
    said = reading.findings(one.row.place, one.findings)
    return [str(_("%(cell)s：%(text)s", cell=cell, text=text)) for cell, text, _tone in said]
