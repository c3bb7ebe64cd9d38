"""One example of every page: who opens it, and where it stands. A page without an example fails a test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from gongzhi.domains.incidents.actions import take
from gongzhi.domains.incidents.queries.receipts import made_of
from gongzhi.domains.outreach.actions import Written, write
from gongzhi.kernel.models import Matter
from gongzhi.kernel.process import keys
from tests.cast import Cast, key

NAMESPACES = ("portal", "workbench", "command")
ANYBODY, REPORTER = "", "reporter"  # nobody in particular; the phone that opened the receipt's link


@dataclass
class Scene:
    """A small day: one lamp in hand, one answered and waiting for its rating, one just snapped."""

    cast: Cast
    fresh: Matter
    in_hand: Matter
    answered: Matter
    notice: Matter
    token: str


def scene(cast: Cast) -> Scene:
    """Set the scene, half an hour ago and since."""
    at = timezone.now() - timedelta(minutes=30)
    fresh = cast.snap("单元门口的灯坏了", at=at).matter
    in_hand = cast.snap("3号楼东边的路灯不亮了", at=at).matter
    answered = cast.snap("台阶旁的路灯一闪一闪", at=at).matter
    for matter in (in_hand, answered):
        dispatched(cast, matter, at)
    replied(cast, answered, at + timedelta(minutes=12))
    token, _ = made_of(keys.digest_for(answered.pk))
    return Scene(cast, fresh, in_hand, answered, hung_up(cast, at), token)


def hung_up(cast: Cast, at: datetime) -> Matter:
    """A notice that the community's desk wrote and published."""
    until = str(timezone.localdate(at) + timedelta(days=3))
    text = "8:00 到 12:00 换阀门，请提前接好水。"
    written = Written(cast.areas["community"], "outage", "周一上午停水", text, until)
    notice = write(written, by=cast.desk(at), at=at, key=key())
    take(notice, "publish", by=cast.desk(at), at=at + timedelta(minutes=1))
    return notice


def dispatched(cast: Cast, matter: Matter, at: datetime) -> None:
    """From the community to the department, one minute after the other."""
    after = iter(at + timedelta(minutes=minute) for minute in range(1, 9))
    moment = next(after)
    up = [("raise_to_street", {"note": "灯杆归区里管"})]
    take(matter, "accept", by=cast.desk(moment), at=moment, then=up)
    moment = next(after)
    take(matter, "raise_to_district", by=cast.dispatcher(moment), at=moment)
    moment = next(after)
    works = cast.organisations["works"].pk
    take(matter, "dispatch", by=cast.centre(moment), at=moment, to=works, note="台阶旁老人多")
    moment = next(after)
    take(matter, "sign_in", by=cast.works(moment), at=moment)


def replied(cast: Cast, matter: Matter, at: datetime) -> None:
    """The department's answer, checked on the spot and closed."""
    said = {
        "contacted": "talked",
        "reply_done": "换了新灯头。",
        "reply_result": "灯亮了。",
        "solved": "solved",
    }
    take(matter, "reply", by=cast.works(at), at=at, **said)
    take(matter, "pass_check", by=cast.worker(at), at=at + timedelta(minutes=1), check_way="look")
    take(matter, "close", by=cast.centre(at), at=at + timedelta(minutes=2))


Make = Callable[[Scene], str]


def at(route: str, **given: Any) -> Make:
    """The address of a page that needs nothing from the scene."""
    return lambda scene: reverse(route, kwargs=given)


def on(route: str, which: str, **given: Any) -> Make:
    """The address of a page about one of the scene's matters, by id or by number."""

    def make(scene: Scene) -> str:
        matter: Matter = getattr(scene, which)
        known: dict[str, Any] = (
            {"number": matter.number} if route.startswith("portal:") else {"matter_id": matter.pk}
        )
        return reverse(route, kwargs={**known, **given})

    return make


