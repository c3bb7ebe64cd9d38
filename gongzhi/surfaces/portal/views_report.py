"""Report, first screen: photos, a sentence or a voice note, and what it looks like. Works without JavaScript."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongzhi.domains.incidents import suggest
from gongzhi.domains.incidents.queries import learned, questions
from gongzhi.domains.incidents.suggest import Danger, Exit, Party, Suggestion
from gongzhi.kernel.ids import whole
from gongzhi.kernel.ledger import files
from gongzhi.kernel.people import limits
from gongzhi.kernel.people.phones import NotAPhone, clean_phone
from gongzhi.surfaces.context import is_elder
from gongzhi.surfaces.portal import categories, cookies, drafts, views_code, views_near, where, writing
from gongzhi.surfaces.portal.categories import Leaf
from gongzhi.surfaces.portal.drafts import Draft
from gongzhi.surfaces.portal.writing import Wrong

OTHER = "none"  # "都不是"; the pack has a leaf named other


@dataclass(frozen=True)
class Guess:
    """What the words suggest: leaves with reasons, a door elsewhere, words of danger, whom it may complain of."""

    leaves: list[Suggestion]
    leaf: Leaf | None
    because: str
    exit: Exit | None
    danger: Danger | None
    parties: tuple[Party, ...]

    @property
    def ruled(self) -> str:
        """The kind picked out beforehand: the word rules' first; what was learned is only offered."""
        return _first(self.leaves)

    @property
    def apart(self) -> bool:
        """A kind chosen by hand that the words did not suggest."""
        return self.leaf is not None and self.leaf.id not in {one.leaf for one in self.leaves}

    @property
    def asked(self) -> set[str]:
        """The questions that must have been seen before going on."""
        found = {f"exit:{self.exit.id}"} if self.exit else set()
        return found | ({"danger"} if self.danger else set()) | ({"about"} if self.parties else set())


def guess(draft: Draft, at: datetime) -> Guess:
    """Read the words and the chosen leaf with the district's pack."""
    pack = writing.pack(at)
    found = learned.suggestions(draft.words, pack, where.district(at))
    chosen = draft.leaf if draft.by_hand else _first(found)
    because = next((one.because for one in found if one.leaf == chosen), "")
    return Guess(
        leaves=found,
        leaf=categories.leaf(pack, chosen),
        because=because,
        exit=suggest.exit_for(draft.words, pack) or suggest.exit_of(chosen, pack),
        danger=suggest.danger(draft.words, pack),
        parties=suggest.points_at_people(draft.words, chosen, pack),
    )


def _first(found: list[Suggestion]) -> str:
    return next((one.leaf for one in found if not one.learned), "")


def what(request: HttpRequest) -> HttpResponse:
    """GET shows the draft, POST adds to it and goes on to where."""
    if request.method != "POST":
        draft = writing.fresh(request)
        return _page(request, draft, guess(draft, timezone.now()), [])
    draft = writing.current(request)
    if draft.sent:
        return already(request, draft)
    wrong = _take(request, draft)
    now = guess(draft, timezone.now())
    _judge(draft, now)
    unseen = now.asked - set(draft.seen)
    draft.seen = sorted({*draft.seen, *now.asked})
    wrong += writing.keep(draft)
    if "stay" in request.POST or "remove" in request.POST or {"drop_voice", "drop_video"} & set(request.POST):
        return _page(request, draft, now, wrong)
    wrong += _missing(draft, now, unseen)
    if wrong or unseen:
        return _page(request, draft, now, wrong, ask_first=bool(unseen))
    return writing.hold(_onwards(request, draft), draft)


def _onwards(request: HttpRequest, draft: Draft) -> HttpResponse:
    """On to the kind's further questions, where it has some, else to where."""
    if draft.leaf != OTHER and questions.of(draft.leaf, writing.pack(timezone.now())):
        return redirect("portal:more")
    return after_what(request, draft)


def after_what(request: HttpRequest, draft: Draft) -> HttpResponse:
    """On to where; in 长辈版 a scanned code has said it, and the last screen can still change it."""
    spot = views_code.of_request(request, timezone.now()) if is_elder(request) else None
    if spot is None:
        return redirect("portal:where")
    draft.spot = spot.packed()
    writing.keep(draft)
    return redirect(views_near.onwards(draft, timezone.now()))


def _take(request: HttpRequest, draft: Draft) -> list[Wrong]:
    """Put what the form says into the draft."""
    said = request.POST
    draft.words = said.get("words", "").strip()[: writing.LONGEST]
    leaf = said.get("other_leaf") or said.get("leaf", "")
    if leaf:
        draft.leaf, draft.by_hand = leaf, leaf != said.get("was_suggested", "")
    draft.about = said.get("about", draft.about)
    draft.keep_out = "keep_out" in said or (draft.keep_out and "asks_keep_out" not in said)
    gone = whole(said.get("remove", ""))
    draft.photos = [one for place, one in enumerate(draft.photos) if place != gone]
    if "drop_voice" in said:
        draft.voice = None
    if request.FILES and limits.flooding(limits.network(request.META.get("REMOTE_ADDR")), timezone.now()):
        return [Wrong("f-photos", "过几分钟再送", writing.FLOOD)]
    if "drop_video" in said:
        draft.video = None
    wrong = writing.add_files(draft, request.FILES.getlist("photos"), request.FILES.get("voice"))
    return wrong + writing.add_video(draft, request.FILES.get("video"))


