"""How alike two Chinese texts are, by the character pairs they share: no word spaces are needed. Pure."""

from collections.abc import Iterable

from gongzhi.kernel.process.pairs import pairs

FEW = 3  # pairs: what is shorter says too little to be called alike
LONG_AGAINST_SHORT = 4  # times as many pairs: from here on a short text inside a long one is no likeness


def likeness(one: str, other: str) -> float:
    """0–1: the larger of what both share of all (Jaccard) and, damped, of the shorter (containment).

    ``路灯不亮了`` and ``3号楼的路灯不亮`` say the same though one says more; 繁體, width, punctuation do not count.
    """
    return of_pairs(pairs(one), pairs(other))


def of_pairs(one: Iterable[str], other: Iterable[str]) -> float:
    """The same for texts that are cut already."""
    left, right = set(one), set(other)
    shorter, longer = sorted((len(left), len(right)))
    if shorter < FEW:
        return 1.0 if left and left == right else 0.0
    shared = len(left & right)
    jaccard, contained = shared / len(left | right), shared / shorter
    damp = max(0.0, 1 - (longer / shorter - 1) / (LONG_AGAINST_SHORT - 1))
    return max(jaccard, contained * damp)