# Where a page of a route stands, and who opens it: several where one route draws several pages.
PAGES: dict[str, list[tuple[str, Make]]] = {
    "portal:home": [(ANYBODY, at("portal:home"))],
    "portal:here": [(ANYBODY, at("portal:here"))],
    "portal:worker": [(ANYBODY, at("portal:worker"))],
    "portal:figures": [(ANYBODY, lambda s: f"/figures/{s.cast.areas['district'].pk}/closed/")],
    "portal:code": [(ANYBODY, at("portal:code"))],
    "portal:notices": [(ANYBODY, at("portal:notices"))],
    "portal:notice": [(ANYBODY, on("portal:notice", "notice"))],
    "portal:scanned": [(ANYBODY, at("portal:scanned", code="LA3B7K2M"))],
    "portal:report": [(ANYBODY, at("portal:report"))],
    "portal:call": [(ANYBODY, at("portal:call"))],
    "portal:own": [(REPORTER, lambda s: f"/f/{s.token}")],
    "portal:find": [(ANYBODY, at("portal:find"))],
    "portal:mine": [(ANYBODY, at("portal:mine")), (REPORTER, at("portal:mine"))],
    "portal:follow": [(REPORTER, on("portal:follow", "answered"))],
    "portal:phone": [(ANYBODY, at("portal:phone"))],
    "portal:centre": [(REPORTER, on("portal:centre", "answered"))],
    "portal:record": [(REPORTER, on("portal:record", "answered"))],
    "portal:erase": [(REPORTER, on("portal:erase", "answered"))],
    "portal:share": [(REPORTER, on("portal:share", "answered"))],
    "portal:forget": [(REPORTER, on("portal:forget", "answered"))],
    "portal:act": [(REPORTER, on("portal:act", "answered", name="rate"))],
    "portal:seals": [(ANYBODY, at("portal:seals"))],
    "portal:privacy": [(ANYBODY, at("portal:privacy"))],
    "portal:accessibility": [(ANYBODY, at("portal:accessibility"))],
    "portal:supervision": [(ANYBODY, at("portal:supervision"))],
    "portal:components": [(ANYBODY, at("portal:components"))],
    "workbench:home": [
        ("desk", at("workbench:home")),
        ("works", at("workbench:home")),
        ("part_timer", at("workbench:home")),
        ("worker", at("workbench:home")),
    ],
    "workbench:all": [("dispatcher", at("workbench:all"))],
    "workbench:login": [(ANYBODY, at("workbench:login"))],
    "workbench:me": [("worker", at("workbench:me"))],
    "workbench:contacts": [("worker", at("workbench:contacts"))],
    "workbench:export": [("desk", at("workbench:export"))],
    "workbench:morning": [("secretary", at("workbench:morning")), ("chief", at("workbench:morning"))],
    "workbench:inbox": [("desk", at("workbench:inbox"))],
    "workbench:notices": [("desk", at("workbench:notices"))],
    "workbench:notice": [("desk", on("workbench:notice", "notice"))],
    "workbench:notice_write": [("desk", at("workbench:notice_write"))],
    "workbench:notice_print": [("desk", on("workbench:notice_print", "notice"))],
    "workbench:posters": [("desk", at("workbench:posters"))],
    "workbench:posters_print": [
        ("desk", lambda s: reverse("workbench:posters_print") + f"?area={s.cast.areas['building'].pk}")
    ],
    "workbench:matter": [
        ("desk", on("workbench:matter", "fresh")),
        ("works", on("workbench:matter", "in_hand")),
        ("centre", on("workbench:matter", "answered")),
        ("part_timer", on("workbench:matter", "fresh")),
    ],
    "workbench:act": [
        ("desk", on("workbench:act", "fresh", act="accept")),
        ("worker", on("workbench:act", "fresh", act="propose")),
    ],
    "workbench:phone": [("worker", on("workbench:phone", "fresh"))],
    "workbench:print": [("desk", on("workbench:print", "fresh"))],
    "workbench:settings_people": [("system", at("workbench:settings_people"))],
    "workbench:settings_new_person": [("system", at("workbench:settings_new_person"))],
    "workbench:settings_import": [("system", at("workbench:settings_import"))],
    "workbench:settings_second": [("security", at("workbench:settings_second"))],
    "workbench:settings_units": [("system", at("workbench:settings_units"))],
    "workbench:settings_new_unit": [("system", at("workbench:settings_new_unit"))],
    "workbench:settings_areas": [("system", at("workbench:settings_areas"))],
    "workbench:settings_coverage": [("system", at("workbench:settings_coverage"))],
    "workbench:settings_forces": [("system", at("workbench:settings_forces"))],
    "workbench:settings_calendar": [("system", at("workbench:settings_calendar"))],
    "workbench:settings_person": [
        ("system", lambda s: f"/desk/settings/people/{s.cast.people['worker'].pk}/")
    ],
    "workbench:settings_appoint": [
        ("system", lambda s: f"/desk/settings/people/{s.cast.people['worker'].pk}/appoint/")
    ],
    "workbench:settings_unit": [
        ("system", lambda s: f"/desk/settings/units/{s.cast.organisations['works'].pk}/")
    ],
    "workbench:settings_area": [
        ("system", lambda s: f"/desk/settings/areas/{s.cast.areas['community'].pk}/")
    ],
    "workbench:settings_outlines": [
        ("system", lambda s: f"/desk/settings/areas/{s.cast.areas['community'].pk}/outlines/")
    ],
    "workbench:settings_redraw": [
        ("system", lambda s: f"/desk/settings/areas/{s.cast.areas['community'].pk}/redraw/")
    ],
    "workbench:settings_registers": [("audit", at("workbench:settings_registers"))],
    "workbench:password": [("worker", at("workbench:password"))],
    "workbench:leave": [("worker", at("workbench:leave"))],
    "workbench:leave_of": [("worker", lambda s: f"/desk/leave/{s.cast.people['worker'].mandates.get().pk}/")],
    "workbench:report": [("desk", at("workbench:report")), ("worker", at("workbench:report"))],
    "workbench:queue": [("worker", at("workbench:queue"))],
    "workbench:offline": [(ANYBODY, at("workbench:offline"))],
    "workbench:stuck": [("chief", at("workbench:stuck"))],
    "workbench:looks": [("audit", at("workbench:looks"))],
    "workbench:desks": [("chief", at("workbench:desks"))],
    "command:home": [("centre", at("command:home")), ("dispatcher", at("command:home"))],
    "command:list": [("centre", at("command:list"))],
    "command:grids": [("centre", at("command:grids"))],
    "command:matter": [("centre", lambda stage: f"/command/m/{stage.in_hand.pk}/")],
    "command:act": [("centre", lambda stage: f"/command/m/{stage.in_hand.pk}/do/urge/")],
    "command:screen": [("centre", at("command:screen"))],
}

