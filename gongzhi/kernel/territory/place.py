"""Builds a place: a county's whole territory in one transaction, from real names and schematic grids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.utils.timezone import localtime

from gongzhi.kernel import packs
from gongzhi.kernel.territory import chain, codes, division, naming, tree
from gongzhi.kernel.territory.models import LEVELS, Area, Place
from gongzhi.kernel.territory.plan import Draft, Plan, draw

ROWS_AT_ONCE = 500
PHONED = ("district", "street", "community", "grid")


@dataclass(frozen=True)
class Summary:
    """What stands after building: the district, how many of each, sentences of warning, new or found."""

    district: Area
    counts: Mapping[str, int]
    warnings: list[str] = field(default_factory=list)
    created: bool = True

    def sentence(self) -> str:
        """``3 个街道、6 个镇、31 个社区、63 个村、246 个网格、1084 栋楼``."""
        words = [f"{count} {unit}" for unit, count in self.counts.items() if count]
        return f"{self.district.name}：{'、'.join(words)}。"


def build(
    code: str,
    pack: str,
    *,
    by: Any,
    at: datetime,
    phones: Mapping[str, str] | None = None,
    since: date | None = None,
) -> Summary:
    """Build the place of a six-digit county code with a pack's rules; a place that stands already is left alone.

    ``phones`` may hold formats ``office`` and ``supervision`` with ``{number}``; without them the pack's are taken
    (usually empty, to be filled in by the place). ``since`` is the first day its areas hold (default: the day of
    ``at``). Raises ``division.Missing`` or ``codes.BadCode`` with a sentence.
    """
    standing = Area.objects.filter(code=codes.full(code), level="district", valid_to__isnull=True).first()
    if standing is not None:
        return Summary(standing, counted(standing, localtime(at).date()), created=False)
    loaded = packs.load(pack)
    rules = loaded.table("grids")
    county = division.county(code)
    plan = draw(county, division.outline(county.code), loaded.table("territory"), rules)
    first = since or localtime(at).date()
    with transaction.atomic():
        district = _insert(plan, _city(county.city, first), first, pack, phones or rules.get("phone", {}))
        counts = counted(district, first)
        facts = {"division": county.code, "pack": pack, "since": first.isoformat(), "counts": dict(counts)}
        chain.record("build", by=by, at=at, facts=facts)
    return Summary(district, counts, plan.warnings)


def counted(district: Area, day: date) -> dict[str, int]:
    """How many streets, towns, communities, villages, grids and buildings stand on a day, with their units."""
    found = dict.fromkeys(("个街道", "个镇", "个乡", "个社区", "个村", "个网格", "栋楼"), 0)
    units = {"street": "个街道", "town": "个镇", "residents": "个社区", "residents_like": "个社区"}
    units |= {"villagers": "个村", "villagers_like": "个村", "general": "个网格", "residential": "栋楼"}
    for kind, level in tree.areas(day, within=district).values_list("kind", "level"):
        if level not in ("city", "district"):
            found[units.get(kind, "个乡" if level == "street" else "个网格")] += 1
    return found


def _city(row: division.Row, first: date) -> Area:
    """The city's node above, made once."""
    code = codes.full(row.code)
    city = Area.objects.filter(code=code, level="city", valid_to__isnull=True).first()
    if city is None:
        city = Area.objects.create(
            code=code, name=row.name, level="city", path="", valid_from=first, pinyin=naming.pinyin(row.name)
        )
        city.path = f"/{city.pk}/"
        city.save(update_fields=["path"])
    return city


def _insert(plan: Plan, city: Area, first: date, pack: str, phones: Mapping[str, Any]) -> Area:
    """Rows in bulk, level by level; gives back the district."""
    rows: dict[str, Area] = {"": city}
    number = 0
    for level in LEVELS[1:]:
        drafts = plan.at(level)
        made = [as_row(draft, rows[draft.parent], first) for draft in drafts]
        for area in made if level in PHONED else []:
            number += 1
            area.phone = str(phones.get("office", "")).format(number=number)
            area.supervision_phone = str(phones.get("supervision", "")).format(number=number)
            area.pack = pack if level == "district" else ""
        insert(made)
        rows |= {draft.key: area for draft, area in zip(drafts, made, strict=True)}
    Place.objects.bulk_create(
        [
            Place(code=s.code, area=rows[s.area], label=s.label, kind=s.kind, lon=s.spot[0], lat=s.spot[1])
            for s in plan.stickers
        ],
        batch_size=ROWS_AT_ONCE,
    )
    return rows[plan.areas[0].key]


def as_row(draft: Draft, parent: Area, first: date) -> Area:
    """An area's row, not yet written; :func:`insert` gives it its path."""
    middle = draft.middle()
    return Area(
        code=draft.code,
        name=draft.name,
        level=draft.level,
        kind=draft.kind,
        parent=parent,
        path="",
        valid_from=first,
        polygon=draft.shape.wkb if draft.shape is not None else None,
        schematic=draft.level != "district",
        source_crs="wgs84",
        lon=middle[0] if middle else None,
        lat=middle[1] if middle else None,
        households=draft.households,
        pinyin=naming.pinyin(draft.name),
    )


def insert(made: list[Area]) -> None:
    """Write new areas of one level in bulk and give each its path (two kinds of statement, whatever the number)."""
    Area.objects.bulk_create(made, batch_size=ROWS_AT_ONCE)
    for area in made:
        assert area.parent is not None
        area.path = f"{area.parent.path}{area.pk}/"
    above = {area.parent_id: area.parent.path for area in made if area.parent is not None}
    for parent, path in above.items():
        tail = Concat(Value(path), Cast(F("id"), CharField()), Value("/"))
        Area.objects.filter(parent_id=parent, path="").update(path=tail)
