"""What periods told one by one tell of each other, so that nobody finds a few ratings by subtraction. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from gongzhi.domains.incidents.queries.after_parts import MEASURES, OPINIONS
from gongzhi.kernel.indicators.figure import FEW

QUARTER = 3  # months


def few_left(months: Sequence[Mapping[str, int]]) -> bool:
    """Whether a quarter or a year, less every shorter period that is told, leaves one to four ratings. Pure.

    Of a year a quarter that is told takes its hidden months with it.
    """
    left: Counter[str] = Counter()
    for start in range(0, len(months), QUARTER):
        quarter = months[start : start + QUARTER]
        hidden = {name: sum(n for n in _asked(name, quarter) if n < FEW) for name in OPINIONS}
        quiet = len(months) == QUARTER or any(0 < n < FEW for n in hidden.values())
        for name in OPINIONS:
            told = not quiet and sum(_asked(name, quarter)) >= FEW
            left[name] += 0 if told else hidden[name]
    return any(0 < n < FEW for n in left.values())


def _asked(name: str, months: Sequence[Mapping[str, int]]) -> list[int]:
    return [sums.get(MEASURES[name].whole, 0) for sums in months]
