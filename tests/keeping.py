"""The three who keep the district's books, beside the cast."""

from datetime import date, datetime
from typing import Any

import pytest

from gongzhi.kernel import packs
from gongzhi.kernel.ledger import leave
from gongzhi.kernel.models import Mandate, Person
from tests.cast import MORNING, PACK, Cast, mandate

ADMINISTRATORS = {
    "system": ("邱明", "sys_admin"),
    "security": ("郑雅琴", "sec_admin"),
    "audit": ("任长河", "audit_admin"),
}
ROLES: dict[str, Any] = packs.load(PACK).table("roles")["role"]


def administrators(cast: Cast) -> Cast:
    """System, security and audit administrator of the district: three persons."""
    for login, (name, role) in ADMINISTRATORS.items():
        cast.people[login] = Person.objects.create_user(login, None, name=name)
        mandate(cast, login, role, "district", "government")
    return cast


@pytest.fixture
def kept(cast: Cast) -> Cast:
    """The neighbourhood with its three administrators."""
    return administrators(cast)


def held(cast: Cast, login: str) -> Mandate:
    """Somebody's own mandate."""
    return Mandate.objects.select_related("area", "organisation__area", "person").get(
        person=cast.people[login], stands_in_for=None
    )


def asked(
    cast: Cast, absent: str, stand_in: str, first: str, last: str, at: datetime = MORNING, **more: str
) -> leave.Wanted:
    """A stand-in from a day to a day."""
    since, until = leave.days(date.fromisoformat(first), date.fromisoformat(last), at)
    return leave.Wanted(held(cast, absent), cast.people[stand_in], since, until, **more)
