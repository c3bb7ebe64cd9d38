"""A call handed over by the exchange: it rings on the hotline's desk, and nobody reads it here."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from gongzhi.domains.incidents import calls
from gongzhi.surfaces.api.documented import REFUSALS
from gongzhi.surfaces.api.hands import STAFF, Hand

router = Router(tags=["来电"])
VERB = "call"


class CallIn(Schema):
    """A call as the exchange tells it: its number ("" where none is shown) and its own id, the same when sent again."""

    number: str = Field("", max_length=30, examples=["13800000000"])
    call_id: str = Field(min_length=1, max_length=80, examples=["pbx-20261120-000123"])


class CallOut(Schema):
    """Where the clerk finds it; the number is told to nobody."""

    id: str
    page: str


@router.post(
    "/calls",
    auth=STAFF,
    response={201: CallOut, **REFUSALS},
    summary="总机转来一个电话",
    operation_id="ring",
)
def ring(request: HttpRequest, said: CallIn) -> Any:
    """A call that rings now. The same ``call_id`` again is the same call."""
    hand: Hand = request.auth  # type: ignore[attr-defined]
    hand.need(VERB)
    call = calls.ring(said.number, said.call_id, by=hand.acting, at=timezone.now())
    return Status(201, {"id": str(call.pk), "page": f"/desk/hotline/{call.pk}/"})
