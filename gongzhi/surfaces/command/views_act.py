"""A matter's card, and its acts taken from here: the same forms and the same door as on the matter's own page."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongzhi.domains.incidents.queries import desk_matter, scope
from gongzhi.domains.incidents.queries.desk_acts import Act
from gongzhi.domains.incidents.queries.desk_matter import Sheet
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.process.verdict import Refusal, SomeoneWasFaster
from gongzhi.kernel.territory.models import Area
from gongzhi.surfaces import posted, taking
from gongzhi.surfaces.command import matter_card
from gongzhi.surfaces.command.hands import commanding
from gongzhi.surfaces.command.here import Here, here
from gongzhi.surfaces.command.views import draw
from gongzhi.surfaces.posted import Posted


@commanding
def matter(
    request: HttpRequest, *, by: Acting, at: datetime, area: Area, matter_id: int, act: str = ""
) -> HttpResponse:
    """The card with a form open (GET), or the act taken (POST)."""
    at_now, sheet = here(request, area), _inside(matter_id, area, by, at)
    if request.method == "POST" and act:
        return _taken(request, at_now, sheet, act, by, at)
    return draw(request, at_now, by, at, matter_card.card(sheet, at_now, by=by, at=at, act=act))


def _inside(matter_id: int, area: Area, by: Acting, at: datetime) -> Sheet:
    """A matter that hangs in the area looked at. Http404 for any other, as if it were not."""
    if not scope.inside(area, by=by, at=at).filter(pk=matter_id).exists():
        raise Http404
    return matter_card.opened(matter_id, by, at)


def _taken(
    request: HttpRequest, at_now: Here, sheet: Sheet, name: str, by: Acting, at: datetime
) -> HttpResponse:
    asked = taking.asked(sheet, name, by, at)
    said = posted.read(request, asked.asks)
    try:
        taking.take(sheet, asked, said, request, by, at)
    except SomeoneWasFaster as refusal:
        return _faster(request, at_now, sheet, refusal, said, by, at)
    except Refusal as refusal:
        return _again(request, at_now, sheet, asked, said, refusal, by, at)
    messages.success(request, taking.done(sheet, asked, by, at))
    return redirect(f"/command/{at_now.address}")


def _again(
    request: HttpRequest,
    at_now: Here,
    sheet: Sheet,
    asked: Act,
    said: Posted,
    refusal: Refusal,
    by: Acting,
    at: datetime,
) -> HttpResponse:
    """The card with the form once more; nothing typed is lost."""
    drawn = taking.again(sheet, asked, said, refusal, request, by, at)
    card = matter_card.card(sheet, at_now, by=by, at=at, drawn=drawn)
    return draw(request, at_now, by, at, card, taking.status_of(refusal))


def _faster(
    request: HttpRequest,
    at_now: Here,
    sheet: Sheet,
    refusal: SomeoneWasFaster,
    said: Posted,
    by: Acting,
    at: datetime,
) -> HttpResponse:
    """Who did what, when; the card as it stands now, and what was typed, to be copied."""
    fresh = matter_card.card(matter_card.opened(sheet.matter.pk, by, at), at_now, by=by, at=at)
    fresh.faster = desk_matter.since(sheet.matter.pk, int(refusal.more.get("seen", 0)), by=by, at=at)
    fresh.yours = said.words
    return draw(request, at_now, by, at, fresh, 409)
