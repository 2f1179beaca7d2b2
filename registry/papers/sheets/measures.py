"""The measures of an official paper by GB/T 9704-2012, 5 and 6; lengths in twips, twentieths of a point."""

from __future__ import annotations


def twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
"""A4, as Word writes it."""
TOP, BOTTOM, LEFT, RIGHT = twips(37), twips(35), twips(28), twips(26)
TEXT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
"""156 mm."""

LINES, CHARACTERS = 22, 28
LINE = (PAGE_HEIGHT - TOP - BOTTOM) // LINES
"""579, or 10.2 mm: the pitch of lines, rounded down so that the last one still fits."""
SIZE = 32
"""Half points of the text (3号, 16 pt)."""
CHARACTER = TEXT_WIDTH / CHARACTERS
"""Twips from one character to the next: 316, where a character by itself is 320 wide."""
SQUEEZE = -5
"""Twips that each character of the text gives up: 28 of 16 pt are 448 pt, and the line has 442.2.

As spacing of the characters, and nowhere else: the same squeeze as a grid of characters (what the page setup of Word
writes, `charSpace="-848"`) would be taken a second time in Word, and LibreOffice gives each character two of its cells.
"""

FOOTER = twips(24.5)
"""From the edge of the paper to the lower end of the line with the page number, whose dash is 7 mm below the text."""
FOOTER_LINE = twips(7)
