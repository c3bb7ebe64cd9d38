"""A matter on its way between desks: at the district, in hand of a department, with or without helpers."""

from typing import Any

from gongzhi.domains.incidents.actions import take
from gongzhi.kernel.models import Matter
from tests.cast import MORNING, Cast, clock

LATER = clock("2026-11-20 15:00")


def at_district(cast: Cast, **more: Any) -> Matter:
    matter = cast.snap("张大爷说路灯杆歪了", **more).matter
    take(matter, "accept", by=cast.desk(), at=MORNING, then=[("raise_to_street", {})])
    take(matter, "raise_to_district", by=cast.dispatcher(), at=MORNING)
    return matter


def in_hand(cast: Cast, *assisting: str, **more: Any) -> Matter:
    matter = at_district(cast, **more)
    units = [cast.organisations[one] for one in assisting]
    said = {"assisting": units, "assist_ask": "请把挡路的车劝走"} if units else {}
    take(matter, "dispatch", by=cast.centre(), at=MORNING, to=cast.organisations["works"], **said)
    take(matter, "sign_in", by=cast.works(), at=MORNING)
    return matter