def _judge(draft: Draft, now: Guess) -> None:
    """Keep what was suggested beside what was chosen: corrections are recorded."""
    draft.suggested = now.ruled
    draft.leaf = now.leaf.id if now.leaf else (OTHER if draft.leaf == OTHER else "")
    draft.about_whom = (
        sorted({kind for one in now.parties for kind in one.kinds}) if draft.about == "yes" else []
    )


def _missing(draft: Draft, now: Guess, unseen: set[str]) -> list[Wrong]:
    """What keeps the first screen from going on."""
    wrong = []
    if draft.empty:
        wrong.append(Wrong("f-words", "还没写怎么回事", writing.NO_WORDS))
    if now.parties and not draft.about and "about" not in unseen:
        wrong.append(Wrong("f-about", "有一句要您点一下", "点“是”或者“不是”，我们好决定交给谁办。"))
    return wrong


def _page(
    request: HttpRequest, draft: Draft, now: Guess, wrong: list[Wrong], *, ask_first: bool = False
) -> HttpResponse:
    said = {
        "draft": draft,
        "guess": now,
        "wrong": wrong,
        "errors": {one.anchor: one.sentence for one in wrong},
        "ask_first": ask_first,
        "headings": _headings(draft),
        "longest": writing.LONGEST,
        "step": 1,
        "read_position": any(one.lat is not None for one in draft.photos),
        "left": drafts.PHOTOS - len(draft.photos),
        "danger_words": "|".join(suggest.danger_words(writing.pack(timezone.now()))),
        **views_code.strip(request, timezone.now()),
    }
    page = render(request, "portal/report_what.html", said, status=422 if wrong else 200)
    return writing.hold(page, draft)


@require_POST
def guessed(request: HttpRequest) -> HttpResponse:
    """The fragment under the words, while typing. Nothing is kept."""
    words = request.POST.get("words", "")[: writing.LONGEST]
    by_hand = request.POST.get("by_hand", "")
    draft = Draft("", words=words, leaf=by_hand, by_hand=bool(by_hand), about=request.POST.get("about", ""))
    now = guess(draft, timezone.now())
    said = {"draft": draft, "guess": now, "errors": {}, "headings": _headings(draft)}
    return render(request, "portal/pieces/guess.html", said)


def _headings(draft: Draft) -> list[categories.Heading]:
    """The plain headings to pick from by hand, where none of the suggestions is right."""
    return categories.headings(writing.pack(timezone.now())) if draft.leaf == OTHER else []


@require_POST
def take_along(request: HttpRequest) -> HttpResponse:
    """What was written, as a file to take to another door. Nothing is kept."""
    words = request.POST.get("words", "").strip()[: writing.LONGEST]
    answer = HttpResponse(words + "\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''" + quote("我写的.txt")
    return answer


def already(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The form of a report that was sent: the same leads to its answer, anything else to a choice."""
    words = request.POST.get("words", "").strip()[: writing.LONGEST]
    sent = draft.sent or {}
    if drafts.fingerprint(words) == sent.get("fingerprint"):
        words = ""
    place, phone = _other_place(request, sent), _other_phone(request, sent)
    if not (words or place or phone):
        return redirect("portal:sent")
    said = {
        "words": words,
        "place": place,
        "phone": phone,
        "more": "\n".join(one for one in (words, f"地点：{place}" if place else "") if one),
        "sent": sent,
        "fresh": drafts.new().key,
    }
    return render(request, "portal/report_already.html", said, status=409)


def _other_place(request: HttpRequest, sent: dict[str, Any]) -> str:
    """The place, where it was changed after sending."""
    typed = request.POST.get("address") or request.POST.get("place_words", "")
    typed, area = typed.strip()[:200], request.POST.get("area", "")
    found = where.area(area, timezone.now()) if area != sent.get("area") else None
    named = [found.name] if found else []
    return "，".join([*named, *([typed] if typed and drafts.fingerprint(typed) != sent.get("place") else [])])


def _other_phone(request: HttpRequest, sent: dict[str, Any]) -> str:
    """The number, where another one was written after sending."""
    typed = request.POST.get("phone", "").strip()[:40]
    try:
        number = clean_phone(typed)
    except NotAPhone:
        number = typed
    return typed if number and drafts.fingerprint(number) != sent.get("phone") else ""


def photo(request: HttpRequest, place: int) -> FileResponse:
    """A thumbnail of the draft's own photos, for the device that took them."""
    draft = drafts.load(cookies.read(request, cookies.DRAFT) or "")
    if draft is None or place >= len(draft.photos):
        raise Http404
    try:
        path = files.open_file(draft.photos[place].digest, "thumb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    return FileResponse(
        path.open("rb"), content_type="image/jpeg", headers={"Cache-Control": "private, no-store"}
    )
