"""Bundles of an office, and what each of their files would be filed as, with whatever is in the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from registry.base import credit_code, errors, independence
from registry.base.extensions import db
from registry.base.labels import N_
from registry.base.pending import Pending, Task, first_of
from registry.base.periods import Period
from registry.base.permissions import Actor, can
from registry.bundles import rules, texts
from registry.bundles.models import BundleFile, DocumentBundle
from registry.documents import rules as papers
from registry.documents.models import Document
from registry.figures.models import Figure
from registry.figures.queries import figures
from registry.figures.queries.figures import StatedFigure
from registry.figures.rules.proof import Counted
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.matching.normalise import fold, key_of
from registry.reference.queries import reference

Said = tuple[str, dict[str, Any]]


def visible_to(actor: Actor) -> Select[DocumentBundle]:
    """The newest first."""
    own = select(DocumentBundle).where(DocumentBundle.office_id == (actor.office_id or -1))
    return own.order_by(DocumentBundle.id.desc())


def one(actor: Actor, bundle_id: int) -> Select[DocumentBundle]:
    return visible_to(actor).where(DocumentBundle.id == bundle_id)


def files_of(bundle: DocumentBundle) -> list[BundleFile]:
    rows = select(BundleFile).where(BundleFile.bundle_id == bundle.id).order_by(BundleFile.number)
    return list(db.session.scalars(rows).unique())


class OfficeFirms:
    """The firms whose papers an actor may bring, found by code and by the names that stand in a text."""

    def __init__(self, actor: Actor) -> None:
        rows = db.session.scalars(firms.visible_to(actor).order_by(Firm.id)).unique()
        self.all = [firm for firm in rows if firm.merged_into_id is None and firm.office_id == actor.office_id]
        self.by_code = {firm.credit_code: firm for firm in self.all if firm.credit_code}
        self._keys = [(key, firm) for firm in self.all if (key := key_of(firm.name))]

    def find(self, text: str) -> Firm | None:
        """By what a person typed: the code, or the whole name where only one firm has it."""
        if firm := self.by_code.get(credit_code.normalise(text)):
            return firm
        wanted = key_of(text)
        named = [firm for key, firm in self._keys if wanted and key == wanted]
        return named[0] if len(named) == 1 else None

    def named_in(self, texts_: Iterable[str]) -> tuple[list[Firm], bool]:
        """The firms whose whole name stands in the first text that holds any, and whether it stands there by itself.

        A name within another's is not meant. With letters before it, or the words of a branch behind it, it may be part
        of the name of somebody else.
        """
        for text in texts_:
            words = [folded for part in _APART.split(text) if (folded := fold(part))]
            found = [(key, firm, word) for word in words for key, firm in self._keys if key in word]
            if found:
                meant = [
                    one for one in found if not any(one[0] != other and one[0] in other for other, _f, _w in found)
                ]
                alone = all(_stands_alone(key, word) for key, _firm, word in meant)
                return list(dict.fromkeys(firm for _key, firm, _word in meant)), alone
        return [], True


_APART = re.compile(r"[\s_,\uff0c\u3001+\-]+")


def _stands_alone(key: str, word: str) -> bool:
    before, _key, after = word.partition(key)
    glued = bool(before) and before[-1].isalpha() and not before[-1].isascii() and not texts.TIME_WORDS.search(before)
    return not glued and not texts.BRANCH.match(after)


@dataclass(frozen=True)
class FileLine:
    """A file of a bundle: `faults` keep it from being filed, `notices` are told; each a template and its values.

    `stated`: what is on record for the period it speaks of, the figure it would prove first.
    """

    file: BundleFile
    period: Period | None
    faults: tuple[Said, ...]
    notices: tuple[Said, ...] = ()
    stated: tuple[StatedFigure, ...] = ()
    readable: bool = True
    """Whether the reader may see the firm, which may have gone to another office since."""

    @property
    def is_ready(self) -> bool:
        return not self.faults


def lines_of(actor: Actor, bundle: DocumentBundle, *, on: date) -> list[FileLine]:
    """Every file of the bundle as it stands now; of a settled one what was filed."""
    rows = files_of(bundle)
    held = _Held(actor, rows, on)
    return [_line(row, rows[:place], held) for place, row in enumerate(rows)]


class _Held:
    """What is known of the firms of a bundle, each asked for once."""

    def __init__(self, actor: Actor, rows: Sequence[BundleFile], on: date) -> None:
        self.actor, self.on = actor, on
        self.documents = _known([row.firm_id for row in rows if row.firm_id])
        self._counted: dict[int, list[Counted[Figure]]] = {}

    def reads(self, firm: Firm | None) -> bool:
        return firm is None or can(self.actor, "firm.read", firm)

    def counted(self, firm: Firm) -> list[Counted[Figure]]:
        if firm.id not in self._counted:
            self._counted[firm.id] = figures.counted_figures(firm)
        return self._counted[firm.id]


def _known(firm_ids: Sequence[int]) -> dict[int, list[Document]]:
    held: dict[int, list[Document]] = {}
    statement = select(Document).where(Document.firm_id.in_(set(firm_ids)), Document.voided_at.is_(None))
    for document in db.session.scalars(statement.order_by(Document.id)):
        held.setdefault(document.firm_id, []).append(document)
    return held


def _line(row: BundleFile, before: Sequence[BundleFile], held: _Held) -> FileLine:
    period = Period(row.year, row.month or 0) if row.year else None
    if row.refused:
        return FileLine(row, period, (said(row.refused),))
    if not held.reads(row.firm):
        return FileLine(row, period, () if row.document_id else ((texts.FIRM_UNREAD, {}),), readable=False)
    if row.document_id is not None:
        return FileLine(row, period, (), (), _stated(row, period, held))
    faults = [*_of_firm(held.actor, row), *_of_paper(row, period, held.on)]
    notices: list[Said] = []
    if row.firm_id is not None and row.material:
        mine = papers.filed_as(row)
        same = [one for one in held.documents.get(row.firm_id, ()) if one.sha256 == row.sha256]
        faults += [*_clashes(row, mine, before), *_refused(row, mine, same)]
        if any(papers.filed_as(one)[:2] == mine[:2] for one in same):
            notices.append((texts.ALREADY_FILED, {}))
    return FileLine(row, period, tuple(faults), tuple(notices), _stated(row, period, held))


def _refused(row: BundleFile, mine: papers.FiledAs, same: Iterable[Document]) -> list[Said]:
    """What filing it would be refused for: a form of the direct-reporting system, bytes held as another paper."""
    if word := independence.refused_paper(row.filename, mine.material):
        return [(independence.REFUSED, {"word": word})]
    for other in same:
        theirs = papers.filed_as(other)
        if papers.clash(mine, theirs):
            period = Period(*theirs.period).label if theirs.period else ""
            return [(errors.DOCUMENT_TWICE, {"material": theirs.material, "period": period})]
    return []


def _of_firm(actor: Actor, row: BundleFile) -> list[Said]:
    if row.firm is None:
        return [said(row.firm_doubt or [texts.FIRM_UNREAD, {}])]
    return [] if can(actor, "document.add", row.firm) else [(texts.FIRM_CLOSED, {"name": row.firm.name})]


def _of_paper(row: BundleFile, period: Period | None, on: date) -> list[Said]:
    name = rules.read(row.place)
    if not row.material:
        several = {"found": ", ".join(name.materials)}
        return [(texts.MATERIAL_SEVERAL, several) if len(name.materials) > 1 else (texts.MATERIAL_UNREAD, {})]
    if period is None:
        if not reference.materials()[row.material].periodic:
            return []
        several = {"found": ", ".join(one.label for one in name.periods)}
        return [(texts.PERIOD_SEVERAL, several) if len(name.periods) > 1 else (texts.PERIOD_UNREAD, {})]
    return [(texts.PERIOD_LATER, {"period": period.label})] if period.end > on else []


def _clashes(row: BundleFile, mine: papers.FiledAs, before: Sequence[BundleFile]) -> list[Said]:
    """The same bytes twice in one bundle: two kinds or two periods of one firm, or simply once too often."""
    for other in before:
        if other.chosen and other.sha256 == row.sha256 and other.firm_id == row.firm_id and other.material:
            template = texts.TWICE_IN_BUNDLE if papers.clash(mine, papers.filed_as(other)) else texts.SAME_IN_BUNDLE
            return [(template, {"other": other.place})]
    return []


def _stated(row: BundleFile, period: Period | None, held: _Held) -> tuple[StatedFigure, ...]:
    """What is on record for the period, as if the paper were there already."""
    if row.firm is None or period is None or not row.material:
        return ()
    paper = row.document or Document(
        id=0, firm_id=row.firm_id, material=row.material, year=period.year, month=period.month
    )
    return tuple(figures.stated(held.counted(row.firm), paper))


def called(firm: Firm | None) -> str:
    """What a firm is typed by: its code, else its name."""
    return (firm.credit_code or firm.name) if firm else ""


def said(kept: Sequence[Any]) -> Said:
    return kept[0], kept[1]


# -- what waits -----------------------------------------------------------------------------------
def to_settle(actor: Actor) -> Select[DocumentBundle] | None:
    """Papers in bulk of the office that nobody has filed or given up yet: their files are kept until then."""
    if not can(actor, "bundle.bring"):
        return None
    found = visible_to(actor).where(DocumentBundle.outcome.is_(None)).order_by(None)
    return found.order_by(DocumentBundle.at, DocumentBundle.id)


def _to_settle(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "bundle", row.filename, row.id, row.by_name, row.at, label=N_("批量材料待归档"),
            endpoint="bundles.show", values={"bundle_id": row.id},
        )
        for row in first_of(to_settle(actor), limit)
    ]  # fmt: skip


WAITING = (Pending("bundle", N_("批量材料待归档"), "bundles.listing", to_settle, tasks=_to_settle),)
