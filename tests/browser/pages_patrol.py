"""Examples of the patrol pages; the walk is opened where a page is first asked for."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from gongzhi.kernel.models import Matter
from tests.patrols.walks import walk

DESK, WORKER = "desk", "worker"


def _kind(kind: str) -> Matter:
    """The one of the scene: made once, by the desk and the clock."""
    return Matter.objects.get(kind=kind)


def _with_walk(path: str, kind: str) -> Callable[[Any], str]:
    def make(scene: Any) -> str:
        if not Matter.objects.filter(kind=kind).exists():
            walk(scene.cast, timezone.now(), weekdays="1234567")
        return path.format(_kind(kind).pk)

    return make


PAGES: dict[str, list[tuple[str, Callable[[Any], str]]]] = {
    "workbench:patrols": [
        (DESK, lambda scene: "/desk/patrol/?tab=past"),
        (WORKER, _with_walk("/desk/patrol/", "patrol")),
    ],
    "workbench:patrol": [(WORKER, _with_walk("/desk/patrol/{}/", "patrol"))],
    "workbench:patrol_share": [(DESK, lambda scene: "/desk/patrol/share/")],
    "workbench:patrol_behind": [(DESK, lambda scene: "/desk/patrol/share/list/?which=all")],
    "workbench:patrol_routes": [(DESK, lambda scene: "/desk/patrol/routes/")],
    "workbench:patrol_route_new": [
        (DESK, lambda scene: "/desk/patrol/routes/new/"),
        (DESK, lambda scene: f"/desk/patrol/routes/new/?grid={scene.cast.areas['grid'].pk}"),
    ],
    "workbench:patrol_route": [(DESK, _with_walk("/desk/patrol/routes/{}/", "patrol_route"))],
}

NO_PAGE: dict[str, str] = {
    "workbench:patrol_act": "takes the forms of the patrol",
    "workbench:patrol_route_act": "takes the forms of the route",
    "workbench:leave_over": "takes what a phone hands on",
    "workbench:patrol_picture": "a picture",
}
