"""The sentences about figures that were recorded, corrected or doubted."""

from __future__ import annotations

from registry.base.labels import N_

# What happened to figures, for the course of a firm; amounts as 万元 text.
FIGURE_RECORDED = N_("登记%(kind)s（%(period)s）：%(amount)s 万元")


FIGURES_RECORDED = N_("登记%(kind)s（%(first)s 至 %(last)s），末期累计 %(amount)s 万元")


FIGURE_CORRECTED = N_("更正%(kind)s（%(period)s）：%(before)s 改为 %(amount)s 万元")


PERSONS_RECORDED = N_("登记%(kind)s（%(period)s）：%(amount)s 人")


PERSONS_RECORDED_ALL = N_("登记%(kind)s（%(first)s 至 %(last)s），末期 %(amount)s 人")


PERSONS_CORRECTED = N_("更正%(kind)s（%(period)s）：%(before)s 改为 %(amount)s 人")


FIGURE_DISPUTED = N_("对%(kind)s（%(period)s）提出异议")
