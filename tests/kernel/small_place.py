"""A small made-up county, built as any other: for the tests of the territory."""

from datetime import UTC, date, datetime
from typing import Any

import shapely
from shapely.geometry import box

from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.territory import division, place
from gongzhi.kernel.territory.division import County, Row

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


def build_small(monkeypatch: Any) -> place.Summary:
    """Build it, with the country's tables out of reach."""
    monkeypatch.setattr(division, "county", lambda code: SMALL)
    monkeypatch.setattr(division, "outline", lambda code: OUTLINE)
    monkeypatch.setattr(division, "neighbours", lambda around: [])
    return place.build("999903", "cn", by=BY, at=AT, phones={"office": "0314-0000-{number:03d}"})


def shape(area: Any) -> Any:
    return shapely.from_wkb(bytes(area.polygon))
