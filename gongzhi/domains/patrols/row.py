"""A route's and a patrol's own rows during an action: read once, written once."""

from collections.abc import Callable
from typing import Any, TypeVar

from gongzhi.domains.patrols.models import Patrol, Route, Stop
from gongzhi.kernel.process.deed import Deed

T = TypeVar("T")


def route_of(deed: Deed) -> Route:
    """The route of the matter under lock."""
    return _once(deed, "route", lambda: _own(deed, Route))


def patrol_of(deed: Deed) -> Patrol:
    """The patrol of the matter under lock."""
    return _once(deed, "patrol", lambda: _own(deed, Patrol))


def stops_of(deed: Deed) -> list[Stop]:
    """The patrol's stops, in their order."""
    return _once(deed, "stops", lambda: list(Stop.objects.filter(patrol=deed.matter.pk).order_by("n")))


def _own(deed: Deed, model: Any) -> Any:
    return model(matter_id=deed.matter.pk) if deed.work.new else model.objects.get(pk=deed.matter.pk)


def _once(deed: Deed, name: str, read: Callable[[], T]) -> T:
    if not hasattr(deed.work, name):
        setattr(deed.work, name, read())
    found: T = getattr(deed.work, name)
    return found
