"""An index in memory over the names of a list: which of them share rare character pairs or sound pairs with a name.

Every name gives the overlapping character pairs of its `name_key` and of its sound; each pair leads to the names that
have it (its postings), all of them in two flat arrays, so that a million names take some 250 MB and a forked process
shares them. A look-up follows its rarest pairs first, up to a budget of postings, adds up the rarity of what is shared
and re-ranks the best with RapidFuzz. Many look-ups at once cost far less than one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from registry.matching.sound import sound_key
from registry.matching.syllables import heard, written

Ints = NDArray[np.int64]
Keys = NDArray[np.uint32]
Words = NDArray[np.uint64]
Shares = NDArray[np.float32]

TOGETHER = 64
"""Look-ups worked out at once: their postings still fit a processor's cache."""
_ROW, _PLACE = np.uint64(56), np.uint64(28)
_LOW = np.uint64((1 << 28) - 1)
_QUANTUM = 1024.0
_HALF = np.uint64(32)
_CHARACTERS = 0x110000
_SOUNDS = range(0xE000, 0xF000)  # private use: what `sound.sound_key` puts for a syllable
_FIRST, _FIRST_SOUND = 1, 0xF000
_BLOCK = 1 << 16
_SHARED, _WEAKEST = np.float32(0.25), np.uint64(5)


class Texts(Sequence[str]):
    """Many short texts in one string: no object each, so that memory is bounded and forked processes copy nothing."""

    def __init__(self, texts: Iterable[str]) -> None:
        parts, lengths, given = [], [np.zeros(1, np.int64)], iter(texts)
        while block := list(islice(given, _BLOCK)):
            lengths.append(np.fromiter(map(len, block), np.int64, len(block)))
            parts.append("".join(block))
        self._text = "".join(parts)
        self.ends: Ints = np.cumsum(np.concatenate(lengths))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return self.taken(np.arange(*at.indices(len(self))))
        return self._text[self.ends[at] : self.ends[at + 1]]

    def taken(self, places: Ints) -> list[str]:
        text = self._text
        starts, ends = self.ends[places].tolist(), self.ends[places + 1].tolist()
        return [text[start:end] for start, end in zip(starts, ends, strict=True)]

    def heads(self, size: int) -> Keys:
        """The first code points of each text, a row a text, 0 where it is shorter."""
        found = np.zeros((len(self), size), np.uint32)
        for start in range(0, len(self), _BLOCK):
            for row, text in enumerate(self[start : start + _BLOCK], start):
                found[row, : len(text)] = [*map(ord, text[:size])]
        return found


@dataclass(frozen=True, slots=True)
class Near:
    """Candidates of several look-ups, row by row, the best first: `row` is the look-up, `place` the name in the index.

    `likeness` (0..1) is RapidFuzz's ratio of what is written, or of what is heard where pinyin was typed; `shared`
    (0..1) the rarity shared with this candidate beside that shared with the row's best.
    """

    row: Ints
    place: Ints
    likeness: Shares
    shared: Shares


