"""Who sits before a staff surface, said the same on each: where and as what, and the frame around every page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from gongzhi.domains.incidents.queries import desk_inbox
from gongzhi.domains.incidents.queries.desk_decide import is_head
from gongzhi.domains.incidents.queries.desk_watch import pages_of
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.models import Mandate
from gongzhi.kernel.process.standing import role_table
from gongzhi.kernel.territory.packing import pack_name

MANDATE = "mandate"  # the session's key for the mandate chosen
GRID_LEVEL = "grid"
RENEW = "/desk/me/password/"
BEFORE_RENEWING = (RENEW, "/desk/logout/")


def must_renew(request: HttpRequest) -> bool:
    """Whether the one signed in still has the first password and looks at anything else than the page to change it."""
    return bool(getattr(request.user, "first_password", False)) and request.path not in BEFORE_RENEWING


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """To the door, and back here afterwards."""
    return redirect(f"/desk/login/?{urlencode({'next': request.get_full_path()})}")


def frame(by: Acting) -> dict[str, Any]:
    """What stands around every staff page: who one is, as what, where one may go."""
    return {
        "surface": "desk",
        "by": by,
        "me": by.name,
        "post": post(by.mandate) if by.mandate else "",
        "role": role_label(by.mandate) if by.mandate else "",
        "several": len(by.mandates) > 1,
        "watch": pages_of(by),
        "head": is_head(by),
        "worker": works_in_grid(by),
        "unread": SimpleLazyObject(lambda: desk_inbox.unread(by=by, at=timezone.now())),
    }


def works_in_grid(by: Acting) -> bool:
    """Whether the hand walks a grid rather than sits at a desk."""
    area = by.mandate.area if by.mandate else None
    return area is not None and area.level == GRID_LEVEL


def post(mandate: Mandate) -> str:
    """Where and as what: the area (or the organisation) and the role's label."""
    where = mandate.area.name if mandate.area else str(mandate.organisation or "")
    return f"{where} {role_label(mandate)}".strip()


def role_label(mandate: Mandate) -> str:
    """What the role is called here."""
    place = mandate.area or (mandate.organisation.area if mandate.organisation else None)
    return str(role_table(pack_name(place)).get(mandate.role, {}).get("label", mandate.role))
