"""A forecast in the reader's words: its basis, its interval, when the line is crossed, which window that makes."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from registry.base.vocabulary import DOOR_LABELS, Door, Stage, TaxpayerKind
from registry.filings.rules.intake import Window
from registry.forecasts import texts
from registry.forecasts.queries.forecasts import Outlook
from registry.forecasts.rules.forecast import Method, PathPoint, Reach
from registry.forecasts.texts import BASES, INTERVALS, METHOD_LABELS, REACHES
from registry.site.display import day_long, percent

# They have been through their window: no other one is told to them.
_FILED = frozenset({Stage.FILED, Stage.IN_CHAIN, Stage.ENROLLED})


@dataclass(frozen=True)
class ForecastText:
    """What a page says of an outlook; amounts are yuan, for the filters."""

    outlook: Outlook
    method: str
    basis: str
    interval: str
    weak: str
    crossing: str
    span: str
    fall: str

    @property
    def path(self) -> tuple[PathPoint, ...]:
        """The months to come; the month reached is a figure and stands with the figures."""
        return self.outlook.forecast.path[1:]

    @property
    def marks(self) -> list[tuple[int, str]]:
        """(statement month, name) of each window the firm may use this year."""
        return [(w.statement.month, window_name(w)) for w in self.outlook.windows if w.statement]

    @property
    def is_foretold(self) -> bool:
        return bool(self.path)


def told(outlook: Outlook) -> ForecastText:
    forecast = outlook.forecast
    return ForecastText(
        outlook,
        _(METHOD_LABELS[forecast.method]),
        _(BASES[forecast.method]) % texts.basis_values(forecast),
        _(INTERVALS[forecast.method]) if forecast.method in INTERVALS else "",
        _(texts.WEAK) if forecast.weak else "",
        _reach(outlook),
        _span(outlook),
        _fall(outlook),
    )


def window_name(window: Window | None) -> str:
    """年度第一批: the door, which for the annual ones says the batch too; else the batch as it was announced."""
    if window is None:
        return ""
    door = _(DOOR_LABELS[window.door])
    if window.door == Door.MONTHLY and window.batch:
        return f"{door} {window.batch}"
    return door if not window.batch or window.batch in door else window.batch


def _reach(outlook: Outlook) -> str:
    """预计10月达标：11月报表可赶上…; a firm that has crossed already is told which window is left."""
    if outlook.forecast.method is Method.NONE:
        return ""
    made, crossed = outlook.made, outlook.crossed
    month = {"month": crossed.likely if crossed else ""}
    when = _(texts.crossing_template(crossed)) % month if crossed and crossed.likely else ""
    closes = day_long(made.window.closes_on) if made.window else ""
    values = {
        **texts.reach_values(outlook.forecast, made),
        "crossing": when,
        "closes": closes,
        "batch": window_name(made.window),
    }
    if when and outlook.firm.stage in _FILED:
        return str(when)
    said = str(_(REACHES[made.reach]) % values)
    quarterly = made.reach is Reach.TOO_LATE and outlook.firm.taxpayer_kind == TaxpayerKind.SMALL_SCALE
    return str(_("；")).join((said, _(texts.QUARTERLY))) if quarterly else said


def _span(outlook: Outlook) -> str:
    crossed = outlook.crossed
    if crossed is None or crossed.happened or crossed.earliest is None or crossed.earliest == crossed.latest:
        return ""
    if crossed.latest is None:
        return str(_(texts.SPAN_OPEN) % {"earliest": crossed.earliest})
    return str(_(texts.SPAN) % {"earliest": crossed.earliest, "latest": crossed.latest})


def _fall(outlook: Outlook) -> str:
    """Why a firm in four-above is on the list before the December re-check."""
    forecast, said = outlook.forecast, []
    if outlook.line is not None and forecast.point is not None and forecast.point < outlook.line:
        sure = forecast.high is not None and forecast.high < outlook.line
        said.append(_("全年预计低于四上标准") if sure else _("全年可能低于四上标准"))
    if outlook.change is not None and outlook.change < 0:
        said.append(_("比上年同期下降 %(share)s", share=percent(-outlook.change)))
    return str(_("；")).join(said)
