"""A workbook of cases that was brought lies on disk between its two pages, a day at most."""

from __future__ import annotations

from registry.cases.texts import BOOK_FILES
from registry.imports.services.keptfiles import KeptFile, KeptFiles

KeptBook = KeptFile
BOOKS = KeptFiles("case-books", seconds=86_400, gone=BOOK_FILES["gone"])
keep, path_of, discard = BOOKS.keep, BOOKS.path_of, BOOKS.discard
