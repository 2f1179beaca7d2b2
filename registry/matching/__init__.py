"""The duplicate engine: normalise, parse, key and compare names; no framework, no database, nothing kept in a process.

    normalise.name_key(name)       the text by which two writings of a name are equal
    parse.parse(name) -> Parts     division, trade name, industry words, legal form, branch tail; `segments`
    keys.keys(name) -> Keys        what a database stores of a name
    evidence.facts(a, b)           what two names (`evidence.named`) have in common and where they differ
    model.score(a, b)              what that comes to: a probability times 100
    decide.compare(a, b)           Record, Record -> Judgement(level, band, score, evidence, link, ...); `sentence`
    lists.match, duplicates.dedupe    lists against each other and against themselves (NumPy; not for the web)

How a database finds candidates. For every current and former name it stores the texts of `Keys` beside the
reference to the firm, each under an index, and writes them in the transaction that writes the name. To look a name up
it makes the keys of that name and asks for rows that have one of them:

    name_key = :name_key  or  parts_key = :parts_key  or  core_key = :core_key

An empty key is stored as it is and never asked for: names without that key have nothing in common. A branch's parent
is asked for by name_key = `parse(name).parent_key`. Names that are merely near it finds by the neighbouring character
pairs that they share (`frequency.names_with` tells which are rare), of `name_key` and of `sound_key`. Each candidate
then goes through `compare`, whose first rules look at the codes; candidates by code are the caller's own look-up (the
organisation code is characters 9-17).
When `KEYS_VERSION` changes, the stored keys are made again (`duplicates.services.rekeying`).
"""

from __future__ import annotations

KEYS_VERSION = 4
