"""Schematic polygons: a county cut into streets, communities and grids that look like a neighbourhood's map.

No public source draws grids, so a new place starts with made-up ones, marked schematic, until real ones are
imported. One Voronoi diagram is drawn over the middles of all grids at once; communities and streets are
unions of its cells, so that nothing overlaps, nothing is missed, and every border runs along cells, as on a
drawn map. The middles come from cutting the county again and again into parts of the wished size (a balanced
power diagram over sample points, relaxed toward the middles: Lloyd). Same input, same polygons.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import MultiPoint, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gongzhi.kernel.territory.cells import balanced

DECIMALS = 6  # of a degree: 0.1 m
SAMPLES_PER_LEAF = 60
LEAST_SAMPLES = 4000
JITTER = 0.35  # of the sample spacing

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Part:
    """A node of the tree to be drawn: ``key`` unique, ``weight`` its size beside its siblings.

    ``inner`` parts lie in the middle of their parent (towns grow from there).
    """

    key: str
    weight: float = 1.0
    inner: bool = False
    parts: tuple["Part", ...] = field(default=())

    def leaves(self) -> Iterator["Part"]:
        """The parts at the bottom, itself when it has none."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    @property
    def size(self) -> float:
        """Its own weight at the bottom, else the sum of its parts' sizes."""
        return sum(part.size for part in self.parts) if self.parts else self.weight


@dataclass(frozen=True)
class Frame:
    """A flat local picture of a small region: kilometres east and north of its middle."""

    lon: float
    lat: float

    @property
    def scale(self) -> Floats:
        """Kilometres per degree of longitude and latitude here."""
        return np.array([111.320 * math.cos(math.radians(self.lat)), 110.574])

    def flat(self, shape: BaseGeometry) -> BaseGeometry:
        """From degrees to kilometres."""
        origin = np.array([self.lon, self.lat])
        return shapely.transform(shape, lambda at: (at - origin) * self.scale)

    def round(self, shape: BaseGeometry) -> BaseGeometry:
        """From kilometres back to degrees, rounded to :data:`DECIMALS`: neighbours share each corner."""
        origin = np.array([self.lon, self.lat])
        return shapely.transform(shape, lambda at: np.round(at / self.scale + origin, DECIMALS))


def partition(outline: BaseGeometry, tree: Part, seed: str) -> dict[str, BaseGeometry]:
    """A polygon (degrees, WGS-84) for every part below ``tree``, and the outline itself for ``tree``.

    Leaves tile the outline without gap or overlap; every inner part is the union of its leaves.
    """
    middle = outline.centroid
    frame = Frame(middle.x, middle.y)
    flat = frame.flat(outline)
    leaves = list(tree.leaves())
    dice = random.Random(f"gongzhi {seed}")  # noqa: S311 (drawn, not secret)
    samples = sample(flat, max(LEAST_SAMPLES, SAMPLES_PER_LEAF * len(leaves)), dice)
    middles: dict[str, Floats] = {}
    _place(tree, samples, dice, middles)
    cells = voronoi([leaf.key for leaf in leaves], np.array([middles[leaf.key] for leaf in leaves]), flat)
    rounded = {key: frame.round(cell) for key, cell in cells.items()}
    found: dict[str, BaseGeometry] = {tree.key: outline}
    for part in tree.parts:
        _union(part, rounded, found)
    return found


def sample(outline: BaseGeometry, wanted: int, dice: random.Random) -> Floats:
    """About ``wanted`` points spread evenly inside, on a shaken hexagonal lattice; array (n, 2)."""
    spacing = math.sqrt(outline.area / wanted * 2 / math.sqrt(3))
    west, south, east, north = outline.bounds
    rows = int((north - south) / (spacing * math.sqrt(3) / 2)) + 1
    columns = int((east - west) / spacing) + 2
    lattice = np.array([(x + (y % 2) / 2, y * math.sqrt(3) / 2) for y in range(rows) for x in range(columns)])
    shaken = np.array([(dice.uniform(-JITTER, JITTER), dice.uniform(-JITTER, JITTER)) for _ in lattice])
    points = (lattice + shaken) * spacing + np.array([west, south])
    shapely.prepare(outline)
    inside: Floats = points[shapely.contains_xy(outline, points[:, 0], points[:, 1])]
    return inside


