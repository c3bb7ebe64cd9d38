"""A kind suggested from what the district's own desks decided before. Pure: numbers in, a kind and its reason out.

A linear model over pieces of one to three characters (TF-IDF, multinomial logistic regression), so that every
suggestion can name the pieces that spoke for it. A piece that stands in fewer than the pack's number of matters is not
in it: nobody's words can be read out of the model. Fitting is :mod:`learn_child`, when and on what is :mod:`learn`.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

LONGEST_PIECE = 3  # characters
SHOWN = 2  # pieces named as the reason
SPEAKS = 0.4  # of what the strongest piece weighs
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Model:
    """``pieces`` (v), their ``idf`` (v), ``kinds`` (k), ``weights`` (k, v) and ``bias`` (k)."""

    pieces: dict[str, int]
    idf: Any
    kinds: tuple[str, ...]
    weights: Any
    bias: Any


@dataclass(frozen=True)
class Learned:
    """A kind with how sure the model is (0 to 1) and the pieces of the text that spoke for it, the strongest first."""

    leaf: str
    sure: float
    pieces: tuple[str, ...]


def plain(folded: str) -> str:
    """A folded text with its numbers made alike: which door or telephone stands there says nothing of the kind."""
    return DIGITS.sub("0", folded)


def grams(text: str) -> list[str]:
    """Every piece of one to three characters, in order, repeats included."""
    return [
        text[at : at + length]
        for length in range(1, LONGEST_PIECE + 1)
        for at in range(len(text) - length + 1)
    ]


def packed(model: Model) -> bytes:
    """The model as bytes: arrays of numbers and short strings, nothing that could run."""
    out = io.BytesIO()
    ordered = sorted(model.pieces, key=model.pieces.__getitem__)
    np.savez_compressed(
        out,
        pieces=np.array(ordered, dtype=f"U{LONGEST_PIECE}"),
        idf=model.idf.astype(np.float32),
        kinds=np.array(model.kinds),
        weights=model.weights.astype(np.float16),
        bias=model.bias.astype(np.float32),
    )
    return out.getvalue()


def unpacked(data: bytes) -> Model:
    """The model of :func:`packed`."""
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        pieces = {str(piece): place for place, piece in enumerate(kept["pieces"])}
        kinds = tuple(str(kind) for kind in kept["kinds"])
        return Model(pieces, kept["idf"], kinds, kept["weights"].astype(np.float32), kept["bias"])


def suggest(folded: str, model: Model, limit: int = 3) -> list[Learned]:
    """The likeliest kinds of a folded text, the surest first; none where no piece of it is known."""
    places, values = _vector(plain(folded), model)
    if not len(places):
        return []
    part = model.weights[:, places] * values
    odds = part.sum(axis=1) + model.bias
    chances = np.exp(odds - odds.max())
    chances /= chances.sum()
    best = np.argsort(-chances, kind="stable")[:limit]
    known = list(model.pieces)
    return [
        Learned(model.kinds[kind], float(chances[kind]), _speaking([known[at] for at in places], part[kind]))
        for kind in best
    ]


def _vector(text: str, model: Model) -> tuple[Any, Any]:
    """Places and values of the known pieces: (1 + ln tf) · idf, scaled to length one."""
    counted = Counter(piece for piece in grams(text) if piece in model.pieces)
    places = np.array([model.pieces[piece] for piece in counted], dtype=int)
    if not len(places):
        return places, places
    values = (1 + np.log(np.array(list(counted.values()), dtype=float))) * model.idf[places]
    return places, values / np.linalg.norm(values)


def _speaking(pieces: list[str], part: Any) -> tuple[str, ...]:
    """The pieces that weighed most, none inside another; single characters and numbers tell a reader nothing."""
    chosen: list[str] = []
    least = max(part.max() * SPEAKS, 0)
    for place in np.argsort(-part, kind="stable"):
        piece = pieces[place]
        if part[place] <= least or len(chosen) == SHOWN:
            break
        apart = not any(piece in one or one in piece for one in chosen)
        if len(piece) > 1 and piece.isalpha() and apart:
            chosen.append(piece)
    return tuple(chosen)
