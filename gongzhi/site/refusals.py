"""Pages for what never reaches a surface: a body too large, a form gone stale, an address that is not there."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader

from gongzhi.surfaces.api.open311.written import answer

TOO_LARGE = "这次送来的东西太大了，没有收下。每张照片 10 MB 以内，一次最多 9 张。您可以少选几张再送一次。"
STALE = "这一页放得太久了，没有送出去。请返回上一页，刷新后再送一次，您写的还在。"
MALFORMED = "没送出去：送来的东西不完整，或者一次选得太多。照片一次最多 9 张。返回上一页，写的还在，少选几张再送一次。"
ABSENT = "没有这一页。可能是链接不全，也可能已经不在了。"
BROKEN = "没送出去，您写的都还在。过一会儿再点一次，不会重复。"


def _say(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """The sentence in the form machines read, else as a page (the surfaces' ``refusal.html`` when there is one)."""
    if request.path.startswith("/open311/"):
        form = "json" if request.path.endswith(".json") else "xml"
        return answer("errors", [{"code": status, "description": sentence}], form, status)
    if request.path.startswith("/api/"):
        return JsonResponse({"refusal": sentence}, status=status, json_dumps_params={"ensure_ascii": False})
    said = {"title": title, "sentence": sentence, "status": status}
    try:
        page = loader.render_to_string("refusal.html", said, request)
    except Exception:  # the page's own parts may be what is broken: a pack, the database, a template
        page = loader.render_to_string("site/plain_refusal.html", said)
    return HttpResponse(page, status=status)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the body is beyond the limit."""
    return _say(request, 413, "太大了", TOO_LARGE)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's protection against foreign pages has run out or is missing."""
    return _say(request, 403, "请再送一次", STALE)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: cut off on the way, or more parts than a form may have."""
    return _say(request, 400, "没送出去", MALFORMED)


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing this person may see."""
    return _say(request, 404, "没有这一页", ABSENT)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault; what was typed is still in the browser."""
    return _say(request, 500, "没送出去", BROKEN)