def points_inside(shape: BaseGeometry, count: int, seed: str) -> list[tuple[float, float]]:
    """``count`` points (lon, lat in degrees) well inside a polygon, from north to south; for buildings."""
    middle = shape.centroid
    frame = Frame(middle.x, middle.y)
    flat = frame.flat(shape)
    inner = flat.buffer(-0.12 * math.sqrt(flat.area))
    room = inner if not inner.is_empty and inner.area > flat.area / 10 else flat
    dice = random.Random(f"gongzhi points {seed}")  # noqa: S311
    spots = sample(room, count * 3 + 6, dice)
    while len(spots) < count:
        spots = np.vstack([spots, sample(room, count * 6 + 12, dice)])
    chosen = spots[sorted(dice.sample(range(len(spots)), count))]
    degrees = chosen / frame.scale + np.array([frame.lon, frame.lat])
    return sorted(
        ((round(x, DECIMALS), round(y, DECIMALS)) for x, y in degrees), key=lambda at: (-at[1], at[0])
    )


def voronoi(keys: Sequence[str], middles: Floats, outline: BaseGeometry) -> dict[str, BaseGeometry]:
    """One cell per key, clipped to the outline; what clipping cut off goes to the neighbour it touches."""
    if len(keys) == 1:
        return {keys[0]: outline}
    drawn = shapely.voronoi_polygons(MultiPoint(middles), extend_to=outline.buffer(1.0), ordered=True)
    found: dict[str, BaseGeometry] = {}
    loose: list[tuple[str, BaseGeometry]] = []
    for key, cell in zip(keys, shapely.get_parts(drawn), strict=True):
        pieces = sorted(_polygons(cell.intersection(outline)), key=lambda piece: -piece.area)
        found[key] = pieces[0]
        loose += [(key, piece) for piece in pieces[1:]]
    for owner, piece in loose:
        touching = {key: found[key].intersection(piece).length for key in found}
        nearest = max(touching, key=lambda key: (touching[key], key))
        taker = nearest if touching[nearest] > 0 else owner  # an island stays with its cell
        found[taker] = shapely.union(found[taker], piece)
    return found


def west_to_east(shapes: Mapping[str, BaseGeometry]) -> list[str]:
    """The keys numbered as grids are: in bands from north to south, each band from west to east."""
    if not shapes:
        return []
    middles = {key: shape.representative_point() for key, shape in shapes.items()}
    bands = max(1, round(math.sqrt(len(shapes))))
    north = max(point.y for point in middles.values())
    height = (north - min(point.y for point in middles.values())) / bands or 1.0

    def order(key: str) -> tuple[int, float]:
        return min(bands - 1, int((north - middles[key].y) / height)), middles[key].x

    return sorted(shapes, key=order)


def _place(part: Part, samples: Floats, dice: random.Random, middles: dict[str, Floats]) -> None:
    """Gives every leaf a middle inside its share of the samples, cutting from the top down."""
    if not part.parts:
        centre = samples.mean(axis=0)
        middles[part.key] = samples[np.argmin(((samples - centre) ** 2).sum(axis=1))]
        return
    share = balanced(
        samples, [child.size for child in part.parts], [child.inner for child in part.parts], dice
    )
    for number, child in enumerate(part.parts):
        _place(child, samples[share == number], dice, middles)


def _union(part: Part, cells: Mapping[str, BaseGeometry], found: dict[str, BaseGeometry]) -> None:
    if part.parts:
        found[part.key] = shapely.coverage_union_all([cells[leaf.key] for leaf in part.leaves()])
        for child in part.parts:
            _union(child, cells, found)
    else:
        found[part.key] = cells[part.key]


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons in a geometry, without the lines and points that clipping leaves."""
    if isinstance(shape, Polygon):
        return [shape]
    if isinstance(shape, MultiPolygon):
        return list(shape.geoms)
    return [piece for piece in getattr(shape, "geoms", []) if isinstance(piece, Polygon)]
