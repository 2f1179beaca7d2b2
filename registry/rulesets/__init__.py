"""New versions of dated rules: drafted, checked by a second person, published; the rules of any day to read."""

from __future__ import annotations

from registry.base.labels import N_
from registry.base.parts import Due, Group, Job, MenuEntry, Parts

PARTS = Parts(
    tables=("models",),
    pages=(
        "pages.rules",
        "pages.rulesets",
        "pages.dictionary",
    ),
    jobs={"refresh_standing": Job("jobs:bring_up_to_date", long=True, due=Due.NIGHT)},
    menu=(
        MenuEntry(Group.PATH, 80, N_("规则"), "rules.listing", "rule.read"),
        MenuEntry(Group.PATH, 90, N_("规则集"), "rulesets.listing", "ruleset.read", "rules"),
        MenuEntry(Group.PATH, 100, N_("基础数据"), "dictionary.listing", "reference.draft"),
    ),
    commands=("commands",),
)
