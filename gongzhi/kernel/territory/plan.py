"""What a new place will consist of, worked out before anything is written: rows of areas and printed places.

Pure: a county from the division table, its outline and the pack's rules in; drafts out. Households are made up
(the same every time) and marked schematic until somebody counts; see ``packs/cn/grids.toml``.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from gongzhi.kernel.territory import codes, naming, place_codes, schematic
from gongzhi.kernel.territory.division import County, Row

Rules = Mapping[str, Any]

URBAN = ("residents", "residents_like")


@dataclass
class Draft:
    """An area before it has a row: ``key`` unique in the plan, ``parent`` the key above ("" for the district)."""

    key: str
    parent: str
    level: str
    kind: str
    code: str
    name: str
    households: int | None = None
    shape: BaseGeometry | None = None
    spot: tuple[float, float] | None = None  # lon, lat

    def middle(self) -> tuple[float, float] | None:
        """A point inside (lon, lat): the spot, else one of the shape's."""
        if self.spot is None and self.shape is not None:
            inside = self.shape.representative_point()
            return round(inside.x, 6), round(inside.y, 6)
        return self.spot


@dataclass(frozen=True)
class Sticker:
    """A printed place before it has a row; ``area`` is the key of the grid or building it stands in."""

    code: str
    area: str
    label: str
    kind: str
    spot: tuple[float, float]


@dataclass
class Plan:
    """Everything a place is built from: areas from the top down, printed places, sentences of warning."""

    areas: list[Draft] = field(default_factory=list)
    stickers: list[Sticker] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def at(self, level: str) -> list[Draft]:
        """The areas of one level, in the plan's order."""
        return [draft for draft in self.areas if draft.level == level]


def draw(county: County, outline: BaseGeometry, table: Rules, rules: Rules) -> Plan:
    """The plan of a county. ``table`` is the pack's ``territory``, ``rules`` its ``grids``.

    Raises ``BadCode`` where a code of the division table lies outside the coding rule.
    """
    plan = Plan([Draft(codes.full(county.code), "", "district", "", codes.full(county.code), county.name)])
    for row in county.streets:
        unit = codes.parse(row.code, table)
        plan.areas.append(
            Draft(
                unit.code,
                plan.areas[0].key,
                "street",
                unit.kind,
                unit.code,
                codes.short_name(row.name, table),
            )
        )
    plan.areas += [_community(row, table, rules) for row in county.villages]
    counts = {
        draft.key: grid_count(draft.kind, draft.households or 0, rules) for draft in plan.at("community")
    }
    shapes = schematic.partition(outline, _tree(plan, counts, rules), county.code)
    for draft in plan.areas:
        draft.shape = shapes.get(draft.key)
    for community in plan.at("community"):
        _warn_size(plan, community, table)
        leaves = {key: shapes[key] for key in leaf_keys(community.key, counts[community.key])}
        grids = number_grids(community, leaves, rules)
        plan.areas += grids
        _furnish(plan, community, grids, rules)
    return plan


