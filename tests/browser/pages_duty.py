"""Examples of the pages between desks and of the responsibility list."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongzhi.domains.responsibilities.actions import Need, raise_need, take
from gongzhi.kernel.models import Matter
from tests.cast import key

ANYBODY = ""


def a_need(scene: Any) -> Matter:
    """A need of the community's that stands before the residents."""
    kept: Matter | None = getattr(scene, "need", None)
    if kept is None:
        at = timezone.now() - timedelta(minutes=5)
        cast = scene.cast
        need = Need(cast.areas["community"], "safety", "车棚晚上太暗", "车棚里没有灯，晚上看不见脚下。")
        kept = raise_need(need, by=cast.desk(at), at=at, key=key())
        until = (timezone.localtime(at) + timedelta(days=8)).date()
        take(kept, "open_review", by=cast.secretary(at), at=at, until_day=until)
        scene.need = kept
    return kept


def of_need(route: str, **given: Any) -> Any:
    """The address of a page of that need."""

    def make(scene: Any) -> str:
        need = a_need(scene)
        known = {"number": need.number} if route.startswith("portal:") else {"matter_id": need.pk}
        return reverse(route, kwargs={**known, **given})

    return make


def plain(route: str) -> Any:
    """The address of a page that needs nothing."""
    return lambda scene: reverse(route)


PAGES: dict[str, list[tuple[str, Any]]] = {
    "portal:responsibilities": [(ANYBODY, plain("portal:responsibilities"))],
    "portal:responsibility": [(ANYBODY, of_need("portal:responsibility"))],
    "portal:listed": [(ANYBODY, plain("portal:listed"))],
    "workbench:long_term": [("dispatcher", plain("workbench:long_term"))],
    "workbench:listed": [("leader", plain("workbench:listed"))],
    "workbench:hard": [("street_leader", plain("workbench:hard"))],
    "workbench:responsibilities": [("secretary", plain("workbench:responsibilities"))],
    "workbench:responsibility": [("secretary", of_need("workbench:responsibility"))],
    "workbench:responsibility_write": [("desk", plain("workbench:responsibility_write"))],
    "workbench:responsibility_act": [("secretary", of_need("workbench:responsibility_act", act="set_aside"))],
}

NO_PAGE: dict[str, str] = {
    "workbench:paper": "a download",
}
