"""What the directory holds of the firms that a chunk of rows may mean: a few statements a chunk, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import selectinload

from registry.base.credit_code import organisation_code
from registry.base.extensions import db
from registry.base.firm_fields import FOLLOWERS
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind, Stage
from registry.documents.models import Document
from registry.duplicates.queries import duplicates
from registry.figures.models import Figure
from registry.figures.rules.proof import counting
from registry.firms.models.firms import Firm, FormerName
from registry.firms.queries.firms import survivor
from registry.imports.services.rows import Reading
from registry.pathway.queries import facts
from registry.proposals.models import Proposal, ReturnedCell

_NEAREST = 5
_THRIFT = 4
"""A file may have a hundred thousand rows without a code: less is looked at for each than for one that is typed."""


class FigureKey(NamedTuple):
    """Which figure of a firm."""

    firm_id: int
    kind: str
    period: Period


class Stored:
    """Firms by the codes and names of `readings`, with the figures and returned cells of those that share a code."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        rows = [reading for reading in readings if not reading.faults]
        codes = {row.credit_code for row in rows if row.credit_code}
        self.by_code = {firm.credit_code: survivor(firm) for firm in _firms(Firm.credit_code.in_(codes), codes)}
        self.figures = current_figures([firm.id for firm in self.by_code.values()])
        self.last_words = last_words([firm.id for firm in self.by_code.values()])
        self.of_firm = figures_by_firm(self.figures)
        self.returned = _returned(self.by_code.values())
        fresh = [row for row in rows if row.credit_code not in self.by_code]
        self.by_organisation = self._by_organisation(fresh)
        self.by_key = self._by_key(fresh)
        self.near = _near([row for row in fresh if not row.credit_code])

    def alike(self, reading: Reading) -> list[Firm]:
        """Firms one of whose names has the name key or the parts key of the row, by id.

        A merged entry is not among them: the firm it became bears its names.
        """
        found = {firm.id: firm for key in _keys(reading) for firm in self.by_key.get(key, ())}
        return [found[number] for number in sorted(found) if found[number].merged_into_id is None]

    def also(self, ids: Iterable[int]) -> dict[int, Firm]:
        """Firms by number, merged ones aside; from now on their figures and returned cells are known too."""
        wanted = list(ids)
        firms = {firm.id: firm for firm in _firms(Firm.id.in_(wanted), wanted) if firm.merged_into_id is None}
        self.figures |= current_figures(firms)
        self.last_words |= last_words(firms)
        self.of_firm |= figures_by_firm(self.figures)
        self.returned |= _returned(firms.values())
        return firms

    def _by_organisation(self, rows: list[Reading]) -> dict[str, Firm]:
        wanted = {organisation_code(row.credit_code) for row in rows if row.credit_code}
        found = _firms(Firm.organisation_code.in_(wanted), wanted)
        return {firm.organisation_code or "": survivor(firm) for firm in found}

    def _by_key(self, rows: list[Reading]) -> Mapping[str, list[Firm]]:
        wanted = {key for row in rows for key in _keys(row)}
        names = {key[2:] for key in wanted if key.startswith("n:")}
        return by_keys(names, {key[2:] for key in wanted if key.startswith("p:")}) if wanted else {}


def _near(rows: list[Reading]) -> Mapping[int, list[Firm]]:
    """Number of a row -> firms whose names are near to its own; of rows without a code, whom only a name can tell."""
    ids = {row.number: duplicates.near(row.name, keep=_NEAREST, thrift=_THRIFT) for row in rows}
    wanted = set().union(*ids.values())
    firms = {firm.id: firm for firm in _firms(Firm.id.in_(wanted), wanted) if firm.merged_into_id is None}
    return {number: [firms[one] for one in sorted(of) if one in firms] for number, of in ids.items()}


def by_keys(names: Set[str], parts: Set[str], *conditions: ColumnElement[bool]) -> Mapping[str, list[Firm]]:
    """Firms one of whose names has one of these keys: `n:` and the name key, or `p:` and the parts key, -> firms.

    Asked for by equality with the values, never by joining: the staged rows are too fresh for a planner to know them.
    """
    ids = {
        *db.session.scalars(_ids(Firm.name_key.in_(names), *conditions)),
        *db.session.scalars(_ids(Firm.parts_key.in_(parts), *conditions)),
        *db.session.scalars(select(FormerName.firm_id).where(FormerName.name_key.in_(names))),
        *db.session.scalars(select(FormerName.firm_id).where(FormerName.parts_key.in_(parts))),
    }
    found: defaultdict[str, list[Firm]] = defaultdict(list)
    for firm in _firms(and_(Firm.id.in_(ids), *conditions), ids):
        names_of = [(firm.name_key, firm.parts_key), *((f.name_key, f.parts_key) for f in firm.former_names)]
        for name_key, parts_key in names_of:
            found[f"n:{name_key}"].append(firm)
            found[f"p:{parts_key}"].append(firm)
    return found


