"""Who may do what with institutions, and what becomes of them in a merge."""

from __future__ import annotations

from registry.base.labels import N_
from registry.merges.rules import Fate, Treatment

COVERAGE = {("institution", "firm_id"): Treatment(Fate.STAYS, N_("机构"), N_("机构仍属原登记，显示时按保留的企业。"))}
