"""Backups: all rows and all papers in one archive that proves itself, restored into an empty place on either database.

Owns the form of the archive, the nightly backup with its folder, and the commands `registry backup` and `registry
restore`. It has no table of its own: what is in the folder is the record, and every copy taken is on the trail.
"""

from __future__ import annotations

from registry.base.parts import Due, Job, Parts

PARTS = Parts(
    commands=("commands",),
    jobs={"nightly_backup": Job("jobs:nightly", long=True, due=Due.NIGHT)},
    provides={"health": "views:health"},
    adds={"words": "rules:WORDS"},
)
