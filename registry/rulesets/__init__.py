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
        MenuEntry(Group.RULES, 10, N_("现行规则"), "rules.listing", "rule.read"),
        MenuEntry(Group.RULES, 20, N_("规则版本"), "rulesets.listing", "ruleset.read", "rules"),
        MenuEntry(Group.RULES, 40, N_("基础数据"), "dictionary.listing", "reference.draft"),
    ),
    commands=("commands",),
    provides={"waiting": "queries.pending:WAITING", "belongings": "queries.drafts:BELONGINGS"},
)
