"""Eyes on every surface: what one hand finds on lists, figures, maps and pages, and what it gets of one matter."""

import io
import re
from collections.abc import Callable, Collection
from functools import cache
from typing import Any

from django.core import signing
from django.test import Client
from PIL import Image

from gongzhi.domains.incidents.actions import Contact
from gongzhi.kernel.ledger import files
from gongzhi.kernel.models import Attachment, Matter
from tests.api.asking import spoken_by
from tests.cast import Cast

SAID = "蓝色水塔旁边"
KEPT = Contact(phone="13812341234", told_by="sms", who_may_see="sealed_from_grid")
FOR_COMMUNITY = Contact(phone="13812341234", told_by="sms", who_may_see="community_only")
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "lamp": ("的路灯不亮", {}),
    "noise": ("楼上半夜放音响", {"category": "noise_home"}),
    "for_community": ("的路灯不亮", {"contact": FOR_COMMUNITY}),
    "next_lamp": ("的路灯不亮", {"area": "next_grid"}),
    "tenth_lamp": ("的路灯不亮", {"area": "tenth_grid"}),
    "other_lamp": ("的路灯不亮", {"area": "other_community"}),
    "company": ("物业不管", {"category": "property_service", "about": ("property_company",)}),
    "committee": ("居委会不公开账目", {"category": "staff_attitude", "about": ("community",)}),
    "kept_out": ("的路灯不亮", {"contact": KEPT}),
    "danger": ("老公打我，现在还在砸门", {"category": ""}),
}


def make(cast: Cast, kind: str) -> Matter:
    """A matter of a kind with words, a place and a photo by which it would be recognised."""
    words, more = KINDS[kind]
    area = cast.areas[more["area"]] if "area" in more else cast.areas["grid"]
    said = {**more, "area": area, "place": SAID, "photos": (photo(kind),)}
    return cast.snap(f"{SAID}{words}", **said).matter


@cache
def photo(kind: str) -> files.Stored:
    """A small photo of one colour, another for each kind."""
    out = io.BytesIO()
    Image.new("RGB", (32, 24), (list(KINDS).index(kind) * 20, 90, 120)).save(out, "JPEG")
    return files.receive_photo("a.jpg", io.BytesIO(out.getvalue()))


