"""The settings: who may open which page, the tables of the pack they speak with, forms that are one row of the roll."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from gongzhi.kernel import packs
from gongzhi.kernel.ledger import proposals
from gongzhi.kernel.packs import Pack
from gongzhi.kernel.people import keepers
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.keepers import NotKeeper
from gongzhi.kernel.people.sheets import BadSheets
from gongzhi.kernel.territory.models import Area
from gongzhi.kernel.territory.packing import pack_name
from gongzhi.surfaces.workbench.hands import refused, staffed

View = Callable[..., HttpResponseBase]


def keeping(*needs: str) -> Callable[[View], View]:
    """Open a page to who holds any of these powers; everyone else reads that it is not theirs."""

    def around(view: View) -> View:
        @staffed
        @wraps(view)
        def handle(request: HttpRequest, *, by: Acting, at: datetime, **kwargs: Any) -> HttpResponseBase:
            try:
                if not any(keepers.may(by, power) for power in needs):
                    keepers.need(by, needs[0])
                return view(request, by=by, at=at, **kwargs)
            except NotKeeper as no:
                return refused(request, by, str(no))

        return handle

    return around


def pack_of(by: Acting) -> Pack:
    """The pack of the administrator's district."""
    mandate = by.mandate
    place = mandate.area if mandate is not None else None
    if place is None and mandate is not None and mandate.organisation is not None:
        place = mandate.organisation.area
    return packs.load(pack_name(place))


def roles(by: Acting) -> Mapping[str, Mapping[str, Any]]:
    """The pack's roles by id."""
    table: Mapping[str, Mapping[str, Any]] = pack_of(by).table("roles")["role"]
    return table


def own_area(by: Acting) -> Area:
    """The district (or whatever area) the administrator keeps."""
    assert by.mandate is not None and by.mandate.area is not None
    return by.mandate.area


def waiting_second(by: Acting) -> int:
    """How many proposals wait that the hand could confirm."""
    return len(proposals.open_ones(by=by)) if keepers.may(by, "confirm") else 0


def day(said: str) -> date | None:
    """A day from a date field; None where none or none that is."""
    try:
        return date.fromisoformat(said.strip())
    except ValueError:
        return None


def by_field(faults: BadSheets, columns: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Faults of a one-row form: sentences by field, and those that speak of no field. ``columns``: field → column."""
    fields = {column: name for name, column in columns.items()}
    at_fields: dict[str, str] = {}
    others = []
    for one in faults.rows:
        if one.column in fields and fields[one.column] not in at_fields:
            at_fields[fields[one.column]] = one.sentence
        else:
            others.append(one.sentence)
    return at_fields, others or ([] if faults.rows else list(faults.faults))


def wrong(fields: Sequence[Any]) -> list[dict[str, str]]:
    """What the box on top of a form links to."""
    return [{"anchor": one.id, "short": one.error} for one in fields if one.error]