def grid_count(kind: str, households: int, rules: Rules) -> int:
    """How many grids a community gets: so that each has about ``aim`` households, within ``least``–``most``."""
    urban, rural = rules["urban"], rules["rural"]
    if kind in URBAN:
        fewest, most = -(-households // urban["most"]), max(1, households // urban["least"])
        return int(max(1, fewest, min(most, round(households / urban["aim"]))))
    if rural["rule"] == "group":
        return max(1, round(households / rural["group_households"]))
    return 1


def leaf_keys(community: str, count: int) -> list[str]:
    """Names of a community's grids before they are numbered on the map."""
    return [f"{community}#{number}" for number in range(count)]


def number_grids(
    community: Draft, shapes: Mapping[str, BaseGeometry], rules: Rules, after: int = 0
) -> list[Draft]:
    """The community's grids, numbered from north-west on, with code, name and share of the households.

    ``after`` is the last sequence number used here before: a code is never given twice.
    """
    ordered = schematic.west_to_east(shapes)
    households = community.households or 0
    shares = share_out(households, len(ordered), f"{community.code} {after}")
    return [
        Draft(
            key,
            community.key,
            "grid",
            "general",
            rules["code"]["format"].format(village=community.code, sequence=after + number),
            rules["name"]["grid"].format(ordinal=naming.ordinal(number)),
            shares[number - 1],
            shapes[key],
        )
        for number, key in enumerate(ordered, start=1)
    ]


def share_out(total: int, parts: int, seed: str) -> list[int]:
    """A whole number cut into nearly equal parts (± a twelfth), the same every time; the sum is exact."""
    dice = random.Random(f"gongzhi shares {seed}")  # noqa: S311
    weights = [dice.uniform(0.92, 1.08) for _ in range(parts)]
    shares = [int(total * weight / sum(weights)) for weight in weights]
    for number in range(total - sum(shares)):
        shares[number % parts] += 1
    return shares


def sticker_code(seed: str) -> str:
    """A place's code, the same for the same building every time."""
    number = int.from_bytes(hashlib.sha256(f"gongzhi sticker {seed}".encode()).digest(), "big")
    return place_codes.from_number(number)


def _community(row: Row, table: Rules, rules: Rules) -> Draft:
    unit = codes.parse(row.code, table, row.name)
    low, high = rules["schematic"]["residents_households" if unit.kind in URBAN else "villagers_households"]
    households = random.Random(f"gongzhi households {unit.code}").randint(low, high)  # noqa: S311
    name = codes.short_name(row.name, table)
    return Draft(unit.code, str(unit.parent), "community", unit.kind, unit.code, name, households)


def _tree(plan: Plan, counts: Mapping[str, int], rules: Rules) -> schematic.Part:
    """The tree to be drawn; a street that the table of villages leaves empty is one cell."""
    sizes = rules["schematic"]["size"]
    below: dict[str, list[schematic.Part]] = {}
    for draft in plan.at("community"):
        urban = draft.kind in URBAN
        weight = float(sizes["urban_grid"] if urban else sizes["rural_grid"])
        leaves = tuple(schematic.Part(key, weight) for key in leaf_keys(draft.key, counts[draft.key]))
        below.setdefault(draft.parent, []).append(schematic.Part(draft.key, inner=urban, parts=leaves))
    streets = [
        schematic.Part(draft.key, inner=draft.kind == "street", parts=tuple(below.get(draft.key, ())))
        for draft in plan.at("street")
    ]
    return schematic.Part(plan.areas[0].key, parts=tuple(streets))


def _warn_size(plan: Plan, community: Draft, table: Rules) -> None:
    """A7: warn, never refuse; villages have no such figure."""
    rule = table["community_size"]
    count = community.households or 0
    if community.kind in URBAN and not rule["least"] <= count <= rule["most"]:
        which = "少于" if count < rule["least"] else "多于"
        limit = rule["least"] if count < rule["least"] else rule["most"]
        plan.warnings.append(f"{community.name}按示意数有 {count} 户，{which} {limit} 户。")


def _furnish(plan: Plan, community: Draft, grids: list[Draft], rules: Rules) -> None:
    """Estates with buildings in town, the places everybody knows in a village."""
    bare = codes.bare_name(community.name)
    urban = community.kind in URBAN
    for grid, (label, spot) in _facilities(bare, grids, rules, urban):
        plan.stickers.append(Sticker(sticker_code(f"{grid.code} {label}"), grid.key, label, "facility", spot))
    if not urban:
        return
    patterns = rules["name"]["estates"]
    estates = min(len(patterns), -(-len(grids) // 2))
    built = [0] * estates
    for position, grid in enumerate(grids):
        chosen = position * estates // len(grids)
        estate = patterns[chosen].format(community=bare)
        if not built[chosen] and (gate := grid.middle()):
            plan.stickers.append(
                Sticker(sticker_code(f"{grid.code} {estate}"), grid.key, estate, "estate", gate)
            )
        count = max(1, round((grid.households or 0) / rules["schematic"]["building_households"]))
        _buildings(plan, grid, estate, built[chosen], count, rules)
        built[chosen] += count


def _facilities(
    bare: str, grids: list[Draft], rules: Rules, urban: bool
) -> Iterator[tuple[Draft, tuple[str, tuple[float, float]]]]:
    """Each known place in one of the community's grids, one after another."""
    labels = rules["name"]["facilities_urban" if urban else "facilities_rural"]
    for number, pattern in enumerate(labels):
        grid = grids[number % len(grids)]
        assert grid.shape is not None
        spot = schematic.points_inside(grid.shape, 1, f"{grid.code} {pattern}")[0]
        yield grid, (pattern.format(community=bare), spot)


def _buildings(plan: Plan, grid: Draft, estate: str, before: int, count: int, rules: Rules) -> None:
    assert grid.shape is not None
    shares = share_out(grid.households or 0, count, grid.code)
    for number, spot in enumerate(schematic.points_inside(grid.shape, count, grid.code), start=1):
        label = f"{estate} {rules['name']['building'].format(number=before + number)}"
        key = f"{grid.key}/{number}"
        plan.areas.append(
            Draft(key, grid.key, "building", "residential", "", label, shares[number - 1], spot=spot)
        )
        plan.stickers.append(Sticker(sticker_code(f"{grid.code} {label}"), key, label, "building", spot))
