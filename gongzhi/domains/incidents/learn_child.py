"""The child process that fits the model: texts and kinds on stdin (JSON), the packed model on stdout.

Run as ``python -m gongzhi.domains.incidents.learn_child`` by :mod:`learn`, so that the library's memory goes with it.
Request ``{"texts": [folded …], "kinds": [leaf …], "least": matters a piece stands in at least}``.
"""

import json
import sys
from typing import Any

import numpy as np

from gongzhi.domains.incidents.learned import Model, grams, packed, plain

MOST_PIECES = 12_000
SEED = 20221


def fit(texts: list[str], kinds: list[str], least: int) -> Model:
    """The model of these texts. ValueError where there is nothing to tell apart."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    pieces = TfidfVectorizer(
        analyzer=grams, min_df=least, max_features=MOST_PIECES, sublinear_tf=True, smooth_idf=True
    )
    table = pieces.fit_transform([plain(text) for text in texts])
    fitted = LogisticRegression(C=20.0, max_iter=300, random_state=SEED).fit(table, kinds)
    names: Any = pieces.vocabulary_
    weights, bias = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:  # the library keeps one row for two kinds
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    where = {str(piece): int(place) for piece, place in names.items()}
    ordered = dict(sorted(where.items(), key=lambda one: one[1]))
    return Model(ordered, pieces.idf_, tuple(str(kind) for kind in fitted.classes_), weights, bias)


def main() -> int:
    """Read, fit, write; exit 1 with a word on stderr where it cannot be fitted."""
    asked = json.load(sys.stdin.buffer)
    try:
        model = fit(asked["texts"], asked["kinds"], int(asked["least"]))
    except ValueError as cause:
        print(type(cause).__name__, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(packed(model))
    return 0


if __name__ == "__main__":
    sys.exit(main())
