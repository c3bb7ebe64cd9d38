"""Cuts a cloud of sample points into parts of wished sizes: a power diagram, balanced and relaxed."""

import random
from collections.abc import Sequence

import numpy as np

ROUNDS = 48
RELAX_ROUNDS = 32
STEP = 0.55

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def balanced(samples: Floats, sizes: Sequence[float], inner: Sequence[bool], dice: random.Random) -> Numbers:
    """Which part each sample belongs to, ``(n,)``; each part gets about its share, never nothing.

    ``sizes`` are shares to each other; parts marked ``inner`` start nearest the middle of the cloud.
    """
    if len(sizes) == 1:
        return np.zeros(len(samples), dtype=np.int64)
    wished = np.array(sizes) / sum(sizes) * len(samples)
    centres = _seated(samples, _centres(samples, len(sizes), dice), inner, dice)
    lift = np.zeros(len(sizes))
    spread = float(((samples - samples.mean(axis=0)) ** 2).sum(axis=1).mean())
    for turn in range(ROUNDS):
        nearest = _assign(samples, centres, lift)
        count = np.bincount(nearest, minlength=len(sizes))
        lift += STEP * spread / len(sizes) * (wished - count) / np.maximum(wished, 1.0) / (1 + turn / 10)
        if turn < RELAX_ROUNDS:
            centres = _middles(samples, nearest, centres)
    return _nobody_empty(samples, _assign(samples, centres, lift), centres)


def _assign(samples: Floats, centres: Floats, lift: Floats) -> Numbers:
    """The part whose lifted centre is nearest: squared distance minus lift."""
    east = samples[:, 0, None] - centres[:, 0]
    north = samples[:, 1, None] - centres[:, 1]
    nearest: Numbers = np.argmin(east * east + north * north - lift, axis=1)
    return nearest


def _middles(samples: Floats, nearest: Numbers, centres: Floats) -> Floats:
    """Each centre moved to the middle of its samples; one without samples stays."""
    count = np.bincount(nearest, minlength=len(centres))
    sums = [np.bincount(nearest, samples[:, axis], minlength=len(centres)) for axis in (0, 1)]
    means = np.stack(sums, axis=1) / np.maximum(count, 1)[:, None]
    moved: Floats = np.where(count[:, None] > 0, means, centres)
    return moved


def _centres(samples: Floats, count: int, dice: random.Random, start: Floats | None = None) -> Floats:
    """``count`` centres far from each other (each new one the farthest of a few throws), then relaxed."""
    if start is None:
        chosen = [samples[dice.randrange(len(samples))]]
        while len(chosen) < count:
            throws = samples[[dice.randrange(len(samples)) for _ in range(12)]]
            gaps = ((throws[:, None, :] - np.array(chosen)[None, :, :]) ** 2).sum(axis=2).min(axis=1)
            chosen.append(throws[np.argmax(gaps)])
        start = np.array(chosen)
    nothing = np.zeros(count)
    for _ in range(12):
        start = _middles(samples, _assign(samples, start, nothing), start)
    return start


def _seated(samples: Floats, centres: Floats, inner: Sequence[bool], dice: random.Random) -> Floats:
    """The centres in the order of the parts: inner parts take those nearest the middle, the rest by lot."""
    nearest_first = np.argsort(((centres - samples.mean(axis=0)) ** 2).sum(axis=1), kind="stable")
    lots = [(not within, dice.random(), number) for number, within in enumerate(inner)]
    seated = centres.copy()
    for centre, (_, _, number) in zip(nearest_first, sorted(lots), strict=True):
        seated[number] = centres[centre]
    return seated


def _nobody_empty(samples: Floats, nearest: Numbers, centres: Floats) -> Numbers:
    """A part that came out empty takes the sample nearest to its centre from a part with more than one."""
    for number in range(len(centres)):
        if (nearest == number).any():
            continue
        for sample in np.argsort(((samples - centres[number]) ** 2).sum(axis=1)):
            if (nearest == nearest[sample]).sum() > 1:
                nearest[sample] = number
                break
    return nearest
