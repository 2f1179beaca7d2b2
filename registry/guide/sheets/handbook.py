"""The handbook from top to bottom: the first day of each role, each kind of page, the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from registry.base.vocabulary import ROLE_LABELS
from registry.guide.texts import wording
from registry.guide.texts.firstdays import FIRST_DAYS
from registry.guide.texts.glossary import GLOSSARY
from registry.guide.texts.topics import TOPICS
from registry.papers.sheets.paper import Block, Body, Heading, OfficialPaper, Picture, Table


@dataclass(frozen=True)
class Handbook:
    """What a handbook is made from: how a text is said to the reader, the pictures there are, and the day."""

    said: Callable[[str], str]
    pictures: Mapping[str, bytes]
    day: date


def paper(book: Handbook) -> OfficialPaper:
    said = book.said
    title = f"{said(wording.DIRECTORY)}{said(wording.HANDBOOK)}"
    blocks = (*_days(said), *_topics(book), *_words(said))
    return OfficialPaper(title, "", blocks, "", book.day, said(wording.HANDBOOK))


def _days(said: Callable[[str], str]) -> Iterator[Block]:
    yield Heading(1, f"1. {said(wording.FIRST_DAY)}")
    for number, (role, steps) in enumerate(FIRST_DAYS.items(), 1):
        yield Heading(2, f"1.{number} {said(ROLE_LABELS[role])}")
        for place, step in enumerate(steps, 1):
            yield Body(f"{place}. {said(step.title)}{said('：')}{said(step.text)}")


def _topics(book: Handbook) -> Iterator[Block]:
    said = book.said
    yield Heading(1, f"2. {said(wording.PAGES)}")
    for number, topic in enumerate(TOPICS, 1):
        yield Heading(2, f"2.{number} {said(topic.title)}")
        for label, text in zip(wording.QUESTIONS, (topic.what, topic.do, topic.then), strict=True):
            yield Body(f"{said(label)}{said('：')}{said(text)}")
        if png := book.pictures.get(topic.picture):
            yield Picture(said(topic.title), png, said(topic.what))


def _words(said: Callable[[str], str]) -> Iterator[Block]:
    yield Heading(1, f"3. {said(wording.GLOSSARY_TITLE)}")
    headings = tuple(said(label) for label in wording.GLOSSARY_HEADINGS)
    rows = tuple((term.word, term.english, said(term.meaning)) for term in GLOSSARY)
    yield Table(said(wording.GLOSSARY_TITLE), headings, rows)
