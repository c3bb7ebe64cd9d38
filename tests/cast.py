"""One cast for every test: a small district, the people who keep it, and the outsider who is always refused.

All names are invented. Times are told in Asia/Shanghai and handed in; nothing here reads a clock.
"""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from gongzhi.domains.incidents.actions import Contact, Report, Reported, report
from gongzhi.kernel.models import Area, Mandate, Matter, Organisation, Person, Place
from gongzhi.kernel.people.acting import Acting, as_mandate

HOME = ZoneInfo("Asia/Shanghai")
PACK = "cn"
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
_numbers = itertools.count(1)


def clock(text: str) -> datetime:
    """A moment said as people say it: ``"2026-11-20 08:52"`` in local time."""
    return datetime.fromisoformat(text).replace(tzinfo=HOME)


MORNING = clock("2026-11-20 08:52")


def key() -> str:
    """A fresh idempotency key, as a device would make one."""
    return f"{next(_numbers):032x}"


@dataclass
class Cast:
    """The neighbourhood. People are handed out as ``Acting`` at a moment: ``cast.worker(at)``."""

    areas: dict[str, Area] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name in ROLES:
            return lambda at=MORNING: self.acting(name, at)
        raise AttributeError(name)

    def acting(self, name: str, at: datetime = MORNING) -> Acting:
        """A person of the cast under their first current mandate."""
        found = as_mandate(self.people[name], None, at)
        assert found is not None, f"{name} has no mandate at {at}"
        return found

    def snap(self, said: str = "3号楼东边的路灯不亮了", at: datetime = MORNING, **more: Any) -> Reported:
        """A resident's snap from a phone, in the first grid unless said otherwise."""
        fields: dict[str, Any] = {"words": said, "category": "lamp", "place": "3号楼东侧", **more}
        fields.setdefault("area", self.areas["grid"])
        fields.setdefault("contact", Contact(phone="13812341234", told_by="sms"))
        return report(Report(**fields), by=Acting.public(), at=at, key=key())

    def reporter(self, told: Reported) -> Acting:
        """The reporter's own hand."""
        assert told.tie_id is not None
        return Acting.receipt(told.tie_id, told.matter.pk)


ROLES = {
    # name: (shown name, role, area, organisation)
    "worker": ("周海燕", "grid_worker", "grid", "committee"),
    "neighbour": ("马德顺", "grid_worker", "next_grid", "committee"),
    "tenth": ("佟小满", "grid_worker", "tenth_grid", "committee"),
    "part_timer": ("郝建设", "part_time_worker", "grid", "property"),
    "desk": ("孙立群", "community_desk", "community", "committee"),
    "secretary": ("陈玉梅", "community_secretary", "community", "committee"),
    "street_desk": ("赵国平", "street_desk", "street", "street_office"),
    "dispatcher": ("李文博", "street_dispatcher", "street", "street_office"),
    "street_leader": ("谢长安", "street_leader", "street", "street_office"),
    "private_officer": ("姜雅文", "private_officer", "street", "street_office"),
    "centre": ("何建军", "district_dispatcher", "district", "centre"),
    "chief": ("罗振东", "district_chief", "district", "centre"),
    "leader": ("梁志远", "district_leader", "district", "government"),
    "hotline": ("吴晓丽", "hotline_clerk", "district", "centre"),
    "works": ("周大勇", "unit_contact", None, "works"),
    "works_lead": ("秦书林", "unit_lead", None, "works"),
    "law": ("石磊", "unit_contact", None, "law"),
    "other_desk": ("吕秀英", "community_desk", "other_community", "other_committee"),
    "outsider": ("孙守义", "unit_contact", None, "elsewhere"),
}


def build() -> Cast:
    """Set the stage (about fifty rows)."""
    cast = Cast()
    _territory(cast)
    _organisations(cast)
    for login, (name, role, area, organisation) in ROLES.items():
        person = Person.objects.create_user(login, None, name=name)
        cast.people[login] = person
        mandate(cast, login, role, area, organisation)
    return cast


def mandate(
    cast: Cast, login: str, role: str, area: str | None, organisation: str | None, **more: Any
) -> Mandate:
    """Give somebody of the cast a mandate."""
    more.setdefault("since", SINCE)
    return Mandate.objects.create(
        person=cast.people[login],
        role=role,
        area=cast.areas[area] if area else None,
        organisation=cast.organisations[organisation] if organisation else None,
        **more,
    )


def add_area(cast: Cast, name: str, label: str, level: str, parent: str | None, **more: Any) -> Area:
    """One node of the tree."""
    above = cast.areas[parent] if parent else None
    row = Area.objects.create(
        name=label,
        level=level,
        parent=above,
        path="/",
        valid_from=more.pop("valid_from", date(2024, 1, 1)),
        **more,
    )
    row.path = f"{above.path if above else '/'}{row.pk}/"
    row.save(update_fields=["path"])
    cast.areas[name] = row
    return row


def square(west: float, south: float, side: float = 0.02) -> dict[str, Any]:
    """A square of ground, as WKB, with its middle."""
    ground = shapely.box(west, south, west + side, south + side)
    return {"polygon": shapely.to_wkb(ground), "lat": south + side / 2, "lon": west + side / 2}


def _territory(cast: Cast) -> None:
    add_area(cast, "city", "平川市", "city", None)
    add_area(
        cast,
        "district",
        "临河区",
        "district",
        "city",
        code="990101000000",
        pack=PACK,
        **square(117.70, 40.90, 0.2),
    )
    add_area(cast, "street", "柳岸街道", "street", "district", code="990101001000")
    add_area(cast, "other_street", "桥头街道", "street", "district", code="990101002000")
    add_area(cast, "community", "柳岸社区", "community", "street", code="990101001001", households=1800)
    add_area(cast, "other_community", "望山社区", "community", "street", code="990101001002", households=1600)
    add_area(cast, "grid", "第一网格", "grid", "community", code="990101001001001", **square(117.74, 40.94))
    add_area(
        cast, "next_grid", "第二网格", "grid", "community", code="990101001001002", **square(117.76, 40.94)
    )
    add_area(
        cast, "tenth_grid", "第十网格", "grid", "community", code="9901010010010010", **square(117.78, 40.94)
    )
    add_area(cast, "building", "3 号楼", "building", "grid")
    Place.objects.create(code="LA3B7K2M", area=cast.areas["building"], label="3 号楼", kind="building")


def _organisations(cast: Cast) -> None:
    rows = {
        "committee": ("柳岸社区居民委员会", "committee", "community", "committee"),
        "other_committee": ("望山社区居民委员会", "committee", "other_community", "committee"),
        "property": ("安居物业公司", "property_company", "community", "property"),
        "street_office": ("柳岸街道办事处", "street_office", "street", "street_office"),
        "centre": ("区指挥中心", "district_centre", "district", "district_centre"),
        "government": ("区政府办公室", "department", "district", "government"),
        "works": ("区市政中心", "department", "district", "municipal_works"),
        "law": ("区执法局", "department", "district", "city_law"),
        "elsewhere": ("外区住建局", "department", None, ""),
    }
    for name, (label, kind, area, duty) in rows.items():
        cast.organisations[name] = Organisation.objects.create(
            name=label, kind=kind, duty=duty, area=cast.areas[area] if area else None
        )
    cast.organisations["property"].serves.add(cast.areas["community"])


def fresh(matter: Matter | Reported) -> Matter:
    """The matter as it stands in the database now."""
    pk = matter.matter.pk if isinstance(matter, Reported) else matter.pk
    return Matter.objects.select_related("area").get(pk=pk)
