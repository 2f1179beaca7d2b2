"""TF-IDF over pairs and triples of characters, and the nearest names by a sparse matrix product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

GRAMS = (2, 3)
_AT_ONCE = 512
Near = tuple[np.ndarray, np.ndarray]


def vectorizer(names: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer="char", ngram_range=GRAMS, lowercase=False, dtype=np.float32).fit(names)


class Nearest:
    """Name keys, to look up in."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.vectorizer = vectorizer(keys)
        self.vectors = self.vectorizer.transform(keys)
        self.by_gram = self.vectors.T.tocsr()

    def to(self, key: str, best: int) -> Near:
        """Places and cosines of the nearest, the best first."""
        return _best(self.vectorizer.transform([key]) @ self.by_gram, 0, best)

    def to_each_other(self, best: int) -> list[Near]:
        """For each name its nearest, itself among them."""
        found = []
        for start in range(0, self.vectors.shape[0], _AT_ONCE):
            product = self.vectors[start : start + _AT_ONCE] @ self.by_gram
            found += [_best(product, row, best) for row in range(product.shape[0])]
        return found


def _best(product: Any, row: int, best: int) -> Near:
    span = slice(product.indptr[row], product.indptr[row + 1])
    places, cosines = product.indices[span], product.data[span]
    if len(places) > best:
        kept = np.argpartition(-cosines, best - 1)[:best]
        places, cosines = places[kept], cosines[kept]
    order = np.lexsort((places, -cosines))
    return places[order], cosines[order]
