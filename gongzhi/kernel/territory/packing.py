"""Which pack holds for an area: the one hung on it, or on the nearest area above."""

from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.tree import ids_above

COMMON = "cn"
_kept: dict[int, str] = {}


def pack_name(area: Area | None) -> str:
    """Name of the pack in force for an area (one statement the first time, then kept)."""
    if area is None:
        return COMMON
    if area.pk not in _kept:
        above = ids_above(area)
        named = dict(Area.objects.filter(pk__in=above).exclude(pack="").values_list("pk", "pack"))
        _kept[area.pk] = next((named[one] for one in reversed(above) if one in named), COMMON)
    return _kept[area.pk]


def forget() -> None:
    """Read packs of areas anew (territory changed, or a test has emptied the database)."""
    _kept.clear()
