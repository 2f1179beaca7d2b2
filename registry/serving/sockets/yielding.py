"""Which connections give way when there are too many: never one that had no time yet to show what it is about."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable

from registry.serving.sockets.connections import Connection

YOUNG = 1.0
"""Seconds in which a connection may begin what it came for."""
CROWD = 10
"""An address may have this part of all connections before it is the first to give way."""


def giving_way(connections: Iterable[Connection], most: int, now: float) -> list[Connection]:
    """As many as there are above `most`, or fewer; one whose request is being answered never.

    Those that are at nothing go first. Of the others an address that crowds gives way before any other, whatever these
    do: a stranger with thousands of heads half sent must not push out a slow upload of somebody else. Among equals it
    is the one that does least.
    """
    everybody = list(connections)
    held = _crowding(everybody, most // CROWD)
    largest = max(held.values(), default=0)
    waiting = [each for each in everybody if not each.answering and each.age(now) >= YOUNG]
    fair = [each for each in waiting if not (each.busy and each.whose) or 2 * held[each.whose] >= largest]
    return _ordered(fair, held, now)[: max(0, len(everybody) - most)]


def pushed_out(connections: Iterable[Connection], number: int, now: float) -> list[Connection]:
    """Where there is no room for anybody: the oldest of the address that has most, however young they are."""
    everybody = list(connections)
    held = Counter(each.whose for each in everybody)
    waiting = [each for each in everybody if not each.answering]
    return heapq.nsmallest(number, waiting, key=lambda each: (-held[each.whose], -each.age(now)))


def _crowding(connections: list[Connection], share: int) -> dict[str, int]:
    """By how much each address exceeds its share; heads half sent through a proxy are an address together."""
    counted = Counter(each.whose for each in connections if each.whose or each.busy)
    return {address: max(0, number - share) for address, number in counted.items()}


def _ordered(connections: list[Connection], held: dict[str, int], now: float) -> list[Connection]:
    """Address after address gives one, the largest first, so that they become equal.

    Whose a proxy's connection is, its head says. A head that is not whole after so long is not the proxy's doing: it
    goes before all addresses.
    """
    of_address = defaultdict(list)
    for each in sorted(connections, key=lambda each: (each.busy, each.rate(now), -each.age(now))):
        of_address[each.whose].append(each)
    rank: dict[Connection, float] = {}
    for address, theirs in of_address.items():
        for place, each in enumerate(theirs):
            rank[each] = min(0, place - held[address]) if address else float("-inf")
    return sorted(connections, key=lambda each: (each.busy, rank[each], each.rate(now), -each.age(now)))
