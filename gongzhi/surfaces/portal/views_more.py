"""Report, between what and where: the further questions of the kind. All may be left; a stop shows its door first."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from gongzhi.domains.incidents.queries import questions
from gongzhi.domains.incidents.queries.questions import Answer, Cleaned
from gongzhi.surfaces import asking
from gongzhi.surfaces.portal import categories, views_report, writing
from gongzhi.surfaces.portal.drafts import Draft
from gongzhi.surfaces.portal.writing import Wrong


def page(request: HttpRequest) -> HttpResponse:
    """GET shows the questions of the draft's kind, POST keeps the answers and goes on."""
    draft, at = writing.current(request), timezone.now()
    if draft.sent:
        return views_report.already(request, draft) if request.method == "POST" else redirect("portal:report")
    if draft.empty:
        return redirect("portal:report")
    pack = writing.pack(at)
    if not questions.of(draft.leaf, pack):
        return views_report.after_what(request, draft)
    if request.method != "POST":
        return _show(request, draft, Cleaned(), [])
    draft.answers = asking.said(request, draft.leaf, pack)
    cleaned = questions.clean(draft.leaf, pack, draft.answers)
    first = [one for one in cleaned.stops if asking.CALLED not in request.POST]
    wrong = [
        Wrong(f"f-{asking.BEFORE}{code}", "有一句要改", sentence) for code, sentence in cleaned.errors.items()
    ]
    draft.answers = {code: given for code, given in draft.answers.items() if given}
    wrong += writing.keep(draft, "f-more")
    if wrong or first:
        return _show(request, draft, cleaned, wrong)
    return writing.hold(views_report.after_what(request, draft), draft)


def told(draft: Draft, at: datetime) -> list[Answer]:
    """The answers given so far, in words, for the last look."""
    pack = writing.pack(at)
    cleaned = questions.clean(draft.leaf, pack, draft.answers)
    return questions.shown(draft.leaf, pack, cleaned.values)


def _show(request: HttpRequest, draft: Draft, cleaned: Cleaned, wrong: list[Wrong]) -> HttpResponse:
    pack = writing.pack(timezone.now())
    told = {
        "draft": draft,
        "leaf": categories.leaf(pack, draft.leaf),
        "fields": asking.fields(draft.leaf, pack, draft.answers, cleaned),
        "stops": cleaned.stops,
        "wrong": wrong,
        "errors": {one.anchor: one.sentence for one in wrong},
        "step": 1,
    }
    answer = render(request, "portal/report_more.html", told, status=422 if wrong else 200)
    return writing.hold(answer, draft)
