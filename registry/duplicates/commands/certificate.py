"""`registry dedupe --certificate`: a blind sample of a file's pairs and, once it is judged, how many are unfound."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.duplicates.texts import VERDICTS
from registry.matching import duplicates, recall
from registry.matching.judgement import Band
from registry.matching.lists import ListEntry
from registry.matching.recall import FoundBy, JudgedPairs, Pair, PairGround
from registry.matching.records import Record
from registry.sheets.flat import Cells, read_rows, writing

if TYPE_CHECKING:
    from registry.matching.duplicates import Pair as Suspect

HEADINGS = ("row_a", "row_b", "name_a", "name_b", "phone_a", "phone_b", "address_a", "address_b", "verdict")


def certify(rows: Sequence[Record], suspects: Iterable[Suspect], sample: Path, processes: int | None) -> None:
    """Write the sample where it is not there yet, else read what people said in it; say what follows.

    Raises ClickException where the sample is another file's, or a verdict in it is none.
    """
    ground = _ground(rows, suspects, processes)
    seed = hashlib.sha256("\n".join(row.name for row in rows).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    chosen = ground.sample(seed)
    if not sample.exists():
        _write(sample, rows, chosen)
        click.echo(
            f"{sample}: {len(chosen)} pairs to judge, without scores; write same, different or unsure"
            " in the column verdict and run the same command again"
        )
        return
    said = _said(sample, chosen)
    _tell(ground, chosen, said, len(rows))


# -- what came up -----------------------------------------------------------------------------------
def _ground(rows: Sequence[Record], suspects: Iterable[Suspect], processes: int | None) -> PairGround:
    suspected = {(one.a, one.b) for one in suspects if one.band is not Band.DIFFERENT}
    named = duplicates.dedupe((ListEntry(row.name, "") for row in rows), processes=processes)
    by_names = {(one.a, one.b) for one in named if one.band is not Band.DIFFERENT}
    shared = recall.shared(enumerate(map(recall.evidence, rows)))
    kinds = recall.sorted_out(by_names, shared.pairs, suspected)
    codes = {pair: recall.one_organisation(rows[pair[0]], rows[pair[1]]) for pairs in kinds.values() for pair in pairs}
    same = frozenset(pair for pair, one in codes.items() if one is True)
    return PairGround(kinds, same, frozenset(pair for pair, one in codes.items() if one is False))


# -- the sample -------------------------------------------------------------------------------------
def _write(sample: Path, rows: Sequence[Record], order: Iterable[Pair]) -> None:
    with writing(sample) as write:
        write(HEADINGS)
        for pair in order:
            a, b = (rows[row] for row in pair)
            write([pair[0] + 1, pair[1] + 1, a.name, b.name, a.phone, b.phone, a.address, b.address, ""])


def _said(sample: Path, known: Container[Pair]) -> dict[Pair, bool | None]:
    """The verdict on each pair; pairs without one are left out."""
    lines = [cells for _number, cells in read_rows(sample)]
    if not lines or tuple(cell.strip() for cell in lines[0]) != HEADINGS:
        raise click.ClickException(
            f"{sample}: row 1: not a sample of this command; its headings are {', '.join(HEADINGS)}"
        )
    said = dict[Pair, bool | None]()
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells):
            pair, verdict = _line(sample, number, cells)
            if pair not in known:
                raise click.ClickException(
                    f"{sample}: row {number}: rows {pair[0] + 1} and {pair[1] + 1} were not drawn from this file"
                )
            if verdict:
                if verdict not in VERDICTS:
                    raise click.ClickException(
                        f"{sample}: row {number}: verdict {verdict!r}; write same, different or unsure"
                    )
                said[pair] = VERDICTS[verdict]
    return said


def _line(sample: Path, number: int, cells: Cells) -> tuple[Pair, str]:
    try:
        return (int(cells[0]) - 1, int(cells[1]) - 1), cells[len(HEADINGS) - 1].strip().casefold()
    except (ValueError, IndexError) as error:
        raise click.ClickException(f"{sample}: row {number}: row_a, row_b and verdict are needed") from error


# -- what follows -----------------------------------------------------------------------------------
def _tell(ground: PairGround, chosen: Mapping[Pair, FoundBy], said: Mapping[Pair, bool | None], rows: int) -> None:
    tallies = {kind: _tally(ground, kind, chosen, said) for kind in FoundBy}
    for kind, tally in tallies.items():
        click.echo(
            f"{kind.value}: {len(ground.kinds[kind])} pairs, {tally.certain} one firm by code, {tally.open} open,"
            f" {tally.judged} of them judged, {tally.same} the same"
        )
    found = recall.unfound(tallies)
    if found is None:
        raise click.ClickException("of some kind no pair was judged yet; nothing can be said")
    suspected = sum(len(ground.kinds[kind]) for kind in FoundBy if kind is not FoundBy.EVIDENCE)
    click.echo(
        f"{rows} rows, {suspected} pairs found; duplicates still unfound: {found.likely},"
        f" with 95 % between {found.low} and {found.high}"
    )


def _tally(
    ground: PairGround, kind: FoundBy, chosen: Mapping[Pair, FoundBy], said: Mapping[Pair, bool | None]
) -> JudgedPairs:
    judged = [said[pair] for pair, drawn in chosen.items() if drawn is kind and said.get(pair) is not None]
    return JudgedPairs(ground.certain(kind), len(ground.open(kind)), len(judged), sum(one is True for one in judged))