class Index:
    """The postings of a list of name keys; a name is known by its place in the list.

    `budget` is the number of postings one look-up may follow: what it misses and what it costs.
    """

    def __init__(self, keys: Iterable[str], *, budget: int = 10_000) -> None:
        self.keys = Texts(keys)
        self.budget = budget
        self._numbers = _numbered(self.keys)
        halves = (self._sorted(by_sound=False), self._sorted(by_sound=True))
        firsts = [np.flatnonzero(np.diff(pairs, prepend=pairs[:1] ^ np.uint32(1))) for pairs, _ in halves]
        self._pairs: Keys = np.concatenate([pairs[first] for (pairs, _), first in zip(halves, firsts, strict=True)])
        ends = [*firsts[0], *(firsts[1] + len(halves[0][0])), sum(len(pairs) for pairs, _ in halves)]
        self._starts: Ints = np.array(ends, np.int64)
        self._places: Keys = np.concatenate([places for _, places in halves])

    def __len__(self) -> int:
        return len(self.keys)

    def lone(self) -> Ints:
        """For each name how many of its written pairs no other name has."""
        alone = np.flatnonzero(np.diff(self._starts) == 1)
        alone = alone[self._pairs[alone] < _FIRST_SOUND << 16]
        return np.bincount(self._places[self._starts[alone]], minlength=len(self.keys))

    def near(self, keys: Sequence[str], *, keep: int = 40, best: int = 8, own: int | None = None) -> Near:
        """The `best` candidates of each look-up (`keys`: name keys) out of `keep` that are weighed; deterministic.

        `own`: the look-ups are the index's own names from this place on, and none finds itself.
        """
        found = [
            self._near(keys[at : at + TOGETHER], at, keep, best, own)
            for at in range(0, len(keys), TOGETHER)
            if len(self._pairs)
        ]
        if len(found) == 1:
            return found[0]
        return Near(*(np.concatenate(parts) for parts in zip(_NONE, *map(_parts, found), strict=True)))

    def _near(self, keys: Sequence[str], first: int, keep: int, best: int, own: int | None) -> Near:
        sounds = [heard(key) for key in keys]
        found, weight = self._shared(keys, sounds)
        if own is not None:
            others = (found & _LOW) != (found >> _PLACE) + np.uint64(own + first)
            found, weight = found[others], weight[others]
        row, place, shared = _strongest(found, weight, keep)
        likeness = self._likeness(keys, sounds, row, place)
        order = np.lexsort((place, -(likeness + _SHARED * shared), row))
        order = order[_rank(row) < best]
        return Near(row[order] + first, place[order], likeness[order], shared[order])

    def _likeness(self, keys: Sequence[str], sounds: Sequence[str], row: Ints, place: Ints) -> Shares:
        chosen = self.keys.taken(place)
        by_sound = [sound != sound_key(key) for key, sound in zip(keys, sounds, strict=True)]
        asked = [sounds[at] if by_sound[at] else keys[at] for at in row.tolist()]
        if any(by_sound):
            chosen = [heard(text) if by_sound[at] else text for at, text in zip(row.tolist(), chosen, strict=True)]
        ratios: Shares = cpdist(asked, chosen, scorer=fuzz.ratio, dtype=np.float32)
        return ratios / np.float32(100)

    def _shared(self, keys: Sequence[str], sounds: Sequence[str]) -> tuple[Words, Words]:
        """Look-up and place, and the summed rarity of the pairs they share, as far as the budget goes."""
        row, starts, counts = self._rarest(keys, sounds)
        total = int(counts.sum())
        ends = np.cumsum(counts)
        positions = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - counts), counts)
        weights = (np.log1p(len(self.keys) / counts) * _QUANTUM).astype(np.uint64)
        labels = (row.astype(np.uint64) << _ROW) | weights
        hits = np.repeat(labels, counts) | (self._places[positions].astype(np.uint64) << _PLACE)
        hits.sort(kind="stable")  # runs that are in order already: several times as fast as the default here
        found = hits >> _PLACE
        firsts = np.flatnonzero(np.diff(found, prepend=found[:1] ^ np.uint64(1)))
        return found[firsts], np.add.reduceat(hits & _LOW, firsts)

    def _rarest(self, keys: Sequence[str], sounds: Sequence[str]) -> tuple[Ints, Ints, Ints]:
        """Look-up, start and number of postings of the pairs to follow."""
        parts = (_pairs([*map(written, keys)], self._numbers, _FIRST), _pairs(sounds, self._numbers, _FIRST_SOUND))
        wanted = np.unique(np.concatenate([(rows << _HALF) | pairs for rows, pairs in parts]))
        row, pair = (wanted >> _HALF).astype(np.int64), wanted.astype(np.uint32)
        at = np.searchsorted(self._pairs, pair)
        at[at == len(self._pairs)] = 0
        known = self._pairs[at] == pair
        row, at = row[known], at[known]
        counts = self._starts[at + 1] - self._starts[at]
        order = np.lexsort((counts, row))
        row, at, counts = row[order], at[order], counts[order]
        spent = np.cumsum(counts)
        heads = np.flatnonzero(np.diff(row, prepend=-1))
        before = np.repeat((spent - counts)[heads], np.diff(np.append(heads, len(row))))
        affordable = spent - before <= self.budget
        return row[affordable], self._starts[at[affordable]], counts[affordable]

    def _sorted(self, *, by_sound: bool) -> tuple[Keys, Keys]:
        """Pair and place of every pair written (or heard), by pair, then place, each once."""
        hits = np.empty(int(self.keys.ends[-1]), np.uint64)
        filled = 0
        for start in range(0, len(self.keys), _BLOCK):
            texts = self.keys[start : start + _BLOCK]
            if by_sound:
                rows, pairs = _pairs([*map(heard, texts)], self._numbers, _FIRST_SOUND)
            else:
                rows, pairs = _pairs([*map(written, texts)], self._numbers, _FIRST)
            room = len(hits) - filled
            hits[filled : filled + len(rows)] = ((pairs << _HALF) | (rows + np.uint64(start)))[:room]
            filled += min(len(rows), room)
        hits = hits[:filled]
        hits.sort()
        once = np.diff(hits, prepend=hits[:1] ^ np.uint64(1)) != 0
        return (hits >> _HALF).astype(np.uint32)[once], hits.astype(np.uint32)[once]


