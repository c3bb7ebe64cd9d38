"""Examples of the whistle's pages: one asked for, one whose departments come."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from gongzhi.domains.whistles.actions import take
from tests.browser.every_page import Make, Scene
from tests.whistles.blowing import asked, called, part


def under_way(route: str, **given: str) -> Make:
    """A whistle to two departments; one has answered, none has come."""

    def make(scene: Scene) -> str:
        at = timezone.now() - timedelta(minutes=20)
        matter = called(scene.cast, "works", "law", at=at)
        take(part(matter, scene.cast, "works"), "answer_come", by=scene.cast.works(at), at=at, coming="路上")
        return reverse(route, kwargs={"matter_id": matter.pk, **given})

    return make


def to_approve(route: str, **given: str) -> Make:
    """A whistle that waits for the street's leader, from the matter in hand."""

    def make(scene: Scene) -> str:
        at = timezone.now() - timedelta(minutes=5)
        matter = asked(scene.cast, "desk", scene.in_hand, at=at, wanted=[scene.cast.organisations["law"].pk])
        return reverse(route, kwargs={"matter_id": matter.pk, **given})

    return make


def figures_of(route: str, **given: str) -> Make:
    """The figures, with something in them."""

    def make(scene: Scene) -> str:
        under_way("workbench:whistle")(scene)
        unit = {"unit": scene.cast.organisations["works"].pk} if given else {}
        return reverse(route, kwargs={**given, **unit})

    return make


PAGES: dict[str, list[tuple[str, Make]]] = {
    "workbench:whistles": [
        ("works", figures_of("workbench:whistles")),
        ("desk", figures_of("workbench:whistles")),
    ],
    "workbench:whistle_ask": [
        ("desk", lambda scene: reverse("workbench:whistle_ask") + f"?from={scene.in_hand.pk}"),
        ("worker", lambda scene: reverse("workbench:whistle_ask")),
    ],
    "workbench:whistle": [
        ("worker", under_way("workbench:whistle")),
        ("works", under_way("workbench:whistle")),
        ("street_leader", to_approve("workbench:whistle")),
    ],
    "workbench:whistle_act": [("chief", under_way("workbench:whistle_act", act="call_more"))],
    "workbench:whistle_figures": [("chief", figures_of("workbench:whistle_figures"))],
    "workbench:whistle_behind": [("chief", figures_of("workbench:whistle_behind", which="called"))],
}

NO_PAGE: dict[str, str] = {"workbench:whistle_arrived": "takes the buttons of the whistle's page"}
