"""The selected grid's card: its numbers, who walks it and is on duty by the roster, what is open there, the ways on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from gongzhi.domains.incidents.queries import lists
from gongzhi.domains.incidents.queries.counters import Measured
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.roster import Worker, grid_worker, office_line
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces.command.here import Here, to_matter

SHOWN = 2


@dataclass(frozen=True)
class Card:
    """The selected grid."""

    area: Area
    community: str
    measured: Measured
    worker: Worker | None
    office: str
    matters: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str], ...]


def chosen(here: Here, found: dict[int, Measured]) -> Area | None:
    """The grid asked for, else the one with most late, then most open; only one of this area."""
    busiest = max(found, key=lambda pk: (found[pk].late, found[pk].open, -pk), default=None)
    wanted = int(here.grid) if here.grid else busiest
    grid = Area.objects.filter(pk=wanted or 0, level="grid").select_related("parent").first()
    return grid if grid is not None and grid.path.startswith(here.area.path) else None


def card(grid: Area, here: Here, measured: Measured, *, by: Acting, at: datetime) -> Card:
    """What stands on the card (about eight statements)."""
    rows = lists.listing(grid, lists.Asked("open"), by=by, at=at, most=SHOWN).rows
    ways = [("打开清单", list_of(grid, "open"))]
    if measured.late:
        ways.append(("看超期", list_of(grid, "late")))
    return Card(
        area=grid,
        community=grid.parent.name if grid.parent else "",
        measured=measured,
        worker=grid_worker(grid, at),
        office=office_line(grid.parent_id),
        matters=tuple(
            (row.matter.title, to_matter(here, row.matter.pk)) for row in rows if row.level == "full"
        ),
        lists=tuple(ways),
    )


def list_of(area: Area, which: str, **more: Any) -> str:
    """The address of a list."""
    return f"/command/list/?{urlencode({'area': area.pk, 'which': which, **more})}"
