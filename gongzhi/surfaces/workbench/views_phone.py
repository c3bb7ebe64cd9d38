"""The worker's phone without signal: its script, its shell, the queue page, and whose hand is on it now."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone

from gongzhi.kernel.people.acting import Acting, as_mandate
from gongzhi.kernel.people.models import Person
from gongzhi.surfaces import place_name
from gongzhi.surfaces.seat import MANDATE
from gongzhi.surfaces.workbench.hands import page, staffed
from gongzhi.surfaces.workbench.keeping import hand_mark, may_keep, nobody, person_mark

ISLANDS = "gongzhi/islands/"
SHELL = (
    *(f"gongzhi/{name}" for name in ("house.css", "desk.css", "icons.svg", "favicon.svg")),
    *(f"gongzhi/{name}.svg" for name in ("down", "dot", "warn", "tick-white", "tick-indigo")),
    f"{ISLANDS}desk.js",
    f"{ISLANDS}phone.js",
)
PIECE = re.compile(r"[\"']\./(piece-[\w-]+\.js)[\"']")
WORKER = f"{ISLANDS}worker.js"


def worker(request: HttpRequest) -> HttpResponse:
    """The worker script, from an address below which it may serve; it carries the shell's addresses."""
    text = _text(WORKER)
    if not text:
        raise Http404
    shell = json.dumps([*(static(name) for name in (*SHELL, *_pieces())), "/desk/offline/"])
    answer = HttpResponse(f"self.SHELL={shell};\n{text}", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@cache
def _text(name: str) -> str:
    found = finders.find(name)
    return Path(found).read_text() if isinstance(found, str) else ""


@cache
def _pieces() -> tuple[str, ...]:
    """What the phone's script is cut into."""
    names = dict.fromkeys(PIECE.findall(_text(f"{ISLANDS}phone.js")))
    return tuple(f"{ISLANDS}{name}" for name in names)


def manifest(request: HttpRequest) -> JsonResponse:
    """What a home screen needs to open the workbench like an app."""
    district, _ = place_name.called()
    said = {
        "name": f"{district}共治工作台",
        "short_name": "共治工作台",
        "lang": "zh-CN",
        "start_url": "/desk/",
        "scope": "/desk/",
        "display": "standalone",
        "background_color": "#FAF8F3",
        "theme_color": "#FAF8F3",
        "icons": [{"src": static("gongzhi/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(
        said, json_dumps_params={"ensure_ascii": False}, content_type="application/manifest+json"
    )


def offline(request: HttpRequest) -> HttpResponse:
    """What stands where there is no signal and no kept copy; it names nobody."""
    return render(request, "workbench/offline.html", {"surface": "desk"})


def hand(request: HttpRequest) -> HttpResponse:
    """Whose hand is on the desk now, with a fresh token for what it sends; 401 where nobody has signed in.

    403 where the mandate has ended: the next page says so and signs out.
    """
    at = timezone.now()
    if not isinstance(request.user, Person):
        return nobody(JsonResponse({"signed_in": False}, status=401))
    by = as_mandate(request.user, request.session.get(MANDATE), at)
    if by is None:
        return nobody(JsonResponse({"signed_in": False}, status=403))
    said = {"hand": hand_mark(by), "person": person_mark(by), "name": by.name, "token": get_token(request)}
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


@staffed
def queue(request: HttpRequest, *, by: Acting, at: Any) -> HttpResponse:
    """待发送: drawn by the phone from what it holds; the page itself is the same for everybody."""
    return may_keep(page(request, "queue", by, {"title": "待发送", "here": "queue"}), by)
