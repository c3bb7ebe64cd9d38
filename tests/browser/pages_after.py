"""Pages of what follows a closing: call-backs, appeals, rates."""

from datetime import timedelta

from django.utils import timezone

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.people.acting import Acting
from tests.browser.every_page import Make, Scene, at


def ringing(scene: Scene) -> str:
    """The answered matter, drawn for a call-back, which waits at the hotline's desk."""
    now = timezone.now()
    take(scene.answered, "ask_back", by=Acting.clock(), at=now - timedelta(minutes=1))
    return f"/desk/m/{scene.answered.pk}/callback/"


PAGES: dict[str, list[tuple[str, Make]]] = {
    "workbench:rates": [("centre", at("workbench:rates")), ("works", at("workbench:rates"))],
    "workbench:rates_list": [("centre", lambda s: "/desk/rates/list/?part=opened")],
    "workbench:rates_export": [("centre", at("workbench:rates_export"))],
    "workbench:appeals": [("works", at("workbench:appeals")), ("centre", at("workbench:appeals"))],
    "workbench:callbacks": [("hotline", at("workbench:callbacks"))],
    "workbench:callback": [("hotline", ringing)],
}
NO_PAGE: dict[str, str] = {}
