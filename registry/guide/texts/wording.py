"""Headings that the pages of the guide and the printed handbook have in common."""

from __future__ import annotations

from registry.base.labels import N_

DIRECTORY = N_("企业培育名录库")
HANDBOOK = N_("使用手册")
FIRST_DAY = N_("第一天怎么做")
PAGES = N_("各页说明")
GLOSSARY_TITLE = N_("名词解释")
GLOSSARY_HEADINGS = (N_("名词"), N_("英文"), N_("含义"))
QUESTIONS = (N_("这是什么"), N_("我做什么"), N_("之后怎样"))
