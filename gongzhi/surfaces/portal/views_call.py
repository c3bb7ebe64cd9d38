"""请给我回电话: a number alone is a report. Somebody calls and writes it down together with the resident."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongzhi.domains.incidents import actions
from gongzhi.domains.incidents.intake import Report
from gongzhi.kernel.people.acting import Acting
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.kernel.process.verdict import NotKept, Refusal
from gongzhi.surfaces.portal import drafts, views_contact, views_home, where, writing


def call_me(request: HttpRequest) -> HttpResponse:
    """GET asks for the number, POST makes the report whose first wait is the call."""
    at = timezone.now()
    here = views_home.here_area(request, at)
    draft = writing.current(request) if request.method == "POST" else drafts.new()
    said = {"key": draft.key, "here": where.of_area(here, "last") if here else None, "said": request.POST}
    if request.method != "POST":
        return render(request, "portal/call.html", said)
    if draft.sent:
        return views_contact.page(request)
    try:
        number = clean_phone(request.POST.get("phone", ""))
        draft.phone, draft.who_may_see, draft.told_by = number, "all", "call"
        said_so = Report(
            area=here or where.ground(None, at),
            words=request.POST.get("note", "").strip()[: writing.LONGEST],
            contact=views_contact.contact(draft),
            over_limit=views_contact.over_limit(request, number, at),
        )
        answer = actions.report(said_so, by=Acting.public("portal"), at=at, key=draft.key)
    except NotAPhone as wrong:
        return render(request, "portal/call.html", {**said, "wrong_phone": wrong.sentence}, status=422)
    except NotKept:
        return render(request, "portal/call.html", {**said, "sentence": views_contact.NOT_SENT}, status=503)
    except Refusal as refusal:
        return render(request, "portal/call.html", {**said, "sentence": refusal.sentence}, status=409)
    return views_contact.answered(request, draft, answer)
