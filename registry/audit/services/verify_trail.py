"""Check an export of the trail, and the anchors noted outside the database, with nothing but Python 3.9 or later.

    python3 verify_trail.py TRAIL.jsonl [ANCHORS.txt]

TRAIL.jsonl comes from `registry trail export`, one entry a line; ANCHORS.txt is the file of anchors of the registry,
or a copy that was kept elsewhere. Each entry's hash is the SHA-256 of the hash before it and of its content, written as
JSON with sorted keys and without spaces; the first comes after 64 noughts. An anchor is a line "TIME SEQ:HASH
SEALS:HASH WHY". What is found wrong is named with the number of the entry; the exit code is then 1, and 2 where a file
cannot be read.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

GENESIS = "0" * 64


class Chain:
    """Walks entries in their order; `seq` and `head` are the last that fits."""

    def __init__(self) -> None:
        self.seq = 0
        self.head = GENESIS

    def fault(self, entry: dict[str, Any]) -> str:
        """Why the next entry does not fit, or nothing; it is then the last."""
        told = entry.pop("hash", "")
        if entry.get("seq") != self.seq + 1:
            return f"it is missing (the next one is {entry.get('seq')})"
        if entry.pop("previous_hash", "") != self.head:
            return "the link to the entry before does not fit"
        content = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if hashlib.sha256(self.head.encode("ascii") + content.encode("utf-8")).hexdigest() != told:
            return "its content was changed"
        self.seq, self.head = self.seq + 1, told
        return ""


def anchors_of(lines: Iterable[str]) -> dict[int, list[tuple[int, str, str]]]:
    """By the number of the entry: (line, hash, time) of every anchor."""
    found: dict[int, list[tuple[int, str, str]]] = {}
    for number, line in enumerate(lines, start=1):
        parts = line.split()
        if len(parts) < 2 or parts[1].count(":") != 1:
            raise ValueError(f"line {number} of the anchors is none")
        seq, digest = parts[1].split(":")
        found.setdefault(int(seq), []).append((number, digest, parts[0]))
    return found


def faults(chain: Chain, lines: Iterable[str], anchors: dict[int, list[tuple[int, str, str]]]) -> Iterator[str]:
    """A sentence for each thing that is wrong; a chain that is broken is not followed further."""
    for line in lines:
        if why := chain.fault(json.loads(line)):
            yield f"entry {chain.seq + 1}: {why}"
            return
        for number, digest, at in anchors.get(chain.seq, ()):
            if digest != chain.head:
                yield f"entry {chain.seq}: differs from anchor {number}, noted at {at}"
    for seq, some in sorted(anchors.items()):
        if seq > chain.seq:
            yield f"entry {seq}: the export ends before it, and anchor {some[0][0]}, noted at {some[0][2]}, names it"


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        sys.stderr.write(str(__doc__))
        return 2
    started, chain = time.monotonic(), Chain()
    try:
        anchors = {}
        if len(arguments) == 2:
            anchors = anchors_of(Path(arguments[1]).read_text(encoding="utf-8").splitlines())
        with Path(arguments[0]).open(encoding="utf-8") as lines:
            found = list(faults(chain, lines, anchors))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    if found:
        sys.stdout.write("\n".join(found) + "\n")
        return 1
    count = sum(len(some) for some in anchors.values())
    sys.stdout.write(f"ok: {chain.seq} entries, head {chain.seq}:{chain.head}, {count} anchors fit, ")
    sys.stdout.write(f"{time.monotonic() - started:.1f} s\n")
    if not anchors:
        sys.stdout.write("without anchors a tail that was cut, or a chain hashed anew, is not found\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