class Eye:
    """Somebody of the cast with a browser signed in and a token."""

    def __init__(self, cast: Cast, name: str) -> None:
        self.client = Client()
        self.client.force_login(cast.people[name])
        self.machine = spoken_by(cast, name)
        self.commands = (
            self.client.get("/command/list/").status_code == 200
        )  # else each address there is refused

    def pages(self) -> dict[str, str]:
        """Every list, search, figure, map and live view, as text in which only what is found differs."""
        desk = (
            "",
            "?tab=late",
            "?tab=mine",
            "?tab=done",
            "?tab=watch",
            "morning/",
            "contacts/",
            "all/",
            f"all/?q={SAID[:4]}",
            "watch/stuck/",
            "watch/desks/",
            "inbox/",
            "notices/",
            "notices/?tab=past",
            "whistles/?tab=open",
            "whistles/?tab=over",
            "whistles/figures/",
            "posters/",
            "fairs/",
            "sources/",
            "hotline/",
            "mails/",
            "patrol/",
            "patrol/share/",
            "patrol/share/list/?which=all",
            "rates/",
            "rates/?by=area",
            "rates/list/?part=opened",
            "rates/appeals/",
            "records/daily/",
            "records/list/?which=open",
            "records/month/",
            "records/statistics/",
            "records/statistics/list/?part=reported",
            "callbacks/",
            "repeats/?days=365&of=lamp",
            "repeats/?days=365&by=community",
            "long-term/",
            "listed/",
            "hard/",
            "responsibilities/",
        )
        command = (
            "",
            "?m=late&view=map",
            "?view=list&tab=mine&p=7",
            "grids/",
            "live/",
            "grids.geojson",
            "screen/",
            *(f"list/?which={one}" for one in LISTS),
        )
        found = {f"/desk/{path}": self.page(f"/desk/{path}") for path in desk}
        found |= {f"/command/{path}": self.page(f"/command/{path}") for path in command}
        for query in ({}, {"q": SAID[:4]}):
            answer = self.machine.get("/matters", **query)
            found[f"api {query}"] = f"{answer.status_code} {answer.content.decode()}"
        return found

    def page(self, path: str) -> str:
        """One page, as text."""
        return settled(self.client.get(path))

    def of(self, matter: Matter, only: Collection[str] = ()) -> dict[str, tuple[int, str]]:
        """What this hand gets of one matter when it knows the address: status and text, way by way (all, or some)."""
        pk, shot = matter.pk, Attachment.objects.get(matter=matter).pk
        ways: dict[str, Callable[[], Any]] = {
            "detail": lambda: self.client.get(f"/desk/m/{pk}/"),
            "print": lambda: self.client.post(f"/desk/m/{pk}/print/", {"purpose": "file"}),
            "as a notice": lambda: self.client.get(f"/desk/notices/{pk}/"),
            "near": lambda: self.client.get(f"/desk/m/{pk}/near/"),
            "number": lambda: self.client.post(f"/desk/m/{pk}/phone/", {"purpose": "ask_place"}),
            "photo": lambda: self.client.get(f"/desk/file/{shot}"),
            "thumbnail": lambda: self.client.get(f"/desk/file/{shot}?small=1"),
            "api detail": lambda: self.machine.get(f"/matters/{pk}"),
            "api acts": lambda: self.machine.get(f"/matters/{pk}/actions"),
            "api photo": lambda: self.machine.get(f"/files/{shot}"),
        }
        if self.commands:
            ways["card"] = lambda: self.client.get(f"/command/m/{pk}/")
            ways["act from its card"] = lambda: self.client.post(f"/command/m/{pk}/do/urge/", {"seen": "9"})
        return {way: _answer(ask()) for way, ask in ways.items() if not only or way in only}


MONTH = "start_date=2026-11-01T00:00:00Z&end_date=2026-12-01T00:00:00Z"  # as other systems ask
LISTS = ("open", "new", "late", "due", "new&p=7", "closed&p=30", "noresult&p=30", "unseen")


def _answer(answer: Any) -> tuple[int, str]:
    if answer.streaming:
        return answer.status_code, f"{len(b''.join(answer.streaming_content))} bytes"
    return answer.status_code, answer.content.decode()


def settled(answer: Any) -> str:
    """A page without what differs each time it is drawn."""
    text = re.sub(r'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"', "", answer.content.decode())
    return f"{answer.status_code} {text}"


def neighbour(cast: Cast, area: str = "grid") -> Client:
    """Anyone's phone that has reported from this area before, so that home shows its community."""
    client, spot = Client(), cast.areas[area]
    packed = {
        "area_id": spot.pk, "label": spot.name, "within": "", "level": spot.level, "source": "last"
    }  # fmt: skip
    client.cookies["gz_spot"] = signing.dumps(packed, salt="gz_spot", compress=True)
    return client


def public_pages(cast: Cast) -> dict[str, str]:
    """What anyone may read of the neighbourhood."""
    client = neighbour(cast)
    paths = [
        "/",
        "/notices/",
        "/p/LA3B7K2M",
        "/worker/",
        "/supervision/",
        "/listed/",
        "/responsibilities/",
        "/seals/",
        "/mine/",
        "/report/",
    ]
    for area in ("district", "street", "community"):
        paths += [f"/figures/{cast.areas[area].pk}/{one}/" for one in ("closed", "on_time", "satisfied")]
    paths += [
        f"/open311/v2/{one}?{MONTH}" for one in ("requests.json", "requests.xml", "servicerequestupdates.xml")
    ]
    return {path: settled(client.get(path)) for path in paths}
