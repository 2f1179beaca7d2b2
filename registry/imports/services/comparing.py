"""A row against the stored firm of the same code: what differs, and whether this office may change it now."""

from __future__ import annotations

from typing import Any

from registry.base.periods import Period
from registry.base.permissions import FIGURES_OPENED_BY, Actor, can
from registry.base.vocabulary import STAGE_LABELS, Stage
from registry.firms.models.firms import Firm
from registry.imports.services.plain import plain
from registry.imports.services.rows import Reading, dated
from registry.imports.services.stored import FigureKey, Stored, annual
from registry.sheets import months

_ALONG = frozenset({"industry_year", "capital_currency", "credit_code"})
"""Fields that change with another one, or never."""


class Comparing:
    """For the rows of one file: the actor, the office it is imported for, and the statistical year of the file."""

    def __init__(self, actor: Actor, office_id: int, year: int) -> None:
        self._actor, self._office_id, self._year = actor, office_id, year

    def date(self, reading: Reading, firm: Firm | None) -> None:
        """Figures whose month the row leaves out are taken for the stored ones where they equal them."""
        if not reading.undated:
            return
        known = firm is not None and firm.standing_year == self._year and firm.to_month
        if known and firm and all(getattr(firm, key) == amount for key, amount in reading.undated.items()):
            reading.figures |= dated(reading.undated, Period(self._year, firm.to_month or 0))
            return
        reading.fault("month_missing", "to_month")

    def changes(
        self, reading: Reading, firm: Firm, stored: Stored, *, adopts_code: bool = False
    ) -> list[dict[str, Any]]:
        """The cells that differ, in the order of the file; a contact is a value like any other here.

        `adopts_code`: somebody says that the row is this firm, whose code was not on record.
        """
        code: list[dict[str, Any]] = []
        if adopts_code and reading.credit_code and firm.credit_code is None:
            code = [{"field": "credit_code", "before": None, "after": reading.credit_code}]
        rest = [*self._fields(reading, firm), *self._former(reading, firm), *self._figures(reading, firm, stored)]
        return [*code, *rest]

    def _fields(self, reading: Reading, firm: Firm) -> list[dict[str, Any]]:
        found = []
        merged = firm.credit_code != reading.credit_code  # a merged entry's: its name is a former one of the firm
        for key, value in reading.fields.items():
            if merged and key in ("name", "no_code_reason"):
                continue
            held = getattr(firm, key)
            same_currency = key != "capital" or firm.capital_currency == reading.fields["capital_currency"]
            if key not in _ALONG and (held != value or not same_currency):
                found.append({"field": key, "before": plain(held), "after": plain(value)})
        return found

    def _former(self, reading: Reading, firm: Firm) -> list[dict[str, Any]]:
        known = {firm.name, *(former.name for former in firm.former_names)}
        added = [name for name in dict.fromkeys(reading.former) if name not in known]
        if not added:
            return []
        held = [former.name for former in firm.former_names]
        return [{"field": "former_names", "before": held, "after": [*held, *added]}]

    def _figures(self, reading: Reading, firm: Firm, stored: Stored) -> list[dict[str, Any]]:
        found = []
        for key, given in reading.figures.items():
            held = stored.figures.get(FigureKey(firm.id, given.kind, given.period))
            if held is None and given.period.is_annual:
                held = annual(stored.figures, firm.id, given.period.year)
            said = stored.last_words.get(FigureKey(firm.id, given.kind, given.period))
            if held is None or given.amount not in (held.amount, said.amount if said else None):
                found.append(
                    {"field": key, "before": plain(held.amount) if held else None, "after": plain(given.amount)}
                )
        return found

    def is_foreign(self, firm: Firm) -> bool:
        """Another office's firm that this actor may not change either: it can be claimed."""
        return firm.office_id != self._office_id and not can(self._actor, "firm.edit", firm)

    def check_open(self, reading: Reading, firm: Firm, changes: list[dict[str, Any]], stored: Stored) -> None:
        """Add a fault for each changed cell that is not open to this office now."""
        mended = stored.returned.get(firm.id, set()) if firm.stage == Stage.RETURNED else None
        for change in changes:
            key = change["field"]
            is_figure = months.is_figure(key)
            if mended is not None and not (mended & FIGURES_OPENED_BY if is_figure else key in mended):
                reading.fault("not_returned", key)
            elif not can(self._actor, "figure.record" if is_figure else "firm.edit", firm):
                self._refuse(reading, firm, key, is_figure=is_figure)

    def _refuse(self, reading: Reading, firm: Firm, key: str, *, is_figure: bool) -> None:
        if is_figure and firm.office_id != self._office_id:
            reading.fault("figure_not_own", key, office=firm.office.short_name)
            return
        reading.fault("not_open", key, stage=STAGE_LABELS[firm.stage])
