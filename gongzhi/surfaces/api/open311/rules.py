"""What the pack says of this surface (``open311.toml``), and the place it serves."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from gongzhi.kernel import packs
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.territory import tree
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces.api.open311.asked import Asked
from gongzhi.surfaces.api.open311.refusals import Absent, Missing


def rule(table: str, key: str, pack: Pack | None = None) -> Any:
    """One figure or word; of the common pack where no place is known yet."""
    return (pack or packs.load("cn")).table("open311")[table][key]


def place_of(said: Asked, at: datetime) -> Area | None:
    """The district served: the one there is; of several, the one ``jurisdiction_id`` names by its code. None: none yet.

    404 for one that is not here, 400 where several are and none is named.
    """
    rows = list(tree.areas(localtime(at).date(), level="district").defer("polygon").order_by("code"))
    if len(rows) < 2:
        return rows[0] if rows else None
    wanted = said.get("jurisdiction_id")
    if not wanted:
        codes = "、".join(f"{one.code[:6]}（{one.name}）" for one in rows)
        raise Missing(f"缺 jurisdiction_id。这里有几个区：{codes}。")
    found = [one for one in rows if one.code and one.code in (wanted, wanted.ljust(12, "0"))]
    if not found:
        raise Absent(f"没有 jurisdiction_id 是“{wanted}”的区。")
    return found[0]


def pack_of(place: Area | None) -> Pack:
    """The pack in force there."""
    return packs.load(pack_name(place))
