"""Codes, coordinates, names and schematic polygons: pure, tried by the thousand."""

import math
import random
import tomllib
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from gongzhi.kernel.territory import codes, crs, naming, schematic

TABLE = tomllib.loads(Path("packs/cn/territory.toml").read_text(encoding="utf-8"))
LON, LAT = st.floats(73.6, 135.0), st.floats(3.5, 53.5)


def metres(one: crs.Point, other: crs.Point) -> float:
    """Distance on a sphere, near enough for centimetres."""
    east = (one[0] - other[0]) * 111_320 * math.cos(math.radians(one[1]))
    return math.hypot(east, (one[1] - other[1]) * 110_574)


class TestCodes:
    @pytest.mark.parametrize(
        ("code", "level", "kind", "parent"),
        [
            ("1308", "city", "", None),
            ("130803", "district", "", "130800000000"),
            ("130803001", "street", "street", "130803000000"),
            ("130803100", "street", "town", "130803000000"),
            ("340181200", "street", "township", "340181000000"),
            ("130803001008", "community", "residents", "130803001000"),
            ("130803100201", "community", "villagers", "130803100000"),
            ("110105020400", "community", "residents_like", "110105020000"),
            ("130303101500", "community", "villagers_like", "130303101000"),
        ],
    )
    def test_segments_give_level_and_kind(self, code, level, kind, parent):
        unit = codes.parse(code, TABLE)
        assert (unit.level, unit.kind, unit.parent) == (level, kind, parent)

    def test_a_named_committee_outranks_the_number(self):
        assert codes.parse("340122100035", TABLE, "赵岗社区村民委员会").kind == "villagers"

    def test_names_people_use(self):
        assert codes.short_name("元宝山社区居民委员会", TABLE) == "元宝山社区"
        assert codes.short_name("厂沟村村民委员会", TABLE) == "厂沟村"
        assert codes.short_name("多福巷社区居委会", TABLE) == "多福巷社区"
        assert codes.short_name("翠林一里社区", TABLE) == "翠林一里社区"

    @pytest.mark.parametrize("wrong", ["", "13080", "一三〇八〇三", "13080x", "130803001600"])
    def test_what_is_no_code_is_refused_in_a_sentence(self, wrong):
        with pytest.raises(codes.BadCode, match=r"。$"):
            codes.parse(wrong, TABLE)

    @given(st.integers(1, 999), st.integers(1, 399))
    def test_every_code_of_the_rule_knows_its_parent(self, village, township):
        text = f"130803{township:03d}{village:03d}"
        if village <= 599:
            assert codes.parse(text, TABLE).parent == text[:9] + "000"


class TestCoordinates:
    @given(LON, LAT)
    def test_gcj02_and_back_is_within_half_a_metre(self, lon, lat):
        assert metres(crs.gcj02_to_wgs84(*crs.wgs84_to_gcj02(lon, lat)), (lon, lat)) < 0.5

    @given(LON, LAT)
    def test_bd09_and_back_is_within_half_a_metre(self, lon, lat):
        assert metres(crs.bd09_to_wgs84(*crs.wgs84_to_bd09(lon, lat)), (lon, lat)) < 0.5

    @given(LON, LAT, st.sampled_from(sorted(crs.SYSTEMS)))
    def test_every_system_goes_there_and_back(self, lon, lat, system):
        assert metres(crs.to_wgs84(system, *crs.from_wgs84(system, lon, lat)), (lon, lat)) < 0.5

    @given(LON, LAT)
    def test_the_shift_is_a_shift(self, lon, lat):
        assert 10 < metres(crs.wgs84_to_gcj02(lon, lat), (lon, lat)) < 1500

    def test_published_example(self):
        # 天安门: WGS-84 116.3912, 39.9073 is drawn at about 116.3974, 39.9087 on a GCJ-02 map.
        assert metres(crs.wgs84_to_gcj02(116.3912, 39.9073), (116.39744, 39.90870)) < 5

    def test_nothing_is_shifted_abroad(self):
        assert crs.wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)

    def test_an_unknown_system_is_named(self):
        assert crs.known("GCJ-02") == "gcj02"
        with pytest.raises(crs.UnknownSystem, match="西安80"):
            crs.to_wgs84("西安80", 117, 41)