def _keys(reading: Reading) -> list[str]:
    """An empty key is never asked for: names without it have nothing in common."""
    of_name = reading.keys
    return [f"{kind}:{key}" for kind, key in (("n", of_name.name_key), ("p", of_name.parts_key)) if key]


def _ids(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(Firm.id).where(*conditions, Firm.voided_at.is_(None))


def _firms(condition: ColumnElement[bool], wanted: Iterable[Any]) -> list[Firm]:
    if not wanted:
        return []
    rows = select(Firm).where(condition, Firm.voided_at.is_(None)).options(selectinload(Firm.former_names))
    return list(db.session.scalars(rows.order_by(Firm.id)).unique())


def current_figures(firm_ids: Iterable[int]) -> dict[FigureKey, Figure]:
    """The figures of these firms that count: of each kind and period the highest proven revision, else the highest."""
    ids = list(firm_ids)
    if not ids:
        return {}
    papers, lines = papers_by_firm(ids), standing_figures(ids)
    counted = (one.line for firm_id, of in lines.items() for one in counting(of, papers.get(firm_id, ())))
    return {FigureKey(f.firm_id, f.kind, Period(f.year, f.month)): f for f in counted}


def last_words(firm_ids: Iterable[int]) -> dict[FigureKey, Figure]:
    """The highest revision of each kind and period, whether it counts or stands unproven beside another."""
    lines = (figure for of in standing_figures(firm_ids).values() for figure in of)
    return {FigureKey(f.firm_id, f.kind, Period(f.year, f.month)): f for f in lines}


def standing_figures(firm_ids: Iterable[int]) -> dict[int, list[Figure]]:
    """Every revision of these firms that is not voided, the earliest first."""
    found: defaultdict[int, list[Figure]] = defaultdict(list)
    rows = select(Figure).where(Figure.firm_id.in_(list(firm_ids)), Figure.voided_at.is_(None))
    for figure in db.session.scalars(rows.order_by(Figure.revision, Figure.id)).unique():
        found[figure.firm_id].append(figure)
    return found


def figures_by_firm(figures: Mapping[FigureKey, Figure]) -> dict[int, list[Figure]]:
    found: defaultdict[int, list[Figure]] = defaultdict(list)
    for key, figure in figures.items():
        found[key.firm_id].append(figure)
    return found


def papers_by_firm(firm_ids: Iterable[int]) -> dict[int, list[Document]]:
    """The documents of these firms that were not voided."""
    found: defaultdict[int, list[Document]] = defaultdict(list)
    rows = select(Document).where(Document.firm_id.in_(list(firm_ids)), Document.voided_at.is_(None))
    for document in db.session.scalars(rows.order_by(Document.id)).unique():
        found[document.firm_id].append(document)
    return found


def annual(figures: Mapping[FigureKey, Figure], firm_id: int, year: int) -> Figure | None:
    """The figure of a full year, else the one cumulative to its December."""
    for month in (0, 12):
        figure = figures.get(FigureKey(firm_id, FigureKind.REVENUE, Period(year, month)))
        if figure is not None:
            return figure
    return None


def _returned(firms: Iterable[Firm]) -> dict[int, set[str]]:
    """Firm -> the fields open in its returned case: what its reviewer sent back in the present round, what submitting
    requires and is still empty, and what is said with these.
    """
    back = {firm.id: firm for firm in firms if firm.stage == Stage.RETURNED}
    if not back:
        return {}
    found = {number: set(facts.blank(firm)) for number, firm in back.items()}
    rows = (
        select(Proposal.firm_id, ReturnedCell.field)
        .join(ReturnedCell, (ReturnedCell.proposal_id == Proposal.id) & (ReturnedCell.round == Proposal.rounds))
        .where(Proposal.firm_id.in_(back), Proposal.outcome.is_(None))
    )
    for firm_id, name in db.session.execute(rows):
        found[firm_id].add(name)
    return {
        number: fields | {one for name in fields for one in FOLLOWERS.get(name, ())} for number, fields in found.items()
    }