_GAP = 0x0A


def _points(texts: Sequence[str]) -> Keys:
    """The code points of all texts, each text followed by a line feed, which no key holds."""
    return np.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le", "surrogatepass"), np.uint32)


def _numbered(keys: Texts) -> NDArray[np.uint16]:
    """Code point -> number: 1 and up in the order of the code points, the stand-ins of sounds from `_FIRST_SOUND`."""
    seen = np.zeros(_CHARACTERS, bool)
    for start in range(0, len(keys), _BLOCK):
        seen[_points(keys[start : start + _BLOCK])] = True
    seen[_GAP] = False
    seen[_SOUNDS.start : _SOUNDS.stop] = False
    numbers = np.zeros(_CHARACTERS, np.uint16)
    points = np.flatnonzero(seen)[: _FIRST_SOUND - 1]
    numbers[points] = np.arange(1, len(points) + 1)
    numbers[_SOUNDS.start : _SOUNDS.stop] = np.arange(_FIRST_SOUND, 1 << 16)
    return numbers


def _pairs(texts: Sequence[str], numbers: NDArray[np.uint16], lowest: int) -> tuple[Words, Words]:
    """Row and pair of each two neighbouring characters that have a number of at least `lowest`."""
    points = _points(texts)
    own = numbers[points].astype(np.uint64)
    known = own >= lowest
    whole = np.flatnonzero(known[:-1] & known[1:])
    rows = np.cumsum(points == _GAP, dtype=np.uint64)[whole]
    return rows, (own[whole] << np.uint64(16)) | own[whole + 1]


def _strongest(found: Words, weight: Words, keep: int) -> tuple[Ints, Ints, Shares]:
    """Row, place and share of the row's heaviest weight, of the `keep` heaviest of each row."""
    if not len(found):
        return _NONE[:3]
    row = found >> _PLACE
    heads = np.flatnonzero(np.diff(row, prepend=row[:1] ^ np.uint64(1)))
    most = np.repeat(np.maximum.reduceat(weight, heads), np.diff(np.append(heads, len(row))))
    strong = np.flatnonzero(weight * _WEAKEST >= most)
    row, most = row[strong], most[strong]
    order = np.sort((row << _ROW) | ((_LOW - weight[strong]) << _PLACE) | (found[strong] & _LOW))
    heaviest = _rank((order >> _ROW).astype(np.int64)) < keep
    share = (_LOW - ((order >> _PLACE) & _LOW)) / most
    return (
        (order >> _ROW).astype(np.int64)[heaviest],
        (order & _LOW).astype(np.int64)[heaviest],
        share[heaviest].astype(np.float32),
    )


def _parts(near: Near) -> tuple[Ints, Ints, Shares, Shares]:
    return near.row, near.place, near.likeness, near.shared


_NONE = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))


def _rank(row: Ints) -> Ints:
    """0, 1, 2 ... within each run of equal numbers."""
    heads = np.flatnonzero(np.diff(row, prepend=-1))
    return np.arange(len(row)) - np.repeat(heads, np.diff(np.append(heads, len(row))))