class TestNames:
    def test_pinyin_and_initials(self):
        assert naming.pinyin("御祥园") == "yuxiangyuan yxy"

    def test_traditional_and_full_width_fold(self):
        assert naming.fold("禦祥園　７號樓") in ("御祥园7号楼", "禦祥园7号楼")
        assert naming.fold("雙灤區") == "双滦区"

    @pytest.mark.parametrize(
        "typed", ["北园小区7号楼", "北园小区 七栋", "北园小区7#楼3单元502", "北園小區７幢"]
    )
    def test_one_form_for_a_house_number(self, typed):
        assert naming.address(typed) == "北园小区7号楼"

    @given(st.integers(1, 99))
    def test_chinese_figures_read_back(self, count):
        assert naming.number(naming.ordinal(count)) == count


def some_tree(streets: int, dice: random.Random) -> schematic.Part:
    """A district with streets of three to five communities of one to six grids."""
    return schematic.Part(
        "d",
        parts=tuple(
            schematic.Part(
                f"s{s}",
                inner=s == 0,
                parts=tuple(
                    schematic.Part(
                        f"s{s}c{c}",
                        parts=tuple(schematic.Part(f"s{s}c{c}g{g}") for g in range(dice.randint(1, 6))),
                    )
                    for c in range(dice.randint(3, 5))
                ),
            )
            for s in range(streets)
        ),
    )


class TestSchematic:
    bay = Polygon([(117.6, 40.8), (117.9, 40.82), (117.88, 41.1), (117.75, 40.95), (117.62, 41.15)])

    @settings(max_examples=12, deadline=None)
    @given(st.integers(1, 5), st.integers(0, 10_000))
    def test_leaves_tile_the_outline_and_nest(self, streets, seed):
        tree = some_tree(streets, random.Random(seed))
        drawn = schematic.partition(self.bay, tree, str(seed))
        cells = [drawn[leaf.key] for leaf in tree.leaves()]
        assert shapely.coverage_is_valid(cells)
        assert math.isclose(sum(cell.area for cell in cells), self.bay.area, rel_tol=1e-4)
        assert all(shape.is_valid and shape.area > 0 for shape in drawn.values())
        for street in tree.parts:
            for community in street.parts:
                assert drawn[street.key].buffer(1e-9).covers(drawn[community.key])
                for grid in community.parts:
                    assert drawn[community.key].buffer(1e-9).covers(drawn[grid.key])

    def test_same_input_same_polygons(self):
        tree = some_tree(3, random.Random(1))
        once, again = (schematic.partition(self.bay, tree, "130803") for _ in range(2))
        assert {key: shape.wkb for key, shape in once.items()} == {
            key: shape.wkb for key, shape in again.items()
        }
        assert schematic.partition(self.bay, tree, "130804")["s0"].wkb != once["s0"].wkb

    def test_islands_are_not_lost(self):
        isles = shapely.union_all([box(120, 30, 120.2, 30.2), box(120.3, 30, 120.35, 30.05)])
        tree = some_tree(2, random.Random(4))
        drawn = schematic.partition(isles, tree, "1")
        assert math.isclose(sum(drawn[leaf.key].area for leaf in tree.leaves()), isles.area, rel_tol=1e-3)

    @settings(max_examples=20, deadline=None)
    @given(st.integers(1, 14), st.integers(0, 99))
    def test_buildings_stand_inside_their_grid(self, count, seed):
        spots = schematic.points_inside(self.bay, count, str(seed))
        assert len(spots) == count == len(set(spots))
        assert all(self.bay.contains(shapely.Point(spot)) for spot in spots)

    def test_grids_are_numbered_north_to_south_west_to_east(self):
        squares = {f"{x}{y}": box(x, y, x + 1, y + 1) for x in range(2) for y in range(2)}
        assert schematic.west_to_east(squares) == ["01", "11", "00", "10"]
