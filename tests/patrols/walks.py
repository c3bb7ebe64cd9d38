"""A route through the first grid and a patrol of it, for tests."""

from datetime import datetime, timedelta
from typing import Any

from gongzhi.domains.patrols import actions
from gongzhi.domains.patrols.points import Told
from gongzhi.kernel.models import Matter
from gongzhi.kernel.process.tick import tick
from gongzhi.kernel.telling.post import deliver
from tests.cast import MORNING, Cast, fresh, key

NAME = "北院消防和井盖"


def points(cast: Cast) -> list[Told]:
    """Three points: two at the building, one with a place of its own on the map."""
    house, grid = cast.areas["building"].pk, cast.areas["grid"].pk
    return [
        Told("3 号楼前消火栓", "hydrant", house),
        Told("3 号楼后井盖", "manhole", house),
        Told("北门消防通道", "fire_lane", grid, 40.951, 117.748),
    ]


def route(cast: Cast, who: str = "desk", at: datetime = MORNING, **more: Any) -> Matter:
    """Lay the route down; ``more`` changes what is told (``weekdays``, ``first_day``, ``days`` …)."""
    said = {
        "area": cast.areas["grid"],
        "name": NAME,
        "points": points(cast),
        "first_day": at.date().isoformat(),
        **more,
    }
    return actions.plan(actions.Planned(**said), by=cast.acting(who, at), at=at, key=key())


def pass_by(at: datetime) -> None:
    """The clock looks, and what it did is carried out."""
    tick(at)
    while deliver(at):
        continue


def walk(cast: Cast, at: datetime = MORNING, **more: Any) -> Matter:
    """The patrol the clock opens on the route's first day."""
    laid = route(cast, at=at, **more)
    pass_by(at + timedelta(minutes=1))
    return fresh(Matter.objects.get(kind="patrol", subject=f"route:{laid.pk}"))
