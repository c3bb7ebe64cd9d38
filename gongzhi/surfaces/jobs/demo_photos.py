"""The demonstration's photos: plain line drawings in the house's paper and ink, one before and one after.

The strokes stand in ``packs/demo_drawings.toml``; a drawing is taken in like any photo somebody sends.
"""

import io
import random
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw

from gongzhi.kernel.ledger import files
from gongzhi.kernel.ledger.files import Stored
from gongzhi.surfaces.jobs.demo_sheets import sheet

WIDTH, HEIGHT = 960, 720
VARIANTS = 2
COLOURS = {
    "paper": "#FAF8F3",
    "sunk": "#F3F0E8",
    "sheet": "#FFFFFF",
    "ink": "#1C1E23",
    "ink2": "#454952",
    "edge": "#83868C",
    "line": "#CDC7B9",
    "light": "#F2E3BF",
    "-": None,
}


def photo(kind: str, variant: int, *, after: bool = False) -> Stored | None:
    """A drawing taken in like any photo (re-encoded, under its digest); None for a kind without a drawing."""
    return _taken_in(kind, variant % VARIANTS, after) if kind in sheet("drawings")["drawing"] else None


@lru_cache(maxsize=200)
def _taken_in(kind: str, variant: int, after: bool) -> Stored:
    name = f"{kind}-{variant}-{'after' if after else 'before'}.jpg"
    return files.receive_photo(name, io.BytesIO(drawn(kind, variant, after=after)))


def drawn(kind: str, variant: int, *, after: bool = False) -> bytes:
    """JPEG bytes of one drawing; ``variant`` shifts it and scatters a few strokes of ink."""
    dice = random.Random(f"{kind} {variant}")  # noqa: S311
    picture = Image.new("RGB", (WIDTH, HEIGHT), COLOURS["paper"])
    pen = ImageDraw.Draw(picture)
    shift = (dice.randint(-50, 50), dice.randint(-30, 20))
    table = sheet("drawings")
    for stroke in table["drawing"][kind]["after" if after else "before"]:
        for one in table["part"].get(stroke, [stroke]):
            _stroke(pen, one.split(), shift)
    for _ in range(14):
        x, y = dice.randint(0, WIDTH), dice.randint(600, HEIGHT)
        pen.line((x, y, x + dice.randint(4, 26), y), fill=COLOURS["line"], width=2)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _stroke(pen: Any, words: list[str], shift: tuple[int, int]) -> None:
    """``oval 650 140 710 180 ink light``: shape, corners, line, filling."""
    shape, *corners, line, filling = words
    at = [int(corner) + shift[index % 2] for index, corner in enumerate(corners)]
    if shape == "line":
        pen.line(at, fill=COLOURS[line], width=5)
    elif shape == "curve":
        pen.arc((at[0] - 200, at[1], at[2], at[3] + 120), 270, 20, fill=COLOURS[line], width=4)
    elif shape == "oval":
        pen.ellipse(at, outline=COLOURS[line], fill=COLOURS[filling], width=4)
    elif shape == "pie":
        pen.polygon([(at[0] + 160, at[1]), (at[0], at[3]), (at[2], at[3])], fill=COLOURS[filling])
    else:
        pen.rectangle(at, outline=COLOURS[line], fill=COLOURS[filling], width=4)
