"""Grids redrawn from a day on, and real outlines imported: with a database."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
import shapely
from django.db.models import Q
from shapely.geometry import box, mapping

from gongzhi.kernel.ledger.models import Entry
from gongzhi.kernel.territory import crs, importer, lookup, outlines, redraw, tree
from gongzhi.kernel.territory.models import Area, Place
from tests.kernel.small_place import AT, BY, TODAY, build_small, shape


@pytest.fixture
def small(db, monkeypatch):
    return build_small(monkeypatch)


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
