"""Examples of the pages for orders of other systems; the sheets are taken in where a page is first asked for."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from gongzhi.domains.incidents.outer import batches
from gongzhi.domains.incidents.outer.models import OuterBatch
from tests.outer.sheets import carried, checked, row, text

CENTRE = "centre"


def _with_sheet(path: str) -> Callable[[Any], str]:
    """An address with the checked sheet's id in it."""

    def make(scene: Any) -> str:
        at = timezone.now()
        by = scene.cast.centre(at)
        if not OuterBatch.objects.exists():
            carried(text([row(n) for n in range(3)]), by, at=at)
            checked(text([row(1), row(9), row(10, 联系电话="12")]), by, at=at)
        found = OuterBatch.objects.filter(state=batches.CHECKED).order_by("-pk")[0]
        return path.format(found.pk)

    return make


PAGES: dict[str, list[tuple[str, Callable[[Any], str]]]] = {
    "workbench:outer": [(CENTRE, _with_sheet("/desk/outer/"))],
    "workbench:outer_batch": [(CENTRE, _with_sheet("/desk/outer/sheet/{}/"))],
    "workbench:outer_due": [
        (CENTRE, lambda scene: "/desk/outer/due/"),
        (CENTRE, lambda scene: "/desk/outer/due/?tab=given"),
    ],
    "workbench:outer_rates": [(CENTRE, lambda scene: "/desk/outer/rates/")],
    "workbench:outer_behind": [(CENTRE, lambda scene: "/desk/outer/rates/list/?which=solved")],
    "workbench:upper": [(CENTRE, _with_sheet("/desk/upper/"))],
}
NO_PAGE = {
    "workbench:outer_faults": "a file",
    "workbench:outer_due_file": "a file, by POST",
    "workbench:upper_file": "a file, by POST",
    "workbench:outer_contacted": "an act; goes back to the matter's page",
    "workbench:outer_same": "an act; goes back to the matter's page",
}
