"""Examples of the pages of the doors: further questions, the hotline desk, the session in the square, mail."""

from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate

from gongzhi.domains.fairs.actions import Announced, announce, take
from gongzhi.domains.incidents.calls import begin
from gongzhi.domains.incidents.queries.calls import on_the_line
from gongzhi.kernel.models import Matter
from tests.cast import key


def opened_call(scene: Any) -> str:
    """A call on the clerk's line, of the resident whose lamps are in hand."""
    by, at = scene.cast.hotline(timezone.now()), timezone.now()
    held = on_the_line(by=by, at=at)
    return f"/desk/hotline/{(held or begin('13812341234', by=by, at=at)).pk}/"


def a_fair(scene: Any) -> Matter:
    """A session that runs today."""
    at = timezone.now()
    known = Matter.objects.filter(kind="fair").first()
    if known is not None:
        return known
    said = Announced(
        scene.cast.areas["community"], "广场信息赶集", "文化广场", str(localdate(at)), "18:30–20:30"
    )
    matter = announce(said, by=scene.cast.desk(at), at=at, key=key())
    take(matter, "begin", by=scene.cast.desk(at), at=at)
    return matter


PAGES: dict[str, list[tuple[str, Any]]] = {
    "workbench:hotline": [("hotline", lambda s: "/desk/hotline/")],
    "workbench:call": [("hotline", opened_call)],
    "workbench:shift": [("hotline", lambda s: "/desk/hotline/shift/")],
    "workbench:knowledge": [("hotline", lambda s: "/desk/hotline/knowledge/")],
    "workbench:fairs": [("desk", lambda s: "/desk/fairs/")],
    "workbench:fair_new": [("desk", lambda s: "/desk/fairs/new/")],
    "workbench:fair": [("desk", lambda s: f"/desk/fairs/{a_fair(s).pk}/")],
    "workbench:mails": [("hotline", lambda s: "/desk/mails/")],
    "workbench:sources": [("desk", lambda s: "/desk/sources/")],
    "portal:fairs": [("", lambda s: "/fairs/")],
    "portal:fair": [("", lambda s: f"/fairs/{a_fair(s).number}/")],
}

NO_PAGE: dict[str, str] = {
    "workbench:shift_sign": "takes the form of the hand-over sheet",
    "workbench:call_answer": "takes a choice and goes on to the call",
    "workbench:call_close": "takes the form of the call",
    "workbench:call_act": "takes a form of the call",
    "workbench:mail": "needs a letter: walked through in the tests of mail",
    "workbench:mail_settle": "takes a choice and goes back",
    "workbench:fair_act": "takes the form of the session",
    "portal:more": "needs a draft: walked through in the tests of the questions",
}
