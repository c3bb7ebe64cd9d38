"""The reporter's own hand: rate, again, add, withdraw, disagree, urge, share. Never by the query code."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongzhi.domains.incidents import actions
from gongzhi.kernel.ids import whole
from gongzhi.kernel.process.verdict import NotKept, Refusal, SayMore
from gongzhi.surfaces.context import is_elder
from gongzhi.surfaces.portal import cookies, drafts, views_follow, writing
from gongzhi.surfaces.portal.shown import Shown

SATISFIED = {
    "very_good": "非常满意",
    "good": "满意",
    "fair": "基本满意",
    "bad": "不满意",
    "very_bad": "非常不满意",
}
ASKED = {
    "again": ("又出现了", "现在怎么样", "直接回到办这件事的单位，不用从头报。", True),
    "add": ("补充情况或照片", "想补充什么", "办事的人会看到。", True),
    "withdraw": ("不用办了，撤回", "", "撤回后不再办，经过还留着。上一级会抽查为什么撤回。", False),
    "disagree": ("我不同意", "您为什么不同意", "报给上一级，由他们重新看一次，再答复您。", False),
    "urge": ("催一催", "想说什么", "每个时限里可以催一次。", False),
}
AFTER = "say_after"  # asked on the follow page itself
WHY_WITHDRAW = {"solved": "已经好了", "myself": "自己解决了", "mistake": "报错了", "other": "不想说"}


def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """GET asks, POST does: one of :data:`ASKED` or ``rate``."""
    found = views_follow.owned(request, number)
    if name not in (*ASKED, "rate", AFTER):
        raise Http404
    if name == AFTER and request.method != "POST":
        return redirect("portal:follow", number=number)
    if request.method != "POST":
        return _ask(request, found, name, {}, "")
    try:
        take(request, found, name, _said(request, name))
    except SayMore as more:
        return _ask(request, found, name, more.errors, "", 422)
    except Refusal as refusal:
        return _ask(request, found, name, {}, refusal.sentence, 503 if isinstance(refusal, NotKept) else 409)
    return redirect(f"{reverse('portal:follow', args=[number])}?done={name}")


def take(request: HttpRequest, found: Shown, name: str, said: dict[str, Any]) -> None:
    """Through the door, with what the page showed and its own key."""
    key = request.POST.get("key") or None
    actions.take(
        found.receipt.matter_id, name, by=found.hand, at=timezone.now(), seen=_seen(request), key=key, **said
    )


def _seen(request: HttpRequest) -> int | None:
    return whole(request.POST.get("seen", ""))


def _said(request: HttpRequest, name: str) -> dict[str, Any]:
    """What the form says, under the process page's own field names; photos and voice come in first. SayMore."""
    form = request.POST
    if name in ("rate", AFTER):
        fields = ("was_contacted", "was_solved", "satisfied", "rating_words")
        said = {field: form.get(field, "").strip() for field in fields}
        if not said["was_solved"]:
            raise SayMore({"was_solved": "点一个就行：解决了，还是没解决。"})
        return {field: value for field, value in said.items() if value}
    if name == "withdraw":
        return {"why_withdraw": form.get("why_withdraw") or "other"}
    if name == "disagree":
        return {"why_disagree": form.get("words", "").strip()}
    if name == "urge":
        return {"note": form.get("words", "").strip()} if form.get("words", "").strip() else {}
    return _more(request, name)


def _more(request: HttpRequest, name: str) -> dict[str, Any]:
    """Words, photos and a voice note added to a matter."""
    carried = drafts.new()
    voice = request.FILES.get("voice") if name == "add" else None
    wrong = writing.add_files(carried, request.FILES.getlist("photos"), voice)
    if wrong:
        raise SayMore({one.anchor.removeprefix("f-"): one.sentence for one in wrong})
    said: dict[str, Any] = {"more": request.POST.get("words", "").strip(), "photos": carried.photos}
    if name == "add":
        said["voice"] = carried.voice
    kept = {field: value for field, value in said.items() if value}
    if not kept:
        raise SayMore({"words": "写一句，或者添一张照片。"})
    return kept


def _ask(
    request: HttpRequest, found: Shown, name: str, errors: dict[str, str], sentence: str, status: int = 200
) -> HttpResponse:
    """The act's own page, with what was typed so far."""
    elder = "_elder" if name == "rate" and is_elder(request) else ""
    title, label, hint, takes_photos = ASKED.get(name, ("请您评价", "", "", False))
    said = {
        "shown": found, "follow": found.f, "name": name, "title": title, "label": label, "hint": hint,
        "takes_photos": takes_photos, "errors": errors, "sentence": sentence, "said": request.POST,
        "key": request.POST.get("key") or drafts.new().key, "why_withdraw": WHY_WITHDRAW,
        "words": request.GET.get("words", ""),
    }  # fmt: skip
    page = f"portal/rate{elder}.html" if name == "rate" else "portal/act.html"
    return render(request, page, said, status=status)


def share(request: HttpRequest, number: str) -> HttpResponse:
    """A second link that only reads, without words and photos."""
    found = views_follow.owned(request, number)
    link = ""
    if request.method == "POST":
        token = actions.share(found.receipt, by=found.hand, at=timezone.now())
        link = request.build_absolute_uri(reverse("portal:shared", args=[token]))
    return render(request, "portal/share.html", {"follow": found.f, "link": link})


@require_POST
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """Take a matter off this device (a shared phone); the matter itself goes on."""
    receipt, _ = views_follow.standing(request, number)
    response = redirect("portal:mine")
    cookies.keep_held(response, cookies.held(request).without(receipt.pk))
    return response
