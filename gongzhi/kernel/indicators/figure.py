"""A figure: a value, what it is a part of, and the way to the list behind it. Small numbers are shown as such."""

from dataclasses import dataclass

FEWEST = 30  # below so many cases a share is told as a fraction only (the project's design, section 8)
FEW = 5  # a private kind, or ratings seen by who was rated, are not shown below this (powers, sections 3 and 10)


@dataclass(frozen=True)
class Figure:
    """``value`` of ``whole`` (None: a plain count); ``listing`` names the list behind; ``before``: the period before.

    ``hidden`` where there are too few to show at all: then neither value nor list is given.
    """

    id: str
    label: str
    value: int
    whole: int | None = None
    unit: str = "件"
    listing: str = ""
    before: "Figure | None" = None
    hidden: bool = False

    @property
    def percent(self) -> float | None:
        """The share in per cent, to one decimal; None below :data:`FEWEST` cases."""
        if self.whole is None or self.whole < FEWEST:
            return None
        return round(self.value / self.whole * 100, 1)

    @property
    def change(self) -> float | None:
        """How the share moved since the period before, in percentage points; None where either has too few cases."""
        was = self.before.percent if self.before else None
        return None if was is None or self.percent is None else round(self.percent - was, 1)


def shown(figure: Figure) -> Figure:
    """A figure as it may be shown where fewer than five cases would tell on one of them."""
    if figure.whole is not None and figure.whole >= FEW:
        return figure
    return Figure(figure.id, figure.label, 0, 0, figure.unit, hidden=True)