# Routes that draw no page of their own, each with its reason.
NO_PAGE: dict[str, str] = {
    "portal:mode": "takes a choice and goes back",
    "portal:guess": "a piece of the report page",
    "portal:take_along": "a text file",
    "portal:draft_photo": "a picture",
    "portal:where": "needs a draft: walked through in the journeys",
    "portal:contact": "needs a draft: walked through in the journeys",
    "portal:sent": "needs a report just sent: walked through in the journeys",
    "portal:sent_qr": "a picture",
    "portal:sent_picture": "a picture",
    "portal:kept": "says what to do where no cookies are kept",
    "portal:phone_out": "takes a choice and goes on",
    "portal:forget_all": "needs a code: walked through in the story of one's own list",
    "portal:record_json": "a file",
    "portal:record_zip": "a file",
    "portal:seal_file": "a file",
    "portal:shared": "exchanges a link for a cookie and goes on to the follow page",
    "portal:attachment": "a file",
    "portal:leave": "takes a choice and goes on",
    "workbench:follow": "takes a choice and goes back",
    "workbench:come_back": "takes a choice and goes back",
    "workbench:settings_person_act": "takes a form of a person's page",
    "workbench:settings_imported": "needs an import just taken in: walked through in its own tests",
    "workbench:settings_template": "a file",
    "workbench:approve": "takes the form of the morning page",
    "workbench:urge": "takes the form of the morning page",
    "workbench:told": "takes the form of one's own page",
    "workbench:inbox_open": "marks as seen and goes on to the matter",
    "workbench:inbox_seen": "takes a choice and goes back",
    "workbench:guess": "a piece of the report page",
    "workbench:hand": "a piece the phone asks for before it sends",
    "workbench:worker": "a script",
    "workbench:manifest": "a file",
    "workbench:notice_act": "takes the form of the notice",
    "workbench:poster_end": "takes a form of the list of codes",
    "workbench:logout": "takes a choice and goes on",
    "workbench:identity": "needs several mandates; the same rows as the list of a person",
    "workbench:mend": "takes a form of the matter page",
    "workbench:file": "a file",
    "workbench:slip": "needs a report just taken down",
    "command:live": "a piece of the command page",
    "command:geojson": "a file",
}


# Further pages stand beside this file, one ``pages_<topic>.py`` each, with a ``PAGES`` and a ``NO_PAGE`` of its own.
for beside in sorted(Path(__file__).parent.glob("pages_*.py")):
    more = import_module(f"tests.browser.{beside.stem}")
    PAGES |= more.PAGES
    NO_PAGE |= more.NO_PAGE


def routes() -> Iterator[str]:
    """Every named route of the three surfaces, as ``namespace:name``."""
    yield from _named(get_resolver().url_patterns, "")


def _named(patterns: Any, space: str) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _named(one.url_patterns, one.namespace or space)
        elif isinstance(one, URLPattern) and one.name and space in NAMESPACES:
            yield f"{space}:{one.name}"


__all__ = ["ANYBODY", "NO_PAGE", "PAGES", "REPORTER", "Scene", "routes", "scene"]
